#include "analysis/spread/features.hpp"

#include <algorithm>
#include <cmath>

namespace empathd::analysis {
namespace {

constexpr double gap_min_s = 600;
constexpr double young_s = 21600;
constexpr double blind_s = 43200;
constexpr double count_max = 1e15; // Far above any, and exact in what counts.
constexpr std::size_t half_hour = 1;

double seconds_between(TimePoint from, TimePoint to) noexcept
{
    return std::chrono::duration<double>(to - from).count();
}

bool is_count(double count) noexcept
{
    return count >= 0 && count <= count_max; // Not so for what is no number.
}

} // namespace

Track begin(double count, TimePoint at, TimePoint published_at, std::chrono::seconds pace) noexcept
{
    Track track;
    if (!is_count(count)) {
        return track;
    }
    const TimePoint earliest = at - first_sight_spread;
    const TimePoint from =
        published_at == TimePoint{} ? earliest : std::clamp(published_at, earliest, at);
    track.counters.add(count, from, at);
    track.count = count;
    track.first_at = at;
    track.first_count = static_cast<float>(count);
    track.gap_s = static_cast<float>(seconds_between(from, at));
    track.increment = static_cast<float>(count);
    track.pace_s = static_cast<float>(std::max<std::int64_t>(1, pace.count()));
    return track;
}

void update(Track& track, double count, TimePoint at) noexcept
{
    if (!track.begun()) {
        track = begin(count, at);
        return;
    }
    if (!is_count(count) || at < track.last_at()) {
        return;
    }
    const double news = std::max(0.0, count - track.count);
    const double gap_s = seconds_between(track.last_at(), at);
    const bool joins = track.gap_s < gap_min_s;
    const double late = lateness(track, at);
    track.lateness = static_cast<float>(std::max(late, track.lateness * std::exp(-late)));
    track.gap_s = static_cast<float>(joins ? track.gap_s + gap_s : gap_s);
    track.increment = static_cast<float>(joins ? track.increment + news : news);
    track.counters.add(news, track.last_at(), at);
    track.count = count;
}

double age_s(const Track& track) noexcept
{
    return seconds_between(track.first_at, track.last_at());
}

double lateness(const Track& track, TimePoint at) noexcept
{
    if (!track.begun()) {
        return 0;
    }
    const double gap_s = std::max(0.0, seconds_between(track.last_at(), at));
    const double age = age_s(track);
    const double ratio = gap_s / std::max<double>(track.pace_s, age);
    const bool hopeless = age < young_s && gap_s > blind_s;
    return hopeless ? lateness_hopeless : std::min(ratio, lateness_hopeless);
}

Features features(const Track& track, TimePoint at) noexcept
{
    Features x{};
    const double n = std::log1p(track.count);
    x[0] = n;
    for (std::size_t k = 0; k < LeakyCounters::time_constants_s.size(); ++k) {
        x[1 + k] = std::log1p(track.counters.value(k, at));
    }
    const double s = x[1 + half_hour];
    const double v =
        std::log1p(3600.0 * track.increment / std::max<double>(gap_min_s, track.gap_s));
    x[6] = std::log1p(static_cast<double>(track.first_count));
    x[7] = v;
    x[8] = std::log1p(std::max(0.0, seconds_between(track.first_at, at)));
    x[9] = n * n;
    x[10] = s * s;
    x[11] = v * v;
    x[12] = n * v;
    x[13] = n * s;
    return x;
}

std::size_t age_bucket(const Track& track) noexcept
{
    const double age = age_s(track);
    const auto above = std::upper_bound(bucket_edges_s.begin(), bucket_edges_s.end(), age);
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, above - bucket_edges_s.begin())) -
           1;
}

} // namespace empathd::analysis
