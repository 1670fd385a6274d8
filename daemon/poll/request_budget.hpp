#pragma once

#include "analysis/model/time.hpp"

#include <chrono>
#include <cstdint>

namespace empathd {

/// At most so many requests in any hour, spread over it: a tenth may go at once (so that a hastened
/// look never waits long), the rest come back one by one. A token bucket whose capacity and refill
/// together never exceed the budget in any 60 minutes. Pure.
class RequestBudget {
public:
    /// 0: no request ever.
    explicit RequestBudget(std::uint32_t per_hour) noexcept;

    /// When the next request may be made; `now` or later. TimePoint::max(): never.
    [[nodiscard]] TimePoint next(TimePoint now) const noexcept;

    /// A request is made at `now`, not before `next(now)`.
    void spend(TimePoint now) noexcept;

private:
    std::int64_t capacity_;
    std::chrono::milliseconds refill_; ///< Until one more is there.
    /// When the bucket will be full again, were nothing spent: what is spent pushes it on.
    TimePoint full_at_{};
};

} // namespace empathd
