#include "analysis/decision/hours.hpp"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>

#include <algorithm>
#include <utility>

namespace empathd::analysis {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::uint16_t day_minutes = 1440;
/// A week, and a day for what began on the day before it.
constexpr days horizon{8};
constexpr std::array<std::string_view, 7> day_names{"mon", "tue", "wed", "thu",
                                                    "fri", "sat", "sun"};

/// A time as a place's wall clock shows it, as if that were UTC.
using WallTime = std::chrono::local_time<milliseconds>;

std::optional<std::size_t> day_from(std::string_view text) noexcept
{
    const auto same = [text](std::string_view name) {
        return text.size() == name.size() &&
               std::equal(text.begin(), text.end(), name.begin(),
                          [](char a, char b) { return (a | 0x20) == b; });
    };
    const auto* const found = std::find_if(day_names.begin(), day_names.end(), same);
    return found == day_names.end()
               ? std::nullopt
               : std::optional{static_cast<std::size_t>(found - day_names.begin())};
}

/// Days since Monday 1970-01-05, and what is left of the day.
struct WallDay {
    std::int64_t day = 0;
    minutes minute{};

    [[nodiscard]] std::size_t weekday(std::int64_t offset = 0) const noexcept
    {
        return static_cast<std::size_t>(((day + offset) % 7 + 7) % 7);
    }
};

WallDay wall_day(WallTime wall) noexcept
{
    const auto midnight = std::chrono::floor<days>(wall);
    return {.day = midnight.time_since_epoch().count() - 4,
            .minute = std::chrono::floor<minutes>(wall - midnight)};
}

bool over_midnight(const HoursSpan& span) noexcept
{
    return span.to <= span.from;
}

bool contains(const HoursSpan& span, const WallDay& at) noexcept
{
    const auto minute = at.minute.count();
    if (!over_midnight(span)) {
        return span.days[at.weekday()] && minute >= span.from && minute < span.to;
    }
    return (span.days[at.weekday()] && minute >= span.from) ||
           (span.days[at.weekday(-1)] && minute < span.to);
}

std::string problem_of(const HoursSpan& span)
{
    if (span.days.none()) {
        return "days is empty";
    }
    if (span.from >= day_minutes) {
        return "from must be 00:00 to 23:59";
    }
    if (span.to == 0 || span.to > day_minutes) {
        return "to must be 00:01 to 24:00";
    }
    return span.from == span.to ? "from and to are equal; a whole day is 00:00 to 24:00"
                                : std::string();
}

} // namespace

struct Hours::Zone {
    std::unique_ptr<icu::BasicTimeZone> rules;

    /// How far its clocks are ahead of UTC.
    [[nodiscard]] milliseconds offset(TimePoint at) const
    {
        std::int32_t raw = 0;
        std::int32_t daylight = 0;
        UErrorCode status = U_ZERO_ERROR;
        rules->getOffset(static_cast<UDate>(to_unix_ms(at)), false, raw, daylight, status);
        return milliseconds{raw + daylight};
    }

    [[nodiscard]] WallTime wall(TimePoint at) const
    {
        return WallTime{at.time_since_epoch() + offset(at)};
    }

    /// The next time its clocks are put forward or back.
    [[nodiscard]] std::optional<TimePoint> next_shift(TimePoint at) const
    {
        icu::TimeZoneTransition shift;
        if (!rules->getNextTransition(static_cast<UDate>(to_unix_ms(at)), false, shift)) {
            return std::nullopt;
        }
        return from_unix_ms(static_cast<std::int64_t>(shift.getTime()));
    }
};

std::optional<std::uint16_t> parse_minute(std::string_view text) noexcept
{
    const auto digit = [text](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
        return std::nullopt;
    }
    const int hour = (text[0] - '0') * 10 + text[1] - '0';
    const int minute = (text[3] - '0') * 10 + text[4] - '0';
    const int all = hour * 60 + minute;
    return minute > 59 || all > day_minutes ? std::nullopt
                                            : std::optional{static_cast<std::uint16_t>(all)};
}

