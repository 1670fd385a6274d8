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

/// Fits one head: once without each fold, then on everything.
class HeadTrainer {
public:
    /// `field` must outlive the trainer.
    HeadTrainer(const Field& field, const HeadPlan& plan) : field_(field), plan_(plan) {}

    /// The language head: pieces of texts, no rules, one bias for all languages.
    void encode_language();
    /// Any other head. `stacked`: the fitted head whose outputs are inputs too, or null.
    void encode_meaning(const HeadTrainer* stacked);
    void fit_all(const Progress& progress);

    /// The head with its biases and calibration.
    [[nodiscard]] analysis::Head head() const;
    [[nodiscard]] std::vector<HeldOut> held_out(const analysis::Head& head) const;
    /// Weights of rows and rules with what is stacked folded in; rows first, each x outputs.
    [[nodiscard]] std::vector<float> table(const HeadTrainer* stacked) const;
    [[nodiscard]] const Weights& final_weights() const noexcept { return final_; }

private:
    enum class Role : std::uint8_t { taught, asked };
    struct Entry {
        std::size_t sample = 0;
        Role role = Role::taught;
        Typing typing = Typing::as_is;
    };

    [[nodiscard]] bool is_weak(const Sample& sample) const;
    [[nodiscard]] float weight_of(const Sample& sample) const;
    [[nodiscard]] std::uint32_t folds() const;
    [[nodiscard]] std::int32_t fold_of(std::size_t sample) const;
    [[nodiscard]] std::size_t label_index(const Sample& sample) const;
    [[nodiscard]] const Weights& weights_without(std::int32_t fold) const;
    void add(Encoder& encoder, std::string_view text, const Entry& entry, float weight);
    void balance();
    void add_stacked(const HeadTrainer& stacked);
    [[nodiscard]] std::vector<HeldOutput> calibration_texts(std::size_t language) const;
    [[nodiscard]] std::vector<double> ask(std::size_t example) const;

    const Field& field_;
    const HeadPlan& plan_;
    Problem problem_;
    std::vector<Entry> entries_; ///< Beside problem_.examples.
    std::vector<Weights> without_fold_;
    Weights final_;
    bool is_language_ = false;
};

} // namespace empathd::training
