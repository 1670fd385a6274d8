#pragma once

#include "analysis/model/time.hpp"

#include <array>
#include <cstdint>

namespace empathd::analysis {

/// The spike alert common in this industry, kept for comparison in reports, not for alerts: an hour
/// with more posts than the mean of the last seven days' hours plus three standard deviations.
/// Knows no hour of the day, no small numbers and no authors. Pure.
class SigmaRule {
public:
    static constexpr std::size_t hours_kept = 168;
    static constexpr std::size_t hours_min = 24; ///< Fewer: never an alarm.

    /// True: this hour is a spike. The hour is judged by those before it, then joins them.
    bool add(std::uint64_t count) noexcept;

    /// Above this an hour is a spike; infinity while there are too few.
    [[nodiscard]] double limit() const noexcept;

private:
    std::array<double, hours_kept> counts_{};
    std::size_t next_ = 0;
    std::size_t size_ = 0;
};

} // namespace empathd::analysis
