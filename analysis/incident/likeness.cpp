#include "analysis/incident/likeness.hpp"

#include "analysis/model/experience.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace empathd::analysis {
namespace {

// All constants below were fitted together on a development week; see README.md.

/// What is usual anywhere counts like so many stories of the brand.
constexpr float prior_stories = 30;

/// What a shared feature adds for each unit of its rarity: always, and in the share of the story's
/// accounts that say it too.
struct Worth {
    float always = 0;
    float by_share = 0;
    float most = 0; ///< Bound of the part.
};
constexpr Worth names_worth{0.5F, 0, 7};
constexpr Worth codes_worth{0.6F, 0, 7};
constexpr Worth numbers_worth{0.2F, 0, 7};
constexpr Worth words_worth{0.06F, 0.7F, 6};
constexpr Worth topics_worth{0, 0.95F, 5};

/// What each topic takes away that the post has and the story has not, and of all at most.
constexpr float other_topic = -0.3F;
constexpr float other_topics = -1.2F;

/// Words that more posts than this have, and pairs of them, tell no event by themselves, however
/// many are shared. They only speak when several tell a story right now.
constexpr float specific_share = 0.002F;
constexpr float burst_nearness = 0.5F; ///< Nearness of two accounts just now.

/// One account that says a thing is enough for so many; of more it takes more.
constexpr float few_accounts = 10;

constexpr float reason_worth = 0.2F;
constexpr float need_worth = 0.5F;
/// How often a story's complaint has the commonest labels anyhow.
constexpr float usual_label = 0.35F;

constexpr float other_place = -2.5F;
constexpr float other_code = -10.0F;

/// An account of so long ago is worth a third of one of now.
constexpr float near_hours = 3;
/// A story that nobody told lately is as near as this many accounts of now.
constexpr float far_accounts = 0.05F;
/// The latest accounts that are looked at.
constexpr std::size_t near_accounts_max = 32;
/// The most that being near adds: many tell a great story at any time, so that tells no more.
constexpr float near_most = 0.9F;

/// What any post has in common with a story of so many accounts by chance grows with it.
constexpr float chance_accounts = 20;
constexpr float chance_worth = 2.5F;
/// What is no complaint about the same thing must at least say something of it.
constexpr float others_in_common = 1;

/// How rare a feature that the story has is among the brand's other stories: minus the logarithm of
/// their share that has it.
float rarity(const Told& told, std::size_t stories)
{
    const float others = static_cast<float>(told.stories) - 1;
    const float all = static_cast<float>(stories) - 1;
    return -std::log((others + prior_stories * told.feature->share) / (all + prior_stories));
}

/// How the story uses each of a post's features, in their order; null where it does not.
std::vector<const FeatureUse*> uses_of(const Story& story, const std::vector<Told>& told)
{
    std::vector<const FeatureUse*> out(told.size());
    auto at = story.uses.begin();
    for (std::size_t i = 0; i < told.size() && at != story.uses.end(); ++i) {
        const std::uint64_t hash = told[i].feature->hash;
        at = std::lower_bound(at, story.uses.end(), hash,
                              [](const FeatureUse& use, std::uint64_t h) { return use.hash < h; });
        out[i] = at != story.uses.end() && at->hash == hash ? &*at : nullptr;
    }
    return out;
}

/// How far a shared feature counts by itself: what only one of many accounts says is chance, since
/// a story of many has some word in common with any post. 0 to 1.
float told_enough(const FeatureUse& use, const Story& story)
{
    const float enough = 1 + static_cast<float>(story.accounts) / few_accounts;
    return std::min(1.0F, static_cast<float>(use.accounts) / enough);
}

/// The part a shared feature belongs to, and its worth.
std::pair<float Likeness::*, Worth> part_of(const Feature& feature, const FeatureUse& use)
{
    switch (feature.kind) {
    case FeatureKind::code: return {&Likeness::numbers, codes_worth};
    case FeatureKind::number: return {&Likeness::numbers, numbers_worth};
    case FeatureKind::topic: return {&Likeness::topics, topics_worth};
    case FeatureKind::word:
    case FeatureKind::pair: break;
    }
    return feature.name || use.name ? std::pair{&Likeness::names, names_worth}
                                    : std::pair{&Likeness::words, words_worth};
}

/// Places and codes that only the one has, where both have some.
float conflict(const Story& story, const std::vector<Told>& told,
               const std::vector<const FeatureUse*>& uses)
{
    bool own_place = false;
    bool shared_place = false;
    bool other_flight = false;
    for (std::size_t i = 0; i < told.size(); ++i) {
        const Feature& feature = *told[i].feature;
        const FeatureUse* use = uses[i];
        own_place = own_place || feature.place;
        shared_place = shared_place || (use != nullptr && (feature.place || use->place));
        if (feature.family != 0 && use == nullptr) {
            other_flight = other_flight || std::any_of(story.uses.begin(), story.uses.end(),
                                                       [&feature](const FeatureUse& other) {
                                                           return other.family == feature.family;
                                                       });
        }
        if (feature.family != 0 && use != nullptr) {
            return 0; // The same flight: then it may well be in another town by now.
        }
    }
    const bool elsewhere = own_place && !shared_place &&
                           std::any_of(story.uses.begin(), story.uses.end(),
                                       [](const FeatureUse& use) { return use.place; });
    return (elsewhere ? other_place : 0) + (other_flight ? other_code : 0);
}

/// The more told it lately the likelier the next tells it too.
float nearness(const Story& story, TimePoint at)
{
    float near = far_accounts;
    std::size_t counted = 0;
    for (auto it = story.members.rbegin();
         it != story.members.rend() && counted < near_accounts_max; ++it) {
        if (tells(*it)) {
            const std::chrono::duration<float, std::ratio<3600>> gap = at - it->at;
            near += std::exp(-std::abs(gap.count()) / near_hours);
            ++counted;
        }
    }
    return std::log(near);
}

float label_points(const std::vector<std::pair<std::string, std::uint32_t>>& counts,
                   std::string_view label)
{
    if (label.empty() || label == none || label == unsure || counts.empty()) {
        return 0;
    }
    std::uint32_t all = 0;
    std::uint32_t same = 0;
    for (const auto& [name, count] : counts) {
        all += count;
        same += name == label ? count : 0;
    }
    const float share = (static_cast<float>(same) + 0.5F) / (static_cast<float>(all) + 1.5F);
    return std::log(share / usual_label);
}

/// Whether a shared feature can tell an event: pairs of usual words cannot, unless they are a name.
bool is_specific(const Feature& feature)
{
    return feature.kind == FeatureKind::topic || feature.name ||
           (feature.kind != FeatureKind::pair && feature.share < specific_share);
}

} // namespace

