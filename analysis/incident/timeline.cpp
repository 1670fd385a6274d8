#include "analysis/incident/timeline.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace empathd::analysis {
namespace {

/// Something that happened to one member.
struct Change {
    TimePoint at{};
    const Member* arrived = nullptr; ///< Not set when only its reactions changed.
    std::uint64_t gained = 0;        ///< Reactions; wraps around where they fell.
};

std::vector<Change> changes_of(const std::vector<Member>& members)
{
    std::vector<Change> changes;
    for (const Member& member : members) {
        std::uint64_t before = 0;
        for (const ReactionsAt& step : member.growth) {
            changes.push_back({.at = step.at,
                               .arrived = &step == &member.growth.front() ? &member : nullptr,
                               .gained = step.reactions - before});
            before = step.reactions;
        }
    }
    std::stable_sort(changes.begin(), changes.end(),
                     [](const Change& a, const Change& b) { return a.at < b.at; });
    return changes;
}

/// Notes what happens for the first time.
class Landmarks {
public:
    explicit Landmarks(std::vector<TimelineEvent>& events) : events_(events) {}

    void arrived(const Member& member, TimePoint at)
    {
        if (networks_.insert(member.key.network).second) {
            events_.push_back({at, Landmark::network, member.key.network});
        }
        if (!member.language.empty() && member.language != "und" &&
            languages_.insert(member.language).second) {
            events_.push_back({at, Landmark::language, member.language});
        }
    }

    void reached(std::uint64_t reactions, TimePoint at)
    {
        for (; next_ <= 1000 && reactions >= next_; next_ *= 10) {
            events_.push_back({at, Landmark::reactions, std::to_string(next_)});
        }
    }

private:
    std::vector<TimelineEvent>& events_;
    std::set<std::string> networks_;
    std::set<std::string> languages_;
    std::uint64_t next_ = 10;
};

/// Of as many equal runs of points as may stay, the last of each: it says all before it.
void thin(std::vector<TimelinePoint>& points)
{
    if (points.size() <= timeline_points_max) {
        return;
    }
    std::vector<TimelinePoint> kept;
    kept.reserve(timeline_points_max);
    kept.push_back(points.front());
    for (std::size_t i = 1; i < timeline_points_max; ++i) {
        kept.push_back(points[i * (points.size() - 1) / (timeline_points_max - 1)]);
    }
    points = std::move(kept);
}

} // namespace

Timeline timeline_of(const std::vector<Member>& members)
{
    Timeline out;
    Landmarks landmarks(out.events);
    Story so_far; // Counts witnesses as the story does.
    TimelinePoint now;
    for (const Change& change : changes_of(members)) {
        now.at = change.at;
        now.reactions += change.gained;
        if (change.arrived != nullptr) {
            count(so_far, *change.arrived);
            now.mentions = so_far.incident.mentions;
            now.witnesses = so_far.incident.witnesses;
            landmarks.arrived(*change.arrived, change.at);
        }
        landmarks.reached(now.reactions, change.at);
        if (!out.points.empty() && out.points.back().at == now.at) {
            out.points.back() = now;
        } else {
            out.points.push_back(now);
        }
    }
    thin(out.points);
    return out;
}

} // namespace empathd::analysis
