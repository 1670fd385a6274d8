#pragma once

#include "analysis/model/time.hpp"

#include <optional>
#include <string_view>

namespace empathd::connectors {

/// Reads a time as feeds and networks really write it. Nothing for what is none. Tried in order:
///
/// - RFC 3339 (model/time.hpp).
/// - ISO 8601 with less or more than that: no zone (then UTC), offset without colon or minutes,
///   a blank or a zone's name before it, no seconds, date alone (midnight UTC), "2024/05/01",
///   basic form "20240501T123456Z" and "20240501123456".
/// - Epoch numbers, told apart by their digits: 9 or 10 seconds (a fraction may follow), 12 or 13
///   milliseconds, 15 or 16 microseconds.
/// - RFC 822, 2822, 850 and asctime with their usual damage: weekday missing, wrong or spelt out;
///   month spelt out or before the day; two-digit years (below 50 in this century, RFC 5322 section
///   4.3); seconds or the whole time missing; AM and PM; zone as "+0200", "+02:00", "GMT+2", a
///   name, missing, or followed by a comment. A zone that is not known counts as UTC, as RFC 5322
///   asks.
///
/// Fractions of a second are cut to milliseconds; a leap second counts as the second before.
[[nodiscard]] std::optional<TimePoint> parse_time(std::string_view text) noexcept;

/// The RFC 822 family alone, which holds all three forms of an HTTP-date (RFC 9110 section 5.6.7).
[[nodiscard]] std::optional<TimePoint> parse_rfc822(std::string_view text) noexcept;

/// Seconds since 1970, with a fraction. Nothing outside the years 1970 to 9999, and for NaN.
[[nodiscard]] std::optional<TimePoint> from_epoch_seconds(double seconds) noexcept;

} // namespace empathd::connectors
