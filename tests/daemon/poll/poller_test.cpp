#include "daemon/poll/poller.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace empathd {
namespace {

namespace asio = boost::asio;
using connectors::Page;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TimePoint start = from_unix_ms(1'772'539'200'000);

/// Gives prepared answers and writes down what it was asked; when it has none left it says so
/// through `done`, which ends the run.
class ScriptedConnector final : public connectors::Connector {
public:
    std::deque<Result<Page>> pages;
    std::vector<std::string> cursors;
    std::vector<std::string> observed;
    Result<std::vector<Observation>> observations{std::vector<Observation>{}};
    std::size_t ids_max = 10;

    asio::awaitable<Result<Page>> fetch(std::string cursor) override
    {
        cursors.push_back(cursor);
        if (pages.empty()) {
            co_return Error{ErrorKind::cancelled, "the script is over"};
        }
        Result<Page> page = std::move(pages.front());
        pages.pop_front();
        co_return page;
    }
    asio::awaitable<Result<std::vector<Observation>>>
    observe(std::vector<std::string> native_ids) override
    {
        observed.insert(observed.end(), native_ids.begin(), native_ids.end());
        co_return observations;
    }
    [[nodiscard]] std::size_t observe_ids_max() const noexcept override { return ids_max; }
};

struct Kept {
    std::vector<PolledPage> pages;
    std::vector<std::string> errors;
    std::vector<Followable> to_follow;
    bool store_fails = false;
};

PollHooks hooks_into(Kept& kept)
{
    PollHooks hooks;
    hooks.page = [&kept](PolledPage page) -> asio::awaitable<Result<std::vector<Followable>>> {
        if (kept.store_fails) {
            co_return Error{ErrorKind::storage, "disk"};
        }
        kept.pages.push_back(std::move(page));
        co_return kept.to_follow;
    };
    hooks.failure = [&kept](std::string, Error error, milliseconds) -> asio::awaitable<Result<>> {
        kept.errors.push_back(error.message);
        co_return Result<>{};
    };
    hooks.hold = [] { return false; };
    return hooks;
}

Page page_of(const std::string& id, const std::string& cursor, bool more)
{
    Page page;
    Post post;
    post.key = {"chatter", id};
    page.posts.push_back(post);
    page.cursor = cursor;
    page.more = more;
    return page;
}

FollowedRoom room; // Empty again after each test.

const PollerOptions options{
    .name = "forum",
    .connector_name = "scripted",
    .audience = Audience::employee,
    .limits = {.interval = seconds{0}, .backoff_min = seconds{0}, .backoff_max = seconds{0}}};

TEST(Poller, HandsOnPagesWithTheirCursorAndAsksFromThere)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    connector.pages.push_back(page_of("1", "c1", true));
    connector.pages.push_back(page_of("2", "c2", false));
    Kept kept;
    Poller poller(options, connector, hooks_into(kept), clock, room);

    const Result<> end = testing::run(poller.run("c0"));

    EXPECT_EQ(end.error().kind, ErrorKind::cancelled);
    EXPECT_THAT(connector.cursors, ElementsAre("c0", "c1", "c2"));
    ASSERT_EQ(kept.pages.size(), 2u);
    EXPECT_EQ(kept.pages[1].page.cursor, "c2");
    const Post& post = kept.pages[0].page.posts.at(0);
    EXPECT_EQ(post.source, "forum");
    EXPECT_EQ(post.audience, Audience::employee);
    EXPECT_EQ(post.seen_at, start);
}

TEST(Poller, KeepsTheCursorOverAFailedPollAndReportsIt)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    connector.pages.push_back(page_of("1", "c1", false));
    connector.pages.push_back(Error{ErrorKind::unavailable, "no route"});
    connector.pages.push_back(page_of("2", "c2", false));
    Kept kept;
    Poller poller(options, connector, hooks_into(kept), clock, room);

    (void)testing::run(poller.run(""));

    EXPECT_THAT(connector.cursors, ElementsAre("", "c1", "c1", "c2"));
    EXPECT_THAT(kept.errors, ElementsAre("no route"));
    EXPECT_EQ(poller.status().polls, 4u);
}

