#include "connectors/transport/xml_repair.hpp"

#include "connectors/transport/markup_tag.hpp"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace empathd::connectors {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;

/// What bytes 128 to 159 are in Windows-1252; 0 for the five that are nothing.
constexpr std::array<std::uint16_t, 32> windows_1252{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void append_utf8(std::string& out, std::uint32_t code)
{
    const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | code >> 6);
        byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        byte(0xE0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    } else {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3F));
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
}

/// "&#123;" or "&#xAB;" at `at`: the number, and where it ends. Nothing for anything else.
std::optional<std::pair<std::uint32_t, std::size_t>> number_at(std::string_view text,
                                                               std::size_t at)
{
    if (text.substr(at, 2) != "&#") {
        return std::nullopt;
    }
    at += 2;
    const bool hex = at < text.size() && (text[at] == 'x' || text[at] == 'X');
    at += hex ? 1 : 0;
    const std::size_t begin = at;
    std::uint32_t value = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        const bool digit = c >= '0' && c <= '9';
        const bool letter = hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
        if (!digit && !letter) {
            break;
        }
        const auto step = static_cast<std::uint32_t>(digit ? c - '0' : (c | 0x20) - 'a' + 10);
        value = std::min<std::uint32_t>(value * (hex ? 16 : 10) + step, 0x200000);
    }
    if (at == begin || at == text.size() || text[at] != ';') {
        return std::nullopt;
    }
    return std::pair(value, at + 1);
}

bool is_high(std::uint32_t code) noexcept
{
    return code >= 0xD800 && code < 0xDC00;
}
bool is_low(std::uint32_t code) noexcept
{
    return code >= 0xDC00 && code < 0xE000;
}

/// The character XML may hold for a number; 0 for none.
std::uint32_t legal(std::uint32_t code) noexcept
{
    if (code >= 0x80 && code < 0xA0) {
        return windows_1252[code - 0x80];
    }
    if (is_high(code) || is_low(code) || code > 0x10FFFF) {
        return replacement;
    }
    const bool control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
    return control || code == 0xFFFE || code == 0xFFFF ? 0 : code;
}

bool same_name(std::string_view a, std::string_view b) noexcept
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&lower](char x, char y) { return lower(x) == lower(y); });
}

class Repair {
public:
    explicit Repair(std::string_view text) : text_(text)
    {
        result_.text.reserve(text.size() + text.size() / 8);
    }

    RepairedXml run()
    {
        std::size_t at = 0;
        while (at < text_.size() && !finished_) {
            if (text_[at] == '<') {
                at = markup(at);
                continue;
            }
            const std::size_t end = std::min(text_.find('<', at), text_.size());
            if (!open_.empty()) {
                escape(text_.substr(at, end - at));
            }
            at = end;
        }
        close_down_to(0);
        return std::move(result_);
    }

private:
    /// What begins with the '<' at `at`; gives the offset behind it.
    std::size_t markup(std::size_t at)
    {
        const std::size_t end = skip_declaration(text_, at);
        if (end != at) {
            constexpr std::string_view cdata = "<![CDATA[";
            if (text_.substr(at).starts_with(cdata) && !open_.empty()) {
                std::string_view inside = text_.substr(at + cdata.size(), end - at - cdata.size());
                if (inside.ends_with("]]>")) {
                    inside.remove_suffix(3);
                }
                literal(inside);
            }
            return end;
        }
        const auto tag = scan_tag(text_, at);
        if (!tag) {
            if (!open_.empty()) {
                result_.text += "&lt;";
            }
            return at + 1;
        }
        tag->closing ? close(*tag) : start(*tag);
        return tag->end;
    }

    void start(const MarkupTag& tag)
    {
        if (elements_ == xml_elements_max) {
            result_.cut = true;
            finished_ = true;
            return;
        }
        if (open_.size() == xml_depth_max) {
            too_deep_ += tag.self_closing ? 0 : 1;
            return;
        }
        ++elements_;
        result_.text += '<';
        result_.text += tag.name;
        attributes(tag);
        if (tag.self_closing) {
            result_.text += "/>";
            finished_ = open_.empty();
            return;
        }
        result_.text += '>';
        open_.push_back(tag.name);
    }

