#pragma once

#include "daemon/cli/exit.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace empathd::cli {

enum class Command : std::uint8_t {
    mentions,
    incidents,
    alerts,
    sources,
    calibration,
    unanswered,
    journal,
    backtest,
    check_config,
    train
};

/// One command line, understood.
struct Options {
    Command command = Command::mentions;
    std::string server = "http://127.0.0.1:8642"; ///< "http(s)://..." or "unix:/path".
    bool json = false;                            ///< JSON lines also on a terminal.
    std::string id;                               ///< Show this one; empty: list.
    /// Parameters of the API as they were given, in the order of wire.hpp; without limit and
    /// cursor.
    std::vector<std::pair<std::string, std::string>> filters;
    std::size_t limit = 50;
    bool follow = false; ///< alerts only.
    std::string file;    ///< check-config: the configuration. train: the corrections.
    std::string out;     ///< The rest are of train only: the file to write,
    std::string model;   ///< the model in use; empty: the one that ships,
    std::string corpus;  ///< the folder of labelled posts; empty: where they were installed,
    std::string sets;    ///< and that of the permissive sets; empty: without.
};

/// Reads a command line. When there is nothing to do (help was asked for, or the line is wrong) the
/// text for it goes to `out` or `err` and the exit code comes back.
[[nodiscard]] std::variant<Options, Exit> parse_options(int argc, const char* const* argv,
                                                        std::ostream& out, std::ostream& err);

} // namespace empathd::cli
