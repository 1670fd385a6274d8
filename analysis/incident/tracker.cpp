#include "analysis/incident/tracker.hpp"

#include "analysis/incident/story.hpp"
#include "analysis/model/digest.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace empathd::analysis {
namespace {

constexpr char separator = '\x1f';

std::string joined(std::string_view a, std::string_view b, std::string_view c = {})
{
    std::string out;
    out.reserve(a.size() + b.size() + c.size() + 2);
    out.append(a).append(1, separator).append(b).append(1, separator).append(c);
    return out;
}

struct Candidate {
    Story* story = nullptr;
    MinHash signature{};
};

Member member_of(const StoryPost& mention, bool copy, TimePoint at)
{
    return {.key = mention.post.key,
            .url = mention.post.url,
            .author = mention.post.author,
            .language = mention.language,
            .complaint = mention.complaint,
            .copy = copy,
            .probability = mention.complaint_probability,
            .reactions = reactions(mention.post.engagement),
            .views = mention.post.engagement.views.value_or(0),
            .at = at};
}

} // namespace

struct Tracker::State {
    TrackerOptions options;
    std::unordered_map<std::string, std::unique_ptr<Story>> stories;
    std::unordered_map<std::string, std::vector<Story*>> posts; ///< By network and id.
    std::unordered_map<std::string, Story*> threads;            ///< By brand, network and id.
    std::unordered_map<std::string, Story*> links;              ///< By brand and link_identity.
    std::unordered_map<std::uint64_t, std::vector<Candidate>> bands; ///< By brand and band.

    static std::uint64_t band_key(const std::string& brand, std::uint64_t band) noexcept
    {
        return band ^ (std::hash<std::string>{}(brand)*0x9e3779b97f4a7c15U);
    }

    Story* by_thread(const StoryPost& mention) const
    {
        const Post& post = mention.post;
        for (const std::string* id : {&post.reply_to, &post.thread}) {
            if (!id->empty()) {
                const auto found = threads.find(joined(mention.brand, post.key.network, *id));
                if (found != threads.end()) {
                    return found->second;
                }
            }
        }
        return nullptr;
    }

    Story* by_copy(const StoryPost& mention) const
    {
        if (!mention.signature) {
            return nullptr;
        }
        for (const std::uint64_t band : analysis::bands(*mention.signature)) {
            const auto found = bands.find(band_key(mention.brand, band));
            if (found == bands.end()) {
                continue;
            }
            for (const Candidate& candidate : found->second) {
                if (candidate.story->incident.brand == mention.brand &&
                    agreement(candidate.signature, *mention.signature) >= near_copy_agreement) {
                    return candidate.story;
                }
            }
        }
        return nullptr;
    }

    Story* by_link(const StoryPost& mention) const
    {
        for (const std::string& link : mention.post.links) {
            const std::string identity = link_identity(link);
            const auto found =
                identity.empty() ? links.end() : links.find(joined(mention.brand, identity));
            if (found != links.end()) {
                return found->second;
            }
        }
        return nullptr;
    }

    /// Makes the story findable through a member. The first story keeps a key that two claim.
    void index(Story& story, const StoryPost& mention)
    {
        const Post& post = mention.post;
        posts[joined(post.key.network, post.key.id)].push_back(&story);
        for (const std::string* id : {&post.key.id, &post.thread}) {
            std::string key = joined(mention.brand, post.key.network, *id);
            if (!id->empty() && threads.emplace(key, &story).second) {
                story.threads.push_back(std::move(key));
            }
        }
        for (const std::string& link : post.links) {
            const std::string identity = link_identity(link);
            std::string key = joined(mention.brand, identity);
            if (!identity.empty() && links.emplace(key, &story).second) {
                story.links.push_back(std::move(key));
            }
        }
        if (mention.signature) {
            for (const std::uint64_t band : analysis::bands(*mention.signature)) {
                const std::uint64_t key = band_key(mention.brand, band);
                auto& list = bands[key];
                if (list.size() < options.candidates_max) {
                    list.push_back({&story, *mention.signature});
                    story.bands.push_back(key);
                }
            }
        }
    }

    void add(Story& story, const StoryPost& mention, bool copy, TimePoint at)
    {
        story.members.push_back(member_of(mention, copy, at));
        count(story, story.members.back());
        index(story, mention);
    }

    void forget_post(const PostKey& key, const Story* story)
    {
        const auto found = posts.find(joined(key.network, key.id));
        if (found != posts.end()) {
            std::erase(found->second, story);
            if (found->second.empty()) {
                posts.erase(found);
            }
        }
    }

    void forget(Story& story)
    {
        for (const std::string& key : story.threads) {
            threads.erase(key);
        }
        for (const std::string& key : story.links) {
            links.erase(key);
        }
        for (const std::uint64_t key : story.bands) {
            const auto found = bands.find(key);
            if (found != bands.end()) {
                std::erase_if(found->second,
                              [&story](const Candidate& c) { return c.story == &story; });
                if (found->second.empty()) {
                    bands.erase(found);
                }
            }
        }
        for (const Member& member : story.members) {
            forget_post(member.key, &story);
        }
    }

