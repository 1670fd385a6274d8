#include "daemon/store/sqlite_store.hpp"

#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace empathd::sqlite {
namespace {

using testing::a_mention;
using testing::a_page;
using testing::a_post;
using testing::add;
using testing::an_alert;
using testing::an_incident;
using testing::at_minute;
using ::testing::ElementsAre;

class SqliteStoreTest : public ::testing::Test {
protected:
    SqliteStoreTest() { open(); }

    void open()
    {
        reader_.reset();
        store_.reset();
        auto store = open_sqlite_store({.path = path_, .sinks = {"redis", "mail"}});
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

    std::vector<StoredMention> all(MentionFilter filter = {})
    {
        auto found = reader_->mentions(filter);
        EXPECT_TRUE(found) << found.error().message;
        return found ? std::move(*found) : std::vector<StoredMention>();
    }

    /// SQL of another connection, as an operator would run it.
    std::int64_t number(const std::string& sql)
    {
        auto db = Connection::open(path_, Access::write);
        EXPECT_TRUE(db);
        const auto value = (*db)->number(sql);
        EXPECT_TRUE((*db)->ok()) << (*db)->status().error().message;
        return value.value_or(-1);
    }
    void execute(const std::string& sql)
    {
        auto db = Connection::open(path_, Access::write);
        ASSERT_TRUE(db);
        ASSERT_TRUE((*db)->execute(sql)) << (*db)->status().error().message;
    }

    testing::TemporaryFolder folder_;
    std::string path_ = folder_.file("empathd.db");
    std::unique_ptr<Store> store_;
    std::unique_ptr<StoreReader> reader_;
};

Post full_post()
{
    Post post = a_post("at://did:plc:x/app.bsky.feed.post/9007199254740993", "Phở nguội 😡 ở Acme");
    post.native_id = "9007199254740993";
    post.audience = Audience::employee;
    post.author_name = "Đặng Thị Ánh";
    post.author_followers = 18'446'744'073'709'551'615U;
    post.title = "Tệ quá";
    post.truncated = true;
    post.language = "vi";
    post.reply_to = "parent";
    post.thread = "root";
    post.links = {"https://x.test/?a=\"b\""};
    post.media = {{"https://x.test/1.jpg", "cold soup"}};
    post.edited_at = at_minute(3);
    post.engagement = {.likes = 0, .shares = 5, .views = 9'007'199'254'740'993U, .score = -3};
    return post;
}

/// The last label is the likeliest.
Answer an_answer(Facet facet)
{
    Answer answer;
    for (const std::string_view label : labels_of(facet)) {
        answer.probabilities.emplace_back(label, 0.01F);
    }
    answer.label = labels_of(facet).back();
    answer.probability = answer.probabilities.back().second = 0.75F;
    answer.evidence = {{{static_cast<std::uint32_t>(facet), 2}, 0.5F}};
    return answer;
}

TEST_F(SqliteStoreTest, GivesBackEveryFieldOfAMention)
{
    const Post post = full_post();
    PageCommit page = a_page("c1");
    MentionRecord& mention = add(page, post);
    mention.incident = "story";
    mention.copy = true;
    Experience& said = mention.experience;
    said.of(Facet::sentiment).probabilities = {
        {"negative", 0.7F}, {"neutral", 0.2F}, {"positive", 0.1F}};
    said.of(Facet::sentiment).evidence = {{{0, 5}, 1.25F}};
    for (const Facet facet : all_facets()) {
        if (facet != Facet::sentiment) {
            said.of(facet) = an_answer(facet);
        }
    }
    commit(page);

    const auto found = all();

    ASSERT_EQ(found.size(), 1u);
    const StoredMention& back = found[0];
    EXPECT_EQ(back.post.key, post.key);
    EXPECT_EQ(back.post.native_id, post.native_id);
    EXPECT_EQ(back.post.source, post.source);
    EXPECT_EQ(back.post.audience, post.audience);
    EXPECT_EQ(back.post.url, post.url);
    EXPECT_EQ(back.post.author, post.author);
    EXPECT_EQ(back.post.author_name, post.author_name);
    EXPECT_EQ(back.post.author_followers, post.author_followers);
    EXPECT_EQ(back.post.title, post.title);
    EXPECT_EQ(back.post.text, post.text);
    EXPECT_TRUE(back.post.truncated);
    EXPECT_EQ(back.post.language, post.language);
    EXPECT_EQ(back.post.reply_to, post.reply_to);
    EXPECT_EQ(back.post.thread, post.thread);
    EXPECT_EQ(back.post.links, post.links);
    EXPECT_EQ(back.post.media, post.media);
    EXPECT_EQ(back.post.published_at, post.published_at);
    EXPECT_EQ(back.post.published_text, post.published_text);
    EXPECT_EQ(back.post.edited_at, post.edited_at);
    EXPECT_EQ(back.post.seen_at, post.seen_at);
    EXPECT_EQ(back.post.engagement, post.engagement);
    EXPECT_EQ(back.brand, "Acme");
    EXPECT_EQ(back.spans, mention.spans);
    EXPECT_EQ(back.terms, mention.terms);
    EXPECT_EQ(back.incident, "story");
    EXPECT_TRUE(back.copy);
    EXPECT_EQ(back.experience.language, "en");
    EXPECT_EQ(back.experience.language_probability, 0.97F);
    EXPECT_EQ(back.experience.of(Facet::sentiment).probability, 0.8F);
    for (const Facet facet : all_facets()) {
        const Answer& told = said.of(facet);
        const Answer& kept = back.experience.of(facet);
        EXPECT_EQ(kept.label, told.label) << name_of(facet);
        EXPECT_EQ(kept.probability, told.probability) << name_of(facet);
        EXPECT_EQ(kept.probabilities, told.probabilities) << name_of(facet);
        ASSERT_EQ(kept.evidence.size(), told.evidence.size()) << name_of(facet);
        for (std::size_t i = 0; i < told.evidence.size(); ++i) {
            EXPECT_EQ(kept.evidence[i].span, told.evidence[i].span);
            EXPECT_EQ(kept.evidence[i].weight, told.evidence[i].weight);
        }
    }
    EXPECT_EQ(back.experience.model, "model-1");

    const auto one = reader_->mention(back.id);
    ASSERT_TRUE(one && *one);
    EXPECT_EQ((*one)->post.text, post.text);
    EXPECT_FALSE(*reader_->mention(back.id + 1));
}

TEST_F(SqliteStoreTest, KeepsNoNulAndNoIllFormedTextInTheFile)
{
    PageCommit page = a_page(std::string("c\0d", 3));
    Post post = a_post("1", std::string("cold\0soup", 9));
    post.author = "an\xFF"
                  "a";
    add(page, post);
    commit(page);

    ASSERT_EQ(all().size(), 1u);
    EXPECT_EQ(all()[0].post.text, "cold soup");
    EXPECT_EQ(all()[0].post.author, "an\uFFFDa");
    EXPECT_EQ(*store_->cursor("acme-forum"), "c d");
    EXPECT_EQ(all({.query = "soup"}).size(), 1u);
    // And taken out by the same words.
    PageCommit deletion = a_page("c2");
    deletion.deletions = {{"forum", "1"}};
    commit(deletion);
    EXPECT_EQ(all({.query = "soup"}).size(), 0u);
}

TEST_F(SqliteStoreTest, SavesTheCursorWithItsPosts)
{
    EXPECT_EQ(*store_->cursor("acme-forum"), "");
    PageCommit page = a_page("c1");
    add(page, a_post("1", "It broke"));
    commit(page);
    open();

    EXPECT_EQ(*store_->cursor("acme-forum"), "c1");
    EXPECT_EQ(all().size(), 1u);
    EXPECT_EQ(*store_->cursor("other"), "");
}

TEST_F(SqliteStoreTest, RefusesAPageWhoseMentionBelongsToNoPost)
{
    PageCommit good = a_page("c1");
    add(good, a_post("1", "It broke"));
    PageCommit bad = a_page("c2");
    add(bad, a_post("2", "It broke")).post = 1;

    const auto done = store_->commit({good, bad});

    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::storage);
    EXPECT_EQ(done.error().message,
              "commit: mention 0 of a page of acme-forum belongs to post 1 of 1");
    EXPECT_EQ(all().size(), 0u);
    EXPECT_EQ(*store_->cursor("acme-forum"), "");
}

struct Breakage {
    const char* name;
    const char* trigger; ///< The statement that fails.
};

class SqliteStoreBreaks : public SqliteStoreTest, public ::testing::WithParamInterface<Breakage> {};

PageCommit page_with_everything()
{
    PageCommit page = a_page("c9", 9);
    add(page, a_post("9", "a new one", 9), "Newbrand").experience.language = "fr";
    page.observations = {{.key = {"forum", "1"}, .at = at_minute(9), .engagement = {.likes = 3}}};
    page.deletions = {{"forum", "2"}};
    page.incidents = {an_incident("i9")};
    page.alerts = {an_alert("k9")};
    page.quarantined = {{"acme-forum", "connector", "no id", "{}", at_minute(9)}};
    page.conservation = {.fetched = 4, .stored = 1, .rejected = 3};
    page.ledger = {.source = "acme-forum", .minute = at_minute(9), .polls = 1, .pages = 1};
    return page;
}

TEST_P(SqliteStoreBreaks, AndNothingOfThePageRemains)
{
    PageCommit before = a_page("c1");
    add(before, a_post("1", "first"));
    add(before, a_post("2", "second"));
    commit(before);
    execute(std::string("CREATE TRIGGER broken ") + GetParam().trigger +
            " BEGIN SELECT RAISE(ABORT, 'the disk went away'); END");

    const auto done = store_->commit({page_with_everything()});

    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::storage);
    EXPECT_NE(done.error().message.find("commit: the disk went away"), std::string::npos)
        << done.error().message;
    EXPECT_EQ(*store_->cursor("acme-forum"), "c1");
    EXPECT_EQ(all().size(), 2u);
    EXPECT_EQ(all({.query = "second"}).size(), 1u);
    EXPECT_EQ(*reader_->mention_count(), 2u);
    EXPECT_EQ(number("SELECT sum(n) FROM rollups"), 2);
    for (const char* table :
         {"observations", "tombstones", "incidents", "alerts", "outbox", "quarantine", "ledger"}) {
        EXPECT_EQ(number(std::string("SELECT count(*) FROM ") + table), 0) << table;
    }
    // The same page goes in once the trouble is over: nothing stale was remembered.
    execute("DROP TRIGGER broken");
    commit(page_with_everything());
    EXPECT_EQ(*store_->cursor("acme-forum"), "c9");
    EXPECT_EQ(all({.brand = "Newbrand", .language = "fr"}).size(), 1u);
    EXPECT_EQ(all().size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Tables, SqliteStoreBreaks,
                         ::testing::Values(Breakage{"Posts", "BEFORE INSERT ON posts"},
                                           Breakage{"Mentions", "BEFORE INSERT ON mentions"},
                                           Breakage{"Erasure", "BEFORE DELETE ON posts"},
                                           Breakage{"Observations",
                                                    "BEFORE INSERT ON observations"},
                                           Breakage{"Tombstones", "BEFORE INSERT ON tombstones"},
                                           Breakage{"Incidents", "BEFORE INSERT ON incidents"},
                                           Breakage{"Alerts", "BEFORE INSERT ON alerts"},
                                           Breakage{"Outbox", "BEFORE INSERT ON outbox"},
                                           Breakage{"Quarantine", "BEFORE INSERT ON quarantine"},
                                           Breakage{"Sources", "BEFORE UPDATE ON sources"},
                                           Breakage{"Ledger", "BEFORE INSERT ON ledger"},
                                           Breakage{"Rollups", "BEFORE INSERT ON rollups"},
                                           Breakage{"Counter", "BEFORE UPDATE ON meta"}),
                         [](const auto& test) { return test.param.name; });

TEST_F(SqliteStoreTest, ReplacesAStoredPostInItsPlace)
{
    PageCommit page = a_page("c1");
    add(page, a_post("1", "The soup was cold"));
    add(page, a_post("1b", "Something else", 1));
    commit(page);
    const auto before = all({.query = "cold"});
    ASSERT_EQ(before.size(), 1u);

    PageCommit edit = a_page("c2", 30);
    Post edited = a_post("1", "The soup was warm", 30);
    edited.engagement.likes = 12;
    edited.edited_at = at_minute(29);
    add(edit, edited).experience.of(Facet::sentiment).label = "positive";
    add(edit, a_post("3", "A new one", 30));
    edit.mentions.push_back(a_mention(0, "Other"));
    commit(edit);

    EXPECT_EQ(all({.query = "cold"}).size(), 0u);
    const auto after = all({.brand = "Acme", .query = "warm"});
    ASSERT_EQ(after.size(), 1u);
    EXPECT_EQ(after[0].id, before[0].id);
    EXPECT_EQ(after[0].post.seen_at, at_minute(0));
    EXPECT_EQ(after[0].post.edited_at, at_minute(29));
    EXPECT_EQ(after[0].post.engagement.likes, 12u);
    EXPECT_EQ(after[0].experience.of(Facet::sentiment).label, "positive");
    EXPECT_EQ(all({.brand = "Other", .query = "warm"}).size(), 1u);
    EXPECT_EQ(*reader_->mention_count(), 4u);
    EXPECT_EQ(number("SELECT count(*) FROM posts"), 3);
    EXPECT_EQ(number("SELECT sum(n) FROM rollups"), 4);
    EXPECT_EQ(number("SELECT sum(n) FROM rollups WHERE labels & 15 = 4"), 1); // Positive.
    // Its place in time: last of its minute, behind everything newer.
    const auto order = all({.brand = "Acme"});
    ASSERT_EQ(order.size(), 3u);
    EXPECT_EQ(order[2].post.key.id, "1");
}

TEST_F(SqliteStoreTest, CountsBySentimentAndExperienceAlone)
{
    PageCommit page = a_page("c1");
    add(page, a_post("1", "Acme")).experience.of(Facet::emotion).label = "anger";
    add(page, a_post("2", "Acme")).experience.of(Facet::leaving).label = "yes";
    add(page, a_post("3", "Acme")).experience.of(Facet::experience).label = "praise";
    commit(page);

    EXPECT_EQ(number("SELECT n FROM rollups WHERE labels = 2 | (2 << 8)"), 2);
    EXPECT_EQ(number("SELECT n FROM rollups WHERE labels = 2 | (3 << 8)"), 1);
    PageCommit deletion = a_page("c2");
    deletion.deletions = {{"forum", "1"}, {"forum", "3"}};
    commit(deletion);
    EXPECT_EQ(number("SELECT n FROM rollups WHERE labels = 2 | (2 << 8)"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM rollups"), 1);
}

TEST_F(SqliteStoreTest, TakesOutTheMentionsThatAnEditNoLongerHas)
{
    PageCommit page = a_page("c1");
    add(page, a_post("1", "Acme and Other"));
    page.mentions.push_back(a_mention(0, "Other"));
    commit(page);
    PageCommit edit = a_page("c2");
    add(edit, a_post("1", "Acme alone"));
    commit(edit);

    EXPECT_EQ(all().size(), 1u);
    EXPECT_EQ(all({.query = "other"}).size(), 0u);
    EXPECT_EQ(number("SELECT sum(n) FROM rollups"), 1);
    EXPECT_EQ(*reader_->mention_count(), 1u);
}

TEST_F(SqliteStoreTest, FindsAPostUnderTheSourceThatBroughtItLast)
{
    PageCommit page = a_page("c1");
    add(page, a_post("1", "The soup was cold"));
    commit(page);
    PageCommit other = a_page("x1");
    other.source = "mirror";
    Post post = a_post("1", "The soup was cold");
    post.source = "mirror";
    add(other, post);
    commit(other);

    EXPECT_EQ(all({.source = "mirror", .query = "soup"}).size(), 1u);
    EXPECT_EQ(all({.source = "acme-forum", .query = "soup"}).size(), 0u);
    PageCommit deletion = a_page("c2");
    deletion.deletions = {{"forum", "1"}};
    commit(deletion);
    EXPECT_EQ(number("SELECT count(*) FROM search WHERE search MATCH 'soup'"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM search WHERE search MATCH 's1 OR s2 OR s3 OR s4'"), 0);
}

TEST_F(SqliteStoreTest, TakesThePostTwiceInOnePageAsAnEdit)
{
    PageCommit page = a_page("c1");
    add(page, a_post("1", "first words"));
    add(page, a_post("1", "second words"));
    commit(page);

    ASSERT_EQ(all().size(), 1u);
    EXPECT_EQ(all()[0].post.text, "second words");
    EXPECT_EQ(all({.query = "first"}).size(), 0u);
    EXPECT_EQ(all({.query = "second"}).size(), 1u);
}

TEST_F(SqliteStoreTest, ErasesADeletedPostAndNeverStoresItAgain)
{
    PageCommit page = a_page("c1");
    add(page, a_post("1", "The soup was cold"));
    add(page, a_post("2", "The tea was cold"));
    commit(page);
    PageCommit deletion = a_page("c2");
    deletion.deletions = {{"forum", "1"}, {"forum", "never stored"}};
    commit(deletion);

    EXPECT_EQ(all().size(), 1u);
    EXPECT_EQ(all({.query = "soup"}).size(), 0u);
    EXPECT_EQ(all({.query = "cold"}).size(), 1u);
    EXPECT_EQ(number("SELECT sum(n) FROM rollups"), 1);
    EXPECT_EQ(*reader_->mention_count(), 1u);
    EXPECT_EQ(number("SELECT count(*) FROM tombstones"), 1);

    open(); // The tombstone is in the file, not in memory.
    PageCommit again = a_page("c3");
    add(again, a_post("1", "The soup was cold"));
    add(again, a_post("4", "The cake was cold"));
    commit(again);

    EXPECT_EQ(all({.query = "soup"}).size(), 0u);
    EXPECT_EQ(all({.query = "cake"}).size(), 1u);
    const auto known = store_->known({{"forum", "1"}, {"forum", "2"}, {"forum", "3"}});
    ASSERT_TRUE(known);
    ASSERT_EQ(known->size(), 2u);
    EXPECT_TRUE((*known)[0].deleted);
    EXPECT_EQ((*known)[0].text, "");
    EXPECT_FALSE((*known)[1].deleted);
}

TEST_F(SqliteStoreTest, KnowsThePostsItHasAndTheirLastCounts)
{
    PageCommit page = a_page("c1");
    Post post = a_post("1", "It broke");
    post.title = "Help";
    post.engagement = {.likes = 1, .replies = 2};
    add(page, post);
    commit(page);

    PageCommit later = a_page("c1", 10);
    later.observations = {
        {.key = {"forum", "1"}, .at = at_minute(10), .engagement = {.likes = 7, .score = -1}},
        {.key = {"forum", "1"}, .at = at_minute(5), .engagement = {.likes = 4}},
        {.key = {"forum", "unknown"}, .at = at_minute(5), .engagement = {.likes = 4}},
        {.key = {"elsewhere", "1"}, .at = at_minute(5), .engagement = {.likes = 4}}};
    commit(later);

    const auto known = store_->known({{"elsewhere", "1"}, {"forum", "1"}});
    ASSERT_TRUE(known);
    ASSERT_EQ(known->size(), 1u);
    EXPECT_EQ((*known)[0].key, (PostKey{"forum", "1"}));
    EXPECT_EQ((*known)[0].title, "Help");
    EXPECT_EQ((*known)[0].text, "It broke");
    EXPECT_EQ((*known)[0].engagement, (Engagement{.likes = 7, .replies = 2, .score = -1}));
    EXPECT_EQ(all()[0].post.engagement, (Engagement{.likes = 7, .replies = 2, .score = -1}));
    const auto observations = reader_->observations({"forum", "1"});
    ASSERT_TRUE(observations);
    ASSERT_EQ(observations->size(), 2u);
    EXPECT_EQ((*observations)[0].at, at_minute(5));
    EXPECT_EQ((*observations)[1].engagement, (Engagement{.likes = 7, .score = -1}));
    EXPECT_TRUE(store_->known({})->empty());
}

TEST_F(SqliteStoreTest, AddsUpWhereEveryPostWent)
{
    for (int i = 0; i < 3; ++i) {
        PageCommit page = a_page("c" + std::to_string(i), i);
        page.conservation = {.fetched = 10,
                             .stored = 1,
                             .duplicate = 2,
                             .unmatched = 3,
                             .rejected = 1,
                             .quarantined = 3};
        commit(page);
    }
    PageCommit other = a_page("x", 7);
    other.source = "other";
    other.conservation = {.fetched = 1, .unmatched = 1};
    commit(other);

    const auto sources = reader_->sources();
    ASSERT_TRUE(sources);
    ASSERT_EQ(sources->size(), 2u);
    EXPECT_EQ((*sources)[0].source, "acme-forum");
    EXPECT_EQ((*sources)[0].cursor, "c2");
    EXPECT_EQ((*sources)[0].last_page_at, at_minute(2));
    const Conservation& sums = (*sources)[0].conservation;
    EXPECT_EQ(sums, (Conservation{30, 3, 6, 9, 3, 9}));
    EXPECT_EQ(sums.fetched,
              sums.stored + sums.duplicate + sums.unmatched + sums.rejected + sums.quarantined);
    EXPECT_EQ((*sources)[1].conservation, (Conservation{.fetched = 1, .unmatched = 1}));
}

TEST_F(SqliteStoreTest, AddsUpTheLedgerOfAMinuteAndOfADay)
{
    const LedgerEntry entry{.source = "acme-forum",
                            .minute = at_minute(0) + std::chrono::seconds{20},
                            .polls = 1,
                            .pages = 1,
                            .posts = 5,
                            .lost = 2,
                            .latency_ms = 40};
    ASSERT_TRUE(store_->note(entry));
    LedgerEntry failed{.source = "acme-forum",
                       .minute = at_minute(0) + std::chrono::seconds{50},
                       .polls = 1,
                       .errors = 1,
                       .latency_ms = 60,
                       .last_error = "HTTP 503"};
    ASSERT_TRUE(store_->note(failed));
    ASSERT_TRUE(store_->note({.source = "acme-forum", .minute = at_minute(0), .polls = 1}));
    LedgerEntry old = entry;
    old.minute = at_minute(0) - std::chrono::hours{25};
    ASSERT_TRUE(store_->note(old));

    EXPECT_EQ(number("SELECT count(*) FROM ledger"), 2);
    EXPECT_EQ(number("SELECT count(*) FROM ledger WHERE last_error = 'HTTP 503'"), 1);
    const auto sources = reader_->sources();
    ASSERT_TRUE(sources);
    ASSERT_EQ(sources->size(), 1u);
    const SourceRecord& source = (*sources)[0];
    EXPECT_EQ(source.cursor, "");
    EXPECT_EQ(source.last_page_at, TimePoint{});
    EXPECT_EQ(source.last_error_at, failed.minute);
    EXPECT_EQ(source.last_error, "HTTP 503");
    EXPECT_EQ(source.last_day.polls, 3u);
    EXPECT_EQ(source.last_day.pages, 1u);
    EXPECT_EQ(source.last_day.errors, 1u);
    EXPECT_EQ(source.last_day.posts, 5u);
    EXPECT_EQ(source.last_day.lost, 2u);
    EXPECT_EQ(source.last_day.latency_ms, 100u);
}

TEST_F(SqliteStoreTest, ANoteLeavesTheCursorAlone)
{
    commit(a_page("c1"));
    ASSERT_TRUE(store_->note({.source = "acme-forum", .minute = at_minute(1), .errors = 1}));

    EXPECT_EQ(*store_->cursor("acme-forum"), "c1");
}

TEST_F(SqliteStoreTest, KeepsSamplesShortAndTheirNumberBounded)
{
    PageCommit page = a_page("c1");
    for (int i = 0; i < 10'050; ++i) {
        page.quarantined.push_back(
            {"acme-forum", "connector", std::to_string(i), "x", at_minute(0)});
    }
    page.quarantined.back().sample = std::string(10'000, 'y');
    commit(page);

    EXPECT_EQ(number("SELECT count(*) FROM quarantine"), 10'000);
    EXPECT_EQ(number("SELECT min(CAST(error AS INTEGER)) FROM quarantine"), 50);
    EXPECT_EQ(number("SELECT max(length(sample)) FROM quarantine"), 4'096);
}

TEST_F(SqliteStoreTest, ReplacesAnIncidentByItsId)
{
    PageCommit page = a_page("c1");
    page.incidents = {an_incident("i1", 10), an_incident("i2", 90)};
    commit(page);
    page.incidents = {an_incident("i1", 99)};
    page.incidents[0].title = "It broke again";
    commit(page);

    const auto one = reader_->incident("i1");
    ASSERT_TRUE(one && *one);
    EXPECT_EQ((*one)->title, "It broke again");
    EXPECT_EQ((*one)->score, 99);
    EXPECT_EQ(reader_->incidents({})->size(), 2u);
    EXPECT_FALSE(*reader_->incident("i3"));
}

TEST_F(SqliteStoreTest, GivesTheSameTrackedStateAfterARestart)
{
    PageCommit page = a_page("c1");
    page.incidents = {an_incident("open"), an_incident("taken"), an_incident("over")};
    page.incidents[1].state = IncidentState::acknowledged;
    page.incidents[2].state = IncidentState::resolved;
    add(page, a_post("1", "one")).incident = "open";
    add(page, a_post("2", "two")).incident = "over";
    add(page, a_post("3", "three")).incident = "taken";
    add(page, a_post("4", "four"));
    add(page, a_post("5", "five", -5)).incident = "open";
    page.mentions.push_back(a_mention(0, "Other"));
    page.mentions.back().incident = "taken";
    for (const char* id : {"3", "1", "2", "4"}) {
        page.observations.push_back({.key = {"forum", id}, .at = at_minute(7)});
    }
    page.observations.push_back({.key = {"forum", "1"}, .at = at_minute(2)});
    page.alerts = {an_alert("yesterday", -2000), an_alert("today", 1)};
    commit(page);

    std::vector<std::vector<std::string>> states;
    for (int round = 0; round < 2; ++round) {
        const auto state = store_->tracked(at_minute(0), at_minute(60 * 24 * 365));
        ASSERT_TRUE(state) << state.error().message;
        std::vector<std::string> said;
        for (const Incident& incident : state->incidents) {
            said.push_back("incident " + incident.id);
        }
        for (const StoredMention& mention : state->mentions) {
            said.push_back("mention " + mention.post.key.id + " " + mention.brand + " " +
                           mention.incident);
        }
        for (const Observation& observation : state->observations) {
            said.push_back("observation " + observation.key.id + " " + to_rfc3339(observation.at));
        }
        for (const StoredAlert& alert : state->alerts_of_day) {
            said.push_back("alert " + alert.record.alert.key);
        }
        states.push_back(said);
        open();
    }
    EXPECT_EQ(states[0], states[1]);
    EXPECT_THAT(states[0], ElementsAre("incident open", "incident taken", "mention 1 Acme open",
                                       "mention 1 Other taken", "mention 3 Acme taken",
                                       "mention 5 Acme open", "observation 1 2026-03-02T10:02:00Z",
                                       "observation 1 2026-03-02T10:07:00Z",
                                       "observation 3 2026-03-02T10:07:00Z", "alert today"));
}

TEST_F(SqliteStoreTest, WorksInMemory)
{
    auto store = open_sqlite_store({.path = ":memory:"});
    ASSERT_TRUE(store) << store.error().message;
    PageCommit page = a_page("c1");
    add(page, a_post("1", "It broke"));

    ASSERT_TRUE((*store)->commit({page}));
    EXPECT_EQ(*(*store)->cursor("acme-forum"), "c1");
    EXPECT_TRUE((*store)->retain(at_minute(1), at_minute(1)));
}

} // namespace
} // namespace empathd::sqlite
