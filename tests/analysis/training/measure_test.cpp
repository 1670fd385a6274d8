#include "analysis/training/calibrate.hpp"
#include "analysis/training/quantize.hpp"
#include "analysis/training/scores.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace empathd::training {
namespace {

TEST(Scores, AreWhatTheyAreCalled)
{
    const std::vector<Judged> judged = {{0, {0.9, 0.1}, true},
                                        {0, {0.8, 0.2}, true},
                                        {1, {0.7, 0.3}, false},
                                        {1, {0.1, 0.9}, true}};
    const Scores scores = score(judged);
    EXPECT_EQ(scores.count, 4U);
    EXPECT_DOUBLE_EQ(scores.accuracy, 0.75);
    EXPECT_DOUBLE_EQ(scores.answered, 0.75);
    EXPECT_DOUBLE_EQ(scores.answered_accuracy, 1);
    EXPECT_NEAR(scores.macro_f1, (0.8 + 2.0 / 3) / 2, 1e-12);
    // Bins: 0.9 twice (both right), 0.8 once right, 0.7 once wrong.
    EXPECT_NEAR(scores.ece, (0.2 + 0.2 + 0.7) / 4, 1e-12);
}

TEST(Scores, RankAndRareLabelsHaveTheirOwn)
{
    const std::vector<Judged> judged = {
        {0, {0.9, 0.1}}, {0, {0.4, 0.6}}, {1, {0.4, 0.6}}, {1, {0.2, 0.8}}, {1, {0.6, 0.4}}};
    const Scores scores = score(judged);
    // Of six pairs of one with the first label and one without: 3 + 1 + 1/2 in the right order.
    EXPECT_NEAR(scores.auc, 4.5 / 6, 1e-12);
    EXPECT_NEAR(scores.first_f1, 2.0 * 1 / (2 + 2), 1e-12);
    EXPECT_NEAR(scores.macro_recall, (1.0 / 2 + 2.0 / 3) / 2, 1e-12);
    EXPECT_EQ(score(std::vector<Judged>{{0, {1, 0}}}).auc, 0.5);
}

TEST(Scores, LabelsThatDoNotOccurDoNotCount)
{
    const std::vector<Judged> judged = {{0, {0.9, 0.05, 0.05}, true}, {2, {0.1, 0.1, 0.8}, true}};
    EXPECT_DOUBLE_EQ(score(judged).macro_f1, 1);
    EXPECT_EQ(score({}).count, 0U);
}

/// `right` of `count` texts are labelled as a logit of `logit` says.
std::vector<HeldOutput> held(std::size_t count, std::size_t right, double logit)
{
    std::vector<HeldOutput> all;
    for (std::size_t i = 0; i < count; ++i) {
        all.push_back({i < right ? 0U : 1U, {logit}});
    }
    return all;
}

TEST(Calibration, TheTemperatureMakesConfidenceTrue)
{
    // Said with logit 4 (98 %), true in 75 %: the logit should have been log 3.
    const double temperature = fit_temperature(held(400, 300, 4));
    EXPECT_NEAR(4 / temperature, std::log(3.0), 0.05);
    EXPECT_EQ(fit_temperature(held(10, 5, 4)), 1); // Too few to tell.
}

TEST(Calibration, TheThresholdIsWhereAnswersAreGoodEnough)
{
    std::vector<HeldOutput> all = held(600, 570, 3);                 // 95 % said, 95 % true
    const std::vector<HeldOutput> unsure_ones = held(300, 165, 0.2); // 55 % said, 55 % true
    all.insert(all.end(), unsure_ones.begin(), unsure_ones.end());
    const ThresholdRule rule{.least = 0.5, .accuracy = 0.9, .answered = 0.6};
    const double threshold = fit_threshold(all, 1, rule);
    EXPECT_GE(threshold, 0.55);
    EXPECT_LT(threshold, 0.6);
    // Never at the price of answering too few.
    EXPECT_LT(fit_threshold(all, 1, {.least = 0.5, .accuracy = 0.9, .answered = 0.9}), 0.55);
}

TEST(Quantize, LosesLessThanHalfAStep)
{
    std::vector<float> weights;
    for (int i = -500; i <= 500; ++i) {
        weights.push_back(static_cast<float>(i) * 0.013F);
    }
    const Quantized quantized = quantize(weights);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const float back = static_cast<float>(quantized.steps[i]) * quantized.scale;
        EXPECT_LE(std::abs(back - weights[i]), quantized.scale * 0.51F);
    }
}

TEST(Quantize, CutsAFarWeightForTheSakeOfTheMany)
{
    std::vector<float> weights(10'000, 0.01F);
    weights.push_back(2);
    const Quantized quantized = quantize(weights);
    EXPECT_LT(quantized.scale, 2.0F / 127);
    EXPECT_EQ(quantized.steps.back(), 127);
    EXPECT_EQ(quantize(std::vector<float>(5, 0.0F)).steps, std::vector<std::int8_t>(5, 0));
}

} // namespace
} // namespace empathd::training
