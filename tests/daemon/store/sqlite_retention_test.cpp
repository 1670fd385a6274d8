#include "daemon/store/store.hpp"

#include "daemon/store/sqlite_connection.hpp"
#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace empathd::sqlite {
namespace {

using testing::a_page;
using testing::a_post;
using testing::add;
using testing::an_alert;
using testing::an_incident;
using testing::at_minute;

class Retention : public ::testing::Test {
protected:
    Retention() { open(); }

    void open()
    {
        store_.reset();
        auto store = open_sqlite_store({.path = path_, .sinks = {"redis"}});
        ASSERT_TRUE(store) << store.error().message;
        store_ = std::move(*store);
    }
    void commit(const PageCommit& page)
    {
        const auto done = store_->commit({page});
        ASSERT_TRUE(done) << done.error().message;
    }
    std::uint64_t retain(int posts_before, int ledger_before)
    {
        const auto removed = store_->retain(at_minute(posts_before), at_minute(ledger_before));
        EXPECT_TRUE(removed) << removed.error().message;
        return removed ? *removed : 0;
    }
    std::int64_t number(const std::string& sql)
    {
        auto db = Connection::open(path_, Access::write);
        EXPECT_TRUE(db);
        return (*db)->number(sql).value_or(-1);
    }
    /// How often these bytes stand in the files of the folder, in any case.
    int bytes_found(const std::string& canary)
    {
        int found = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
            std::ifstream file(entry.path(), std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(file), {}};
            for (std::size_t at = bytes.find(canary); at != std::string::npos;
                 at = bytes.find(canary, at + 1)) {
                ++found;
            }
        }
        return found;
    }

    testing::TemporaryFolder folder_;
    std::string path_ = folder_.file("empathd.db");
    std::unique_ptr<Store> store_;
};

/// Hundreds of posts, of which every fifth holds the canaries of text, author, address and picture.
PageCommit with_canaries()
{
    PageCommit page = a_page("c1");
    for (int i = 0; i < 400; ++i) {
        Post post = a_post(std::to_string(i), "harmless words " + std::to_string(i));
        if (i % 5 == 0) {
            post.key.id = "canarykey" + std::to_string(i);
            post.title = "Canarytitle";
            post.text = "canarytext in a long enough text " + std::to_string(i);
            post.author = "canaryauthor";
            post.author_name = "Canaryname";
            post.url = "https://forum.test/canaryurl";
            post.media = {{"https://forum.test/canarymedia", ""}};
        }
        add(page, post).terms = {i % 5 == 0 ? "canaryterm" : "acme"};
    }
    return page;
}

TEST_F(Retention, LeavesNoByteOfADeletedPostInAnyFile)
{
    commit(with_canaries());
    PageCommit deletion = a_page("c2", 1);
    for (int i = 0; i < 400; i += 5) {
        deletion.deletions.push_back({"forum", "canarykey" + std::to_string(i)});
    }
    ASSERT_GT(bytes_found("canary"), 0);
    commit(deletion);
    ASSERT_GT(bytes_found("canary"), 0) << "else this test shows nothing";

    retain(-100, -100);
    EXPECT_EQ(bytes_found("canary"), 0) << "while the store is open";
    store_.reset();

    EXPECT_EQ(bytes_found("canary"), 0);
    EXPECT_EQ(bytes_found("Canary"), 0);
    EXPECT_GT(bytes_found("harmless"), 0);
}

TEST_F(Retention, LeavesNoByteOfAnEditedText)
{
    commit(with_canaries());
    PageCommit edit = with_canaries();
    for (Post& post : edit.posts) {
        post.title = "";
        post.text = "now harmless";
    }
    commit(edit);
    retain(-100, -100);
    store_.reset();

    EXPECT_EQ(bytes_found("canarytext"), 0);
    EXPECT_EQ(bytes_found("canarytitle"), 0);
    EXPECT_EQ(bytes_found("Canarytitle"), 0);
}

TEST_F(Retention, LeavesNoByteOfWhatGrewTooOld)
{
    PageCommit old = with_canaries();
    old.incidents = {an_incident("over")};
    old.incidents[0].state = IncidentState::resolved;
    old.incidents[0].title = "canaryincident";
    old.quarantined = {{"acme-forum", "connector", "bad", "canarysample", at_minute(0)}};
    commit(old);
    PageCommit fresh = a_page("c2", 90);
    add(fresh, a_post("fresh", "fresh words", 90));
    commit(fresh);

    retain(80, -100);
    store_.reset();

    EXPECT_EQ(bytes_found("canary"), 0);
    EXPECT_GT(bytes_found("fresh words"), 0);
}

