#include "analysis/model/time.hpp"

#include <array>
#include <cstdio>

namespace empathd {
namespace {

/// Reads exactly `digits` decimal digits from the front and drops them; nothing if they are not.
std::optional<int> take_number(std::string_view& text, std::size_t digits) noexcept
{
    if (text.size() < digits) {
        return std::nullopt;
    }
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const char c = text[i];
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take_char(std::string_view& text, std::string_view any_of) noexcept
{
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

/// The fraction after the seconds, in milliseconds; zero when there is none.
std::optional<int> take_fraction_ms(std::string_view& text) noexcept
{
    if (!take_char(text, ".")) {
        return 0;
    }
    int value = 0;
    int digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (digits < 3) {
            value = value * 10 + (text.front() - '0');
        }
        ++digits;
        text.remove_prefix(1);
    }
    for (int d = digits; d < 3; ++d) {
        value *= 10;
    }
    return digits == 0 ? std::nullopt : std::optional{value};
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) noexcept
{
    if (take_char(text, "Zz")) {
        return std::chrono::minutes{0};
    }
    const bool west = !text.empty() && text.front() == '-';
    if (!take_char(text, "+-")) {
        return std::nullopt;
    }
    const auto hours = take_number(text, 2);
    if (!hours || !take_char(text, ":")) {
        return std::nullopt;
    }
    const auto minutes = take_number(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    const std::chrono::minutes offset{*hours * 60 + *minutes};
    return west ? -offset : offset;
}

} // namespace

std::optional<TimePoint> parse_rfc3339(std::string_view text) noexcept
{
    using namespace std::chrono;
    const auto y = take_number(text, 4);
    if (!y || !take_char(text, "-")) {
        return std::nullopt;
    }
    const auto mo = take_number(text, 2);
    if (!mo || !take_char(text, "-")) {
        return std::nullopt;
    }
    const auto d = take_number(text, 2);
    if (!d || !take_char(text, "Tt ")) {
        return std::nullopt;
    }
    const auto h = take_number(text, 2);
    if (!h || !take_char(text, ":")) {
        return std::nullopt;
    }
    const auto mi = take_number(text, 2);
    if (!mi || !take_char(text, ":")) {
        return std::nullopt;
    }
    const auto s = take_number(text, 2);
    if (!s) {
        return std::nullopt;
    }
    const auto fraction = take_fraction_ms(text);
    const auto offset = fraction ? take_offset(text) : std::nullopt;
    const year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)},
                              day{static_cast<unsigned>(*d)}};
    if (!offset || !text.empty() || !date.ok() || *h > 23 || *mi > 59 || *s > 60) {
        return std::nullopt;
    }
    const TimePoint time{sys_days{date} + hours{*h} + minutes{*mi} + seconds{*s == 60 ? 59 : *s} +
                         milliseconds{*fraction} - *offset};
    // An offset can lead out of the years that four digits can write.
    const bool writable =
        time >= sys_days{year{0} / January / 1} && time < sys_days{year{10000} / January / 1};
    return writable ? std::optional{time} : std::nullopt;
}

std::string to_rfc3339(TimePoint time)
{
    using namespace std::chrono;
    const auto midnight = floor<days>(time);
    const year_month_day date{midnight};
    const hh_mm_ss clock{time - midnight};
    std::array<char, 48> out{};
    const auto ms = static_cast<int>(clock.subseconds().count());
    int size = std::snprintf(
        out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()));
    if (ms != 0) {
        size += std::snprintf(out.data() + size, out.size() - static_cast<std::size_t>(size),
                              ".%03d", ms);
    }
    return std::string(out.data(), static_cast<std::size_t>(size)) + 'Z';
}

} // namespace empathd
