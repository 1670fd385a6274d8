#include "analysis/spread/prior.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace empathd::analysis {
namespace {

TEST(ShippedPrior, IsUsableForEveryKindAndBucket)
{
    for (const PriorKind kind : {PriorKind::general, PriorKind::microblog, PriorKind::board}) {
        const Prior prior = shipped_prior(kind);
        EXPECT_GE(prior.unusual, 10);
        for (const BucketPrior& bucket : prior.buckets) {
            EXPECT_GT(bucket.size_noise, 0);
            EXPECT_NEAR(bucket.size_moments[0], 1, 1e-4) << "the mean of 1 * 1";
            for (std::size_t i = 0; i < feature_count; ++i) {
                EXPECT_GT(bucket.deviation[i], 0);
            }
            EXPECT_LT(bucket.threshold[row_width], 0) << "farther thresholds are less likely";
        }
    }
}

TEST(ShippedPrior, SurvivesPackingToTheLastNumber)
{
    const PriorNumbers& numbers = shipped_prior_numbers(PriorKind::board);
    EXPECT_EQ(pack(unpack(numbers)), numbers);
    const Prior prior = unpack(numbers);
    EXPECT_EQ(prior.buckets[3].size_moments[1], prior.buckets[3].size_moments[row_width]);
}

TEST(PriorKind, IsGeneralForNamesNotKnown)
{
    EXPECT_EQ(prior_kind("mastodon"), PriorKind::microblog);
    EXPECT_EQ(prior_kind("hackernews"), PriorKind::board);
    EXPECT_EQ(prior_kind("story"), PriorKind::general);
    EXPECT_EQ(prior_kind(""), PriorKind::general);
}

TEST(Row, IsStandardisedAndCut)
{
    Features x{};
    x[0] = 10;
    x[1] = 1000;
    x[2] = -1000;
    Features deviation{};
    deviation.fill(2);
    const Row z = row_of(x, Features{4}, deviation);

    EXPECT_EQ(z[0], 1);
    EXPECT_EQ(z[1], 3);
    EXPECT_EQ(z[2], 6);
    EXPECT_EQ(z[3], -6);
    EXPECT_NEAR(threshold_row(z, 9, 99)[row_width], std::log(10), 1e-12);
    EXPECT_EQ(threshold_row(z, 99, 9)[row_width], 0);
}

} // namespace
} // namespace empathd::analysis
