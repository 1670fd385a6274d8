#pragma once

#include <chrono>
#include <cstddef>

namespace empathd::analysis {

/// A life: this long after its first poll a post's count is taken as final.
inline constexpr std::chrono::hours life{7 * 24};

/// Posts that wait to be learned, at most. Of more, those stay whose ids hash lowest: an even
/// sample, the same whatever the order they came in.
inline constexpr std::size_t pending_max = 20'000;

/// Polls this much later than they should be (see `lateness`) widen the interval: the distance of
/// its bounds from the median, in doublings, grows by lateness / late_from. From `late_too` on the
/// forecast is withheld.
inline constexpr double late_from = 2;
inline constexpr double late_too = 4;

/// Posts of a platform that must have been learned, and the share of their final counts that the 80
/// % intervals must have caught, before its forecasts are called calibrated.
inline constexpr std::size_t matured_for_own = 300;
inline constexpr double coverage_for_own_min = 0.70;
inline constexpr double coverage_for_own_max = 0.90;

} // namespace empathd::analysis
