#include "daemon/cli/show.hpp"

#include "daemon/http/output.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <ostream>

namespace empathd::cli {
namespace {

using Row = std::vector<Cell>;

/// "2024-05-10 12:00", UTC, as the titles say.
std::string minute_of(const std::optional<TimePoint>& time)
{
    if (!time) {
        return "-";
    }
    std::string text = to_rfc3339(*time).substr(0, 16);
    text[10] = ' ';
    return text;
}

Cell cell(std::string_view untrusted)
{
    return {.text = one_line(untrusted), .colour = {}};
}

Cell cell(std::uint64_t count)
{
    return {.text = std::to_string(count), .colour = {}};
}

Cell rounded(double value)
{
    return {.text = std::to_string(std::lround(value)), .colour = {}};
}

Cell severity_cell(std::string_view severity, const Terminal& terminal)
{
    return {.text = one_line(severity), .colour = severity_colour(severity, terminal)};
}

std::string percent(double part)
{
    return std::to_string(std::lround(part * 100)) + '%';
}

/// "negative 83%".
Cell label_cell(const wire::Label& label)
{
    return cell(label.label + ' ' + percent(label.probability));
}

/// Without its probability: it is of those that are complaints.
Cell reason_cell(const wire::Label& label)
{
    return cell(label.label == "none" ? "-" : label.label);
}

std::string joined(const std::vector<std::string>& words)
{
    std::string out;
    for (const std::string& word : words) {
        out += out.empty() ? word : ", " + word;
    }
    return out;
}

void print(std::span<const Column> columns, const std::vector<Row>& rows, const Terminal& terminal,
           std::ostream& out)
{
    const auto widths = fit_columns(columns, rows, terminal.width);
    out << table_head(columns, widths);
    for (const Row& row : rows) {
        out << table_line(columns, widths, row);
    }
}

void print_field(std::string_view name, const std::string& shown, std::ostream& out)
{
    constexpr std::size_t name_width = 12;
    if (!shown.empty()) {
        out << name << std::string(name_width - std::min(name_width - 1, name.size()), ' ') << shown
            << '\n';
    }
}

const std::array alert_columns{Column{"SEQ", 8, Align::right},
                               Column{"RAISED (UTC)", 16},
                               Column{"SEVERITY", 8},
                               Column{"SCORE", 5, Align::right},
                               Column{"BRAND", 16},
                               Column{"REASON", 14},
                               Column{"SUMMARY", 0}};

Row alert_row(const wire::Alert& alert, const Terminal& terminal)
{
    return {cell(std::to_string(alert.seq)),
            cell(minute_of(alert.raised_at)),
            severity_cell(alert.severity, terminal),
            rounded(alert.score),
            cell(alert.brand),
            cell(alert.reason),
            cell(alert.summary)};
}

/// Widths that do not depend on rows: each column as wide as it may be.
std::vector<std::size_t> followed_widths(const Terminal& terminal)
{
    Row widest;
    for (const Column& column : alert_columns) {
        widest.push_back({.text = std::string(column.width_max, 'x'), .colour = {}});
    }
    const std::array rows{widest};
    return fit_columns(alert_columns, rows, terminal.width);
}

std::string evidence_of(const wire::Label& label)
{
    std::vector<std::string> quoted;
    for (const std::string& words : label.evidence) {
        quoted.push_back('"' + one_line(words) + '"');
    }
    return quoted.empty() ? std::string() : " (" + joined(quoted) + ')';
}

} // namespace

std::string severity_colour(std::string_view severity, const Terminal& terminal)
{
    if (!terminal.colour) {
        return {};
    }
    if (severity == "critical") {
        return "\x1b[1;31m";
    }
    if (severity == "error") {
        return "\x1b[31m";
    }
    return severity == "warning" ? "\x1b[33m" : "";
}

void show_mentions(const std::vector<wire::Mention>& mentions, const Terminal& terminal,
                   std::ostream& out)
{
    constexpr std::size_t width_for_reasons = 110; // On less, the text needs the room.
    std::vector<Column> columns{
        Column{"ID", 12, Align::right}, Column{"SEEN (UTC)", 16}, Column{"BRAND", 16},
        Column{"NETWORK", 12},          Column{"LANG", 5},        Column{"SENTIMENT", 13},
        Column{"EXPERIENCE", 14},       Column{"REASON", 18},     Column{"TEXT", 0}};
    const bool reasons = terminal.width >= width_for_reasons;
    if (!reasons) {
        columns.erase(columns.end() - 2);
    }
    std::vector<Row> rows;
    for (const wire::Mention& mention : mentions) {
        const std::string words =
            mention.title.empty() ? mention.text : mention.title + ": " + mention.text;
        rows.push_back({cell(std::to_string(mention.id)), cell(minute_of(mention.seen_at)),
                        cell(mention.brand), cell(mention.network), cell(mention.language),
                        label_cell(mention.of("sentiment")), label_cell(mention.of("experience")),
                        reason_cell(mention.of("reason")), cell(words)});
        if (!reasons) {
            rows.back().erase(rows.back().end() - 2);
        }
    }
    print(columns, rows, terminal, out);
}

void show_mention(const wire::Mention& mention, std::ostream& out)
{
    print_field("id", std::to_string(mention.id), out);
    print_field("brand", one_line(mention.brand), out);
    print_field("seen (UTC)", minute_of(mention.seen_at), out);
    print_field("network", one_line(mention.network), out);
    print_field("source", one_line(mention.source), out);
    print_field("author", one_line(mention.author), out);
    print_field("url", one_line(mention.url), out);
    print_field("language", one_line(mention.language), out);
    for (const wire::Label& label : mention.labels) {
        print_field(one_line(label.facet), label_cell(label).text + evidence_of(label), out);
    }
    print_field("incident", one_line(mention.incident), out);
    print_field("title", one_line(mention.title), out);
    out << '\n';
    std::string_view rest = mention.text; // Its own lines are kept, and nothing else of its layout.
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        out << term_text(rest.substr(0, end)) << '\n';
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
}

void show_incidents(const std::vector<wire::Incident>& incidents, const Terminal& terminal,
                    std::ostream& out)
{
    const std::array columns{Column{"ID", 32},
                             Column{"SCORE", 5, Align::right},
                             Column{"SEVERITY", 8},
                             Column{"STATE", 12},
                             Column{"BRAND", 16},
                             Column{"POSTS", 6, Align::right},
                             Column{"REACTIONS", 9, Align::right},
                             Column{"LAST (UTC)", 16},
                             Column{"TITLE", 0}};
    std::vector<Row> rows;
    for (const wire::Incident& incident : incidents) {
        rows.push_back({cell(incident.id), rounded(incident.score),
                        severity_cell(incident.severity, terminal), cell(incident.state),
                        cell(incident.brand), cell(incident.mentions), cell(incident.reactions),
                        cell(minute_of(incident.last_at)), cell(incident.title)});
    }
    print(columns, rows, terminal, out);
}

void show_incident(const wire::Incident& incident, const Terminal& terminal, std::ostream& out)
{
    std::array<char, 64> rate{};
    std::snprintf(rate.data(), rate.size(), "%.1f an hour%s", incident.rate_per_hour,
                  incident.calibrated ? "" : " (not calibrated yet)");
    const std::string colour = severity_colour(incident.severity, terminal);
    print_field("id", one_line(incident.id), out);
    print_field("title", one_line(incident.title), out);
    print_field("brand", one_line(incident.brand), out);
    print_field("state", one_line(incident.state), out);
    print_field("severity",
                colour + one_line(incident.severity) + (colour.empty() ? "" : "\x1b[0m"), out);
    print_field("score", rounded(incident.score).text, out);
    print_field("first (UTC)", minute_of(incident.first_at), out);
    print_field("last (UTC)", minute_of(incident.last_at), out);
    print_field("posts",
                std::to_string(incident.mentions) + ", " + std::to_string(incident.complaints) +
                    " own complaints, " + std::to_string(incident.authors) + " authors",
                out);
    print_field("networks", one_line(joined(incident.networks)), out);
    print_field("reactions", std::to_string(incident.reactions), out);
    print_field("rate", rate.data(), out);
    print_field("lead", one_line(incident.lead_url), out);
    out << '\n';
}

void show_alerts(const std::vector<wire::Alert>& alerts, const Terminal& terminal,
                 std::ostream& out)
{
    std::vector<Row> rows;
    for (const wire::Alert& alert : alerts) {
        rows.push_back(alert_row(alert, terminal));
    }
    print(alert_columns, rows, terminal, out);
}

void show_sources(const std::vector<wire::Source>& sources, const Terminal& terminal,
                  std::ostream& out)
{
    const std::array columns{Column{"SOURCE", 24},
                             Column{"HEALTH", 8},
                             Column{"LAST PAGE (UTC)", 16},
                             Column{"POLLS/DAY", 9, Align::right},
                             Column{"ERRORS", 6, Align::right},
                             Column{"LOST", 6, Align::right},
                             Column{"LATENCY", 8, Align::right},
                             Column{"STORED", 10, Align::right},
                             Column{"LAST ERROR", 0}};
    std::vector<Row> rows;
    for (const wire::Source& source : sources) {
        const std::string latency =
            source.mean_latency_ms ? std::to_string(std::lround(*source.mean_latency_ms)) + " ms"
                                   : "-";
        const std::string note = source.balanced ? "" : "[posts unaccounted for] ";
        rows.push_back({cell(source.name), cell(source.health),
                        cell(minute_of(source.last_page_at)), cell(source.polls_day),
                        cell(source.errors_day), cell(source.lost_day), cell(latency),
                        cell(source.stored), cell(note + source.last_error)});
    }
    print(columns, rows, terminal, out);
}

std::string followed_head(const Terminal& terminal)
{
    return table_head(alert_columns, followed_widths(terminal));
}

std::string followed_line(const wire::Alert& alert, const Terminal& terminal)
{
    return table_line(alert_columns, followed_widths(terminal), alert_row(alert, terminal));
}

} // namespace empathd::cli
