#pragma once

#include <cstddef>

namespace empathd::cli {

/// Where the output goes.
struct Terminal {
    bool is_terminal = false;
    bool colour = false;    ///< Only on a terminal, and never with NO_COLOR (https://no-color.org).
    std::size_t width = 80; ///< Columns.
};

/// What standard output is.
[[nodiscard]] Terminal standard_output();

} // namespace empathd::cli
