#include "connectors/hackernews/hackernews.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

const SourceIdentity identity{.name = "hn", .audience = Audience::customer};

HackernewsHit read_one(const std::string& hit)
{
    const auto read = parse_hackernews_hits(R"({"hits":[)" + hit + "]}", identity);
    EXPECT_TRUE(read) << read.error().message;
    return read && read->hits.size() == 1 ? read->hits.front() : HackernewsHit();
}

TEST(HackernewsHits, HoldStories)
{
    const auto hit = read_one(
        R"({"objectID":"41","created_at_i":1772431200,"author":"pg","title":"Acme &amp; us",)"
        R"("url":"https://acme.example/a?b=1&c=2","points":7,"num_comments":0,)"
        R"("story_text":"Broken since <i>May</i>.<p>It&#x27;s &quot;fixed&quot;","story_id":41})");

    ASSERT_TRUE(hit.post);
    EXPECT_EQ(hit.id, "41");
    EXPECT_EQ(hit.created_s, 1'772'431'200);
    EXPECT_EQ(hit.post->key, (PostKey{"hackernews", "41"}));
    EXPECT_EQ(hit.post->native_id, "41");
    EXPECT_EQ(hit.post->source, "hn");
    EXPECT_EQ(hit.post->author, "pg");
    EXPECT_EQ(hit.post->title, "Acme & us");
    EXPECT_EQ(hit.post->text, "Broken since May.\nIt's \"fixed\"");
    EXPECT_EQ(hit.post->url, "https://news.ycombinator.com/item?id=41");
    EXPECT_EQ(hit.post->links, (std::vector<std::string>{"https://acme.example/a?b=1&c=2"}));
    EXPECT_EQ(hit.post->engagement, (Engagement{.replies = 0, .score = 7}));
    EXPECT_EQ(hit.post->reply_to, "");
    EXPECT_EQ(hit.post->thread, "");
    EXPECT_EQ(hit.post->published_at, parse_rfc3339("2026-03-02T06:00:00Z"));
    EXPECT_EQ(hit.post->published_text, "1772431200");
}

TEST(HackernewsHits, HoldComments)
{
    const auto hit =
        read_one(R"({"objectID":"42","created_at_i":1772431201,"author":"x","points":null,)"
                 R"("comment_text":"see <a href=\"https:&#x2F;&#x2F;a.example&#x2F;1\">that</a>",)"
                 R"("parent_id":41,"story_id":40,"story_title":"Acme","title":null,)"
                 R"("story_url":"https://acme.example","num_comments":null})");

    ASSERT_TRUE(hit.post);
    EXPECT_EQ(hit.post->title, "");
    EXPECT_EQ(hit.post->text, "see that");
    EXPECT_EQ(hit.post->links, (std::vector<std::string>{"https://a.example/1"}));
    EXPECT_EQ(hit.post->reply_to, "41");
    EXPECT_EQ(hit.post->thread, "40");
    EXPECT_EQ(hit.post->engagement, Engagement{}) << "null is not zero";
}

TEST(HackernewsHits, TellWhatTheSearchSaysOfItself)
{
    const auto read =
        parse_hackernews_hits(R"({"hits":[],"nbHits":1298627,"hitsPerPage":20})", identity);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->total, 1'298'627u);
    EXPECT_EQ(read->page_size, 20u);

    const auto silent = parse_hackernews_hits(R"({"hits":[]})", identity);
    ASSERT_TRUE(silent);
    EXPECT_FALSE(silent->total);
    EXPECT_EQ(silent->page_size, 0u);
}

TEST(HackernewsHits, RejectWhatCannotBeRead)
{
    for (const std::string json :
         {R"({"created_at_i":1,"title":"x"})", R"({"objectID":"","created_at_i":1,"title":"x"})",
          R"({"objectID":"4x","created_at_i":1,"title":"x"})", R"({"objectID":"4","title":"x"})",
          R"({"objectID":"4","created_at_i":-5,"title":"x"})",
          R"({"objectID":"4","created_at_i":1e30,"title":"x"})",
          R"({"objectID":"4","created_at_i":1})", R"("text")", "null"}) {
        const auto hit = read_one(json);
        EXPECT_FALSE(hit.post) << json;
        EXPECT_TRUE(hit.reject) << json;
        EXPECT_FALSE(hit.id.empty()) << json << " must be known again";
    }
    for (const std::string json : {"", "[]", "{}", R"({"hits":{}})", "<html>"}) {
        const auto read = parse_hackernews_hits(json, identity);
        ASSERT_FALSE(read) << json;
        EXPECT_EQ(read.error().kind, ErrorKind::malformed) << json;
    }
}

TEST(HackernewsItem, GivesItsCounts)
{
    const auto story = parse_hackernews_item(
        R"({"id":41,"type":"story","score":-2,"descendants":0,"kids":[1,2]})");
    ASSERT_TRUE(story && *story);
    EXPECT_EQ((**story).key, (PostKey{"hackernews", "41"}));
    EXPECT_EQ((**story).engagement, (Engagement{.replies = 0, .score = -2}));

    const auto comment = parse_hackernews_item(R"({"id":42,"type":"comment","kids":[1,2,3]})");
    ASSERT_TRUE(comment && *comment);
    EXPECT_EQ((**comment).engagement, (Engagement{.replies = 3}));

    const auto quiet = parse_hackernews_item(R"({"id":43,"type":"comment"})");
    ASSERT_TRUE(quiet && *quiet);
    EXPECT_EQ((**quiet).engagement, (Engagement{.replies = 0}));
}

TEST(HackernewsItem, IsNothingWhenItIsGone)
{
    for (const std::string json :
         {"null", R"({"id":41,"deleted":true})", R"({"id":41,"dead":true,"score":1})"}) {
        const auto read = parse_hackernews_item(json);
        ASSERT_TRUE(read) << json;
        EXPECT_FALSE(*read) << json;
    }
    for (const std::string json : {"", "[]", "{}", R"({"id":"x"})", "3"}) {
        EXPECT_FALSE(parse_hackernews_item(json)) << json;
    }
}

} // namespace
} // namespace empathd::connectors
