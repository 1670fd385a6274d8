#pragma once

#include "analysis/experience/model_file.hpp"
#include "analysis/training/calibrate.hpp"
#include "analysis/training/fit.hpp"
#include "analysis/training/sample.hpp"
#include "analysis/training/scores.hpp"
#include "analysis/training/typing.hpp"

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
    std::uint32_t outputs = 0;          ///< Labels, or 1 for two labels.
    std::vector<std::string> languages; ///< In which it answers; each needs held-out texts.
    float l2_rows = 1;
    float l2_rules = 1;
    ThresholdRule threshold;
    std::vector<std::pair<std::string, float>> set_weights; ///< Of a text of the set; else 1.
    bool balanced = false;                                  ///< Labels count the same in sum.
};

struct Plan {
    std::string version = "1";
    std::uint32_t row_bits = 18;
    std::uint32_t folds = 8;
    FitOptions fit;
    float l2_mix = 5;  ///< Of the second fit, over the outputs of the first.
    double rarity = 0; ///< How much rare rows count more; see rarity_scales.
    HeadPlan language; ///< The labels end with "und"; trained on pieces of texts.
    std::vector<HeadPlan> heads;
};

/// What ships: the heads, sets and settings chosen by cross-validation on the training data.
[[nodiscard]] Plan shipped_plan(std::string version);

/// What a head, trained without a text's group, says of the text.
struct HeldOut {
    std::size_t sample = 0; ///< Index into the samples.
    Typing typing = Typing::as_is;
    Judged judged;
};

struct HeadResult {
    std::string head;
    /// Texts of our own corpus, and of sets with a language of the plan.
    std::vector<HeldOut> held_out;
};

struct Trained {
    analysis::ModelParts parts;
    std::vector<HeadResult> results;
};

/// What the caller lends: nothing here makes threads or writes.
struct Tools {
    /// Called with a line on what is being done, from any thread of `run`; may be empty.
    std::function<void(const std::string&)> progress;
    /// Runs every job to its end, in any order or side by side; the result is the same.
    std::function<void(std::span<const std::function<void()>>)> run =
        [](std::span<const std::function<void()>> jobs) {
            for (const auto& job : jobs) {
                job();
            }
        };
};

/// Fits all heads, calibrates them on held-out folds and puts them into one table. The same samples
/// and plan give the same bytes. `samples` in a fixed order. Takes minutes, and 1 GB for every job
/// that runs at a time.
[[nodiscard]] Trained train(std::span<const Sample> samples, const Plan& plan, const Tools& tools);

} // namespace empathd::training
