#include "analysis/training/fit.hpp"

#include "analysis/training/exact_math.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <deque>

namespace empathd::training {
namespace {

using Vector = std::vector<float>;

double dot(const Vector& a, const Vector& b) noexcept
{
    std::array<double, 4> sums{};
    std::size_t i = 0;
    for (; i + 4 <= a.size(); i += 4) {
        for (std::size_t k = 0; k < 4; ++k) {
            sums[k] += double{a[i + k]} * double{b[i + k]};
        }
    }
    for (; i < a.size(); ++i) {
        sums[0] += double{a[i]} * double{b[i]};
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

void add_scaled(Vector& to, double factor, const Vector& from) noexcept
{
    const auto f = static_cast<float>(factor);
    for (std::size_t i = 0; i < to.size(); ++i) {
        to[i] += f * from[i];
    }
}

Weights layout(const Problem& problem)
{
    Weights weights;
    weights.outputs = problem.outputs;
    weights.row_scales = problem.row_scales;
    const std::size_t k = problem.outputs;
    weights.rules_at = (std::size_t{1} << problem.row_bits) * k;
    weights.dense_at = weights.rules_at + problem.rule_count * k;
    weights.languages_at = weights.dense_at + problem.dense_count * k;
    weights.sets_at = weights.languages_at + problem.language_count * k;
    weights.all.assign(weights.sets_at + problem.set_count * k, 0);
    return weights;
}

/// Calls `visit(offset of the first of K weights, value)` for everything an example counts.
template <std::uint32_t K, class Visit>
void for_each_input(const Problem& problem, const Weights& at, const FitExample& example,
                    bool with_set, Visit visit)
{
    const std::uint32_t* row = problem.rows.data() + example.begin;
    const float* const scales = problem.row_scales.empty() ? nullptr : problem.row_scales.data();
    const auto scale_of = [scales](std::uint32_t of) { return scales == nullptr ? 1 : scales[of]; };
    for (std::uint32_t i = 0; i < example.words; ++i, ++row) {
        visit(std::size_t{*row} * K, example.words_value * scale_of(*row));
    }
    for (std::uint32_t i = 0; i < example.characters; ++i, ++row) {
        visit(std::size_t{*row} * K, example.characters_value * scale_of(*row));
    }
    for (std::uint32_t i = 0; i < example.rules; ++i) {
        const auto& [rule, value] = problem.rules[example.rules_begin + i];
        visit(at.rules_at + std::size_t{rule} * K, value);
    }
    if (example.dense >= 0) {
        for (std::uint32_t i = 0; i < problem.dense_count; ++i) {
            visit(at.dense_at + std::size_t{i} * K,
                  problem.dense[static_cast<std::size_t>(example.dense) + i]);
        }
    }
    visit(at.languages_at + std::size_t{example.language} * K, 1.0F);
    if (with_set && example.set != 0) {
        visit(at.sets_at + std::size_t{example.set} * K, 1.0F);
    }
}

/// Loss of one example; `z` becomes the loss's derivative by each output.
template <std::uint32_t K>
double loss_of(std::array<double, K>& z, std::uint32_t label) noexcept
{
    if constexpr (K == 1) {
        const double sign = label == 0 ? 1 : -1;
        const double margin = z[0] * sign;
        const double e = exact_exp(margin > 0 ? -margin : margin);
        const double loss = exact_log(1 + e) + (margin > 0 ? 0 : -margin);
        const double wrong = margin > 0 ? e / (1 + e) : 1 / (1 + e);
        z[0] = -sign * wrong;
        return loss;
    } else {
        const double highest = *std::ranges::max_element(z);
        double sum = 0;
        const double own = z[label] - highest;
        for (double& value : z) {
            value = exact_exp(value - highest);
            sum += value;
        }
        for (double& value : z) {
            value /= sum;
        }
        z[label] -= 1;
        return exact_log(sum) - own;
    }
}

class Objective {
public:
    Objective(const Problem& problem, const FitOptions& options, std::span<const char> used)
        : problem_(problem), options_(options), used_(used)
    {
    }

    /// Penalised loss at `weights`; `gradient` has the size of weights.all.
    double operator()(const Weights& weights, Vector& gradient) const
    {
        switch (problem_.outputs) {
        case 1: return pass<1>(weights, gradient);
        case 2: return pass<2>(weights, gradient);
        case 3: return pass<3>(weights, gradient);
        case 4: return pass<4>(weights, gradient);
        case 5: return pass<5>(weights, gradient);
        case 6: return pass<6>(weights, gradient);
        case 7: return pass<7>(weights, gradient);
        case 8: return pass<8>(weights, gradient);
        case 9: return pass<9>(weights, gradient);
        case 10: return pass<10>(weights, gradient);
        case 11: return pass<11>(weights, gradient);
        default: assert(problem_.outputs == 12); return pass<12>(weights, gradient);
        }
    }

private:
    template <std::uint32_t K>
    double pass(const Weights& weights, Vector& gradient) const
    {
        std::ranges::fill(gradient, 0.0F);
        double total = 0;
        for (std::size_t i = 0; i < problem_.examples.size(); ++i) {
            if (!used_.empty() && used_[i] == 0) {
                continue;
            }
            const FitExample& example = problem_.examples[i];
            std::array<float, K> sums{};
            for_each_input<K>(problem_, weights, example, true, [&](std::size_t at, float value) {
                for (std::size_t k = 0; k < K; ++k) {
                    sums[k] += value * weights.all[at + k];
                }
            });
            std::array<double, K> z;
            std::ranges::copy(sums, z.begin());
            total += double{example.weight} * loss_of<K>(z, example.label);
            std::array<float, K> slope;
            for (std::size_t k = 0; k < K; ++k) {
                slope[k] = example.weight * static_cast<float>(z[k]);
            }
            for_each_input<K>(problem_, weights, example, true, [&](std::size_t at, float value) {
                for (std::size_t k = 0; k < K; ++k) {
                    gradient[at + k] += value * slope[k];
                }
            });
        }
        return total + penalty(weights, gradient);
    }

    double penalty(const Weights& weights, Vector& gradient) const
    {
        double total = 0;
        const auto block = [&](std::size_t begin, std::size_t end, float l2) {
            double squares = 0;
            for (std::size_t i = begin; i < end; ++i) {
                squares += double{weights.all[i]} * double{weights.all[i]};
                gradient[i] += l2 * weights.all[i];
            }
            total += 0.5 * double{l2} * squares;
        };
        block(0, weights.rules_at, options_.l2_rows);
        block(weights.rules_at, weights.dense_at, options_.l2_rules);
        block(weights.dense_at, weights.languages_at, options_.l2_dense);
        block(weights.languages_at, weights.sets_at, options_.l2_language);
        block(weights.sets_at, weights.all.size(), options_.l2_set);
        return total;
    }

    const Problem& problem_;
    const FitOptions& options_;
    std::span<const char> used_;
};

/// The last few steps and what they did to the gradient: an estimate of the curvature.
class History {
public:
    void add(Vector step, Vector change)
    {
        const double along = dot(step, change);
        if (along <= 1e-12 * dot(change, change)) {
            return; // No curvature to learn from.
        }
        pairs_.push_back({std::move(step), std::move(change), 1 / along});
        if (pairs_.size() > kept) {
            pairs_.pop_front();
        }
    }

    /// Two-loop recursion (Nocedal and Wright, Numerical Optimization, algorithm 7.4).
    [[nodiscard]] Vector descent(const Vector& gradient) const
    {
        Vector direction = gradient;
        std::vector<double> alphas(pairs_.size());
        for (std::size_t i = pairs_.size(); i-- > 0;) {
            alphas[i] = pairs_[i].rho * dot(pairs_[i].step, direction);
            add_scaled(direction, -alphas[i], pairs_[i].change);
        }
        if (!pairs_.empty()) {
            const Pair& last = pairs_.back();
            const double scale = 1 / (last.rho * dot(last.change, last.change));
            for (float& value : direction) {
                value *= static_cast<float>(scale);
            }
        }
        for (std::size_t i = 0; i < pairs_.size(); ++i) {
            const double beta = pairs_[i].rho * dot(pairs_[i].change, direction);
            add_scaled(direction, alphas[i] - beta, pairs_[i].step);
        }
        for (float& value : direction) {
            value = -value;
        }
        return direction;
    }

    [[nodiscard]] bool empty() const noexcept { return pairs_.empty(); }
    void clear() { pairs_.clear(); }

private:
    static constexpr std::size_t kept = 6;
    struct Pair {
        Vector step;
        Vector change;
        double rho;
    };
    std::deque<Pair> pairs_;
};

} // namespace

Weights fit(const Problem& problem, const FitOptions& options, std::span<const char> used,
            const Weights* start)
{
    Weights weights = layout(problem);
    if (start != nullptr) {
        assert(start->all.size() == weights.all.size());
        weights.all = start->all;
    }
    const Objective objective(problem, options, used);
    Vector gradient(weights.all.size());
    double loss = objective(weights, gradient);
    History history;
    Weights next = weights;
    Vector next_gradient(gradient.size());
    for (std::uint32_t iteration = 0; iteration < options.iterations; ++iteration) {
        Vector direction = history.descent(gradient);
        double slope = dot(direction, gradient);
        if (!(slope < 0)) {
            break;
        }
        double step = history.empty() ? 1 / (1 + std::sqrt(dot(gradient, gradient))) : 1;
        double next_loss = loss;
        bool better = false;
        for (int attempt = 0; attempt < 20 && !better; ++attempt, step /= 2) {
            next.all = weights.all;
            add_scaled(next.all, step, direction);
            next_loss = objective(next, next_gradient);
            better = next_loss <= loss + 1e-4 * step * slope;
        }
        if (!better) {
            break;
        }
        Vector moved = next.all;
        add_scaled(moved, -1, weights.all);
        Vector change = next_gradient;
        add_scaled(change, -1, gradient);
        history.add(std::move(moved), std::move(change));
        const double gain = loss - next_loss;
        std::swap(weights.all, next.all);
        std::swap(gradient, next_gradient);
        loss = next_loss;
        if (gain < 1e-5 * std::abs(loss)) {
            break;
        }
    }
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
    const std::size_t k = weights.outputs;
    std::ranges::fill(out, 0.0);
    const auto add = [&](std::size_t at, double value) {
        for (std::size_t i = 0; i < k; ++i) {
            out[i] += value * double{weights.all[at + i]};
        }
    };
    const std::uint32_t* row = problem.rows.data() + example.begin;
    for (std::uint32_t i = 0; i < example.words + example.characters; ++i, ++row) {
        const float value = i < example.words ? example.words_value : example.characters_value;
        add(*row * k, double{value} * (scales.empty() ? 1 : double{scales[*row]}));
    }
    for (std::uint32_t i = 0; i < example.rules; ++i) {
        const auto& [rule, value] = problem.rules[example.rules_begin + i];
        add(weights.rules_at + rule * k, double{value});
    }
    if (example.dense >= 0) {
        for (std::uint32_t i = 0; i < problem.dense_count; ++i) {
            add(weights.dense_at + i * k,
                double{problem.dense[static_cast<std::size_t>(example.dense) + i]});
        }
    }
    add(weights.languages_at + example.language * k, 1);
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
