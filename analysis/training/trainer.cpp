#include "analysis/training/trainer.hpp"

#include "analysis/training/copies.hpp"
#include "analysis/training/head_trainer.hpp"
#include "analysis/training/quantize.hpp"

#include <utility>

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
        outputs_ = shed(plan.language.outputs);
        for (const HeadPlan& head : plan.heads) {
            outputs_ += shed(head.outputs);
        }
        rows_ = std::size_t{1} << plan.row_bits;
        parts_.rules.resize(analysis::rule_count * outputs_);
        parts_.rows.resize(rows_ * outputs_);
    }

    /// `table` has an output for every label, or one for two; the last label's is taken from the
    /// others, which leaves the softmax as it is.
    void add(analysis::Head head, const std::vector<float>& table)
    {
        const std::size_t given = head.outputs;
        const bool sheds = given > 1;
        const std::size_t own = sheds ? given - 1 : given;
        const auto weight = [&](std::size_t row, std::size_t output) {
            const float last = sheds ? table[row * given + own] : 0;
            return table[row * given + output] - last;
        };
        head.outputs = static_cast<std::uint32_t>(own);
        for (analysis::HeadLanguage& language : head.languages) {
            for (std::size_t output = 0; output < own; ++output) {
                language.bias[output] -= sheds ? language.bias[own] : 0;
            }
            language.bias.resize(own);
        }
        std::vector<float> column(rows_);
        for (std::size_t output = 0; output < own; ++output) {
            for (std::size_t row = 0; row < rows_; ++row) {
                column[row] = weight(row, output);
            }
            const Quantized quantized = quantize(column);
            parts_.scale.push_back(quantized.scale);
            for (std::size_t row = 0; row < rows_; ++row) {
                parts_.rows[row * outputs_ + first_ + output] = quantized.steps[row];
            }
            for (std::size_t rule = 0; rule < analysis::rule_count; ++rule) {
                parts_.rules[rule * outputs_ + first_ + output] = weight(rows_ + rule, output);
            }
        }
        first_ += own;
        parts_.heads.push_back(std::move(head));
    }

    [[nodiscard]] analysis::ModelParts take() { return std::move(parts_); }

private:
    static std::uint32_t shed(std::uint32_t outputs) { return outputs > 1 ? outputs - 1 : outputs; }

    analysis::ModelParts parts_;
    std::size_t outputs_ = 0;
    std::size_t rows_ = 0;
    std::size_t first_ = 0;
};

/// What the head is worth in each language: macro-F1 on our own posts, as they were typed.
void set_scores(analysis::Head& head, const std::vector<std::string>& languages,
                std::span<const Sample> samples, std::span<const HeldOut> held_out)
{
    for (std::size_t language = 0; language < languages.size(); ++language) {
        std::vector<Judged> judged;
        for (const HeldOut& one : held_out) {
            const Sample& sample = samples[one.sample];
            if (sample.set == "corpus" && sample.language == languages[language] &&
                one.typing == Typing::as_is) {
                judged.push_back(one.judged);
            }
        }
        head.languages[language].score = static_cast<float>(score(judged).macro_f1);
    }
}

} // namespace

Trained train(std::span<const Sample> samples, const Plan& plan, const Tools& tools)
{
    const FeatureCounts counts = count_features(samples);
    const Field field = make_field(samples, plan, counts);
    Trained trained;
    Assembler assembler(plan);
    const auto add = [&](const HeadTrainer& trainer, std::span<const HeadPlan> plans) {
        for (std::size_t i = 0; i < plans.size(); ++i) {
            analysis::Head head = trainer.head(i);
            trained.results.push_back({plans[i].name, trainer.held_out(i, head)});
            set_scores(head, plan.language.labels, samples, trained.results.back().held_out);
            assembler.add(std::move(head), trainer.table(i));
        }
    };
    {
        HeadTrainer language(field, std::span(&plan.language, 1));
        language.encode_language();
        language.fit_all(tools);
        add(language, std::span(&plan.language, 1));
    }
    HeadTrainer meaning(field, plan.heads);
    meaning.encode_meaning();
    meaning.fit_all(tools);
    add(meaning, plan.heads);
    trained.parts = assembler.take();
    return trained;
}

} // namespace empathd::training
