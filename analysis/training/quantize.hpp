#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace empathd::training {

struct Quantized {
    float scale = 1; ///< Weight of one step.
    std::vector<std::int8_t> steps;
};

/// Weights as multiples of one scale, -127..127; the scale (of a few) that loses least in the sum
/// of squares. Far weights are cut to 127 steps where that serves the many.
[[nodiscard]] Quantized quantize(std::span<const float> weights);

} // namespace empathd::training
