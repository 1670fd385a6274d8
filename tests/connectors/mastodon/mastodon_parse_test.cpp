#include "connectors/mastodon/mastodon.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

const MastodonReading reading{.base_url = "https://town.example",
                              .identity = {.name = "town", .audience = Audience::customer}};

MastodonStatus read_one(const std::string& json, const MastodonReading& how = reading)
{
    const auto statuses = parse_mastodon_statuses("[" + json + "]", how);
    EXPECT_TRUE(statuses) << statuses.error().message;
    return statuses && statuses->size() == 1 ? statuses->front() : MastodonStatus();
}

/// A status with the members the test is about.
std::string status(const std::string& members)
{
    return R"({"id":"7","uri":"https://town.example/users/mo/statuses/7",)"
           R"("created_at":"2026-03-02T06:05:00.250Z","account":{"id":"1","acct":"mo"})" +
           (members.empty() ? "" : "," + members) + "}";
}

TEST(MastodonStatusText, IsReadWithAllThatStandsAroundIt)
{
    const auto read = read_one(
        R"({"id":"114","uri":"https://far.example/users/ana/statuses/9",)"
        R"("url":"https://far.example/@ana/9","created_at":"2026-03-02T06:05:00.000Z",)"
        R"("edited_at":"2026-03-02T07:00:00.000Z","visibility":"unlisted","language":"pt-BR",)"
        R"("sensitive":true,"spoiler_text":"Luggage, again","content":)"
        R"("<p>Belt broke :sad: <a href=\"https://acme.example/help\">help</a></p><p>Day 3</p>",)"
        R"("account":{"id":"5","acct":"ana@far.example","display_name":"Ana :star:",)"
        R"("followers_count":345},)"
        R"("media_attachments":[{"type":"image","url":"https://town.example/m/1.png",)"
        R"("description":"A torn strap"},{"type":"image","url":null,)"
        R"("remote_url":"https://far.example/m/2.png","description":null}],)"
        R"("card":{"url":"https://news.example/acme"},)"
        R"("quote":{"state":"accepted","quoted_status":{"url":"https://far.example/@bo/1"}},)"
        R"("replies_count":3,"reblogs_count":2,"favourites_count":0,"quotes_count":1})");

    ASSERT_TRUE(read.post);
    EXPECT_EQ(read.id, "114");
    const Post& post = *read.post;
    EXPECT_EQ(post.key, (PostKey{"mastodon", "https://far.example/users/ana/statuses/9"}));
    EXPECT_EQ(post.native_id, "114");
    EXPECT_EQ(post.source, "town");
    EXPECT_EQ(post.url, "https://far.example/@ana/9");
    EXPECT_EQ(post.author, "ana@far.example");
    EXPECT_EQ(post.author_name, "Ana :star:");
    EXPECT_EQ(post.author_followers, 345u);
    EXPECT_EQ(post.text, "Luggage, again\nBelt broke :sad: help\nDay 3");
    EXPECT_EQ(post.language, "pt-BR");
    EXPECT_EQ(post.links,
              (std::vector<std::string>{"https://acme.example/help", "https://news.example/acme",
                                        "https://far.example/@bo/1"}));
    EXPECT_EQ(post.media, (std::vector<Media>{{"https://town.example/m/1.png", "A torn strap"},
                                              {"https://far.example/m/2.png", ""}}));
    EXPECT_EQ(post.published_at, parse_rfc3339("2026-03-02T06:05:00Z"));
    EXPECT_EQ(post.published_text, "2026-03-02T06:05:00.000Z");
    EXPECT_EQ(post.edited_at, parse_rfc3339("2026-03-02T07:00:00Z"));
    EXPECT_EQ(post.engagement, (Engagement{.likes = 0, .replies = 3, .shares = 3}));
    EXPECT_EQ(post.reply_to, "");
}

TEST(MastodonStatusText, ManagesWithTheLeast)
{
    const auto read = read_one(R"({"id":12,"created_at":"2026-03-02T06:05:00Z"})");

    ASSERT_TRUE(read.post);
    EXPECT_EQ(read.post->key.id, "https://town.example/statuses/12");
    EXPECT_EQ(read.post->url, "https://town.example/statuses/12");
    EXPECT_EQ(read.post->native_id, "12");
    EXPECT_EQ(read.post->engagement, Engagement{});
    EXPECT_FALSE(read.post->edited_at);
}

TEST(MastodonStatusText, NamesLocalAuthorsWithTheirHost)
{
    EXPECT_EQ(read_one(status("")).post->author, "mo@town.example");
}

TEST(MastodonStatusText, OfABoostIsThatOfTheBoosted)
{
    const auto read = read_one(
        R"({"id":"20","uri":"https://town.example/users/bo/statuses/20/activity",)"
        R"("created_at":"2026-03-02T09:00:00Z","content":"","account":{"acct":"bo"},"reblog":)" +
        status(R"("content":"<p>late again</p>")") + "}");

    ASSERT_TRUE(read.post);
    EXPECT_EQ(read.id, "20") << "paging goes by the boost";
    EXPECT_EQ(read.created, parse_rfc3339("2026-03-02T09:00:00Z"));
    EXPECT_EQ(read.post->native_id, "7");
    EXPECT_EQ(read.post->key.id, "https://town.example/users/mo/statuses/7");
    EXPECT_EQ(read.post->text, "late again");
    EXPECT_EQ(read.post->author, "mo@town.example");
    EXPECT_EQ(read.post->published_at, parse_rfc3339("2026-03-02T06:05:00.250Z"));
}

