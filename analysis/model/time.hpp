#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace empathd {

/// UTC, to the millisecond. What every stored and shown time is.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where the daemon gets the time from. Analysis never asks: it is told.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual TimePoint now() const = 0;
};

/// Reads an RFC 3339 date-time: "2024-05-01T12:34:56.789Z", offsets ("+02:00"), any number of
/// fraction digits (cut to milliseconds), 't', 'z' and a space for 'T'. A leap second counts as the
/// second before. Nothing for anything else, out-of-range fields included.
/// Source: RFC 3339 section 5.6.
[[nodiscard]] std::optional<TimePoint> parse_rfc3339(std::string_view text) noexcept;

/// "2024-05-01T12:34:56Z", with ".789" before the Z when milliseconds are not zero.
[[nodiscard]] std::string to_rfc3339(TimePoint time);

/// Milliseconds since 1970-01-01T00:00:00Z, and back: the form the store keeps.
[[nodiscard]] constexpr std::int64_t to_unix_ms(TimePoint time) noexcept
{
    return time.time_since_epoch().count();
}
[[nodiscard]] constexpr TimePoint from_unix_ms(std::int64_t ms) noexcept
{
    return TimePoint{std::chrono::milliseconds{ms}};
}

} // namespace empathd
