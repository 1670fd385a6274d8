#include "daemon/store/sqlite_connection.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace empathd::sqlite {
namespace {

std::unique_ptr<Connection> opened(const std::string& path, Access access = Access::write)
{
    auto connection = Connection::open(path, access);
    EXPECT_TRUE(connection) << connection.error().message;
    return connection ? std::move(*connection) : nullptr;
}

TEST(Storable, IsUtf8WithoutNul)
{
    for (const std::string& good :
         {std::string(), std::string("plain ascii, long enough for words"), std::string("Phở"),
          std::string("日本"), std::string("🔥"), std::string("\x7F"),
          std::string("\xF4\x8F\xBF\xBF")}) {
        EXPECT_TRUE(storable(good)) << good;
        EXPECT_EQ(made_storable(good), good);
    }
}

TEST(Storable, RefusesWhatNoReaderShouldMeet)
{
    for (const std::string& bad :
         {std::string("a\0b", 3), std::string("12345678\0abcdefgh", 17), std::string("\x80"),
          std::string("\xC0\xAF"), std::string("\xC3"), std::string("\xE0\x80\x80"),
          std::string("\xED\xA0\x80"), std::string("\xE2\x82"), std::string("\xF0\x80\x80\x80"),
          std::string("\xF4\x90\x80\x80"), std::string("\xF8\x88\x80\x80\x80"),
          std::string("twelve bytes\xFF")}) {
        EXPECT_FALSE(storable(bad)) << bad;
        EXPECT_TRUE(storable(made_storable(bad)));
    }
}

TEST(Storable, KeepsTheLengthWhenNulBecomesASpace)
{
    EXPECT_EQ(made_storable(std::string("a\0b", 3)), "a b");
}

TEST(SqliteConnection, GivesBackWhatWasBound)
{
    auto db = opened(":memory:");
    db->execute("CREATE TABLE t (a, b, c, d, e)");
    db->run("INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5)", std::int64_t{1} << 62, 0.1, "Phở",
            std::optional<std::int64_t>(), std::string_view());

    Statement& row = db->prepared("SELECT a, b, c, d, e FROM t").bind();

    ASSERT_TRUE(row.next()) << db->status().error().message;
    EXPECT_EQ(row.integer(0), std::int64_t{1} << 62);
    EXPECT_EQ(row.real(1), 0.1);
    EXPECT_EQ(row.text(2), "Phở");
    EXPECT_TRUE(row.is_null(3));
    EXPECT_FALSE(row.is_null(4));
    EXPECT_EQ(row.text(4), "");
    EXPECT_FALSE(row.next());
}

TEST(SqliteConnection, KeepsTheFirstFailureAndDoesNothingAfterIt)
{
    auto db = opened(":memory:");
    db->begin("first");
    db->execute("CREATE TABLE t (a NOT NULL)");
    EXPECT_FALSE(db->run("INSERT INTO t VALUES (NULL)"));
    EXPECT_FALSE(db->run("INSERT INTO t VALUES (1)"));
    EXPECT_FALSE(db->run("no SQL at all"));

    const auto status = db->status();

    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, ErrorKind::storage);
    EXPECT_EQ(status.error().message, "first: NOT NULL constraint failed: t.a (1299)");
    db->begin("second");
    EXPECT_TRUE(db->status());
    EXPECT_EQ(db->number("SELECT count(*) FROM t"), 0);
}

TEST(SqliteConnection, ForgetsAStatementThatCouldNotBePrepared)
{
    auto db = opened(":memory:");
    EXPECT_FALSE(db->run("INSERT INTO t VALUES (1)"));
    db->begin("again");
    db->execute("CREATE TABLE t (a)");

    EXPECT_TRUE(db->run("INSERT INTO t VALUES (1)"));
}

TEST(SqliteConnection, UndoesATransactionThatFailedInside)
{
    auto db = opened(":memory:");
    db->execute("CREATE TABLE t (a NOT NULL)");
    {
        Transaction transaction(*db);
        db->run("INSERT INTO t VALUES (1)");
        db->run("INSERT INTO t VALUES (NULL)");
        EXPECT_FALSE(transaction.commit());
    }
    db->begin("look");
    EXPECT_EQ(db->number("SELECT count(*) FROM t"), 0);
}

