#pragma once

#include "analysis/model/time.hpp"

namespace empathd::testing {

/// A clock that stands still until the test moves it.
class FakeClock final : public Clock {
public:
    explicit FakeClock(TimePoint start) : now_(start) {}

    [[nodiscard]] TimePoint now() const override { return now_; }
    void advance(std::chrono::milliseconds by) { now_ += by; }
    void set(TimePoint to) { now_ = to; }

private:
    TimePoint now_;
};

} // namespace empathd::testing
