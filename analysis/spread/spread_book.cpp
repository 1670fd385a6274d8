#include "analysis/spread/spread_book.hpp"

#include <algorithm>

namespace empathd::analysis {
namespace {

std::string name_of(const PostKey& key)
{
    return key.network + '\x1f' + key.id;
}

} // namespace

void SpreadBook::arrive(const std::string& incident, const Post& post, TimePoint at)
{
    const std::uint64_t count = reactions(post.engagement);
    posts_[name_of(post.key)] = {.reactions = count, .at = at};
    LeakyCounters& counters = incidents_[incident].counters;
    counters.add(1, at, at);
    const TimePoint earliest = at - first_sight_spread;
    counters.add(static_cast<double>(count), std::clamp(post.published_at, earliest, at), at);
}

void SpreadBook::observe(const std::vector<std::string>& incidents, const PostKey& key,
                         const Engagement& engagement, TimePoint at)
{
    const auto found = posts_.find(name_of(key));
    if (found == posts_.end() || engagement == Engagement{}) {
        return;
    }
    PostState& post = found->second;
    const std::uint64_t count = reactions(engagement);
    const double news = count > post.reactions ? static_cast<double>(count - post.reactions) : 0.0;
    for (const std::string& incident : incidents) {
        incidents_[incident].counters.add(news, std::min(post.at, at), at);
    }
    post = {.reactions = count, .at = std::max(post.at, at)};
}

Outlook SpreadBook::outlook(const std::string& incident, TimePoint at)
{
    Outlook out;
    out.method = leaky_method;
    const auto found = incidents_.find(incident);
    if (found != incidents_.end()) {
        IncidentState& state = found->second;
        out.rate_per_hour = state.counters.rate_per_hour(at);
        state.peak_per_hour = std::max(state.peak_per_hour, out.rate_per_hour);
        out.peak_per_hour = state.peak_per_hour;
    }
    return out;
}

void SpreadBook::restore_peak(const std::string& incident, double per_hour)
{
    IncidentState& state = incidents_[incident];
    state.peak_per_hour = std::max(state.peak_per_hour, per_hour);
}

void SpreadBook::forget_post(const PostKey& key)
{
    posts_.erase(name_of(key));
}

void SpreadBook::forget_incident(const std::string& incident)
{
    incidents_.erase(incident);
}

} // namespace empathd::analysis
