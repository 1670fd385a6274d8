#include "analysis/spread/conformal.hpp"
#include "analysis/spread/simulate.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace empathd::analysis {
namespace {

/// Skewed and heavy: nothing a normal distribution would hold.
double odd_error(Chance& chance)
{
    return std::exp(1.5 * chance.normal()) - 1;
}

TEST(Conformal, HoldsEightInTenOfErrorsLikeTheLast)
{
    Chance chance(6);
    Conformal errors;
    for (int i = 0; i < 6'000; ++i) {
        errors.learn(std::floor(1000 * chance.uniform()), odd_error(chance));
    }
    int held = 0;
    int below = 0;
    for (int i = 0; i < 2'000; ++i) {
        const auto band = errors.band(std::floor(1000 * chance.uniform()));
        ASSERT_TRUE(band);
        const double error = odd_error(chance);
        held += band->low <= error && error <= band->high ? 1 : 0;
        below += error < band->median ? 1 : 0;
    }
    EXPECT_NEAR(held / 2000.0, 0.8, 0.03);
    EXPECT_NEAR(below / 2000.0, 0.5, 0.03);
}

TEST(Conformal, HasNoAnswerBelowTwentyErrors)
{
    Conformal errors;
    for (int i = 0; i < 19; ++i) {
        errors.learn(5, i);
    }
    EXPECT_FALSE(errors.band(5));
    errors.learn(5, 19);
    const auto band = errors.band(5);
    ASSERT_TRUE(band);
    EXPECT_EQ(band->low, 1);   // the 2nd of 20
    EXPECT_EQ(band->high, 18); // the 19th
    EXPECT_EQ(band->median, 9.5);
}

TEST(Conformal, KeepsThirdsApartOnceEachHasFifty)
{
    Conformal errors;
    for (int i = 0; i < 300; ++i) {
        const int count = 1 + i % 3;
        errors.learn(100 * count, (count == 1 ? 10.0 : 1.0) * (i % 2 == 0 ? 1 : -1));
    }
    ASSERT_TRUE(errors.band(100));
    EXPECT_EQ(errors.band(100)->high, 10);
    EXPECT_EQ(errors.band(300)->high, 1);
}

TEST(Conformal, FollowsAChangeOnceTheOldErrorsAreGone)
{
    Conformal errors;
    for (int i = 0; i < 2'000; ++i) {
        errors.learn(5, 100);
    }
    for (int i = 0; i < 2'000; ++i) {
        errors.learn(5, 1);
    }
    EXPECT_EQ(errors.band(5)->high, 1);
}

} // namespace
} // namespace empathd::analysis
