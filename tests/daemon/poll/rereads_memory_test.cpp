// In a program of its own: it counts every byte the program allocates.
#include "daemon/poll/rereads.hpp"

#include "tests/daemon/poll/allocated_bytes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const TimePoint seen = from_unix_ms(1'772'539'200'000);
constexpr std::size_t mebibyte = 1024 * 1024;

/// As long as an ActivityPub uri; the native id is the number alone.
PostKey key_of(int i)
{
    return {"mastodon", "https://social.example/users/somebody/statuses/11" +
                            std::to_string(1'000'000'000'000'000 + i)};
}

TEST(RereadsMemory, HoldsAMillionPostsInUnder300Megabytes)
{
    const std::size_t before = testing::allocated_bytes();
    (void)testing::peak_bytes();
    FollowedRoom room;
    Rereads rereads(room);
    for (int i = 0; i < 1'000'000; ++i) {
        const TimePoint at = seen + seconds{i / 10};
        rereads.add(key_of(i), std::to_string(110'000'000'000'000'000 + i), at, at);
    }
    ASSERT_EQ(rereads.size(), 1'000'000u);
    const std::size_t held = testing::allocated_bytes() - before;
    const std::size_t most = testing::peak_bytes() - before;

    EXPECT_GT(held, 100 * mebibyte) << "or the counting is broken";
    EXPECT_LT(held, 200 * mebibyte);
    EXPECT_LT(most, 220 * mebibyte) << "growing included";
    EXPECT_LT(most, 300'000'000u);
    RecordProperty("bytes_per_post", static_cast<int>(held / 1'000'000));
}

TEST(RereadsMemory, DoesNotGrowWhilePostsComeAndGo)
{
    FollowedRoom room;
    Rereads rereads(room);
    const auto turn_over = [&rereads](int from, int to) {
        for (int i = from; i < to; ++i) {
            rereads.add(key_of(i), "", seen, seen);
            rereads.forget(key_of(i - 10'000));
        }
    };
    turn_over(10'000, 40'000);
    const std::size_t before = testing::allocated_bytes();
    turn_over(40'000, 100'000);

    EXPECT_EQ(testing::allocated_bytes(), before);
}

TEST(RereadsMemory, IsGivenBackAtTheEnd)
{
    const std::size_t before = testing::allocated_bytes();
    {
        FollowedRoom room;
        Rereads rereads(room);
        rereads.add(key_of(1), "", seen, seen);
        EXPECT_GT(testing::allocated_bytes(), before);
    }
    EXPECT_EQ(testing::allocated_bytes(), before);
}

} // namespace
} // namespace empathd
