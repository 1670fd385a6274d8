#include "analysis/spread/spread_book.hpp"

#include "analysis/spread/rules.hpp"

#include <algorithm>
#include <map>

namespace empathd::analysis {

void SpreadBook::grow(const std::string& incident, StoryState& story, double news, TimePoint from,
                      TimePoint at)
{
    story.counters.add(news, std::min(from, at), at);
    story.sum += news;
    if (!story.track.begun()) {
        story.track = begin(story.sum, at);
    } else {
        update(story.track, story.sum, at);
    }
    forecaster_.observe(story_platform, incident, story.track);
}

void SpreadBook::arrive(const std::string& incident, const Post& post, TimePoint at)
{
    const auto count = static_cast<double>(reactions(post.engagement));
    const bool counted = post.engagement != Engagement{};
    PostState& state = posts_[name_of(post.key)];
    state.arrived_at = state.arrived_at == TimePoint{} ? at : state.arrived_at;
    if (counted && !state.track.begun()) {
        state.track = begin(count, at, post.published_at);
        forecaster_.observe(post.key.network, post.key.id, state.track);
    }
    state.views = post.engagement.views.value_or(state.views);
    state.followers = post.author_followers.value_or(state.followers);
    StoryState& story = stories_[incident];
    grow(incident, story, 1, at, at);
    if (count > 0) {
        const TimePoint earliest = at - first_sight_spread;
        grow(incident, story, count, std::clamp(post.published_at, earliest, at), at);
    }
}

void SpreadBook::observe(const std::vector<std::string>& incidents, const PostKey& key,
                         const Engagement& engagement, TimePoint at)
{
    const auto found = posts_.find(name_of(key));
    if (found == posts_.end() || engagement == Engagement{}) {
        return;
    }
    PostState& post = found->second;
    const auto count = static_cast<double>(reactions(engagement));
    const TimePoint before = post.track.begun() ? post.track.last_at() : at;
    const double news = std::max(0.0, count - post.track.count);
    post.views = engagement.views.value_or(post.views);
    if (!post.track.begun()) {
        post.track = begin(count, at);
    } else {
        update(post.track, count, at);
    }
    forecaster_.observe(key.network, key.id, post.track);
    for (const std::string& incident : incidents) {
        grow(incident, stories_[incident], news, before, at);
    }
}

Outlook SpreadBook::outlook(const std::string& incident, TimePoint at, Reach reach,
                            const ExposureFactors& factors)
{
    Outlook out;
    out.method = spread_method;
    const auto found = stories_.find(incident);
    if (found == stories_.end()) {
        return out;
    }
    StoryState& story = found->second;
    out.rate_per_hour = story.counters.rate_per_hour(at);
    story.peak_per_hour = std::max(story.peak_per_hour, out.rate_per_hour);
    out.peak_per_hour = story.peak_per_hour;
    if (!story.track.begun()) {
        return out;
    }
    out.forecast = forecaster_.forecast(story_platform, story.track, at);
    out.calibrated = out.forecast.calibration == Calibration::own && !out.forecast.withheld;
    reach.reactions = story.sum;
    ExposureFactors own = factors;
    own.view_rate = view_rate_.factor(factors.view_rate);
    const Growth growth{out.forecast.low, out.forecast.median, out.forecast.high};
    out.exposure = exposure_of(reach, growth, own);
    return out;
}

double SpreadBook::rate_of(const std::string& incident, TimePoint at) const
{
    const auto found = stories_.find(incident);
    return found == stories_.end() ? 0 : found->second.counters.rate_per_hour(at);
}

double SpreadBook::reactions_of(const std::string& incident) const
{
    const auto found = stories_.find(incident);
    return found == stories_.end() ? 0 : found->second.sum;
}

std::optional<Forecast> SpreadBook::forecast_of(const PostKey& key, TimePoint at) const
{
    const auto found = posts_.find(name_of(key));
    if (found == posts_.end() || !found->second.track.begun()) {
        return std::nullopt;
    }
    return forecaster_.forecast(key.network, found->second.track, at);
}

void SpreadBook::restore_peak(const std::string& incident, double per_hour)
{
    StoryState& state = stories_[incident];
    state.peak_per_hour = std::max(state.peak_per_hour, per_hour);
}

void SpreadBook::merge(const std::string& into, const std::string& from)
{
    const auto found = stories_.find(from);
    if (found == stories_.end() || into == from) {
        return;
    }
    const StoryState other = found->second;
    stories_.erase(found);
    forecaster_.drop(story_platform, from);
    StoryState& story = stories_[into];
    story.peak_per_hour = std::max(story.peak_per_hour, other.peak_per_hour);
    story.counters.add(other.counters);
    const TimePoint at = std::max(story.counters.at(), other.counters.at());
    story.sum += other.sum;
    if (story.track.begun()) {
        update(story.track, story.sum, at);
    } else {
        story.track = other.track;
    }
}

void SpreadBook::split(const std::string& from, const std::string& into,
                       const std::vector<PostKey>& keys)
{
    const auto found = stories_.find(from);
    if (found == stories_.end() || into == from) {
        return;
    }
    double moved = 0;
    for (const PostKey& key : keys) {
        const auto post = posts_.find(name_of(key));
        moved += post == posts_.end() ? 0 : 1 + post->second.track.count;
    }
    StoryState& old = found->second;
    moved = std::min(moved, old.sum);
    const double share = old.sum > 0 ? moved / old.sum : 0;
    StoryState fresh;
    fresh.counters = old.counters.take(share);
    fresh.sum = moved;
    old.sum -= moved;
    const TimePoint at = old.counters.at();
    if (old.track.begun()) {
        fresh.track = begin(fresh.sum, at, old.track.first_at);
        update(old.track, old.sum, at);
    }
    stories_[into] = fresh;
}

bool SpreadBook::mature(TimePoint at)
{
    std::map<std::string, PostState> over; // By name: sums do not depend on the table's order.
    for (auto it = posts_.begin(); it != posts_.end();) {
        if (it->second.arrived_at + life <= at) {
            over.insert(*it);
            it = posts_.erase(it);
        } else {
            ++it;
        }
    }
    for (const auto& [name, post] : over) {
        view_rate_.learn(post.views, post.followers);
    }
    return forecaster_.mature_due(at) > 0 || !over.empty();
}

void SpreadBook::forget_post(const PostKey& key)
{
    posts_.erase(name_of(key));
    forecaster_.drop(key.network, key.id);
}

void SpreadBook::forget_incident(const std::string& incident)
{
    stories_.erase(incident);
}

void SpreadBook::set_threshold(const std::vector<std::string>& platforms,
                               std::optional<double> reactions)
{
    for (const std::string& platform : platforms) {
        forecaster_.set_threshold(platform, reactions);
    }
}

std::string SpreadBook::save() const
{
    return view_rate_.save() + forecaster_.save();
}

Result<> SpreadBook::load(std::string_view bytes)
{
    const std::size_t head = ViewRate().save().size();
    const auto rate = ViewRate::load(bytes.substr(0, head));
    if (!rate || bytes.size() < head) {
        return Error{ErrorKind::malformed, "no state of a spread book"};
    }
    auto learned = Forecaster::load(bytes.substr(head));
    if (!learned) {
        return learned.error();
    }
    view_rate_ = *rate;
    forecaster_ = std::move(*learned);
    return {};
}

} // namespace empathd::analysis
