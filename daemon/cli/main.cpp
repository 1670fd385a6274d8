#include "daemon/cli/check_config.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/train.hpp"

#include <iostream>
#include <thread>

namespace empathd::cli {
namespace {

Exit run_options(const Options& options)
{
    if (options.command == Command::check_config) {
        return check_config(options.file, std::cout, std::cerr);
    }
    if (options.command == Command::train) {
        return train(options, std::cerr);
    }
    const auto server = parse_server(options.server);
    const Api api{.get = [&server](const std::string& target) { return http_get(*server, target); },
                  .stream =
                      [&server](const std::string& target, const std::string& last_event_id,
                                const std::function<bool(std::string_view)>& take) {
                          return http_stream(*server, target, last_event_id, take);
                      }};
    Context context{
        .api = api,
        .terminal = standard_output(),
        .out = std::cout,
        .err = std::cerr,
        .sleep = [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }};
    if (!server) {
        return tell_failure(server.error(), context);
    }
    return run_command(options, context);
}

Exit run(int argc, const char* const* argv)
{
    const auto parsed = parse_options(argc, argv, std::cout, std::cerr);
    const auto* options = std::get_if<Options>(&parsed);
    return options == nullptr ? std::get<Exit>(parsed) : run_options(*options);
}

} // namespace
} // namespace empathd::cli

int main(int argc, char** argv)
{
    return static_cast<int>(empathd::cli::run(argc, argv));
}