TEST(Poller, KeepsTheTimeOfAReplayedPage)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    Page page = page_of("1", "c1", false);
    page.as_of = start - minutes{600};
    page.observations.push_back({.key = {"chatter", "0"}});
    connector.pages.push_back(std::move(page));
    Kept kept;
    Poller poller(options, connector, hooks_into(kept), clock, room);

    (void)testing::run(poller.run(""));

    EXPECT_EQ(kept.pages.at(0).page.posts.at(0).seen_at, start - minutes{600});
    EXPECT_EQ(kept.pages.at(0).page.observations.at(0).at, start - minutes{600});
}

TEST(Poller, EndsWithTheStoresFailure)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    connector.pages.push_back(page_of("1", "c1", false));
    Kept kept;
    kept.store_fails = true;
    Poller poller(options, connector, hooks_into(kept), clock, room);

    EXPECT_EQ(testing::run(poller.run("")).error().kind, ErrorKind::storage);
    EXPECT_THAT(connector.cursors, ElementsAre(""));
}

TEST(Poller, AsksForPostsFirstWhenBothAreDue)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    connector.observations =
        std::vector<Observation>{{.key = {"chatter", "1"}, .engagement = {.likes = 7}}};
    Kept kept;
    Poller poller(options, connector, hooks_into(kept), clock, room);
    poller.follow({.key = {"chatter", "1"}, .native_id = "n1", .seen_at = start});
    clock.advance(minutes{5});
    // The first poll and the re-read are both due; the script then ends at the second poll.
    connector.pages.push_back(page_of("2", "c1", false));

    (void)testing::run(poller.run(""));

    EXPECT_EQ(kept.pages.size(), 1u);
    EXPECT_THAT(connector.observed, IsEmpty());
}

TEST(Poller, AsksAtLeisureAndReadsEngagementInBetween)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    connector.observations =
        std::vector<Observation>{{.key = {"chatter", "1"}, .engagement = {.likes = 7}}};
    connector.pages.push_back(page_of("2", "c1", false));
    Kept kept;
    PollerOptions slow = options;
    slow.limits.interval = seconds{3600};
    PollHooks hooks = hooks_into(kept);
    const auto keep = hooks.page;
    hooks.page = [&](PolledPage page) -> asio::awaitable<Result<std::vector<Followable>>> {
        if (page.reread) {
            kept.store_fails = true; // Ends the run after the page is looked at below.
            kept.pages.push_back(page);
        } else {
            clock.advance(minutes{5});
        }
        co_return co_await keep(std::move(page));
    };
    Poller poller(slow, connector, hooks, clock, room);
    poller.follow({.key = {"chatter", "1"}, .native_id = "n1", .seen_at = start});

    (void)testing::run(poller.run("c0"));

    EXPECT_THAT(connector.observed, ElementsAre("n1"));
    ASSERT_EQ(kept.pages.size(), 2u);
    const PolledPage& reread = kept.pages[1];
    EXPECT_TRUE(reread.reread);
    EXPECT_EQ(reread.page.cursor, "c1") << "a re-read never moves the cursor";
    ASSERT_EQ(reread.page.observations.size(), 1u);
    EXPECT_EQ(reread.page.observations[0].engagement.likes, 7u);
}

/// Polls once, then only reads engagement: each look moves the clock on by `step`; ends after
/// `looks` of them or when the clock reaches `until`.
struct Looks {
    testing::FakeClock& clock;
    minutes step{1};
    std::size_t most = 0;
    std::vector<TimePoint> at;

    PollHooks hooks(Kept& kept)
    {
        PollHooks out = hooks_into(kept);
        out.page = [this](PolledPage page) -> asio::awaitable<Result<std::vector<Followable>>> {
            if (page.reread) {
                at.push_back(clock.now());
                if (at.size() >= most) {
                    co_return Error{ErrorKind::storage, "enough"};
                }
            }
            clock.advance(step);
            co_return std::vector<Followable>{};
        };
        return out;
    }
};

