#include "daemon/notify/newest_told.hpp"

#include <algorithm>

namespace empathd {

bool NewestTold::is_stale(const Incident& incident) const
{
    const auto found = places_.find(incident.id);
    return found != places_.end() && Place{incident.episode, incident.revision} < found->second;
}

void NewestTold::told(const Incident& incident)
{
    const Place place{incident.episode, incident.revision};
    const auto [found, is_new] = places_.try_emplace(incident.id, place);
    found->second = std::max(found->second, place);
    if (!is_new) {
        return;
    }
    order_.push_back(incident.id);
    if (order_.size() > stories_max_) {
        places_.erase(order_.front());
        order_.pop_front();
    }
}

} // namespace empathd
