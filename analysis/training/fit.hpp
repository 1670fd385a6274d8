#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace empathd::training {

/// Classes one head can tell apart, and outputs of all heads of one problem.
inline constexpr std::uint32_t classes_max = 12;
inline constexpr std::uint32_t outputs_max = 64;

/// One head of a problem: a softmax, or a logistic regression, beside the others.
struct FitHead {
    std::uint32_t first = 0;   ///< Its first output.
    std::uint32_t outputs = 1; ///< Classes, or 1 for two (the logit of the first).
    float l2_rows = 1;         ///< Penalty: l2 / 2 x sum of squares, beside the summed loss.
    float l2_rules = 1;
};

/// What a text teaches one head.
struct FitAnswer {
    std::uint32_t head = 0;
    std::uint32_t label = 0;
    float weight = 1;
};

/// One text as a fit sees it. Rows of both groups stand in Problem::rows from `begin`.
struct FitExample {
    std::uint64_t begin = 0;
    std::uint32_t words = 0;      ///< Rows of the words group, then
    std::uint32_t characters = 0; ///< those of the characters.
    float words_value = 0;        ///< What each row of the group counts: 1 / sqrt(features).
    float characters_value = 0;
    std::uint64_t rules_begin = 0; ///< Into Problem::rules.
    std::uint32_t rules = 0;
    std::uint32_t answers = 0;
    std::uint64_t answers_begin = 0; ///< Into Problem::answers; heads ascending.
    std::uint32_t language = 0;
    std::uint32_t set = 0;
};

/// Several heads over the same texts, fitted together because reading a text's rows costs the same
/// for one head as for all. Weights are learned for rows, rules, and a bias for every language and
/// every set: what a set has of its own (its share of complaints) stays in its bias and out of the
/// words.
struct Problem {
    std::uint32_t row_bits = 18;
    std::vector<FitHead> heads; ///< Their outputs one after the other, from 0.
    std::uint32_t rule_count = 0;
    std::uint32_t language_count = 1;
    std::uint32_t set_count = 1; ///< Set 0 has no bias of its own.
    std::vector<std::uint32_t> rows;
    std::vector<std::pair<std::uint32_t, float>> rules; ///< Rule and value.
    std::vector<FitAnswer> answers;
    std::vector<float> row_scales; ///< One per row: what a row counts more or less. Empty: all 1.
    std::vector<FitExample> examples;

    [[nodiscard]] std::uint32_t outputs() const noexcept
    {
        return heads.empty() ? 0 : heads.back().first + heads.back().outputs;
    }
};

struct FitOptions {
    float l2_language = 0.1F;
    float l2_set = 0.1F;
    std::uint32_t epochs = 15;
    float rate = 0.1F; ///< Of the adaptive steps.
};

/// What was learned. Every row, rule, language and set has `stride` weights, of which the first
/// Problem::outputs() count.
struct Weights {
    std::uint32_t outputs = 0;
    std::size_t stride = 0;
    std::vector<float> all;        ///< Rows, rules, languages, sets.
    std::vector<float> row_scales; ///< The problem's: a row's weight in use is their product.
    std::size_t rules_at = 0;
    std::size_t languages_at = 0;
    std::size_t sets_at = 0;
};

/// Goes down the penalised loss of the examples whose `used` is not 0 (all when empty), from zero.
/// One thread, fixed order: the same input gives the same bits.
[[nodiscard]] Weights fit(const Problem& problem, const FitOptions& options,
                          std::span<const char> used = {});

/// Scales that make rare rows count more: the inverse document frequency among the examples with
/// `used` not 0, to the power `strength` (0..1), such that the mean square over all uses is 1.
[[nodiscard]] std::vector<float> rarity_scales(const Problem& problem, std::span<const char> used,
                                               double strength);

/// Raw outputs of every head for one example; without the bias of its set.
void predict(const Problem& problem, const Weights& weights, const FitExample& example,
             std::span<double> out);

/// Probabilities of all classes from raw outputs (two for one output), divided by `temperature`.
[[nodiscard]] std::vector<double> softmax(std::span<const double> outputs, double temperature);

} // namespace empathd::training
