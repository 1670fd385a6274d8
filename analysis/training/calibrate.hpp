#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace empathd::training {

/// Raw outputs for a text that was not trained on, and the right label.
struct HeldOutput {
    std::size_t truth = 0;
    std::vector<double> outputs;
};

/// The temperature that makes the held-out labels most likely; 0.1..10, in steps of 3 %; 1 when
/// fewer than 30 texts are there to tell.
[[nodiscard]] double fit_temperature(std::span<const HeldOutput> held);

struct ThresholdRule {
    double least = 0.5;     ///< Never below.
    double accuracy = 0.85; ///< Of the answers at and above the threshold.
    double answered = 0.65; ///< Share answered that is kept, whatever the accuracy.
};

/// The lowest probability from which on the answers are as accurate as the rule wants, in steps of
/// 0.01, but never so high that fewer than `answered` of the texts are answered.
[[nodiscard]] double fit_threshold(std::span<const HeldOutput> held, double temperature,
                                   const ThresholdRule& rule);

} // namespace empathd::training
