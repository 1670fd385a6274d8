#include "analysis/training/fit.hpp"

#include "analysis/training/exact_math.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <utility>

namespace empathd::training {
namespace {

constexpr std::size_t stride_step = 8; ///< Keeps rows of weights apart by whole vectors.

Weights layout(const Problem& problem)
{
    assert(problem.outputs() <= outputs_max);
    Weights weights;
    weights.outputs = problem.outputs();
    weights.stride =
        weights.outputs == 1 ? 1 : (weights.outputs + stride_step - 1) / stride_step * stride_step;
    weights.row_scales = problem.row_scales;
    const std::size_t stride = weights.stride;
    weights.rules_at = (std::size_t{1} << problem.row_bits) * stride;
    weights.languages_at = weights.rules_at + problem.rule_count * stride;
    weights.sets_at = weights.languages_at + problem.language_count * stride;
    weights.all.assign(weights.sets_at + problem.set_count * stride, 0);
    return weights;
}

/// Calls `visit(offset of the first weight, value)` for everything an example counts.
template <class Visit>
void for_each_input(const Problem& problem, const Weights& at, const FitExample& example,
                    bool with_set, Visit visit)
{
    const std::uint32_t* row = problem.rows.data() + example.begin;
    const float* const scales = problem.row_scales.empty() ? nullptr : problem.row_scales.data();
    const auto scale_of = [scales](std::uint32_t of) { return scales == nullptr ? 1 : scales[of]; };
    for (std::uint32_t i = 0; i < example.words; ++i, ++row) {
        visit(*row * at.stride, example.words_value * scale_of(*row));
    }
    for (std::uint32_t i = 0; i < example.characters; ++i, ++row) {
        visit(*row * at.stride, example.characters_value * scale_of(*row));
    }
    for (std::uint32_t i = 0; i < example.rules; ++i) {
        const auto& [rule, value] = problem.rules[example.rules_begin + i];
        visit(at.rules_at + rule * at.stride, value);
    }
    visit(at.languages_at + example.language * at.stride, 1.0F);
    if (with_set && example.set != 0) {
        visit(at.sets_at + example.set * at.stride, 1.0F);
    }
}

/// Outputs of one head become the log loss's derivatives by them.
void to_slope(std::span<double> z, std::uint32_t label) noexcept
{
    if (z.size() == 1) {
        const double sign = label == 0 ? 1 : -1;
        const double margin = z[0] * sign;
        const double e = exact_exp(margin > 0 ? -margin : margin);
        z[0] = -sign * (margin > 0 ? e / (1 + e) : 1 / (1 + e));
        return;
    }
    const double highest = *std::ranges::max_element(z);
    double sum = 0;
    for (double& value : z) {
        value = exact_exp(value - highest);
        sum += value;
    }
    for (double& value : z) {
        value /= sum;
    }
    z[label] -= 1;
}

/// Adaptive gradient steps example by example (Duchi, Hazan and Singer 2011), in an order shuffled
/// anew for every epoch. A row's share of the penalty comes with each of its uses.
class Descent {
public:
    Descent(const Problem& problem, const FitOptions& options, std::span<const char> used)
        : problem_(problem), options_(options)
    {
        l2_language_.fill(options.l2_language);
        l2_set_.fill(options.l2_set);
        for (const FitHead& head : problem.heads) {
            for (std::uint32_t i = 0; i < head.outputs; ++i) {
                l2_rows_[head.first + i] = head.l2_rows;
                l2_rules_[head.first + i] = head.l2_rules;
            }
        }
        for (std::uint32_t i = 0; i < problem.examples.size(); ++i) {
            if ((used.empty() || used[i] != 0) && problem.examples[i].answers > 0) {
                order_.push_back(i);
            }
        }
    }

    void run(Weights& weights)
    {
        uses_.assign(weights.all.size() / weights.stride, 0);
        squares_.assign(weights.all.size(), 1e-8F);
        for (const std::uint32_t i : order_) {
            for_each_input(problem_, weights, problem_.examples[i], true,
                           [&](std::size_t at, float) { uses_[at / weights.stride] += 1; });
        }
        for (std::uint32_t epoch = 0; epoch < options_.epochs; ++epoch) {
            shuffle(epoch);
            for (const std::uint32_t i : order_) {
                step(weights, problem_.examples[i]);
            }
        }
    }

private:
    using PerOutput = std::array<float, outputs_max>;

    /// The derivative of one example's loss by the outputs its answers are about.
    struct Slope {
        std::size_t begin = 0; ///< First output.
        std::size_t count = 0;
        PerOutput of{};
    };
    [[nodiscard]] Slope slope_of(const Weights& weights, const FitExample& example) const
    {
        const FitAnswer* const answers = problem_.answers.data() + example.answers_begin;
        const FitHead& last = problem_.heads[answers[example.answers - 1].head];
        Slope slope{.begin = problem_.heads[answers[0].head].first};
        slope.count = last.first + last.outputs - slope.begin;
        PerOutput sums{};
        for_each_input(problem_, weights, example, true, [&](std::size_t at, float value) {
            const float* const from = weights.all.data() + at + slope.begin;
            for (std::size_t k = 0; k < slope.count; ++k) {
                sums[k] += value * from[k];
            }
        });
        for (std::uint32_t i = 0; i < example.answers; ++i) {
            const FitHead& head = problem_.heads[answers[i].head];
            const std::size_t first = head.first - slope.begin;
            std::array<double, classes_max> z;
            std::copy_n(sums.begin() + static_cast<std::ptrdiff_t>(first), head.outputs, z.begin());
            const std::span<double> of_head(z.data(), head.outputs);
            to_slope(of_head, answers[i].label);
            for (std::size_t k = 0; k < head.outputs; ++k) {
                slope.of[first + k] = answers[i].weight * static_cast<float>(z[k]);
            }
        }
        return slope;
    }

