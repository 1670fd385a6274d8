#pragma once

#include "analysis/experience/model_file.hpp"
#include "analysis/training/calibrate.hpp"
#include "analysis/training/fit.hpp"
#include "analysis/training/sample.hpp"
#include "analysis/training/scores.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace empathd::training {

/// How one head is trained. All heads are data: the trainer knows no label.
struct HeadPlan {
    std::string name;
    std::vector<std::string> labels;
    std::uint32_t outputs = 0;
    std::vector<std::string> languages; ///< In which it answers; each needs held-out texts.
    FitOptions fit;
    ThresholdRule threshold;
    std::vector<std::pair<std::string, float>> set_weights; ///< Of a text of the set; else 1.
    std::string
        stacked; ///< A head before it whose outputs are inputs here too; folded into the rows.
    double rarity = 0;     ///< How much rare rows count more; see rarity_scales.
    bool balanced = false; ///< Labels count the same in sum, per language.
};

struct Plan {
    std::string version = "1";
    std::uint32_t row_bits = 18;
    std::uint32_t folds = 8;
    HeadPlan language; ///< The labels end with "und"; trained on pieces of texts.
    std::vector<HeadPlan> heads;
};

/// What ships: the heads, sets and settings chosen by cross-validation on the training data.
[[nodiscard]] Plan shipped_plan(std::string version);

/// How a held-out text was typed when the head was asked.
enum class Typing : std::uint8_t { as_is, stripped, capitals };
inline constexpr std::size_t typing_count = 3;

/// What a head, trained without a text's group, says of the text.
struct HeldOut {
    std::size_t sample = 0; ///< Index into the samples.
    Typing typing = Typing::as_is;
    Judged judged;
};

struct HeadResult {
    std::string head;
    std::vector<HeldOut>
        held_out; ///< Texts of our own corpus, and of sets with a language of the plan.
};

struct Trained {
    analysis::ModelParts parts;
    std::vector<HeadResult> results;
};

/// Called with a line on what is being done; may be empty.
using Progress = std::function<void(const std::string&)>;

/// Fits all heads, calibrates them on held-out folds and puts them into one table. The same samples
/// and plan give the same bytes. `samples` in a fixed order. Takes minutes and 1 GB for all sets.
[[nodiscard]] Trained train(std::span<const Sample> samples, const Plan& plan,
                            const Progress& progress);

} // namespace empathd::training
