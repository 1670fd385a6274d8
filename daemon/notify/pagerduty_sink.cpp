#include "daemon/notify/pagerduty_sink.hpp"

#include "daemon/notify/http_delivery.hpp"
#include "daemon/notify/json_text.hpp"
#include "daemon/notify/message.hpp"
#include "daemon/notify/newest_told.hpp"
#include "daemon/notify/row_sink.hpp"
#include "daemon/notify/secret_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace empathd {

namespace asio = boost::asio;

namespace {

constexpr std::size_t summary_bytes_max = 1'024;
constexpr std::array details{"title",      "why",     "reason",        "score",
                             "complaints", "authors", "mentions",      "copies",
                             "reactions",  "views",   "rate_per_hour", "peak_per_hour",
                             "first_at",   "last_at", "lead_url",      "incident_url",
                             "incident",   "episode", "revision",      "key"};

std::string_view action_of(IncidentState state) noexcept
{
    switch (state) {
    case IncidentState::open: return "trigger";
    case IncidentState::acknowledged: return "acknowledge";
    case IncidentState::resolved: return "resolve";
    }
    return "trigger";
}

void put_payload(JsonText& json, const Alert& alert, const Fields& fields)
{
    json.begin("payload");
    json.text("summary", plain_line(alert.summary, summary_bytes_max));
    json.text("source", "empathd");
    json.text("severity", to_string(alert.incident.severity));
    json.text("timestamp", to_rfc3339(alert.raised_at));
    json.text_if_any("component", value_of(fields, "brand"));
    json.text_if_any("group", value_of(fields, "network"));
    json.text("class", to_string(alert.reason));
    json.begin("custom_details");
    for (const char* name : details) {
        json.text_if_any(name, value_of(fields, name));
    }
    json.end();
    json.end();
}

void put_links(JsonText& json, const Fields& fields)
{
    json.text("client", "Empathd");
    json.text_if_any("client_url", value_of(fields, "incident_url"));
    const std::string lead = value_of(fields, "lead_url");
    if (!lead.empty()) {
        json.begin_list("links");
        json.begin();
        json.text("href", lead);
        json.text("text", "Leading post");
        json.end();
        json.end_list();
    }
}

class PagerDutySink final : public RowSink {
public:
    PagerDutySink(config::PagerDutyConfig config, std::string public_url,
                  connectors::HttpClient& http)
        : RowSink("pagerduty:" + config.name), config_(std::move(config)),
          who_("pagerduty " + config_.name), public_url_(std::move(public_url)), http_(http)
    {
    }

private:
    asio::awaitable<Result<std::string>> deliver_one(const AlertRecord& record) override
    {
        const Alert& alert = record.alert;
        if (newest_.is_stale(alert.incident)) {
            co_return std::string("told later already");
        }
        const auto key = read_secret_file(config_.routing_key_file, who_);
        if (!key) {
            co_return key.error();
        }
        const std::string& text = key->reveal();
        if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~'; })) {
            co_return Error{ErrorKind::unauthorized,
                            who_ + ": the file " + config_.routing_key_file + " holds no key"};
        }
        auto request = alert_request(config_.url, alert.key,
                                     pagerduty_body(alert, public_url_, text), config_.timeout);
        auto receipt = co_await send_alert(http_, std::move(request), who_);
        if (receipt) {
            newest_.told(alert.incident);
        }
        co_return receipt;
    }

    const config::PagerDutyConfig config_;
    const std::string who_;
    const std::string public_url_;
    connectors::HttpClient& http_;
    NewestTold newest_;
};

} // namespace

std::string pagerduty_body(const Alert& alert, const std::string& public_url,
                           const std::string& routing_key)
{
    const Fields fields = fields_of(alert, public_url);
    const IncidentState state = alert.incident.state;
    JsonText json;
    json.begin();
    json.text("routing_key", routing_key);
    json.text("event_action", action_of(state));
    json.text("dedup_key", thread_of(alert));
    if (state == IncidentState::open) { // The others only change what is there.
        put_payload(json, alert, fields);
        put_links(json, fields);
    }
    json.end();
    return json.take();
}

std::unique_ptr<Sink> make_pagerduty_sink(const config::PagerDutyConfig& config,
                                          const config::TemplatesConfig& told,
                                          connectors::HttpClient& http)
{
    return std::make_unique<PagerDutySink>(config, told.public_url, http);
}

} // namespace empathd
