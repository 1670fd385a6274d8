#include "daemon/store/sqlite_schema.hpp"

#include "daemon/store/sqlite_store.hpp"
#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <vector>

namespace empathd::sqlite {
namespace {

using testing::TemporaryFolder;

/// Runs SQL on a file as any other program could.
void run_on(const std::string& path, const std::string& sql)
{
    auto db = Connection::open(path, Access::write);
    ASSERT_TRUE(db) << db.error().message;
    ASSERT_TRUE((*db)->execute(sql)) << (*db)->status().error().message;
}

std::int64_t number_in(const std::string& path, const std::string& sql)
{
    auto db = Connection::open(path, Access::write);
    EXPECT_TRUE(db);
    return db ? (*db)->number(sql).value_or(-1) : -1;
}

std::string refusal(const std::string& path)
{
    const auto store = open_sqlite_store({.path = path});
    EXPECT_FALSE(store);
    return store ? "" : store.error().message;
}

TEST(Migrations, AreNumberedFromOneWithoutAGap)
{
    ASSERT_FALSE(migrations().empty());
    for (std::size_t i = 0; i < migrations().size(); ++i) {
        EXPECT_EQ(migrations()[i].number, static_cast<int>(i + 1)) << migrations()[i].name;
    }
}

TEST(Migrations, MarkTheFileWithVersionAndOwner)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("empathd.db");
    ASSERT_TRUE(open_sqlite_store({.path = path}));

    EXPECT_EQ(number_in(path, "PRAGMA user_version"),
              static_cast<std::int64_t>(migrations().size()));
    EXPECT_EQ(number_in(path, "PRAGMA application_id"), application_id);
    EXPECT_EQ(number_in(path, "SELECT count(*) FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE%' "
                              "AND sql NOT LIKE '%STRICT%' AND name NOT LIKE 'search_%' "
                              "AND name <> 'sqlite_sequence'"),
              0);
}

std::vector<Migration> with(std::vector<Migration> more)
{
    std::vector<Migration> all(migrations().begin(), migrations().end());
    int number = static_cast<int>(all.size());
    for (Migration& step : more) {
        step.number = ++number;
        all.push_back(step);
    }
    return all;
}

TEST(Migrations, BringAnOlderFileForward)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("empathd.db");
    {
        auto store = open_sqlite_store({.path = path});
        ASSERT_TRUE(store);
        PageCommit page = testing::a_page("c1");
        testing::add(page, testing::a_post("1", "It broke"));
        ASSERT_TRUE((*store)->commit({page}));
    }
    const auto steps = with({{0, "extra", "CREATE TABLE extra (a); INSERT INTO extra VALUES (7)"}});

    auto store = open_store({.path = path}, steps);

    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ(*(*store)->cursor("acme-forum"), "c1");
    EXPECT_EQ(number_in(path, "SELECT a FROM extra"), 7);
    EXPECT_EQ(number_in(path, "PRAGMA user_version"), static_cast<std::int64_t>(steps.size()));
}

/// A file as version 0.1.0 left it: three mentions, of which the newest were removed.
void make_first_schema(const std::string& path)
{
    {
        auto db = Connection::open(path, Access::write);
        ASSERT_TRUE(db) << db.error().message;
        set_up_writer(**db);
        migrate(**db, migrations().first(1));
        ASSERT_TRUE((*db)->ok()) << (*db)->status().error().message;
    }
    run_on(path, R"sql(
INSERT INTO names VALUES (1, 'Acme'), (2, 'forum'), (3, 'acme-forum'), (4, 'en'), (5, 'm1'),
  (6, 'negative'), (7, 'positive'), (8, 'unsure'), (9, 'yes'), (10, 'no');
INSERT INTO posts SELECT column1, 2, 'p' || column1, NULL, 3, 0, 'https://f.test', 'ana', 'Ana', NULL, '',
  'Acme post ' || column1, 0, '', '', '', NULL, NULL, column1, '', NULL, column1, column1, 1, NULL, NULL,
  NULL, NULL FROM (VALUES (1), (2), (3), (4));
INSERT INTO mentions (id, post, brand, network, source, audience, language, sentiment, complaint,
  model, language_p, sentiment_p, complaint_p, copy, incident, detail, seen_at, seen_max) VALUES
  (1, 1, 1, 2, 3, 0, 4, 6, 9, 5, 0.5, 0.75, 0.875, 1, 'story',
   '{"spans":[0,4],"terms":["Acme"],"s":["negative",0.75,"neutral",0.25],"se":[5,4,1.5],'
   || '"c":["yes",0.875,"no",0.125],"ce":[5,4,2.5]}', 1, 1),
  (2, 2, 1, 2, 3, 0, 4, 7, 10, 5, 0.5, 0.75, 0.875, 0, NULL,
   '{"spans":[],"terms":[],"s":["positive",0.75],"se":[],"c":["yes",0.125,"no",0.875],"ce":[]}', 2, 2),
  (3, 3, 1, 2, 3, 0, 4, 8, 8, 5, 0.5, 0, 0, 0, NULL,
   '{"spans":[],"terms":[],"s":[],"se":[],"c":[],"ce":[]}', 3, 3),
  (9, 4, 1, 2, 3, 0, 4, 8, 8, 5, 0.5, 0, 0, 0, NULL, '{}', 4, 4);
DELETE FROM mentions WHERE id = 9;
UPDATE meta SET value = 3 WHERE key = 'mentions';
INSERT INTO rollups VALUES (1, 0, 2, 4, 6, 9, 5), (1, 0, 2, 4, 7, 10, 2), (1, 0, 2, 4, 7, 8, 3),
  (1, 1, 2, 4, 8, 8, 7);
)sql");
}

