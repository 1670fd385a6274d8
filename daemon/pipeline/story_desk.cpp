#include "daemon/pipeline/story_desk.hpp"

#include "analysis/text/normalize.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace empathd {
namespace {

using analysis::StoryPost;
using std::chrono::hours;
using std::chrono::minutes;

/// How often the pace of stories that nothing happens to is written down anew.
constexpr minutes refresh_every{5};

/// As the store keeps it, so that after a restart every story stands where it stood.
float complaint_probability(const Experience& experience)
{
    return kept_probability(probability_of(experience.of(Facet::experience), "complaint"));
}

/// For stories, what is more likely a complaint than not, also where the answer is "unsure": a
/// story that spreads is worth a look before everybody is sure. How sure counts in the score.
bool is_complaint(const Experience& experience)
{
    return complaint_probability(experience) >= 0.5F;
}

/// How the post knows what it tells: what is more likely than not.
analysis::Telling telling(const Experience& experience)
{
    const Answer& witness = experience.of(Facet::witness);
    if (kept_probability(probability_of(witness, "first_hand")) >= 0.5F) {
        return analysis::Telling::first_hand;
    }
    return kept_probability(probability_of(witness, "second_hand")) >= 0.5F
               ? analysis::Telling::second_hand
               : analysis::Telling::none;
}

StoryPost story_post(const Post& post, const std::string& brand, const Experience& experience,
                     const std::vector<Span>& spans,
                     const std::optional<analysis::MinHash>& signature)
{
    return {.post = post,
            .brand = brand,
            .complaint = is_complaint(experience),
            .complaint_probability = complaint_probability(experience),
            .language = experience.language,
            .signature = signature,
            .telling = telling(experience),
            .reason = experience.of(Facet::reason).label,
            .need = experience.of(Facet::need).label,
            .spans = spans};
}

/// One thing that happened, for taking a page in the order of time.
struct Event {
    TimePoint at{};
    const AnalysedPost* post = nullptr;
    std::size_t index = 0;
    const Observation* observation = nullptr;
};

std::vector<Event> in_order(const DeskInput& input)
{
    std::vector<Event> events;
    events.reserve(input.posts.size() + input.observations.size());
    for (std::size_t i = 0; i < input.posts.size(); ++i) {
        events.push_back({.at = input.posts[i].post.seen_at, .post = &input.posts[i], .index = i});
    }
    for (const Observation& observation : input.observations) {
        events.push_back({.at = observation.at, .observation = &observation});
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.at < b.at; });
    return events;
}

} // namespace

StoryDesk::StoryDesk(DeskOptions options) : options_(options), tracker_(options.tracker) {}

void StoryDesk::restore(const TrackedState& state)
{
    for (const Incident& incident : state.incidents) {
        tracker_.restore(incident);
        spread_.restore_peak(incident.id, incident.outlook.peak_per_hour);
        open_.insert(incident.id);
    }
    std::multimap<TimePoint, const Observation*> observations;
    std::map<PostKey, const Observation*> first_sight;
    for (const Observation& observation : state.observations) {
        if (first_sight.emplace(observation.key, &observation).second) {
            continue;
        }
        observations.emplace(observation.at, &observation);
    }
    for (const StoredMention& mention : state.mentions) {
        const std::string words = analysis::folded(mention.post.text, analysis::Fold::stripped);
        Post post = mention.post;
        const auto first = first_sight.find(post.key);
        if (first != first_sight.end()) {
            post.engagement = first->second->engagement;
        }
        tracker_.restore(story_post(post, mention.brand, mention.experience, mention.spans,
                                    analysis::minhash(words)),
                         mention.incident, mention.copy, post.seen_at);
        spread_.arrive(mention.incident, post, post.seen_at);
    }
    for (const auto& [at, observation] : observations) {
        const auto touched = tracker_.observe(observation->key, observation->engagement, at);
        spread_.observe(touched, observation->key, observation->engagement, at);
    }
    for (const StoredAlert& alert : state.alerts_of_day) {
        const Alert& told = alert.record.alert;
        if (told.incident.state != IncidentState::resolved &&
            told.incident.severity != Severity::critical) {
            told_.push_back(told.raised_at);
        }
    }
    std::sort(told_.begin(), told_.end());
}

DeskOutput StoryDesk::take(const DeskInput& input)
{
    DeskOutput out;
    Changes changes;
    for (const Event& event : in_order(input)) {
        if (event.post != nullptr) {
            arrive(*event.post, event.index, out, changes);
        } else {
            observe(*event.observation, changes);
        }
    }
    for (const PostKey& key : input.deletions) {
        remove(key, input.at, changes);
    }
    if (input.at - refreshed_at_ >= refresh_every) {
        refreshed_at_ = input.at;
        refresh(input.at, changes);
    }
    for (const std::string& id : changes.touched) {
        if (const Incident* incident = tracker_.find(id)) {
            out.incidents.push_back(*incident);
        }
    }
    out.alerts = std::move(changes.alerts);
    return out;
}

