#pragma once

#include <algorithm>
#include <charconv>
#include <string_view>

namespace empathd::connectors {

// Reading ASCII text from its front; what was read is dropped from it.

inline bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}
inline bool is_letter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline bool is_blank(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',';
}
inline char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline bool same_word(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

template <class Predicate>
std::string_view take_while(std::string_view& text, Predicate is) noexcept
{
    std::size_t size = 0;
    while (size < text.size() && is(text[size])) {
        ++size;
    }
    const std::string_view taken = text.substr(0, size);
    text.remove_prefix(size);
    return taken;
}

inline bool take(std::string_view& text, char c) noexcept
{
    if (text.empty() || text.front() != c) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

/// At most nine digits, so that it cannot overflow; -1 for none or more.
inline int to_int(std::string_view digits) noexcept
{
    int value = -1;
    if (!digits.empty() && digits.size() <= 9) {
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    }
    return value;
}

} // namespace empathd::connectors
