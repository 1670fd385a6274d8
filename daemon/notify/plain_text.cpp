#include "daemon/notify/plain_text.hpp"

#include "connectors/transport/utf8.hpp"

#include <cstddef>

namespace empathd {
namespace {

constexpr std::string_view word_joiner = "\xE2\x81\xA0"; // U+2060
constexpr std::size_t link_bytes_max = 2'000;

/// The character that begins at `at` of valid UTF-8; moves `at` behind it.
char32_t next_character(std::string_view text, std::size_t& at)
{
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t character = length == 1   ? lead
                         : length == 2 ? lead & 0x1FU
                         : length == 3 ? lead & 0x0FU
                                       : lead & 0x07U;
    for (std::size_t i = 1; i < length; ++i) {
        character = (character << 6U) | (byte(at + i) & 0x3FU);
    }
    at += length;
    return character;
}

bool is_blank(char32_t c) noexcept
{
    return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x2028 || c == 0x2029;
}

bool is_left_out(char32_t c) noexcept
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C ||
           c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

/// Bytes that may stand in a link as they are; the rest is written as %XX.
bool is_link_byte(unsigned char c) noexcept
{
    constexpr std::string_view ends = "\"'<>|\\`{}^";
    return c > 0x20 && c < 0x7F && ends.find(static_cast<char>(c)) == std::string_view::npos;
}

std::string_view html_entity(char c) noexcept
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return {};
    }
}

std::string_view slack_entity(char c) noexcept
{
    return c == '"' || c == '\'' ? std::string_view{} : html_entity(c);
}

std::string escaped_for_slack(std::string_view text, bool is_link)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view entity = slack_entity(text[i]);
        if (entity.empty()) {
            out += text[i];
        } else {
            out += entity;
        }
        const std::string_view rest = text.substr(i);
        if (!is_link &&
            (rest.starts_with("@") || rest.starts_with("](") || rest.starts_with("://"))) {
            out += word_joiner;
        }
    }
    return out;
}

std::string escaped_text(std::string_view text, Target target, bool is_link)
{
    if (target == Target::slack) {
        return escaped_for_slack(text, is_link);
    }
    std::string out;
    for (const char c : text) {
        const std::string_view entity =
            target == Target::html ? html_entity(c) : std::string_view{};
        if (!entity.empty()) {
            out += entity;
        } else {
            // A header is one line whoever wrote it.
            const bool ends_line = target == Target::header && static_cast<unsigned char>(c) < 0x20;
            out += ends_line ? ' ' : c;
        }
    }
    return out;
}

} // namespace

std::string plain_line(std::string_view text, std::size_t bytes_max)
{
    constexpr std::string_view cut_mark = "...";
    const std::string valid = connectors::repaired_utf8(text);
    std::string out;
    bool blank_due = false;
    for (std::size_t at = 0; at < valid.size();) {
        const std::size_t begin = at;
        const char32_t character = next_character(valid, at);
        if (is_blank(character)) {
            blank_due = !out.empty();
            continue;
        }
        if (is_left_out(character)) {
            continue;
        }
        if (blank_due) {
            out += ' ';
            blank_due = false;
        }
        out.append(valid, begin, at - begin);
    }
    if (out.size() > bytes_max && bytes_max > cut_mark.size()) {
        (void)connectors::cut_at_character(out, bytes_max - cut_mark.size());
        out += cut_mark;
    }
    return out;
}

std::string link_address(std::string_view url)
{
    const bool is_web = url.starts_with("https://") || url.starts_with("http://");
    if (!is_web || url.size() > link_bytes_max) {
        return {};
    }
    const std::size_t host = url.find("://") + 3;
    const std::string_view authority = url.substr(host, url.find_first_of("/?#", host) - host);
    if (authority.empty() || authority.find_first_of("@\\") != std::string_view::npos) {
        return {};
    }
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : url) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_link_byte(byte)) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 0xFU];
        }
    }
    return out.size() <= link_bytes_max ? out : std::string();
}

std::string escaped(std::string_view text, Target target)
{
    return escaped_text(text, target, false);
}

std::string escaped_link(std::string_view address, Target target)
{
    return escaped_text(address, target, true);
}

} // namespace empathd
