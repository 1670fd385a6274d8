#pragma once

namespace empathd::cli {

/// What the process ends with; scripts rely on it. 78 is EX_CONFIG of sysexits.h, which systemd
/// shows by that name.
enum class Exit : int {
    ok = 0,
    refused = 1,     ///< The server answered, but said no, or nothing that can be read.
    usage = 2,       ///< The command line is wrong; nothing was asked.
    unreachable = 3, ///< No server answered.
    config = 78,     ///< The configuration file has problems.
};

} // namespace empathd::cli
