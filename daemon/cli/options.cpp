#include "daemon/cli/options.hpp"

#include "daemon/http/output.hpp"
#include "daemon/http/wire.hpp"
#include "daemon/http/wire_foresight.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <ostream>
#include <span>

namespace empathd::cli {
namespace {

constexpr std::size_t mentions_max = 100'000; ///< Over all pages that are followed.

constexpr const char* about = "Asks a running empathd what it has heard.";
constexpr const char* examples_and_codes = R"(
Tables on a terminal; JSON, one item a line, otherwise or with --json.

Examples:
  empathctl mentions --brand Acme --experience complaint --since 24h
  empathctl incidents --state open --min-score 45
  empathctl alerts --follow
  empathctl --server unix:/run/empathd/api.sock sources

Exit codes: 0 done, 1 the server said no, 2 wrong command line, 3 no server answered,
78 problems in the configuration file.
Environment: EMPATHD_SERVER, NO_COLOR.)";

std::string option_name(std::string_view parameter)
{
    if (parameter == "q") {
        return "-q,--query";
    }
    std::string name = "--" + std::string(parameter);
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

bool is_own_option(std::string_view parameter)
{
    return parameter == "limit" || parameter == "cursor"; // Pages are followed for the user.
}

std::vector<std::string> choices_of(std::string_view accepted)
{
    std::vector<std::string> choices;
    while (accepted.find('|') != std::string_view::npos) {
        choices.emplace_back(accepted.substr(0, accepted.find('|')));
        accepted.remove_prefix(accepted.find('|') + 1);
    }
    choices.emplace_back(accepted);
    return choices;
}

/// Where the options of one command put their values until all is parsed.
struct Values {
    std::map<std::string, std::string, std::less<>> of;
};

/// An option for each parameter of the endpoint: the API's table is the CLI's.
void add_filters(CLI::App& command, std::span<const wire::Parameter> parameters, Values& values)
{
    for (const wire::Parameter& parameter : parameters) {
        if (is_own_option(parameter.name)) {
            continue;
        }
        const std::string name(parameter.name);
        CLI::Option* option =
            command.add_option(option_name(name), values.of[name], std::string(parameter.meaning));
        const bool closed = parameter.accepted.find('|') != std::string_view::npos;
        if (closed) {
            CLI::IsMember one_of(choices_of(parameter.accepted));
            option->check(one_of.description(""));
            option->type_name(std::string(parameter.accepted));
        } else {
            option->type_name(parameter.accepted == wire::time_values ? "TIME" : "VALUE");
        }
    }
}

void take_filters(const CLI::App& command, std::span<const wire::Parameter> parameters,
                  const Values& values, Options& options)
{
    for (const wire::Parameter& parameter : parameters) {
        if (is_own_option(parameter.name)) {
            continue;
        }
        const std::string name = option_name(parameter.name);
        if (command.count(name.substr(name.rfind("--"))) != 0) {
            options.filters.emplace_back(parameter.name, values.of.find(parameter.name)->second);
        }
    }
}

void add_limit(CLI::App& command, Options& options, std::size_t most)
{
    CLI::Range range(std::size_t{1}, most);
    command
        .add_option("-n,--limit", options.limit,
                    "At most so many, 1 to " + std::to_string(most) + '.')
        ->check(range.description(""))
        ->type_name("COUNT")
        ->capture_default_str();
}

/// All commands, and the values of their filters, which must outlive the parsing.
struct Commands {
    CLI::App app{about, "empathctl"};
    Values mention_values;
    Values incident_values;
    Values alert_values;
    CLI::App* mentions = nullptr;
    CLI::App* incidents = nullptr;
    CLI::App* alerts = nullptr;
    CLI::App* sources = nullptr;
    Values unanswered_values;
    Values journal_values;
    Values backtest_values;
    CLI::App* spread = nullptr;
    CLI::App* calibration = nullptr;
    CLI::App* unanswered = nullptr;
    CLI::App* journal = nullptr;
    CLI::App* backtest = nullptr;
    CLI::App* check_config = nullptr;
    CLI::App* train = nullptr;
};

void describe_globals(CLI::App& app, Options& options)
{
    app.footer(examples_and_codes);
    app.require_subcommand(1);
    app.set_version_flag("--version", "empathctl " EMPATHD_VERSION);
    app.add_option("--server", options.server, "http://host:port, https://... or unix:/path.")
        ->envname("EMPATHD_SERVER")
        ->type_name("ADDRESS")
        ->capture_default_str();
    app.add_flag("--json", options.json, "JSON, one item a line, also on a terminal.");
    app.fallthrough();
}

void describe_train(Commands& all, Options& options)
{
    all.train = all.app.add_subcommand("train", "Fits the model again with your own corrections.");
    all.train->add_option("corrections", options.file, "JSON lines: lang, text, and labels.")
        ->required();
    all.train->add_option("--out", options.out, "File to write; what was there stays as FILE.old.")
        ->required();
    all.train->add_option("--model", options.model, "The model in use; else the one that ships.");
    all.train->add_option("--corpus", options.corpus, "Folder of the shipped labelled posts.");
    all.train->add_option("--sets", options.sets, "Folder of the permissive sets, if at hand.");
    all.train->footer(
        "Takes some ten minutes on two cores. The new model is written only if it is not worse "
        "on posts that\nneither was taught. Name it in the configuration: [analysis] model.\n"
        "Example of a correction:\n"
        R"(  {"lang":"en","text":"Acme did it again","experience":"complaint","reason":"staff"})");
}

void describe_foresight(Commands& all, Options& options)
{
    all.spread = all.app.add_subcommand("spread", "The forecasts themselves.");
    all.spread->require_subcommand(1);
    all.calibration = all.spread->add_subcommand(
        "calibration", "How good they have been, measured on your own posts.");

    all.unanswered = all.app.add_subcommand("unanswered", "Who asked and waits for an answer.");
    add_filters(*all.unanswered, wire::unanswered_parameters, all.unanswered_values);
    add_limit(*all.unanswered, options, wire::limit_max);

    all.journal = all.app.add_subcommand("journal", "What people and rules did, oldest first.");
    add_filters(*all.journal, wire::journal_parameters, all.journal_values);
    add_limit(*all.journal, options, wire::limit_max);

    all.backtest = all.app.add_subcommand("backtest",
                                          "What would have been told: replays the stored history.");
    add_filters(*all.backtest, wire::backtest_parameters, all.backtest_values);
    all.backtest->footer("The budget is alerts a day: 3, or 3/day. Precision and recall are over "
                         "the stories that were marked\nor resolved with an outcome.\n"
                         "Example:\n  empathctl backtest --budget 3/day --since 30d");
}

void describe_commands(Commands& all, Options& options)
{
    all.mentions = all.app.add_subcommand("mentions", "Posts about a brand, newest first.");
    all.mentions->add_option("id", options.id, "Show this mention, with the words that decided.");
    add_filters(*all.mentions, wire::mention_parameters, all.mention_values);
    add_limit(*all.mentions, options, mentions_max);
    all.mentions->footer("TIME is RFC 3339 or an age: 30m, 24h, 7d, 2w.\n"
                         "Examples:\n"
                         "  empathctl mentions -q '\"no answer\" -refund' --since 7d -n 500\n"
                         "  empathctl mentions --reason staff --leaving yes --since 7d");

    all.incidents = all.app.add_subcommand("incidents", "Running stories, highest score first.");
    all.incidents->add_option("id", options.id, "Show this incident and its newest mentions.");
    add_filters(*all.incidents, wire::incident_parameters, all.incident_values);
    add_limit(*all.incidents, options, wire::limit_max);

    all.alerts = all.app.add_subcommand("alerts", "What people were told, newest first.");
    add_filters(*all.alerts, wire::alert_parameters, all.alert_values);
    add_limit(*all.alerts, options, wire::limit_max);
    all.alerts->add_flag("-f,--follow", options.follow,
                         "Then go on with new ones as they come; reconnects by itself, "
                         "without a gap and without a double.");

    all.sources = all.app.add_subcommand("sources", "Sources: health and what was missed.");

    all.check_config = all.app.add_subcommand("check-config", "Checks a configuration file.");
    all.check_config->add_option("file", options.file, "The file.")->required();
    all.check_config->footer(
        "Asks the empathd beside this program when there is one: it also knows "
        "the options of connectors.");
    describe_foresight(all, options);
    describe_train(all, options);
}

/// "3/day" is 3.
void strip_per_day(Options& options)
{
    for (auto& [name, value] : options.filters) {
        if (name == "budget" && value.ends_with("/day")) {
            value.resize(value.size() - 4);
        }
    }
}

bool take_foresight(const Commands& all, Options& options)
{
    if (*all.spread) {
        options.command = Command::calibration;
    } else if (*all.unanswered) {
        options.command = Command::unanswered;
        take_filters(*all.unanswered, wire::unanswered_parameters, all.unanswered_values, options);
    } else if (*all.journal) {
        options.command = Command::journal;
        take_filters(*all.journal, wire::journal_parameters, all.journal_values, options);
    } else if (*all.backtest) {
        options.command = Command::backtest;
        take_filters(*all.backtest, wire::backtest_parameters, all.backtest_values, options);
        strip_per_day(options);
    } else {
        return false;
    }
    return true;
}

void take_command(const Commands& all, Options& options)
{
    if (take_foresight(all, options)) {
        return;
    }
    if (*all.mentions) {
        options.command = Command::mentions;
        take_filters(*all.mentions, wire::mention_parameters, all.mention_values, options);
    } else if (*all.incidents) {
        options.command = Command::incidents;
        take_filters(*all.incidents, wire::incident_parameters, all.incident_values, options);
    } else if (*all.alerts) {
        options.command = Command::alerts;
        take_filters(*all.alerts, wire::alert_parameters, all.alert_values, options);
    } else if (*all.sources) {
        options.command = Command::sources;
    } else if (*all.train) {
        options.command = Command::train;
    } else {
        options.command = Command::check_config;
    }
}

} // namespace

std::variant<Options, Exit> parse_options(int argc, const char* const* argv, std::ostream& out,
                                          std::ostream& err)
{
    Options options;
    Commands all;
    describe_globals(all.app, options);
    describe_commands(all, options);
    try {
        all.app.parse(argc, argv);
    } catch (const CLI::RequiredError& error) {
        const std::vector<std::string> left = all.app.remaining();
        if (all.app.get_subcommands().empty() && !left.empty()) {
            err << "There is no command \"" << term_text(left.front())
                << "\".\nRun with --help for more information.\n";
            return Exit::usage;
        }
        all.app.exit(error, out, err);
        return Exit::usage;
    } catch (const CLI::ParseError& error) { // Help is one of them.
        return all.app.exit(error, out, err) == 0 ? Exit::ok : Exit::usage;
    }
    take_command(all, options);
    return options;
}

} // namespace empathd::cli
