#pragma once

#include "analysis/model/error.hpp"
#include "analysis/training/sample.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace empathd::training {

/// Our own posts (`en.jsonl`, `fr.jsonl`, `vi.jsonl`) and the texts of other languages
/// (`languages.jsonl`). Fails with `not_found` or `malformed`, naming the file.
[[nodiscard]] Result<std::vector<Sample>> load_corpus(const std::filesystem::path& folder);

/// Every set of `sources()`. Fails when one is missing.
[[nodiscard]] Result<std::vector<Sample>> load_sets(const std::filesystem::path& folder);

/// Sets that measure: every `*.jsonl` of the folder, in the order of their names, with the lines
/// whose labels mean something for us (see `measured_meanings`). Fails with `not_found` when the
/// folder cannot be read.
[[nodiscard]] Result<std::vector<Sample>> load_measures(const std::filesystem::path& folder);

/// A user's own labels: lines of the corpus's format. Fails with `malformed`, naming the line.
[[nodiscard]] Result<std::vector<Sample>> load_corrections(const std::filesystem::path& file);

/// Writes beside the file and renames; what was there before stays as `FILE.old`.
[[nodiscard]] Result<> replace_file(const std::filesystem::path& file, std::string_view bytes);

} // namespace empathd::training
