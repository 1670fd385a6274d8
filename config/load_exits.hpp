#pragma once

#include "config/config.hpp"

namespace empathd::config {

/// Reads [[webhook]], [[slack]], [[email]], [[alertmanager]], [[pagerduty]] and [templates] of the
/// main file. Problems go where `root` reports them. Part of load.hpp, not for other callers.
void read_exits(Section& root, Config& config);

} // namespace empathd::config
