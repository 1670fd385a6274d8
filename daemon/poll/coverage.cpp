#include "daemon/poll/coverage.hpp"

#include <algorithm>
#include <cmath>

namespace empathd {
namespace {

using std::chrono::minutes;

constexpr double one_sided_90 = 1.2816; ///< Quantile of the normal distribution.
constexpr double variance_of_mean = 3;  ///< Assumed: posts come in threads.

struct Bounds {
    double least = 0;
    double most = 0;
};

Bounds bounds_of(double expected)
{
    const double reach = one_sided_90 * std::sqrt(variance_of_mean * expected);
    return {.least = std::max(0.0, expected - reach), .most = expected > 0 ? expected + reach : 0};
}

minutes whole_minutes(TimePoint from, TimePoint to)
{
    return std::chrono::floor<minutes>(to - from);
}

/// The part of (after, until) that lies in the period and that one page had to make up for.
void judge_gap(const SourceWatch& watch, TimePoint after, TimePoint until, bool hole, Coverage& out)
{
    if (after >= until) {
        return;
    }
    const double expected = watch.expected_posts(after, until);
    const auto depth = static_cast<double>(watch.depth_posts);
    if (hole) {
        out.missed_most += bounds_of(expected).most;
        out.blind += whole_minutes(after, until);
    } else if (watch.depth_posts > 0 && bounds_of(expected).most > depth) {
        out.missed_most += bounds_of(expected).most - depth;
    }
}

std::string count_of(std::int64_t count, const char* noun)
{
    return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

std::string time_of(minutes span)
{
    return span.count() < 120 ? count_of(span.count(), "minute") + " blind"
                              : count_of(span.count() / 60, "hour") + " blind";
}

} // namespace

double Coverage::low() const noexcept
{
    const auto got = static_cast<double>(seen);
    return !watched ? 0 : got + missed_most > 0 ? got / (got + missed_most) : 1;
}

double Coverage::high() const noexcept
{
    const auto got = static_cast<double>(seen);
    return got + missed_least > 0 ? got / (got + missed_least) : 1;
}

Coverage& Coverage::operator+=(const Coverage& other) noexcept
{
    seen += other.seen;
    missed_least += other.missed_least;
    missed_most += other.missed_most;
    holes += other.holes;
    blind += other.blind;
    watched = watched || other.watched;
    return *this;
}

Coverage coverage_of(const SourceWatch& watch, TimePoint from, TimePoint to)
{
    Coverage out;
    TimePoint reached = from; // Up to here a good page has told all it knows.
    for (const WatchedMinute& one : watch.minutes) {
        const TimePoint end = one.minute + minutes{1};
        if (one.pages == 0 || end <= from || reached >= to) {
            continue;
        }
        out.watched = true;
        out.holes += one.lost;
        if (one.minute < to) {
            out.seen += one.posts;
        } else if (one.lost == 0) { // Among others it brought what the end of the period lacked.
            const double late = std::round(watch.expected_posts(reached, to));
            out.seen += std::min(one.posts, static_cast<std::uint64_t>(std::max(0.0, late)));
        }
        judge_gap(watch, reached, std::min(end, to), one.lost > 0, out);
        reached = std::max(reached, std::min(end, to));
    }
    const TimePoint due = out.watched ? reached + 2 * watch.interval : reached;
    if (due < to) {
        const Bounds missed = bounds_of(watch.expected_posts(reached, to));
        out.missed_least += missed.least;
        out.missed_most += missed.most;
        out.blind += whole_minutes(reached, to);
    }
    return out;
}

std::string to_words(const Coverage& coverage)
{
    if (!coverage.watched) {
        return "we were blind: no source answered";
    }
    std::string why;
    if (coverage.holes > 0) {
        why += count_of(static_cast<std::int64_t>(coverage.holes), "hole");
    }
    if (coverage.blind.count() > 0) {
        why += (why.empty() ? "" : ", ") + time_of(coverage.blind);
    }
    if (coverage.missed_most <= 0) {
        return why.empty() ? "we saw all of this"
                           : "how much of this we saw cannot be said (" + why + ")";
    }
    const auto low = static_cast<int>(std::floor(100 * coverage.low()));
    const auto high = static_cast<int>(std::min(100.0, std::ceil(100 * coverage.high())));
    std::string words = "we saw ";
    words +=
        low == high ? std::to_string(low) : std::to_string(low) + " to " + std::to_string(high);
    words += " % of this";
    return why.empty() ? words : words + " (" + why + ")";
}

} // namespace empathd
