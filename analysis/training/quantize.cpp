#include "analysis/training/quantize.hpp"

#include <algorithm>
#include <cmath>

namespace empathd::training {
namespace {

constexpr float steps_max = 127;

std::int8_t step_of(float weight, float scale)
{
    const float steps = std::clamp(weight / scale, -steps_max, steps_max);
    return static_cast<std::int8_t>(steps < 0 ? steps - 0.5F : steps + 0.5F);
}

} // namespace

Quantized quantize(std::span<const float> weights)
{
    float largest = 0;
    for (const float weight : weights) {
        largest = std::max(largest, std::abs(weight));
    }
    Quantized best;
    best.steps.assign(weights.size(), 0);
    if (largest == 0) {
        return best;
    }
    double best_loss = -1;
    for (const float share : {1.0F, 0.8F, 0.65F, 0.5F, 0.4F, 0.3F, 0.2F}) {
        const float scale = largest * share / steps_max;
        double loss = 0;
        for (const float weight : weights) {
            const double off = double{weight} - double{scale} * step_of(weight, scale);
            loss += off * off;
        }
        if (best_loss < 0 || loss < best_loss) {
            best_loss = loss;
            best.scale = scale;
        }
    }
    std::ranges::transform(weights, best.steps.begin(),
                           [&](float weight) { return step_of(weight, best.scale); });
    return best;
}

} // namespace empathd::training
