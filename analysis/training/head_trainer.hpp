#pragma once

#include "analysis/training/encode.hpp"
#include "analysis/training/trainer.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace empathd::training {

/// What all heads share: the samples, their folds and languages.
struct Field {
    std::span<const Sample> samples;
    const Plan* plan = nullptr;
    const FeatureCounts* counts = nullptr;
    std::vector<std::int32_t> folds;      ///< Beside samples.
    std::vector<std::uint32_t> languages; ///< Beside samples: index into the language labels.
    std::vector<std::uint32_t> sets;      ///< Beside samples: 0 for our own corpus.
    std::uint32_t set_count = 1;
};

/// Spreads the corpus's groups evenly over the folds, and the texts of sets by their hash.
[[nodiscard]] Field make_field(std::span<const Sample> samples, const Plan& plan,
                               const FeatureCounts& counts);

/// Fits heads that read the same texts: once without each fold, then on everything.
class HeadTrainer {
public:
    /// `field` and `plans` must outlive the trainer.
    HeadTrainer(const Field& field, std::span<const HeadPlan> plans);

    /// The language head alone: pieces of texts, no rules, one bias for all languages.
    void encode_language();
    /// All other heads.
    void encode_meaning();
    void fit_all(const Tools& tools);

    /// A head with its biases and calibration; `index` into the plans.
    [[nodiscard]] analysis::Head head(std::size_t index) const;
    [[nodiscard]] std::vector<HeldOut> held_out(std::size_t index,
                                                const analysis::Head& head) const;
    /// Weights of rows and rules of one head; rows first, each x outputs.
    [[nodiscard]] std::vector<float> table(std::size_t index) const;

private:
    enum class Role : std::uint8_t { taught, asked };
    struct Entry {
        std::size_t sample = 0;
        Role role = Role::taught;
        Typing typing = Typing::as_is;
    };

    [[nodiscard]] float weight_of(const HeadPlan& plan, const Sample& sample) const;
    [[nodiscard]] bool is_asked(const Sample& sample) const;
    [[nodiscard]] std::uint32_t folds() const;
    [[nodiscard]] std::int32_t fold_of(std::size_t sample) const;
    [[nodiscard]] std::size_t label_index(std::size_t head, const Sample& sample) const;
    void add(Encoder& encoder, std::string_view text, const Entry& entry, float weight);
    void balance();
    void mix();
    void fold_in();
    void ask(const Weights& weights, std::int32_t fold);
    /// What the example says of a head and may judge it by; null when nothing.
    [[nodiscard]] const FitAnswer* answer_of(std::size_t index, std::size_t example) const;
    [[nodiscard]] std::vector<HeldOutput> calibration_texts(std::size_t index,
                                                            std::size_t language) const;
    [[nodiscard]] std::vector<double> asked(std::size_t index, std::size_t example) const;

    const Field& field_;
    std::span<const HeadPlan> plans_;
    Problem problem_;
    std::vector<Entry> entries_; ///< Beside problem_.examples.
    Weights final_;
    Weights mix_;                ///< Of the second fit: its rules are the outputs of the first.
    std::vector<float> outputs_; ///< Of every example that is asked, by fits that never saw it.
    bool is_language_ = false;
};

} // namespace empathd::training
