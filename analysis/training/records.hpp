#pragma once

#include "analysis/model/error.hpp"
#include "analysis/training/sample.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace empathd::training {

/// Longest line of a JSONL file, in bytes.
inline constexpr std::size_t record_bytes_max = 256 * 1024;

/// Reads one JSON object; members that are no strings are left out. Fails with `malformed`.
[[nodiscard]] Result<Record> parse_record(std::string_view line);

/// All lines of a JSONL file; empty ones are skipped. Fails with `not_found` when it cannot be
/// opened, with `malformed` and the line's number when one cannot be read.
[[nodiscard]] Result<std::vector<Record>> read_records(const std::filesystem::path& file);

} // namespace empathd::training
