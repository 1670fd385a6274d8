#include "connectors/transport/html_repair.hpp"

#include "connectors/transport/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace empathd::connectors {
namespace {

/// Entities that HTML allows without a semicolon: those of ISO 8859-1. Sorted by bytes.
constexpr std::array<std::string_view, 106> without_semicolon{
    "AElig",  "AMP",    "Aacute", "Acirc",  "Agrave", "Aring",  "Atilde", "Auml",   "COPY",
    "Ccedil", "ETH",    "Eacute", "Ecirc",  "Egrave", "Euml",   "GT",     "Iacute", "Icirc",
    "Igrave", "Iuml",   "LT",     "Ntilde", "Oacute", "Ocirc",  "Ograve", "Oslash", "Otilde",
    "Ouml",   "QUOT",   "REG",    "THORN",  "Uacute", "Ucirc",  "Ugrave", "Uuml",   "Yacute",
    "aacute", "acirc",  "acute",  "aelig",  "agrave", "amp",    "aring",  "atilde", "auml",
    "brvbar", "ccedil", "cedil",  "cent",   "copy",   "curren", "deg",    "divide", "eacute",
    "ecirc",  "egrave", "eth",    "euml",   "frac12", "frac14", "frac34", "gt",     "iacute",
    "icirc",  "iexcl",  "igrave", "iquest", "iuml",   "laquo",  "lt",     "macr",   "micro",
    "middot", "nbsp",   "not",    "ntilde", "oacute", "ocirc",  "ograve", "ordf",   "ordm",
    "oslash", "otilde", "ouml",   "para",   "plusmn", "pound",  "quot",   "raquo",  "reg",
    "sect",   "shy",    "sup1",   "sup2",   "sup3",   "szlig",  "thorn",  "times",  "uacute",
    "ucirc",  "ugrave", "uml",    "uuml",   "yacute", "yen",    "yuml"};

struct Replacement {
    std::string_view name;
    std::string_view text;
};

/// ASCII that HTML 5 can write as a name and that libxml2, which stopped at HTML 4, does not know.
/// AMP, LT, GT and QUOT stay entities: their characters would be markup.
constexpr std::array html5_names{
    Replacement{"AMP", "&amp;"}, Replacement{"LT", "&lt;"},     Replacement{"GT", "&gt;"},
    Replacement{"QUOT", "\""},   Replacement{"COPY", "&copy;"}, Replacement{"REG", "&reg;"},
    Replacement{"Tab", "\t"},    Replacement{"NewLine", "\n"},  Replacement{"excl", "!"},
    Replacement{"num", "#"},     Replacement{"dollar", "$"},    Replacement{"percnt", "%"},
    Replacement{"lpar", "("},    Replacement{"rpar", ")"},      Replacement{"ast", "*"},
    Replacement{"plus", "+"},    Replacement{"comma", ","},     Replacement{"period", "."},
    Replacement{"sol", "/"},     Replacement{"colon", ":"},     Replacement{"semi", ";"},
    Replacement{"equals", "="},  Replacement{"quest", "?"},     Replacement{"commat", "@"},
    Replacement{"lsqb", "["},    Replacement{"lbrack", "["},    Replacement{"bsol", "\\"},
    Replacement{"rsqb", "]"},    Replacement{"rbrack", "]"},    Replacement{"Hat", "^"},
    Replacement{"lowbar", "_"},  Replacement{"grave", "`"},     Replacement{"lcub", "{"},
    Replacement{"lbrace", "{"},  Replacement{"verbar", "|"},    Replacement{"vert", "|"},
    Replacement{"rcub", "}"},    Replacement{"rbrace", "}"},    Replacement{"apos", "'"},
};

bool is_letter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_name(char c) noexcept
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

/// Control characters mean nothing in HTML; NUL would end the parser's input.
bool is_dropped(char c) noexcept
{
    const auto byte = static_cast<std::uint8_t>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || byte == 0x7F;
}

/// What a '<' begins, by the bytes behind it. Source: WHATWG HTML section 13.2.5.6.
enum class Opening { text, tag, comment };

Opening opening_of(std::string_view from) noexcept
{
    const char c = from.size() > 1 ? from[1] : '\0';
    if (is_letter(c)) {
        return Opening::tag;
    }
    if (c == '!' || c == '?') {
        return Opening::comment; // Doctypes and instructions too: nothing of them is shown.
    }
    if (c != '/' || from.size() < 3) {
        return Opening::text;
    }
    return is_letter(from[2]) ? Opening::tag : Opening::comment;
}

/// How long the comment at the front is; all the rest when it is never closed.
std::size_t comment_size(std::string_view from) noexcept
{
    const bool real = from.starts_with("<!--");
    const std::string_view close = real ? "-->" : ">";
    const std::size_t end = from.find(close, real ? 2 : 1); // "<!-->" is a whole comment.
    return end == std::string_view::npos ? from.size() : end + close.size();
}

/// How long the tag at the front is; all the rest when it is never closed.
std::size_t tag_size(std::string_view from) noexcept
{
    char quote = '\0';
    for (std::size_t i = 1; i < from.size(); ++i) {
        const char c = from[i];
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if ((c == '"' || c == '\'') && from[i - 1] == '=') {
            quote = c;
        } else if (c == '>') {
            return i + 1;
        }
    }
    return from.size();
}

/// The longest name of `without_semicolon` at the front of `name`; empty when there is none.
std::string_view longest_known(std::string_view name) noexcept
{
    constexpr std::size_t name_size_max = 6;
    for (std::size_t size = std::min(name.size(), name_size_max); size >= 2; --size) {
        const std::string_view candidate = name.substr(0, size);
        if (std::binary_search(without_semicolon.begin(), without_semicolon.end(), candidate)) {
            return candidate;
        }
    }
    return {};
}

/// "&#1", "&#x1": libxml2 reads these itself, with or without their semicolon.
bool is_number(std::string_view from) noexcept
{
    if (!from.starts_with("&#") || from.size() < 3) {
        return false;
    }
    const bool hexadecimal = from[2] == 'x' || from[2] == 'X';
    const char c = hexadecimal ? (from.size() > 3 ? from[3] : '\0') : from[2];
    return (c >= '0' && c <= '9') ||
           (hexadecimal && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
}

/// Writes the entity at the front of `from` ("&...") as libxml2 reads it; how much it took.
std::size_t write_entity(std::string_view from, std::string& out)
{
    constexpr std::size_t name_size_max = 32; // No entity's name is longer.
    std::size_t end = 1;
    while (end < from.size() && end <= name_size_max && is_name(from[end])) {
        ++end;
    }
    const std::string_view name = from.substr(1, end - 1);
    const bool terminated = end < from.size() && from[end] == ';';
    const auto* const html5 =
        std::find_if(html5_names.begin(), html5_names.end(),
                     [name](const Replacement& entry) { return entry.name == name; });
    if (terminated && html5 != html5_names.end()) {
        out += html5->text;
        return end + 1;
    }
    const std::string_view known = terminated ? std::string_view() : longest_known(name);
    if (known.empty()) {
        out += terminated || is_number(from) ? "&" : "&amp;";
        return 1;
    }
    const auto* const upper =
        std::find_if(html5_names.begin(), html5_names.end(),
                     [known](const Replacement& entry) { return entry.name == known; });
    if (upper != html5_names.end()) {
        out += upper->text;
    } else {
        out += '&';
        out += known;
        out += ';';
    }
    return 1 + known.size();
}

} // namespace

std::string repaired_html(std::string_view html)
{
    std::string valid = repaired_utf8(html);
    std::erase_if(valid, is_dropped);
    std::replace(valid.begin(), valid.end(), '\f', ' '); // A blank in HTML; libxml2 drops it.
    std::string out;
    out.reserve(valid.size() + valid.size() / 16);
    std::string_view rest = valid;
    while (!rest.empty()) {
        const std::size_t plain = std::min(rest.find_first_of("<&"), rest.size());
        out += rest.substr(0, plain);
        rest.remove_prefix(plain);
        if (rest.empty()) {
            break;
        }
        std::size_t taken = 1;
        if (rest.front() == '&') {
            taken = write_entity(rest, out);
        } else {
            switch (opening_of(rest)) {
            case Opening::text: out += "&lt;"; break;
            case Opening::comment: taken = comment_size(rest); break;
            case Opening::tag:
                taken = tag_size(rest);
                out += rest.substr(0, taken <= html_tag_bytes_max ? taken : 0);
                break;
            }
        }
        rest.remove_prefix(taken);
    }
    return out;
}

} // namespace empathd::connectors
