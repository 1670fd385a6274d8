#include "daemon/store/outlook_json.hpp"

namespace empathd::sqlite {
namespace {

void put_forecast(Writer& writer, const Forecast& forecast)
{
    writer.StartObject();
    put(writer, "calibration", static_cast<std::uint32_t>(forecast.calibration));
    put(writer, "widened", forecast.widened);
    put(writer, "withheld", forecast.withheld);
    put(writer, "now", forecast.now);
    put(writer, "low", forecast.low);
    put(writer, "median", forecast.median);
    put(writer, "high", forecast.high);
    put(writer, "p_threshold", forecast.p_threshold);
    put(writer, "threshold", forecast.threshold);
    put(writer, "p_double", forecast.p_double);
    put(writer, "half_at", to_unix_ms(forecast.half_at));
    writer.EndObject();
}

bool get_forecast(const Json& json, Forecast& out)
{
    return get_enum(at(json, "calibration"), Calibration::own, out.calibration) &&
           get(at(json, "widened"), out.widened) && get(at(json, "withheld"), out.withheld) &&
           get(at(json, "now"), out.now) && get(at(json, "low"), out.low) &&
           get(at(json, "median"), out.median) && get(at(json, "high"), out.high) &&
           get(at(json, "p_threshold"), out.p_threshold) &&
           get(at(json, "threshold"), out.threshold) && get(at(json, "p_double"), out.p_double) &&
           get(at(json, "half_at"), out.half_at);
}

void put_exposure(Writer& writer, const Exposure& exposure)
{
    writer.StartObject();
    put(writer, "known", exposure.known);
    put(writer, "from_views", exposure.from_views);
    put(writer, "now", exposure.now);
    put(writer, "low", exposure.low);
    put(writer, "expected", exposure.expected);
    put(writer, "high", exposure.high);
    put(writer, "future", exposure.future);
    writer.EndObject();
}

bool get_exposure(const Json& json, Exposure& out)
{
    return get(at(json, "known"), out.known) && get(at(json, "from_views"), out.from_views) &&
           get(at(json, "now"), out.now) && get(at(json, "low"), out.low) &&
           get(at(json, "expected"), out.expected) && get(at(json, "high"), out.high) &&
           get(at(json, "future"), out.future);
}

void put_conversation(Writer& writer, const Conversation& conversation)
{
    writer.StartObject();
    put(writer, "asked", conversation.asked);
    put(writer, "unanswered", conversation.unanswered);
    put(writer, "agreeing", conversation.agreeing);
    put(writer, "waiting_since", to_unix_ms(conversation.waiting_since));
    put(writer, "answered_at", to_unix_ms(conversation.answered_at));
    writer.EndObject();
}

bool get_conversation(const Json& json, Conversation& out)
{
    return get(at(json, "asked"), out.asked) && get(at(json, "unanswered"), out.unanswered) &&
           get(at(json, "agreeing"), out.agreeing) &&
           get(at(json, "waiting_since"), out.waiting_since) &&
           get(at(json, "answered_at"), out.answered_at);
}

} // namespace

void put_ahead(Writer& writer, const Incident& incident)
{
    writer.StartObject();
    writer.Key("forecast");
    put_forecast(writer, incident.outlook.forecast);
    writer.Key("exposure");
    put_exposure(writer, incident.outlook.exposure);
    put(writer, "safety", incident.gravity.safety);
    put(writer, "legal", incident.gravity.legal);
    put(writer, "press", incident.gravity.press);
    writer.Key("conversation");
    put_conversation(writer, incident.conversation);
    writer.EndObject();
}

bool get_ahead(const Json& json, Incident& out)
{
    if (json.IsNull()) {
        return true;
    }
    return get_forecast(at(json, "forecast"), out.outlook.forecast) &&
           get_exposure(at(json, "exposure"), out.outlook.exposure) &&
           get(at(json, "safety"), out.gravity.safety) &&
           get(at(json, "legal"), out.gravity.legal) && get(at(json, "press"), out.gravity.press) &&
           get_conversation(at(json, "conversation"), out.conversation);
}

} // namespace empathd::sqlite
