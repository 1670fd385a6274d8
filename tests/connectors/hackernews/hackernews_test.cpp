#include "connectors/hackernews/hackernews.hpp"

#include "connectors/hackernews/search_round.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_http.hpp"
#include "tests/support/run.hpp"
#include "tests/support/source_section.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

using testing::FakeClock;
using testing::FakeHttp;
using testing::run;
using testing::SourceSection;

std::string search(const std::string& phrase, std::int64_t from, std::int64_t until)
{
    return "https://hn.algolia.com/api/v1/search_by_date?query=%22" + phrase +
           "%22&tags=%28story%2Ccomment%29&typoTolerance=false&advancedSyntax=true"
           "&numericFilters=created_at_i%3E%3D" +
           std::to_string(from) + "%2Ccreated_at_i%3C%3D" + std::to_string(until) +
           "&hitsPerPage=200&page=0";
}

class HackernewsTest : public ::testing::Test {
protected:
    std::unique_ptr<Connector> make(const std::string& options)
    {
        SourceSection section("hackernews", options);
        auto made = section.make(http_, clock_);
        EXPECT_EQ(section.problems(), "");
        return made;
    }

    FakeHttp http_;
    FakeClock clock_{from_unix_ms(1'772'431'200'500)};
};

TEST_F(HackernewsTest, SearchesForPhrasesInQuotesAsFarBackAsAsked)
{
    http_.answer(search("acme%20router", 1'772'431'200 - 86'400, 1'772'431'200), R"({"hits":[]})");
    http_.answer(search("b", 1'772'431'200 - 86'400, 1'772'431'200),
                 R"({"hits":[{"objectID":"1","created_at_i":1772431100,"title":"b"}],"nbHits":1})");

    const auto page = run(make("queries = [\"acme router\", \"b\"]")->fetch(""));

    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->posts.size(), 1u);
    EXPECT_FALSE(page->more);
    EXPECT_FALSE(page->unchanged);
    EXPECT_EQ(http_.asked.size(), 2u);
}

TEST_F(HackernewsTest, AsksAgainFromBeforeTheNewestHit)
{
    const std::int64_t now = 1'772'431'200;
    http_.answer(search("b", now - 86'400, now),
                 R"({"hits":[{"objectID":"1","created_at_i":1772431100,"title":"b"}],"nbHits":1})");
    const auto first = run(make("queries = [\"b\"]")->fetch(""));
    ASSERT_TRUE(first) << first.error().message;
    clock_.advance(std::chrono::seconds{60});
    http_.answer(search("b", 1'772'431'100 - 900, now + 60),
                 R"({"hits":[{"objectID":"1","created_at_i":1772431100,"title":"b"}],"nbHits":1})");

    const auto second = run(make("queries = [\"b\"]")->fetch(first->cursor));

    ASSERT_TRUE(second) << second.error().message;
    EXPECT_TRUE(second->posts.empty()) << "known";
    EXPECT_TRUE(second->unchanged);
}

TEST_F(HackernewsTest, StartsANewPhraseAndForgetsOneThatIsNoLongerAsked)
{
    const std::int64_t now = 1'772'431'200;
    http_.answer(search("b", now - 86'400, now), R"({"hits":[]})");
    http_.answer(search("c", now - 86'400, now), R"({"hits":[]})");
    const auto first = run(make("queries = [\"b\"]")->fetch(""));
    ASSERT_TRUE(first);

    const auto second = run(make("queries = [\"c\"]")->fetch(first->cursor));

    ASSERT_TRUE(second) << second.error().message;
    EXPECT_EQ(second->cursor.find("\"b\""), std::string::npos);
    EXPECT_NE(second->cursor.find("\"c\""), std::string::npos);
}

TEST_F(HackernewsTest, KeepsWhatItReadBeforeAFailureAndThenMeetsIt)
{
    const std::int64_t now = 1'772'431'200;
    http_.answer(search("a", now - 86'400, now),
                 R"({"hits":[{"objectID":"1","created_at_i":1772431100,"title":"a"}]})");
    http_.answer(search("b", now - 86'400, now), Error{ErrorKind::rate_limited, "429", 9});
    const std::string options = "queries = [\"a\", \"b\"]";

    const auto page = run(make(options)->fetch(""));

    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->posts.size(), 1u);
    EXPECT_FALSE(page->more);
    const auto next = run(make(options)->fetch(page->cursor));
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().kind, ErrorKind::rate_limited);
    EXPECT_EQ(next.error().retry_after_s, 9u);
    EXPECT_EQ(http_.asked.size(), 3u) << "a, b and again b: a was finished";
}

TEST_F(HackernewsTest, GivesARejectedHitOnce)
{
    const std::int64_t now = 1'772'431'200;
    const std::string body =
        R"({"hits":[{"objectID":"1","created_at_i":1772431100},{"created_at_i":1772431100}]})";
    http_.answer(search("a", now - 86'400, now), body);
    const auto first = run(make("queries = [\"a\"]")->fetch(""));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->rejected.size(), 2u);
    http_.answer(search("a", 1'772'431'100 - 900, now), body);

    const auto second = run(make("queries = [\"a\"]")->fetch(first->cursor));

    ASSERT_TRUE(second) << second.error().message;
    EXPECT_TRUE(second->rejected.empty());
}

TEST_F(HackernewsTest, RefusesACursorItCannotRead)
{
    for (const std::string cursor :
         {"17", "{}", R"({"v":2,"q":{}})", R"({"v":1,"q":[]})", R"({"v":1,"q":{"a":{}}})",
          R"({"v":1,"q":{"a":{"from":1,"newest":1,"seen":{"1":"x"}}}})"}) {
        const auto page = run(make("queries = [\"a\"]")->fetch(cursor));
        ASSERT_FALSE(page) << cursor;
        EXPECT_EQ(page.error().kind, ErrorKind::malformed) << cursor;
        EXPECT_NE(page.error().message.find("cursor"), std::string::npos);
    }
}

TEST_F(HackernewsTest, ReadsCountsItemByItem)
{
    const std::string items = "https://hacker-news.firebaseio.com/v0/item/";
    http_.answer(items + "1.json", R"({"id":1,"type":"story","score":3,"descendants":2})");
    http_.answer(items + "2.json", "null");
    http_.answer(items + "4.json", R"({"id":4,"type":"comment","deleted":true})");
    auto connector = make("queries = [\"a\"]");

    const auto counts = run(connector->observe({"1", "2", "3", "4", "../x", ""}));

    EXPECT_EQ(connector->observe_ids_max(), 30u);
    ASSERT_TRUE(counts) << counts.error().message;
    ASSERT_EQ(counts->size(), 1u);
    EXPECT_EQ(counts->at(0).engagement, (Engagement{.replies = 2, .score = 3}));
    EXPECT_EQ(http_.asked.size(), 4u) << "what is no number is never asked for";

    http_.answer(items + "5.json", Error{ErrorKind::unavailable, "timeout"});
    EXPECT_FALSE(run(connector->observe({"1", "5"})));
}

TEST_F(HackernewsTest, ReportsWrongOptions)
{
    std::string many;
    for (int i = 0; i < 101; ++i) {
        many += "\"q" + std::to_string(i) + "\",";
    }
    const struct {
        std::string options;
        std::string words;
    } cases[] = {
        {"", "queries is missing"},
        {"queries = [\" \\\" \"]", "empty phrase"},
        {"queries = [" + many + "]", "at most 100"},
        {"queries = [\"a\"]\nfirst_hours = 0", "must be 1 to 8760"},
        {"queries = [\"a\"]\nhits_per_page = 1001", "must be 1 to 1000"},
        {"queries = [\"a\"]\nbase_url = \"hn\"", "must be an address"},
    };
    for (const auto& one : cases) {
        SourceSection section("hackernews", one.options);
        EXPECT_EQ(section.make(http_, clock_), nullptr) << one.options;
        EXPECT_NE(section.problems().find(one.words), std::string::npos) << section.problems();
    }
}

TEST(HackernewsCursor, KeepsEverythingOfTheStates)
{
    SearchStates states;
    states["a \"b\""] = {.from = 5,
                         .next = 7,
                         .end = 99,
                         .width = 60,
                         .until = 90,
                         .page = 2,
                         .newest = 8,
                         .seen = {{"41", 6}, {"#ab", 7}}};
    states["resting"] = {.from = 9, .newest = 0};

    const auto read = states_from_cursor(to_cursor(states));

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_cursor(*read), to_cursor(states));
    const SearchState& state = read->at("a \"b\"");
    EXPECT_EQ(state.from, 5);
    EXPECT_EQ(state.next, 7);
    EXPECT_EQ(state.end, 99);
    EXPECT_EQ(state.width, 60);
    EXPECT_EQ(state.until, 90);
    EXPECT_EQ(state.page, 2u);
    EXPECT_EQ(state.newest, 8);
    EXPECT_EQ(state.seen.size(), 2u);
    EXPECT_FALSE(read->at("resting").next);
}

} // namespace
} // namespace empathd::connectors
