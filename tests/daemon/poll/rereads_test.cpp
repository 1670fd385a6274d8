#include "daemon/poll/rereads.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

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

/// What is asked for, as native ids.
std::vector<std::string> natives(const std::vector<AskedPost>& asked)
{
    std::vector<std::string> out;
    for (const AskedPost& post : asked) {
        out.push_back(post.native_id);
    }
    return out;
}

TEST(NextReread, ComesAtDoublingAgesForAWeek)
{
    EXPECT_EQ(next_reread(seen, seen), seen + minutes{5});
    EXPECT_EQ(next_reread(seen, seen + minutes{5}), seen + minutes{10});
    EXPECT_EQ(next_reread(seen, seen + minutes{39}), seen + minutes{40});
    EXPECT_EQ(next_reread(seen, seen + hours{8 * 24}), std::nullopt);
}

class RereadsTest : public ::testing::Test {
protected:
    FollowedRoom room;
    Rereads rereads{room};
};

TEST_F(RereadsTest, AskForAPostAtEachOfItsMoments)
{
    rereads.add(one, "1", seen, seen);
    std::vector<minutes> ages;
    while (const auto due = rereads.next_due()) {
        ages.push_back(std::chrono::duration_cast<minutes>(*due - seen));
        const auto asked = rereads.take(*due, 10);
        EXPECT_THAT(natives(asked), ElementsAre("1"));
        EXPECT_THAT(rereads.settle(asked, {one}, *due), IsEmpty());
    }
    EXPECT_THAT(ages, ElementsAre(minutes{5}, minutes{10}, minutes{20}, minutes{40}, minutes{80},
                                  minutes{160}, minutes{320}, minutes{640}, minutes{1280},
                                  minutes{2560}, minutes{5120}));
    EXPECT_EQ(rereads.size(), 0u);
    EXPECT_EQ(room.used, 0u);
}

TEST_F(RereadsTest, GiveBackKeyAndNativeId)
{
    rereads.add(one, "", seen, seen);
    rereads.add(two, "uri-2", seen, seen);
    rereads.add({"other", "uri-1"}, "77", seen, seen);

    auto asked = rereads.take(seen + minutes{5}, 10);
    std::sort(asked.begin(), asked.end(), [](auto& a, auto& b) { return a.key < b.key; });
    ASSERT_EQ(asked.size(), 3u);
    EXPECT_EQ(asked[0].key, one);
    EXPECT_EQ(asked[0].native_id, "uri-1") << "none given: the id itself";
    EXPECT_EQ(asked[1].native_id, "uri-2");
    EXPECT_EQ(asked[2].key, (PostKey{"other", "uri-1"}));
    EXPECT_EQ(asked[2].native_id, "77");
}

TEST_F(RereadsTest, AskNothingBeforeItIsDueAndNothingTwice)
{
    rereads.add(one, "1", seen, seen);

    EXPECT_THAT(rereads.take(seen + minutes{4}, 10), IsEmpty());
    EXPECT_THAT(natives(rereads.take(seen + minutes{5}, 10)), ElementsAre("1"));
    EXPECT_THAT(rereads.take(seen + minutes{6}, 10), IsEmpty()) << "it is being asked for";
    EXPECT_EQ(rereads.next_due(), std::nullopt);
}

TEST_F(RereadsTest, AskTheHastenedFirstThenTheYoungestAndNoMoreThanTheLimit)
{
    for (int i = 1; i <= 4; ++i) {
        rereads.add({"chatter", std::to_string(i)}, "", seen + minutes{i}, seen + minutes{i});
    }
    EXPECT_TRUE(rereads.hasten({"chatter", "2"}, seen + minutes{5}));

    EXPECT_THAT(natives(rereads.take(seen + minutes{10}, 1)), ElementsAre("2"));
    EXPECT_THAT(natives(rereads.take(seen + minutes{10}, 2)), ElementsAre("4", "3"));
    EXPECT_EQ(rereads.next_due(), seen + minutes{6}) << "one is still due";
    EXPECT_THAT(natives(rereads.take(seen + minutes{10}, 2)), ElementsAre("1"));
}

