#pragma once

#include "analysis/model/time.hpp"

namespace empathd {

/// The machine's wall clock: the only place that reads it.
class SystemClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const override
    {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

} // namespace empathd
