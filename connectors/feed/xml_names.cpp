#include "connectors/feed/xml_names.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace empathd::connectors {
namespace {

using Name = std::pair<std::string_view, std::string_view>;

/// Without scheme, trailing '/' and '#', in lower case.
constexpr std::array<Name, 20> by_uri{{
    {"www.w3.org/2005/atom", "atom"},
    {"purl.org/atom/ns", "atom03"},
    {"www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"},
    {"purl.org/dc/elements/1.1", "dc"},
    {"purl.org/dc/elements/1.0", "dc"},
    {"purl.org/dc/terms", "dcterms"},
    {"purl.org/rss/1.0/modules/content", "content"},
    {"purl.org/rss/1.0/modules/slash", "slash"},
    {"purl.org/syndication/thread/1.0", "thr"},
    {"search.yahoo.com/mrss", "media"},
    {"search.yahoo.com/rss", "media"},
    {"www.itunes.com/dtds/podcast-1.0.dtd", "itunes"},
    {"purl.org/atompub/tombstones/1.0", "at"},
    {"www.w3.org/1999/xhtml", "xhtml"},
    {"www.w3.org/xml/1998/namespace", "xml"},
    {"rssnamespace.org/feedburner/ext/1.0", "feedburner"},
    {"purl.org/rss/1.0", ""},
    {"my.netscape.com/rdf/simple/0.9", ""},
    {"channel.netscape.com/rdf/simple/0.9", ""},
    {"purl.org/net/rss1.1", ""},
}};

constexpr std::array<std::string_view, 14> usual_prefixes{
    "atom",  "rdf",    "dc", "dcterms", "content",    "slash", "thr",
    "media", "itunes", "at", "xhtml",   "feedburner", "xml",   "atom03"};

/// "http://Purl.org/rss/1.0/" as "purl.org/rss/1.0".
std::string essence_of(std::string_view uri)
{
    std::string out;
    for (const char c : uri.substr(0, 256)) {
        if (static_cast<unsigned char>(c) > 0x20) {
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
    }
    const std::size_t scheme = out.find("://");
    if (scheme != std::string::npos) {
        out.erase(0, scheme + 3);
    }
    while (out.ends_with('/') || out.ends_with('#')) {
        out.pop_back();
    }
    return out;
}

} // namespace

std::string_view feed_space(std::string_view uri, std::string_view prefix) noexcept
{
    if (!uri.empty()) {
        const std::string essence = essence_of(uri);
        for (const auto& [known, name] : by_uri) {
            if (essence == known) {
                return name;
            }
        }
    }
    if (prefix.empty()) {
        return {}; // A default namespace of the feed's own invention.
    }
    const auto* const found =
        std::find_if(usual_prefixes.begin(), usual_prefixes.end(),
                     [prefix](std::string_view usual) { return same_word(usual, prefix); });
    return found == usual_prefixes.end() ? std::string_view("?") : *found;
}

} // namespace empathd::connectors
