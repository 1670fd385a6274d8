#include "daemon/pipeline/story_desk.hpp"

#include "analysis/decision/gravity.hpp"
#include "analysis/text/normalize.hpp"
#include "daemon/pipeline/desk_facts.hpp"

#include <algorithm>
#include <utility>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// How often the pace of stories that nothing happens to is written down anew, what has faded is
/// ended, and posts whose life is over are learned from: at full five minutes of the clock.
constexpr minutes grid{5};
/// A post is read again at once from this chance on that it reaches the threshold: half of what an
/// alert would want.
constexpr double hasten_from = 0.25;

/// One thing that happened, for taking a page in the order of time.
struct Happening {
    TimePoint at{};
    const AnalysedPost* post = nullptr;
    std::size_t index = 0;
    const Observation* observation = nullptr;
};

std::vector<Happening> in_order(const DeskInput& input)
{
    std::vector<Happening> events;
    events.reserve(input.posts.size() + input.observations.size());
    for (std::size_t i = 0; i < input.posts.size(); ++i) {
        events.push_back({.at = input.posts[i].post.seen_at, .post = &input.posts[i], .index = i});
    }
    for (const Observation& observation : input.observations) {
        events.push_back({.at = observation.at, .observation = &observation});
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const Happening& a, const Happening& b) { return a.at < b.at; });
    return events;
}

} // namespace

StoryDesk::StoryDesk(DeskOptions options)
    : options_(std::move(options)), tracker_(options_.tracker), lives_(options_.rules)
{
    spread_.set_threshold({analysis::story_platform}, options_.threshold);
}

void StoryDesk::set_rules(AlertRules rules)
{
    options_.rules = rules;
    lives_.set_rules(std::move(rules));
}

DeskOutput StoryDesk::take(const DeskInput& input)
{
    DeskOutput out;
    Changes changes;
    for (const Happening& event : in_order(input)) {
        advance(event.at, changes);
        if (event.post != nullptr) {
            arrive(*event.post, event.index, out, changes);
        } else {
            observe(*event.observation, changes);
        }
    }
    advance(input.at, changes);
    for (const PostKey& key : input.deletions) {
        remove(key, input.at, changes);
    }
    finish(changes, out);
    return out;
}

void StoryDesk::learn_facts(const std::string& incident, const Post& post,
                            const Experience& experience)
{
    StoryFacts& facts = facts_[incident];
    facts.audiences.insert(post.audience == Audience::employee ? "employee" : "customer");
    if (!is_complaint(experience)) {
        return;
    }
    double& sure = facts.complainers[post.key.network + '\x1f' +
                                     (post.author.empty() ? '\x1f' + post.key.id : post.author)];
    sure = std::max(sure, 2.0 * static_cast<double>(complaint_probability(experience)) - 1.0);
    facts.stages.insert(experience.of(Facet::stage).label);
    facts.emotions.insert(experience.of(Facet::emotion).label);
    const std::string words =
        analysis::folded(post.title + '\n' + post.text, analysis::Fold::stripped);
    const analysis::Gravity seen = analysis::gravity_of(words, experience.of(Facet::need));
    facts.gravity.safety = facts.gravity.safety || seen.safety;
    facts.gravity.legal = facts.gravity.legal || seen.legal;
    facts.gravity.press = facts.gravity.press || seen.press;
}

void StoryDesk::hear(const Post& post, const std::string& brand, const Experience& experience,
                     const std::string& incident, bool official, TimePoint at)
{
    threads_.add({.post = post,
                  .brand = brand,
                  .incident = incident,
                  .complaint = !official && is_complaint(experience),
                  .asks = !official && asks(experience),
                  .official = official,
                  .at = at});
}

