// What parts remember, what people did, which commands were obeyed, and the way back in time.

#include "daemon/store/store.hpp"
#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace empathd {
namespace {

using testing::a_page;
using testing::a_post;
using testing::add;
using testing::an_alert;
using testing::an_incident;
using testing::at_minute;
using ::testing::ElementsAre;

class Memory : public ::testing::Test {
protected:
    Memory() { open(); }

    void open()
    {
        reader_.reset();
        store_.reset();
        auto store = open_sqlite_store({.path = path_, .sinks = {"redis", "desk"}});
        ASSERT_TRUE(store) << store.error().message;
        store_ = std::move(*store);
        auto reader = open_sqlite_reader(path_);
        ASSERT_TRUE(reader) << reader.error().message;
        reader_ = std::move(*reader);
    }
    void commit(const PageCommit& page)
    {
        const auto done = store_->commit({page});
        ASSERT_TRUE(done) << done.error().message;
    }
    std::vector<StateRecord> states()
    {
        const auto tracked = store_->tracked(at_minute(0), at_minute(0));
        EXPECT_TRUE(tracked);
        return tracked ? tracked->states : std::vector<StateRecord>();
    }

    testing::TemporaryFolder folder_;
    std::string path_ = folder_.file("empathd.db");
    std::unique_ptr<Store> store_;
    std::unique_ptr<StoreReader> reader_;
};

TEST_F(Memory, GivesStatesBackByteForByteAfterARestart)
{
    const std::string bytes("\0\xFF\xC3no text\0", 12);
    PageCommit page = a_page("c1");
    page.states = {{"spread", bytes}, {"life:i1", "x"}};
    commit(page);
    open();

    EXPECT_EQ(states(), (std::vector<StateRecord>{{"life:i1", "x"}, {"spread", bytes}}));
}

TEST_F(Memory, ReplacesAStateAndForgetsAnEmptyOne)
{
    PageCommit page = a_page("c1");
    page.states = {{"spread", "old"}, {"life:i1", "x"}};
    commit(page);
    page.states = {{"spread", "new"}, {"life:i1", ""}};
    commit(page);

    EXPECT_EQ(states(), (std::vector<StateRecord>{{"spread", "new"}}));
}

TEST_F(Memory, WritesTheJournalInOrderAndFindsItByIncidentAndKind)
{
    PageCommit page = a_page("c1");
    page.journal = {{.at = at_minute(1), .kind = "acknowledge", .incident = "i1", .who = "Ann"},
                    {.at = at_minute(2), .kind = "hidden", .incident = "i2", .who = "silence s1"},
                    {.at = at_minute(3),
                     .kind = "resolve",
                     .incident = "i1",
                     .who = "Ann",
                     .detail = R"({"outcome":"fixed"})"}};
    commit(page);

    const auto all = reader_->journal({});
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 3u);
    EXPECT_LT((*all)[0].seq, (*all)[1].seq);
    EXPECT_EQ((*all)[2].detail, R"({"outcome":"fixed"})");
    EXPECT_EQ(reader_->journal({.incident = "i1"})->size(), 2u);
    EXPECT_EQ(reader_->journal({.kind = "hidden"})->front().who, "silence s1");
    EXPECT_EQ(reader_->journal({.since = at_minute(2)})->size(), 2u);
    EXPECT_EQ(reader_->journal({.after = (*all)[1].seq})->front().kind, "resolve");
    EXPECT_EQ(reader_->journal({.limit = 1})->size(), 1u);
}

TEST_F(Memory, AnswersACommandTheSecondTimeAsTheFirst)
{
    EXPECT_EQ(*store_->receipt("k1"), std::nullopt);
    PageCommit page;
    page.at = at_minute(1);
    page.receipt = Receipt{.key = "k1", .answer = "first"};
    commit(page);
    page.receipt->answer = "second";
    commit(page);

    EXPECT_EQ(*store_->receipt("k1"), "first");
}

TEST_F(Memory, ACommitOfNoSourceLeavesNoSourceBehind)
{
    PageCommit page;
    page.at = at_minute(1);
    page.states = {{"spread", "x"}};
    commit(page);

    EXPECT_TRUE(reader_->sources()->empty());
    EXPECT_EQ(states().size(), 1u);
}

