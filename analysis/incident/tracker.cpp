#include "analysis/incident/tracker.hpp"

#include "analysis/incident/timeline.hpp"
#include "analysis/incident/tracker_state.hpp"
#include "analysis/model/digest.hpp"

#include <algorithm>
#include <utility>

namespace empathd::analysis {
namespace {

Member member_of(const StoryPost& mention, bool copy, TimePoint at, std::uint64_t order)
{
    const Post& post = mention.post;
    Member out{.key = post.key,
               .url = post.url,
               .author = post.author,
               .language = mention.language,
               .reason = mention.reason,
               .need = mention.need,
               .title = title_of(post),
               .complaint = mention.complaint,
               .copy = copy,
               .repost = post.text.starts_with("RT @"),
               .answer = !post.reply_to.empty() || !post.thread.empty(),
               .telling = mention.telling,
               .probability = mention.complaint_probability,
               .followers = post.author_followers.value_or(0),
               .reactions = reactions(post.engagement),
               .views = post.engagement.views.value_or(0),
               .at = at,
               .order = order,
               .threads = {},
               .links = {},
               .signature = mention.signature,
               .account = {},
               .growth = {}};
    for (const std::string* id : {&post.key.id, &post.thread}) {
        if (!id->empty()) {
            out.threads.push_back(joined(mention.brand, post.key.network, *id));
        }
    }
    for (const std::string& link : post.links) {
        if (std::string identity = link_identity(link); !identity.empty()) {
            out.links.push_back(std::move(identity));
        }
    }
    grow(out, at, out.reactions);
    return out;
}

Member member_of(const StoryPost& mention, bool copy, TimePoint at, std::uint64_t order,
                 Account account)
{
    Member out = member_of(mention, copy, at, order);
    if (tells(out)) {
        out.account = std::move(account);
    }
    return out;
}

Account account_of(const StoryPost& mention)
{
    return read_account(mention.post, mention.brand, mention.spans);
}

std::unique_ptr<Story> begun_by(const StoryPost& mention)
{
    const Post& post = mention.post;
    auto story = std::make_unique<Story>();
    story->incident.id = digest({mention.brand, post.key.network, post.key.id});
    story->incident.brand = mention.brand;
    story->incident.title = title_of(post);
    story->titled_by = post.key;
    return story;
}

} // namespace

Story* Tracker::State::story(const std::string& id) const
{
    const auto alias = aliases.find(id);
    const auto found = stories.find(alias == aliases.end() ? id : alias->second);
    return found == stories.end() ? nullptr : found->second.get();
}

Story* Tracker::State::holding(const StoryPost& mention) const
{
    for (Story* story : indices.holding(mention.post.key)) {
        if (story->incident.brand == mention.brand) {
            return story;
        }
    }
    return nullptr;
}

void Tracker::State::add(Story& story, Member member)
{
    story.members.push_back(std::move(member));
    count(story, story.members.back());
    indices.add(story, story.members.back());
    if (story.indexed) {
        retold.add(story, story.members.back());
    } else {
        retold.add(story);
    }
}

void Tracker::State::take_out(Story& story)
{
    retold.remove(story);
    for (const Member& member : story.members) {
        indices.remove(story, member);
    }
    for (const DeletedPost& post : story.deleted) {
        indices.remove_threads(story, post);
    }
}

void Tracker::State::put_back(Story& story)
{
    for (const Member& member : story.members) {
        indices.add(story, member);
    }
    for (const DeletedPost& post : story.deleted) {
        indices.add_threads(story, post);
    }
    if (story.incident.state != IncidentState::resolved) {
        retold.add(story);
    }
}

Tracker::Tracker(TrackerOptions options) : state_(std::make_unique<State>(options)) {}
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

namespace {

/// Counts an edited member anew. What it says changes with it; where it stands does not.
Placement edited(Indices& indices, RetoldIndex& retold, Story& story, const StoryPost& mention)
{
    const auto found =
        std::find_if(story.members.begin(), story.members.end(),
                     [&](const Member& member) { return member.key == mention.post.key; });
    const bool indexed = story.indexed;
    retold.remove(story);
    indices.remove(story, *found);
    std::vector<ReactionsAt> growth = std::move(found->growth);
    Member again = member_of(mention, found->copy, found->at, found->order, account_of(mention));
    if (!growth.empty() && growth.back().reactions != again.reactions) {
        growth.back().reactions = again.reactions;
    }
    again.growth = std::move(growth);
    *found = std::move(again);
    indices.add(story, *found);
    if (indexed) {
        retold.add(story);
    }
    recount(story);
    return {.incident = story.incident.id, .copy = found->copy, .by = JoinedBy::itself};
}

void reopen(Incident& incident)
{
    incident.state = IncidentState::open;
    ++incident.episode;
    incident.revision = 0;
    incident.severity = Severity::info;
}

bool retells(const RetoldIndex::Match& match, bool complaint, const TrackerOptions& options)
{
    const float least = complaint ? options.retold_min : options.retold_min_others;
    return match.likeness.total() >= least &&
           match.likeness.in_common() >= in_common_min(match.story->accounts, complaint);
}

} // namespace

Placement Tracker::place(const StoryPost& mention, TimePoint at)
{
    State& state = *state_;
    if (Story* story = state.holding(mention)) {
        return edited(state.indices, state.retold, *story, mention);
    }
    Placement out;
    Account account = account_of(mention);
    Story* copied =
        mention.signature ? state.indices.by_copy(mention.brand, *mention.signature) : nullptr;
    Story* story = state.indices.by_thread(mention.brand, mention.post);
    out.by = story != nullptr ? JoinedBy::thread : JoinedBy::nothing;
    if (story == nullptr && copied != nullptr) {
        story = copied;
        out.by = JoinedBy::copy;
    }
    if (story == nullptr) {
        story = state.indices.by_link(mention.brand, mention.post);
        out.by = story != nullptr ? JoinedBy::link : JoinedBy::nothing;
    }
    if (story == nullptr && state.options.retold) {
        const Retelling retelling{account, mention.reason, mention.need, at};
        if (const auto match = state.retold.best(mention.brand, retelling, state.options.window)) {
            out.likeness = match->likeness;
            if (retells(*match, mention.complaint, state.options)) {
                story = match->story;
                out.by = JoinedBy::retold;
            }
        }
    }
    if (story == nullptr) {
        if (!mention.complaint) {
            return out;
        }
        auto fresh = begun_by(mention);
        std::string id = fresh->incident.id;
        story = state.stories.emplace(std::move(id), std::move(fresh)).first->second.get();
        out.opened = true;
    } else if (story->incident.state == IncidentState::resolved) {
        reopen(story->incident);
        out.opened = true;
    }
    out.copy = copied == story && copied != nullptr;
    out.incident = story->incident.id;
    state.add(*story, member_of(mention, out.copy, at, ++state.order, std::move(account)));
    return out;
}

void Tracker::restore(const Incident& told)
{
    if (state_->aliases.contains(told.id)) {
        return;
    }
    auto story = std::make_unique<Story>();
    story->incident = told;
    recount(*story);
    state_->stories[told.id] = std::move(story);
}

void Tracker::restore(const StoryPost& mention, const std::string& incident, bool copy,
                      TimePoint at)
{
    State& state = *state_;
    Story* story = state.corrected(mention, incident);
    if (story != nullptr) {
        Member member = member_of(mention, copy, at, ++state.order, account_of(mention));
        if (story->titled_by.id.empty() && member.title == story->incident.title) {
            story->titled_by = member.key;
        }
        state.add(*story, std::move(member));
    }
}

std::vector<std::string> Tracker::observe(const PostKey& key, const Engagement& engagement,
                                          TimePoint at)
{
    std::vector<std::string> touched;
    if (engagement == Engagement{}) {
        return touched; // A source that shows no counts does not say that there are none.
    }
    for (Story* story : state_->indices.holding(key)) {
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
            grow(member, at, now);
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
    State& state = *state_;
    std::vector<std::string> touched;
    for (Story* story : state.indices.holding(key)) {
        const auto found = std::find_if(story->members.begin(), story->members.end(),
                                        [&key](const Member& member) { return member.key == key; });
        state.retold.remove(*story);
        state.indices.remove(*story, *found);
        const bool first = found == story->members.begin() && story->titled_by.id.empty();
        state.moved.erase({story->incident.brand, key});
        if (first || story->titled_by == key) {
            story->incident.title = deleted_title;
        }
        story->deleted.push_back({found->order, std::move(found->threads)});
        state.indices.add_threads(*story, story->deleted.back());
        story->members.erase(found);
        recount(*story);
        if (story->incident.state != IncidentState::resolved) {
            state.retold.add(*story);
        }
        touched.push_back(story->incident.id);
    }
    return touched;
}

std::vector<std::string> Tracker::expire(TimePoint now)
{
    State& state = *state_;
    std::vector<std::string> resolved;
    for (auto it = state.stories.begin(); it != state.stories.end();) {
        Story& story = *it->second;
        const auto quiet = now - story.incident.last_at;
        if (quiet > 2 * state.options.window) {
            state.take_out(story);
            it = state.stories.erase(it);
            continue;
        }
        if (quiet > state.options.window && story.incident.state != IncidentState::resolved) {
            story.incident.state = IncidentState::resolved;
            resolved.push_back(story.incident.id);
        }
        if (story.incident.state == IncidentState::resolved) {
            state.retold.remove(story);
        }
        ++it;
    }
    state.forget_corrections();
    std::sort(resolved.begin(), resolved.end()); // The map's order is not the same everywhere.
    return resolved;
}

Incident* Tracker::find(const std::string& id)
{
    Story* story = state_->story(id);
    return story == nullptr ? nullptr : &story->incident;
}

float Tracker::certainty(const std::string& id) const
{
    const Story* story = state_->story(id);
    return story == nullptr ? 0 : story->certainty;
}

Timeline Tracker::timeline(const std::string& id) const
{
    const Story* story = state_->story(id);
    return story == nullptr ? Timeline{} : timeline_of(story->members);
}

std::vector<PostKey> Tracker::members(const std::string& id) const
{
    std::vector<PostKey> out;
    if (const Story* story = state_->story(id)) {
        for (const Member& member : story->members) {
            out.push_back(member.key);
        }
    }
    return out;
}

std::size_t Tracker::size() const noexcept
{
    return state_->stories.size();
}

} // namespace empathd::analysis
