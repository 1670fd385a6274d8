#include "daemon/store/store.hpp"

#include "daemon/store/sqlite_connection.hpp"
#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <random>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace empathd {
namespace {

constexpr int kills = 20;
constexpr int posts_per_page = 3;

PageCommit page_number(int number)
{
    PageCommit page = testing::a_page(std::to_string(number), number);
    for (int i = 0; i < posts_per_page; ++i) {
        const std::string id = std::to_string(number) + "-" + std::to_string(i);
        testing::add(page, testing::a_post(id, "word of page " + std::to_string(number), number));
    }
    page.incidents = {testing::an_incident("story " + std::to_string(number))};
    page.alerts = {testing::an_alert("alert " + std::to_string(number), number)};
    page.conservation = {.fetched = posts_per_page, .stored = posts_per_page};
    return page;
}

/// Goes on from the saved cursor for ever, and says each page's number when it is on disk.
[[noreturn]] void write_pages(const std::string& path, int out)
{
    auto store = open_sqlite_store({.path = path, .sinks = {"redis"}});
    if (!store) {
        ::_exit(1);
    }
    const auto cursor = (*store)->cursor("acme-forum");
    int number = cursor && !cursor->empty() ? std::stoi(*cursor) : 0;
    for (;;) {
        ++number;
        if (!(*store)->commit({page_number(number)}) ||
            ::write(out, &number, sizeof number) != static_cast<ssize_t>(sizeof number)) {
            ::_exit(1);
        }
        if (number % 40 == 0) { // Compaction and the cutting of the log are killed as well.
            (void)(*store)->retain(testing::at_minute(-1), testing::at_minute(-1)).has_value();
        }
    }
}

/// Lets a child write, kills it after `pages` pages; the last number that it said.
int killed_after(const std::string& path, int pages)
{
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        write_pages(path, ends[1]);
    }
    ::close(ends[1]);
    int last = 0;
    int number = 0;
    for (int said = 0; ::read(ends[0], &number, sizeof number) == sizeof number;) {
        last = number;
        if (++said == pages) {
            ::kill(child, SIGKILL); // What it still manages to say is read to the end.
        }
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child failed by itself";
    return last;
}

std::int64_t number_in(const std::string& path, const std::string& sql)
{
    auto db = sqlite::Connection::open(path, sqlite::Access::write);
    EXPECT_TRUE(db);
    const auto value = (*db)->number(sql);
    EXPECT_TRUE((*db)->ok()) << (*db)->status().error().message;
    return value.value_or(-1);
}

TEST(StoreCrash, LosesNothingThatWasSaidToBeStoredAndKeepsNoHalfPage)
{
    const testing::TemporaryFolder folder;
    const std::string path = folder.file("empathd.db");
    std::mt19937 random{1};
    int last = 0;
    for (int round = 0; round < kills; ++round) {
        const int said = killed_after(path, 1 + static_cast<int>(random() % 25));
        ASSERT_GT(said, last) << "the next life goes on where the last one stopped";
        auto store = open_sqlite_store({.path = path, .sinks = {"redis"}});
        ASSERT_TRUE(store) << store.error().message;
        const int cursor = std::stoi(*(*store)->cursor("acme-forum"));
        EXPECT_GE(cursor, said);
        EXPECT_LE(cursor, said + 1) << "at most the page under way";
        EXPECT_EQ((*store)->outbox_counts("redis")->waiting, static_cast<std::uint64_t>(cursor));
        last = cursor;
    }

    const std::int64_t cursor =
        number_in(path, "SELECT CAST(cursor AS INTEGER) FROM sources WHERE source = 'acme-forum'");
    for (const char* sql :
         {"SELECT count(*) FROM posts", "SELECT count(*) FROM mentions",
          "SELECT sum(n) FROM rollups", "SELECT value FROM meta WHERE key = 'mentions'",
          "SELECT stored FROM sources", "SELECT count(*) FROM search WHERE search MATCH 'word'"}) {
        EXPECT_EQ(number_in(path, sql), cursor * posts_per_page) << sql;
    }
    EXPECT_EQ(number_in(path, "SELECT count(*) FROM incidents"), cursor);
    auto db = sqlite::Connection::open(path, sqlite::Access::write);
    ASSERT_TRUE(db);
    EXPECT_TRUE((*db)->run("INSERT INTO search (search) VALUES ('integrity-check')"));
}

} // namespace
} // namespace empathd
