#include "analysis/spread/usual_end.hpp"

#include <gtest/gtest.h>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const TimePoint start = from_unix_ms(1'772'000'000'000);

TEST(UsualEnd, IsNotTrustedBelowThirtyPosts)
{
    UsualEnd ends;
    for (int i = 1; i < 30; ++i) {
        ends.add(1000, start);
    }
    EXPECT_EQ(ends.unusual(77), 77);
    ends.add(1000, start);
    EXPECT_EQ(ends.unusual(77), 1000);
}

TEST(UsualEnd, IsTheNinetyPercentQuantileThenTheNinetyFive)
{
    UsualEnd ends;
    for (int i = 1; i <= 100; ++i) {
        ends.add(i, start);
    }
    EXPECT_EQ(ends.unusual(0), 90);
    for (int i = 101; i <= 1000; ++i) {
        ends.add(i, start);
    }
    EXPECT_EQ(ends.unusual(0), 950);
}

TEST(UsualEnd, IsNeverAHandfulOfReactions)
{
    UsualEnd ends;
    for (int i = 0; i < 100; ++i) {
        ends.add(1, start);
    }
    EXPECT_EQ(ends.unusual(0), UsualEnd::unusual_min);
}

TEST(UsualEnd, ForgetsAfterEightWeeksButKeepsThreeHundred)
{
    UsualEnd ends;
    for (int i = 0; i < 400; ++i) {
        ends.add(1000, start);
    }
    ends.add(20, start + UsualEnd::window + minutes{1});
    EXPECT_EQ(ends.ends().size(), UsualEnd::kept_min);
    for (int i = 0; i < 300; ++i) {
        ends.add(20, start + UsualEnd::window + minutes{1});
    }
    EXPECT_EQ(ends.unusual(0), 20);
}

TEST(UsualEnd, GoesOnWhereItWasAndIsBounded)
{
    UsualEnd ends;
    for (std::size_t i = 0; i < UsualEnd::kept_max + 5; ++i) {
        ends.add(static_cast<double>(i % 1000), start);
    }
    EXPECT_EQ(ends.ends().size(), UsualEnd::kept_max);
    UsualEnd again;
    again.restore(ends.ends());
    EXPECT_EQ(again.unusual(0), ends.unusual(0));
}

} // namespace
} // namespace empathd::analysis
