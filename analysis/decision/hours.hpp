#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// A part of the week by the clock on the wall. It begins on each of its days; where `to` is not
/// later than `from`, it ends on the day after.
struct HoursSpan {
    std::bitset<7> days;     ///< 0 is Monday.
    std::uint16_t from = 0;  ///< Minutes after midnight, 0..1439.
    std::uint16_t to = 1440; ///< Excluded, 1..1440; 1440 is midnight at the day's end.

    friend bool operator==(const HoursSpan&, const HoursSpan&) = default;
};

/// "22:30" is 1350; "24:00" is 1440. Nothing for anything else.
[[nodiscard]] std::optional<std::uint16_t> parse_minute(std::string_view text) noexcept;

/// "mon", "mon-fri", "sat-mon" (over the end of the week), "all", in any case. Nothing for anything
/// else.
[[nodiscard]] std::optional<std::bitset<7>> parse_days(std::string_view text) noexcept;

/// Hours of the week in a place, by its own clock: where clocks are put forward or back, the hours
/// go with them. An hour that a place skips is in no span, one that it has twice is in twice.
/// Immutable; any thread; copies share the zone's rules.
class Hours {
public:
    /// `zone` is an IANA name ("Europe/Paris", "Asia/Ho_Chi_Minh", "UTC"). Fails with
    /// `invalid_config`, naming the field, for an unknown zone, no span, a span without a day, and
    /// times out of range or equal.
    [[nodiscard]] static Result<Hours> make(std::string name, const std::string& zone,
                                            std::vector<HoursSpan> spans);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] bool contains(TimePoint at) const;
    /// The first time after `at` at which `contains` changes; nothing when it does not within eight
    /// days, which is for ever but for a zone that changes its rules.
    [[nodiscard]] std::optional<TimePoint> next_change(TimePoint at) const;

private:
    struct Zone;
    Hours(std::string name, std::shared_ptr<const Zone> zone, std::vector<HoursSpan> spans);

    std::string name_;
    std::shared_ptr<const Zone> zone_; ///< Shared by copies: rules of a zone are some kilobytes.
    std::vector<HoursSpan> spans_;
};

/// When nobody is to be told: within any of the mute hours, or where there are active hours,
/// outside all of these.
struct Quiet {
    std::string hours; ///< The name of the hours that say so.
    TimePoint until{}; ///< When it is over; never later than eight days on, to be asked again.
};
[[nodiscard]] std::optional<Quiet> quiet_at(std::span<const Hours> mute,
                                            std::span<const Hours> active, TimePoint at);

} // namespace empathd::analysis