void StoryDesk::arrive(const AnalysedPost& post, std::size_t index, DeskOutput& out,
                       Changes& changes)
{
    const TimePoint at = post.post.seen_at;
    for (const BrandHit& hit : post.hits) {
        MentionRecord record;
        record.post = index;
        record.brand = hit.brand;
        record.spans = hit.spans;
        record.terms = hit.terms;
        record.experience = hit.experience;
        if (hit.official) {
            record.incident = threads_.incident_of(hit.brand, post.post);
        } else {
            const analysis::Placement placed = tracker_.place(
                story_post(post.post, hit.brand, hit.experience, hit.spans, post.signature), at);
            record.incident = placed.incident;
            record.copy = placed.copy;
            if (!placed.copy && placed.by != analysis::JoinedBy::itself &&
                is_complaint(hit.experience)) {
                volumes_.count(post.post, hit.brand, hit.experience.of(Facet::reason).label, at);
            }
        }
        const std::string incident = record.incident;
        const bool copy = record.copy;
        out.mentions.push_back(std::move(record));
        hear(post.post, hit.brand, hit.experience, incident, hit.official, at);
        if (incident.empty()) {
            continue;
        }
        if (!hit.official) {
            if (carries(hit.experience, copy)) {
                spread_.arrive(incident, post.post, at);
            }
            learn_facts(incident, post.post, hit.experience);
        }
        open_.insert(incident);
        judge(incident, at, changes);
    }
}

void StoryDesk::observe(const Observation& observation, Changes& changes)
{
    const auto touched = tracker_.observe(observation.key, observation.engagement, observation.at);
    const auto before = spread_.forecast_of(observation.key, observation.at);
    spread_.observe(touched, observation.key, observation.engagement, observation.at);
    const auto after = spread_.forecast_of(observation.key, observation.at);
    if (before && after && before->p_threshold < hasten_from && after->p_threshold >= hasten_from) {
        changes.hasten.push_back(observation.key);
    }
    for (const std::string& incident : touched) {
        judge(incident, observation.at, changes);
    }
}

void StoryDesk::remove(const PostKey& key, TimePoint at, Changes& changes)
{
    spread_.forget_post(key);
    threads_.remove(key);
    for (const std::string& id : tracker_.remove(key)) {
        const Incident* incident = tracker_.find(id);
        changes.touched.insert(id);
        if (incident == nullptr) {
            continue;
        }
        if (incident->mentions == 0) {
            live(id, analysis::Deleted{}, at, changes);
            open_.erase(id);
        } else {
            judge(id, at, changes);
        }
    }
}

std::optional<TimePoint> StoryDesk::next_due() const
{
    if (refreshed_at_ == TimePoint{}) {
        return std::nullopt;
    }
    const TimePoint next = refreshed_at_ + grid;
    const auto wake = lives_.next_wake();
    return wake ? std::min(*wake, next) : next;
}

/// Lets everything happen that time brings until `to`, each at its own time.
void StoryDesk::advance(TimePoint to, Changes& changes)
{
    if (refreshed_at_ == TimePoint{}) {
        refreshed_at_ = std::chrono::floor<minutes>(to) -
                        std::chrono::floor<minutes>(to).time_since_epoch() % grid;
    }
    for (auto due = next_due(); due && *due <= to; due = next_due()) {
        const TimePoint next = refreshed_at_ + grid;
        if (const auto wanted = lives_.take_due(std::min(to, next))) {
            // A fresh look: others may have used up the day's budget since. What fell due before a
            // restart happens at its first grid step.
            judge(wanted->second, std::max(wanted->first, refreshed_at_), changes);
        } else if (next <= to) {
            refreshed_at_ = next;
            refresh(next, changes);
        }
    }
}

/// Ends what has faded, looks again at what has slowed down by a tenth, and learns.
void StoryDesk::refresh(TimePoint at, Changes& changes)
{
    for (const std::string& id : tracker_.expire(at)) {
        live(id, analysis::Faded{}, at, changes);
        open_.erase(id);
    }
    threads_.expire(at);
    for (auto it = open_.begin(); it != open_.end();) {
        const std::string id = *it++;
        Incident* incident = tracker_.find(id);
        if (incident == nullptr) {
            spread_.forget_incident(id);
            lives_.forget(id);
            facts_.erase(id);
            changes.states.push_back({"life:" + id, ""});
            open_.erase(id);
            continue;
        }
        const double before = incident->outlook.rate_per_hour;
        const double now = spread_.rate_of(id, at);
        if (before > 1 && now < 0.9 * before) {
            judge(id, at, changes);
        }
    }
    if (at.time_since_epoch() % hours{1} == hours{0}) {
        if (spread_.mature(at)) {
            changes.states.push_back({"spread", spread_.save()});
        }
        close_hour(at, changes);
    }
}

