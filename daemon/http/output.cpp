#include "daemon/http/output.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>
#include <cstdint>
#include <cstdio>

namespace empathd {
namespace {

constexpr char32_t replacement = 0xFFFD;

/// Length of a well-formed sequence at the front; 0 when there is none.
/// Source: Unicode 15, table 3-7.
std::size_t sequence_length(std::string_view text) noexcept
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const auto within = [&](std::size_t i, int low, int high) {
        return i < text.size() && byte(i) >= low && byte(i) <= high;
    };
    const std::uint8_t first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return within(1, 0x80, 0xBF) ? 2 : 0;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        const int low = first == 0xE0 ? 0xA0 : 0x80;
        const int high = first == 0xED ? 0x9F : 0xBF; // No surrogates.
        return within(1, low, high) && within(2, 0x80, 0xBF) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const int low = first == 0xF0 ? 0x90 : 0x80;
        const int high = first == 0xF4 ? 0x8F : 0xBF; // Nothing above U+10FFFF.
        const bool whole = within(1, low, high) && within(2, 0x80, 0xBF) && within(3, 0x80, 0xBF);
        return whole ? 4 : 0;
    }
    return 0;
}

constexpr bool is_control(char32_t c) noexcept
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

/// Characters that show nothing, or change how others are shown.
constexpr bool is_deceptive(char32_t c) noexcept
{
    return c == 0xAD || c == 0x61C || c == 0x180E || c == 0x200B || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

void append_visible(char32_t c, std::string& out)
{
    std::array<char, 16> spelled{};
    switch (c) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
    }
    const char* form = is_control(c) ? "\\x%02x" : "\\u{%04x}";
    std::snprintf(spelled.data(), spelled.size(), form, static_cast<unsigned>(c));
    out += spelled.data();
}

} // namespace

char32_t take_character(std::string_view& text) noexcept
{
    const std::size_t length = sequence_length(text);
    if (length == 0) {
        text.remove_prefix(1);
        return replacement;
    }
    constexpr std::array<std::uint8_t, 5> lead_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t c = static_cast<std::uint8_t>(text[0]) & lead_bits[length];
    for (std::size_t i = 1; i < length; ++i) {
        c = (c << 6) | (static_cast<std::uint8_t>(text[i]) & 0x3F);
    }
    text.remove_prefix(length);
    return c;
}

bool is_utf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

void append_utf8(char32_t c, std::string& out)
{
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        tail(0);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string term_text(std::string_view untrusted)
{
    std::string out;
    out.reserve(untrusted.size());
    while (!untrusted.empty()) {
        const char32_t c = take_character(untrusted);
        if (is_control(c) || is_deceptive(c)) {
            append_visible(c, out);
        } else {
            append_utf8(c, out);
        }
    }
    return out;
}

std::string term_json(std::string_view json)
{
    std::string out;
    out.reserve(json.size());
    const auto escape = [&out](unsigned unit) {
        std::array<char, 8> spelled{};
        std::snprintf(spelled.data(), spelled.size(), "\\u%04x", unit & 0xFFFFU);
        out += spelled.data();
    };
    while (!json.empty()) {
        const char32_t c = take_character(json);
        if (c == '\n' || c == '\t' || (!is_control(c) && !is_deceptive(c))) {
            append_utf8(c, out);
        } else if (c < 0x10000) {
            escape(c);
        } else { // A surrogate pair, as RFC 8259 section 7 spells what is beyond 16 bits.
            escape(0xD800 + ((c - 0x10000) >> 10));
            escape(0xDC00 + ((c - 0x10000) & 0x3FF));
        }
    }
    return out;
}

std::string log_field(std::string_view untrusted, std::size_t bytes_max)
{
    std::string out = "\"";
    while (!untrusted.empty()) {
        if (out.size() > bytes_max) {
            out += "...";
            break;
        }
        const char32_t c = take_character(untrusted);
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        if (is_control(c) || is_deceptive(c)) {
            append_visible(c, out);
        } else {
            append_utf8(c, out);
        }
    }
    return out + '"';
}

std::string json_string(std::string_view untrusted)
{
    std::string repaired;
    if (!is_utf8(untrusted)) {
        while (!untrusted.empty()) {
            append_utf8(take_character(untrusted), repaired);
        }
        untrusted = repaired;
    }
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.String(untrusted.data(), static_cast<rapidjson::SizeType>(untrusted.size()));
    return std::string(buffer.GetString(), buffer.GetSize());
}

} // namespace empathd
