#include "daemon/cli/foresight.hpp"

#include "daemon/cli/asking.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/http/wire_foresight.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace empathd::cli {
namespace {

using Row = std::vector<Cell>;

Cell cell(std::string_view untrusted)
{
    return {.text = one_line(untrusted), .colour = {}};
}

Cell minute_cell(const std::optional<TimePoint>& time)
{
    std::string text = time && *time != TimePoint{} ? to_rfc3339(*time).substr(0, 16) : "-";
    if (text.size() > 10) {
        text[10] = ' ';
    }
    return {.text = text, .colour = {}};
}

std::string decimals(double value, int places)
{
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%.*f", places, value);
    return out.data();
}

std::string percent(double share)
{
    return decimals(share * 100, 0) + '%';
}

/// "2 h 05 min".
std::string duration_of(double minutes)
{
    const long whole = std::lround(std::max(0.0, minutes));
    const std::string rest = std::to_string(whole % 60);
    return whole < 60
               ? rest + " min"
               : std::to_string(whole / 60) + " h " + (rest.size() < 2 ? "0" : "") + rest + " min";
}

void print(std::span<const Column> columns, const std::vector<Row>& rows, const Context& context)
{
    const auto widths = fit_columns(columns, rows, context.terminal.width);
    context.out << table_head(columns, widths);
    for (const Row& row : rows) {
        context.out << table_line(columns, widths, row);
    }
}

void show_bins(std::string_view what, const std::vector<wire::ReliabilityBin>& bins,
               const Context& context)
{
    for (const wire::ReliabilityBin& bin : bins) {
        if (bin.posts > 0) {
            context.out << "  " << what << ": said " << percent(bin.predicted) << ", came true "
                        << percent(bin.observed) << " of " << bin.posts << '\n';
        }
    }
}

Exit show_calibration(const Options& options, Context& context)
{
    Exit exit = Exit::ok;
    const auto page = ask("/v1/spread/calibration", context, exit, wire::read_calibration_page);
    if (!page) {
        return exit;
    }
    if (wants_json(options, context)) {
        print_json(page->items, context);
        return exit;
    }
    for (const wire::PlatformCalibration& platform : page->items) {
        context.out << one_line(platform.platform) << ": "
                    << (platform.own ? "calibrated on" : "not calibrated yet,") << ' '
                    << platform.matured << " posts of your own\n";
        if (platform.intervals > 0) {
            context.out << "  80% intervals held " << percent(platform.coverage) << " of "
                        << platform.intervals << ", median error " << percent(platform.median_error)
                        << ", threshold " << decimals(platform.threshold, 0) << " reactions\n";
        }
        show_bins("reaches the threshold", platform.reaches, context);
        show_bins("doubles", platform.doubles, context);
    }
    return exit;
}

Exit list_unanswered(const Options& options, Context& context)
{
    auto parameters = options.filters;
    parameters.emplace_back("limit", std::to_string(options.limit));
    Exit exit = Exit::ok;
    const auto page =
        ask(target_of("/v1/unanswered", parameters), context, exit, wire::read_unanswered_page);
    if (!page) {
        return exit;
    }
    if (wants_json(options, context)) {
        print_json(page->items, context);
        return exit;
    }
    const std::array columns{Column{"WAITS", 12, Align::right},
                             Column{"REPLY BY (UTC)", 16},
                             Column{"AGREE", 5, Align::right},
                             Column{"BRAND", 16},
                             Column{"NETWORK", 12},
                             Column{"BY", 20},
                             Column{"WHERE", 0}};
    std::vector<Row> rows;
    for (const wire::UnansweredThread& thread : page->items) {
        rows.push_back({cell(duration_of(thread.waiting_min)), minute_cell(thread.reply_by),
                        cell(std::to_string(thread.agreeing)), cell(thread.brand),
                        cell(thread.network), cell(thread.asked_by), cell(thread.url)});
    }
    print(columns, rows, context);
    return exit;
}

Exit list_journal(const Options& options, Context& context)
{
    auto parameters = options.filters;
    parameters.emplace_back("limit", std::to_string(options.limit));
    Exit exit = Exit::ok;
    const auto page =
        ask(target_of("/v1/journal", parameters), context, exit, wire::read_journal_page);
    if (!page) {
        return exit;
    }
    if (wants_json(options, context)) {
        print_json(page->items, context);
        return exit;
    }
    const std::array columns{Column{"AT (UTC)", 16}, Column{"WHAT", 14}, Column{"INCIDENT", 32},
                             Column{"WHO", 20}, Column{"DETAIL", 0}};
    std::vector<Row> rows;
    for (const wire::JournalLine& line : page->items) {
        rows.push_back({minute_cell(line.at), cell(line.kind), cell(line.incident), cell(line.who),
                        cell(line.detail)});
    }
    print(columns, rows, context);
    return exit;
}

void show_backtest(const wire::Backtest& test, const Context& context)
{
    std::ostream& out = context.out;
    out << to_rfc3339(test.since) << " to " << to_rfc3339(test.until) << ": " << test.mentions
        << " mentions, " << test.stories << " stories, " << test.marked_good << " marked good, "
        << test.marked_bad << " marked bad\n";
    const std::array bars{Column{"SCORE_WARNING", 13, Align::right},
                          Column{"STORIES", 7, Align::right},
                          Column{"A DAY", 6, Align::right},
                          Column{"GOOD", 5, Align::right},
                          Column{"BAD", 5, Align::right},
                          Column{"MISSED", 6, Align::right},
                          Column{"", 0}};
    std::vector<Row> rows;
    for (const wire::BacktestRow& row : test.rows) {
        const bool found = row.score_warning == test.score_warning_found;
        const bool now = row.score_warning == test.score_warning_now;
        rows.push_back(
            {cell(decimals(row.score_warning, 0)), cell(std::to_string(row.stories)),
             cell(decimals(row.per_day, 2)), cell(std::to_string(row.good)),
             cell(std::to_string(row.bad)), cell(std::to_string(row.missed)),
             cell(std::string(found ? "fits the budget" : "") + (now ? " (as configured)" : ""))});
    }
    print(bars, rows, context);
    out << "For " << decimals(test.budget, 1)
        << " alerts a day: score_warning = " << decimals(test.score_warning_found, 0) << '\n';
    out << "precision " << (test.precision ? percent(*test.precision) : "unknown (nothing marked)")
        << ", recall " << (test.recall ? percent(*test.recall) : "unknown (nothing marked)")
        << ", median lead over the 3-sigma volume rule "
        << (test.median_lead_min ? duration_of(*test.median_lead_min) : "unknown") << '\n';
    const std::array columns{Column{"RAISED (UTC)", 16},       Column{"SEVERITY", 8},
                             Column{"SCORE", 5, Align::right}, Column{"MARK", 9},
                             Column{"LEAD", 11, Align::right}, Column{"SUMMARY", 0}};
    rows.clear();
    for (const wire::BacktestAlert& alert : test.alerts) {
        rows.push_back({minute_cell(alert.raised_at),
                        {.text = one_line(alert.severity),
                         .colour = severity_colour(alert.severity, context.terminal)},
                        cell(decimals(alert.score, 0)),
                        cell(alert.verdict),
                        cell(alert.lead_min ? duration_of(*alert.lead_min) : "-"),
                        cell(alert.summary)});
    }
    print(columns, rows, context);
}

Exit run_backtest(const Options& options, Context& context)
{
    Exit exit = Exit::ok;
    const auto test =
        ask(target_of("/v1/backtest", options.filters), context, exit, wire::read_backtest);
    if (test && wants_json(options, context)) {
        print_json(std::vector{*test}, context);
    } else if (test) {
        show_backtest(*test, context);
    }
    return exit;
}

} // namespace

Exit run_foresight(const Options& options, Context& context)
{
    switch (options.command) {
    case Command::calibration: return show_calibration(options, context);
    case Command::unanswered: return list_unanswered(options, context);
    case Command::journal: return list_journal(options, context);
    case Command::backtest: return run_backtest(options, context);
    default: return Exit::usage;
    }
}

} // namespace empathd::cli
