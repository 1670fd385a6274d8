#include "daemon/store/store.hpp"

#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using testing::a_page;
using testing::an_alert;
using testing::at_minute;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Outbox : public ::testing::Test {
protected:
    Outbox()
    {
        auto store = open_sqlite_store({.path = path_, .sinks = {"redis", "mail"}});
        EXPECT_TRUE(store);
        store_ = std::move(*store);
        PageCommit page = a_page("c1");
        page.alerts = {an_alert("k1"), an_alert("k2", 1), an_alert("k3", 2)};
        EXPECT_TRUE(store_->commit({page}));
    }

    std::vector<OutboxRow> due(int minute = 0, std::size_t limit = 10)
    {
        auto rows = store_->outbox_due("redis", at_minute(minute), limit);
        EXPECT_TRUE(rows) << rows.error().message;
        return rows ? std::move(*rows) : std::vector<OutboxRow>();
    }
    std::vector<OutboxRow> published(std::int64_t after = 0, std::size_t limit = 10)
    {
        auto rows = store_->outbox_published("redis", after, limit);
        EXPECT_TRUE(rows) << rows.error().message;
        return rows ? std::move(*rows) : std::vector<OutboxRow>();
    }
    static std::vector<std::string> keys(const std::vector<OutboxRow>& rows)
    {
        std::vector<std::string> found;
        for (const OutboxRow& row : rows) {
            found.push_back(row.record.alert.key);
        }
        return found;
    }
    void update(OutboxUpdate change)
    {
        const auto done = store_->outbox_update({std::move(change)});
        ASSERT_TRUE(done) << done.error().message;
    }

    testing::TemporaryFolder folder_;
    std::string path_ = folder_.file("empathd.db");
    std::unique_ptr<Store> store_;
};

TEST_F(Outbox, HoldsOneRowOfEachAlertForEachSink)
{
    const auto rows = due();

    EXPECT_THAT(keys(rows), ElementsAre("k1", "k2", "k3"));
    EXPECT_EQ(rows[0].sink, "redis");
    EXPECT_EQ(rows[0].attempts, 0u);
    EXPECT_EQ(rows[0].receipt, "");
    EXPECT_EQ(rows[0].record.body, R"({"key":"k1"})");
    EXPECT_EQ(rows[0].record.alert.summary, "Acme: it broke");
    EXPECT_LT(rows[0].alert_seq, rows[1].alert_seq);
    EXPECT_EQ(store_->outbox_counts("mail")->waiting, 3u);
    EXPECT_THAT(*store_->outbox_due("unknown", at_minute(0), 10), IsEmpty());
}

TEST_F(Outbox, GivesTheOldestFirstAndNoMoreThanAsked)
{
    EXPECT_THAT(keys(due(0, 2)), ElementsAre("k1", "k2"));
    EXPECT_THAT(due(0, 0), IsEmpty());
}

TEST_F(Outbox, GivesARowOnlyWhenItsTimeHasCome)
{
    update({.id = due()[0].id, .attempts = 1, .next_at = at_minute(10), .error = "no route"});

    EXPECT_THAT(keys(due(9)), ElementsAre("k2", "k3"));
    EXPECT_THAT(keys(due(10)), ElementsAre("k1", "k2", "k3"));
    EXPECT_EQ(due(10)[0].attempts, 1u);
}

TEST_F(Outbox, GoesFromWaitingOverPublishedToClosed)
{
    const OutboxRow row = due()[0];
    update({.id = row.id, .state = OutboxState::published, .attempts = 1, .receipt = "17-0"});
    EXPECT_THAT(keys(due()), ElementsAre("k2", "k3"));
    EXPECT_THAT(keys(published()), ElementsAre("k1"));
    EXPECT_EQ(published()[0].receipt, "17-0");

    update({.id = row.id, .state = OutboxState::closed, .attempts = 1, .receipt = "17-0"});
    EXPECT_THAT(published(), IsEmpty());
    const auto counts = store_->outbox_counts("redis");
    ASSERT_TRUE(counts);
    EXPECT_EQ(counts->waiting, 2u);
    EXPECT_EQ(counts->published, 0u);
    EXPECT_EQ(counts->closed, 1u);
    EXPECT_EQ(counts->quarantined, 0u);
    EXPECT_EQ(store_->outbox_counts("mail")->waiting, 3u);
}

TEST_F(Outbox, TakesAVanishedRowBackToWaiting)
{
    const OutboxRow row = due()[0];
    update({.id = row.id, .state = OutboxState::published, .attempts = 1, .receipt = "17-0"});
    update({.id = row.id, .state = OutboxState::waiting, .attempts = 1, .next_at = at_minute(3)});

    EXPECT_THAT(published(), IsEmpty());
    EXPECT_THAT(keys(due(2)), ElementsAre("k2", "k3"));
    EXPECT_THAT(keys(due(3)), ElementsAre("k1", "k2", "k3"));
    EXPECT_EQ(due(3)[0].receipt, "");
    EXPECT_EQ(due(3)[0].record.alert.key, row.record.alert.key);
}

