// The last stage of the desk: what changed, handed over.
#include "daemon/pipeline/life_bytes.hpp"
#include "daemon/pipeline/story_desk.hpp"

#include <utility>

namespace empathd {

void StoryDesk::finish(Changes& changes, DeskOutput& out)
{
    for (const std::string& id : changes.touched) {
        if (const Incident* incident = find(id)) {
            out.incidents.push_back(*incident);
        }
    }
    for (const SilenceReason reason : changes.news.withheld) {
        ++verdicts_.silenced[static_cast<std::size_t>(reason)];
    }
    for (Raised& raised : changes.news.raised) {
        ++verdicts_.told[static_cast<std::size_t>(raised.alert.reason)];
        out.alerts.push_back(std::move(raised.alert));
        out.sinks.push_back(std::move(raised.sinks));
    }
    out.states = std::move(changes.states);
    if (volumes_.hour_changed()) {
        out.states.push_back({"volume:hour", volumes_.save_hour()});
    }
    for (const std::string& id : changes.news.changed) {
        const analysis::Life* life = lives_.find(id);
        out.states.push_back({"life:" + id, life != nullptr ? life_bytes(*life) : ""});
    }
    if (changes.news.silences_changed) {
        out.states.push_back({"silences", silences_bytes(lives_.silences())});
    }
    out.journal = std::move(changes.journal);
    out.journal.insert(out.journal.end(), changes.news.journal.begin(), changes.news.journal.end());
    out.hasten = std::move(changes.hasten);
}

} // namespace empathd
