// The second fit of a HeadTrainer, over the outputs of the first.

#include "analysis/training/head_trainer.hpp"

#include <algorithm>

namespace empathd::training {

/// A second, small fit over the outputs of the first, held-out ones all: every head reads all of
/// them, which tells it what the others know and how much to trust rare labels. It is linear, so it
/// becomes part of the table and costs nothing in use.
void HeadTrainer::mix()
{
    const std::uint32_t outputs = problem_.outputs();
    Problem mixing;
    mixing.row_bits = 0;
    mixing.heads = problem_.heads;
    for (FitHead& head : mixing.heads) {
        head.l2_rules = field_.plan->l2_mix;
    }
    mixing.rule_count = outputs;
    mixing.language_count = problem_.language_count;
    std::vector<std::size_t> origins;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Typing typing = entries_[i].typing;
        if (entries_[i].role != Role::asked) {
            continue;
        }
        FitExample example;
        example.language = problem_.examples[i].language;
        example.answers_begin = mixing.answers.size();
        const bool taught = typing == Typing::as_is || typing == Typing::stripped;
        for (std::size_t head = 0; taught && head < plans_.size(); ++head) {
            if (const FitAnswer* const answer = answer_of(head, i)) {
                mixing.answers.push_back({answer->head, answer->label, 1});
                ++example.answers;
            }
        }
        example.rules_begin = mixing.rules.size();
        example.rules = outputs;
        for (std::uint32_t output = 0; output < outputs; ++output) {
            mixing.rules.emplace_back(output, outputs_[i * outputs + output]);
        }
        mixing.examples.push_back(example);
        origins.push_back(i);
    }
    const FitOptions options{.l2_language = 0.1F, .epochs = 15, .rate = 0.1F};
    std::vector<float> mixed(outputs_.size());
    std::vector<double> values(outputs);
    for (std::uint32_t fold = 0; fold <= folds(); ++fold) {
        std::vector<char> used(origins.size());
        for (std::size_t i = 0; i < origins.size(); ++i) {
            used[i] = fold_of(entries_[origins[i]].sample) != static_cast<std::int32_t>(fold);
        }
        const Weights weights = fit(mixing, options, used);
        for (std::size_t i = 0; fold < folds() && i < origins.size(); ++i) {
            if (used[i] == 0) {
                predict(mixing, weights, mixing.examples[i], values);
                std::ranges::transform(
                    values, mixed.begin() + static_cast<std::ptrdiff_t>(origins[i] * outputs),
                    [](double value) { return static_cast<float>(value); });
            }
        }
        mix_ = weights;
    }
    outputs_ = std::move(mixed);
    fold_in();
}

/// The table that gives at once what the two fits give one after the other.
void HeadTrainer::fold_in()
{
    const std::uint32_t outputs = problem_.outputs();
    std::vector<double> after(outputs);
    for (std::size_t at = 0; at < final_.sets_at; at += final_.stride) {
        float* const weights = final_.all.data() + at;
        const bool bias = at >= final_.languages_at;
        const std::size_t language = bias ? (at - final_.languages_at) / final_.stride : 0;
        for (std::uint32_t to = 0; to < outputs; ++to) {
            after[to] =
                bias ? double{mix_.all[mix_.languages_at + language * mix_.stride + to]} : 0;
            for (std::uint32_t from = 0; from < outputs; ++from) {
                after[to] += double{mix_.all[mix_.rules_at + from * mix_.stride + to]} *
                             double{weights[from]};
            }
        }
        std::ranges::transform(after, weights,
                               [](double value) { return static_cast<float>(value); });
    }
}

} // namespace empathd::training
