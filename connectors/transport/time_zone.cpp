#include "connectors/transport/time_zone.hpp"

#include "connectors/transport/text_scan.hpp"

#include <algorithm>
#include <array>

namespace empathd::connectors {
namespace {

using std::chrono::minutes;

struct Zone {
    std::string_view name;
    int minutes_east;
};

// RFC 5322 section 4.3 and the zones that feeds of our languages use. IST is left out: it is India,
// Ireland and Israel. BST is British.
constexpr std::array zones{
    Zone{"GMT", 0},    Zone{"UTC", 0},    Zone{"UT", 0},      Zone{"Z", 0},       Zone{"EST", -300},
    Zone{"EDT", -240}, Zone{"CST", -360}, Zone{"CDT", -300},  Zone{"MST", -420},  Zone{"MDT", -360},
    Zone{"PST", -480}, Zone{"PDT", -420}, Zone{"AKST", -540}, Zone{"AKDT", -480}, Zone{"HST", -600},
    Zone{"WET", 0},    Zone{"WEST", 60},  Zone{"BST", 60},    Zone{"CET", 60},    Zone{"CEST", 120},
    Zone{"MET", 60},   Zone{"MEST", 120}, Zone{"EET", 120},   Zone{"EEST", 180},  Zone{"MSK", 180},
    Zone{"ICT", 420},  Zone{"SGT", 480},  Zone{"HKT", 480},   Zone{"JST", 540},   Zone{"KST", 540},
    Zone{"AEST", 600}, Zone{"AEDT", 660}, Zone{"NZST", 720},  Zone{"NZDT", 780},
};

/// "+0200", "+02:00", "+02", "+2", "-730" from the front. Nothing when out of range.
std::optional<minutes> take_numeric_offset(std::string_view& text) noexcept
{
    const bool west = take(text, '-');
    if (!west && !take(text, '+')) {
        return std::nullopt;
    }
    const std::string_view digits = take_while(text, is_digit);
    int hour = to_int(digits);
    int minute = 0;
    if (digits.size() > 4 || hour < 0) {
        return std::nullopt;
    }
    if (digits.size() > 2) {
        minute = hour % 100;
        hour /= 100;
    } else if (take(text, ':')) {
        minute = to_int(take_while(text, is_digit));
    }
    if (hour > 15 || minute < 0 || minute > 59) {
        return std::nullopt;
    }
    const minutes offset{hour * 60 + minute};
    return west ? -offset : offset;
}

} // namespace

std::optional<minutes> take_zone(std::string_view& text) noexcept
{
    if (text.empty()) {
        return std::nullopt;
    }
    if (!is_letter(text.front())) {
        return take_numeric_offset(text);
    }
    const std::string_view name = take_while(text, is_letter);
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        return take_numeric_offset(text);
    }
    const auto* const known = std::find_if(zones.begin(), zones.end(), [name](const Zone& zone) {
        return same_word(zone.name, name);
    });
    return minutes{known == zones.end() ? 0 : known->minutes_east};
}

} // namespace empathd::connectors
