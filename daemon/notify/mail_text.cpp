#include "daemon/notify/mail_text.hpp"

#include "daemon/notify/message.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>

namespace empathd {
namespace {

constexpr std::size_t line_max = 76;
/// Of one encoded word before encoding, so that it fits behind "Subject: ".
constexpr std::size_t word_bytes_max = 39;
constexpr std::string_view line_end = "\r\n";

std::string base64(std::string_view bytes)
{
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&bytes, i](std::size_t at) {
            return i + at < bytes.size() ? static_cast<unsigned char>(bytes[i + at]) : 0U;
        };
        const std::uint32_t group = (byte(0) << 16U) | (byte(1) << 8U) | byte(2);
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t digit = 0; digit < 4; ++digit) {
            out += digit <= left ? digits[(group >> (18U - 6U * digit)) & 0x3FU] : '=';
        }
    }
    return out;
}

bool is_plain(std::string_view text)
{
    const auto is_word_end = [](char c) { return c == ' '; };
    std::size_t length = 0;
    for (const char c : text) {
        length = is_word_end(c) ? 0 : length + 1;
        if (c < ' ' || c > '~' || length > line_max / 2) {
            return false;
        }
    }
    return text.find("=?") == std::string_view::npos;
}

std::string folded(std::string_view text, std::size_t begun)
{
    std::string out;
    std::size_t column = begun;
    while (!text.empty()) {
        const std::size_t end = text.find(' ', 1);
        const std::string_view word = text.substr(0, end); // With the blank before it.
        if (column + word.size() > line_max && word.front() == ' ') {
            out += line_end;
            column = 0;
        }
        out += word;
        column += word.size();
        text.remove_prefix(word.size());
    }
    return out;
}

bool begins_character(char c) noexcept
{
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::string encoded_words(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        std::size_t bytes = std::min(word_bytes_max, text.size());
        while (bytes > 1 && bytes < text.size() && !begins_character(text[bytes])) {
            --bytes;
        }
        out += out.empty() ? "" : "\r\n ";
        out += "=?UTF-8?B?" + base64(text.substr(0, bytes)) + "?=";
        text.remove_prefix(bytes);
    }
    return out;
}

/// One line of text without its end. A blank that ends the line would get lost on the way.
void put_line(std::string& out, std::string_view line)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::size_t column = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto byte = static_cast<unsigned char>(line[i]);
        const bool ends = i + 1 == line.size();
        const bool blank = byte == ' ' || byte == '\t';
        const bool as_it_is = (byte > ' ' && byte < 0x7F && byte != '=') || (blank && !ends);
        const std::size_t width = as_it_is ? 1 : 3;
        if (column + width > line_max - (ends ? 0 : 1)) { // Room for the '=' that breaks it.
            out += "=\r\n";
            column = 0;
        }
        if (as_it_is) {
            out += line[i];
        } else {
            out += '=';
            out += digits[byte >> 4U];
            out += digits[byte & 0xFU];
        }
        column += width;
    }
    out += line_end;
}

void put_part(std::string& out, const std::string& boundary, std::string_view type,
              std::string_view text)
{
    out += "--" + boundary + "\r\nContent-Type: " + std::string(type) +
           "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
           quoted_printable(text);
}

} // namespace

std::string header_value(std::string_view text, std::size_t begun)
{
    return is_plain(text) ? folded(text, begun) : encoded_words(text);
}

std::string quoted_printable(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        put_line(out, line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

std::string mail_date(TimePoint time)
{
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    std::array<char, 64> text{};
    const int length = std::snprintf(
        text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
        days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
        months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()));
    return std::string(text.data(), static_cast<std::size_t>(std::max(0, length)));
}

std::string mail_text(const MailText& mail)
{
    const std::string host = mail.from.substr(mail.from.find('@') + 1);
    const std::string key = id_text(mail.key);
    const std::string thread = '<' + id_text(mail.thread) + '@' + host + '>';
    // "=_" stands in no quoted-printable text: RFC 2045 section 6.7.
    const std::string boundary = "=_empathd_" + key.substr(0, 40);
    std::string out = "From: Empathd <" + mail.from + ">\r\nTo: ";
    for (std::size_t i = 0; i < mail.to.size(); ++i) {
        out += (i == 0 ? "" : ",\r\n ") + mail.to[i];
    }
    out += "\r\nSubject: " + header_value(mail.subject, 9) + "\r\nDate: " + mail_date(mail.date) +
           "\r\nMessage-ID: <" + key + '@' + host + ">\r\nIn-Reply-To: " + thread +
           "\r\nReferences: " + thread + "\r\nX-Empathd-Key: " + key +
           "\r\nAuto-Submitted: auto-generated\r\nList-Id: Empathd alerts <empathd." + host +
           ">\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"" + boundary +
           "\"\r\n\r\n";
    put_part(out, boundary, "text/plain", mail.plain);
    put_part(out, boundary, "text/html", mail.html);
    out += "--" + boundary + "--\r\n";
    return out;
}

} // namespace empathd
