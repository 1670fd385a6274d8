#include "analysis/training/fit.hpp"

#include "analysis/training/exact_math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace empathd::training {
namespace {

TEST(ExactMath, AgreesWithTheCLibrary)
{
    for (double x = -40; x < 40; x += 0.37) {
        EXPECT_NEAR(exact_exp(x) / std::exp(x), 1, 1e-13) << x;
    }
    for (double x = 1e-9; x < 1e9; x *= 1.7) {
        EXPECT_NEAR(exact_log(x), std::log(x), 1e-12 * (1 + std::abs(std::log(x)))) << x;
    }
    EXPECT_EQ(exact_exp(0), 1);
    EXPECT_EQ(exact_exp(-1e9), 0);
    EXPECT_EQ(exact_log(1), 0);
}

/// `rows_of_label[l]`: examples of label l have that row, and row 9.
Problem small_problem(std::uint32_t outputs, std::uint32_t labels)
{
    Problem problem;
    problem.row_bits = 4;
    problem.outputs = outputs;
    for (std::uint32_t i = 0; i < 60; ++i) {
        FitExample example;
        example.begin = problem.rows.size();
        example.words = 2;
        example.words_value = 0.7F;
        example.label = i % labels;
        problem.rows.push_back(example.label);
        problem.rows.push_back(9);
        problem.examples.push_back(example);
    }
    return problem;
}

TEST(Fit, SeparatesWhatCanBeSeparated)
{
    for (const std::uint32_t labels : {2U, 3U, 5U}) {
        const Problem problem = small_problem(labels == 2 ? 1 : labels, labels);
        const Weights weights = fit(problem, {.l2_rows = 0.1F});
        for (const FitExample& example : problem.examples) {
            std::vector<double> outputs(problem.outputs);
            predict(problem, weights, example, outputs);
            EXPECT_GT(softmax(outputs, 1)[example.label], 0.8) << labels;
        }
    }
}

TEST(Fit, EndsWhereTheGradientIsZero)
{
    const Problem problem = small_problem(1, 2);
    const FitOptions options{.l2_rows = 1, .iterations = 200};
    const Weights weights = fit(problem, options);
    // For row 0, whose 30 examples all have label 0: l2 x w = sum of value x (1 - p).
    std::vector<double> outputs(1);
    predict(problem, weights, problem.examples[0], outputs);
    const double wrong = softmax(outputs, 1)[1];
    EXPECT_NEAR(double{weights.all[0]}, 30 * 0.7 * wrong, 0.02);
}

TEST(Fit, UnusedExamplesTeachNothing)
{
    Problem problem = small_problem(1, 2);
    std::vector<char> used(problem.examples.size(), 1);
    for (std::size_t i = 0; i < used.size(); ++i) {
        used[i] = problem.examples[i].label == 0 ? 1 : 0;
    }
    const Weights weights = fit(problem, {}, used);
    EXPECT_EQ(weights.all[1], 0.0F); // Row 1 is met in the others only.
    EXPECT_NE(weights.all[0], 0.0F);
}

TEST(Fit, ASetsOwnShareStaysInItsBias)
{
    // Two sets with the same words; set 1 has three times as many of label 0.
    Problem problem;
    problem.row_bits = 4;
    problem.set_count = 2;
    for (std::uint32_t i = 0; i < 400; ++i) {
        FitExample example;
        example.set = i % 2;
        example.label = example.set == 1 ? (i / 2 % 4 == 0 ? 1 : 0) : i / 2 % 2;
        problem.examples.push_back(example);
    }
    const Weights weights = fit(problem, {.l2_language = 0.1F, .l2_set = 0.1F, .iterations = 100});
    std::vector<double> outputs(1);
    predict(problem, weights, problem.examples[0], outputs);
    EXPECT_NEAR(softmax(outputs, 1)[0], 0.5, 0.05);
}

TEST(Fit, TheSameInputGivesTheSameBits)
{
    const Problem problem = small_problem(3, 3);
    EXPECT_EQ(fit(problem, {}).all, fit(problem, {}).all);
}

TEST(RarityScales, RareRowsCountMore)
{
    const Problem problem = small_problem(3, 3);
    const std::vector<char> used(problem.examples.size(), 1);
    const std::vector<float> scales = rarity_scales(problem, used, 1);
    EXPECT_GT(scales[0], scales[9]);
    double squares = 0;
    for (const std::uint32_t row : problem.rows) {
        squares += double{scales[row]} * double{scales[row]};
    }
    EXPECT_NEAR(squares / static_cast<double>(problem.rows.size()), 1, 1e-4);
}

} // namespace
} // namespace empathd::training
