#include "daemon/terminal.hpp"

#include "daemon/http/output.hpp"

#include <cmath>
#include <ostream>
#include <string_view>

namespace empathd {
namespace {

std::string_view colour_of(Severity severity) noexcept
{
    switch (severity) {
    case Severity::info: return "\x1b[36m";
    case Severity::warning: return "\x1b[33m";
    case Severity::error: return "\x1b[31m";
    case Severity::critical: return "\x1b[1;37;41m";
    }
    return "";
}

std::string minute_of(TimePoint time)
{
    return to_rfc3339(std::chrono::floor<std::chrono::minutes>(time)).substr(0, 16);
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many)
{
    return std::to_string(n) + ' ' + std::string(n == 1 ? one : many);
}

std::string list_of(const std::vector<std::string>& items)
{
    std::string out;
    for (const std::string& item : items) {
        out += (out.empty() ? "" : ", ") + item;
    }
    return out;
}

} // namespace

void Terminal::where_to_look(const std::string& api_address, const std::string& client)
{
    const bool unix_socket = api_address.starts_with("unix:");
    out_ << "empathd is listening. The API: " << (unix_socket ? "" : "http://") << api_address
         << (unix_socket ? "" : "/v1/mentions") << '\n'
         << "Try in another terminal:\n"
         << "  " << client << " incidents\n"
         << "  " << client << " mentions --experience complaint --limit 10\n"
         << "  " << client << " alerts --follow\n"
         << "Ctrl-C stops.\n"
         << std::flush;
}

void Terminal::progress(const Conservation& totals, std::size_t stories, TimePoint heard_until)
{
    std::string line = std::to_string(totals.fetched) + " posts heard, " +
                       std::to_string(totals.stored) + " mentions kept, " +
                       std::to_string(totals.unmatched) + " about something else, " +
                       std::to_string(stories) + " stories followed";
    if (totals.rejected + totals.quarantined > 0) {
        line += ", " + std::to_string(totals.rejected + totals.quarantined) + " set aside";
    }
    if (totals.fetched > 0 && line != last_progress_) {
        last_progress_ = line;
        out_ << minute_of(heard_until) << "  " << line << '\n' << std::flush;
    }
}

void Terminal::alert(const Alert& alert)
{
    const Incident& incident = alert.incident;
    const std::string_view begin = colours_ ? colour_of(incident.severity) : "";
    const std::string_view end = colours_ ? "\x1b[0m" : "";
    out_ << '\n'
         << begin << "ALERT " << to_string(incident.severity) << end << "  score "
         << std::lround(incident.score) << "  " << minute_of(alert.raised_at) << "  "
         << to_string(alert.reason) << "  " << to_string(incident.state) << '\n'
         << "  " << term_text(alert.summary) << '\n'
         << "  " << counted(incident.mentions, "post", "posts") << " by "
         << counted(incident.authors, "author", "authors") << " on "
         << term_text(list_of(incident.networks)) << " in " << list_of(incident.languages) << ", "
         << incident.reactions << " reactions, " << incident.views
         << " views (not calibrated yet)\n"
         << "  " << term_text(incident.lead_url) << "\n\n"
         << std::flush;
}

void Terminal::source_trouble(const std::string& source, const std::string& error)
{
    out_ << "source " << term_text(source) << ": "
         << (error.empty() ? "reachable again" : term_text(error)) << '\n'
         << std::flush;
}

} // namespace empathd
