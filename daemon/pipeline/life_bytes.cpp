#include "daemon/pipeline/life_bytes.hpp"

#include "daemon/pipeline/byte_fields.hpp"

#include <utility>

namespace empathd {
namespace {

using namespace bytes;

using analysis::Look;

void put_time(ByteWriter& out, const std::optional<TimePoint>& time)
{
    put_if_any(out, time, [&out](TimePoint value) { put(out, value); });
}

void get_time(ByteReader& in, std::optional<TimePoint>& time)
{
    get_if_any(in, time, [&in](TimePoint& value) { get(in, value); });
}

void put_band(ByteWriter& out, const std::optional<analysis::Band>& band)
{
    put_if_any(out, band, [&out](const analysis::Band& value) {
        out.f64(value.low);
        out.f64(value.high);
    });
}

void get_band(ByteReader& in, std::optional<analysis::Band>& band)
{
    get_if_any(in, band, [&in](analysis::Band& value) {
        value.low = in.f64();
        value.high = in.f64();
    });
}

void put_look(ByteWriter& out, const Look& look)
{
    put(out, look.severity);
    out.f64(look.score);
    put(out, look.tell);
    put_if_any(out, look.withhold, [&out](SilenceReason reason) { put(out, reason); });
    out.f64(look.growth_per_hour);
    out.f64(look.reactions);
    put_band(out, look.forecast);
    put(out, look.networks);
    put(out, look.languages);
    put(out, look.safety);
    put(out, look.legal);
    put(out, look.press);
    out.u32(look.mentions);
    out.u32(look.complaints);
    out.u32(look.witnesses);
}

constexpr auto last_reason = static_cast<AlertReason>(alert_reasons - 1);
constexpr auto last_silence = static_cast<SilenceReason>(silence_reasons - 1);
constexpr auto last_outcome = static_cast<Outcome>(outcomes - 1);

void get_look(ByteReader& in, Look& look)
{
    get(in, Severity::critical, look.severity);
    look.score = in.f64();
    get(in, last_reason, look.tell);
    get_if_any(in, look.withhold, [&in](SilenceReason& reason) { get(in, last_silence, reason); });
    look.growth_per_hour = in.f64();
    look.reactions = in.f64();
    get_band(in, look.forecast);
    get(in, look.networks);
    get(in, look.languages);
    get(in, look.safety);
    get(in, look.legal);
    get(in, look.press);
    look.mentions = in.u32();
    look.complaints = in.u32();
    look.witnesses = in.u32();
}

void put_people(ByteWriter& out, const analysis::Life& life)
{
    put_if_any(out, life.acknowledgement, [&out](const analysis::Acknowledgement& taken) {
        put(out, taken.owner);
        put(out, taken.note);
        put(out, taken.since);
        put(out, taken.until);
    });
    put_if_any(out, life.resolution, [&out](const analysis::Resolution& end) {
        put(out, end.outcome);
        put(out, end.by);
        put(out, end.at);
        put(out, end.severity);
        out.u32(end.complaints);
        put(out, end.retracted);
    });
}

void get_people(ByteReader& in, analysis::Life& life)
{
    get_if_any(in, life.acknowledgement, [&in](analysis::Acknowledgement& taken) {
        get(in, taken.owner);
        get(in, taken.note);
        get(in, taken.since);
        get(in, taken.until);
    });
    get_if_any(in, life.resolution, [&in](analysis::Resolution& end) {
        get(in, last_outcome, end.outcome);
        get(in, end.by);
        get(in, end.at);
        get(in, Severity::critical, end.severity);
        end.complaints = in.u32();
        get(in, end.retracted);
    });
}

void put_mutes(ByteWriter& out, const analysis::Mutes& mutes)
{
    put(out, mutes.silence);
    put(out, mutes.silence_until);
    put(out, mutes.inhibitor);
    put(out, mutes.hours);
    put(out, mutes.hours_until);
}

void get_mutes(ByteReader& in, analysis::Mutes& mutes)
{
    get(in, mutes.silence);
    get(in, mutes.silence_until);
    get(in, mutes.inhibitor);
    get(in, mutes.hours);
    get(in, mutes.hours_until);
}

} // namespace

std::string life_bytes(const analysis::Life& life)
{
    ByteWriter out;
    put(out, life.state);
    out.u32(life.episode);
    out.u32(life.revision);
    put(out, life.told);
    put_time(out, life.opened_at);
    put_time(out, life.wait_until);
    put_time(out, life.told_at);
    put_time(out, life.repeat_at);
    out.u32(life.level);
    put_time(out, life.escalate_at);
    put_if_any(out, life.owed, [&out](AlertReason reason) { put(out, reason); });
    put_people(out, life);
    put_band(out, life.band);
    put(out, life.networks);
    put(out, life.languages);
    put(out, life.safety);
    put(out, life.legal);
    put(out, life.press);
    out.u32(life.calm_looks);
    put_mutes(out, life.mutes);
    put_if_any(out, life.withheld, [&out](const analysis::Withheld& why) {
        put(out, why.reason);
        put(out, why.by);
    });
    put_look(out, life.last);
    return sealed(std::move(out));
}

Result<analysis::Life> life_from(std::string_view bytes)
{
    return unsealed<analysis::Life>(bytes, "an incident", [](ByteReader& in, analysis::Life& life) {
        get(in, IncidentState::resolved, life.state);
        life.episode = in.u32();
        life.revision = in.u32();
        get(in, Severity::critical, life.told);
        get_time(in, life.opened_at);
        get_time(in, life.wait_until);
        get_time(in, life.told_at);
        get_time(in, life.repeat_at);
        life.level = in.u32();
        get_time(in, life.escalate_at);
        get_if_any(in, life.owed, [&in](AlertReason& reason) { get(in, last_reason, reason); });
        get_people(in, life);
        get_band(in, life.band);
        get(in, life.networks);
        get(in, life.languages);
        get(in, life.safety);
        get(in, life.legal);
        get(in, life.press);
        life.calm_looks = in.u32();
        get_mutes(in, life.mutes);
        get_if_any(in, life.withheld, [&in](analysis::Withheld& why) {
            get(in, last_silence, why.reason);
            get(in, why.by);
        });
        get_look(in, life.last);
    });
}

} // namespace empathd
