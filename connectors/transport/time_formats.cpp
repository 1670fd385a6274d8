#include "connectors/transport/time_formats.hpp"

#include "connectors/transport/text_scan.hpp"
#include "connectors/transport/time_zone.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace empathd::connectors {
namespace {

using std::chrono::minutes;

/// The parts of a time, as far as they have been seen; -1 is "not yet".
struct Parts {
    int year = -1;
    int month = -1;
    int day = -1;
    int hour = -1;
    int minute = -1;
    int second = 0;
    int millisecond = 0;
    minutes offset{0};

    /// Nothing when a part is out of its range. No time of day is midnight.
    [[nodiscard]] std::optional<TimePoint> assemble() const noexcept
    {
        using namespace std::chrono;
        if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) {
            return std::nullopt;
        }
        const year_month_day date{std::chrono::year{year},
                                  std::chrono::month{static_cast<unsigned>(month)},
                                  std::chrono::day{static_cast<unsigned>(day)}};
        const int h = hour < 0 ? 0 : hour;
        const int m = minute < 0 ? 0 : minute;
        const bool end_of_day = h == 24 && m == 0 && second == 0;
        if (!date.ok() || (h > 23 && !end_of_day) || m > 59 || second < 0 || second > 60) {
            return std::nullopt;
        }
        return TimePoint{sys_days{date} + hours{h} + minutes{m} + seconds{std::min(second, 59)} +
                         milliseconds{millisecond} - offset};
    }
};

/// ".789" or ",789" as milliseconds, cut; 0 when there is none.
int take_fraction_ms(std::string_view& text) noexcept
{
    if (text.size() < 2 || (text[0] != '.' && text[0] != ',') || !is_digit(text[1])) {
        return 0;
    }
    text.remove_prefix(1);
    const std::string_view digits = take_while(text, is_digit);
    int value = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    }
    return value;
}

/// "12:34", "12:34:56", "12:34:56.789" from the front.
bool take_clock(std::string_view& text, Parts& parts) noexcept
{
    const int hour = to_int(take_while(text, is_digit));
    if (hour < 0 || !take(text, ':')) {
        return false;
    }
    const int minute = to_int(take_while(text, is_digit));
    int second = 0;
    if (take(text, ':')) {
        second = to_int(take_while(text, is_digit));
        parts.millisecond = take_fraction_ms(text);
    }
    parts.hour = hour;
    parts.minute = minute;
    parts.second = second;
    return minute >= 0 && second >= 0;
}

constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> weekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};

