#pragma once

#include "config/config.hpp"
#include "connectors/transport/fetch_policy.hpp"
#include "daemon/pipeline/story_desk.hpp"

#include <optional>
#include <string>

namespace empathd {

// The configuration in the terms of the parts that obey it.

[[nodiscard]] connectors::FetchPolicy fetch_policy(const config::Config& config);
[[nodiscard]] DeskOptions desk_options(const config::AlertConfig& alerts);

/// Why the watches cannot be compiled; nothing when they can.
[[nodiscard]] std::optional<std::string> watch_problem(const config::Config& config);

} // namespace empathd
