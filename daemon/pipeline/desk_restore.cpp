#include "daemon/pipeline/story_desk.hpp"

#include "analysis/text/normalize.hpp"
#include "daemon/pipeline/desk_facts.hpp"
#include "daemon/pipeline/life_bytes.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace empathd {
namespace {

constexpr std::string_view life_prefix = "life:";

/// What fed the pace: a member that came, or counts that were seen.
struct Fed {
    TimePoint at{};
    const Post* post = nullptr; ///< With the counts of its first sight.
    std::string incident;
    const Observation* observation = nullptr;
};

} // namespace

Result<> StoryDesk::restore_states(const TrackedState& state)
{
    for (const StateRecord& record : state.states) {
        if (record.name == "spread") {
            if (const Result<> loaded = spread_.load(record.bytes); !loaded) {
                return Error{ErrorKind::storage,
                             "what was learned of spreading is damaged: " + loaded.error().message};
            }
        } else if (record.name == "silences") {
            auto silences = silences_from(record.bytes);
            if (!silences) {
                return silences.error();
            }
            lives_.restore(std::move(*silences));
        } else if (record.name == "corrections") {
            const auto corrections = corrections_from(record.bytes);
            if (!corrections) {
                return corrections.error();
            }
            tracker_.restore(*corrections);
        } else if (record.name == "notices" || record.name.starts_with("volume")) {
            const Result<> loaded = record.name == "notices"  ? notices_.load(record.bytes)
                                    : record.name == "volume" ? volumes_.load(record.bytes)
                                                              : volumes_.load_hour(record.bytes);
            if (!loaded) {
                return loaded;
            }
        } else if (record.name.starts_with(life_prefix)) {
            auto life = life_from(record.bytes);
            if (!life) {
                return life.error();
            }
            lives_.restore(record.name.substr(life_prefix.size()), std::move(*life));
        }
    }
    spread_.set_threshold({analysis::story_platform}, options_.threshold);
    return {};
}

void StoryDesk::restore_members(const TrackedState& state, const analysis::Officials& officials)
{
    std::map<PostKey, const Observation*> first_sight;
    std::vector<Fed> fed;
    for (const Observation& observation : state.observations) {
        if (!first_sight.emplace(observation.key, &observation).second) {
            fed.push_back({.at = observation.at, .observation = &observation});
        }
    }
    std::deque<Post> posts; // Stay where they are.
    for (const StoredMention& mention : state.mentions) {
        Post& post = posts.emplace_back(mention.post);
        const auto first = first_sight.find(post.key);
        if (first != first_sight.end()) {
            post.engagement = first->second->engagement;
        }
        const bool official = officials.speaks_for(mention.brand, post.key.network, post.author);
        if (!official) {
            const std::string words = analysis::folded(post.text, analysis::Fold::stripped);
            tracker_.restore(story_post(post, mention.brand, mention.experience, mention.spans,
                                        analysis::minhash(words)),
                             mention.incident, mention.copy, post.seen_at);
            learn_facts(mention.incident, post, mention.experience);
            if (carries(mention.experience, mention.copy)) {
                fed.push_back({.at = post.seen_at, .post = &post, .incident = mention.incident});
            }
        }
        hear(post, mention.brand, mention.experience, mention.incident, official, post.seen_at);
    }
    std::stable_sort(fed.begin(), fed.end(),
                     [](const Fed& a, const Fed& b) { return a.at < b.at; });
    for (const Fed& event : fed) {
        if (event.post != nullptr) {
            const Incident* incident = tracker_.find(event.incident);
            if (incident != nullptr) { // A corrected story has another id than the stored one.
                spread_.arrive(incident->id, *event.post, event.at);
            }
        } else {
            const Observation& seen = *event.observation;
            spread_.observe(tracker_.observe(seen.key, seen.engagement, seen.at), seen.key,
                            seen.engagement, seen.at);
        }
    }
}

Result<> StoryDesk::restore(const TrackedState& state, const analysis::Officials& officials)
{
    if (Result<> read = restore_states(state); !read) {
        return read;
    }
    for (const Incident& incident : state.incidents) {
        if (is_notice(incident.id)) {
            notices_.restore(incident);
            continue;
        }
        tracker_.restore(incident);
        spread_.restore_peak(incident.id, incident.outlook.peak_per_hour);
        open_.insert(incident.id);
    }
    restore_members(state, officials);
    for (const StoredAlert& alert : state.alerts_of_day) {
        const Alert& told = alert.record.alert;
        if (told.incident.state != IncidentState::resolved && !is_notice(told.incident.id) &&
            told.incident.severity != Severity::critical) {
            told_.push_back(told.raised_at);
        }
    }
    std::sort(told_.begin(), told_.end());
    return {};
}

} // namespace empathd
