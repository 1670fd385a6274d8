#include "connectors/mastodon/timeline_walk.hpp"

#include "connectors/mastodon/timeline_cursor.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

using Where = TimelineAsk::Where;
using Indexes = std::vector<std::size_t>;

std::vector<TimelineEntry> page_of(const std::vector<std::string>& ids)
{
    std::vector<TimelineEntry> page;
    for (const std::string& id : ids) {
        page.push_back({.id = id, .created = from_unix_ms(1'000'000'000)});
    }
    return page;
}

TimelineState state_of(const std::vector<std::string>& known)
{
    return {.started = true, .page_max = 40, .known = known, .newest = from_unix_ms(1'000'000'000)};
}

TEST(TimelineWalk, TakesTheNewestPageFirst)
{
    TimelineState state;
    TimelineWalk walk(state);
    EXPECT_EQ(walk.ask().where, Where::newest);

    EXPECT_EQ(walk.take(page_of({"3", "2", "1"}), ""), (Indexes{0, 1, 2}));

    EXPECT_TRUE(walk.done());
    EXPECT_EQ(state.known, (std::vector<std::string>{"3", "2", "1"}));
    EXPECT_EQ(state.page_max, 3u);
}

TEST(TimelineWalk, AsksAboveTheOldestItRemembers)
{
    TimelineState state = state_of({"30", "20", "10"});
    TimelineWalk walk(state);
    EXPECT_EQ(walk.ask().where, Where::above);
    EXPECT_EQ(walk.ask().id, "10");

    EXPECT_EQ(walk.take(page_of({"40", "30", "25", "20"}), ""), (Indexes{0, 2})) << "25 came late";

    EXPECT_EQ(state.known, (std::vector<std::string>{"40", "30", "25", "20", "10"}));
    EXPECT_EQ(walk.ask().id, "30");
    EXPECT_EQ(walk.take(page_of({"40"}), ""), Indexes{});
    EXPECT_TRUE(walk.done());
}

TEST(TimelineWalk, LooksAtTheNewestPageWhenNothingIsAboveAnOldStatus)
{
    TimelineState state = state_of({"30", "20", "10"});
    TimelineWalk walk(state);

    EXPECT_EQ(walk.take({}, ""), Indexes{});

    EXPECT_EQ(walk.ask().where, Where::newest);
    EXPECT_EQ(walk.take(page_of({"40", "30", "9"}), ""), (Indexes{0})) << "9 is older";
    EXPECT_TRUE(walk.done());
}

TEST(TimelineWalk, LooksAtTheNewestPageWhenTheOldStatusIsRefused)
{
    TimelineState state = state_of({"b", "a"});
    TimelineWalk walk(state);

    EXPECT_TRUE(walk.refused());

    EXPECT_EQ(walk.ask().where, Where::newest);
    EXPECT_FALSE(walk.refused()) << "then there is no other way";
}

TEST(TimelineWalk, KeepsWhatItKnowsWhenAStaleServerShowsOnlyOldStatuses)
{
    TimelineState state = state_of({"30", "20"});
    TimelineWalk walk(state);
    (void)walk.take({}, "");

    EXPECT_EQ(walk.take(page_of({"12", "11"}), ""), Indexes{});

    EXPECT_TRUE(walk.done());
    EXPECT_EQ(state.known, (std::vector<std::string>{"30", "20"}));
}

TEST(TimelineWalk, FillsAHoleDownwardsUntilAKnownStatus)
{
    TimelineState state = state_of({"30", "20"});
    TimelineWalk walk(state);
    EXPECT_EQ(walk.take(page_of({"99", "98"}), ""), (Indexes{0, 1}));
    ASSERT_TRUE(state.backfill);
    EXPECT_EQ(walk.ask().where, Where::below);
    EXPECT_EQ(walk.ask().id, "98");

    EXPECT_EQ(walk.take(page_of({"98", "60"}), ""), (Indexes{1})) << "98 a second time";
    EXPECT_EQ(walk.take(page_of({"40", "30", "25", "20", "19"}), ""), (Indexes{0, 2}));

    EXPECT_FALSE(state.backfill);
    EXPECT_EQ(walk.take_lost(), "");
    EXPECT_EQ(walk.ask().where, Where::above) << "what was published since";
}

TEST(TimelineWalk, FillsAHoleDownToAnOlderStatusWhenTheKnownOnesAreGone)
{
    TimelineState state = state_of({"30", "20"});
    TimelineWalk walk(state);
    (void)walk.take(page_of({"99", "98"}), "");

    EXPECT_EQ(walk.take(page_of({"40", "25", "9"}), ""), (Indexes{0, 1}));

    EXPECT_FALSE(state.backfill);
    EXPECT_EQ(walk.take_lost(), "");
}

TEST(TimelineWalk, ComparesTimesWhereIdsAreNotNumbers)
{
    TimelineState state = state_of({"x", "y"});
    TimelineWalk walk(state);
    (void)walk.take(page_of({"p", "q"}), "");
    auto page = page_of({"r", "s", "t"});
    page[1].created.reset(); // A status without a readable time is not old.
    page[2].created = from_unix_ms(1'000'000'000 - 11 * 60'000);

    EXPECT_EQ(walk.take(page, ""), (Indexes{0, 1}));

    EXPECT_FALSE(state.backfill);
}

TEST(TimelineWalk, StandsInForADeletedBottomStatus)
{
    TimelineState state = state_of({"x", "y"});
    TimelineWalk walk(state);
    (void)walk.take(page_of({"p", "q", "r"}), "");
    EXPECT_EQ(walk.ask().id, "r");

    EXPECT_EQ(walk.take({}, ""), Indexes{});
    EXPECT_EQ(walk.ask().id, "q");

    EXPECT_EQ(walk.take(page_of({"r", "s", "x"}), ""), (Indexes{1})) << "r was there after all";
    EXPECT_FALSE(state.backfill);
}

TEST(TimelineWalk, FollowsTheLinkOfAPageThatWasFilteredToNothing)
{
    TimelineState state = state_of({"30", "20"});
    TimelineWalk walk(state);
    (void)walk.take(page_of({"99", "98"}), "");

    EXPECT_EQ(walk.take({}, "70"), Indexes{});
    EXPECT_EQ(walk.ask().id, "70");
    EXPECT_EQ(walk.take(page_of({"60", "30"}), ""), (Indexes{0}));

    EXPECT_FALSE(state.backfill);
}

TEST(TimelineWalk, GivesUpAHoleThatNeverEndsAndSaysSo)
{
    TimelineState state = state_of({"30", "20"});
    TimelineWalk walk(state);
    std::uint64_t id = 1'000'000;
    (void)walk.take(page_of({std::to_string(id)}), "");
    std::size_t pages = 0;
    while (state.backfill) {
        ASSERT_EQ(walk.take(page_of({std::to_string(--id)}), ""), (Indexes{0}));
        ASSERT_LE(++pages, backfill_pages_max);
    }
    EXPECT_EQ(pages, backfill_pages_max);
    EXPECT_NE(walk.take_lost().find("may be missing"), std::string::npos);
    EXPECT_EQ(walk.take_lost(), "") << "read once";
}

TEST(MastodonCursor, KeepsEverythingOfTheProgress)
{
    MastodonProgress progress{.turn = "public"};
    progress.timelines["tag:acme,\"x\""] = {
        .state = {.started = true,
                  .page_max = 20,
                  .known = {"2", "1"},
                  .newest = from_unix_ms(5),
                  .backfill = Backfill{.bottom = {"7", "8"},
                                       .stand_in = 1,
                                       .to = {"4"},
                                       .to_time = from_unix_ms(3),
                                       .pages = 9}},
        .open = true};
    progress.timelines["public"] = {.state = {.started = true}};
    progress.timelines["never read"] = {.open = true};

    const std::string cursor = to_cursor(progress);
    const auto read = mastodon_from_cursor(cursor);

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->turn, "public");
    EXPECT_EQ(read->timelines.size(), 2u);
    EXPECT_TRUE(read->timelines.at("tag:acme,\"x\"").open);
    const TimelineState& state = read->timelines.at("tag:acme,\"x\"").state;
    EXPECT_TRUE(state.started);
    EXPECT_EQ(state.page_max, 20u);
    EXPECT_EQ(state.known, (std::vector<std::string>{"2", "1"}));
    EXPECT_EQ(state.newest, from_unix_ms(5));
    ASSERT_TRUE(state.backfill);
    EXPECT_EQ(state.backfill->bottom, (std::vector<std::string>{"7", "8"}));
    EXPECT_EQ(state.backfill->stand_in, 1u);
    EXPECT_EQ(state.backfill->to, (std::vector<std::string>{"4"}));
    EXPECT_EQ(state.backfill->to_time, from_unix_ms(3));
    EXPECT_EQ(state.backfill->pages, 9u);
    EXPECT_EQ(to_cursor(*read), cursor);
}

TEST(MastodonCursor, IsRefusedWhenItCannotBeRead)
{
    for (const std::string cursor :
         {"12345", "{}", R"({"v":2,"timelines":{}})", R"({"v":1,"timelines":[]})",
          R"({"v":1,"timelines":{"public":3}})",
          R"({"v":1,"timelines":{"public":{"known":["1"],"backfill":{"bottom":[]}}}})",
          R"({"v":1,"timelines":{"public":{"known":[],"backfill":{"bottom":["1"]}}}})"}) {
        const auto read = mastodon_from_cursor(cursor);
        ASSERT_FALSE(read) << cursor;
        EXPECT_EQ(read.error().kind, ErrorKind::malformed);
    }
}

} // namespace
} // namespace empathd::connectors
