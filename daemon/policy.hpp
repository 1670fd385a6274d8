#pragma once

#include "analysis/decision/hours.hpp"
#include "analysis/decision/lifecycle.hpp"
#include "analysis/decision/routing.hpp"
#include "config/config.hpp"
#include "connectors/transport/fetch_policy.hpp"
#include "daemon/pipeline/story_desk.hpp"

#include <optional>
#include <string>
#include <vector>

namespace empathd {

// The configuration in the terms of the parts that obey it.

[[nodiscard]] connectors::FetchPolicy fetch_policy(const config::Config& config);
/// Without the rules of who is told: see alert_rules.
[[nodiscard]] DeskOptions desk_options(const config::Config& config);

/// Who is told of what, and how patiently. `sinks` are the names of all there are. Fails as
/// hours_of and route_tree do.
[[nodiscard]] Result<AlertRules> alert_rules(const config::Config& config,
                                             const std::vector<std::string>& sinks);

/// How patient an incident's life is where no route says otherwise.
[[nodiscard]] analysis::Policy life_policy(const config::AlertConfig& alerts);

/// The hours there are, in the order of the file; entries of one name are one. Fails with
/// `invalid_config`, naming the hours and the field.
[[nodiscard]] Result<std::vector<analysis::Hours>> hours_of(const config::Config& config);

/// The routing tree: its root, named "all", is [alerts], with every sink where that names none.
/// `sinks` are the names of all there are. Fails with `invalid_config`, naming the route and the
/// field.
[[nodiscard]] Result<analysis::RouteTree> route_tree(const config::Config& config,
                                                     const std::vector<std::string>& sinks);

/// Why hours or routes cannot be used; nothing when they can.
[[nodiscard]] std::optional<std::string> route_problem(const config::Config& config,
                                                       const std::vector<std::string>& sinks);

/// Why the watches cannot be compiled; nothing when they can.
[[nodiscard]] std::optional<std::string> watch_problem(const config::Config& config);

} // namespace empathd
