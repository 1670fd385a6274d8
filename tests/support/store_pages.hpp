#pragma once

#include "daemon/store/store.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace empathd::testing {

/// Ready-made input for stores: posts about one brand, pages, alerts. Tests change what they are
/// about.

/// 2026-03-02 10:00 UTC plus minutes.
[[nodiscard]] inline TimePoint at_minute(int minute)
{
    return from_unix_ms(1'772'445'600'000) + std::chrono::minutes{minute};
}

[[nodiscard]] inline Post a_post(const std::string& id, const std::string& text, int minute = 0)
{
    return {.key = {"forum", id},
            .native_id = id,
            .source = "acme-forum",
            .url = "https://forum.acme.test/p/" + id,
            .author = "ana",
            .text = text,
            .published_at = at_minute(minute) - std::chrono::seconds{30},
            .published_text = "half a minute before",
            .seen_at = at_minute(minute)};
}

[[nodiscard]] inline MentionRecord a_mention(std::size_t post, const std::string& brand = "Acme")
{
    MentionRecord mention{.post = post, .brand = brand, .spans = {{0, 4}}, .terms = {"acme"}};
    mention.experience.language = "en";
    mention.experience.language_probability = 0.97F;
    mention.experience.of(Facet::sentiment) = {.label = "negative", .probability = 0.8F};
    mention.experience.of(Facet::experience) = {.label = "complaint", .probability = 0.9F};
    mention.experience.model = "model-1";
    return mention;
}

[[nodiscard]] inline PageCommit a_page(const std::string& cursor, int minute = 0)
{
    return {.source = "acme-forum", .cursor = cursor, .at = at_minute(minute)};
}

/// Adds a post and its mention.
inline MentionRecord& add(PageCommit& page, Post post, const std::string& brand = "Acme")
{
    page.posts.push_back(std::move(post));
    page.mentions.push_back(a_mention(page.posts.size() - 1, brand));
    return page.mentions.back();
}

[[nodiscard]] inline Incident an_incident(const std::string& id, double score = 50)
{
    return {.id = id,
            .brand = "Acme",
            .score = score,
            .title = "It broke",
            .lead = {"forum", "1"},
            .first_at = at_minute(0),
            .last_at = at_minute(5),
            .mentions = 1,
            .networks = {"forum"},
            .languages = {"en"}};
}

[[nodiscard]] inline AlertRecord an_alert(const std::string& key, int minute = 0)
{
    return {.alert = {.key = key,
                      .reason = AlertReason::spreading,
                      .raised_at = at_minute(minute),
                      .incident = an_incident("incident-of-" + key),
                      .network = "forum",
                      .summary = "Acme: it broke",
                      .score_parts = {{"pace", 30.5}, {"voices", 19.5}}},
            .body = R"({"key":")" + key + R"("})"};
}

} // namespace empathd::testing