TEST_F(Memory, SendsAnAlertOnlyWhereItIsRouted)
{
    PageCommit page = a_page("c1");
    page.alerts = {an_alert("everywhere"), an_alert("desk only"), an_alert("nowhere")};
    page.alerts[1].sinks = {"desk", "no such sink"};
    page.alerts[2].sinks.emplace();
    commit(page);

    const auto keys = [this](const std::string& sink) {
        std::vector<std::string> out;
        for (const OutboxRow& row : *store_->outbox_due(sink, at_minute(9), 10)) {
            out.push_back(row.record.alert.key);
        }
        return out;
    };
    EXPECT_THAT(keys("redis"), ElementsAre("everywhere"));
    EXPECT_THAT(keys("desk"), ElementsAre("everywhere", "desk only"));
    EXPECT_EQ(reader_->alerts(0, 10, false)->size(), 3u);
}

TEST_F(Memory, TracksResolvedStoriesThatWereHeardOfLately)
{
    PageCommit page = a_page("c1");
    page.incidents = {an_incident("late"), an_incident("long ago")};
    for (Incident& incident : page.incidents) {
        incident.state = IncidentState::resolved;
    }
    page.incidents[0].last_at = at_minute(10);
    page.incidents[1].last_at = at_minute(1);
    add(page, a_post("1", "one")).incident = "late";
    add(page, a_post("2", "two")).incident = "long ago";
    page.observations = {{.key = {"forum", "1"}, .at = at_minute(1)},
                         {.key = {"forum", "2"}, .at = at_minute(1)}};
    commit(page);

    const auto tracked = store_->tracked(at_minute(0), at_minute(5));
    ASSERT_TRUE(tracked);
    ASSERT_EQ(tracked->incidents.size(), 1u);
    EXPECT_EQ(tracked->incidents[0].id, "late");
    ASSERT_EQ(tracked->mentions.size(), 1u);
    ASSERT_EQ(tracked->observations.size(), 1u);
}

TEST_F(Memory, TellsTheHistoryInTheOrderOfTimeWithItsObservations)
{
    PageCommit page = a_page("c1");
    add(page, a_post("late", "one", 30));
    add(page, a_post("early", "two", 10));
    add(page, a_post("older", "three", -10));
    page.observations = {{.key = {"forum", "early"}, .at = at_minute(10)},
                         {.key = {"forum", "early"}, .at = at_minute(15)}};
    commit(page);

    const auto first = reader_->history(at_minute(0), std::nullopt, 1);
    ASSERT_TRUE(first) << first.error().message;
    ASSERT_EQ(first->size(), 1u);
    EXPECT_EQ(first->front().mention.post.key.id, "early");
    EXPECT_EQ(first->front().observations.size(), 2u);
    const MentionCursor place{first->front().mention.post.seen_at, first->front().mention.id};
    const auto rest = reader_->history(at_minute(0), place, 10);
    ASSERT_EQ(rest->size(), 1u);
    EXPECT_EQ(rest->front().mention.post.key.id, "late");
    EXPECT_TRUE(rest->front().observations.empty());
}

TEST_F(Memory, ForgetsTheLivesOfIncidentsThatAreGoneAndKeepsTheRest)
{
    PageCommit page = a_page("c1");
    page.incidents = {an_incident("here")};
    page.states = {{"life:here", "x"}, {"life:gone", "x"}, {"spread", "x"}};
    page.journal = {{.at = at_minute(1), .kind = "mark"}, {.at = at_minute(20), .kind = "mark"}};
    page.receipt = Receipt{.key = "k1", .answer = "x"};
    page.at = at_minute(1);
    commit(page);
    ASSERT_TRUE(store_->retain(at_minute(-1), at_minute(10)));

    EXPECT_EQ(states(), (std::vector<StateRecord>{{"life:here", "x"}, {"spread", "x"}}));
    EXPECT_EQ(reader_->journal({})->size(), 1u);
    EXPECT_EQ(*store_->receipt("k1"), std::nullopt);
}

} // namespace
} // namespace empathd
