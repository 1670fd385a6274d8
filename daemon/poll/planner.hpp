#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"

#include <chrono>
#include <cstdint>
#include <random>

namespace empathd {

struct PollLimits {
    std::chrono::seconds interval{120};     ///< Between polls of a healthy source.
    std::chrono::seconds backoff_min{30};   ///< First wait after a failure; doubles from here,
    std::chrono::seconds backoff_max{3600}; ///< up to here.
    std::chrono::seconds refused_retry{6 *
                                       3600}; ///< After `unauthorized` and its like: an operator
                                              ///< must act, a rare look sees that he has.
};

/// Decides when a source is asked next. Pure: it is told what happened and when, and answers with a
/// time; the poller does the waiting.
///
/// Waits after failures are drawn evenly from [wait/2, wait], so that sources which failed together
/// do not come back together ("equal jitter": M. Brooker, Exponential Backoff And Jitter, AWS
/// Architecture Blog, 2015). A wait the source asked for is never undercut.
class PollPlanner {
public:
    PollPlanner(PollLimits limits, std::uint32_t seed) noexcept : limits_(limits), random_(seed) {}

    /// A page came. `more`: the source holds further posts right now.
    [[nodiscard]] TimePoint after_page(TimePoint now, bool more) noexcept;

    /// The poll failed.
    [[nodiscard]] TimePoint after_failure(TimePoint now, const Error& error) noexcept;

    [[nodiscard]] int failures_in_a_row() const noexcept { return failures_in_a_row_; }

private:
    PollLimits limits_;
    std::mt19937 random_;
    int failures_in_a_row_ = 0;
};

} // namespace empathd