std::optional<std::bitset<7>> parse_days(std::string_view text) noexcept
{
    std::bitset<7> out;
    if (text == "all") {
        return out.set();
    }
    const std::size_t dash = text.find('-');
    const auto first = day_from(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : day_from(text.substr(dash + 1));
    if (!first || !last) {
        return std::nullopt;
    }
    for (std::size_t day = *first; day != *last; day = (day + 1) % 7) {
        out.set(day);
    }
    return out.set(*last);
}

Hours::Hours(std::string name, std::shared_ptr<const Zone> zone, std::vector<HoursSpan> spans)
    : name_(std::move(name)), zone_(std::move(zone)), spans_(std::move(spans))
{
}

Result<Hours> Hours::make(std::string name, const std::string& zone, std::vector<HoursSpan> spans)
{
    if (spans.empty()) {
        return Error{ErrorKind::invalid_config, "hours '" + name + "' have no days"};
    }
    for (const HoursSpan& span : spans) {
        const std::string problem = problem_of(span);
        if (!problem.empty()) {
            return Error{ErrorKind::invalid_config, "hours '" + name + "': " + problem};
        }
    }
    const auto id = icu::UnicodeString::fromUTF8(zone);
    std::unique_ptr<icu::TimeZone> rules(icu::TimeZone::createTimeZone(id));
    // ICU answers with a zone of its own for names it does not know, and takes "GMT+3" for a name.
    auto* basic = dynamic_cast<icu::BasicTimeZone*>(rules.get());
    icu::UnicodeString canonical;
    UErrorCode status = U_ZERO_ERROR;
    icu::TimeZone::getCanonicalID(id, canonical, status);
    if (basic == nullptr || U_FAILURE(status) || *rules == icu::TimeZone::getUnknown()) {
        return Error{ErrorKind::invalid_config,
                     "hours '" + name + "': zone \"" + zone +
                         "\" is unknown, must be a name such as \"Europe/Paris\""};
    }
    auto known = std::make_shared<Zone>();
    (void)rules.release();
    known->rules.reset(basic);
    return Hours(std::move(name), std::move(known), std::move(spans));
}

bool Hours::contains(TimePoint at) const
{
    const WallDay day = wall_day(zone_->wall(at));
    return std::any_of(spans_.begin(), spans_.end(),
                       [&day](const HoursSpan& span) { return analysis::contains(span, day); });
}

/// It can only change where the wall clock passes an edge of a span, or jumps. An edge that the
/// clock shows twice is tried with both offsets.
std::optional<TimePoint> Hours::next_change(TimePoint at) const
{
    const TimePoint last = at + horizon;
    std::vector<TimePoint> edges;
    std::vector<milliseconds> offsets{zone_->offset(at)};
    for (auto shift = zone_->next_shift(at); shift && *shift <= last;
         shift = zone_->next_shift(*shift)) {
        edges.push_back(*shift);
        offsets.push_back(zone_->offset(*shift));
    }
    const auto first_day = std::chrono::floor<days>(zone_->wall(at));
    for (days day{-1}; day <= horizon + days{1}; ++day) {
        for (const HoursSpan& span : spans_) {
            for (const std::uint16_t minute : {span.from, span.to}) {
                for (const milliseconds offset : offsets) {
                    const WallTime wall = first_day + day + minutes{minute};
                    edges.emplace_back(wall.time_since_epoch() - offset);
                }
            }
        }
    }
    std::sort(edges.begin(), edges.end());
    const bool now = contains(at);
    for (const TimePoint edge : edges) {
        if (edge > at && edge <= last && contains(edge) != now) {
            return edge;
        }
    }
    return std::nullopt;
}

std::optional<Quiet> quiet_at(std::span<const Hours> mute, std::span<const Hours> active,
                              TimePoint at)
{
    const auto why = [mute, active](TimePoint when) -> const Hours* {
        for (const Hours& hours : mute) {
            if (hours.contains(when)) {
                return &hours;
            }
        }
        const bool working =
            active.empty() || std::any_of(active.begin(), active.end(), [when](const Hours& hours) {
                return hours.contains(when);
            });
        return working ? nullptr : &active.front();
    };
    const Hours* first = why(at);
    if (first == nullptr) {
        return std::nullopt;
    }
    const TimePoint last = at + horizon;
    TimePoint until = at;
    while (until < last && why(until) != nullptr) {
        TimePoint next = last;
        for (const std::span<const Hours> some : {mute, active}) {
            for (const Hours& hours : some) {
                next = std::min(next, hours.next_change(until).value_or(last));
            }
        }
        until = next;
    }
    return Quiet{.hours = first->name(), .until = until};
}

} // namespace empathd::analysis
