#include "connectors/transport/host_gate.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

using namespace std::chrono_literals;
using Instant = TokenBucket::Instant;

TEST(TokenBucket, GivesABurstAtOnceAndThenAnEvenRate)
{
    TokenBucket bucket(2, 4);
    const Instant start{100s};

    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(bucket.take(start), start);
    }
    EXPECT_EQ(bucket.take(start), start + 500ms);
    EXPECT_EQ(bucket.take(start), start + 1000ms);
    EXPECT_EQ(bucket.take(start), start + 1500ms);
}

TEST(TokenBucket, FillsAgainWithTimeAndNoFurtherThanTheBurst)
{
    TokenBucket bucket(10, 2);
    const Instant start{100s};
    EXPECT_EQ(bucket.take(start), start);
    EXPECT_EQ(bucket.take(start), start);
    EXPECT_FALSE(bucket.is_full(start));

    const Instant later = start + 1h;

    EXPECT_TRUE(bucket.is_full(later));
    EXPECT_EQ(bucket.take(later), later);
    EXPECT_EQ(bucket.take(later), later);
    EXPECT_EQ(bucket.take(later), later + 100ms);
}

TEST(TokenBucket, WithABurstOfOneIsAPlainInterval)
{
    TokenBucket bucket(0.5, 1);
    const Instant start{100s};

    EXPECT_EQ(bucket.take(start), start);
    EXPECT_EQ(bucket.take(start + 1s), start + 2s);
    EXPECT_EQ(bucket.take(start + 10s), start + 10s);
}

} // namespace
} // namespace empathd::connectors
