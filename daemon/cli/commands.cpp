#include "daemon/cli/commands.hpp"

#include "daemon/cli/asking.hpp"
#include "daemon/cli/follow.hpp"
#include "daemon/cli/foresight.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/http/output.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <utility>

namespace empathd::cli {
namespace {

Exit list_mentions(const Options& options, Context& context)
{
    const bool json = wants_json(options, context);
    std::vector<wire::Mention> all; // For the table, whose widths depend on every row.
    std::string cursor;
    Exit exit = Exit::ok;
    std::size_t left = options.limit;
    do {
        Parameters parameters = options.filters;
        parameters.emplace_back("limit", std::to_string(std::min(left, wire::limit_max)));
        if (!cursor.empty()) {
            parameters.emplace_back("cursor", cursor);
        }
        auto page =
            ask(target_of("/v1/mentions", parameters), context, exit, wire::read_mention_page);
        if (!page) {
            return exit;
        }
        if (page->items.empty()) {
            break;
        }
        left -= std::min(left, page->items.size());
        cursor = std::move(page->next);
        if (json) {
            print_json(page->items, context);
        } else {
            std::move(page->items.begin(), page->items.end(), std::back_inserter(all));
        }
    } while (!cursor.empty() && left != 0 && context.out);
    if (!json) {
        show_mentions(all, context.terminal, context.out);
    }
    return exit;
}

Exit show_one_mention(const Options& options, Context& context)
{
    Exit exit = Exit::ok;
    const auto mention =
        ask("/v1/mentions/" + percent_encoded(options.id), context, exit, wire::read_mention);
    if (mention && wants_json(options, context)) {
        print_json(std::vector{*mention}, context);
    } else if (mention) {
        show_mention(*mention, context.out);
    }
    return exit;
}

Exit list_incidents(const Options& options, Context& context)
{
    Parameters parameters = options.filters;
    parameters.emplace_back("limit", std::to_string(options.limit));
    Exit exit = Exit::ok;
    const auto page =
        ask(target_of("/v1/incidents", parameters), context, exit, wire::read_incident_page);
    if (page && wants_json(options, context)) {
        print_json(page->items, context);
    } else if (page) {
        show_incidents(page->items, context.terminal, context.out);
    }
    return exit;
}

Exit show_one_incident(const Options& options, Context& context)
{
    const Parameters parameters{{"limit", std::to_string(options.limit)}};
    Exit exit = Exit::ok;
    const auto detail = ask(target_of("/v1/incidents/" + percent_encoded(options.id), parameters),
                            context, exit, wire::read_incident_detail);
    if (detail && wants_json(options, context)) {
        print_json(std::vector{detail->incident}, context);
        print_json(detail->mentions.items, context);
    } else if (detail) {
        show_incident(detail->incident, context.terminal, context.out);
        show_mentions(detail->mentions.items, context.terminal, context.out);
    }
    return exit;
}

Exit list_alerts(const Options& options, Context& context)
{
    if (options.follow) {
        return follow_alerts(options, context);
    }
    Parameters parameters = options.filters;
    parameters.emplace_back("limit", std::to_string(options.limit));
    Exit exit = Exit::ok;
    const auto page =
        ask(target_of("/v1/alerts", parameters), context, exit, wire::read_alert_page);
    if (page && wants_json(options, context)) {
        print_json(page->items, context);
    } else if (page) {
        show_alerts(page->items, context.terminal, context.out);
    }
    return exit;
}

Exit list_sources(const Options& options, Context& context)
{
    Exit exit = Exit::ok;
    const auto page = ask("/v1/sources", context, exit, wire::read_source_page);
    if (page && wants_json(options, context)) {
        print_json(page->items, context);
    } else if (page) {
        show_sources(page->items, context.terminal, context.out);
    }
    return exit;
}

} // namespace

std::string percent_encoded(std::string_view text)
{
    constexpr std::string_view unreserved = "-._~";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || unreserved.find(c) != std::string_view::npos;
        if (plain) {
            out += c;
        } else {
            std::array<char, 4> spelled{};
            std::snprintf(spelled.data(), spelled.size(), "%%%02X", static_cast<unsigned char>(c));
            out += spelled.data();
        }
    }
    return out;
}

std::string target_of(std::string_view path, const Parameters& parameters)
{
    std::string target(path);
    char before = '?';
    for (const auto& [name, value] : parameters) {
        target += before + percent_encoded(name) + '=' + percent_encoded(value);
        before = '&';
    }
    return target;
}

Exit tell_failure(const Error& error, Context& context)
{
    context.err << "empathctl: " << term_text(error.message) << '\n';
    switch (error.kind) {
    case ErrorKind::unavailable: return Exit::unreachable;
    case ErrorKind::invalid_config: return Exit::usage;
    case ErrorKind::cancelled:
    case ErrorKind::rate_limited:
    case ErrorKind::unauthorized:
    case ErrorKind::malformed:
    case ErrorKind::refused:
    case ErrorKind::not_found:
    case ErrorKind::storage: break;
    }
    return Exit::refused;
}

Exit tell_refusal(const Answer& answer, Context& context)
{
    const auto problem = wire::read_problem(answer.body);
    std::string said = problem ? problem->detail : std::string();
    if (said.empty() && problem) {
        said = problem->title;
    }
    context.err << "empathctl: the server said " << answer.status
                << (said.empty() ? "" : ": " + term_text(said)) << '\n';
    if (problem && !problem->accepted.empty()) {
        std::string accepted;
        for (const std::string& value : problem->accepted) {
            accepted += (accepted.empty() ? "" : ", ") + term_text(value);
        }
        context.err << "empathctl: it takes: " << accepted << '\n';
    }
    return Exit::refused;
}

Exit run_command(const Options& options, Context& context)
{
    switch (options.command) {
    case Command::mentions:
        return options.id.empty() ? list_mentions(options, context)
                                  : show_one_mention(options, context);
    case Command::incidents:
        return options.id.empty() ? list_incidents(options, context)
                                  : show_one_incident(options, context);
    case Command::alerts: return list_alerts(options, context);
    case Command::sources: return list_sources(options, context);
    case Command::calibration:
    case Command::unanswered:
    case Command::journal:
    case Command::backtest: return run_foresight(options, context);
    case Command::check_config:
    case Command::train: break;
    }
    return Exit::usage;
}

} // namespace empathd::cli
