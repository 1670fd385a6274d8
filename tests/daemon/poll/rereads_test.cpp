#include "daemon/poll/rereads.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TimePoint seen = from_unix_ms(1'772'539'200'000);
const PostKey one{"chatter", "uri-1"};
const PostKey two{"chatter", "uri-2"};

TEST(NextReread, ComesAtDoublingAgesForAWeek)
{
    EXPECT_EQ(next_reread(seen, seen), seen + minutes{5});
    EXPECT_EQ(next_reread(seen, seen + minutes{5}), seen + minutes{10});
    EXPECT_EQ(next_reread(seen, seen + minutes{39}), seen + minutes{40});
    EXPECT_EQ(next_reread(seen, seen + hours{8 * 24}), std::nullopt);
}

TEST(Rereads, AskForAPostAtEachOfItsMoments)
{
    Rereads rereads;
    rereads.add(one, "1", seen, seen);
    std::vector<minutes> ages;
    TimePoint now = seen;
    while (const auto due = rereads.next_due()) {
        now = *due;
        ages.push_back(std::chrono::duration_cast<minutes>(now - seen));
        EXPECT_THAT(rereads.due(now, 10), ElementsAre("1"));
        EXPECT_THAT(rereads.settle({"1"}, {one}, now), IsEmpty());
    }
    EXPECT_THAT(ages, ElementsAre(minutes{5}, minutes{10}, minutes{20}, minutes{40}, minutes{80},
                                  minutes{160}, minutes{320}, minutes{640}, minutes{1280},
                                  minutes{2560}, minutes{5120}));
    EXPECT_EQ(rereads.size(), 0u);
}

TEST(Rereads, AskNothingBeforeItIsDue)
{
    Rereads rereads;
    rereads.add(one, "1", seen, seen);

    EXPECT_THAT(rereads.due(seen + minutes{4}, 10), IsEmpty());
}

TEST(Rereads, AskTheLongestDueFirstAndNoMoreThanTheLimit)
{
    Rereads rereads;
    rereads.add(two, "2", seen + minutes{1}, seen + minutes{1});
    rereads.add(one, "1", seen, seen);

    EXPECT_THAT(rereads.due(seen + minutes{10}, 1), ElementsAre("1"));
    EXPECT_THAT(rereads.due(seen + minutes{10}, 5), ElementsAre("1", "2"));
}

TEST(Rereads, TakeAPostForDeletedOnlyWhenItIsMissingTwice)
{
    Rereads rereads;
    rereads.add(one, "1", seen, seen);

    EXPECT_THAT(rereads.settle({"1"}, {}, seen + minutes{5}), IsEmpty());
    EXPECT_EQ(rereads.next_due(), seen + minutes{10});
    EXPECT_THAT(rereads.settle({"1"}, {}, seen + minutes{10}), ElementsAre(one));
    EXPECT_EQ(rereads.next_due(), std::nullopt);
}

TEST(Rereads, ForgiveOneMiss)
{
    Rereads rereads;
    rereads.add(one, "1", seen, seen);

    EXPECT_THAT(rereads.settle({"1"}, {}, seen + minutes{5}), IsEmpty());
    EXPECT_THAT(rereads.settle({"1"}, {one}, seen + minutes{10}), IsEmpty());
    EXPECT_THAT(rereads.settle({"1"}, {}, seen + minutes{20}), IsEmpty());
}

TEST(Rereads, DrawNoConclusionFromAFailedQuestion)
{
    Rereads rereads;
    rereads.add(one, "1", seen, seen);
    rereads.postpone({"1"}, seen + minutes{5}, seconds{90});

    EXPECT_EQ(rereads.next_due(), seen + minutes{5} + seconds{90});
    EXPECT_EQ(rereads.size(), 1u);
}

TEST(Rereads, PickUpInTheMiddleAfterARestart)
{
    Rereads rereads;
    rereads.add(one, "1", seen, seen + minutes{33});

    EXPECT_EQ(rereads.next_due(), seen + minutes{40});
}

TEST(Rereads, KeepOnePlaceForAPostAddedTwiceAndNoneForAForgottenOne)
{
    Rereads rereads;
    rereads.add(one, "1", seen, seen);
    rereads.add(one, "1", seen, seen);
    rereads.add(two, "2", seen, seen);
    rereads.forget(one);

    EXPECT_THAT(rereads.due(seen + minutes{5}, 10), ElementsAre("2"));
}

} // namespace
} // namespace empathd
