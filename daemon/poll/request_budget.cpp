#include "daemon/poll/request_budget.hpp"

#include <algorithm>

namespace empathd {
namespace {

constexpr std::chrono::milliseconds hour{3'600'000};

} // namespace

// In an hour at most `capacity` that were there and hour / refill that came: with a refill just
// longer than hour / (per_hour - capacity + 1) these are per_hour.
RequestBudget::RequestBudget(std::uint32_t per_hour) noexcept
    : capacity_(per_hour == 0 ? 0 : std::max<std::int64_t>(1, per_hour / 10)),
      refill_(hour / (std::int64_t{per_hour} - capacity_ + 1) + std::chrono::milliseconds{1})
{
}

TimePoint RequestBudget::next(TimePoint now) const noexcept
{
    return capacity_ == 0 ? TimePoint::max() : std::max(now, full_at_ - (capacity_ - 1) * refill_);
}

void RequestBudget::spend(TimePoint now) noexcept
{
    full_at_ = std::max(full_at_, now) + refill_;
}

} // namespace empathd
