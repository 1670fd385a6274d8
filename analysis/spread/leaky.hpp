#pragma once

#include "analysis/model/time.hpp"

#include <array>
#include <chrono>

namespace empathd::analysis {

/// Exponentially forgetting counts at five paces: the state of a self-exciting process whose kernel
/// is any sum of these exponentials, kept without the events themselves.
///
/// With time constant T, a steady r events a second settle at r * T. Fed from counts seen at polls:
/// d events since the last poll, g seconds ago, are taken as even over the gap,
///     s <- s * exp(-g/T) + d * (T/g) * (1 - exp(-g/T)).
/// 48 bytes; an update costs five exponentials.
class LeakyCounters {
public:
    static constexpr std::array<double, 5> time_constants_s{600, 1800, 5400, 16200, 48600};

    /// Counts `events` (>= 0) that came evenly between `from` and `to`, `from` <= `to`. Late news
    /// (a `to` before an earlier one) is forgotten as if it had come in time.
    void add(double events, TimePoint from, TimePoint to) noexcept;

    /// Adds what the other has counted, each forgotten up to the later of the two.
    void add(const LeakyCounters& other) noexcept;

    /// Takes this share of everything, 0..1, away; what is taken.
    LeakyCounters take(double share) noexcept;

    /// The counter of time constant `which` at `at`; not before the last add.
    [[nodiscard]] double value(std::size_t which, TimePoint at) const noexcept;

    /// Events an hour around `at`, over about half an hour (the second time constant).
    [[nodiscard]] double rate_per_hour(TimePoint at) const noexcept;

    [[nodiscard]] TimePoint at() const noexcept { return at_; }

private:
    std::array<double, 5> sums_{};
    TimePoint at_{};
};

/// How a post's first counts are taken when its past is unknown: as if they had come evenly over
/// this time, or since it was published when that is shorter.
inline constexpr std::chrono::seconds first_sight_spread{3600};

inline constexpr const char* leaky_method = "leaky-1";

} // namespace empathd::analysis
