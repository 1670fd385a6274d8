#include "daemon/store/sqlite_store.hpp"

#include "daemon/store/sqlite_connection.hpp"
#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace empathd::sqlite {
namespace {

using testing::a_page;
using testing::a_post;
using testing::add;
using testing::an_incident;
using testing::at_minute;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SqliteReaderTest : public ::testing::Test {
protected:
    SqliteReaderTest()
    {
        auto store = open_sqlite_store({.path = path_});
        EXPECT_TRUE(store);
        store_ = std::move(*store);
        auto reader = open_sqlite_reader(path_);
        EXPECT_TRUE(reader) << reader.error().message;
        reader_ = std::move(*reader);
    }

    void commit(const PageCommit& page)
    {
        const auto done = store_->commit({page});
        ASSERT_TRUE(done) << done.error().message;
    }
    void store_post(const Post& post, const std::string& brand = "Acme")
    {
        PageCommit page = a_page("c");
        add(page, post, brand);
        commit(page);
    }

    std::vector<StoredMention> mentions(const MentionFilter& filter)
    {
        auto found = reader_->mentions(filter);
        EXPECT_TRUE(found) << found.error().message;
        return found ? std::move(*found) : std::vector<StoredMention>();
    }
    std::vector<std::string> ids(const MentionFilter& filter)
    {
        std::vector<std::string> found;
        for (const StoredMention& mention : mentions(filter)) {
            found.push_back(mention.post.key.id);
        }
        return found;
    }
    std::vector<std::string> found_by(const std::string& query) { return ids({.query = query}); }

    testing::TemporaryFolder folder_;
    std::string path_ = folder_.file("empathd.db");
    std::unique_ptr<Store> store_;
    std::unique_ptr<StoreReader> reader_;
};

TEST_F(SqliteReaderTest, FindsVietnameseWithAndWithoutDiacritics)
{
    store_post(a_post("pho", "Bát PHỞ nguội ngắt"));
    store_post(a_post("dien", "Điện thoại hỏng", 1));
    Post titled = a_post("title", "xem ảnh", 2);
    titled.title = "Bún chả Hà Nội";
    store_post(titled);

    EXPECT_THAT(found_by("pho"), ElementsAre("pho"));
    EXPECT_THAT(found_by("phở"), ElementsAre("pho"));
    EXPECT_THAT(found_by("Phơ"), ElementsAre("pho"));
    EXPECT_THAT(found_by("dien"), ElementsAre("dien"));
    EXPECT_THAT(found_by("điện"), ElementsAre("dien"));
    EXPECT_THAT(found_by("ĐIỆN thoai"), ElementsAre("dien"));
    EXPECT_THAT(found_by("\"dien thoai\""), ElementsAre("dien"));
    EXPECT_THAT(found_by("\"thoai dien\""), IsEmpty());
    EXPECT_THAT(found_by("bun"), ElementsAre("title"));
    EXPECT_THAT(found_by("ho"), IsEmpty());
}

TEST_F(SqliteReaderTest, FindsWordsByTheWholeGrammar)
{
    store_post(a_post("1", "The coffee machine leaks", 1));
    store_post(a_post("2", "The tea machine works", 2));
    store_post(a_post("3", "Coffee, coffee-to-go and a wi-fi that works😡", 3));
    store_post(a_post("4", "L’été au café 咖啡 кофе", 4));

    EXPECT_THAT(found_by("machine"), ElementsAre("2", "1"));
    EXPECT_THAT(found_by("coffee machine"), ElementsAre("1"));
    EXPECT_THAT(found_by("machine -coffee"), ElementsAre("2"));
    EXPECT_THAT(found_by("leaks OR works"), ElementsAre("3", "2", "1"));
    EXPECT_THAT(found_by("(tea OR coffee) works"), ElementsAre("3", "2"));
    EXPECT_THAT(found_by("coff*"), ElementsAre("3", "1"));
    EXPECT_THAT(found_by("wi-fi"), ElementsAre("3"));
    EXPECT_THAT(found_by("\"coffee to go\""), ElementsAre("3"));
    EXPECT_THAT(found_by("works"), ElementsAre("3", "2"));
    EXPECT_THAT(found_by("ete CAFÉ"), ElementsAre("4"));
    EXPECT_THAT(found_by("咖啡"), ElementsAre("4"));
    EXPECT_THAT(found_by("КОФЕ"), ElementsAre("4"));
    EXPECT_THAT(found_by("body"), IsEmpty());
    EXPECT_THAT(found_by("b1 OR b2 OR b3 OR s1 OR s2 OR s3"), IsEmpty()); // Tags are no words.
}

TEST_F(SqliteReaderTest, HandsOnWhatIsWrongWithAQuery)
{
    const auto found = reader_->mentions({.query = "a \"b"});

    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::malformed);
    EXPECT_EQ(found.error().message, "search: a quote that is not closed at character 3");
    EXPECT_TRUE(reader_->mentions({}));
}

