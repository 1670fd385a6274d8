#include "connectors/feed/feed.hpp"

#include "config/section.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_http.hpp"
#include "tests/support/run.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace empathd::connectors {
namespace {

constexpr const char* address = "https://forum.test/feed/";
const TimePoint start = from_unix_ms(1'714'566'896'000);

std::string rss(std::initializer_list<const char*> ids)
{
    std::string out = "<rss version='2.0'><channel><title>F</title>";
    for (const char* id : ids) {
        out += "<item><guid>urn:" + std::string(id) + "</guid><title>" + id + "</title></item>";
    }
    return out + "</channel></rss>";
}

config::Value text_value(std::string text)
{
    return {.data = std::move(text), .line = 1, .column = 1};
}

/// A feed connector with everything around it.
class FeedFetch : public ::testing::Test {
protected:
    std::unique_ptr<Connector> make(const config::Table& table = {
                                        {"base_url", text_value(address)}})
    {
        config::Section section(table, "empathd.toml", "source 'forum'", 1, problems);
        auto made = make_feed(section, {.name = "forum"}, {http, clock});
        section.finish();
        return made;
    }
    Result<Page> fetch(const std::string& cursor = "")
    {
        return testing::run(connector->fetch(cursor));
    }
    [[nodiscard]] std::string sent(const std::string& name) const
    {
        for (const auto& [key, value] : http.asked.back().headers) {
            if (key == name) {
                return value;
            }
        }
        return "(none)";
    }

    testing::FakeHttp http;
    testing::FakeClock clock{start};
    std::vector<config::Problem> problems;
    std::unique_ptr<Connector> connector = make();
};

HttpResponse not_modified(HttpHeaders headers = {})
{
    return {.status = 304, .headers = std::move(headers), .body = "", .url = address};
}

TEST_F(FeedFetch, AsksTheAddressLetterByLetter)
{
    http.answer(address, rss({"1"}));

    const auto page = fetch();

    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(http.asked.size(), 1u);
    EXPECT_EQ(http.asked[0].url, address);
    EXPECT_EQ(sent("If-None-Match"), "(none)");
    EXPECT_EQ(sent("If-Modified-Since"), "(none)");
    EXPECT_LE(http.asked[0].body_bytes_max, feed_body_bytes_max);
    ASSERT_EQ(page->posts.size(), 1u);
    EXPECT_EQ(page->posts[0].published_at, start);
    EXPECT_FALSE(page->more);
    EXPECT_FALSE(page->unchanged);
}

TEST_F(FeedFetch, SendsValidatorsBackAsTheyCame)
{
    http.answer(address, rss({"1"}),
                {{"etag", "W/\"x y\""}, {"last-modified", "Wed, 1 May 2024 12:34:56 +0200"}});
    http.answer(address, not_modified());

    const auto first = fetch();
    ASSERT_TRUE(first);
    const auto second = fetch(first->cursor);

    EXPECT_EQ(sent("If-None-Match"), "W/\"x y\"");
    EXPECT_EQ(sent("If-Modified-Since"), "Wed, 1 May 2024 12:34:56 +0200");
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->unchanged);
    EXPECT_TRUE(second->posts.empty());
    EXPECT_EQ(second->cursor, first->cursor);
}

TEST_F(FeedFetch, TakesNewValidatorsFromA304)
{
    http.answer(address, rss({"1"}), {{"etag", "\"1\""}, {"last-modified", "then"}});
    http.answer(address, not_modified({{"last-modified", "later"}}));
    http.answer(address, rss({"1", "2"}));

    const auto first = fetch();
    const auto second = fetch(first->cursor);
    const auto third = fetch(second->cursor);

    EXPECT_EQ(sent("If-None-Match"), "\"1\"");
    EXPECT_EQ(sent("If-Modified-Since"), "later");
    ASSERT_TRUE(third);
    ASSERT_EQ(third->posts.size(), 1u); // What was seen before the 304 is still known.
    EXPECT_EQ(third->posts[0].key.id, "urn:2");
}

TEST_F(FeedFetch, SeesThroughAnEtagThatChangesEachTime)
{
    http.answer(address, rss({"1"}), {{"etag", "\"1\""}});
    http.answer(address, rss({"1"}), {{"etag", "\"2\""}});
    http.answer(address, rss({"1"}), {{"etag", "\"3\""}});

    const auto first = fetch();
    const auto second = fetch(first->cursor);
    const auto third = fetch(second->cursor);

    ASSERT_TRUE(second);
    EXPECT_TRUE(second->unchanged);
    EXPECT_EQ(sent("If-None-Match"), "\"2\"");
    ASSERT_TRUE(third);
    EXPECT_TRUE(third->unchanged);
    EXPECT_TRUE(third->posts.empty());
}

TEST_F(FeedFetch, ForgetsValidatorsTheServerTookBack)
{
    http.answer(address, rss({"1"}), {{"etag", "\"1\""}});
    http.answer(address, rss({"1", "2"}));
    http.answer(address, rss({"1", "2", "3"}));

    const auto first = fetch();
    const auto second = fetch(first->cursor);
    (void)fetch(second->cursor);

    EXPECT_EQ(sent("If-None-Match"), "(none)");
}

