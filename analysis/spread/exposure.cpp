#include "analysis/spread/exposure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace empathd::analysis {
namespace {

constexpr double interval_80 = 1.2816; ///< Standard deviations on each side.
constexpr double prior_posts = 10;

double squared(double value) noexcept
{
    return value * value;
}

/// Spread of the forecast's future, from its own interval.
double forecast_spread(double future_low, double future_high) noexcept
{
    const double low = std::max(future_low, 0.5);
    return future_high <= low ? 0 : std::log(future_high / low) / (2 * interval_80);
}

/// 1,234,567 as 1200000: two digits that count.
double two_digits(double value) noexcept
{
    if (value < 100) {
        return std::round(value);
    }
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - 1);
    return std::round(value / unit) * unit;
}

std::string with_commas(double value)
{
    std::string digits = std::to_string(static_cast<long long>(std::llround(value)));
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string percent(double share)
{
    const double value = share * 100;
    std::string text = std::to_string(value < 10 ? std::round(value * 10) / 10 : std::round(value));
    text.erase(text.find_last_not_of('0') + 1);
    text.erase(text.back() == '.' ? text.size() - 1 : text.size());
    return text + " %";
}

std::string times(double spread)
{
    const double factor = std::exp(interval_80 * spread);
    return " (within a factor of " + with_commas(std::max(1.0, std::round(factor))) + ")";
}

} // namespace

Exposure exposure_of(const Reach& reach, const Growth& growth, const ExposureFactors& factors)
{
    Exposure out;
    const double to_come = std::max(0.0, growth.median - reach.reactions);
    const double to_come_low = std::max(0.0, growth.low - reach.reactions);
    const double to_come_high = std::max(0.0, growth.high - reach.reactions);
    double variance_now = 0;
    double variance_future = squared(forecast_spread(to_come_low, to_come_high));
    double per_reaction = 0;
    if (reach.views > 0) {
        out.known = out.from_views = true;
        out.now = static_cast<double>(reach.views);
        per_reaction = out.now / std::max(1.0, reach.reactions);
    } else if (reach.followers > 0) {
        out.known = true;
        const double seen = factors.view_rate.median * factors.new_audience.median;
        out.now = seen * static_cast<double>(reach.followers);
        per_reaction = seen * factors.carriers * factors.carrier_followers.median;
        variance_now = squared(factors.view_rate.spread) + squared(factors.new_audience.spread);
        variance_future += variance_now + squared(factors.carrier_followers.spread);
    } else {
        return out;
    }
    out.future = to_come * per_reaction;
    out.expected = out.now + out.future;
    const double now_factor = std::exp(interval_80 * std::sqrt(variance_now));
    const double future_factor = std::exp(interval_80 * std::sqrt(variance_future));
    // The same unknown factors stand behind both parts, so their bounds add.
    out.low = out.now / now_factor + std::min(out.future, out.future / future_factor);
    out.high =
        out.now * now_factor + std::max(out.future * future_factor, to_come_high * per_reaction);
    if (out.from_views) {
        out.low = std::max(out.low, out.now);
    }
    return out;
}

PutOffScenario put_off_scenario(const Exposure& exposure, const ExposureFactors& factors)
{
    PutOffScenario out;
    if (!exposure.known || exposure.expected <= 0) {
        return out;
    }
    out.known = true;
    const double share = factors.customers.median * factors.put_off.median;
    const double own = squared(factors.customers.spread) + squared(factors.put_off.spread);
    const auto bound = [&](double edge) {
        const double reach = std::abs(std::log(std::max(edge, 0.5) / exposure.expected));
        return std::exp(std::sqrt(squared(reach) + squared(interval_80) * own));
    };
    out.middle = exposure.expected * share;
    out.low = out.middle / bound(exposure.low);
    out.high = out.middle * bound(exposure.high);
    const std::string people = range_in_words(exposure.low, exposure.expected, exposure.high);
    out.assumptions = {
        "A scenario, not a measurement: three of its factors are settings of your own.",
        "People who see it in the end: " + people +
            (exposure.from_views
                 ? ", from the networks' view counts."
                 : ", from followers: each post seen by " + percent(factors.view_rate.median) +
                       " of them" + times(factors.view_rate.spread) + "."),
        "Of these, customers or people who could be: " + percent(factors.customers.median) +
            times(factors.customers.spread) + ".",
        "Of these, put off by it: " + percent(factors.put_off.median) +
            times(factors.put_off.spread) + ".",
        "The interval holds 80 % of the cases if these are right; it is never used for ranking."};
    return out;
}

std::string range_in_words(double low, double middle, double high)
{
    return "about " + with_commas(two_digits(middle)) + " (" + with_commas(two_digits(low)) +
           " to " + with_commas(two_digits(high)) + ")";
}

void ViewRate::learn(std::uint64_t views, std::uint64_t followers) noexcept
{
    if (views == 0 || followers == 0) {
        return;
    }
    const double rate = std::log(static_cast<double>(views) / static_cast<double>(followers));
    ++posts_;
    const double before = rate - mean_;
    mean_ += before / static_cast<double>(posts_);
    squares_ += before * (rate - mean_);
}

Factor ViewRate::factor(const Factor& configured) const noexcept
{
    const auto n = static_cast<double>(posts_);
    const double all = n + prior_posts;
    const double prior = std::log(configured.median);
    const double mean = (n * mean_ + prior_posts * prior) / all;
    const double squares = squares_ + prior_posts * squared(configured.spread) +
                           n * prior_posts / all * squared(mean_ - prior);
    return {std::exp(mean), std::sqrt(squares / all)};
}

std::string ViewRate::save() const
{
    std::string bytes(24, '\0');
    std::memcpy(bytes.data(), &posts_, 8);
    std::memcpy(bytes.data() + 8, &mean_, 8);
    std::memcpy(bytes.data() + 16, &squares_, 8);
    return bytes;
}

std::optional<ViewRate> ViewRate::load(std::string_view bytes)
{
    ViewRate out;
    if (bytes.size() != 24) {
        return std::nullopt;
    }
    std::memcpy(&out.posts_, bytes.data(), 8);
    std::memcpy(&out.mean_, bytes.data() + 8, 8);
    std::memcpy(&out.squares_, bytes.data() + 16, 8);
    const bool good = std::isfinite(out.mean_) && std::isfinite(out.squares_) && out.squares_ >= 0;
    return good ? std::optional(out) : std::nullopt;
}

} // namespace empathd::analysis