    void attributes(const MarkupTag& tag)
    {
        const auto& list = tag.attributes;
        for (auto one = list.begin(); one != list.end(); ++one) {
            const auto known = [one](const auto& other) { return other.name == one->name; };
            if (std::any_of(list.begin(), one, known)) {
                continue;
            }
            result_.text += ' ';
            result_.text += one->name;
            result_.text += "=\"";
            escape(one->value);
            result_.text += '"';
        }
    }

    void close(const MarkupTag& tag)
    {
        if (too_deep_ != 0) {
            --too_deep_;
            return;
        }
        const auto found =
            std::find_if(open_.rbegin(), open_.rend(),
                         [&tag](std::string_view name) { return same_name(name, tag.name); });
        if (found != open_.rend()) {
            close_down_to(static_cast<std::size_t>(open_.rend() - found) - 1);
            finished_ = open_.empty();
        }
    }

    void close_down_to(std::size_t depth)
    {
        while (open_.size() > depth) {
            result_.text += "</";
            result_.text += open_.back();
            result_.text += '>';
            open_.pop_back();
        }
    }

    /// Text that holds references.
    void escape(std::string_view text)
    {
        std::size_t at = 0;
        while (at < text.size()) {
            const std::size_t end = std::min(text.find('&', at), text.size());
            literal(text.substr(at, end - at));
            at = end == text.size() ? end : reference(text, end);
        }
    }

    /// Text that means itself.
    void literal(std::string_view text)
    {
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            switch (c) {
            case '&': result_.text += "&amp;"; break;
            case '<': result_.text += "&lt;"; break;
            case '>': result_.text += "&gt;"; break;
            case '"': result_.text += "&quot;"; break;
            case '\xEF': // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
                if (text.substr(i, 3) == "\xEF\xBF\xBE" || text.substr(i, 3) == "\xEF\xBF\xBF") {
                    i += 2;
                } else {
                    result_.text += c;
                }
                break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r') {
                    result_.text += c;
                }
            }
        }
    }

    /// The reference that begins with the '&' at `at`; gives the offset behind it.
    std::size_t reference(std::string_view text, std::size_t at)
    {
        if (const auto number = number_at(text, at)) {
            std::uint32_t code = number->first;
            std::size_t end = number->second;
            const auto second = is_high(code) ? number_at(text, end) : std::nullopt;
            if (second && is_low(second->first)) {
                code = 0x10000 + ((code - 0xD800) << 10) + (second->first - 0xDC00);
                end = second->second;
            }
            character(legal(code));
            return end;
        }
        constexpr std::size_t name_bytes_max = 10; // "thetasym" is HTML 4's longest.
        const std::size_t end = text.substr(0, at + name_bytes_max + 2).find(';', at);
        if (end != std::string_view::npos) {
            const std::string name(text.substr(at + 1, end - at - 1));
            if (name == "apos") {
                result_.text += '\'';
                return end + 1;
            }
            const auto* entity = htmlEntityLookup(reinterpret_cast<const xmlChar*>(name.c_str()));
            if (entity != nullptr) {
                character(entity->value);
                return end + 1;
            }
        }
        result_.text += "&amp;";
        return at + 1;
    }

    void character(std::uint32_t code)
    {
        if (code == 0) {
            return;
        }
        if (code == '\t' || code == '\n' || code == '\r') { // Kept from being normalised away.
            result_.text += "&#" + std::to_string(code) + ';';
            return;
        }
        std::string bytes;
        append_utf8(bytes, code);
        literal(bytes);
    }

    std::string_view text_;
    RepairedXml result_;
    std::vector<std::string_view> open_; ///< Names of the open elements, the root first.
    std::size_t too_deep_ = 0;           ///< Open elements below those, which were dropped.
    std::size_t elements_ = 0;
    bool finished_ = false;
};

} // namespace

RepairedXml repaired_xml(std::string_view text)
{
    return Repair(text).run();
}

} // namespace empathd::connectors