/// Position of the name that `word` abbreviates to three letters or more ("Sept", "Thurs"); -1.
template <std::size_t N>
int position_in(const std::array<std::string_view, N>& names, std::string_view word) noexcept
{
    for (std::size_t i = 0; i < N; ++i) {
        if (word.size() >= 3 && word.size() <= names[i].size() &&
            same_word(word, names[i].substr(0, word.size()))) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

std::string_view trimmed(std::string_view text) noexcept
{
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

/// Year and day in the order they come: the first number is the day unless it has four digits.
bool place_number(std::string_view digits, Parts& parts) noexcept
{
    const int value = to_int(digits);
    if (value < 0 || digits.size() > 4) {
        return false;
    }
    if (parts.day < 0 && digits.size() <= 2) {
        parts.day = value;
        return true;
    }
    if (parts.year >= 0) {
        return false;
    }
    // RFC 5322 section 4.3: two digits below 50 are this century, other two and three the last.
    parts.year =
        digits.size() == 4 ? value : value + (digits.size() == 2 && value < 50 ? 2000 : 1900);
    return true;
}

bool place_word(std::string_view word, Parts& parts) noexcept
{
    if (const int month = position_in(months, word); month >= 0) {
        const bool first = parts.month < 0;
        parts.month = month + 1;
        return first;
    }
    if (position_in(weekdays, word) >= 0) {
        return true;
    }
    if (same_word(word, "pm") || same_word(word, "am")) {
        if (parts.hour < 1 || parts.hour > 12) {
            return false;
        }
        parts.hour = parts.hour % 12 + (lower(word.front()) == 'p' ? 12 : 0);
        return true;
    }
    // "1st", "2nd", "at": ornament before the time of day.
    return parts.hour < 0 &&
           (same_word(word, "st") || same_word(word, "nd") || same_word(word, "rd") ||
            same_word(word, "th") || same_word(word, "at") || same_word(word, "of"));
}

bool is_zone_ahead(std::string_view text, const Parts& parts) noexcept
{
    if (parts.hour < 0 || text.empty()) {
        return false;
    }
    if (text.front() == '+' || text.front() == '-') {
        return true;
    }
    const std::string_view word = take_while(text, is_letter);
    return !word.empty() && position_in(months, word) < 0 && position_in(weekdays, word) < 0 &&
           !same_word(word, "am") && !same_word(word, "pm");
}

/// "2024-05-01" or "2024/05/01" from the front; "20240501" too.
bool take_iso_date(std::string_view& text, Parts& parts) noexcept
{
    const std::string_view first = take_while(text, is_digit);
    if (first.size() == 8 || first.size() == 14) {
        parts.year = to_int(first.substr(0, 4));
        parts.month = to_int(first.substr(4, 2));
        parts.day = to_int(first.substr(6, 2));
        if (first.size() == 14) {
            parts.hour = to_int(first.substr(8, 2));
            parts.minute = to_int(first.substr(10, 2));
            parts.second = to_int(first.substr(12, 2));
        }
        return true;
    }
    const char divider = text.empty() ? '\0' : text.front();
    if (first.size() != 4 || (divider != '-' && divider != '/')) {
        return false;
    }
    text.remove_prefix(1);
    const std::string_view month = take_while(text, is_digit);
    if (!take(text, divider)) {
        return false;
    }
    const std::string_view day = take_while(text, is_digit);
    parts.year = to_int(first);
    parts.month = to_int(month);
    parts.day = to_int(day);
    return month.size() <= 2 && day.size() <= 2;
}

std::optional<TimePoint> parse_iso(std::string_view text) noexcept
{
    Parts parts;
    if (!take_iso_date(text, parts)) {
        return std::nullopt;
    }
    if (parts.hour < 0 && !text.empty() &&
        (text.front() == 'T' || text.front() == 't' || is_blank(text.front()))) {
        text.remove_prefix(1);
        text = trimmed(text);
        std::string_view basic = text;
        const std::string_view digits = take_while(basic, is_digit);
        if (digits.size() == 6 || (digits.size() == 4 && !basic.starts_with(':'))) {
            parts.hour = to_int(digits.substr(0, 2));
            parts.minute = to_int(digits.substr(2, 2));
            parts.second = digits.size() == 6 ? to_int(digits.substr(4, 2)) : 0;
            text = basic;
            parts.millisecond = take_fraction_ms(text);
        } else if (!take_clock(text, parts)) {
            return std::nullopt;
        }
    }
    text = trimmed(text);
    if (!text.empty()) {
        const auto offset = take_zone(text);
        if (!offset || !text.empty()) {
            return std::nullopt;
        }
        parts.offset = *offset;
    }
    return parts.assemble();
}

/// Epoch numbers, told apart by the digits before the point.
std::optional<TimePoint> parse_epoch(std::string_view text) noexcept
{
    const std::string_view digits = take_while(text, is_digit);
    const int fraction_ms = take_fraction_ms(text);
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (!text.empty()) {
        return std::nullopt;
    }
    switch (digits.size()) {
    case 9:
    case 10: return from_unix_ms(value * 1000 + fraction_ms);
    case 12:
    case 13: return from_unix_ms(value);
    case 15:
    case 16: return from_unix_ms(value / 1000);
    default: return std::nullopt;
    }
}

} // namespace

std::optional<TimePoint> parse_rfc822(std::string_view text) noexcept
{
    Parts parts;
    bool zone_seen = false;
    for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
        const char c = text.front();
        if (c == '(') { // A comment ends it: "(CEST)".
            break;
        }
        if (is_zone_ahead(text, parts) && !zone_seen) {
            const auto offset = take_zone(text);
            if (!offset) {
                return std::nullopt;
            }
            parts.offset = *offset;
            zone_seen = true;
        } else if (is_digit(c)) {
            std::string_view after = text;
            const std::string_view digits = take_while(after, is_digit);
            const bool clock = after.starts_with(':');
            if (clock ? !take_clock(text, parts) : !place_number(digits, parts)) {
                return std::nullopt;
            }
            text = clock ? text : after;
        } else if (is_letter(c)) {
            if (!place_word(take_while(text, is_letter), parts)) {
                return std::nullopt;
            }
            take(text, '.'); // "Sept."
        } else if (c == '-' && parts.hour < 0) {
            text.remove_prefix(1); // "06-Nov-94"
        } else {
            return std::nullopt;
        }
    }
    return parts.assemble();
}

std::optional<TimePoint> parse_time(std::string_view text) noexcept
{
    text = trimmed(text);
    if (text.empty() || text.size() > 128) { // No time is longer; the rest is somebody's novel.
        return std::nullopt;
    }
    if (const auto exact = parse_rfc3339(text)) {
        return exact;
    }
    if (is_digit(text.front())) {
        if (const auto iso = parse_iso(text)) {
            return iso;
        }
        if (const auto epoch = parse_epoch(text)) {
            return epoch;
        }
    }
    return parse_rfc822(text);
}

std::optional<TimePoint> from_epoch_seconds(double seconds) noexcept
{
    constexpr double seconds_max = 253'402'300'799.0; // 9999-12-31T23:59:59Z
    if (!(seconds >= 0 && seconds <= seconds_max)) {
        return std::nullopt;
    }
    return from_unix_ms(std::llround(seconds * 1000));
}

} // namespace empathd::connectors
