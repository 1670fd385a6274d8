// How long a host asks us to stay away: the part of the fetch policy that reads dialects.
#include "connectors/transport/fetch_policy.hpp"

#include "connectors/transport/time_formats.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace empathd::connectors {
namespace {

std::uint32_t capped(double seconds, const FetchPolicy& policy) noexcept
{
    const auto cap = static_cast<double>(policy.retry_after_max.count());
    return static_cast<std::uint32_t>(std::ceil(std::clamp(seconds, 0.0, cap)));
}

std::uint32_t until(TimePoint then, TimePoint now, const FetchPolicy& policy) noexcept
{
    return capped(std::chrono::duration<double>(then - now).count(), policy);
}

/// "42" and "0.5"; nothing for signs, exponents, anything behind it.
std::optional<double> plain_number(std::string_view text) noexcept
{
    if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) {
        return std::nullopt;
    }
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error == std::errc::result_out_of_range) {
        return 1e12; // More digits than a double has: far beyond every cap.
    }
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional{value} : std::nullopt;
}

std::string_view trimmed(std::string_view text) noexcept
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// When a rate window ends. Numbers are seconds since 1970 when they are large, seconds to go when
/// they are small: the documents of the networks disagree, sometimes with themselves.
std::optional<std::uint32_t> reset_s(std::string_view value, TimePoint now,
                                     const FetchPolicy& policy)
{
    constexpr double epoch_min = 1e9; // The year 2001; as a wait it would be 31 years.
    value = trimmed(value);
    if (const auto number = plain_number(value)) {
        if (*number < epoch_min) {
            return capped(*number, policy);
        }
        const auto then = from_epoch_seconds(*number);
        return then ? std::optional{until(*then, now, policy)} : std::nullopt;
    }
    const auto then = parse_time(value);
    return then ? std::optional{until(*then, now, policy)} : std::nullopt;
}

constexpr std::array<std::string_view, 4> reset_headers{
    "x-ratelimit-reset-after", "x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset"};

} // namespace

std::optional<std::uint32_t> retry_after_s(std::string_view value, TimePoint now,
                                           const FetchPolicy& policy)
{
    value = trimmed(value);
    if (const auto number = plain_number(value)) {
        return capped(*number, policy);
    }
    const bool date = !value.empty() && ((value.front() >= 'a' && value.front() <= 'z') ||
                                         (value.front() >= 'A' && value.front() <= 'Z'));
    const auto then = date ? parse_rfc822(value) : std::optional<TimePoint>();
    return then ? std::optional{until(*then, now, policy)} : std::nullopt;
}

std::optional<std::uint32_t> asked_wait_s(int status, const HttpHeaders& headers, TimePoint now,
                                          const FetchPolicy& policy)
{
    std::optional<std::uint32_t> longest;
    if (status != 429 && status != 503) {
        return longest;
    }
    for (const auto& [name, value] : headers) {
        const auto wait = name == "retry-after" ? retry_after_s(value, now, policy) : std::nullopt;
        longest = wait ? std::max(longest.value_or(0), *wait) : longest;
    }
    if (longest || status != 429) {
        return longest;
    }
    for (const std::string_view reset : reset_headers) {
        const auto found =
            std::find_if(headers.begin(), headers.end(),
                         [reset](const auto& header) { return header.first == reset; });
        const auto wait =
            found == headers.end() ? std::nullopt : reset_s(found->second, now, policy);
        if (wait) {
            return wait;
        }
    }
    return std::nullopt;
}

} // namespace empathd::connectors
