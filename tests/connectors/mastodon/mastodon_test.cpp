#include "connectors/mastodon/mastodon.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_http.hpp"
#include "tests/support/run.hpp"
#include "tests/support/source_section.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

using testing::FakeClock;
using testing::FakeHttp;
using testing::run;
using testing::SourceSection;
using testing::TemporaryFolder;
using testing::write_file;

const std::string base = "https://m.example";

std::string status(int id, const std::string& uri = "")
{
    return R"({"id":")" + std::to_string(id) + R"(","uri":")" +
           (uri.empty() ? "https://m.example/s/" + std::to_string(id) : uri) +
           R"(","created_at":"2026-03-02T06:05:00Z","content":"words"})";
}

class MastodonTest : public ::testing::Test {
protected:
    std::unique_ptr<Connector> make(const std::string& options)
    {
        SourceSection section("mastodon", "base_url = \"" + base + "/\"\n" + options);
        auto made = section.make(http_, clock_);
        EXPECT_EQ(section.problems(), "");
        return made;
    }
    std::vector<std::string> asked() const
    {
        std::vector<std::string> urls;
        for (const HttpRequest& request : http_.asked) {
            urls.push_back(request.url);
        }
        return urls;
    }

    FakeHttp http_;
    FakeClock clock_{TimePoint{}};
};

TEST_F(MastodonTest, AsksForEveryTimelineItWasToldTo)
{
    const std::string api = base + "/api/v1/timelines/";
    const struct {
        std::string options;
        std::vector<std::string> urls;
    } cases[] = {
        {"tags = [\"#acme\", \"café\", \"acme\"]\ntimeline = \"local\"",
         {api + "tag/acme?limit=40", api + "tag/caf%C3%A9?limit=40",
          api + "public?limit=40&local=true"}},
        {"tags = [\"a\", \"b\", \"c\"]\ntags_per_request = 2\ntimeline = \"public\"",
         {api + "tag/a?limit=40&any%5B%5D=b", api + "tag/c?limit=40", api + "public?limit=40"}},
    };
    for (const auto& one : cases) {
        http_.asked.clear();
        for (const std::string& url : one.urls) {
            http_.answer(url, "[]");
        }
        const auto page = run(make(one.options)->fetch(""));
        ASSERT_TRUE(page) << page.error().message;
        EXPECT_EQ(asked(), one.urls);
    }
}

TEST_F(MastodonTest, SpreadsManyTimelinesOverFetchesInTurn)
{
    std::string list;
    for (int i = 0; i < 30; ++i) {
        list += "\"t" + std::to_string(i) + "\",";
        http_.answer(base + "/api/v1/timelines/tag/t" + std::to_string(i) + "?limit=40",
                     "[" + status(i + 1) + "]");
    }
    const std::string options = "tags = [" + list + "]";

    std::string cursor;
    std::size_t posts = 0;
    for (const std::size_t expected : {12u, 12u, 6u}) {
        const auto page = run(make(options)->fetch(cursor));
        ASSERT_TRUE(page) << page.error().message;
        EXPECT_EQ(page->posts.size(), expected);
        EXPECT_EQ(page->more, expected == 12);
        cursor = page->cursor;
        posts += page->posts.size();
    }
    EXPECT_EQ(posts, 30u);
    EXPECT_EQ(http_.asked.size(), 30u);
}

TEST_F(MastodonTest, GivesAStatusOfTwoTimelinesOnce)
{
    http_.answer(base + "/api/v1/timelines/tag/a?limit=40",
                 "[" + status(1) + "," + status(2) + "]");
    http_.answer(base + "/api/v1/timelines/public?limit=40&local=true", "[" + status(2) + "]");

    const auto page = run(make("tags = [\"a\"]\ntimeline = \"local\"")->fetch(""));

    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->posts.size(), 2u);
    EXPECT_EQ(page->posts[0].native_id, "2") << "oldest first";
    EXPECT_FALSE(page->more);
    EXPECT_FALSE(page->unchanged);
}