struct Filtered {
    const char* name;
    MentionFilter filter;
    std::vector<std::string> expected;
};

class SqliteReaderFilters : public SqliteReaderTest,
                            public ::testing::WithParamInterface<Filtered> {};

TEST_P(SqliteReaderFilters, GiveTheMatchingOnesNewestFirst)
{
    PageCommit page = a_page("c");
    add(page, a_post("a", "first word", 0)).incident = "story";
    Post other = a_post("b", "second word", 10);
    other.key.network = "bluesky";
    other.source = "firehose";
    other.author = "bo";
    other.audience = Audience::employee;
    MentionRecord& mention = add(page, other, "Other");
    mention.experience.language = "vi";
    mention.experience.of(Facet::sentiment).label = "positive";
    mention.experience.of(Facet::experience).label = "praise";
    mention.experience.of(Facet::reason).label = none;
    mention.experience.of(Facet::audience).label = "employee";
    add(page, a_post("c", "third word", 20));
    add(page, a_post("d", "fourth word", 70)).incident = "story";
    commit(page);

    EXPECT_EQ(ids(GetParam().filter), GetParam().expected);
    MentionFilter with_words = GetParam().filter;
    with_words.query = "word";
    EXPECT_EQ(ids(with_words), GetParam().expected) << "with full text";
}

using Ids = std::vector<std::string>;
INSTANTIATE_TEST_SUITE_P(
    Fields, SqliteReaderFilters,
    ::testing::Values(
        Filtered{"None", {}, Ids{"d", "c", "b", "a"}},
        Filtered{"Limit", {.limit = 2}, Ids{"d", "c"}},
        Filtered{"LimitZeroIsOne", {.limit = 0}, Ids{"d"}},
        Filtered{"Brand", {.brand = "Other"}, Ids{"b"}},
        Filtered{"BrandThatNeverWas", {.brand = "Nobody"}, Ids{}},
        Filtered{"Network", {.network = "bluesky"}, Ids{"b"}},
        Filtered{"Source", {.source = "firehose"}, Ids{"b"}},
        Filtered{"Language", {.language = "vi"}, Ids{"b"}},
        Filtered{"Sentiment", {.labels = {{Facet::sentiment, "positive"}}}, Ids{"b"}},
        Filtered{"Complaints", {.labels = {{Facet::experience, "complaint"}}}, Ids{"d", "c", "a"}},
        Filtered{"Unsure", {.labels = {{Facet::reason, "unsure"}}}, Ids{"d", "c", "a"}},
        Filtered{"NoReason", {.labels = {{Facet::reason, "none"}}}, Ids{"b"}},
        Filtered{"TheLastFacet", {.labels = {{Facet::audience, "employee"}}}, Ids{"b"}},
        Filtered{"SeveralFacets",
                 {.labels = {{Facet::sentiment, "positive"}, {Facet::experience, "praise"}}},
                 Ids{"b"}},
        Filtered{"FacetsOfDifferentRows",
                 {.labels = {{Facet::sentiment, "positive"}, {Facet::experience, "complaint"}}},
                 Ids{}},
        Filtered{"TwoLabelsOfAFacet",
                 {.labels = {{Facet::sentiment, "positive"}, {Facet::sentiment, "negative"}}},
                 Ids{}},
        Filtered{"ALabelTwice",
                 {.labels = {{Facet::sentiment, "positive"}, {Facet::sentiment, "positive"}}},
                 Ids{"b"}},
        Filtered{"ALabelThatIsNone", {.labels = {{Facet::sentiment, "angry"}}}, Ids{}},
        Filtered{"Incident", {.incident = "story"}, Ids{"d", "a"}},
        Filtered{"Author", {.author = "ana"}, Ids{"d", "c", "a"}},
        Filtered{"AuthorThatNeverWas", {.author = "nobody"}, Ids{}},
        Filtered{"AuthorOfAStory", {.incident = "story", .author = "ana"}, Ids{"d", "a"}},
        Filtered{"AuthorOfNoStory", {.incident = "story", .author = "bo"}, Ids{}},
        Filtered{"AuthorOfABrand", {.brand = "Other", .author = "ana"}, Ids{}},
        Filtered{"AuthorSince", {.author = "ana", .since = at_minute(20)}, Ids{"d", "c"}},
        Filtered{"Employees", {.audience = Audience::employee}, Ids{"b"}},
        Filtered{"Customers", {.audience = Audience::customer}, Ids{"d", "c", "a"}},
        Filtered{"SinceIsIncluded", {.since = at_minute(20)}, Ids{"d", "c"}},
        Filtered{"SinceAfterAll", {.since = at_minute(71)}, Ids{}},
        Filtered{"SinceBeforeAll", {.since = at_minute(-100)}, Ids{"d", "c", "b", "a"}},
        Filtered{"UntilIsExcluded", {.until = at_minute(20)}, Ids{"b", "a"}},
        Filtered{"UntilBeforeAll", {.until = at_minute(0)}, Ids{}},
        Filtered{"Between", {.since = at_minute(10), .until = at_minute(70)}, Ids{"c", "b"}},
        Filtered{"After", {.after = MentionCursor{at_minute(20), 3}}, Ids{"b", "a"}},
        Filtered{
            "AfterInTheSameMoment", {.after = MentionCursor{at_minute(20), 4}}, Ids{"c", "b", "a"}},
        Filtered{"Several",
                 {.brand = "Acme", .language = "en", .incident = "story", .since = at_minute(1)},
                 Ids{"d"}},
        Filtered{"Contradiction", {.brand = "Acme", .language = "vi"}, Ids{}}),
    [](const auto& test) { return test.param.name; });

