#pragma once

#include "analysis/model/time.hpp"
#include "analysis/spread/leaky.hpp"

#include <array>
#include <chrono>
#include <cstddef>

namespace empathd::analysis {

/// When a post is polled: once its age has doubled, no sooner than this after the last poll. A
/// source that may not be asked so often has a pace of its own.
inline constexpr std::chrono::seconds poll_pace{300};

/// What a forecast needs of one post or one story, brought up to date at every poll. Plain data:
/// copy it, keep it, but change it through begin and update only. A default one has not begun.
struct Track {
    LeakyCounters counters; ///< Fed with every increase; counters.at() is the last poll.
    double count = 0;       ///< Reactions at the last poll.
    TimePoint first_at{};   ///< The first poll; zero: not begun. Age counts from here.
    float first_count = 0;
    float gap_s = 0;     ///< The last gap between polls; see update.
    float increment = 0; ///< The reactions that came in it.
    float lateness = 0;  ///< Of the last poll, or what is left of an earlier one's; see update.
    float pace_s = 0;    ///< Polls of this source are at least so far apart.

    [[nodiscard]] bool begun() const noexcept { return first_at != TimePoint{}; }
    [[nodiscard]] TimePoint last_at() const noexcept { return counters.at(); }
};
static_assert(sizeof(Track) <= 96);

/// The first poll: `count` reactions (0..10^15, else nothing begins) at `at`. What came before it
/// is taken as even since `published_at`, or over first_sight_spread when that is longer or unknown
/// (zero).
[[nodiscard]] Track begin(double count, TimePoint at, TimePoint published_at = {},
                          std::chrono::seconds pace = poll_pace) noexcept;

/// A later poll. A count that fell feeds nothing and is the count from now on. A poll before the
/// last one is ignored, and so is a count that is not within 0..10^15. A track not begun begins. A
/// network that did not say gives no count: then there is nothing to call this with.
///
/// Gaps below ten minutes are joined until they make ten, so that polls seconds apart do not pass
/// for bursts. For a story, feed the sum over its posts. A late poll is remembered: it takes two
/// polls in time until one that was hopelessly late is forgiven.
void update(Track& track, double count, TimePoint at) noexcept;

/// How late a poll at `at` is: the gap since the last one as a multiple of what it should be (the
/// age the track had then, no less than its pace), at most lateness_hopeless; more than 12 hours at
/// an age under 6 hours are that whatever the multiple. 1 or less: in time.
[[nodiscard]] double lateness(const Track& track, TimePoint at) noexcept;
inline constexpr double lateness_hopeless = 8;

inline constexpr std::size_t feature_count = 14;

/// In order, all logarithms log(1 + x): reactions; five leaky counters; reactions at first sight;
/// reactions an hour over the last gap (ten minutes at least); age in seconds; squares of the logs
/// of reactions, of the half-hour counter and of the speed; products of the log of reactions with
/// that of the speed and with that of the half-hour counter.
using Features = std::array<double, feature_count>;

/// As of `at`, not before the last poll. Not standardised.
[[nodiscard]] Features features(const Track& track, TimePoint at) noexcept;

/// Ages are looked at in buckets from these on: 0, 15 and 45 minutes, 1.5, 3, 6 and 12 hours.
inline constexpr std::array<double, 7> bucket_edges_s{0, 900, 2700, 5400, 10800, 21600, 43200};
inline constexpr std::size_t bucket_count = bucket_edges_s.size();

/// The bucket of the track's age at its last poll.
[[nodiscard]] std::size_t age_bucket(const Track& track) noexcept;

/// Seconds from the first to the last poll.
[[nodiscard]] double age_s(const Track& track) noexcept;

} // namespace empathd::analysis
