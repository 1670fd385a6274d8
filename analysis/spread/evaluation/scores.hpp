#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace empathd::spread_evaluation {

/// A score, and whether it came true.
using Scored = std::pair<double, bool>;

/// The chance that one that came true scores higher than one that did not, ties half. 0.5 when
/// either is absent.
[[nodiscard]] double area_under_curve(std::vector<Scored> scored);

/// Of the highest scores that hold half of all that came true, the share that did. 0 when none did.
[[nodiscard]] double precision_at_half(std::vector<Scored> scored);

/// Mean of (p - truth)^2; 0 when empty.
[[nodiscard]] double brier(const std::vector<Scored>& scored);

/// 0 when empty.
[[nodiscard]] double median(std::vector<double> values);
[[nodiscard]] double mean(const std::vector<double>& values);

} // namespace empathd::spread_evaluation
