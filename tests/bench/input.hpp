#pragma once

#include <string>
#include <vector>

namespace empathd::testing {

/// The texts to measure with: the "text" of each line of the file EMPATHD_BENCH_POSTS (NDJSON)
/// names, or else 50,000 generated ones. Read once. A file that cannot be read ends the program.
[[nodiscard]] const std::vector<std::string>& bench_texts();

/// `count` brands: the first lines of the file EMPATHD_BENCH_BRANDS names, as many as it has, or
/// else generated ones. The generated texts name these, the first most often.
[[nodiscard]] std::vector<std::string> bench_brands(std::size_t count);

} // namespace empathd::testing
