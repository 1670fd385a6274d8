// Answers recorded from the real service, where the folder beside the project is there. They are
// not part of the project.
#include "connectors/fields.hpp"
#include "connectors/hackernews/hackernews.hpp"
#include "tests/connectors/recorded.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

TEST(RecordedHackernews, EveryHitIsRead)
{
    const auto bodies = testing::recorded_json("hackernews");
    if (bodies.empty()) {
        GTEST_SKIP() << "no recorded answers beside the project";
    }
    std::size_t hits = 0;
    const auto look_at = [&hits](const Json& value) {
        if (items_at(value, "hits").empty()) {
            return;
        }
        const auto read = parse_hackernews_hits(to_text(value), SourceIdentity{.name = "recorded"});
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_TRUE(read->total);
        for (const HackernewsHit& hit : read->hits) {
            ++hits;
            ASSERT_FALSE(hit.reject) << hit.reject->reason << ": " << hit.reject->sample;
            ASSERT_TRUE(hit.post);
            EXPECT_FALSE(hit.post->author.empty()) << hit.id;
            EXPECT_EQ(hit.post->text.find("<p>"), std::string::npos) << hit.id;
            EXPECT_EQ(hit.post->text.find("&#x"), std::string::npos) << hit.id;
            EXPECT_EQ(hit.post->title.find("&amp;"), std::string::npos) << hit.id;
        }
    };
    for (const auto& body : bodies) {
        testing::for_each_object(body.json, look_at);
    }
    EXPECT_GT(hits, 5u) << "the recordings were not found in their files";
}

} // namespace
} // namespace empathd::connectors