void StoryDesk::arrive(const AnalysedPost& post, std::size_t index, DeskOutput& out,
                       Changes& changes)
{
    const TimePoint at = post.post.seen_at;
    for (const BrandHit& hit : post.hits) {
        const analysis::Placement placed = tracker_.place(
            story_post(post.post, hit.brand, hit.experience, hit.spans, post.signature), at);
        MentionRecord record;
        record.post = index;
        record.brand = hit.brand;
        record.spans = hit.spans;
        record.terms = hit.terms;
        record.experience = hit.experience;
        record.incident = placed.incident;
        record.copy = placed.copy;
        out.mentions.push_back(std::move(record));
        if (!placed.incident.empty()) {
            spread_.arrive(placed.incident, post.post, at);
            open_.insert(placed.incident);
            judge(placed.incident, at, changes);
        }
    }
}

void StoryDesk::observe(const Observation& observation, Changes& changes)
{
    const auto touched = tracker_.observe(observation.key, observation.engagement, observation.at);
    spread_.observe(touched, observation.key, observation.engagement, observation.at);
    for (const std::string& incident : touched) {
        judge(incident, observation.at, changes);
    }
}

void StoryDesk::remove(const PostKey& key, TimePoint at, Changes& changes)
{
    spread_.forget_post(key);
    for (const std::string& id : tracker_.remove(key)) {
        Incident* incident = tracker_.find(id);
        changes.touched.insert(id);
        if (incident != nullptr && incident->mentions == 0 &&
            incident->state != IncidentState::resolved) {
            end(*incident, AlertReason::source_deleted, at, changes);
        }
    }
}

void StoryDesk::judge(const std::string& id, TimePoint at, Changes& changes)
{
    Incident& known = *tracker_.find(id);
    known.outlook = spread_.outlook(id, at);
    changes.touched.insert(id);
    // Old posts of a resolved story may take off again: then it is told as its next episode.
    Incident next_episode = known;
    if (known.state == IncidentState::resolved) {
        next_episode.state = IncidentState::open;
        ++next_episode.episode;
        next_episode.revision = 0;
        next_episode.severity = Severity::info;
    }
    Incident& incident = known.state == IncidentState::resolved ? next_episode : known;
    const analysis::DecisionContext context{.certainty = tracker_.certainty(id),
                                            .told_in_day = told_in_day(at)};
    const analysis::Verdict verdict = analysis::decide(incident, context, options_.decision);
    incident.score = verdict.score;
    if (!verdict.tell) {
        ++verdicts_.silenced[static_cast<std::size_t>(*verdict.silence)];
        return;
    }
    ++verdicts_.told[static_cast<std::size_t>(*verdict.tell)];
    changes.alerts.push_back(analysis::raise_alert(incident, verdict, *verdict.tell, at));
    if (verdict.severity != Severity::critical) {
        told_.push_back(at);
    }
    if (known.state == IncidentState::resolved) {
        known = next_episode;
        open_.insert(id);
    }
}

/// Ends a story; only who was told of it is told of its end.
void StoryDesk::end(Incident& incident, AlertReason reason, TimePoint at, Changes& changes)
{
    incident.state = IncidentState::resolved;
    incident.outlook = spread_.outlook(incident.id, at);
    changes.touched.insert(incident.id);
    open_.erase(incident.id);
    if (incident.revision > 0) {
        ++verdicts_.told[static_cast<std::size_t>(reason)];
        analysis::Verdict verdict;
        verdict.score = incident.score;
        verdict.severity = incident.severity;
        changes.alerts.push_back(analysis::raise_alert(incident, verdict, reason, at));
    }
}

/// Ends what has faded, and writes down the pace of the rest where it has changed by a tenth.
void StoryDesk::refresh(TimePoint at, Changes& changes)
{
    for (const std::string& id : tracker_.expire(at)) {
        end(*tracker_.find(id), AlertReason::faded, at, changes);
    }
    for (auto it = open_.begin(); it != open_.end();) {
        Incident* incident = tracker_.find(*it);
        if (incident == nullptr) {
            spread_.forget_incident(*it);
            it = open_.erase(it);
            continue;
        }
        const double before = incident->outlook.rate_per_hour;
        const Outlook now = spread_.outlook(*it, at);
        if (before > 1 && now.rate_per_hour < 0.9 * before) {
            incident->outlook = now;
            const analysis::DecisionContext context{.certainty = tracker_.certainty(*it),
                                                    .told_in_day = told_in_day(at)};
            incident->score = analysis::decide(*incident, context, options_.decision).score;
            changes.touched.insert(*it);
        }
        ++it;
    }
}

std::uint32_t StoryDesk::told_in_day(TimePoint at)
{
    while (!told_.empty() && told_.front() <= at - hours{24}) {
        told_.pop_front();
    }
    return static_cast<std::uint32_t>(told_.size());
}

} // namespace empathd
