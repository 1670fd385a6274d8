#include "analysis/spread/pending.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const TimePoint start = from_unix_ms(1'772'000'000'000);

/// A post polled every five minutes for an hour, ten reactions each time.
void observe_hour(Pending& pending, const std::string& id)
{
    Track track = begin(0, start);
    pending.observe("here", id, track, true);
    for (int minute = 5; minute <= 60; minute += 5) {
        update(track, 2 * minute, start + minutes{minute});
        pending.observe("here", id, track, true);
    }
}

TEST(Pending, KeepsOnePollOfEveryBucketAndTheSameOneEveryTime)
{
    Pending pending(10);
    Pending again(10);
    observe_hour(pending, "a");
    observe_hour(again, "b");
    observe_hour(again, "a");
    const auto post = pending.take("here", "a");
    const auto same = again.take("here", "a");

    ASSERT_TRUE(post && same);
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        ASSERT_EQ(post->snapshots[bucket].has_value(), bucket < 3) << bucket;
        if (bucket < 3) {
            EXPECT_EQ(age_bucket(post->snapshots[bucket]->track), bucket);
            EXPECT_EQ(post->snapshots[bucket]->track.last_at(),
                      same->snapshots[bucket]->track.last_at());
        }
    }
    EXPECT_EQ(post->count, 120);
    EXPECT_FALSE(pending.take("here", "a"));
}

TEST(Pending, ChoosesPollsFromAllOverABucket)
{
    std::set<TimePoint> chosen;
    for (int i = 0; i < 100; ++i) {
        Pending pending(1);
        const std::string id = std::to_string(i);
        observe_hour(pending, id);
        chosen.insert(pending.take("here", id)->snapshots[1]->track.last_at());
    }
    EXPECT_EQ(chosen.size(), 6u); // 15, 20, ... 40 minutes
}

TEST(Pending, KeepsAnEvenSampleWhateverTheOrder)
{
    Pending forward(20);
    Pending backward(20);
    for (int i = 0; i < 100; ++i) {
        observe_hour(forward, std::to_string(i));
        observe_hour(backward, std::to_string(99 - i));
    }
    ASSERT_EQ(forward.size(), 20u);
    for (int i = 0; i < 100; ++i) {
        const std::string id = std::to_string(i);
        EXPECT_EQ(forward.take("here", id).has_value(), backward.take("here", id).has_value());
    }
}

TEST(Pending, TakesOutThoseFirstSeenLongAgoInOrder)
{
    Pending pending(10);
    pending.observe("here", "young", begin(1, start + hours{3}), true);
    pending.observe("here", "b", begin(1, start), true);
    pending.observe("here", "a", begin(1, start), true);
    pending.observe("here", "old", begin(1, start - hours{1}), true);

    std::vector<std::string> ids;
    for (const PendingPost& post : pending.take_first_seen_by(start)) {
        ids.push_back(post.id);
    }
    EXPECT_EQ(ids, (std::vector<std::string>{"old", "a", "b"}));
    EXPECT_EQ(pending.size(), 1u);
}

TEST(Pending, ObservesAPollOnceAndLearnsNothingFromOneThatDoesNotTeach)
{
    Pending pending(10);
    const Track track = begin(4, start);
    pending.observe("here", "a", track, false);
    pending.observe("here", "a", track, true);
    const auto post = pending.take("here", "a");

    ASSERT_TRUE(post);
    EXPECT_EQ(post->polls, 1u);
    EXPECT_FALSE(post->snapshots[0]);
}

TEST(PendingPost, TellsWhenHalfOfWhatCameHadCome)
{
    Pending pending(10);
    observe_hour(pending, "a");
    const auto post = pending.take("here", "a");
    Track from = begin(0, start);
    update(from, 40, start + minutes{20});

    ASSERT_TRUE(post->half_time_s(from));
    EXPECT_NEAR(*post->half_time_s(from), 20 * 60, 1e-6); // 40 -> 120: 80 at 40 minutes
    update(from, 120, start + minutes{60});
    EXPECT_FALSE(post->half_time_s(from));
}

TEST(PendingPost, ThinsItsHistoryAndStillTells)
{
    Pending pending(1);
    Track track = begin(0, start);
    for (int minute = 1; minute <= 1000; ++minute) {
        update(track, minute, start + minutes{minute});
        pending.observe("here", "a", track, true);
    }
    const auto post = pending.take("here", "a");
    ASSERT_TRUE(post);
    EXPECT_LE(post->history.size(), PendingPost::history_max);
    Track from = begin(0, start);
    update(from, 200, start + minutes{200});
    EXPECT_NEAR(*post->half_time_s(from), 400 * 60, 60);
}

} // namespace
} // namespace empathd::analysis
