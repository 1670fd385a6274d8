#include "daemon/notify/alertmanager_sink.hpp"

#include "daemon/notify/http_delivery.hpp"
#include "daemon/notify/json_text.hpp"
#include "daemon/notify/message.hpp"
#include "daemon/notify/newest_told.hpp"
#include "daemon/notify/row_sink.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace empathd {

namespace asio = boost::asio;

namespace {

constexpr std::array severities{Severity::info, Severity::warning, Severity::error,
                                Severity::critical};
constexpr std::array annotations{
    "summary",  "title",        "why",     "reason",   "network",   "state",
    "score",    "complaints",   "authors", "mentions", "reactions", "rate_per_hour",
    "lead_url", "incident_url", "key",     "episode",  "revision"};

void put_labels(JsonText& json, const Fields& fields, Severity severity)
{
    json.begin("labels");
    json.text("alertname", "EmpathdIncident");
    json.text("brand", value_of(fields, "brand"));
    json.text("incident", value_of(fields, "incident"));
    json.text("severity", to_string(severity));
    json.end();
}

class AlertmanagerSink final : public RowSink {
public:
    AlertmanagerSink(config::AlertmanagerConfig config, std::string public_url,
                     connectors::HttpClient& http)
        : RowSink("alertmanager:" + config.name), config_(std::move(config)),
          who_("alertmanager " + config_.name), public_url_(std::move(public_url)), http_(http)
    {
    }

private:
    asio::awaitable<Result<std::string>> deliver_one(const AlertRecord& record) override
    {
        const Alert& alert = record.alert;
        if (newest_.is_stale(alert.incident)) {
            co_return std::string("told later already");
        }
        auto request = alert_request(config_.url + "/api/v2/alerts", alert.key,
                                     alertmanager_body(alert, public_url_, config_.resolve_timeout),
                                     config_.timeout);
        auto receipt = co_await send_alert(http_, std::move(request), who_);
        if (receipt) {
            newest_.told(alert.incident);
        }
        co_return receipt;
    }

    const config::AlertmanagerConfig config_;
    const std::string who_;
    const std::string public_url_;
    connectors::HttpClient& http_;
    NewestTold newest_;
};

} // namespace

std::string alertmanager_body(const Alert& alert, const std::string& public_url,
                              std::chrono::hours resolve_timeout)
{
    const Fields fields = fields_of(alert, public_url);
    const bool over = alert.incident.state == IncidentState::resolved;
    const std::string link = value_of(fields, "incident_url");
    JsonText json;
    json.begin_list();
    for (const Severity severity : severities) {
        const bool fires = severity == alert.incident.severity && !over;
        const TimePoint end = fires ? alert.raised_at + resolve_timeout : alert.raised_at;
        json.begin();
        put_labels(json, fields, severity);
        json.begin("annotations");
        for (const char* name : annotations) {
            json.text_if_any(name, value_of(fields, name));
        }
        json.end();
        json.text("startsAt", to_rfc3339(std::min(alert.incident.first_at, alert.raised_at)));
        json.text("endsAt", to_rfc3339(end));
        json.text_if_any("generatorURL", link.empty() ? value_of(fields, "lead_url") : link);
        json.end();
    }
    json.end_list();
    return json.take();
}

std::unique_ptr<Sink> make_alertmanager_sink(const config::AlertmanagerConfig& config,
                                             const config::TemplatesConfig& told,
                                             connectors::HttpClient& http)
{
    return std::make_unique<AlertmanagerSink>(config, told.public_url, http);
}

} // namespace empathd
