#include "daemon/notify/retry.hpp"

#include <algorithm>

namespace empathd {

using std::chrono::milliseconds;

namespace {

/// Doubling further would overflow; every cap is reached long before.
constexpr std::uint32_t doublings_max = 24;

milliseconds doubled(milliseconds base, std::uint32_t times, milliseconds cap) noexcept
{
    return std::min(cap, base * (std::int64_t{1} << std::min(times, doublings_max)));
}

} // namespace

milliseconds RetryPlanner::longest_wait(std::uint32_t attempts) const noexcept
{
    return doubled(limits_.base, attempts == 0 ? 0 : attempts - 1, limits_.cap);
}

bool RetryPlanner::worn_out(std::uint32_t attempts) const noexcept
{
    milliseconds waited{0};
    std::uint32_t attempt = 1;
    for (; attempt <= attempts && longest_wait(attempt) < limits_.cap; ++attempt) {
        waited += longest_wait(attempt) * 3 / 4;
    }
    if (attempt <= attempts) {
        waited += (attempts - attempt + 1) * (limits_.cap * 3 / 4);
    }
    return waited >= limits_.give_up_after;
}

TimePoint RetryPlanner::after_outage(TimePoint now, std::uint32_t failures,
                                     const Error& error) noexcept
{
    const milliseconds longest = longest_wait(failures);
    std::uniform_int_distribution<milliseconds::rep> draw(longest.count() / 2, longest.count());
    const milliseconds asked =
        std::min<milliseconds>(std::chrono::seconds{error.retry_after_s}, limits_.asked_max);
    return now + std::max(milliseconds{draw(random_)}, asked);
}

Retry RetryPlanner::after_failure(TimePoint now, std::uint32_t attempts, TimePoint failing_since,
                                  const Error& error) noexcept
{
    if (now - failing_since >= limits_.give_up_after || worn_out(attempts)) {
        return Retry{.next_at = now, .give_up = true};
    }
    return Retry{.next_at = after_outage(now, attempts, error)};
}

milliseconds readd_wait(std::uint32_t times, milliseconds base) noexcept
{
    if (times <= 1) {
        return milliseconds{0};
    }
    return doubled(base, times - 2, std::chrono::hours{1});
}

} // namespace empathd