TEST_F(MastodonTest, SendsTheTokenOfItsFile)
{
    const TemporaryFolder folder;
    const auto path = write_file(folder.file("token"), "s3cr3t\n");
    http_.answer(base + "/api/v1/timelines/public?limit=40", "[]");

    const auto page = run(make("timeline = \"public\"\ntoken_file = \"" + path + "\"")->fetch(""));

    ASSERT_TRUE(page) << page.error().message;
    ASSERT_EQ(http_.asked.size(), 1u);
    EXPECT_NE(std::find(http_.asked[0].headers.begin(), http_.asked[0].headers.end(),
                        std::pair<std::string, std::string>{"Authorization", "Bearer s3cr3t"}),
              http_.asked[0].headers.end());
    EXPECT_EQ(page->cursor.find("s3cr3t"), std::string::npos);
    EXPECT_TRUE(page->unchanged);
}

TEST_F(MastodonTest, SaysWhatToDoAboutARefusal)
{
    const TemporaryFolder folder;
    const auto token = write_file(folder.file("token"), "s3cr3t");
    const auto bad = write_file(folder.file("bad"), "two words\n");
    http_.answer(base + "/api/v1/timelines/public?limit=40",
                 Error{ErrorKind::unauthorized, "m.example answers 401"});
    const struct {
        std::string options;
        std::string words;
    } cases[] = {
        {"", "m.example answers 401: this server wants a token, set token_file"},
        {"token_file = \"" + token + "\"",
         "m.example answers 401: the token of token_file is refused"},
        {"token_file = \"" + bad + "\"", "holds no readable token"},
        {"token_file = \"" + folder.file("none") + "\"", "holds no readable token"},
    };
    for (const auto& one : cases) {
        const auto page = run(make("timeline = \"public\"\n" + one.options)->fetch(""));
        ASSERT_FALSE(page) << one.words;
        EXPECT_EQ(page.error().kind, ErrorKind::unauthorized);
        EXPECT_NE(page.error().message.find(one.words), std::string::npos) << page.error().message;
        EXPECT_EQ(page.error().message.find("s3cr3t"), std::string::npos);
        EXPECT_EQ(page.error().message.find("two words"), std::string::npos);
    }
}

TEST_F(MastodonTest, HandsErrorsUpUnchanged)
{
    for (const auto& error :
         {Error{ErrorKind::rate_limited, "429", 60}, Error{ErrorKind::unavailable, "timeout"},
          Error{ErrorKind::not_found, "404"}, Error{ErrorKind::refused, "ip"}}) {
        FakeHttp http;
        http.answer(base + "/api/v1/timelines/public?limit=40", error);
        SourceSection section("mastodon", "base_url = \"" + base + "\"\ntimeline = \"public\"");
        const auto page = run(section.make(http, clock_)->fetch(""));
        ASSERT_FALSE(page);
        EXPECT_EQ(page.error().kind, error.kind);
        EXPECT_EQ(page.error().retry_after_s, error.retry_after_s);
    }
}

TEST_F(MastodonTest, KeepsWhatItReadBeforeAFailureAndThenMeetsIt)
{
    http_.answer(base + "/api/v1/timelines/tag/a?limit=40", "[" + status(1) + "]");
    http_.answer(base + "/api/v1/timelines/tag/b?limit=40",
                 Error{ErrorKind::rate_limited, "429", 9});
    const std::string options = "tags = [\"a\", \"b\"]";

    const auto page = run(make(options)->fetch(""));

    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->posts.size(), 1u);
    EXPECT_FALSE(page->more) << "not at once";
    const auto next = run(make(options)->fetch(page->cursor));
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().retry_after_s, 9u);
    EXPECT_EQ(http_.asked.size(), 3u) << "a, b and again b: a was finished";
}

TEST_F(MastodonTest, StopsWhenTheServerSaysThatNoRequestIsLeft)
{
    http_.answer(base + "/api/v1/timelines/tag/a?limit=40", "[" + status(1) + "]",
                 {{"x-ratelimit-remaining", "0"}});
    http_.answer(base + "/api/v1/timelines/tag/b?limit=40", "[" + status(2) + "]");
    const std::string options = "tags = [\"a\", \"b\"]";

    const auto page = run(make(options)->fetch(""));

    ASSERT_TRUE(page);
    EXPECT_EQ(page->posts.size(), 1u);
    EXPECT_FALSE(page->more);
    const auto next = run(make(options)->fetch(page->cursor));
    ASSERT_TRUE(next);
    EXPECT_EQ(next->posts.size(), 1u) << "b, which was still open";
}