TEST(Poller, ReadsAHastenedPostBeforeItsTimeAndOnlyOnce)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    connector.pages.push_back(page_of("2", "c1", false));
    Kept kept;
    PollerOptions slow = options;
    slow.limits.interval = seconds{3600};
    Looks looks{.clock = clock, .most = 1};
    Poller poller(slow, connector, looks.hooks(kept), clock, room);
    poller.follow({.key = {"chatter", "1"}, .native_id = "n1", .seen_at = start});

    EXPECT_TRUE(poller.hasten({"chatter", "1"}));
    EXPECT_FALSE(poller.hasten({"chatter", "1"}));
    EXPECT_FALSE(poller.hasten({"chatter", "unknown"}));
    (void)testing::run(poller.run("c0"));

    EXPECT_THAT(connector.observed, ElementsAre("n1"));
    EXPECT_THAT(looks.at, ElementsAre(start + minutes{1})) << "not at five minutes";
}

TEST(Poller, WakesForAHastenedPost)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    connector.pages.push_back(page_of("2", "c1", false));
    Kept kept;
    PollerOptions slow = options;
    slow.limits.interval = seconds{3600};
    Looks looks{.clock = clock, .most = 1};
    Poller poller(slow, connector, looks.hooks(kept), clock, room);
    poller.follow({.key = {"chatter", "1"}, .native_id = "n1", .seen_at = start});
    asio::io_context loop(1);
    bool ended = false;
    asio::co_spawn(loop, poller.run("c0"),
                   [&ended](std::exception_ptr, Result<>) { ended = true; });
    loop.poll(); // Polls, then sleeps until the fifth minute of a clock that stands still.
    ASSERT_FALSE(ended);
    ASSERT_THAT(connector.observed, IsEmpty());

    EXPECT_TRUE(poller.hasten({"chatter", "1"}));
    loop.poll();

    EXPECT_TRUE(ended);
    EXPECT_THAT(connector.observed, ElementsAre("n1"));
}

TEST(Poller, AsksForEngagementNoMoreOftenThanTheBudgetAllows)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    connector.ids_max = 1;
    connector.pages.push_back(page_of("2", "c1", false));
    Kept kept;
    PollerOptions slow = options;
    slow.limits.interval = seconds{3600 * 24};
    slow.reread_budget_per_hour = 2;
    Looks looks{.clock = clock, .step = minutes{10}, .most = 100};
    Poller poller(slow, connector, looks.hooks(kept), clock, room);
    for (const char* id : {"1", "2", "3"}) {
        poller.follow({.key = {"chatter", id}, .native_id = id, .seen_at = start});
    }
    asio::io_context loop(1);
    asio::co_spawn(loop, poller.run("c0"), [](std::exception_ptr, Result<>) {});
    loop.poll();

    EXPECT_EQ(looks.at.size(), 1u) << "the second must wait half an hour";
}

TEST(Poller, LearnsTheHabitOfItsSource)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    connector.pages.push_back(Error{ErrorKind::unauthorized, "401"});
    Kept kept;
    PollerOptions impatient = options;
    impatient.limits.refused_retry = seconds{0};
    Poller poller(impatient, connector, hooks_into(kept), clock, room);

    (void)testing::run(poller.run(""));
    EXPECT_EQ(poller.status().sight.state, SightState::stopped);

    connector.pages.push_back(page_of("1", "c1", false));
    Poller again(options, connector, hooks_into(kept), clock, room);
    again.restore(poller.habit());
    (void)testing::run(again.run(""));
    EXPECT_EQ(again.status().sight.state, SightState::sighted);
    EXPECT_NE(again.habit().save(), Habit(options.limits.interval).save());
}

TEST(Poller, LearnsNoHabitFromAReplay)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    Page page = page_of("1", "c1", false);
    page.as_of = start - minutes{600};
    connector.pages.push_back(std::move(page));
    Kept kept;
    Poller poller(options, connector, hooks_into(kept), clock, room);

    (void)testing::run(poller.run(""));
    EXPECT_EQ(poller.habit().save(), Habit(options.limits.interval).save());
}

TEST(Poller, FollowsNothingWhereTheSourceCannotBeAskedAgain)
{
    testing::FakeClock clock(start);
    ScriptedConnector connector;
    connector.ids_max = 0;
    Kept kept;
    Poller poller(options, connector, hooks_into(kept), clock, room);
    poller.follow({.key = {"chatter", "1"}, .native_id = "n1", .seen_at = start});

    EXPECT_EQ(poller.status().followed, 0u);
}

} // namespace
} // namespace empathd
