#include "daemon/poll/planner.hpp"

#include <algorithm>

namespace empathd {

using std::chrono::milliseconds;
using std::chrono::seconds;

TimePoint PollPlanner::after_page(TimePoint now, bool more) noexcept
{
    failures_in_a_row_ = 0;
    return more ? now : now + limits_.interval;
}

TimePoint PollPlanner::after_failure(TimePoint now, const Error& error) noexcept
{
    const int doublings = std::min(failures_in_a_row_, 16);
    ++failures_in_a_row_;
    milliseconds wait = std::min(limits_.backoff_min * (1 << doublings), limits_.backoff_max);
    switch (error.kind) {
    case ErrorKind::unauthorized:
    case ErrorKind::refused:
    case ErrorKind::invalid_config: wait = limits_.refused_retry; break;
    case ErrorKind::not_found: // An archive without a first post answers so, too.
    case ErrorKind::cancelled:
    case ErrorKind::storage:
    case ErrorKind::unavailable:
    case ErrorKind::rate_limited:
    case ErrorKind::malformed: break;
    }
    std::uniform_int_distribution<milliseconds::rep> draw(wait.count() / 2, wait.count());
    const milliseconds asked_for = seconds{error.retry_after_s};
    return now + std::max(milliseconds{draw(random_)}, asked_for);
}

} // namespace empathd