TEST_F(MastodonTest, CountsWhatItCannotReadAndGoesOn)
{
    http_.answer(base + "/api/v1/timelines/public?limit=40",
                 "[" + status(2) + R"(,{"id":"9"},{"text":"no id"},)" + status(1) + "]");

    const auto page = run(make("timeline = \"public\"")->fetch(""));

    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->posts.size(), 2u);
    EXPECT_EQ(page->rejected.size(), 2u);
    const auto broken = run(make("timeline = \"public\"")->fetch("rubbish"));
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().kind, ErrorKind::malformed);
}

TEST_F(MastodonTest, ReadsCountsOfManyInOneRequest)
{
    http_.answer(base + "/api/v1/statuses?id%5B%5D=1&id%5B%5D=a%2Fb",
                 R"([{"id":"1","uri":"u:1","favourites_count":5}])");
    auto connector = make("timeline = \"public\"");

    const auto counts = run(connector->observe({"1", "a/b"}));

    EXPECT_EQ(connector->observe_ids_max(), 20u);
    ASSERT_TRUE(counts) << counts.error().message;
    ASSERT_EQ(counts->size(), 1u) << "the other one is gone";
    EXPECT_EQ(counts->at(0).key, (PostKey{"mastodon", "u:1"}));
    EXPECT_EQ(counts->at(0).engagement.likes, 5u);
    EXPECT_EQ(run(connector->observe({}))->size(), 0u);
}

TEST_F(MastodonTest, ReadsCountsOneByOneWhereTheListIsUnknown)
{
    for (const auto kind : {ErrorKind::not_found, ErrorKind::malformed}) {
        FakeHttp http;
        http.answer(base + "/api/v1/statuses?id%5B%5D=1&id%5B%5D=2", Error{kind, "404"});
        http.answer(base + "/api/v1/statuses/2", R"({"id":"2","uri":"u:2","replies_count":1})");
        SourceSection section("mastodon", "base_url = \"" + base + "\"\ntimeline = \"public\"");

        const auto counts = run(section.make(http, clock_)->observe({"1", "2"}));

        ASSERT_TRUE(counts) << counts.error().message;
        ASSERT_EQ(counts->size(), 1u);
        EXPECT_EQ(counts->at(0).key.id, "u:2");
    }
}

TEST_F(MastodonTest, FailsToReadCountsWhenTheServerDoes)
{
    http_.answer(base + "/api/v1/statuses?id%5B%5D=1", Error{ErrorKind::rate_limited, "429", 30});

    const auto counts = run(make("timeline = \"public\"")->observe({"1"}));

    ASSERT_FALSE(counts);
    EXPECT_EQ(counts.error().retry_after_s, 30u);
}

TEST_F(MastodonTest, ReportsWrongOptions)
{
    const struct {
        std::string options;
        std::string words;
    } cases[] = {
        {"tags = [\"a\"]", "base_url is missing"},
        {"base_url = \"ftp://x\"\ntags = [\"a\"]", "must be an address"},
        {"base_url = \"https://x\"", "tags is missing"},
        {"base_url = \"https://x\"\ntags = [\"two words\"]", "no hashtag"},
        {"base_url = \"https://x\"\ntags = [\"#\"]", "no hashtag"},
        {"base_url = \"https://x\"\ntags = [\"a\"]\ntags_per_request = 6", "must be 1 to 5"},
        {"base_url = \"https://x\"\ntimeline = \"home\"", "must be one of"},
    };
    for (const auto& one : cases) {
        SourceSection section("mastodon", one.options);
        EXPECT_EQ(section.make(http_, clock_), nullptr) << one.options;
        EXPECT_NE(section.problems().find(one.words), std::string::npos) << section.problems();
    }
}

} // namespace
} // namespace empathd::connectors
