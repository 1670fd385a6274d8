#pragma once

#include <fstream>
#include <string>
#include <string_view>

namespace empathd::testing {

/// Writes a file anew and gives its path back.
inline std::string write_file(const std::string& path, std::string_view text)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(text.data(), static_cast<std::streamsize>(text.size()));
    return path;
}

} // namespace empathd::testing
