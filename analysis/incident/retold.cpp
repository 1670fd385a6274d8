#include "analysis/incident/retold.hpp"

#include "analysis/incident/likeness.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <unordered_map>

namespace empathd::analysis {
namespace {

/// Stories that share a feature are looked up by it unless more than so many do.
constexpr std::size_t postings_max = 64;
/// So many entries are looked at for one post, the rarest features first.
constexpr std::size_t looked_at_max = 256;
/// Stories that are compared in full: the likeliest by features, and those told last.
constexpr std::size_t compared_max = 12;
constexpr std::size_t latest_max = 4;

} // namespace

struct RetoldIndex::State {
    /// When it was last told, its id, the story: the order of `latest`.
    using ToldAt = std::tuple<TimePoint, std::string, Story*>;

    struct Brand {
        std::unordered_map<std::uint64_t, std::vector<Story*>> stories_with;
        std::set<ToldAt> told;
    };

    std::unordered_map<std::string, Brand> brands;
    std::uint64_t searches = 0;

    static ToldAt told(Story& story) { return {story.told_at, story.incident.id, &story}; }

    static void put(Brand& brand, Story& story, const Member& member)
    {
        if (!tells(member) || member.account.features.empty()) {
            return;
        }
        brand.told.erase(told(story));
        story.told_at = std::max(story.told_at, member.at);
        brand.told.insert(told(story));
        ++story.accounts;
        for (const Feature& feature : member.account.features) {
            const auto at = std::lower_bound(
                story.uses.begin(), story.uses.end(), feature.hash,
                [](const FeatureUse& use, std::uint64_t hash) { return use.hash < hash; });
            if (at != story.uses.end() && at->hash == feature.hash) {
                ++at->accounts;
                at->name = at->name || feature.name;
                at->place = at->place || feature.place;
            } else {
                story.uses.insert(at,
                                  {feature.hash, 1, feature.name, feature.place, feature.family});
                brand.stories_with[feature.hash].push_back(&story);
            }
        }
    }

    /// Stories worth a comparison: those that share telling features, best first, and the latest.
    std::vector<Story*> candidates(const Brand& brand, const std::vector<Told>& told)
    {
        std::vector<const Told*> rarest;
        for (const Told& entry : told) {
            if (entry.stories != 0 && entry.stories <= postings_max) {
                rarest.push_back(&entry);
            }
        }
        std::sort(rarest.begin(), rarest.end(), [](const Told* a, const Told* b) {
            return std::tie(a->stories, a->feature->hash) < std::tie(b->stories, b->feature->hash);
        });
        std::vector<Story*> found;
        ++searches;
        std::size_t looked_at = 0;
        for (const Told* entry : rarest) {
            looked_at += entry->stories;
            if (looked_at > looked_at_max) {
                break;
            }
            const float weight = rough_weight(*entry->feature);
            for (Story* story : *entry->with) {
                if (story->seen != searches) {
                    story->seen = searches;
                    story->rough = 0;
                    found.push_back(story);
                }
                story->rough += weight;
            }
        }
        const std::size_t kept = std::min(found.size(), compared_max);
        std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept),
                          found.end(), [](const Story* a, const Story* b) {
                              return std::tie(b->rough, b->told_at, a->incident.id) <
                                     std::tie(a->rough, a->told_at, b->incident.id);
                          });
        found.resize(kept);
        std::size_t latest = 0;
        for (auto it = brand.told.rbegin(); it != brand.told.rend() && latest < latest_max; ++it) {
            Story* story = std::get<Story*>(*it);
            if (std::find(found.begin(), found.end(), story) == found.end()) {
                found.push_back(story);
            }
            ++latest;
        }
        return found;
    }
};

RetoldIndex::RetoldIndex() : state_(std::make_unique<State>()) {}
RetoldIndex::~RetoldIndex() = default;
RetoldIndex::RetoldIndex(RetoldIndex&&) noexcept = default;
RetoldIndex& RetoldIndex::operator=(RetoldIndex&&) noexcept = default;

void RetoldIndex::add(Story& story)
{
    if (story.indexed) {
        return;
    }
    story.indexed = true;
    State::Brand& brand = state_->brands[story.incident.brand];
    for (const Member& member : story.members) {
        State::put(brand, story, member);
    }
}

void RetoldIndex::add(Story& story, const Member& member)
{
    if (story.indexed) {
        State::put(state_->brands[story.incident.brand], story, member);
    }
}

void RetoldIndex::remove(Story& story)
{
    if (!story.indexed) {
        return;
    }
    State::Brand& brand = state_->brands[story.incident.brand];
    brand.told.erase(State::told(story));
    for (const FeatureUse& use : story.uses) {
        const auto found = brand.stories_with.find(use.hash);
        std::erase(found->second, &story);
        if (found->second.empty()) {
            brand.stories_with.erase(found);
        }
    }
    story.uses.clear();
    story.accounts = 0;
    story.told_at = {};
    story.indexed = false;
}

std::optional<RetoldIndex::Match> RetoldIndex::best(const std::string& brand_name,
                                                    const Retelling& post,
                                                    std::chrono::milliseconds window)
{
    const auto known = state_->brands.find(brand_name);
    if (known == state_->brands.end() || post.account.features.empty()) {
        return std::nullopt;
    }
    const State::Brand& brand = known->second;
    std::vector<Told> told; // How many stories have each feature, looked up once.
    told.reserve(post.account.features.size());
    for (const Feature& feature : post.account.features) {
        const auto with = brand.stories_with.find(feature.hash);
        if (with == brand.stories_with.end()) {
            told.push_back({&feature, 0, nullptr});
        } else {
            told.push_back({&feature, with->second.size(), &with->second});
        }
    }
    std::optional<Match> best;
    for (Story* story : state_->candidates(brand, told)) {
        if (story->incident.state == IncidentState::resolved || post.at - story->told_at > window) {
            continue;
        }
        const Match match{story, likeness(*story, post, told, brand.told.size())};
        if (!best || match.likeness.total() > best->likeness.total() ||
            (match.likeness.total() == best->likeness.total() &&
             std::tie(best->story->told_at, match.story->incident.id) <
                 std::tie(match.story->told_at, best->story->incident.id))) {
            best = match;
        }
    }
    return best;
}

} // namespace empathd::analysis
