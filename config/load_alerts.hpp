#pragma once

#include "config/config.hpp"
#include "config/section.hpp"

namespace empathd::config {

// When and where people are told: [alerts], [[hours]] and [[route]]. Parts of load.cpp.

void read_hours(Section& root, std::vector<HoursConfig>& hours);
/// After read_hours: names of hours are looked up.
void read_alerts(Section section, Config& config);
/// After read_hours. A parent must stand above its children: so there are no circles.
void read_routes(Section& root, Config& config);

} // namespace empathd::config
