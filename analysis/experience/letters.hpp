#pragma once

#include <cstddef>

namespace empathd::analysis {

[[nodiscard]] constexpr bool is_ascii_letter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] constexpr bool is_ascii_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_ascii_word(char c) noexcept
{
    return is_ascii_letter(c) || is_ascii_digit(c);
}

/// Letters, marks and decimal digits of any script.
[[nodiscard]] bool is_word(char32_t letter) noexcept;

/// Pictures; neither skin tones nor joiners, which only change the one before.
[[nodiscard]] bool is_emoji(char32_t letter) noexcept;

/// Nothing of its own to be seen: spaces, joiners, variation selectors, skin tones.
[[nodiscard]] constexpr bool is_silent(char32_t letter) noexcept
{
    return letter == 0xa0 || (letter >= 0x2000 && letter <= 0x200f) || letter == 0x202f ||
           (letter >= 0x205f && letter <= 0x2064) || letter == 0x3000 ||
           (letter >= 0xfe00 && letter <= 0xfe0f) || letter == 0xfeff ||
           (letter >= 0x1f3fb && letter <= 0x1f3ff);
}

/// "c", "j", "l", "qu" ... before an apostrophe: French words of their own.
[[nodiscard]] bool is_elision(const char32_t* letters, std::size_t size) noexcept;

} // namespace empathd::analysis
