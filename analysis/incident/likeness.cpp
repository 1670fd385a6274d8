#include "analysis/incident/likeness.hpp"

#include "analysis/model/experience.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace empathd::analysis {
namespace {

/// What is usual anywhere counts like so many stories of the brand.
constexpr float prior_stories = 30;
/// Of a story's own accounts, how often one says what another says.
constexpr float agreement_of_accounts = 0.6F;
/// Bounds of the parts, and of one feature in each.
constexpr float name_max = 4.0F;
constexpr float names_max = 6.0F;
constexpr float number_max = 5.0F;
constexpr float numbers_max = 7.0F;
constexpr float word_max = 3.0F;
constexpr float words_max = 5.0F;
constexpr float topic_max = 2.0F;
constexpr float topics_max = 4.5F;
/// What a telling feature that the story does not have takes away, and of all at most.
constexpr float unshared = 0.1F;
constexpr float unshared_max = 1.5F;
constexpr float telling_share = 0.01F;
constexpr float label_max = 0.5F;
constexpr float other_place = -2.0F;
constexpr float other_code = -5.0F;
/// Half as near after so long.
constexpr float near_hours = 6;
constexpr std::size_t near_accounts_max = 32;

/// How much likelier a story says a feature that so many of its accounts have than another of the
/// brand's stories does.
float weight(const Told& told, const FeatureUse& use, const Story& story, std::size_t stories)
{
    const float others = static_cast<float>(told.stories) - 1;
    const float all = static_cast<float>(stories) - 1;
    const float anywhere =
        (others + prior_stories * told.feature->share) / (all + prior_stories);
    const float here = agreement_of_accounts * static_cast<float>(use.accounts) /
                       (static_cast<float>(story.accounts) + 0.5F);
    return std::log(here / anywhere);
}

const FeatureUse* use_of(const Story& story, std::uint64_t hash)
{
    const auto at =
        std::lower_bound(story.uses.begin(), story.uses.end(), hash,
                         [](const FeatureUse& use, std::uint64_t h) { return use.hash < h; });
    return at != story.uses.end() && at->hash == hash ? &*at : nullptr;
}

/// Adds a shared feature to the part it belongs to.
void add(Likeness& likeness, const Feature& feature, const FeatureUse& use, float points)
{
    switch (feature.kind) {
    case FeatureKind::code:
    case FeatureKind::number:
        likeness.numbers += std::clamp(points, 0.0F, number_max);
        return;
    case FeatureKind::topic: likeness.topics += std::clamp(points, -1.0F, topic_max); return;
    case FeatureKind::word:
    case FeatureKind::pair: break;
    }
    if (feature.name || use.place) {
        likeness.names += std::clamp(points, 0.0F, name_max);
    } else {
        likeness.words += std::clamp(points, -1.0F, word_max);
    }
}

/// Places and codes that only the one has, where both have some.
float conflict(const Story& story, const std::vector<Told>& told)
{
    bool own_place = false;
    bool shared_place = false;
    bool other_flight = false;
    for (const Told& entry : told) {
        const Feature& feature = *entry.feature;
        const FeatureUse* use = use_of(story, feature.hash);
        own_place = own_place || feature.place;
        shared_place = shared_place || (use != nullptr && (feature.place || use->place));
        if (feature.family != 0 && use == nullptr) {
            other_flight = other_flight ||
                           std::any_of(story.uses.begin(), story.uses.end(),
                                       [&feature](const FeatureUse& other) {
                                           return other.family == feature.family;
                                       });
        }
        if (feature.family != 0 && use != nullptr) {
            return 0; // The same flight: then it may well be in another town by now.
        }
    }
    const bool story_has_places = std::any_of(story.uses.begin(), story.uses.end(),
                                              [](const FeatureUse& use) { return use.place; });
    return (own_place && story_has_places && !shared_place ? other_place : 0) +
           (other_flight ? other_code : 0);
}

/// The likelier the more told it lately: a heavy tail, since some stories last for days.
float nearness(const Story& story, TimePoint at)
{
    float near = 0;
    std::size_t counted = 0;
    for (auto it = story.members.rbegin();
         it != story.members.rend() && counted < near_accounts_max; ++it) {
        if (tells(*it)) {
            const std::chrono::duration<float, std::ratio<3600>> gap = at - it->at;
            near += 1 / (1 + std::abs(gap.count()) / near_hours);
            ++counted;
        }
    }
    return std::log(std::max(near, 0.01F));
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
    return std::clamp(std::log(share / 0.35F), -label_max, label_max);
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
    float missing = 0;
    for (const Told& entry : told) {
        if (const FeatureUse* use = use_of(story, entry.feature->hash)) {
            add(out, *entry.feature, *use, weight(entry, *use, story, stories));
        } else if (entry.feature->share < telling_share) {
            missing += unshared;
        }
    }
    out.names = std::min(out.names, names_max);
    out.numbers = std::min(out.numbers, numbers_max);
    out.words = std::min(out.words, words_max) - std::min(missing, unshared_max);
    out.topics = std::min(out.topics, topics_max);
    out.labels = label_points(story.incident.reasons, post.reason) +
                 label_points(story.incident.needs, post.need);
    out.nearness = nearness(story, post.at);
    out.conflict = conflict(story, told);
    return out;
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
