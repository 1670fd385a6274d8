#pragma once

#include "analysis/model/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace empathd {

/// How far a story had come at a time: everything so far, not what was added.
struct TimelinePoint {
    TimePoint at{};
    std::uint32_t mentions = 0;
    std::uint32_t witnesses = 0;
    std::uint64_t reactions = 0;

    friend bool operator==(const TimelinePoint&, const TimelinePoint&) = default;
};

enum class Landmark : std::uint8_t {
    network,   ///< First post on a network; `what` is its name.
    language,  ///< First post in a language; `what` is its code.
    reactions, ///< As many reactions as `what` says: "10", "100", "1000".
};

struct TimelineEvent {
    TimePoint at{};
    Landmark landmark = Landmark::network;
    std::string what;

    friend bool operator==(const TimelineEvent&, const TimelineEvent&) = default;
};

/// A story as it grew. Both by time, ascending.
struct Timeline {
    std::vector<TimelinePoint> points; ///< At most timeline_points_max; the last is how it stands.
    std::vector<TimelineEvent> events;
};

inline constexpr std::size_t timeline_points_max = 200;

} // namespace empathd