TEST(SqliteConnection, SaysPlainlyThatTheDiskIsFull)
{
    const testing::TemporaryFolder folder;
    auto db = opened(folder.file("full.db"));
    db->begin("fill");
    db->execute("CREATE TABLE t (a)");
    db->execute("PRAGMA max_page_count = 4");
    EXPECT_FALSE(db->run("INSERT INTO t VALUES (?1)", std::string(100'000, 'x')));

    EXPECT_EQ(db->status().error().message,
              "fill: no space left on the disk that holds " + folder.file("full.db"));
}

TEST(SqliteConnection, StaysBrokenAfterAFailureThatLeavesTheFileUnknown)
{
    auto db = opened(":memory:");
    db->begin("read");
    db->fail(10); // SQLITE_IOERR
    db->begin("write");

    EXPECT_FALSE(db->run("CREATE TABLE t (a)"));
    ASSERT_FALSE(db->status());
    EXPECT_EQ(db->status().error().kind, ErrorKind::storage);
}

TEST(SqliteConnection, TakesTextThatIsNotUtf8AsDamage)
{
    auto db = opened(":memory:");
    db->begin("read");
    Statement& row = db->prepared("SELECT CAST(x'FF41' AS TEXT)").bind();
    ASSERT_TRUE(row.next());

    EXPECT_EQ(row.text(0), "");
    ASSERT_FALSE(db->status());
    EXPECT_NE(db->status().error().message.find("damaged"), std::string::npos);
}

TEST(SqliteConnection, NeedsAFolder)
{
    const testing::TemporaryFolder folder;
    const auto connection = Connection::open(folder.file("none/empathd.db"), Access::write);

    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error().kind, ErrorKind::storage);
    EXPECT_NE(connection.error().message.find("its folder must exist"), std::string::npos);
}

TEST(SqliteConnection, CreatesAFileThatOnlyItsOwnerReads)
{
    const testing::TemporaryFolder folder;
    auto db = opened(folder.file("own.db"));
    db->execute("CREATE TABLE t (a)");

    const auto permissions = std::filesystem::status(folder.file("own.db")).permissions();
    EXPECT_EQ(permissions & std::filesystem::perms::mask,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

struct Forbidden {
    const char* name;
    const char* sql;
};

class ConfinedConnection : public ::testing::TestWithParam<Forbidden> {};

TEST_P(ConfinedConnection, RefusesToDoMoreThanRead)
{
    const testing::TemporaryFolder folder;
    auto writer = opened(folder.file("a.db"));
    writer->execute("CREATE TABLE t (a); CREATE INDEX i ON t (a); INSERT INTO t VALUES (1)");
    // Even on a connection that could write: the authorizer alone must hold.
    auto db = opened(folder.file("a.db"));
    db->confine(std::chrono::milliseconds{500});
    db->begin("read");
    ASSERT_EQ(db->number("SELECT a FROM t"), 1);

    EXPECT_FALSE(db->run(GetParam().sql));
    ASSERT_FALSE(db->status());
    EXPECT_NE(db->status().error().message.find("not authorized"), std::string::npos)
        << db->status().error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Statements, ConfinedConnection,
    ::testing::Values(Forbidden{"Insert", "INSERT INTO t VALUES (2)"},
                      Forbidden{"Update", "UPDATE t SET a = 2"},
                      Forbidden{"Delete", "DELETE FROM t"}, Forbidden{"Drop", "DROP TABLE t"},
                      Forbidden{"Create", "CREATE TABLE u (a)"},
                      Forbidden{"Temporary", "CREATE TEMP TABLE u (a)"},
                      Forbidden{"Attach", "ATTACH ':memory:' AS other"},
                      Forbidden{"Pragma", "PRAGMA query_only = OFF"},
                      Forbidden{"Version", "PRAGMA user_version = 9"},
                      Forbidden{"DataVersionWithAValue", "PRAGMA data_version = 1"},
                      Forbidden{"Begin", "BEGIN"}, Forbidden{"Reindex", "REINDEX t"},
                      Forbidden{"Analyze", "ANALYZE"},
                      Forbidden{"LoadExtension", "SELECT load_extension('x')"}),
    [](const auto& test) { return test.param.name; });

TEST(SqliteConnection, KeepsTheSchemaClosed)
{
    auto db = opened(":memory:");
    db->execute("CREATE TABLE t (a)");
    db->confine(std::chrono::milliseconds{500});
    for (const char* sql :
         {"UPDATE sqlite_master SET sql = ''", "UPDATE sqlite_schema SET name = 'u'",
          "DELETE FROM sqlite_master", "PRAGMA writable_schema = ON"}) {
        db->begin("schema");
        EXPECT_FALSE(db->run(sql)) << sql;
    }
    db->begin("look");
    EXPECT_EQ(db->number("SELECT count(*) FROM t"), 0);
}

TEST(SqliteConnection, CutsAQueryAtItsDeadline)
{
    auto db = opened(":memory:");
    db->confine(std::chrono::milliseconds{20});
    db->begin("count");

    const auto started = std::chrono::steady_clock::now();
    db->number("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
               "SELECT count(*) FROM n");

    ASSERT_FALSE(db->status());
    EXPECT_EQ(db->status().error().kind, ErrorKind::unavailable);
    EXPECT_EQ(db->status().error().message,
              "count: the query took longer than 20 ms; narrow it by brand or time");
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds{5});
    db->begin("next");
    EXPECT_EQ(db->number("SELECT 1"), 1);
}

} // namespace
} // namespace empathd::sqlite
