// What the desk does about incidents that are no stories.
#include "daemon/pipeline/story_desk.hpp"

#include <utility>

namespace empathd {

const Incident* StoryDesk::find(const std::string& id)
{
    return is_notice(id) ? notices_.find(id) : tracker_.find(id);
}

DeskOutput StoryDesk::take(const Notice& notice, TimePoint at)
{
    DeskOutput out;
    Changes changes;
    advance(at, changes);
    take_notice(notice, at, changes);
    finish(changes, out);
    return out;
}

void StoryDesk::take_notice(const Notice& notice, TimePoint at, Changes& changes)
{
    const bool changed =
        notice.over ? notices_.end(notice.id, at) : notices_.begin(notice, at, lives_);
    if (changed) {
        changes.states.push_back({"notices", notices_.save()});
    }
    if (!notice.over) {
        (void)live_notice(notice.id, std::nullopt, at, changes);
    } else if (changed) {
        (void)live_notice(notice.id, analysis::Faded{}, at, changes);
    }
}

std::string StoryDesk::live_notice(const std::string& id,
                                   const std::optional<analysis::Event>& event, TimePoint at,
                                   Changes& changes)
{
    Incident* const incident = notices_.find(id);
    if (incident == nullptr) {
        return "there is no such incident";
    }
    const analysis::Look look = notices_.look(*incident, options_.decision);
    incident->score = look.score;
    changes.touched.insert(id);
    analysis::Labels labels;
    labels.add("brand", incident->brand);
    labels.add("severity", to_string(look.severity));
    const std::vector<std::pair<std::string, double>> parts{
        {std::string(to_string(look.tell)), look.score}};
    const analysis::Event looked = notices_.goes_on(id) ? analysis::Event(analysis::Looked{look})
                                                        : analysis::Event(analysis::Tick{});
    return lives_.apply({.incident = *incident,
                         .labels = labels,
                         .score_parts = parts,
                         .inhibitor = stands_for(*incident)},
                        event.value_or(looked), at, changes.news);
}

/// What makes a volume notice needless: a story of the brand that people know and nobody has
/// closed, of several the one with the highest score; for a single reason also the brand's notice
/// of all of them.
std::string StoryDesk::stands_for(const Incident& notice)
{
    if (!notice.id.starts_with(volume_prefix)) {
        return {};
    }
    const Incident* best = nullptr;
    for (const std::string& id : open_) {
        const Incident* story = tracker_.find(id);
        const bool known = story != nullptr && story->brand == notice.brand &&
                           story->revision > 0 && story->state != IncidentState::resolved;
        if (known && (best == nullptr || story->score > best->score)) {
            best = story;
        }
    }
    if (best != nullptr) {
        return best->id;
    }
    const std::string all = volume_id(notice.brand, "");
    return notice.id != all && notices_.goes_on(all) ? all : std::string();
}

void StoryDesk::close_hour(TimePoint at, Changes& changes)
{
    const bool blind = notices_.blind_between(at - std::chrono::hours{1}, at);
    for (const Volumes::Verdict& verdict : volumes_.close(at, blind)) {
        Notice notice{.id = volume_id(verdict.brand, verdict.reason),
                      .reason = AlertReason::volume,
                      .brand = verdict.brand,
                      .title = title_of(verdict),
                      .since = verdict.volume.since,
                      .over = !verdict.volume.alarm};
        const bool goes_on = notices_.goes_on(notice.id);
        if (const Incident* told = goes_on ? notices_.find(notice.id) : nullptr) {
            notice.title = told->title; // Of the hour in which it began.
        }
        if (!notice.over || goes_on) {
            take_notice(notice, at, changes);
        }
    }
    changes.states.push_back({"volume", volumes_.save()});
}

} // namespace empathd
