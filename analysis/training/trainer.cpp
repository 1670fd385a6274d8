#include "analysis/training/trainer.hpp"

#include "analysis/training/copies.hpp"
#include "analysis/training/head_trainer.hpp"
#include "analysis/training/quantize.hpp"

#include <algorithm>
#include <memory>

namespace empathd::training {
namespace {

FeatureCounts count_features(std::span<const Sample> samples)
{
    FeatureCounts counts;
    for (const Sample& sample : samples) {
        const std::string stripped = without_diacritics(sample.text);
        const std::string_view texts[] = {sample.text, stripped};
        counts.add(texts);
    }
    return counts;
}

/// Puts the weights of every head side by side.
class Assembler {
public:
    explicit Assembler(const Plan& plan)
    {
        parts_.version = plan.version;
        parts_.row_bits = plan.row_bits;
        outputs_ = plan.language.outputs;
        for (const HeadPlan& head : plan.heads) {
            outputs_ += head.outputs;
        }
        rows_ = std::size_t{1} << plan.row_bits;
        parts_.rules.resize(analysis::rule_count * outputs_);
        parts_.rows.resize(rows_ * outputs_);
    }

    void add(analysis::Head head, const std::vector<float>& table)
    {
        const std::size_t own = head.outputs;
        std::vector<float> column(rows_);
        for (std::size_t output = 0; output < own; ++output) {
            for (std::size_t row = 0; row < rows_; ++row) {
                column[row] = table[row * own + output];
            }
            const Quantized quantized = quantize(column);
            parts_.scale.push_back(quantized.scale);
            for (std::size_t row = 0; row < rows_; ++row) {
                parts_.rows[row * outputs_ + first_ + output] = quantized.steps[row];
            }
            for (std::size_t rule = 0; rule < analysis::rule_count; ++rule) {
                parts_.rules[rule * outputs_ + first_ + output] =
                    table[(rows_ + rule) * own + output];
            }
        }
        first_ += own;
        parts_.heads.push_back(std::move(head));
    }

    [[nodiscard]] analysis::ModelParts take() { return std::move(parts_); }

private:
    analysis::ModelParts parts_;
    std::size_t outputs_ = 0;
    std::size_t rows_ = 0;
    std::size_t first_ = 0;
};

/// What stacking adds to the biases of a head: those of the head it stands on.
void add_stacked_bias(analysis::Head& head, const HeadTrainer& own, const analysis::Head& below)
{
    const Weights& weights = own.final_weights();
    for (std::size_t language = 0; language < head.languages.size(); ++language) {
        if (!head.languages[language].answers) {
            continue;
        }
        for (std::size_t output = 0; output < head.outputs; ++output) {
            for (std::size_t input = 0; input < below.outputs; ++input) {
                head.languages[language].bias[output] +=
                    weights.all[weights.dense_at + input * head.outputs + output] *
                    below.languages[language].bias[input];
            }
        }
    }
}

} // namespace

Trained train(std::span<const Sample> samples, const Plan& plan, const Progress& progress)
{
    const FeatureCounts counts = count_features(samples);
    const Field field = make_field(samples, plan, counts);
    Trained trained;
    Assembler assembler(plan);

    HeadTrainer language(field, plan.language);
    language.encode_language();
    language.fit_all(progress);
    analysis::Head language_head = language.head();
    trained.results.push_back({plan.language.name, language.held_out(language_head)});
    assembler.add(std::move(language_head), language.table(nullptr));

    std::vector<std::unique_ptr<HeadTrainer>> trainers;
    std::vector<analysis::Head> heads;
    for (const HeadPlan& head_plan : plan.heads) {
        const auto below = static_cast<std::size_t>(
            std::ranges::find(plan.heads, head_plan.stacked, &HeadPlan::name) - plan.heads.begin());
        const HeadTrainer* stacked = below < trainers.size() ? trainers[below].get() : nullptr;
        auto trainer = std::make_unique<HeadTrainer>(field, head_plan);
        trainer->encode_meaning(stacked);
        trainer->fit_all(progress);
        analysis::Head head = trainer->head();
        trained.results.push_back({head_plan.name, trainer->held_out(head)});
        if (stacked != nullptr) {
            add_stacked_bias(head, *trainer, heads[below]);
        }
        heads.push_back(head);
        assembler.add(std::move(head), trainer->table(stacked));
        trainers.push_back(std::move(trainer));
    }
    trained.parts = assembler.take();
    return trained;
}

} // namespace empathd::training