    /// The story of this brand the post is a member of already.
    Story* holding(const StoryPost& mention) const
    {
        const auto found = posts.find(joined(mention.post.key.network, mention.post.key.id));
        if (found != posts.end()) {
            for (Story* story : found->second) {
                if (story->incident.brand == mention.brand) {
                    return story;
                }
            }
        }
        return nullptr;
    }
};

Tracker::Tracker(TrackerOptions options) : state_(std::make_unique<State>())
{
    state_->options = options;
}
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

Placement Tracker::place(const StoryPost& mention, TimePoint at)
{
    State& state = *state_;
    if (Story* story = state.holding(mention)) {
        for (Member& member : story->members) {
            if (member.key == mention.post.key) {
                member = member_of(mention, member.copy, member.at);
                recount(*story);
                return {.incident = story->incident.id, .copy = member.copy};
            }
        }
    }
    Story* copied = state.by_copy(mention);
    Story* story = state.by_thread(mention);
    story = story != nullptr ? story : copied;
    story = story != nullptr ? story : state.by_link(mention);
    bool opened = false;
    if (story == nullptr) {
        if (!mention.complaint) {
            return {};
        }
        const Post& post = mention.post;
        auto fresh = std::make_unique<Story>();
        fresh->incident.id = digest({mention.brand, post.key.network, post.key.id});
        fresh->incident.brand = mention.brand;
        fresh->incident.title = title_of(post);
        std::string id = fresh->incident.id;
        story = state.stories.emplace(std::move(id), std::move(fresh)).first->second.get();
        opened = true;
    } else if (story->incident.state == IncidentState::resolved) {
        story->incident.state = IncidentState::open;
        ++story->incident.episode;
        story->incident.revision = 0;
        story->incident.severity = Severity::info;
        opened = true;
    }
    const bool copy = copied == story && copied != nullptr;
    state.add(*story, mention, copy, at);
    return {.incident = story->incident.id, .opened = opened, .copy = copy};
}

void Tracker::restore(const Incident& told)
{
    auto story = std::make_unique<Story>();
    story->incident = told;
    recount(*story);
    state_->stories[told.id] = std::move(story);
}

void Tracker::restore(const StoryPost& mention, const std::string& incident, bool copy,
                      TimePoint at)
{
    const auto found = state_->stories.find(incident);
    if (found != state_->stories.end()) {
        state_->add(*found->second, mention, copy, at);
    }
}

std::vector<std::string> Tracker::observe(const PostKey& key, const Engagement& engagement)
{
    std::vector<std::string> touched;
    const auto found = state_->posts.find(joined(key.network, key.id));
    if (found == state_->posts.end() || engagement == Engagement{}) {
        return touched; // A source that shows no counts does not say that there are none.
    }
    for (Story* story : found->second) {
        for (Member& member : story->members) {
            if (member.key != key) {
                continue;
            }
            Incident& incident = story->incident;
            const std::uint64_t now = reactions(engagement);
            const std::uint64_t views = engagement.views.value_or(member.views);
            incident.reactions += now - member.reactions; // Unsigned wrap-around subtracts.
            incident.views += views - member.views;
            member.reactions = now;
            member.views = views;
            if (now > story->lead_reactions || incident.lead == key) {
                story->lead_reactions = now;
                incident.lead = key;
                incident.lead_url = member.url;
            }
            touched.push_back(incident.id);
        }
    }
    return touched;
}

std::vector<std::string> Tracker::remove(const PostKey& key)
{
    std::vector<std::string> touched;
    const auto found = state_->posts.find(joined(key.network, key.id));
    if (found == state_->posts.end()) {
        return touched;
    }
    const std::vector<Story*> stories = found->second;
    for (Story* story : stories) {
        std::erase_if(story->members, [&key](const Member& member) { return member.key == key; });
        state_->forget_post(key, story);
        recount(*story);
        Incident& incident = story->incident;
        if (incident.id == digest({incident.brand, key.network, key.id})) {
            incident.title = deleted_title;
        }
        touched.push_back(incident.id);
    }
    return touched;
}

std::vector<std::string> Tracker::expire(TimePoint now)
{
    std::vector<std::string> resolved;
    for (auto it = state_->stories.begin(); it != state_->stories.end();) {
        Story& story = *it->second;
        const auto quiet = now - story.incident.last_at;
        if (quiet > 2 * state_->options.window) {
            state_->forget(story);
            it = state_->stories.erase(it);
            continue;
        }
        if (quiet > state_->options.window && story.incident.state != IncidentState::resolved) {
            story.incident.state = IncidentState::resolved;
            resolved.push_back(story.incident.id);
        }
        ++it;
    }
    std::sort(resolved.begin(), resolved.end()); // The map's order is not the same everywhere.
    return resolved;
}

Incident* Tracker::find(const std::string& id)
{
    const auto found = state_->stories.find(id);
    return found == state_->stories.end() ? nullptr : &found->second->incident;
}

float Tracker::certainty(const std::string& id) const
{
    const auto found = state_->stories.find(id);
    return found == state_->stories.end() ? 0 : found->second->certainty;
}

std::size_t Tracker::size() const noexcept
{
    return state_->stories.size();
}

} // namespace empathd::analysis