TEST_F(Retention, SweepsAfterARestartWhatWasErasedBeforeIt)
{
    commit(with_canaries());
    PageCommit deletion = a_page("c2", 1);
    for (int i = 0; i < 400; i += 5) {
        deletion.deletions.push_back({"forum", "canarykey" + std::to_string(i)});
    }
    commit(deletion);
    open();
    retain(-100, -100);
    store_.reset();

    EXPECT_EQ(bytes_found("canary"), 0);
}

TEST_F(Retention, EndsEachTableByItsOwnAge)
{
    for (int hour = 0; hour < 4; ++hour) {
        PageCommit page = a_page("c" + std::to_string(hour), hour * 60);
        add(page, a_post(std::to_string(hour), "word", hour * 60));
        page.observations = {
            {.key = {"forum", std::to_string(hour)}, .at = at_minute(hour * 60 + 5)}};
        page.ledger = {.source = "acme-forum", .minute = page.at, .polls = 1, .pages = 1};
        commit(page);
    }

    EXPECT_EQ(retain(120, 60), 2u * 3 + 1 + 1); // Post, mention, observation; minute; roll-up.

    EXPECT_EQ(number("SELECT count(*) FROM posts"), 2);
    EXPECT_EQ(number("SELECT count(*) FROM mentions"), 2);
    EXPECT_EQ(number("SELECT count(*) FROM observations"), 2);
    EXPECT_EQ(number("SELECT count(*) FROM ledger"), 3);
    EXPECT_EQ(number("SELECT sum(n) FROM rollups"), 3); // Counts outlive the words.
    EXPECT_EQ(number("SELECT value FROM meta WHERE key = 'mentions'"), 2);
    EXPECT_EQ(*store_->cursor("acme-forum"), "c3");
    EXPECT_EQ(retain(120, 60), 0u);
    auto reader = open_sqlite_reader(path_);
    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->mentions({.query = "word"})->size(), 2u);
}

TEST_F(Retention, RemovesMoreThanOneBatch)
{
    PageCommit page = a_page("c1");
    for (int i = 0; i < 2'500; ++i) {
        add(page, a_post(std::to_string(i), "word"));
    }
    page.posts.push_back(a_post("no mention", "of nobody"));
    commit(page);

    EXPECT_EQ(retain(1, -100), 5'001u);
    EXPECT_EQ(number("SELECT count(*) FROM posts"), 0);
}

TEST_F(Retention, KeepsAlertsThatAreStillOnTheirWay)
{
    PageCommit page = a_page("c1");
    page.alerts = {an_alert("done"), an_alert("waiting"), an_alert("published"),
                   an_alert("given up")};
    page.incidents = {an_incident("open"), an_incident("over")};
    page.incidents[1].state = IncidentState::resolved;
    commit(page);
    const auto rows = store_->outbox_due("redis", at_minute(0), 10);
    ASSERT_EQ(rows->size(), 4u);
    ASSERT_TRUE(store_->outbox_update({{.id = (*rows)[0].id, .state = OutboxState::closed},
                                       {.id = (*rows)[2].id, .state = OutboxState::published},
                                       {.id = (*rows)[3].id, .state = OutboxState::quarantined}}));

    EXPECT_EQ(retain(60, -100), 2u + 2 + 1); // Two alerts with their row, one incident.

    EXPECT_EQ(number("SELECT count(*) FROM alerts WHERE key IN ('waiting', 'published')"), 2);
    EXPECT_EQ(number("SELECT count(*) FROM alerts"), 2);
    EXPECT_EQ(number("SELECT count(*) FROM outbox"), 2);
    EXPECT_EQ(number("SELECT count(*) FROM incidents WHERE id = 'open'"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM incidents"), 1);
}

TEST_F(Retention, NeverGivesAnIdASecondTime)
{
    PageCommit page = a_page("c1");
    add(page, a_post("1", "word"));
    page.alerts = {an_alert("k1")};
    commit(page);
    const auto row = store_->outbox_due("redis", at_minute(0), 1);
    ASSERT_TRUE(store_->outbox_update({{.id = (*row)[0].id, .state = OutboxState::closed}}));
    retain(10, 10);
    open();
    PageCommit next = a_page("c2", 20);
    add(next, a_post("2", "word", 20));
    next.alerts = {an_alert("k2", 20)};
    commit(next);

    EXPECT_EQ(number("SELECT min(id) FROM mentions"), 2);
    EXPECT_EQ(number("SELECT min(seq) FROM alerts"), 2);
}

} // namespace
} // namespace empathd::sqlite
