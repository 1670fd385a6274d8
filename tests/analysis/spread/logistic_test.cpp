#include "analysis/spread/logistic.hpp"
#include "analysis/spread/simulate.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace empathd::analysis {
namespace {

constexpr Matrix<3> unit{1, 0, 0, 0, 1, 0, 0, 0, 1};

TEST(Logistic, BelievesThePriorBeforeItHasSeenAnything)
{
    Logistic<3> head;
    ASSERT_TRUE(head.begin({1, 0, 0}, unit));
    EXPECT_DOUBLE_EQ(head.probability({2, 5, 5}), sigmoid(2));
    Logistic<3> bad;
    EXPECT_FALSE(bad.begin({}, {}));
}

TEST(Logistic, StepsToTheMostLikelyWeights)
{
    const Vector<3> z{1, -2, 3};
    for (const bool yes : {false, true}) {
        Logistic<3> head;
        ASSERT_TRUE(head.begin({0.5, 0.5, -1}, unit));
        const Vector<3> before = head.weights().mean;
        head.learn(z, yes);
        const Vector<3> after = head.weights().mean;
        for (std::size_t i = 0; i < 3; ++i) { // The slope of the log posterior there is zero.
            const double slope = z[i] * ((yes ? 1 : 0) - head.probability(z));
            EXPECT_NEAR(slope - (after[i] - before[i]), 0, 1e-9) << i;
        }
    }
}

TEST(Logistic, LearnsTheChancesThatMadeTheAnswers)
{
    Chance chance(4);
    Logistic<3> head;
    ASSERT_TRUE(head.begin({}, unit));
    for (int i = 0; i < 20'000; ++i) {
        const Vector<3> z{1, chance.normal(), chance.normal()};
        head.learn(z, chance.uniform() < sigmoid(-2 + 1.5 * z[1] - 0.5 * z[2]));
    }
    EXPECT_NEAR(head.weights().mean[0], -2, 0.1);
    EXPECT_NEAR(head.weights().mean[1], 1.5, 0.1);
    EXPECT_NEAR(head.weights().mean[2], -0.5, 0.1);
}

TEST(Logistic, IsNotThrownByTheMostSurprisingAnswer)
{
    Logistic<3> head;
    ASSERT_TRUE(head.begin({20, 20, 20}, {1e-6, 0, 0, 0, 1e-6, 0, 0, 0, 1e-6}));
    head.learn({6, 6, 6}, false);
    for (const double weight : head.weights().mean) {
        EXPECT_TRUE(std::isfinite(weight));
    }
    EXPECT_LT(head.probability({6, 6, 6}), 0.5);
}

TEST(Logistic, ForgetsCertaintyAndLearnsQuickerAgain)
{
    Logistic<3> keeps;
    ASSERT_TRUE(keeps.begin({}, unit));
    const Vector<3> z{1, 1, 1};
    for (int i = 0; i < 200; ++i) {
        keeps.learn(z, true);
    }
    Logistic<3> forgets = keeps;
    forgets.forget(0.1);
    ASSERT_EQ(forgets.probability(z), keeps.probability(z));
    forgets.learn(z, false);
    keeps.learn(z, false);
    EXPECT_LT(forgets.probability(z), keeps.probability(z));
}

} // namespace
} // namespace empathd::analysis
