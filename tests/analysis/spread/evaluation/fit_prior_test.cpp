#include "analysis/spread/evaluation/fit_prior.hpp"

#include <gtest/gtest.h>

namespace empathd::spread_evaluation {
namespace {

using analysis::PriorKind;

TEST(FitPrior, GivesTheSameNumbersFromTheSameSeed)
{
    const auto once = pack(fit_prior(PriorKind::board, 200, 1));
    EXPECT_EQ(once, pack(fit_prior(PriorKind::board, 200, 1)));
    EXPECT_NE(once, pack(fit_prior(PriorKind::board, 200, 2)));
    EXPECT_NE(once, pack(fit_prior(PriorKind::microblog, 200, 1)));
}

TEST(FitPrior, ComesNearWhatShipsFromFewerPosts)
{
    const auto few = fit_prior(PriorKind::microblog, 1'000, prior_seed);
    const auto shipped = analysis::shipped_prior(PriorKind::microblog);
    for (std::size_t bucket = 0; bucket < analysis::bucket_count; ++bucket) {
        EXPECT_NEAR(few.buckets[bucket].mean[0], shipped.buckets[bucket].mean[0], 0.2);
        EXPECT_NEAR(few.buckets[bucket].size_noise / shipped.buckets[bucket].size_noise, 1, 0.2);
    }
}

} // namespace
} // namespace empathd::spread_evaluation
