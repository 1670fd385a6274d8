#pragma once

#include "analysis/decision/labels.hpp"
#include "analysis/decision/lifecycle.hpp"
#include "analysis/model/error.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace empathd::analysis {

/// What a node sets; what it leaves unset is its parent's.
struct RouteSettings {
    std::optional<std::vector<std::string>> receivers; ///< Sinks told first, by name.
    /// Sinks told beside them, one more with each level, when nobody takes it.
    std::optional<std::vector<std::string>> escalate_to;
    std::optional<std::chrono::milliseconds> group_wait;
    std::optional<std::chrono::milliseconds> group_interval;
    std::optional<std::chrono::milliseconds> repeat_interval;
    std::array<std::optional<std::chrono::milliseconds>, 4> escalate_after; ///< By severity.
    std::optional<std::vector<std::string>> mute_hours;                     ///< Names of Hours.
    std::optional<std::vector<std::string>> active_hours;
};

struct RouteNode {
    std::string name;
    std::vector<Matcher> matchers; ///< All must match; the root has none.
    bool goes_on = false;          ///< Its later siblings are tried too, although it matched.
    RouteSettings settings;
    std::vector<RouteNode> children;
};

/// Where an incident goes: a node with everything inherited.
struct Route {
    std::string name; ///< Of the nodes from the root, "/" between them.
    std::vector<std::string> receivers;
    std::vector<std::string> escalate_to;
    std::chrono::milliseconds group_wait{};
    std::chrono::milliseconds group_interval{};
    std::chrono::milliseconds repeat_interval{};
    std::array<std::chrono::milliseconds, 4> escalate_after{};
    std::vector<std::string> mute_hours;
    std::vector<std::string> active_hours;

    friend bool operator==(const Route&, const Route&) = default;
};

inline constexpr std::size_t routes_max = 500;     ///< Nodes of a tree,
inline constexpr std::size_t route_depth_max = 16; ///< and of a path, the root included.

/// A tree that has been checked. A value: children are inside their parents, so it has no cycles.
class RouteTree {
public:
    /// `root` must set every time and have no matchers; `sinks` and `hours` are the names there
    /// are. Fails with `invalid_config` naming the route and the field: an unknown sink or hours, a
    /// name that two siblings share, that is empty or holds '/', a bad matcher, a child without
    /// one, a time below zero, an interval of zero, too many nodes or levels. No receivers, set or
    /// inherited, are allowed: such incidents are kept and shown, and nobody is told.
    [[nodiscard]] static Result<RouteTree> make(RouteNode root, const std::set<std::string>& sinks,
                                                const std::set<std::string>& hours);

    /// The deepest node that matches, going into the first child that does and, while a matching
    /// one `goes_on`, into the next that does too. At least one route: the root matches all.
    [[nodiscard]] std::vector<Route> route(const Labels& labels) const;

private:
    explicit RouteTree(RouteNode root) : root_(std::move(root)) {}
    RouteNode root_;
};

/// Who is told at a level of one route: the receivers, and the first `level` of `escalate_to`; each
/// once.
[[nodiscard]] std::vector<std::string> receivers_at(const Route& route, std::uint32_t level);

/// `base` with the times of the routes of one incident: of several the shortest of each, and the
/// most levels. An incident has one life, however many are told.
[[nodiscard]] Policy policy_for(const Policy& base, std::span<const Route> routes);

} // namespace empathd::analysis