/// Everything, page by page, with new rows coming in between two pages.
Ids paged(SqliteReaderTest&, StoreReader& reader, MentionFilter filter,
          const std::function<void()>& between)
{
    Ids found;
    for (int page = 0; page < 100; ++page) {
        const auto rows = reader.mentions(filter);
        EXPECT_TRUE(rows) << rows.error().message;
        if (!rows || rows->empty()) {
            break;
        }
        for (const StoredMention& row : *rows) {
            found.push_back(row.post.key.id);
        }
        filter.after = MentionCursor{rows->back().post.seen_at, rows->back().id};
        between();
    }
    return found;
}

TEST_F(SqliteReaderTest, PagesShowEveryRowOnceWhileNewOnesArrive)
{
    PageCommit page = a_page("c");
    for (int i = 0; i < 40; ++i) { // Seven in each moment.
        add(page, a_post(std::to_string(i), "word", i / 7));
    }
    commit(page);
    const Ids whole = ids({.limit = 500});
    ASSERT_EQ(whole.size(), 40u);
    EXPECT_EQ(whole.front(), "39");

    int count = 1'000;
    const auto newcomer = [&] { store_post(a_post(std::to_string(count++), "word", 60)); };
    EXPECT_EQ(paged(*this, *reader_, {.limit = 3}, newcomer), whole);
    MentionFilter with_words{.query = "word", .until = at_minute(30), .limit = 3};
    EXPECT_EQ(paged(*this, *reader_, with_words, newcomer), whole);
    EXPECT_EQ(
        paged(*this, *reader_, {.brand = "Acme", .until = at_minute(30), .limit = 7}, newcomer),
        whole);
}

