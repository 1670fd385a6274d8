#include "analysis/training/calibrate.hpp"

#include "analysis/training/exact_math.hpp"
#include "analysis/training/fit.hpp"

#include <algorithm>

namespace empathd::training {

double fit_temperature(std::span<const HeldOutput> held)
{
    constexpr std::size_t least = 30;
    if (held.size() < least) {
        return 1;
    }
    double best = 1;
    double best_loss = 0;
    bool first = true;
    for (double temperature = 0.1; temperature < 10; temperature *= 1.03) {
        double loss = 0;
        for (const HeldOutput& one : held) {
            loss -= exact_log(std::max(softmax(one.outputs, temperature)[one.truth], 1e-12));
        }
        if (first || loss < best_loss) {
            best = temperature;
            best_loss = loss;
            first = false;
        }
    }
    return best;
}

double fit_threshold(std::span<const HeldOutput> held, double temperature,
                     const ThresholdRule& rule)
{
    const auto count = static_cast<double>(held.size());
    double chosen = rule.least;
    for (int percent = static_cast<int>(rule.least * 100 + 0.5); percent < 100; ++percent) {
        const double threshold = percent / 100.0;
        double answered = 0;
        double right = 0;
        for (const HeldOutput& one : held) {
            const auto probabilities = softmax(one.outputs, temperature);
            const auto best = std::ranges::max_element(probabilities);
            if (*best >= threshold) {
                answered += 1;
                right += static_cast<std::size_t>(best - probabilities.begin()) == one.truth;
            }
        }
        if (answered < rule.answered * count) {
            break;
        }
        chosen = threshold;
        if (right >= rule.accuracy * answered) {
            break;
        }
    }
    return chosen;
}

} // namespace empathd::training