float rough_weight(const Feature& feature) noexcept
{
    return -std::log(feature.share);
}

Likeness likeness(const Story& story, const Retelling& post, const std::vector<Told>& told,
                  std::size_t stories)
{
    Likeness out;
    float others = 0;
    float usual = 0;
    const std::vector<const FeatureUse*> uses = uses_of(story, told);
    for (std::size_t i = 0; i < told.size(); ++i) {
        const Told& entry = told[i];
        if (const FeatureUse* use = uses[i]) {
            const auto [part, worth] = part_of(*entry.feature, *use);
            const float share =
                static_cast<float>(use->accounts) / (static_cast<float>(story.accounts) + 1);
            const float points =
                (worth.always * told_enough(*use, story) + worth.by_share * share) *
                rarity(entry, stories);
            if (is_specific(*entry.feature)) {
                out.*part += points;
            } else {
                usual += points;
            }
        } else if (entry.feature->kind == FeatureKind::topic) {
            others += other_topic;
        }
    }
    out.names = std::min(out.names, names_worth.most);
    out.numbers = std::min(out.numbers, numbers_worth.most);
    out.topics = std::min(out.topics, topics_worth.most) + std::max(others, other_topics);
    out.labels = reason_worth * label_points(story.incident.reasons, post.reason) +
                 need_worth * label_points(story.incident.needs, post.need);
    const float near = nearness(story, post.at);
    out.nearness = std::min(near, near_most);
    if (near > burst_nearness) {
        out.words += usual;
    }
    out.words = std::min(out.words, words_worth.most);
    out.conflict = conflict(story, told, uses);
    return out;
}

float in_common_min(std::size_t accounts, bool complaint) noexcept
{
    const float by_chance =
        chance_worth * std::max(0.0F, std::log(static_cast<float>(accounts) / chance_accounts));
    return by_chance + (complaint ? 0 : others_in_common);
}

std::vector<std::pair<std::string_view, float>> Likeness::parts() const
{
    std::vector<std::pair<std::string_view, float>> out{
        {"names", names},   {"numbers", numbers},   {"words", words},      {"topics", topics},
        {"labels", labels}, {"nearness", nearness}, {"conflict", conflict}};
    std::erase_if(out, [](const auto& part) { return part.second == 0; });
    return out;
}

} // namespace empathd::analysis
