#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"

#include <chrono>
#include <cstdint>
#include <random>

namespace empathd {

struct RetryLimits {
    std::chrono::milliseconds base{1'000}; ///< The first wait; it doubles from attempt to attempt
    std::chrono::milliseconds cap{60'000}; ///< up to here.
    std::chrono::milliseconds asked_max{std::chrono::hours{24}}; ///< Longest Retry-After obeyed.
    std::chrono::milliseconds give_up_after{std::chrono::hours{24}};
};

struct Retry {
    TimePoint next_at{};  ///< When to try again.
    bool give_up = false; ///< Do not: it has been tried for long enough.
};

/// Decides when a failed delivery is tried again. Pure: it is told what happened and when.
///
/// Wait number n is drawn evenly from [w/2, w], w = min(cap, base * 2^(n-1)), so that rows which
/// failed together do not come back together; a receiver's Retry-After makes it longer, never
/// shorter.
/// Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 ("equal
/// jitter").
///
/// A row is given up when it has failed for `give_up_after` by the clock, or when its attempts
/// (which are stored, so a restart does not begin anew) stand for that much waiting: the sum of
/// the mean waits 3/4 w, 1,925 attempts with the limits above.
class RetryPlanner {
public:
    RetryPlanner(RetryLimits limits, std::uint32_t seed) noexcept : limits_(limits), random_(seed)
    {
    }

    /// A row's attempt number `attempts` (1 is the first) has failed; the first one known failed at
    /// `failing_since`.
    [[nodiscard]] Retry after_failure(TimePoint now, std::uint32_t attempts,
                                      TimePoint failing_since, const Error& error) noexcept;

    /// The sink itself failed for the `failures`th time in a row: never given up.
    [[nodiscard]] TimePoint after_outage(TimePoint now, std::uint32_t failures,
                                         const Error& error) noexcept;

private:
    [[nodiscard]] std::chrono::milliseconds longest_wait(std::uint32_t attempts) const noexcept;
    [[nodiscard]] bool worn_out(std::uint32_t attempts) const noexcept;

    RetryLimits limits_;
    std::minstd_rand random_;
};

/// How long before an entry that has vanished for the `times`th time (1 is the first) is added
/// again: at once, then twice as long each time from `base` up to an hour. A stream too short for
/// what waits in it would otherwise turn in circles.
[[nodiscard]] std::chrono::milliseconds readd_wait(std::uint32_t times,
                                                   std::chrono::milliseconds base) noexcept;

} // namespace empathd
