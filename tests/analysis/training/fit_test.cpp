#include "analysis/training/fit.hpp"

#include "analysis/training/exact_math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <span>
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

/// Adds an example of one head's label, with these rows in the words group.
void add_example(Problem& problem, const std::vector<std::uint32_t>& rows,
                 const std::vector<FitAnswer>& answers, std::uint32_t set = 0)
{
    FitExample example;
    example.begin = problem.rows.size();
    example.words = static_cast<std::uint32_t>(rows.size());
    example.words_value = 0.7F;
    example.answers_begin = problem.answers.size();
    example.answers = static_cast<std::uint32_t>(answers.size());
    example.set = set;
    problem.rows.insert(problem.rows.end(), rows.begin(), rows.end());
    problem.answers.insert(problem.answers.end(), answers.begin(), answers.end());
    problem.examples.push_back(example);
}

/// Examples of label l have row l, and row 9.
Problem small_problem(std::uint32_t outputs, std::uint32_t labels)
{
    Problem problem;
    problem.row_bits = 4;
    problem.heads = {{.outputs = outputs, .l2_rows = 0.1F}};
    for (std::uint32_t i = 0; i < 60; ++i) {
        add_example(problem, {i % labels, 9}, {{.label = i % labels}});
    }
    return problem;
}

double probability(const Problem& problem, const Weights& weights, std::size_t example,
                   std::size_t head, std::size_t label)
{
    std::vector<double> outputs(problem.outputs());
    predict(problem, weights, problem.examples[example], outputs);
    const FitHead& of = problem.heads[head];
    return softmax(std::span(outputs).subspan(of.first, of.outputs), 1)[label];
}

TEST(Fit, SeparatesWhatCanBeSeparated)
{
    for (const std::uint32_t labels : {2U, 3U, 5U}) {
        const Problem problem = small_problem(labels == 2 ? 1 : labels, labels);
        const Weights weights = fit(problem, {.epochs = 40});
        for (std::size_t i = 0; i < problem.examples.size(); ++i) {
            EXPECT_GT(probability(problem, weights, i, 0, problem.answers[i].label), 0.8) << labels;
        }
    }
}

TEST(Fit, EndsWhereTheGradientIsZero)
{
    Problem problem = small_problem(1, 2);
    problem.heads[0].l2_rows = 1;
    const Weights weights = fit(problem, {.epochs = 300});
    // For row 0, whose 30 examples all have label 0: l2 x w = sum of value x (1 - p).
    const double wrong = probability(problem, weights, 0, 0, 1);
    EXPECT_NEAR(double{weights.all[0]}, 30 * 0.7 * wrong, 0.05);
}

TEST(Fit, HeadsBesideEachOtherDoNotMeddle)
{
    // Head 0 follows the row, head 1 knows nothing but that "yes" is rare.
    Problem both;
    both.row_bits = 4;
    both.heads = {{.first = 0, .outputs = 3}, {.first = 3, .outputs = 1}};
    Problem alone = both;
    alone.heads.pop_back();
    for (std::uint32_t i = 0; i < 60; ++i) {
        const FitAnswer first{.head = 0, .label = i % 3};
        add_example(both, {i % 3}, {first, {.head = 1, .label = i % 10 == 0 ? 0U : 1U}});
        add_example(alone, {i % 3}, {first});
    }
    const Weights together = fit(both, {});
    const Weights single = fit(alone, {});
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(probability(both, together, i, 0, i), probability(alone, single, i, 0, i),
                    1e-6);
        EXPECT_LT(probability(both, together, i, 1, 0), 0.3);
    }
}

TEST(Fit, AnExampleTeachesOnlyTheHeadsItAnswers)
{
    Problem problem;
    problem.row_bits = 4;
    problem.heads = {{.first = 0, .outputs = 2}, {.first = 2, .outputs = 2}};
    for (std::uint32_t i = 0; i < 20; ++i) {
        add_example(problem, {i % 2}, {{.head = 1, .label = i % 2}});
    }
    const Weights weights = fit(problem, {});
    EXPECT_EQ(weights.all[0], 0.0F);
    EXPECT_EQ(weights.all[1], 0.0F);
    EXPECT_NE(weights.all[2], 0.0F);
}

TEST(Fit, UnusedExamplesTeachNothing)
{
    const Problem problem = small_problem(1, 2);
    std::vector<char> used(problem.examples.size(), 1);
    for (std::size_t i = 0; i < used.size(); ++i) {
        used[i] = problem.answers[i].label == 0 ? 1 : 0;
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
    problem.heads = {{.outputs = 1}};
    for (std::uint32_t i = 0; i < 400; ++i) {
        const std::uint32_t set = i % 2;
        const std::uint32_t label = set == 1 ? (i / 2 % 4 == 0 ? 1 : 0) : i / 2 % 2;
        add_example(problem, {}, {{.label = label}}, set);
    }
    const Weights weights = fit(problem, {.epochs = 50});
    EXPECT_NEAR(probability(problem, weights, 0, 0, 0), 0.5, 0.05);
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
