#include "analysis/model/post.hpp"

#include <gtest/gtest.h>

namespace empathd {
namespace {

TEST(Reactions, CountWhatTheNetworkShowsAndNoViews)
{
    EXPECT_EQ(reactions({}), 0u);
    EXPECT_EQ(reactions({.likes = 3, .replies = 2, .shares = 1, .views = 900}), 6u);
    EXPECT_EQ(reactions({.score = 12}), 12u);
    EXPECT_EQ(reactions({.score = -4}), 0u);
    EXPECT_EQ(reactions({.replies = 5, .score = 12}), 17u);
}

} // namespace
} // namespace empathd
