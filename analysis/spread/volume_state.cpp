// Saving and loading of what a VolumeDetector has learned.
#include "analysis/spread/volume.hpp"

#include "analysis/model/state_bytes.hpp"

namespace empathd::analysis {
namespace {

constexpr std::string_view name = "VOLM";
constexpr std::uint32_t version = 1;
constexpr double any_max = 1e300;      ///< Squares of counts stay below.
constexpr double log_max = 45;         ///< log(1 + 2^64) = 44.4.
constexpr double weight_max = 100'000; ///< Bins in four weeks, at one minute: 40,320.

} // namespace

std::string VolumeDetector::save() const
{
    StateWriter out(name, version);
    out.whole(static_cast<std::uint64_t>(options_.bin.count()));
    out.number(options_.slack);
    out.whole(static_cast<std::uint64_t>(options_.memory.count()));
    out.number(options_.cut_of_5_minutes);
    out.number(options_.tail_alarms_a_day);
    out.whole(options_.count_min);
    out.whole(options_.authors_min);
    for (const TimePoint time : {last_, rise_, since_, last_tail_alarm_}) {
        out.time_ms(to_unix_ms(time));
    }
    for (const double value : {bins_, weight_, log_mean_, log_variance_, posts_, excess_square_,
                               expected_square_, sum_}) {
        out.number(value);
    }
    out.whole(alarm_ ? 1 : 0);
    for (const Slot& slot : slots_) {
        out.number(slot.weight);
        out.number(slot.logs);
        out.number(slot.posts);
    }
    return std::move(out).finish();
}

Result<VolumeDetector> VolumeDetector::load(std::string_view bytes)
{
    Result<StateReader> in = StateReader::open(bytes, name, version);
    if (!in) {
        return in.error();
    }
    const Error bad{ErrorKind::malformed, "saved volume holds values out of range"};
    VolumeOptions options;
    options.bin = std::chrono::minutes{in->whole_up_to(60)};
    options.slack = in->number(-100, 100);
    options.memory = std::chrono::hours{in->whole_up_to(24 * 365)};
    options.cut_of_5_minutes = in->number(0, any_max);
    options.tail_alarms_a_day = in->number(0, any_max);
    options.count_min = in->whole();
    options.authors_min = in->whole();
    if (options.bin.count() == 0 || 60 % options.bin.count() != 0 || options.memory.count() == 0 ||
        options.cut_of_5_minutes <= 0 || options.tail_alarms_a_day <= 0) {
        return bad;
    }
    VolumeDetector out(options);
    for (TimePoint* time : {&out.last_, &out.rise_, &out.since_, &out.last_tail_alarm_}) {
        *time = from_unix_ms(static_cast<std::int64_t>(in->whole_up_to(1ULL << 53)));
    }
    out.bins_ = in->number(0, any_max);
    out.weight_ = in->number(0, weight_max);
    out.log_mean_ = in->number(0, log_max);
    out.log_variance_ = in->number(0, log_max * log_max);
    out.posts_ = in->number(0, any_max);
    out.excess_square_ = in->number(-any_max, any_max);
    out.expected_square_ = in->number(0, any_max);
    out.sum_ = in->number(0, any_max);
    out.alarm_ = in->whole_up_to(1) == 1;
    for (Slot& slot : out.slots_) {
        slot.weight = in->number(0, weight_max);
        slot.logs = in->number(0, log_max * weight_max);
        slot.posts = in->number(0, any_max);
    }
    if (!in->complete()) {
        return bad;
    }
    return out;
}

} // namespace empathd::analysis