TEST_F(RereadsTest, HastenAPostAtMostOnceInTenMinutes)
{
    rereads.add(one, "1", seen, seen);
    const TimePoint now = seen + minutes{1};
    EXPECT_TRUE(rereads.hasten(one, now));
    EXPECT_EQ(rereads.next_due(), now);
    EXPECT_FALSE(rereads.hasten(one, now));
    const auto asked = rereads.take(now, 10);
    EXPECT_FALSE(rereads.hasten(one, now + minutes{11})) << "it is being asked for";
    EXPECT_THAT(rereads.settle(asked, {one}, now), IsEmpty());

    EXPECT_EQ(rereads.next_due(), seen + minutes{5}) << "its own moments stay";
    EXPECT_FALSE(rereads.hasten(one, now + minutes{9}));
    EXPECT_TRUE(rereads.hasten(one, now + minutes{10}));
    EXPECT_FALSE(rereads.hasten(two, now));
}

TEST_F(RereadsTest, TakeAPostForDeletedOnlyWhenItIsMissingTwice)
{
    rereads.add(one, "1", seen, seen);

    EXPECT_THAT(rereads.settle(rereads.take(seen + minutes{5}, 9), {two}, seen + minutes{5}),
                IsEmpty());
    EXPECT_EQ(rereads.next_due(), seen + minutes{10});
    EXPECT_THAT(rereads.settle(rereads.take(seen + minutes{10}, 9), {}, seen + minutes{10}),
                ElementsAre(one));
    EXPECT_EQ(rereads.next_due(), std::nullopt);
    EXPECT_EQ(room.used, 0u);
}

TEST_F(RereadsTest, ForgiveOneMiss)
{
    rereads.add(one, "1", seen, seen);
    const auto look = [this](minutes age, const std::vector<PostKey>& answered) {
        return rereads.settle(rereads.take(seen + age, 9), answered, seen + age);
    };
    EXPECT_THAT(look(minutes{5}, {}), IsEmpty());
    EXPECT_THAT(look(minutes{10}, {one}), IsEmpty());
    EXPECT_THAT(look(minutes{20}, {}), IsEmpty());
    EXPECT_EQ(rereads.size(), 1u);
}

TEST_F(RereadsTest, DrawNoConclusionFromAFailedQuestion)
{
    rereads.add(one, "1", seen, seen);
    for (int i = 0; i < 3; ++i) {
        const TimePoint now = *rereads.next_due();
        rereads.postpone(rereads.take(now, 9), now, seconds{90});
        EXPECT_EQ(rereads.next_due(), now + seconds{90});
    }
    EXPECT_EQ(rereads.size(), 1u);
}

TEST_F(RereadsTest, PickUpInTheMiddleAfterARestart)
{
    rereads.add(one, "1", seen, seen + minutes{33});

    EXPECT_EQ(rereads.next_due(), seen + minutes{40});
}

TEST_F(RereadsTest, KeepOnePlaceForAPostAddedTwiceAndNoneForAForgottenOne)
{
    rereads.add(one, "1", seen, seen);
    rereads.add(one, "1", seen, seen);
    rereads.add(two, "2", seen, seen);
    rereads.forget(one);
    rereads.forget({"chatter", "never seen"});

    EXPECT_THAT(natives(rereads.take(seen + minutes{5}, 10)), ElementsAre("2"));
}

TEST_F(RereadsTest, IgnoreTheAnswerForAPostForgottenOrFollowedAnewMeanwhile)
{
    rereads.add(one, "1", seen, seen);
    const auto asked = rereads.take(seen + minutes{5}, 10);
    rereads.forget(one);
    EXPECT_THAT(rereads.settle(asked, {}, seen + minutes{5}), IsEmpty());
    rereads.add(one, "1", seen, seen + minutes{5});
    EXPECT_THAT(rereads.settle(asked, {}, seen + minutes{5}), IsEmpty());
    rereads.postpone(asked, seen, seconds{1});

    EXPECT_EQ(rereads.next_due(), seen + minutes{10});
}

