#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace empathd::systemd {

// What systemd is told (sd_notify). All of it does nothing when it did not start us.

void ready();
void reloading();
void stopping();
void status(const std::string& line);
void feed_watchdog();

/// How often the watchdog wants to be fed, halved for safety; nothing when there is none.
[[nodiscard]] std::optional<std::chrono::milliseconds> watchdog_interval();

} // namespace empathd::systemd
