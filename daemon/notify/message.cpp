#include "daemon/notify/message.hpp"

#include <cmath>
#include <cstdint>
#include <string_view>

namespace empathd {
namespace {

constexpr std::size_t list_items_max = 50;
constexpr std::size_t id_bytes_max = 240;

std::string_view why(AlertReason reason) noexcept
{
    switch (reason) {
    case AlertReason::spreading: return "reactions come fast";
    case AlertReason::many_voices: return "several people tell it independently";
    case AlertReason::escalated: return "it has grown worse since the last alert";
    case AlertReason::source_deleted: return "its posts have been deleted";
    case AlertReason::faded: return "nothing new has come for some time";
    case AlertReason::closed: return "somebody has closed it";
    case AlertReason::outgrew: return "it grows beyond what was forecast";
    case AlertReason::new_network: return "it has reached another network";
    case AlertReason::new_language: return "it has reached another language";
    case AlertReason::safety_word: return "danger to health or life is spoken of";
    case AlertReason::legal_word: return "lawyers, courts or authorities are spoken of";
    case AlertReason::press: return "journalists or the media are spoken of";
    case AlertReason::unowned: return "whoever had taken it has it no longer";
    case AlertReason::unanswered: return "nobody has taken it in time";
    case AlertReason::repeated: return "nobody has taken it and it is still open";
    case AlertReason::reopened: return "it was over and is back";
    case AlertReason::blind: return "a source does not show what it usually does";
    case AlertReason::volume: return "there are more complaints than usual";
    }
    return "";
}

/// With one decimal where it matters: "0.4", "12", "1830".
std::string rounded(double value)
{
    if (!std::isfinite(value)) {
        return {};
    }
    const double tenths = std::round(value * 10);
    if (std::abs(tenths) >= 100 || std::fmod(tenths, 10) == 0) {
        return std::to_string(std::llround(value));
    }
    const auto whole = static_cast<std::int64_t>(tenths);
    return (whole < 0 ? "-" : "") + std::to_string(std::abs(whole) / 10) + '.' +
           std::to_string(std::abs(whole) % 10);
}

class FieldMap {
public:
    void text(const char* name, std::string_view value)
    {
        std::string line = plain_line(value);
        if (!line.empty()) {
            fields_[name] = {FieldKind::text, {std::move(line)}};
        }
    }
    void count(const char* name, std::uint64_t value) { text(name, std::to_string(value)); }
    void link(const char* name, std::string_view url)
    {
        std::string address = link_address(url);
        if (!address.empty()) {
            fields_[name] = {FieldKind::link, {std::move(address)}};
        }
    }
    void flag(const char* name, bool holds)
    {
        if (holds) {
            text(name, "yes");
        }
    }
    void texts(const char* name, const std::vector<std::string>& values)
    {
        Field field;
        for (const std::string& value : values) {
            std::string line = plain_line(value);
            if (!line.empty() && field.values.size() < list_items_max) {
                field.values.push_back(std::move(line));
            }
        }
        if (!field.values.empty()) {
            fields_[name] = std::move(field);
        }
    }
    Fields take() { return std::move(fields_); }

private:
    Fields fields_;
};

void put_incident(FieldMap& fields, const Incident& incident)
{
    fields.text("incident", incident.id);
    fields.count("episode", incident.episode);
    fields.count("revision", incident.revision);
    fields.text("brand", incident.brand);
    fields.text("title", incident.title);
    fields.link("lead_url", incident.lead_url);
    fields.flag("notice", is_notice(incident.id));
    fields.text("state", to_string(incident.state));
    fields.flag("open", incident.state == IncidentState::open);
    fields.flag("acknowledged", incident.state == IncidentState::acknowledged);
    fields.flag("resolved", incident.state == IncidentState::resolved);
    fields.text("severity", to_string(incident.severity));
    fields.text("score", std::isfinite(incident.score)
                             ? std::to_string(std::llround(incident.score))
                             : std::string());
    fields.text("first_at", to_rfc3339(incident.first_at));
    fields.text("last_at", to_rfc3339(incident.last_at));
    fields.count("mentions", incident.mentions);
    fields.count("complaints", incident.complaints);
    fields.count("copies", incident.copies);
    fields.count("authors", incident.authors);
    fields.count("reactions", incident.reactions);
    if (incident.views > 0) {
        fields.count("views", incident.views);
    }
    fields.texts("networks", incident.networks);
    fields.texts("languages", incident.languages);
    fields.text("rate_per_hour", rounded(incident.outlook.rate_per_hour));
    fields.text("peak_per_hour", rounded(incident.outlook.peak_per_hour));
    fields.flag("calibrated", incident.outlook.calibrated);
}

} // namespace

const std::vector<std::string>& field_names()
{
    static const std::vector<std::string> names{
        "acknowledged",  "authors",   "brand",         "calibrated",  "complaints",
        "copies",        "coverage",  "episode",       "first_at",    "incident",
        "incident_url",  "key",       "languages",     "last_at",     "lead_url",
        "mentions",      "network",   "networks",      "notice",      "open",
        "peak_per_hour", "raised_at", "rate_per_hour", "reactions",   "reason",
        "resolved",      "revision",  "score",         "score_parts", "severity",
        "state",         "summary",   "title",         "views",       "why"};
    return names;
}

std::string id_text(std::string_view id)
{
    std::string out(id.substr(0, id_bytes_max));
    for (char& c : out) {
        const bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
        c = good ? c : '-';
    }
    return out;
}

std::string incident_url(const Alert& alert, const std::string& public_url)
{
    return public_url.empty()
               ? std::string()
               : link_address(public_url + "/v1/incidents/" + id_text(alert.incident.id));
}

Fields fields_of(const Alert& alert, const std::string& public_url)
{
    FieldMap fields;
    put_incident(fields, alert.incident);
    fields.text("key", alert.key);
    fields.text("coverage", alert.coverage);
    fields.text("reason", to_string(alert.reason));
    fields.text("why", why(alert.reason));
    fields.text("network", alert.network);
    fields.text("summary", alert.summary);
    fields.text("raised_at", to_rfc3339(alert.raised_at));
    fields.link("incident_url", incident_url(alert, public_url));
    std::vector<std::string> parts;
    for (const auto& [name, points] : alert.score_parts) {
        parts.push_back(name + ' ' + rounded(points));
    }
    fields.texts("score_parts", parts);
    return fields.take();
}

std::string value_of(const Fields& fields, std::string_view name)
{
    const auto found = fields.find(name);
    return found == fields.end() || found->second.values.empty() ? std::string()
                                                                 : found->second.values.front();
}

std::string thread_of(const Alert& alert)
{
    return id_text(alert.incident.id) + '.' + std::to_string(alert.incident.episode);
}

} // namespace empathd
