#include "analysis/spread/ring.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace empathd::analysis {
namespace {

TEST(Ring, RanksTheLastNumbers)
{
    Ring ring(3);
    for (const float value : {9.0F, 1.0F, 5.0F, 5.0F, 2.0F}) { // 5 5 2 stay
        ring.add(value);
    }
    ASSERT_EQ(ring.size(), 3u);
    EXPECT_EQ(ring.ranked(1), 2);
    EXPECT_EQ(ring.ranked(2), 5);
    EXPECT_EQ(ring.ranked(3), 5);
}

TEST(Ring, GoesOnWhereItWas)
{
    Ring ring(3);
    for (const float value : {9.0F, 1.0F, 5.0F, 7.0F}) {
        ring.add(value);
    }
    Ring again(3);
    ASSERT_TRUE(again.restore(ring.values(), ring.next()));
    ring.add(0);
    again.add(0);
    EXPECT_EQ(again.values(), ring.values());
    EXPECT_EQ(again.ranked(2), ring.ranked(2));
}

TEST(Ring, RefusesWhatItCannotHaveHeld)
{
    Ring ring(3);
    ring.add(1);
    EXPECT_FALSE(ring.restore({1, 2, 3, 4}, 0));
    EXPECT_FALSE(ring.restore({1, 2, 3}, 3));
    EXPECT_FALSE(ring.restore({1, 2}, 1));
    EXPECT_FALSE(ring.restore({1, NAN, 3}, 0));
    EXPECT_EQ(ring.size(), 1u);
    EXPECT_TRUE(ring.restore({1, 2}, 2));
}

} // namespace
} // namespace empathd::analysis
