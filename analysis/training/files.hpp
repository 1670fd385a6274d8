#pragma once

#include "analysis/model/error.hpp"
#include "analysis/training/sample.hpp"

#include <filesystem>
#include <vector>

namespace empathd::training {

/// Our own posts (`en.jsonl`, `fr.jsonl`, `vi.jsonl`) and the texts of other languages
/// (`languages.jsonl`). Fails with `not_found` or `malformed`, naming the file.
[[nodiscard]] Result<std::vector<Sample>> load_corpus(const std::filesystem::path& folder);

/// Every set of `sources()`. Fails when one is missing.
[[nodiscard]] Result<std::vector<Sample>> load_sets(const std::filesystem::path& folder);

/// The measuring sets that have labels of ours, in the order of their names; those that are not
/// there are left out.
[[nodiscard]] Result<std::vector<Sample>> load_measures(const std::filesystem::path& folder);

} // namespace empathd::training