// A replay stores old posts late, a slow source stores them a little late: the order of ids is then
// not the order of time, and the full-text index knows only the first.
TEST_F(SqliteReaderTest, FullTextKeepsTheOrderOfTimeWhateverOrderRowsCameIn)
{
    std::mt19937 random{5};
    std::vector<std::pair<TimePoint, int>> truth;
    PageCommit page = a_page("c");
    for (int i = 0; i < 400; ++i) {
        const int minute =
            i < 200 ? i * 3 + static_cast<int>(random() % 40) : static_cast<int>(random() % 900);
        add(page, a_post(std::to_string(i), i % 3 == 0 ? "word" : "nothing", minute));
        if (i % 3 == 0) {
            truth.emplace_back(at_minute(minute), i);
        }
    }
    commit(page);
    std::sort(truth.rbegin(), truth.rend());
    const auto expected = [&truth](TimePoint since, TimePoint until) {
        Ids found;
        for (const auto& [at, id] : truth) {
            if (at >= since && at < until) {
                found.push_back(std::to_string(id));
            }
        }
        return found;
    };

    for (int round = 0; round < 30; ++round) {
        const TimePoint since = at_minute(static_cast<int>(random() % 900));
        const TimePoint until = since + std::chrono::minutes{random() % 500};
        MentionFilter filter{.query = "word", .since = since, .until = until, .limit = 500};
        EXPECT_EQ(ids(filter), expected(since, until));
        filter.limit = 1 + random() % 20;
        EXPECT_EQ(paged(*this, *reader_, filter, [] {}), expected(since, until));
    }
    EXPECT_EQ(ids({.query = "word", .limit = 500}), expected(at_minute(-1), at_minute(10'000)));
}

TEST_F(SqliteReaderTest, SeesWhatWasWrittenAfterItWasOpened)
{
    EXPECT_EQ(*reader_->mention_count(), 0u);
    store_post(a_post("1", "It broke"), "A brand never met before");

    EXPECT_EQ(*reader_->mention_count(), 1u);
    const auto found = mentions({.brand = "A brand never met before"});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].brand, "A brand never met before");
}

TEST_F(SqliteReaderTest, CutsASlowQueryAndAnswersTheNext)
{
    PageCommit page = a_page("c");
    for (int i = 0; i < 3'000; ++i) {
        add(page, a_post(std::to_string(i), "a word", i));
    }
    add(page, a_post("french", "le mot")).experience.language = "fr";
    commit(page);
    auto hurried = open_reader(path_, std::chrono::milliseconds{0});
    ASSERT_TRUE(hurried) << hurried.error().message;

    const MentionFilter in_vain{.language = "fr", .query = "word"};
    const auto slow = (*hurried)->mentions(in_vain);
    ASSERT_FALSE(slow);
    EXPECT_EQ(slow.error().kind, ErrorKind::unavailable);
    EXPECT_NE(slow.error().message.find("took longer than 0 ms"), std::string::npos);
    EXPECT_TRUE((*hurried)->mention(1));
    EXPECT_EQ(mentions(in_vain).size(), 0u);
}

TEST_F(SqliteReaderTest, GivesHigherScoresFirstAndOfTheSameTheNewer)
{
    PageCommit page = a_page("c");
    page.incidents = {an_incident("low", 10), an_incident("older", 50), an_incident("newer", 50),
                      an_incident("high", 90)};
    page.incidents[2].last_at = at_minute(30);
    page.incidents[3].brand = "Other";
    page.incidents[0].state = IncidentState::resolved;
    commit(page);
    const auto list = [this](const IncidentFilter& filter) {
        Ids found;
        const auto incidents = reader_->incidents(filter);
        EXPECT_TRUE(incidents);
        for (const Incident& incident : *incidents) {
            found.push_back(incident.id);
        }
        return found;
    };

    EXPECT_THAT(list({}), ElementsAre("high", "newer", "older", "low"));
    EXPECT_THAT(list({.brand = "Acme"}), ElementsAre("newer", "older", "low"));
    EXPECT_THAT(list({.state = IncidentState::resolved}), ElementsAre("low"));
    EXPECT_THAT(list({.since = at_minute(30)}), ElementsAre("newer"));
    EXPECT_THAT(list({.score_min = 50}), ElementsAre("high", "newer", "older"));
    EXPECT_THAT(list({.limit = 1}), ElementsAre("high"));
}

TEST_F(SqliteReaderTest, NeedsAStoreThatIsThere)
{
    const auto none = open_sqlite_reader(folder_.file("none.db"));
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, ErrorKind::storage);
    auto empty = Connection::open(folder_.file("empty.db"), Access::write);
    ASSERT_TRUE(empty);
    ASSERT_TRUE((*empty)->execute("CREATE TABLE t (a)"));
    EXPECT_FALSE(open_sqlite_reader(folder_.file("empty.db")));
}

// Names that look like SQL, LIKE patterns or FTS5 syntax are names and nothing else.
TEST_F(SqliteReaderTest, TakesHostileTextAsText)
{
    for (const std::string& text :
         {std::string("' OR 1=1 --"), std::string("\"; DROP TABLE posts; --"), std::string("%"),
          std::string("x' UNION SELECT * FROM meta --"), std::string("NEAR(a, 2)"),
          std::string("*")}) {
        store_post(a_post("key " + text, "text " + text), text);
        EXPECT_EQ(mentions({.brand = text}).size(), 1u) << text;
        EXPECT_EQ(mentions({.author = text}).size(), 0u) << text;
        EXPECT_EQ(mentions({.incident = text}).size(), 0u) << text;
        EXPECT_EQ(reader_->observations({text, text})->size(), 0u) << text;
        EXPECT_FALSE(*reader_->incident(text)) << text;
    }
    EXPECT_EQ(*reader_->mention_count(), 6u);
}

} // namespace
} // namespace empathd::sqlite
