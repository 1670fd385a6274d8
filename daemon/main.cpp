#include "daemon/app.hpp"
#include "daemon/doors/doors.hpp"
#include "daemon/log.hpp"
#include "daemon/system_clock.hpp"
#include "daemon/version.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace {

int run_daemon(const empathd::AppOptions& options)
{
    const empathd::SystemClock clock;
    empathd::Log log(clock);
    const auto app = empathd::make_app(options, clock, log);
    if (!app) {
        std::cerr << app.error().message << '\n';
        return app.error().kind == empathd::ErrorKind::invalid_config ? empathd::exit_config : 74;
    }
    return (*app)->run();
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App cli{"Empathd listens where customers talk and tells what is about to spread."};
    cli.set_version_flag("--version", empathd::version);
    cli.require_subcommand(1);

    empathd::AppOptions options;
    auto* run = cli.add_subcommand("run", "Run the daemon in the foreground");
    run->add_option("config", options.config_path, "Configuration file")->required();
    run->add_flag("--show", options.show, "Show progress and alerts on standard output");

    auto* check = cli.add_subcommand("check-config", "Report every problem of a configuration");
    check->add_option("config", options.config_path, "Configuration file")->required();

    std::string source;
    std::string cursor;
    auto* fetch = cli.add_subcommand("fetch", "Ask one configured source once, as JSON lines");
    fetch->add_option("config", options.config_path, "Configuration file")->required();
    fetch->add_option("source", source, "Name of the source")->required();
    fetch->add_option("--cursor", cursor, "Ask from here: the cursor of an earlier answer");

    std::string input;
    auto* match = cli.add_subcommand("match", "Which brands match where, as JSON lines");
    match->add_option("config", options.config_path, "Configuration file")->required();
    match->add_option("input", input, "JSON lines with \"text\", or - for standard input")
        ->required();

    unsigned threads = 0;
    auto* analyse = cli.add_subcommand(
        "analyse",
        "What texts say: every facet with its probability and evidence, as JSON lines in order");
    analyse->add_option("input", input, "JSON lines with \"text\", or - for standard input")
        ->required();
    analyse->add_option("--threads", threads, "Threads; 0: one for each core")
        ->check(CLI::Range(0U, 256U));

    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : 64; // EX_USAGE
    }
    try {
        std::ios::sync_with_stdio(false);
        if (*run) {
            return run_daemon(options);
        }
        if (*check) {
            return empathd::check_config(options.config_path, std::cout, std::cerr);
        }
        if (*fetch) {
            return empathd::fetch_once(options.config_path, source, cursor, std::cout, std::cerr);
        }
        if (*match) {
            return empathd::match_texts(options.config_path, input, std::cout, std::cerr);
        }
        return empathd::analyse_texts(input, threads, std::cout, std::cerr);
    } catch (const std::exception& error) {
        std::cerr << "empathd: " << error.what() << '\n';
        return 70; // EX_SOFTWARE
    }
}
