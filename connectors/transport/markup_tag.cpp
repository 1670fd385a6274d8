#include "connectors/transport/markup_tag.hpp"

#include <algorithm>

namespace empathd::connectors {
namespace {

constexpr std::string_view blanks = " \t\r\n\f";

bool starts_name(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool continues_name(char c) noexcept
{
    return starts_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

bool is_blank(char c) noexcept
{
    return blanks.find(c) != std::string_view::npos;
}

/// Reads a tag from left to right.
class Scanner {
public:
    Scanner(std::string_view text, std::size_t at) noexcept : text_(text), at_(at) {}

    [[nodiscard]] bool done() const noexcept { return at_ >= text_.size(); }
    [[nodiscard]] char now() const noexcept { return text_[at_]; }
    [[nodiscard]] std::size_t at() const noexcept { return at_; }
    void next() noexcept { ++at_; }

    void skip_blanks() noexcept
    {
        while (!done() && is_blank(now())) {
            next();
        }
    }

    std::string_view name() noexcept
    {
        const std::size_t begin = at_;
        while (!done() && continues_name(now())) {
            next();
        }
        return text_.substr(begin, at_ - begin);
    }

    /// The value behind '='. A quote that is never closed counts as part of an unquoted value.
    std::string_view value() noexcept
    {
        skip_blanks();
        if (!done() && (now() == '"' || now() == '\'')) {
            const std::size_t end = text_.substr(0, at_ + 1 + value_bytes_max).find(now(), at_ + 1);
            if (end != std::string_view::npos) {
                const std::string_view found = text_.substr(at_ + 1, end - at_ - 1);
                at_ = end + 1;
                return found;
            }
        }
        const std::size_t begin = at_;
        while (!done() && !is_blank(now()) && now() != '>' && now() != '<') {
            next();
        }
        return text_.substr(begin, at_ - begin);
    }

private:
    /// Longest value in quotes: a forgotten quote must not make every later one look for its end
    /// through the whole document.
    static constexpr std::size_t value_bytes_max = 64 * 1024;

    std::string_view text_;
    std::size_t at_;
};

/// A DOCTYPE ends at the '>' outside of quotes, brackets and comments.
std::size_t skip_doctype(std::string_view text, std::size_t at) noexcept
{
    std::size_t brackets = 0;
    char quote = '\0';
    for (std::size_t i = at + 2; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '<' && text.substr(i).starts_with("<!--")) {
            i = text.find("-->", i + 4); // The largest number when missing.
            if (i == std::string_view::npos) {
                break;
            }
            i += 2;
        } else if (c == '[') {
            ++brackets;
        } else if (c == ']') {
            brackets -= brackets == 0 ? 0 : 1;
        } else if (c == '>' && brackets == 0) {
            return i + 1;
        }
    }
    return text.size();
}

} // namespace

const MarkupTag::Attribute* MarkupTag::find(std::string_view lower) const noexcept
{
    const auto same = [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); };
    for (const Attribute& attribute : attributes) {
        if (std::equal(lower.begin(), lower.end(), attribute.name.begin(), attribute.name.end(),
                       same)) {
            return &attribute;
        }
    }
    return nullptr;
}

std::optional<MarkupTag> scan_tag(std::string_view text, std::size_t at)
{
    MarkupTag tag;
    Scanner scanner(text, at + 1);
    if (!scanner.done() && scanner.now() == '/') {
        tag.closing = true;
        scanner.next();
    }
    if (scanner.done() || !starts_name(scanner.now())) {
        return std::nullopt;
    }
    tag.name = scanner.name();
    while (!scanner.done()) {
        scanner.skip_blanks();
        if (scanner.done()) {
            break;
        }
        const char c = scanner.now();
        if (c == '>' || c == '<') {
            tag.end = scanner.at() + (c == '>' ? 1 : 0);
            return tag;
        }
        tag.self_closing = c == '/';
        if (!starts_name(c)) {
            scanner.next(); // '/', a stray quote, anything else that is no attribute.
            continue;
        }
        MarkupTag::Attribute attribute{.name = scanner.name()};
        scanner.skip_blanks();
        if (!scanner.done() && scanner.now() == '=') {
            scanner.next();
            attribute.value = scanner.value();
        }
        if (tag.attributes.size() < tag_attributes_max) {
            tag.attributes.push_back(attribute);
        }
    }
    return std::nullopt;
}

std::size_t skip_declaration(std::string_view text, std::size_t at) noexcept
{
    const std::string_view rest = text.substr(at);
    const auto behind = [&](std::string_view end, std::size_t from) {
        const std::size_t found = text.find(end, at + from);
        return found == std::string_view::npos ? text.size() : found + end.size();
    };
    if (rest.starts_with("<!--")) {
        return behind("-->", 4);
    }
    if (rest.starts_with("<![CDATA[")) {
        return behind("]]>", 9);
    }
    if (rest.starts_with("<?")) {
        return behind(">", 2); // HTML ends it there, and XML's "?>" has one too.
    }
    if (!rest.starts_with("<!")) {
        return at;
    }
    constexpr std::string_view doctype = "doctype";
    const auto same = [](char a, char b) { return a == (b | 0x20); };
    const std::string_view word = rest.substr(2, doctype.size());
    return std::equal(doctype.begin(), doctype.end(), word.begin(), word.end(), same)
               ? skip_doctype(text, at)
               : behind(">", 2);
}

} // namespace empathd::connectors
