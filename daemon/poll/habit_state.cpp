// Saving and loading of what a Habit has learned.
#include "analysis/model/state_bytes.hpp"
#include "daemon/poll/habit.hpp"

namespace empathd {
namespace {

constexpr std::string_view name = "HABT";
constexpr std::uint32_t version = 1;
constexpr double any_max = 1e15; ///< Far beyond what a source brings, far below overflow.

} // namespace

std::string Habit::save() const
{
    StateWriter out(name, version);
    for (const TimePoint time : {last_page_, last_news_, first_failure_}) {
        out.time_ms(to_unix_ms(time));
    }
    out.whole(failures_in_a_row_);
    out.whole(refused_ ? 1 : 0);
    out.whole(gap_watched_ ? 1 : 0);
    out.whole(learned_ ? 1 : 0);
    for (const double value : {gap_, watched_hours_, polls_, errors_, gap_squares_}) {
        out.number(value);
    }
    const auto rate = [&out](const Rate& one) {
        out.number(one.hours);
        out.number(one.news);
        out.number(one.posts);
    };
    rate(overall_);
    for (const Rate& one : by_day_) {
        rate(one);
    }
    for (const Rate& one : by_week_) {
        rate(one);
    }
    for (const GapClass& one : gaps_) {
        out.number(one.weight);
        out.number(one.gaps);
        out.number(one.steps);
    }
    return std::move(out).finish();
}

Result<Habit> Habit::load(std::string_view bytes, std::chrono::seconds poll_interval)
{
    Result<StateReader> in = StateReader::open(bytes, name, version);
    if (!in) {
        return in.error();
    }
    Habit out(poll_interval);
    for (TimePoint* time : {&out.last_page_, &out.last_news_, &out.first_failure_}) {
        *time = from_unix_ms(static_cast<std::int64_t>(in->whole_up_to(1ULL << 53)));
    }
    out.failures_in_a_row_ = in->whole();
    out.refused_ = in->whole_up_to(1) == 1;
    out.gap_watched_ = in->whole_up_to(1) == 1;
    out.learned_ = in->whole_up_to(1) == 1;
    for (double* value :
         {&out.gap_, &out.watched_hours_, &out.polls_, &out.errors_, &out.gap_squares_}) {
        *value = in->number(0, any_max);
    }
    const auto rate = [&in](Rate& one) {
        one.hours = in->number(0, any_max);
        one.news = in->number(0, any_max);
        one.posts = in->number(0, any_max);
    };
    rate(out.overall_);
    for (Rate& one : out.by_day_) {
        rate(one);
    }
    for (Rate& one : out.by_week_) {
        rate(one);
    }
    for (GapClass& one : out.gaps_) {
        one.weight = in->number(0, any_max);
        one.gaps = in->number(0, any_max);
        one.steps = in->number(0, any_max);
    }
    if (!in->complete()) {
        return Error{ErrorKind::malformed, "saved habit holds values out of range"};
    }
    return out;
}

} // namespace empathd