TEST_F(Outbox, KeepsWhatWasGivenUp)
{
    update({.id = due()[0].id, .state = OutboxState::quarantined, .attempts = 9, .error = "gone"});

    EXPECT_THAT(keys(due(60)), ElementsAre("k2", "k3"));
    EXPECT_EQ(store_->outbox_counts("redis")->quarantined, 1u);
}

TEST_F(Outbox, GoesThroughPublishedRowsPageByPage)
{
    for (const OutboxRow& row : due()) {
        update({.id = row.id, .state = OutboxState::published});
    }

    const auto first = published(0, 2);
    EXPECT_THAT(keys(first), ElementsAre("k1", "k2"));
    EXPECT_THAT(keys(published(first.back().id, 2)), ElementsAre("k3"));
    EXPECT_THAT(published(published().back().id), IsEmpty());
}

TEST_F(Outbox, TellsAnAlertWithTheSameKeyOnce)
{
    PageCommit again = a_page("c2");
    again.alerts = {an_alert("k2"), an_alert("k4")};
    ASSERT_TRUE(store_->commit({again}));

    EXPECT_THAT(keys(due()), ElementsAre("k1", "k2", "k3", "k4"));
}

TEST_F(Outbox, SurvivesARestart)
{
    update({.id = due()[1].id, .state = OutboxState::published, .receipt = "r"});
    store_.reset();
    auto store = open_sqlite_store({.path = path_, .sinks = {"redis"}});
    ASSERT_TRUE(store);
    store_ = std::move(*store);

    EXPECT_THAT(keys(due()), ElementsAre("k1", "k3"));
    EXPECT_THAT(keys(published()), ElementsAre("k2"));
}

TEST_F(Outbox, LeavesOutAnUpdateOfARowThatIsNoMore)
{
    EXPECT_TRUE(store_->outbox_update({{.id = 4'711, .state = OutboxState::closed}}));
    EXPECT_TRUE(store_->outbox_update({}));
    EXPECT_EQ(store_->outbox_counts("redis")->waiting, 3u);
}

TEST_F(Outbox, ShowsAlertsInBothDirections)
{
    auto reader = open_sqlite_reader(path_);
    ASSERT_TRUE(reader);
    const auto sequence = [](const Result<std::vector<StoredAlert>>& alerts) {
        std::vector<std::string> found;
        for (const StoredAlert& alert : *alerts) {
            found.push_back(alert.record.alert.key);
        }
        return found;
    };

    const auto all = (*reader)->alerts(0, 10, false);
    ASSERT_TRUE(all);
    EXPECT_THAT(sequence(all), ElementsAre("k1", "k2", "k3"));
    EXPECT_THAT(sequence((*reader)->alerts((*all)[0].seq, 1, false)), ElementsAre("k2"));
    EXPECT_THAT(sequence((*reader)->alerts(0, 2, true)), ElementsAre("k3", "k2"));
    EXPECT_EQ((*reader)->outbox_counts()->waiting, 6u);
}

TEST_F(Outbox, PutsWhatWasGivenUpBackToWaiting)
{
    const auto rows = due();
    for (std::size_t i = 0; i < 2; ++i) {
        update({.id = rows[i].id,
                .state = OutboxState::quarantined,
                .attempts = 1'925,
                .next_at = at_minute(1'440),
                .error = "answered 500"});
    }
    ASSERT_EQ(store_->outbox_counts("redis")->quarantined, 2u);

    const auto one = store_->outbox_replay("redis", rows[1].id);

    ASSERT_TRUE(one) << one.error().message;
    EXPECT_EQ(*one, 1u);
    EXPECT_THAT(keys(due()), ElementsAre("k2", "k3"));
    EXPECT_EQ(due()[0].attempts, 0u);
    EXPECT_EQ(*store_->outbox_replay("redis", std::nullopt), 1u);
    EXPECT_THAT(keys(due()), ElementsAre("k1", "k2", "k3"));
    EXPECT_EQ(store_->outbox_counts("redis")->quarantined, 0u);
}

TEST_F(Outbox, ReplaysOnlyWhatWasGivenUpByThatSink)
{
    const auto rows = due();
    update({.id = rows[0].id, .state = OutboxState::quarantined, .attempts = 9});
    update({.id = rows[1].id, .state = OutboxState::closed, .attempts = 1});
    update({.id = rows[2].id, .attempts = 3, .next_at = at_minute(10)});

    EXPECT_EQ(*store_->outbox_replay("mail", std::nullopt), 0u);
    EXPECT_EQ(*store_->outbox_replay("mail", rows[0].id), 0u);
    EXPECT_EQ(*store_->outbox_replay("redis", rows[1].id), 0u);
    EXPECT_EQ(*store_->outbox_replay("redis", 4'711), 0u);
    EXPECT_EQ(*store_->outbox_replay("redis", std::nullopt), 1u);

    EXPECT_THAT(keys(due()), ElementsAre("k1"));
    EXPECT_EQ(due(10).at(1).attempts, 3u);
}

} // namespace
} // namespace empathd
