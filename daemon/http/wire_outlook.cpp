#include "daemon/http/wire_outlook.hpp"

namespace empathd::wire {
namespace {

constexpr double interval = 0.8; ///< Of every low and high.

void put_forecast(Json& json, const Forecast& forecast)
{
    if (forecast.calibration == Calibration::nothing) {
        return;
    }
    json.begin("forecast");
    json.text("calibration", to_string(forecast.calibration));
    json.flag("widened", forecast.widened);
    json.flag("withheld", forecast.withheld);
    json.number("now", forecast.now);
    if (!forecast.withheld) {
        json.number("low", forecast.low);
        json.number("median", forecast.median);
        json.number("high", forecast.high);
        json.number("interval", interval);
        json.number("p_threshold", forecast.p_threshold);
        json.number("threshold", forecast.threshold);
        json.number("p_double", forecast.p_double);
    }
    json.end();
}

void put_exposure(Json& json, const Exposure& exposure)
{
    if (!exposure.known) {
        return;
    }
    json.begin("exposure");
    json.text("from", exposure.from_views ? "views" : "followers");
    json.number("now", exposure.now);
    json.number("low", exposure.low);
    json.number("expected", exposure.expected);
    json.number("high", exposure.high);
    json.number("interval", interval);
    json.end();
}

} // namespace

void put_ahead(Json& json, const empathd::Incident& incident)
{
    const Outlook& outlook = incident.outlook;
    json.begin("outlook");
    json.number("rate_per_hour", outlook.rate_per_hour);
    json.number("peak_per_hour", outlook.peak_per_hour);
    json.flag("calibrated", outlook.calibrated);
    if (!outlook.calibrated) {
        json.text("note", "not calibrated yet");
    }
    json.text_if_any("method", outlook.method);
    put_forecast(json, outlook.forecast);
    put_exposure(json, outlook.exposure);
    json.end();
    if (outlook.forecast.half_at != TimePoint{}) {
        json.time("reply_by", outlook.forecast.half_at);
    }
    json.begin_list("gravity");
    for (const auto& [grave, word] :
         {std::pair(incident.gravity.safety, "safety"), std::pair(incident.gravity.legal, "legal"),
          std::pair(incident.gravity.press, "press")}) {
        if (grave) {
            json.item(word);
        }
    }
    json.end_list();
    const Conversation& conversation = incident.conversation;
    json.begin("conversation");
    json.count("asked", conversation.asked);
    json.count("unanswered", conversation.unanswered);
    json.count("agreeing", conversation.agreeing);
    if (conversation.waiting_since != TimePoint{}) {
        json.time("waiting_since", conversation.waiting_since);
    }
    if (conversation.answered_at != TimePoint{}) {
        json.time("answered_at", conversation.answered_at);
    }
    json.end();
}

} // namespace empathd::wire
