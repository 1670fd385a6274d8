#pragma once

#include "daemon/cli/exit.hpp"
#include "daemon/cli/http_get.hpp"
#include "daemon/cli/options.hpp"
#include "daemon/cli/terminal.hpp"

#include <chrono>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::cli {

/// The API as the commands see it: http_get.hpp in the program, tables in tests.
struct Api {
    std::function<Result<Answer>(const std::string& target)> get;
    std::function<Result<Answer>(const std::string& target, const std::string& last_event_id,
                                 const std::function<bool(std::string_view)>& take)>
        stream;
};

/// What a command works with; all of it outlives the command.
struct Context {
    const Api& api;
    Terminal terminal;
    std::ostream& out;
    std::ostream& err;
    std::function<void(std::chrono::milliseconds)> sleep; ///< Between attempts to connect.
};

/// Runs a command that asks the server (all but check-config).
[[nodiscard]] Exit run_command(const Options& options, Context& context);

/// "/v1/mentions?brand=Ph%E1%BB%9F": a path with its parameters encoded (RFC 3986 section 2).
[[nodiscard]] std::string
target_of(std::string_view path,
          const std::vector<std::pair<std::string, std::string>>& parameters);
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// Says on `err` why there is no answer, and what the process ends with.
[[nodiscard]] Exit tell_failure(const Error& error, Context& context);
/// Says on `err` what the server said no with.
[[nodiscard]] Exit tell_refusal(const Answer& answer, Context& context);

} // namespace empathd::cli
