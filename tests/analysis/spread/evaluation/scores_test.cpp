#include "analysis/spread/evaluation/scores.hpp"

#include <gtest/gtest.h>

namespace empathd::spread_evaluation {
namespace {

TEST(Scores, AreaUnderTheCurveCountsTiesHalf)
{
    EXPECT_DOUBLE_EQ(area_under_curve({{0.9, true}, {0.1, false}}), 1);
    EXPECT_DOUBLE_EQ(area_under_curve({{0.1, true}, {0.9, false}}), 0);
    EXPECT_DOUBLE_EQ(area_under_curve({{1, true}, {1, false}}), 0.5);
    EXPECT_DOUBLE_EQ(area_under_curve({{3, true}, {1, true}, {2, false}, {1, false}}), 0.625);
    EXPECT_DOUBLE_EQ(area_under_curve({{1, true}}), 0.5);
    EXPECT_DOUBLE_EQ(area_under_curve({}), 0.5);
}

TEST(Scores, PrecisionIsTakenWhereHalfAreFound)
{
    EXPECT_DOUBLE_EQ(precision_at_half({{4, true}, {3, false}, {2, true}, {1, false}}), 1);
    EXPECT_DOUBLE_EQ(precision_at_half({{4, false}, {3, true}, {2, false}}), 0.5);
    EXPECT_DOUBLE_EQ(precision_at_half({{4, false}}), 0);
}

TEST(Scores, MeanMedianAndBrier)
{
    EXPECT_DOUBLE_EQ(median({3, 1, 2}), 2);
    EXPECT_DOUBLE_EQ(median({}), 0);
    EXPECT_DOUBLE_EQ(mean({1, 2}), 1.5);
    EXPECT_DOUBLE_EQ(brier({{1, false}, {0.5, true}}), 0.625);
}

} // namespace
} // namespace empathd::spread_evaluation
