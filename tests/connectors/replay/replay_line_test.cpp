#include "connectors/replay/replay.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

const SourceIdentity identity{.name = "demo", .audience = Audience::employee};

TEST(ReplayLine, IsAPostWithAllItsFields)
{
    const auto line = parse_replay_line(
        R"({"type":"post","at":"2026-03-02T06:05:00+01:00","network":"chatter","id":"c-1",)"
        R"("author":"x","author_name":"X Y","followers":12,"lang":"en","title":"A  title",)"
        R"("text":" two\r\nlines ","url":"https://c.example/1","reply_to":"c-0","thread":"c-9",)"
        R"("link":"https://a.example","links":["https://b.example","https://a.example","x:y"],)"
        R"("media":[{"url":"https://m.example/1.png","description":"a belt"}],)"
        R"("likes":0,"replies":1,"shares":2,"views":3,"score":-4})",
        identity);

    ASSERT_TRUE(line) << line.error().message;
    EXPECT_EQ(line->at, parse_rfc3339("2026-03-02T05:05:00Z"));
    const auto& post = std::get<Post>(line->what);
    EXPECT_EQ(post.key, (PostKey{"chatter", "c-1"}));
    EXPECT_EQ(post.native_id, "c-1");
    EXPECT_EQ(post.source, "demo");
    EXPECT_EQ(post.audience, Audience::employee);
    EXPECT_EQ(post.author, "x");
    EXPECT_EQ(post.author_name, "X Y");
    EXPECT_EQ(post.author_followers, 12u);
    EXPECT_EQ(post.language, "en");
    EXPECT_EQ(post.title, "A title");
    EXPECT_EQ(post.text, "two\nlines");
    EXPECT_EQ(post.url, "https://c.example/1");
    EXPECT_EQ(post.reply_to, "c-0");
    EXPECT_EQ(post.thread, "c-9");
    EXPECT_EQ(post.links, (std::vector<std::string>{"https://a.example", "https://b.example"}));
    EXPECT_EQ(post.media, (std::vector<Media>{{"https://m.example/1.png", "a belt"}}));
    EXPECT_EQ(post.engagement, (Engagement{0, 1, 2, 3, -4}));
    EXPECT_EQ(post.published_text, "2026-03-02T06:05:00+01:00");
}

TEST(ReplayLine, NeedsLittle)
{
    const auto line = parse_replay_line(R"({"id":7,"text":"e\u0301","thread":7})", identity);

    ASSERT_TRUE(line) << line.error().message;
    EXPECT_FALSE(line->at);
    const auto& post = std::get<Post>(line->what);
    EXPECT_EQ(post.key, (PostKey{"replay", "7"}));
    EXPECT_EQ(post.text, "\xc3\xa9") << "composed";
    EXPECT_EQ(post.engagement, Engagement{}) << "absent is not zero";
    EXPECT_EQ(post.thread, "") << "its own thread";
}

TEST(ReplayLine, TakesItsTimeFromTheFirstOfThreeNames)
{
    const auto seconds = [](const char* json) {
        const auto line = parse_replay_line(json, identity);
        return line && line->at ? to_unix_ms(*line->at) / 1000 : -1;
    };
    EXPECT_EQ(seconds(R"({"id":"1","text":"x","created_at":1700000000})"), 1'700'000'000);
    EXPECT_EQ(seconds(R"({"id":"1","text":"x","published_at":"2023-11-14T22:13:20Z"})"),
              1'700'000'000);
    EXPECT_EQ(seconds(R"({"id":"1","text":"x","at":"1700000001","created_at":1700000000})"),
              1'700'000'001);
    EXPECT_EQ(seconds(R"({"id":"1","text":"x","at":null,"created_at":1700000000})"), 1'700'000'000);
}

TEST(ReplayLine, IsCountsOrADeletion)
{
    const auto counts =
        parse_replay_line(R"({"type":"engagement","network":"n","id":"1","likes":3})", identity);
    ASSERT_TRUE(counts);
    const auto& observation = std::get<Observation>(counts->what);
    EXPECT_EQ(observation.key, (PostKey{"n", "1"}));
    EXPECT_EQ(observation.engagement, Engagement{.likes = 3});

    const auto deletion =
        parse_replay_line(R"({"type":"deletion","network":"n","id":"1"})", identity);
    ASSERT_TRUE(deletion);
    EXPECT_EQ(std::get<PostKey>(deletion->what), (PostKey{"n", "1"}));
}

TEST(ReplayLine, RefusesWhatItCannotUse)
{
    for (const std::string line :
         {R"(not json)", R"(["id"])", R"({"text":"no id"})", R"({"id":"","text":"x"})",
          R"({"id":1.5,"text":"x"})", R"({"id":"1"})", R"({"id":"1","text":"  "})",
          R"({"id":"1","text":"x","at":"yesterday"})", R"({"id":"1","text":"x","at":true})",
          R"({"id":"1","text":"x","type":"like"})", R"({"id":"1","text":"x","type":3})",
          R"({"id":"1","text":"x"} trailing)"}) {
        const auto read = parse_replay_line(line, identity);
        ASSERT_FALSE(read) << line;
        EXPECT_EQ(read.error().kind, ErrorKind::malformed) << line;
    }
    EXPECT_FALSE(
        parse_replay_line("{\"text\":\"x\",\"id\":\"" + std::string(3000, 'x') + "\"}", identity));
}

TEST(ReplayLine, CutsALongTextAtACharacter)
{
    std::string text;
    while (text.size() <= post_text_bytes_max) {
        text += "\xe1\xbb\x9f "; // ở
    }

    const auto line = parse_replay_line(R"({"id":"1","text":")" + text + "\"}", identity);

    ASSERT_TRUE(line);
    const auto& post = std::get<Post>(line->what);
    EXPECT_TRUE(post.truncated);
    EXPECT_LE(post.text.size(), post_text_bytes_max);
    EXPECT_GT(post.text.size(), post_text_bytes_max - 4);
}

} // namespace
} // namespace empathd::connectors