/// Ids of the mentions with a label.
std::vector<std::int64_t> ids_with(StoreReader& reader, Facet facet, const std::string& label)
{
    std::vector<std::int64_t> ids;
    const auto found = reader.mentions({.labels = {{facet, label}}});
    EXPECT_TRUE(found) << found.error().message;
    for (const StoredMention& mention : *found) {
        ids.push_back(mention.id);
    }
    return ids;
}

TEST(Migrations, CarrySentimentAndComplaintsOverIntoTheLabels)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("empathd.db");
    make_first_schema(path);
    const auto store = open_sqlite_store({.path = path});
    ASSERT_TRUE(store) << store.error().message;
    const auto reader = open_sqlite_reader(path);
    ASSERT_TRUE(reader) << reader.error().message;

    using Ids = std::vector<std::int64_t>;
    EXPECT_EQ(ids_with(**reader, Facet::sentiment, "negative"), Ids{1});
    EXPECT_EQ(ids_with(**reader, Facet::sentiment, "positive"), Ids{2});
    EXPECT_EQ(ids_with(**reader, Facet::sentiment, "unsure"), Ids{3});
    EXPECT_EQ(ids_with(**reader, Facet::experience, "complaint"), Ids{1});
    EXPECT_EQ(ids_with(**reader, Facet::experience, "unsure"), (Ids{3, 2}));
    EXPECT_EQ(ids_with(**reader, Facet::reason, "unsure"), (Ids{3, 2, 1}));
    const auto first = (*reader)->mention(1);
    ASSERT_TRUE(first && *first);
    const StoredMention& mention = **first;
    EXPECT_EQ(mention.incident, "story");
    EXPECT_TRUE(mention.copy);
    EXPECT_EQ(mention.experience.model, "m1");
    EXPECT_EQ(mention.experience.language, "en");
    EXPECT_EQ(mention.experience.language_probability, 0.5F);
    EXPECT_EQ(mention.experience.of(Facet::sentiment).probability, 0.75F);
    EXPECT_EQ(mention.experience.of(Facet::sentiment).evidence.size(), 1u);
    EXPECT_EQ(mention.experience.of(Facet::experience).probability, 0.875F);
    EXPECT_EQ(mention.experience.of(Facet::experience).evidence.size(), 1u);
    EXPECT_EQ((*reader)->mentions({.query = "post"})->size(), 3u);
    EXPECT_EQ(number_in(path, "SELECT n FROM rollups WHERE labels = 2 | (2 << 8)"), 5);
    EXPECT_EQ(number_in(path, "SELECT n FROM rollups WHERE labels = 4"), 2 + 3);
    EXPECT_EQ(number_in(path, "SELECT n FROM rollups WHERE labels = 0"), 7);
}

TEST(Migrations, NeverGiveAnIdOfTheFirstSchemaTwice)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("empathd.db");
    make_first_schema(path);
    const auto store = open_sqlite_store({.path = path});
    ASSERT_TRUE(store) << store.error().message;
    PageCommit page = testing::a_page("c1");
    testing::add(page, testing::a_post("1", "It broke"));
    ASSERT_TRUE((*store)->commit({page}));

    EXPECT_EQ(number_in(path, "SELECT max(id) FROM mentions"), 10);
    EXPECT_EQ(number_in(path, "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%_now'"), 0);
    EXPECT_EQ(number_in(path, "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND "
                              "name LIKE 'mentions_by_%' AND tbl_name = 'mentions'"),
              3);
}

