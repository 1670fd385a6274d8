#include "analysis/spread/leaky.hpp"

#include <algorithm>
#include <cmath>

namespace empathd::analysis {
namespace {

constexpr std::size_t half_hour = 1;

double seconds_between(TimePoint from, TimePoint to) noexcept
{
    return std::chrono::duration<double>(to - from).count();
}

/// What is left at the end of `gap_s` of `events` that came evenly in it.
double fed(double events, double gap_s, double time_constant_s) noexcept
{
    const double ratio = gap_s / time_constant_s;
    return ratio < 1e-9 ? events : events * -std::expm1(-ratio) / ratio;
}

} // namespace

void LeakyCounters::add(double events, TimePoint from, TimePoint to) noexcept
{
    const double gap_s = std::max(0.0, seconds_between(from, to));
    const bool late = to < at_;
    const double since_s = at_ == TimePoint{} ? 0 : std::abs(seconds_between(at_, to));
    for (std::size_t i = 0; i < sums_.size(); ++i) {
        const double kept = std::exp(-since_s / time_constants_s[i]);
        const double news = fed(events, gap_s, time_constants_s[i]);
        sums_[i] = late ? sums_[i] + news * kept : sums_[i] * kept + news;
    }
    at_ = std::max(at_, to);
}

void LeakyCounters::add(const LeakyCounters& other) noexcept
{
    const TimePoint to = std::max(at_, other.at_);
    for (std::size_t i = 0; i < sums_.size(); ++i) {
        sums_[i] = value(i, to) + other.value(i, to);
    }
    at_ = to;
}

LeakyCounters LeakyCounters::take(double share) noexcept
{
    LeakyCounters taken = *this;
    for (std::size_t i = 0; i < sums_.size(); ++i) {
        taken.sums_[i] = sums_[i] * share;
        sums_[i] -= taken.sums_[i];
    }
    return taken;
}

double LeakyCounters::value(std::size_t which, TimePoint at) const noexcept
{
    const double since_s = std::max(0.0, seconds_between(at_, at));
    return sums_[which] * std::exp(-since_s / time_constants_s[which]);
}

double LeakyCounters::rate_per_hour(TimePoint at) const noexcept
{
    return value(half_hour, at) * 3600 / time_constants_s[half_hour];
}

} // namespace empathd::analysis
