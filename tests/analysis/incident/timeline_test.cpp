#include "tests/analysis/incident/incident_posts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TimePoint start = test_start;

struct Growing {
    Tracker tracker{TrackerOptions{}};
    Post first = test_post("1", "Acme broke my chair at the gate, nobody said sorry");
    std::string id = tracker.place(test_mention(first), start).incident;

    void answer(const std::string& post_id, TimePoint at, const std::string& language = "en")
    {
        Post post = test_post(post_id, "the same thing here with Acme number " + post_id);
        post.reply_to = "1";
        StoryPost mention = test_mention(post);
        mention.language = language;
        (void)tracker.place(mention, at);
    }
    void likes(std::uint64_t count, TimePoint at)
    {
        (void)tracker.observe({"chatter", "1"}, {.likes = count}, at);
    }
};

TEST(Timeline, SaysHowFarTheStoryHadCome)
{
    Growing story;
    story.likes(4, start + minutes{10});
    story.answer("2", start + minutes{20});
    story.likes(9, start + minutes{30});

    EXPECT_THAT(story.tracker.timeline(story.id).points,
                ElementsAre(TimelinePoint{start, 1, 1, 0},
                            TimelinePoint{start + minutes{10}, 1, 1, 4},
                            TimelinePoint{start + minutes{20}, 2, 2, 4},
                            TimelinePoint{start + minutes{30}, 2, 2, 9}));
}

TEST(Timeline, NotesFirstsAndPowersOfTen)
{
    Growing story;
    story.answer("2", start + minutes{5}, "fr");
    story.answer("3", start + minutes{6}, "fr");
    story.likes(9, start + minutes{7});
    story.likes(250, start + minutes{9});
    story.likes(20'000, start + minutes{12});

    EXPECT_THAT(story.tracker.timeline(story.id).events,
                ElementsAre(TimelineEvent{start, Landmark::network, "chatter"},
                            TimelineEvent{start, Landmark::language, "en"},
                            TimelineEvent{start + minutes{5}, Landmark::language, "fr"},
                            TimelineEvent{start + minutes{9}, Landmark::reactions, "10"},
                            TimelineEvent{start + minutes{9}, Landmark::reactions, "100"},
                            TimelineEvent{start + minutes{12}, Landmark::reactions, "1000"}));
}

TEST(Timeline, StaysBoundedAndKeepsItsEnds)
{
    Growing story;
    for (int i = 2; i < 400; ++i) {
        story.answer(std::to_string(i), start + minutes{i});
    }
    for (int i = 0; i < 1000; ++i) {
        story.likes(static_cast<std::uint64_t>(i), start + hours{7} + minutes{i});
    }

    const Timeline timeline = story.tracker.timeline(story.id);

    EXPECT_EQ(timeline.points.size(), timeline_points_max);
    EXPECT_EQ(timeline.points.front().at, start);
    EXPECT_EQ(timeline.points.back().at, start + hours{7} + minutes{999});
    EXPECT_EQ(timeline.points.back().reactions, 999u);
    EXPECT_EQ(timeline.points.back().mentions, 399u);
    for (std::size_t i = 1; i < timeline.points.size(); ++i) {
        EXPECT_LT(timeline.points[i - 1].at, timeline.points[i].at);
        EXPECT_LE(timeline.points[i - 1].mentions, timeline.points[i].mentions);
    }
}

TEST(Timeline, FollowsReactionsThatAreTakenBack)
{
    Growing story;
    story.likes(40, start + minutes{10});
    story.likes(30, start + minutes{20});

    EXPECT_EQ(story.tracker.timeline(story.id).points.back().reactions, 30u);
}

TEST(Timeline, MovesWithSplitMembers)
{
    Growing story;
    story.answer("2", start + minutes{20});
    story.likes(7, start + minutes{30});

    const std::string fresh = *story.tracker.split(story.id, {{"chatter", "2"}});

    EXPECT_THAT(story.tracker.timeline(fresh).points,
                ElementsAre(TimelinePoint{start + minutes{20}, 1, 1, 0}));
    EXPECT_EQ(story.tracker.timeline(story.id).points.back(),
              (TimelinePoint{start + minutes{30}, 1, 1, 7}));
    EXPECT_THAT(story.tracker.timeline("nobody").points, IsEmpty());
}

TEST(Timeline, IsTheSameAfterARestart)
{
    Growing live;
    live.answer("2", start + minutes{20});
    live.likes(7, start + minutes{30});

    Post reply = test_post("2", "the same thing here with Acme number 2");
    reply.reply_to = "1";
    Tracker again({});
    again.restore(*live.tracker.find(live.id));
    again.restore(test_mention(live.first), live.id, false, start);
    again.restore(test_mention(reply), live.id, false, start + minutes{20});
    (void)again.observe({"chatter", "1"}, {.likes = 7}, start + minutes{30});

    EXPECT_EQ(again.timeline(live.id).points, live.tracker.timeline(live.id).points);
    EXPECT_EQ(again.timeline(live.id).events, live.tracker.timeline(live.id).events);
}

} // namespace
} // namespace empathd::analysis
