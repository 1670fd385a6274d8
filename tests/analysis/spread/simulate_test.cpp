#include "analysis/spread/simulate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace empathd::analysis {
namespace {

TEST(Chance, DrawsFromTheDistributionsItNames)
{
    Chance chance(8);
    constexpr int draws = 20'000;
    double normal = 0;
    double squares = 0;
    double gamma = 0;
    double beta = 0;
    double poisson = 0;
    int late = 0;
    for (int i = 0; i < draws; ++i) {
        const double x = chance.normal();
        normal += x / draws;
        squares += x * x / draws;
        gamma += chance.gamma(3) / draws;
        beta += chance.beta(2, 6) / draws;
        poisson += static_cast<double>(chance.poisson(47)) / draws;
        late += chance.lomax(100, 0.8) > 300 ? 1 : 0;
    }
    EXPECT_NEAR(normal, 0, 0.03);
    EXPECT_NEAR(squares, 1, 0.05);
    EXPECT_NEAR(gamma, 3, 0.06);
    EXPECT_NEAR(beta, 0.25, 0.01);
    EXPECT_NEAR(poisson, 47, 0.2);
    EXPECT_NEAR(static_cast<double>(late) / draws, std::pow(4, -0.8), 0.01);
}

TEST(Simulate, BringsAsManyReactionsAsBranchingSays)
{
    Chance chance(9);
    const Cascade cascade{.kernel_c_s = 1, .kernel_theta = 2, .root = 10, .branching = 0.5};
    double total = 0;
    for (int i = 0; i < 1000; ++i) {
        total += static_cast<double>(simulate(cascade, chance).size());
    }
    EXPECT_NEAR(total / 1000, 10 / (1 - 0.5), 1);
}

TEST(Simulate, GivesTheSamePostsFromTheSameSeedAndOthersFromAnother)
{
    Chance a(1);
    Chance b(1);
    Chance c(2);
    const auto one = simulate(draw(PriorKind::general, a), a);
    EXPECT_EQ(one, simulate(draw(PriorKind::general, b), b));
    EXPECT_NE(one, simulate(draw(PriorKind::general, c), c));
}

TEST(Simulate, StaysWithinALifeInOrderAndBounded)
{
    Chance chance(3);
    const Cascade cascade{.root = 30'000, .branching = 0.9, .outside = 100};
    const auto events = simulate(cascade, chance);
    EXPECT_EQ(events.size(), simulated_events_max);
    EXPECT_TRUE(std::is_sorted(events.begin(), events.end()));
    EXPECT_GT(events.front(), 0);
    EXPECT_LT(events.back(), simulated_life_s);
}

TEST(Simulate, PollsOnScheduleToTheEndOfALife)
{
    Chance chance(4);
    for (int i = 0; i < 50; ++i) {
        const SimulatedPost post = poll(simulate(draw(PriorKind::board, chance), chance), chance);
        ASSERT_EQ(post.polls_s.size(), post.counts.size());
        ASSERT_TRUE(std::is_sorted(post.counts.begin(), post.counts.end()));
        EXPECT_NEAR(post.polls_s.back() - post.first_s, simulated_life_s, 1e-6);
        Track track = begin(post, from_unix_ms(1'772'000'000'000));
        for (std::size_t k = 1; k < post.polls_s.size(); ++k) {
            update(track, post, k, from_unix_ms(1'772'000'000'000));
            EXPECT_LT(track.lateness, 1.2);
        }
    }
}

} // namespace
} // namespace empathd::analysis