TEST(Migrations, LeaveNothingOfAStepThatFails)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("empathd.db");
    ASSERT_TRUE(open_sqlite_store({.path = path}));
    const auto steps = with({{0, "good", "CREATE TABLE good (a)"},
                             {0, "bad", "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)"},
                             {0, "later", "CREATE TABLE later (a)"}});

    const auto store = open_store({.path = path}, steps);

    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, ErrorKind::storage);
    EXPECT_EQ(number_in(path, "PRAGMA user_version"),
              static_cast<std::int64_t>(migrations().size()) + 1);
    EXPECT_EQ(number_in(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'good'"), 1);
    EXPECT_EQ(number_in(path, "SELECT count(*) FROM sqlite_schema WHERE name IN ('half', 'later')"),
              0);
    EXPECT_FALSE(refusal(path).empty()); // Version 2 is newer than what is embedded.
}

TEST(SqliteStoreOpen, RefusesAFileOfANewerVersion)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("empathd.db");
    ASSERT_TRUE(open_sqlite_store({.path = path}));
    run_on(path, "PRAGMA user_version = 999");

    EXPECT_NE(refusal(path).find("written by a newer version"), std::string::npos);
    const auto reader = open_sqlite_reader(path);
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().kind, ErrorKind::storage);
}

TEST(SqliteStoreOpen, RefusesTheDatabaseOfAnotherProgram)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("photos.db");
    run_on(path, "CREATE TABLE photos (a)");

    EXPECT_NE(refusal(path).find("a database of another program"), std::string::npos);
    EXPECT_EQ(number_in(path, "SELECT count(*) FROM sqlite_schema"), 1);
}

TEST(SqliteStoreOpen, RefusesWhatIsNoDatabase)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("empathd.db");
    std::ofstream(path) << std::string(8192, 'x');

    EXPECT_NE(refusal(path).find("is damaged"), std::string::npos);
}

TEST(SqliteStoreOpen, SaysWhatToDoWithADamagedFile)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("empathd.db");
    {
        auto store = open_sqlite_store({.path = path});
        ASSERT_TRUE(store);
        PageCommit page = testing::a_page("c1");
        for (int i = 0; i < 200; ++i) {
            testing::add(page, testing::a_post(std::to_string(i), "It broke " + std::to_string(i)));
        }
        ASSERT_TRUE((*store)->commit({page}));
    }
    {
        // The cell counts and pointers of every page but the first two.
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path));
        for (std::streamoff at = 2 * 4096; at < size; at += 4096) {
            file.seekp(at + 1);
            file << "\x7F\x7F\x7F\x7F\x7F\x7F";
        }
    }

    const std::string message = refusal(path);
    EXPECT_NE(message.find("is damaged"), std::string::npos) << message;
    EXPECT_NE(message.find("backup"), std::string::npos) << message;
}

TEST(SqliteStoreOpen, KeepsWritesInALogAndSyncsEachCommit)
{
    const TemporaryFolder folder;
    auto db = Connection::open(folder.file("x.db"), Access::write);
    ASSERT_TRUE(db);
    set_up_writer(**db);

    Statement& mode = (*db)->prepared("PRAGMA journal_mode").bind();
    ASSERT_TRUE(mode.next());
    EXPECT_EQ(mode.text(0), "wal");
    mode.reset();
    EXPECT_EQ((*db)->number("PRAGMA synchronous"), 2);
    EXPECT_EQ((*db)->number("PRAGMA secure_delete"), 1);
    EXPECT_EQ((*db)->number("PRAGMA foreign_keys"), 1);
    EXPECT_EQ((*db)->number("PRAGMA journal_size_limit"), journal_bytes_max);
}

TEST(SearchIndex, IsMadeAnewWhenItsWordsWereMadeOtherwise)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("empathd.db");
    {
        auto store = open_sqlite_store({.path = path});
        ASSERT_TRUE(store);
        PageCommit page = testing::a_page("c1");
        testing::add(page, testing::a_post("1", "Điện thoại"));
        ASSERT_TRUE((*store)->commit({page}));
    }
    run_on(path, "INSERT INTO search (search) VALUES ('delete-all');"
                 "INSERT INTO search (rowid, body) VALUES (1, 'words of another time');"
                 "UPDATE meta SET value = 'another' WHERE key = 'search_text'");

    ASSERT_TRUE(open_sqlite_store({.path = path}));

    auto reader = open_sqlite_reader(path);
    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->mentions({.query = "dien"})->size(), 1u);
    EXPECT_EQ((*reader)->mentions({.query = "another"})->size(), 0u);
}

} // namespace
} // namespace empathd::sqlite