TEST_F(FeedFetch, TrustsNoValidatorThatExpiresAtZero)
{
    http.answer(address, rss({"1"}), {{"etag", "\"1\""}, {"expires", "0"}});
    http.answer(address, rss({"1"}));

    const auto first = fetch();
    (void)fetch(first->cursor);

    EXPECT_EQ(sent("If-None-Match"), "(none)");
}

TEST_F(FeedFetch, BringsTheSameKeysAgainWhenTheCursorIsLost)
{
    const std::string body = "<rss><channel><item><title>only words</title></item>"
                             "<item><guid>7</guid><link>https://x.test/a</link></item>"
                             "<item><guid>7</guid><link>https://x.test/b</link></item>"
                             "<item><link>https://x.test/t</link><title>Re: a</title></item>"
                             "<item><link>https://x.test/t</link><title>Re: b</title></item>"
                             "</channel></rss>";
    http.answer(address, body);

    const auto before = fetch();
    clock.advance(std::chrono::hours{1});
    connector = make(); // Killed before the cursor was saved.
    const auto after = fetch();

    ASSERT_TRUE(before);
    ASSERT_TRUE(after);
    ASSERT_EQ(before->posts.size(), 5u);
    ASSERT_EQ(after->posts.size(), 5u);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(before->posts[i].key, after->posts[i].key);
    }
}

TEST_F(FeedFetch, GoesOnAfterARestartWithItsCursor)
{
    http.answer(address, rss({"1"}));
    http.answer(address, rss({"2", "1"}));

    const auto before = fetch();
    connector = make();
    const auto after = fetch(before->cursor);

    ASSERT_TRUE(after);
    ASSERT_EQ(after->posts.size(), 1u);
    EXPECT_EQ(after->posts[0].key.id, "urn:2");
}

TEST_F(FeedFetch, ResolvesLinksAgainstWhereARedirectLed)
{
    http.answer(address, HttpResponse{.status = 200,
                                      .body = "<rss><channel><item><link>t/1</link></item>"
                                              "</channel></rss>",
                                      .url = "https://new.test/feeds/rss"});

    const auto page = fetch();

    ASSERT_TRUE(page);
    EXPECT_EQ(page->posts.at(0).url, "https://new.test/feeds/t/1");
}

TEST_F(FeedFetch, HandsOnTheTransportsError)
{
    http.answer(address, Error{ErrorKind::rate_limited, "forum.test: HTTP 429", 60});

    const auto page = fetch();

    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind, ErrorKind::rate_limited);
    EXPECT_EQ(page.error().retry_after_s, 60u);
}

TEST_F(FeedFetch, SaysThatAFeedIsGone)
{
    http.answer(address, Error{ErrorKind::not_found, "forum.test: HTTP 410"});

    const auto page = fetch();

    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind, ErrorKind::not_found);
    EXPECT_NE(page.error().message.find("gone"), std::string::npos);
}

TEST_F(FeedFetch, DoesNotSayThatOfOneNotFound)
{
    http.answer(address, Error{ErrorKind::not_found, "shop410.test: HTTP 404"});

    const auto page = fetch();

    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().message, "shop410.test: HTTP 404");
}

TEST_F(FeedFetch, NamesTheFeedOfAPage)
{
    http.answer(address, "<!doctype html><html><link rel=alternate type='application/atom+xml' "
                         "href='/atom'></html>");

    const auto page = fetch();

    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind, ErrorKind::malformed);
    EXPECT_NE(page.error().message.find("https://forum.test/atom"), std::string::npos);
}

TEST_F(FeedFetch, CannotBeAskedAboutItems)
{
    EXPECT_EQ(connector->observe_ids_max(), 0u);
    const auto observed = testing::run(connector->observe({}));
    ASSERT_TRUE(observed);
    EXPECT_TRUE(observed->empty());
}

TEST_F(FeedFetch, ReadsItsOptions)
{
    EXPECT_TRUE(problems.empty());
    (void)make({{"base_url", text_value("https://x.test/rss")},
                {"network", text_value("board")},
                {"items", {.data = std::int64_t{10}, .line = 1, .column = 1}}});
    EXPECT_TRUE(problems.empty());
}

struct Wrong {
    const char* name;
    config::Table table;
};

TEST_F(FeedFetch, ReportsWhatIsWrongWithItsOptions)
{
    const std::vector<Wrong> wrong{
        {"no address", {}},
        {"empty address", {{"base_url", text_value("")}}},
        {"no web address", {{"base_url", text_value("ftp://x.test/rss")}}},
        {"empty network", {{"base_url", text_value(address)}, {"network", text_value("")}}},
        {"too many items",
         {{"base_url", text_value(address)},
          {"items", {.data = std::int64_t{1'001}, .line = 1, .column = 1}}}},
        {"unknown option", {{"base_url", text_value(address)}, {"url", text_value("x")}}}};
    for (const Wrong& one : wrong) {
        problems.clear();
        (void)make(one.table);
        EXPECT_EQ(problems.size(), 1u) << one.name;
    }
}

} // namespace
} // namespace empathd::connectors
