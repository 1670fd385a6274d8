// Answers recorded from real servers, where the folder beside the project is there. They are not
// part of the project.
#include "connectors/mastodon/mastodon.hpp"

#include "connectors/fields.hpp"
#include "connectors/transport/json.hpp"
#include "tests/connectors/recorded.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

const MastodonReading reading{.base_url = "https://recorded.example",
                              .identity = {.name = "recorded"},
                              .respect_noindex = false};

/// A whole status. The last one of a direct conversation is shown shortened, without its
/// visibility: no timeline does so.
bool is_status(const Json& value)
{
    return !id_at(value, "id").empty() && member(value, "created_at") != nullptr &&
           member(value, "content") != nullptr && object_at(value, "account") != nullptr &&
           member(value, "visibility") != nullptr && member(value, "favourites_count") != nullptr;
}

bool is_public(const Json& status)
{
    const Json* boosted = object_at(status, "reblog");
    const std::string_view visibility =
        text_at(boosted != nullptr ? *boosted : status, "visibility");
    return visibility == "public" || visibility == "unlisted";
}

TEST(RecordedMastodon, EveryPublicStatusIsReadAndEveryOtherIsLeftOut)
{
    const auto bodies = testing::recorded_json("mastodon");
    if (bodies.empty()) {
        GTEST_SKIP() << "no recorded answers beside the project";
    }
    std::size_t statuses = 0;
    std::size_t posts = 0;
    const auto look_at = [&](const Json& value) {
        if (!is_status(value)) {
            return;
        }
        ++statuses;
        const std::string text = to_text(value);
        const auto read = parse_mastodon_statuses("[" + text + "]", reading);
        ASSERT_TRUE(read) << text;
        ASSERT_EQ(read->size(), 1u);
        const MastodonStatus& status = read->front();
        EXPECT_FALSE(status.reject) << status.reject->reason << ": " << text;
        EXPECT_EQ(status.post.has_value(), is_public(value)) << text;
        if (!status.post) {
            return;
        }
        ++posts;
        EXPECT_FALSE(status.post->key.id.empty()) << text;
        EXPECT_FALSE(status.post->author.empty()) << text;
        EXPECT_EQ(status.post->text.find('<' + std::string("p>")), std::string::npos) << text;
        EXPECT_EQ(status.post->text.find("&amp;"), std::string::npos) << text;
        EXPECT_TRUE(status.post->engagement.likes) << text;
        const auto counts = parse_mastodon_counts(text, reading);
        ASSERT_TRUE(counts);
        EXPECT_EQ(counts->size(), 1u);
    };
    for (const auto& body : bodies) {
        testing::for_each_object(body.json, look_at);
    }
    EXPECT_GT(statuses, 100u) << "the recordings were not found in their files";
    EXPECT_GT(posts, 50u);
    RecordProperty("statuses", static_cast<int>(statuses));
    RecordProperty("posts", static_cast<int>(posts));
}

} // namespace
} // namespace empathd::connectors