/// Brings the figures up to date that are not the tracker's.
void StoryDesk::update(Incident& incident, TimePoint at)
{
    incident.outlook =
        spread_.outlook(incident.id, at, {.views = incident.views, .followers = incident.followers},
                        options_.exposure);
    const auto facts = facts_.find(incident.id);
    incident.gravity = facts == facts_.end() ? Gravity{} : facts->second.gravity;
    Conversation conversation;
    for (const analysis::ThreadStatus& thread : threads_.of(incident.id)) {
        ++conversation.asked;
        if (thread.answered_at) {
            conversation.answered_at = std::max(conversation.answered_at, *thread.answered_at);
        } else {
            ++conversation.unanswered;
            conversation.agreeing += thread.agreeing;
            if (conversation.waiting_since == TimePoint{}) {
                conversation.waiting_since = thread.asked_at; // The longest waiting comes first.
            }
        }
    }
    incident.conversation = conversation;
}

analysis::Labels StoryDesk::labels_of(const Incident& incident) const
{
    analysis::Labels labels = analysis::labels_of(incident);
    for (const auto& [reason, count] : incident.reasons) {
        labels.add("reason", reason);
    }
    for (const auto& [need, count] : incident.needs) {
        labels.add("need", need);
    }
    for (const std::string& place : incident.places) {
        labels.add("place", place);
    }
    const auto add_if = [&labels](bool holds, std::string_view word) {
        labels.add("gravity", holds ? word : std::string_view());
    };
    add_if(incident.gravity.safety, "safety");
    add_if(incident.gravity.legal, "legal");
    add_if(incident.gravity.press, "press");
    const auto facts = facts_.find(incident.id);
    if (facts != facts_.end()) {
        for (const std::string& stage : facts->second.stages) {
            labels.add("stage", stage);
        }
        for (const std::string& emotion : facts->second.emotions) {
            labels.add("emotion", emotion);
        }
        for (const std::string& audience : facts->second.audiences) {
            labels.add("audience", audience);
        }
    }
    return labels;
}

void StoryDesk::judge(const std::string& id, TimePoint at, Changes& changes)
{
    (void)live(id, std::nullopt, at, changes);
}

std::string StoryDesk::live(const std::string& id, const std::optional<analysis::Event>& event,
                            TimePoint at, Changes& changes)
{
    if (is_notice(id)) {
        return live_notice(id, event, at, changes);
    }
    Incident* const known = tracker_.find(id);
    if (known == nullptr) {
        return "there is no such incident";
    }
    Incident& incident = *known;
    update(incident, at);
    changes.touched.insert(incident.id);
    const auto facts = facts_.find(incident.id);
    double voices = 0;
    if (facts != facts_.end()) {
        for (const auto& [author, sure] : facts->second.complainers) {
            voices += sure;
        }
    }
    const analysis::DecisionContext context{.certainty = tracker_.certainty(incident.id),
                                            .voices = voices,
                                            .told_in_day = told_in_day(at)};
    Incident unknown = incident;
    unknown.state = IncidentState::open;
    unknown.revision = 0;
    unknown.severity = Severity::info;
    const analysis::Verdict verdict = analysis::decide(unknown, context, options_.decision);
    incident.score = verdict.score;

    analysis::Look look = analysis::look_at(incident, context, options_.decision);
    const Forecast& forecast = incident.outlook.forecast;
    look.reactions = spread_.reactions_of(incident.id);
    if (forecast.calibration != Calibration::nothing && !forecast.withheld) {
        look.forecast = analysis::Band{.low = forecast.low, .high = forecast.high};
    }
    look.safety = incident.gravity.safety;
    look.legal = incident.gravity.legal;
    look.press = incident.gravity.press;
    look.witnesses = incident.witnesses;

    const analysis::Labels labels = labels_of(incident);
    const std::size_t told_before = changes.news.raised.size();
    std::string refused =
        lives_.apply({.incident = incident, .labels = labels, .score_parts = verdict.parts},
                     event.value_or(analysis::Event(analysis::Looked{look})), at, changes.news);
    for (std::size_t i = told_before; i < changes.news.raised.size(); ++i) {
        const Incident& told = changes.news.raised[i].alert.incident;
        if (told.state != IncidentState::resolved && told.severity != Severity::critical) {
            told_.push_back(at);
        }
    }
    if (incident.state != IncidentState::resolved) {
        open_.insert(incident.id);
    }
    return refused;
}

std::uint32_t StoryDesk::told_in_day(TimePoint at)
{
    while (!told_.empty() && told_.front() <= at - hours{24}) {
        told_.pop_front();
    }
    return static_cast<std::uint32_t>(told_.size());
}

} // namespace empathd
