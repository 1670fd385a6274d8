#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace empathd::training {

/// Classes a fit can tell apart.
inline constexpr std::uint32_t classes_max = 12;

/// One text as a fit sees it. Rows of both groups stand in Problem::rows from `begin`.
struct FitExample {
    std::uint64_t begin = 0;
    std::uint32_t words = 0;      ///< Rows of the words group, then
    std::uint32_t characters = 0; ///< those of the characters.
    float words_value = 0;        ///< What each row of the group counts: 1 / sqrt(features).
    float characters_value = 0;
    std::uint64_t rules_begin = 0; ///< Into Problem::rules.
    std::uint32_t rules = 0;
    std::uint32_t label = 0;
    std::uint32_t language = 0;
    std::uint32_t set = 0;
    std::int64_t dense = -1; ///< First of its dense values; -1: all zero.
    float weight = 1;
};

/// A softmax or logistic regression to be fitted. Weights are learned for rows, rules, dense
/// values, and a bias for every language and every set: what a set has of its own (its share of
/// complaints) stays in its bias and out of the words.
struct Problem {
    std::uint32_t row_bits = 18;
    std::uint32_t outputs = 1; ///< Classes, or 1 for two (the logit of the first).
    std::uint32_t rule_count = 0;
    std::uint32_t dense_count = 0;
    std::uint32_t language_count = 1;
    std::uint32_t set_count = 1; ///< Set 0 has no bias of its own.
    std::vector<std::uint32_t> rows;
    std::vector<std::pair<std::uint32_t, float>> rules; ///< Rule and value.
    std::vector<float> dense;
    std::vector<float> row_scales; ///< One per row: what a row counts more or less. Empty: all 1.
    std::vector<FitExample> examples;
};

struct FitOptions {
    float l2_rows = 1; ///< Penalties: l2 / 2 x sum of squares, beside the summed loss.
    float l2_rules = 1;
    float l2_dense = 0.1F;
    float l2_language = 0.1F;
    float l2_set = 0.1F;
    std::uint32_t iterations = 60;
};

/// What was learned, in the layout of `Problem`.
struct Weights {
    std::uint32_t outputs = 0;
    std::vector<float> all; ///< Rows, rules, dense, languages, sets; each x outputs.
    std::vector<float>
        row_scales; ///< Those of the problem: a row's weight in use is their product.
    std::size_t rules_at = 0;
    std::size_t dense_at = 0;
    std::size_t languages_at = 0;
    std::size_t sets_at = 0;
};

/// Minimises the penalised loss of the examples whose `used` is not 0 (all when empty) by L-BFGS,
/// from `start` or from zero. One thread, fixed order: the same input gives the same bits.
[[nodiscard]] Weights fit(const Problem& problem, const FitOptions& options,
                          std::span<const char> used = {}, const Weights* start = nullptr);

/// Scales that make rare rows count more: the inverse document frequency among the examples with
/// `used` not 0, to the power `strength` (0..1), such that the mean square over all uses is 1.
[[nodiscard]] std::vector<float> rarity_scales(const Problem& problem, std::span<const char> used,
                                               double strength);

/// Raw outputs for one example; without the bias of its set.
void predict(const Problem& problem, const Weights& weights, const FitExample& example,
             std::span<double> out);

/// Probabilities of all classes from raw outputs (two for one output), divided by `temperature`.
[[nodiscard]] std::vector<double> softmax(std::span<const double> outputs, double temperature);

} // namespace empathd::training
