#pragma once

#include "analysis/text/normalize.hpp"
#include "daemon/pipeline/story_desk.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace empathd::testing {

inline const TimePoint desk_start = from_unix_ms(1'772'539'200'000);
inline constexpr const char* broken_wheelchair =
    "They broke my mother's wheelchair at the gate and nobody said sorry";

/// A post about Acme as the stages hand it over: a complaint, or praise.
[[nodiscard]] inline AnalysedPost desk_post(const std::string& id, const std::string& text,
                                            TimePoint at, bool complaint = true)
{
    const float likely = complaint ? 0.9F : 0.1F;
    AnalysedPost out;
    out.post.key = {"chatter", id};
    out.post.native_id = id;
    out.post.source = "test";
    out.post.author = "author-of-" + id;
    out.post.text = text;
    out.post.seen_at = out.post.published_at = at;
    out.post.engagement = {.likes = 0, .replies = 0, .shares = 0, .views = 0};
    BrandHit hit;
    hit.brand = "Acme";
    hit.experience.language = "en";
    hit.experience.of(Facet::experience) = {
        .label = complaint ? "complaint" : "praise",
        .probability = 0.9F,
        .probabilities = {{"complaint", likely}, {"praise", 1 - likely}},
        .evidence = {}};
    out.hits.push_back(hit);
    out.signature = analysis::minhash(analysis::folded(text, analysis::Fold::stripped));
    return out;
}

[[nodiscard]] inline Observation desk_counts(const std::string& id, std::uint64_t likes,
                                             TimePoint at)
{
    return {.key = {"chatter", id},
            .at = at,
            .engagement = {.likes = likes, .replies = 0, .shares = 0, .views = likes * 50}};
}

[[nodiscard]] inline DeskInput desk_page(TimePoint at)
{
    DeskInput input;
    input.at = at;
    return input;
}

/// What a store would give back after these pages.
class DeskRecord {
public:
    void add(const DeskInput& input, const DeskOutput& output)
    {
        for (const MentionRecord& mention : output.mentions) {
            StoredMention row;
            row.post = input.posts[mention.post].post;
            row.brand = mention.brand;
            row.experience = mention.experience;
            row.incident = mention.incident;
            row.copy = mention.copy;
            state_.observations.push_back(
                {.key = row.post.key, .at = row.post.seen_at, .engagement = row.post.engagement});
            state_.mentions.push_back(row);
        }
        state_.observations.insert(state_.observations.end(), input.observations.begin(),
                                   input.observations.end());
        add(output);
    }
    void add(const DeskOutput& output)
    {
        for (const Incident& incident : output.incidents) {
            incidents_[incident.id] = incident;
        }
        for (const StateRecord& record : output.states) {
            states_[record.name] = record.bytes;
        }
        for (const Alert& alert : output.alerts) {
            state_.alerts_of_day.push_back({.record = {.alert = alert}});
        }
    }
    [[nodiscard]] TrackedState state() const
    {
        TrackedState out = state_;
        for (const auto& [id, incident] : incidents_) {
            out.incidents.push_back(incident);
        }
        for (const auto& [name, bytes] : states_) {
            if (!bytes.empty()) {
                out.states.push_back({name, bytes});
            }
        }
        return out;
    }

private:
    TrackedState state_;
    std::map<std::string, Incident> incidents_;
    std::map<std::string, std::string> states_;
};

} // namespace empathd::testing
