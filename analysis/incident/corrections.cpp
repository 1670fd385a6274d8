#include "analysis/incident/tracker.hpp"

#include "analysis/incident/tracker_state.hpp"
#include "analysis/model/digest.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace empathd::analysis {
namespace {

Error unknown_story(const std::string& id)
{
    return {ErrorKind::not_found, "no running story has the id \"" + id + "\""};
}

void sort_members(Story& story)
{
    std::sort(story.members.begin(), story.members.end(),
              [](const Member& a, const Member& b) { return a.order < b.order; });
}

/// The counts of a story whose members were exchanged, its times included.
void count_anew(Story& story)
{
    story.incident.first_at = {};
    story.incident.last_at = {};
    recount(story);
}

/// A story keeps the words it is called by unless their post has left it.
void rename(Story& story)
{
    const auto stays = [&story](const Member& member) { return member.key == story.titled_by; };
    if (story.members.empty() || std::any_of(story.members.begin(), story.members.end(), stays)) {
        return;
    }
    const auto complaint = std::find_if(story.members.begin(), story.members.end(),
                                        [](const Member& member) { return member.complaint; });
    const Member& first = complaint == story.members.end() ? story.members.front() : *complaint;
    story.incident.title = first.title;
    story.titled_by = first.key;
}

} // namespace

Story* Tracker::State::corrected(const StoryPost& mention, const std::string& id) const
{
    const auto found = moved.find({mention.brand, mention.post.key});
    Story* there = found == moved.end() ? nullptr : story(found->second);
    return there != nullptr ? there : story(id);
}

void Tracker::State::forget_corrections()
{
    std::erase_if(aliases, [this](const auto& alias) { return !stories.contains(alias.second); });
    std::erase_if(moved, [this](const auto& post) { return story(post.second) == nullptr; });
}

/// The same post may be split off the same story more than once.
std::string Tracker::State::split_id(const std::string& from, const PostKey& first) const
{
    std::string id;
    std::size_t attempt = 0;
    do {
        id = digest({"split", from, first.network, first.id, std::to_string(attempt)});
        ++attempt;
    } while (story(id) != nullptr);
    return id;
}

Result<> Tracker::merge(const std::string& into, const std::string& from)
{
    State& state = *state_;
    Story* target = state.story(into);
    Story* source = state.story(from);
    if (target == nullptr || source == nullptr) {
        return unknown_story(target == nullptr ? into : from);
    }
    if (target == source) {
        return Error{ErrorKind::refused, "a story cannot be merged into itself"};
    }
    if (target->incident.brand != source->incident.brand) {
        return Error{ErrorKind::refused,
                     "the stories are of different brands: " + target->incident.brand + " and " +
                         source->incident.brand};
    }
    state.take_out(*target);
    state.take_out(*source);
    std::move(source->members.begin(), source->members.end(), std::back_inserter(target->members));
    std::move(source->deleted.begin(), source->deleted.end(), std::back_inserter(target->deleted));
    sort_members(*target);
    Incident& incident = target->incident;
    if (incident.state == IncidentState::resolved) {
        incident.state = source->incident.state;
    }
    incident.severity = std::max(incident.severity, source->incident.severity);
    count_anew(*target);
    state.put_back(*target);
    const std::string gone = source->incident.id;
    for (auto& [alias, story] : state.aliases) {
        story = story == gone ? incident.id : story;
    }
    state.aliases[gone] = incident.id;
    state.stories.erase(gone);
    return {};
}

Result<std::string> Tracker::split(const std::string& id, const std::vector<PostKey>& keys)
{
    State& state = *state_;
    Story* story = state.story(id);
    if (story == nullptr) {
        return unknown_story(id);
    }
    const std::set<PostKey> leaving(keys.begin(), keys.end());
    for (const PostKey& key : leaving) {
        if (std::none_of(story->members.begin(), story->members.end(),
                         [&key](const Member& member) { return member.key == key; })) {
            return Error{ErrorKind::not_found,
                         "the story has no member " + key.network + " \"" + key.id + "\""};
        }
    }
    if (leaving.empty() || leaving.size() == story->members.size()) {
        return Error{ErrorKind::refused, leaving.empty()
                                             ? "no posts were named to be split off"
                                             : "a split must leave the story at least one post"};
    }
    state.take_out(*story);
    const auto stay = std::stable_partition(
        story->members.begin(), story->members.end(),
        [&leaving](const Member& member) { return !leaving.contains(member.key); });
    auto fresh = std::make_unique<Story>();
    std::move(stay, story->members.end(), std::back_inserter(fresh->members));
    story->members.erase(stay, story->members.end());
    Incident& incident = fresh->incident;
    incident.brand = story->incident.brand;
    incident.id = state.split_id(story->incident.id, fresh->members.front().key);
    rename(*fresh);
    rename(*story);
    count_anew(*fresh);
    count_anew(*story);
    state.put_back(*story);
    state.put_back(*fresh);
    for (const PostKey& key : leaving) {
        state.moved[{incident.brand, key}] = incident.id;
    }
    std::string out = incident.id;
    state.stories.emplace(out, std::move(fresh));
    return out;
}

Corrections Tracker::corrections() const
{
    Corrections out;
    for (const auto& [from, into] : state_->aliases) {
        out.aliases.push_back({from, into});
    }
    for (const auto& [post, incident] : state_->moved) {
        out.moved.push_back({post.first, post.second, incident});
    }
    return out;
}

void Tracker::restore(const Corrections& corrections)
{
    for (const Corrections::Alias& alias : corrections.aliases) {
        state_->aliases[alias.from] = alias.into;
    }
    for (const Corrections::Moved& post : corrections.moved) {
        state_->moved[{post.brand, post.key}] = post.incident;
    }
}

} // namespace empathd::analysis