    /// The penalties of the weights that begin at `at`.
    [[nodiscard]] const PerOutput& l2_at(const Weights& weights, std::size_t at) const noexcept
    {
        if (at < weights.rules_at) {
            return l2_rows_;
        }
        return at < weights.languages_at ? l2_rules_
               : at < weights.sets_at    ? l2_language_
                                         : l2_set_;
    }

    void shuffle(std::uint32_t epoch)
    {
        Sequence sequence(epoch + 1);
        for (std::size_t i = order_.size(); i > 1; --i) {
            std::swap(order_[i - 1], order_[sequence.below(i)]);
        }
    }

    void step(Weights& weights, const FitExample& example)
    {
        const Slope slope = slope_of(weights, example);
        for_each_input(problem_, weights, example, true, [&](std::size_t at, float value) {
            const float share = 1 / uses_[at / weights.stride];
            const float* const l2 = l2_at(weights, at).data() + slope.begin;
            float* const weight = weights.all.data() + at + slope.begin;
            float* const square = squares_.data() + at + slope.begin;
            for (std::size_t k = 0; k < slope.count; ++k) {
                const float g = value * slope.of[k] + share * l2[k] * weight[k];
                square[k] += g * g;
                weight[k] -= options_.rate * g / std::sqrt(square[k]);
            }
        });
    }

    const Problem& problem_;
    const FitOptions& options_;
    std::vector<std::uint32_t> order_;
    std::vector<float> uses_;
    std::vector<float> squares_;
    PerOutput l2_rows_{};
    PerOutput l2_rules_{};
    PerOutput l2_language_{};
    PerOutput l2_set_{};
};

} // namespace

Weights fit(const Problem& problem, const FitOptions& options, std::span<const char> used)
{
    Weights weights = layout(problem);
    Descent(problem, options, used).run(weights);
    return weights;
}

std::vector<float> rarity_scales(const Problem& problem, std::span<const char> used,
                                 double strength)
{
    const std::size_t rows = std::size_t{1} << problem.row_bits;
    std::vector<double> uses(rows);
    double examples = 0;
    double all = 0;
    for (std::size_t i = 0; i < problem.examples.size(); ++i) {
        if (used[i] == 0) {
            continue;
        }
        const FitExample& example = problem.examples[i];
        examples += 1;
        for (std::uint32_t k = 0; k < example.words + example.characters; ++k) {
            uses[problem.rows[example.begin + k]] += 1;
            all += 1;
        }
    }
    std::vector<float> scales(rows, 1);
    double squares = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        const double rarity = exact_log(1 + examples / (uses[row] + 1));
        const double scale = exact_exp(strength * exact_log(rarity + 1e-9));
        scales[row] = static_cast<float>(scale);
        squares += uses[row] * scale * scale;
    }
    const double norm = all > 0 ? std::sqrt(all / squares) : 1;
    for (float& scale : scales) {
        scale *= static_cast<float>(norm);
    }
    return scales;
}

void predict(const Problem& problem, const Weights& weights, const FitExample& example,
             std::span<double> out)
{
    const std::vector<float>& scales = weights.row_scales;
    const std::size_t stride = weights.stride;
    std::ranges::fill(out, 0.0);
    const auto add = [&](std::size_t at, double value) {
        for (std::size_t i = 0; i < weights.outputs; ++i) {
            out[i] += value * double{weights.all[at + i]};
        }
    };
    const std::uint32_t* row = problem.rows.data() + example.begin;
    for (std::uint32_t i = 0; i < example.words + example.characters; ++i, ++row) {
        const float value = i < example.words ? example.words_value : example.characters_value;
        add(*row * stride, double{value} * (scales.empty() ? 1 : double{scales[*row]}));
    }
    for (std::uint32_t i = 0; i < example.rules; ++i) {
        const auto& [rule, value] = problem.rules[example.rules_begin + i];
        add(weights.rules_at + rule * stride, double{value});
    }
    add(weights.languages_at + example.language * stride, 1);
}

std::vector<double> softmax(std::span<const double> outputs, double temperature)
{
    std::vector<double> result;
    if (outputs.size() == 1) {
        const double e = exact_exp(-outputs[0] / temperature);
        return {1 / (1 + e), e / (1 + e)};
    }
    const double highest = *std::ranges::max_element(outputs);
    double sum = 0;
    for (const double value : outputs) {
        result.push_back(exact_exp((value - highest) / temperature));
        sum += result.back();
    }
    for (double& value : result) {
        value /= sum;
    }
    return result;
}

} // namespace empathd::training
