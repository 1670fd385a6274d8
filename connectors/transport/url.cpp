#include "connectors/transport/url.hpp"

#include <algorithm>

namespace empathd::connectors {
namespace {

bool is_alpha(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// The parts of RFC 3986 appendix B. A part that is absent differs from one that is empty.
struct Parts {
    std::string_view scheme; ///< Empty is absent.
    std::string_view authority;
    std::string_view path;
    std::string_view query;
    std::string_view fragment;
    bool has_authority = false;
    bool has_query = false;
    bool has_fragment = false;
};

std::string_view scheme_of(std::string_view url) noexcept
{
    const std::size_t colon = url.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_alpha(url.front())) {
        return {};
    }
    const std::string_view scheme = url.substr(0, colon);
    const bool legal = std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
    return legal ? scheme : std::string_view();
}

Parts split(std::string_view url) noexcept
{
    Parts parts;
    parts.scheme = scheme_of(url);
    if (!parts.scheme.empty()) {
        url.remove_prefix(parts.scheme.size() + 1);
    }
    if (const auto hash = url.find('#'); hash != std::string_view::npos) {
        parts.has_fragment = true;
        parts.fragment = url.substr(hash + 1);
        url = url.substr(0, hash);
    }
    if (const auto mark = url.find('?'); mark != std::string_view::npos) {
        parts.has_query = true;
        parts.query = url.substr(mark + 1);
        url = url.substr(0, mark);
    }
    if (url.starts_with("//")) {
        parts.has_authority = true;
        url.remove_prefix(2);
        const std::size_t slash = std::min(url.find('/'), url.size());
        parts.authority = url.substr(0, slash);
        url.remove_prefix(slash);
    }
    parts.path = url;
    return parts;
}

/// RFC 3986 section 5.2.4, one segment at a time.
std::string without_dots(std::string_view path)
{
    std::string out;
    while (!path.empty()) {
        if (path.starts_with("../")) {
            path.remove_prefix(3);
        } else if (path.starts_with("./")) {
            path.remove_prefix(2);
        } else if (path.starts_with("/./")) {
            path.remove_prefix(2);
        } else if (path == "/.") {
            path = "/";
        } else if (path.starts_with("/../") || path == "/..") {
            path = path == "/.." ? std::string_view("/") : path.substr(3);
            out.resize(out.rfind('/') == std::string::npos ? 0 : out.rfind('/'));
        } else if (path == "." || path == "..") {
            path = {};
        } else {
            const std::size_t end = std::min(path.find('/', 1), path.size());
            out += path.substr(0, end);
            path.remove_prefix(end);
        }
    }
    return out;
}

/// RFC 3986 section 5.2.3.
std::string merged(const Parts& base, std::string_view path)
{
    if (base.has_authority && base.path.empty()) {
        return '/' + std::string(path);
    }
    const std::size_t slash = base.path.rfind('/');
    const std::size_t kept = slash == std::string_view::npos ? 0 : slash + 1;
    return std::string(base.path.substr(0, kept)) + std::string(path);
}

std::string joined(const Parts& parts, std::string_view path)
{
    std::string out = std::string(parts.scheme) + ':';
    if (parts.has_authority) {
        out += "//";
        out += parts.authority;
    }
    out += path;
    if (parts.has_query) {
        out += '?';
        out += parts.query;
    }
    if (parts.has_fragment) {
        out += '#';
        out += parts.fragment;
    }
    return out;
}

std::string tidy(std::string_view text)
{
    const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
    while (!text.empty() && blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && blank(text.back())) {
        text.remove_suffix(1);
    }
    std::string out;
    for (const char c : text.substr(0, url_bytes_max + 1)) {
        if (c == ' ') {
            out += "%20";
        } else if (static_cast<unsigned char>(c) > 0x20 && c != '\x7F') {
            out += c;
        }
    }
    return out;
}

bool starts_with_scheme(std::string_view url, std::string_view lower) noexcept
{
    return url.size() > lower.size() &&
           std::equal(lower.begin(), lower.end(), url.begin(),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
}

} // namespace

bool is_http_url(std::string_view url) noexcept
{
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (starts_with_scheme(url, scheme)) {
            const char first = url[scheme.size()];
            return first != '/' && first != '?' && first != '#' && first != ':' &&
                   url.find_first_of(" \t\r\n") == std::string_view::npos;
        }
    }
    return false;
}

std::string resolve_url(std::string_view reference, std::string_view base)
{
    const std::string wanted = tidy(reference);
    const std::string from = tidy(base);
    Parts parts = split(wanted);
    const Parts below = split(from);
    if (wanted.size() > url_bytes_max || (parts.scheme.empty() && below.scheme.empty())) {
        return {};
    }
    std::string path;
    if (!parts.scheme.empty()) {
        return wanted; // As it is: its author may mean the dots.
    }
    parts.scheme = below.scheme;
    if (parts.has_authority) {
        path = without_dots(parts.path);
    } else {
        parts.has_authority = below.has_authority;
        parts.authority = below.authority;
        if (parts.path.empty()) {
            path = std::string(below.path);
            if (!parts.has_query) {
                parts.has_query = below.has_query;
                parts.query = below.query;
            }
        } else {
            path = without_dots(parts.path.starts_with('/') ? std::string(parts.path)
                                                            : merged(below, parts.path));
        }
    }
    std::string out = joined(parts, path);
    return out.size() > url_bytes_max ? std::string() : out;
}

} // namespace empathd::connectors
