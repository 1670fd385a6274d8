#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace empathd::training {

/// exp and log of our own: the C library's differ in the last bit between processors, and a trained
/// file must be the same bit for bit everywhere. Only + - * / on doubles, which IEEE 754 fixes.

/// e^x with a relative error below 1e-14; 0 below -700, e^700 above 700.
[[nodiscard]] inline double exact_exp(double x) noexcept
{
    if (x < -700) {
        return 0;
    }
    x = x > 700 ? 700 : x;
    constexpr double ln2_high = 0x1.62e42fee00000p-1;
    constexpr double ln2_low = 0x1.a39ef35793c76p-33;
    constexpr double per_ln2 = 1.4426950408889634;
    const double scaled = x * per_ln2;
    const auto halves = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
    const auto n = static_cast<double>(halves);
    const double r = (x - n * ln2_high) - n * ln2_low; // |r| <= ln 2 / 2
    double sum = 1;
    for (int k = 13; k >= 1; --k) { // Taylor, Horner's way.
        sum = 1 + r * sum / k;
    }
    const auto exponent = static_cast<std::uint64_t>(halves + 1023) << 52;
    return sum * std::bit_cast<double>(exponent);
}

/// Natural logarithm of a normal x > 0, with a relative error below 1e-14.
[[nodiscard]] inline double exact_log(double x) noexcept
{
    const auto bits = std::bit_cast<std::uint64_t>(x);
    auto exponent = static_cast<std::int64_t>(bits >> 52) - 1023;
    double m = std::bit_cast<double>((bits & 0xfffffffffffffU) | 0x3ff0000000000000U);
    if (m > 1.4142135623730951) {
        m /= 2;
        ++exponent;
    }
    const double t = (m - 1) / (m + 1); // log m = 2 artanh t, |t| < 0.172
    const double square = t * t;
    double sum = 0;
    for (int k = 21; k >= 1; k -= 2) {
        sum = 1.0 / k + square * sum;
    }
    return static_cast<double>(exponent) * 0.6931471805599453 + 2 * t * sum;
}

/// Numbers that look random and are the same everywhere (splitmix64).
class Sequence {
public:
    explicit Sequence(std::uint64_t seed) noexcept : state_(seed) {}

    [[nodiscard]] std::uint64_t next() noexcept
    {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }
    /// 0..bound-1, bound > 0; the bias of the remainder does not matter here.
    [[nodiscard]] std::size_t below(std::size_t bound) noexcept { return next() % bound; }

private:
    std::uint64_t state_;
};

} // namespace empathd::training
