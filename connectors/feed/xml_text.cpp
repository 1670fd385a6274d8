#include "connectors/feed/xml_text.hpp"

#include "connectors/fields.hpp"
#include "connectors/transport/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace empathd::connectors {
namespace {

bool has_elements(const XmlNode& node) noexcept
{
    return std::any_of(node.children.begin(), node.children.end(),
                       [](const XmlNode& child) { return !child.is_text(); });
}

std::optional<unsigned> base64_digit(char c) noexcept
{
    if (c >= 'A' && c <= 'Z') {
        return static_cast<unsigned>(c - 'A');
    }
    if (c >= 'a' && c <= 'z') {
        return static_cast<unsigned>(c - 'a' + 26);
    }
    if (c >= '0' && c <= '9') {
        return static_cast<unsigned>(c - '0' + 52);
    }
    return c == '+' ? std::optional(62U) : c == '/' ? std::optional(63U) : std::nullopt;
}

/// RFC 4648 section 4, white space ignored. Nothing for what is not Base64 or holds no text.
std::optional<std::string> text_in_base64(std::string_view text)
{
    std::string out;
    std::uint32_t bits = 0;
    int have = 0;
    for (const char c : text) {
        if (c == '=' || c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            continue;
        }
        const auto digit = base64_digit(c);
        if (!digit) {
            return std::nullopt;
        }
        bits = (bits << 6 | *digit) & 0xFFFFFF;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out += static_cast<char>(bits >> have & 0xFF);
        }
    }
    const bool binary = out.find('\0') != std::string::npos || repaired_utf8(out) != out;
    return binary ? std::nullopt : std::optional(std::move(out));
}

enum class Type : std::uint8_t { none, text, html, tree, binary, media };

/// The media type without its parameters; Atom 1.0's three words count as their types.
Type type_of(std::string_view attribute) noexcept
{
    std::string_view type = attribute.substr(0, attribute.find(';'));
    while (type.ends_with(' ')) {
        type.remove_suffix(1);
    }
    if (type.empty()) {
        return Type::none;
    }
    if (same_word(type, "html") || same_word(type, "text/html")) {
        return Type::html;
    }
    if (same_word(type, "xhtml") || type.ends_with("/xml") || type.ends_with("+xml")) {
        return Type::tree;
    }
    if (same_word(type, "application/octet-stream")) {
        return Type::binary;
    }
    for (const std::string_view prefix : {"image/", "audio/", "video/"}) {
        if (same_word(type.substr(0, prefix.size()), prefix)) {
            return Type::media;
        }
    }
    return Type::text;
}

FeedText atom_text(const XmlNode& node, std::string_view base)
{
    const Type type = type_of(attribute_of(node, "type"));
    const std::string_view mode = attribute_of(node, "mode");
    if (type == Type::media) {
        return {};
    }
    if (same_word(mode, "base64") || type == Type::binary) {
        return {text_in_base64(text_of(node)).value_or(std::string()), true};
    }
    if (type == Type::tree || has_elements(node)) {
        return {inner_html(node, base), true};
    }
    std::string text = text_of(node);
    const bool escaped = same_word(mode, "escaped") || type == Type::none;
    const bool html = type == Type::html || (escaped && looks_like_html(text));
    return {std::move(text), html};
}

/// "mail (Name)" as the name, "Name <mail>" too; a mail address alone stays.
std::string name_in(std::string_view text)
{
    const std::size_t open = text.find('(');
    if (open != std::string_view::npos && text.ends_with(')') &&
        text.substr(0, open).find('@') != std::string_view::npos) {
        return plain_line(text.substr(open + 1, text.size() - open - 2));
    }
    const std::size_t angle = text.find('<');
    if (angle != std::string_view::npos && angle > 0 && text.ends_with('>') &&
        text.find('@', angle) != std::string_view::npos) {
        return plain_line(text.substr(0, angle));
    }
    return plain_line(text);
}

} // namespace

FeedText text_construct(const XmlNode& node, bool atom, std::string_view base)
{
    if (node.space.starts_with("atom") || (atom && node.space.empty())) {
        return atom_text(node, base);
    }
    return {has_elements(node) ? inner_html(node, base) : text_of(node), true};
}

AuthorText author_of(const XmlNode& node)
{
    AuthorText out;
    std::string mail;
    for (const XmlNode& child : node.children) {
        if (same_word(child.name, "name")) {
            out.name = line_of({text_of(child), true});
        } else if (same_word(child.name, "uri") || same_word(child.name, "url") ||
                   same_word(child.name, "homepage")) {
            out.handle = plain_line(text_of(child));
        } else if (same_word(child.name, "email")) {
            mail = plain_line(text_of(child));
        }
    }
    if (!has_elements(node)) {
        const std::string text = text_of(node);
        const bool mailbox =
            text.find('@') != std::string::npos && text.find("</") == std::string::npos;
        if (!mailbox && looks_like_html(text)) {
            HtmlText read = html_to_text(text);
            out.name = plain_line(read.text);
            out.handle = read.links.empty() ? std::string() : std::move(read.links.front());
        } else {
            out.name = name_in(plain_line(text));
        }
    }
    const auto fill = [](std::string& empty, const std::string& from) {
        if (empty.empty()) {
            empty = from;
        }
    };
    fill(out.name, mail);
    fill(out.handle, out.name);
    fill(out.name, out.handle);
    return out;
}

} // namespace empathd::connectors
