#pragma once

#include "analysis/text/normalize.hpp"
#include "daemon/pipeline/stages.hpp"
#include "daemon/pipeline/story_desk.hpp"
#include "daemon/store/store.hpp"
#include "tests/support/store_pages.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace empathd::testing {

/// A week in which two brands are complained about, in posts and counts that come one by one.
struct ScriptedWeek {
    struct Event {
        TimePoint at{};
        std::variant<AnalysedPost, Observation> what;
    };
    TimePoint begin = at_minute(3);
    TimePoint end = begin + std::chrono::hours{7 * 24};
    std::vector<Event> events; ///< In the order of time, no two at the same.
};

[[nodiscard]] inline BrandHit a_hit(const std::string& brand, float complaint)
{
    BrandHit hit;
    hit.brand = brand;
    hit.spans = {{0, 4}};
    hit.terms = {"acme"};
    hit.experience.language = "en";
    hit.experience.language_probability = 0.97F;
    hit.experience.model = "model-1";
    hit.experience.of(Facet::experience) = {
        .label = complaint >= 0.5F ? "complaint" : "praise",
        .probability = std::max(complaint, 1 - complaint),
        .probabilities = {{"complaint", complaint}, {"praise", 1 - complaint}},
        .evidence = {}};
    hit.experience.of(Facet::witness) = {
        .label = "first_hand",
        .probability = 0.7F,
        .probabilities = {{"first_hand", 0.7F}, {"second_hand", 0.1F}, {"none", 0.2F}},
        .evidence = {}};
    hit.experience.of(Facet::need) = {.label = "refund",
                                      .probability = 0.8F,
                                      .probabilities = {{"refund", 0.8F}, {"none", 0.2F}},
                                      .evidence = {}};
    return hit;
}

/// Whoever writes as "acme_care" speaks for Acme.
[[nodiscard]] inline std::vector<Watch> scripted_watches()
{
    Watch acme{.brand = "Acme", .terms = {{.text = "acme"}}};
    acme.official_accounts = {{.network = "", .handle = "acme_care"}};
    return {acme, Watch{.brand = "Boreal", .terms = {{.text = "boreal"}}}};
}

[[nodiscard]] inline AnalysedPost an_analysed(const std::string& id, const std::string& text,
                                              TimePoint at, std::vector<BrandHit> hits)
{
    AnalysedPost out;
    out.post = a_post(id, text);
    out.post.author = "author-" + id;
    out.post.seen_at = out.post.published_at = at;
    out.post.engagement = {.likes = 1, .replies = 0, .shares = 0, .views = 40};
    out.hits = std::move(hits);
    out.signature = analysis::minhash(analysis::folded(text, analysis::Fold::stripped));
    return out;
}

/// One story: its posts, and counts that rise to `likes` within about a day.
inline void add_story(ScriptedWeek& week, int number, std::mt19937& random)
{
    static const std::vector<std::string> words{
        "suitcase", "lawyer",   "wheelchair", "coffee", "invoice", "battery",  "gate",  "refund",
        "fire",     "hospital", "driver",     "parcel", "window",  "password", "queue", "ticket"};
    const auto pick = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const std::chrono::milliseconds week_long = week.end - week.begin;
    const TimePoint first =
        week.begin + std::chrono::milliseconds{static_cast<std::int64_t>(
                         random() % static_cast<std::uint64_t>(week_long.count()))};
    const std::string brand = number % 3 == 0 ? "Boreal" : "Acme";
    std::string text = brand + ":";
    for (int i = 0; i < 12; ++i) {
        text += ' ' + words[pick(words.size())] + std::to_string(number);
    }
    const double likes = number % 4 == 0 ? 9'000 : 90.0 * number;
    const std::size_t posts = 1 + pick(5);
    for (std::size_t i = 0; i < posts; ++i) {
        const std::string id = std::to_string(number) + '-' + std::to_string(i);
        TimePoint at = first + std::chrono::milliseconds{pick(5'000'000) * i};
        const bool chat = i == 3;
        std::vector<BrandHit> hits{a_hit(brand, chat ? 0.21236F : 0.87654F)};
        if (number % 6 == 0 && i == 1) { // One post about both.
            hits.insert(hits.begin(), a_hit("Acme", 0.61238F));
        }
        AnalysedPost post = an_analysed(id, i == 2 ? text : text + " (" + id + ")", at, hits);
        if (i > 0) {
            post.post.thread = post.post.reply_to = std::to_string(number) + "-0";
        }
        if (i == 4 && brand == "Acme") {
            post.post.author = "acme_care";
            post.hits[0].official = true;
        }
        week.events.push_back({at, post});
        double seen = 1;
        for (int look = 0; look < 8; ++look) {
            at += std::chrono::milliseconds{600'000 + pick(9'000'000)};
            seen += (likes - seen) / 2;
            Engagement counts{.likes = static_cast<std::uint64_t>(seen),
                              .replies = look,
                              .shares = look / 2,
                              .views = 50 * static_cast<std::uint64_t>(seen)};
            week.events.push_back(
                {at, Observation{.key = post.post.key, .at = at, .engagement = counts}});
        }
    }
}

[[nodiscard]] inline ScriptedWeek a_scripted_week(std::uint32_t seed, int stories = 40,
                                                  int days = 7)
{
    ScriptedWeek week;
    week.end = week.begin + std::chrono::hours{24 * days};
    std::mt19937 random(seed);
    for (int number = 0; number < stories; ++number) {
        add_story(week, number, random);
    }
    std::stable_sort(week.events.begin(), week.events.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    std::erase_if(week.events, [&week](const auto& event) { return event.at > week.end; });
    for (std::size_t i = 1; i < week.events.size(); ++i) { // No two at the same time.
        ScriptedWeek::Event& event = week.events[i];
        event.at = std::max(event.at, week.events[i - 1].at + std::chrono::milliseconds{1});
        if (auto* post = std::get_if<AnalysedPost>(&event.what)) {
            post->post.seen_at = event.at;
        } else {
            std::get<Observation>(event.what).at = event.at;
        }
    }
    return week;
}

/// The week in pages of a length each; also those in which nothing happens.
[[nodiscard]] inline std::vector<DeskInput> cut(const ScriptedWeek& week,
                                                std::chrono::milliseconds length)
{
    std::vector<DeskInput> pages;
    auto event = week.events.begin();
    for (TimePoint at = week.begin + length; at < week.end + length; at += length) {
        DeskInput page;
        page.at = std::min(at, week.end);
        for (; event != week.events.end() && event->at <= page.at; ++event) {
            if (const auto* post = std::get_if<AnalysedPost>(&event->what)) {
                page.posts.push_back(*post);
            } else {
                page.observations.push_back(std::get<Observation>(event->what));
            }
        }
        pages.push_back(std::move(page));
    }
    return pages;
}

/// What the pipeline would commit of a page and what the desk made of it.
[[nodiscard]] inline PageCommit commit_of(const DeskInput& page, const DeskOutput& out)
{
    PageCommit commit;
    commit.source = "acme-forum";
    commit.at = page.at;
    for (const AnalysedPost& analysed : page.posts) {
        const Post& post = analysed.post;
        commit.posts.push_back(post);
        commit.observations.push_back(
            {.key = post.key, .at = post.seen_at, .engagement = post.engagement});
    }
    commit.observations.insert(commit.observations.end(), page.observations.begin(),
                               page.observations.end());
    commit.mentions = out.mentions;
    commit.incidents = out.incidents;
    return commit;
}

} // namespace empathd::testing