TEST_F(RereadsTest, LetGoOfWhatNeverGotItsTurn)
{
    rereads.add(one, "1", seen, seen);
    rereads.add(two, "2", seen + hours{24}, seen + hours{24});
    const TimePoint later = seen + hours{7 * 24 + 1};

    EXPECT_THAT(natives(rereads.take(later, 10)), ElementsAre("2"));
    EXPECT_EQ(rereads.size(), 1u);
}

TEST_F(RereadsTest, RefuseWhatIsOlderThanAWeekAndIdsTooLong)
{
    rereads.add(one, "1", seen - hours{169}, seen);
    rereads.add({"chatter", std::string(IdArena::bytes_max + 1, 'x')}, "", seen, seen);
    rereads.add({"chatter", "y"}, std::string(IdArena::bytes_max, 'x'), seen, seen);
    EXPECT_EQ(rereads.size(), 0u);

    rereads.add({"chatter", std::string(IdArena::bytes_max, 'x')}, "", seen, seen);
    EXPECT_EQ(rereads.size(), 1u);
}

TEST_F(RereadsTest, GiveTheRoomOfTheOldestToTheYounger)
{
    room.posts_max = 2;
    rereads.add({"chatter", "b"}, "", seen + minutes{1}, seen + minutes{1});
    rereads.add({"chatter", "c"}, "", seen + minutes{2}, seen + minutes{2});
    rereads.add({"chatter", "a"}, "", seen, seen + minutes{2});
    EXPECT_THAT(natives(rereads.take(seen + hours{1}, 9)), ElementsAre("c", "b"));
    rereads.add({"chatter", "d"}, "", seen + minutes{3}, seen + minutes{3});

    EXPECT_EQ(rereads.size(), 2u);
    EXPECT_THAT(natives(rereads.take(seen + hours{1}, 9)), ElementsAre("d"));
}

TEST_F(RereadsTest, ShareTheRoomWithOtherSources)
{
    room.posts_max = 2;
    rereads.add(one, "", seen, seen);
    {
        Rereads other(room);
        other.add(one, "", seen, seen);
        EXPECT_EQ(room.used, 2u);
        Rereads third(room);
        third.add(two, "", seen, seen);
        EXPECT_EQ(third.size(), 0u) << "it has nothing of its own to give up";
    }
    EXPECT_EQ(room.used, 1u);
}

/// Against a plain model: any order of calls keeps the same posts due at the same times.
TEST_F(RereadsTest, AgreeWithAPlainModelOverRandomCalls)
{
    std::mt19937 random(5);
    const auto draw = [&random](int most) {
        return std::uniform_int_distribution<int>(0, most)(random);
    };
    std::map<PostKey, TimePoint> model; // Due times.
    std::map<PostKey, TimePoint> born;
    TimePoint now = seen;
    for (int step = 0; step < 20'000; ++step) {
        now += seconds{draw(5)};
        const PostKey key{draw(1) == 0 ? "a" : "b",
                          std::string(1 + draw(20), 'x') + std::to_string(draw(40))};
        switch (draw(3)) {
        case 0:
            rereads.add(key, draw(1) == 0 ? "" : "native", now, now);
            if (model.emplace(key, now + Rereads::first).second) {
                born[key] = now;
            }
            break;
        case 1:
            rereads.forget(key);
            model.erase(key);
            break;
        default: {
            const auto asked = rereads.take(now, 1'000);
            std::vector<PostKey> keys;
            for (const AskedPost& post : asked) {
                keys.push_back(post.key);
            }
            std::vector<PostKey> expected;
            for (auto& [due_key, due] : model) {
                if (due <= now) {
                    expected.push_back(due_key);
                    due = *next_reread(born[due_key], now);
                }
            }
            ASSERT_THAT(keys, ::testing::UnorderedElementsAreArray(expected)) << step;
            ASSERT_THAT(rereads.settle(asked, keys, now), IsEmpty());
        }
        }
        ASSERT_EQ(rereads.size(), model.size()) << step;
    }
}

} // namespace
} // namespace empathd
