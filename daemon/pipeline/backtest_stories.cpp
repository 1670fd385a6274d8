#include "daemon/pipeline/backtest_stories.hpp"

#include <algorithm>
#include <chrono>

namespace empathd {

using std::chrono::hours;

void SpikeRule::add(const std::string& brand, TimePoint at)
{
    Brand& now = brands_[brand];
    const TimePoint hour = std::chrono::floor<hours>(at);
    if (now.hour == TimePoint{}) {
        now.hour = hour;
        now.limit = now.rule.limit();
    }
    while (now.hour < hour) {
        (void)now.rule.add(now.count);
        now.hour += hours{1};
        now.count = 0;
        now.alarmed = false;
        if (now.hour == hour) {
            now.limit = now.rule.limit();
        }
    }
    ++now.count;
    if (!now.alarmed && static_cast<double>(now.count) > now.limit) {
        now.alarmed = true;
        now.alarms.push_back(at);
    }
}

std::optional<TimePoint> SpikeRule::first_alarm(const std::string& brand, TimePoint from,
                                                TimePoint to) const
{
    const auto found = brands_.find(brand);
    if (found == brands_.end()) {
        return std::nullopt;
    }
    const std::vector<TimePoint>& alarms = found->second.alarms;
    const auto first = std::lower_bound(alarms.begin(), alarms.end(), from);
    return first == alarms.end() || *first > to ? std::nullopt : std::optional(*first);
}

void StoryBook::learn_verdict(Story& story, const std::string& incident) const
{
    const auto said = verdicts_.find(incident);
    if (said != verdicts_.end() && (!story.verdict || story.verdict->said < said->second.said)) {
        story.verdict = said->second;
    }
}

void StoryBook::take(const HistoryStep& step, const std::vector<MentionRecord>& mentions)
{
    // A desk gives its mentions in the order of time, and one post's in the order of its hits.
    std::map<std::size_t, std::size_t> hits;
    for (const MentionRecord& mention : mentions) {
        const AnalysedPost& post = step.input.posts[mention.post];
        const TimePoint at = post.post.seen_at;
        const std::size_t hit = hits[mention.post]++;
        ++mentions_;
        first_at_ = first_at_ == TimePoint{} ? at : first_at_;
        spikes_.add(mention.brand, at);
        if (mention.incident.empty() || post.hits[hit].official) {
            continue; // The brand's own answer is no part of the story.
        }
        const auto [place, fresh] = stories_.try_emplace(mention.incident);
        Story& story = place->second;
        if (fresh) {
            story.brand = mention.brand;
            story.first_at = at;
            learn_verdict(story, mention.incident);
        }
        story.last_at = at;
        learn_verdict(story, step.stored_incidents[mention.post][hit]);
    }
}

std::uint64_t StoryBook::count(bool good) const
{
    return static_cast<std::uint64_t>(
        std::count_if(stories_.begin(), stories_.end(), [good](const auto& entry) {
            return entry.second.verdict && entry.second.verdict->good == good;
        }));
}

std::uint64_t StoryBook::marked_good() const
{
    return count(true);
}

std::uint64_t StoryBook::marked_bad() const
{
    return count(false);
}

std::optional<bool> StoryBook::verdict_of(const std::string& story) const
{
    const auto found = stories_.find(story);
    if (found == stories_.end() || !found->second.verdict) {
        return std::nullopt;
    }
    return found->second.verdict->good;
}

std::optional<double> StoryBook::lead_min(const std::string& story, TimePoint told_at) const
{
    const auto found = stories_.find(story);
    if (found == stories_.end()) {
        return std::nullopt;
    }
    const Story& about = found->second;
    const auto alarm = spikes_.first_alarm(about.brand, about.first_at, about.last_at);
    if (!alarm) {
        return std::nullopt;
    }
    return std::chrono::duration<double, std::ratio<60>>(*alarm - told_at).count();
}

} // namespace empathd