TEST(MastodonStatusText, IsLeftOutWhenItIsNotPublicOrItsAuthorDoesNotWantIt)
{
    MastodonReading strict = reading;
    strict.respect_discoverable = true;
    MastodonReading lax = reading;
    lax.respect_noindex = false;
    const auto by = [](const std::string& members) {
        return R"({"id":"7","uri":"u","created_at":"2026-03-02T06:05:00Z","account":{"acct":"x",)" +
               members + "}}";
    };
    const struct {
        std::string json;
        const MastodonReading& how;
        bool kept;
    } cases[] = {
        {status(R"("visibility":"public")"), reading, true},
        {status(R"("visibility":"private")"), reading, false},
        {status(R"("visibility":"direct")"), reading, false},
        {status(R"("visibility":"local")"), reading, false},
        {by(R"("noindex":true)"), reading, false},
        {by(R"("noindex":true)"), lax, true},
        {by(R"("noindex":null)"), reading, true},
        {by(R"("discoverable":false)"), reading, true},
        {by(R"("discoverable":false)"), strict, false},
        {by(R"("discoverable":null)"), strict, true},
    };
    for (const auto& one : cases) {
        const auto read = read_one(one.json, one.how);
        EXPECT_EQ(read.post.has_value(), one.kept) << one.json;
        EXPECT_FALSE(read.reject) << one.json;
        EXPECT_EQ(read.id, "7") << "paging counts it all the same";
    }
}

TEST(MastodonStatusText, IsRejectedWithASampleWhenItCannotBeRead)
{
    for (const std::string json :
         {R"({"uri":"x","created_at":"2026-03-02T06:05:00Z"})", R"({"id":"7","created_at":"soon"})",
          R"({"id":"7"})", R"("text")", R"(null)", R"({"id":{}})"}) {
        const auto read = read_one(json);
        EXPECT_FALSE(read.post) << json;
        ASSERT_TRUE(read.reject) << json;
        EXPECT_EQ(read.reject->sample, json);
    }
}

TEST(MastodonStatusText, NamesTheParentByItsKeyWhereThatIsKnown)
{
    const auto statuses = parse_mastodon_statuses(
        "[" +
            // By its own author, as the uris of this instance are made.
            status(R"("in_reply_to_id":"5","in_reply_to_account_id":"1")") + "," +
            // The parent is on the page.
            R"({"id":"8","uri":"https://far.example/s/8","created_at":"2026-03-02T06:05:00Z",)"
            R"("in_reply_to_id":"7","in_reply_to_account_id":"1","account":{"id":"2","acct":"a@b"}},)"
            // The parent is unknown: only that there is one.
            R"({"id":"9","uri":"https://far.example/s/9","created_at":"2026-03-02T06:05:00Z",)"
            R"("in_reply_to_id":"3","in_reply_to_account_id":"2","account":{"id":"2","acct":"a@b"}}])",
        reading);

    ASSERT_TRUE(statuses) << statuses.error().message;
    EXPECT_EQ(statuses->at(0).post->reply_to, "https://town.example/users/mo/statuses/5");
    EXPECT_EQ(statuses->at(1).post->reply_to, "https://town.example/users/mo/statuses/7");
    EXPECT_EQ(statuses->at(2).post->reply_to, "https://town.example/statuses/3");
}

TEST(MastodonStatuses, AreAList)
{
    for (const std::string json :
         {"", "{}", R"({"error":"This method requires a token"})", "<html></html>", "[", "null"}) {
        const auto read = parse_mastodon_statuses(json, reading);
        ASSERT_FALSE(read) << json;
        EXPECT_EQ(read.error().kind, ErrorKind::malformed) << json;
    }
    EXPECT_TRUE(parse_mastodon_statuses("[]", reading));
}

TEST(MastodonCounts, AreReadOfOneOrOfMany)
{
    const std::string one =
        R"({"id":"7","uri":"https://a.example/7","favourites_count":4,"replies_count":0})";

    const auto many = parse_mastodon_counts("[" + one + R"(,{"id":"8"},{"uri":"x"},3])", reading);
    const auto single = parse_mastodon_counts(one, reading);

    ASSERT_TRUE(many);
    ASSERT_EQ(many->size(), 2u);
    EXPECT_EQ(many->at(0).key, (PostKey{"mastodon", "https://a.example/7"}));
    EXPECT_EQ(many->at(0).engagement, (Engagement{.likes = 4, .replies = 0}));
    EXPECT_EQ(many->at(1).key.id, "https://town.example/statuses/8");
    EXPECT_EQ(many->at(1).engagement, Engagement{});
    ASSERT_TRUE(single);
    ASSERT_EQ(single->size(), 1u);
    EXPECT_EQ(single->at(0).key, many->at(0).key);
    EXPECT_FALSE(parse_mastodon_counts("3", reading));
    EXPECT_FALSE(parse_mastodon_counts("<html>", reading));
}

TEST(MastodonLink, GivesTheMaxIdOfTheNextPage)
{
    const struct {
        const char* header;
        const char* id;
    } cases[] = {
        {R"(<https://t.example/api?limit=40&max_id=55>; rel="next", <https://t.example/api?min_id=90>; rel="prev")",
         "55"},
        {R"(<https://t.example/api?min_id=90>; rel="prev", <https://t.example/api?max_id=ab-c&limit=4>; rel="next")",
         "ab-c"},
        {R"(<https://t.example/api?max_id=5>; rel=next)", "5"},
        {R"(<https://t.example/api?max_id=5>; rel="prev")", ""},
        {R"(<https://t.example/api?limit=5>; rel="next")", ""},
        {R"(<https://t.example/api?max_id=5)", ""},
        {"", ""},
        {"> <", ""},
    };
    for (const auto& one : cases) {
        EXPECT_EQ(mastodon_next_max_id(one.header), one.id) << one.header;
    }
}

} // namespace
} // namespace empathd::connectors
