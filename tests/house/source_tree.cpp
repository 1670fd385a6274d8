#include "tests/house/source_tree.hpp"

#include <algorithm>
#include <fstream>

namespace empathd::house {

namespace fs = std::filesystem;

std::vector<SourceFile> source_tree()
{
    const fs::path root = EMPATHD_SOURCE_DIR;
    std::vector<SourceFile> out;
    for (const char* folder : {"analysis", "config", "connectors", "daemon", "tests"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const fs::path& path = entry.path();
            if (path.extension() != ".hpp" && path.extension() != ".cpp") {
                continue;
            }
            SourceFile file{.path = fs::relative(path, root).generic_string()};
            std::ifstream in(path);
            for (std::string line; std::getline(in, line);) {
                file.lines.push_back(line);
            }
            out.push_back(std::move(file));
        }
    }
    std::sort(out.begin(), out.end(),
              [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
    return out;
}

std::string included(const std::string& line)
{
    const std::string directive = "#include ";
    if (!line.starts_with(directive)) {
        return {};
    }
    const std::string rest = line.substr(directive.size());
    if (rest.starts_with('"')) {
        return rest.substr(1, rest.find('"', 1) - 1);
    }
    return rest.substr(0, rest.find('>') + 1);
}

} // namespace empathd::house
