#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace empathd::house {

/// One C++ source of the tree.
struct SourceFile {
    std::string path; ///< From the root, with '/'.
    std::vector<std::string> lines;
};

/// Every .hpp and .cpp under analysis, config, connectors, daemon and tests, by path.
[[nodiscard]] std::vector<SourceFile> source_tree();

/// What a line includes: "daemon/x.hpp" or "<vector>"; empty when it includes nothing.
[[nodiscard]] std::string included(const std::string& line);

} // namespace empathd::house
