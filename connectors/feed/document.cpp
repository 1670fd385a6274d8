#include "connectors/feed/document.hpp"

#include "connectors/feed/markup.hpp"
#include "connectors/transport/charset.hpp"
#include "connectors/transport/markup_tag.hpp"

#include <algorithm>
#include <array>

namespace empathd::connectors {
namespace {

enum class Kind : std::uint8_t { xml, json, html, other_xml, nothing };

struct Sighting {
    Kind kind = Kind::nothing;
    std::size_t at = 0; ///< Where the root element begins.
    std::string_view root;
};

/// How far a feed's beginning is looked for behind messages a broken server put before it.
constexpr std::size_t preamble_bytes_max = 64 * 1024;

std::string_view local_name(std::string_view name) noexcept
{
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& list) noexcept
{
    return std::any_of(list.begin(), list.end(),
                       [name](std::string_view one) { return same_word(one, name); });
}

/// Finds the root of what the text holds. A feed may stand behind text or HTML that a failing
/// script printed first; an HTML page holds none.
Sighting look_at(std::string_view text)
{
    constexpr std::array<std::string_view, 5> feeds{"rss", "feed", "rdf", "channel", "entry"};
    constexpr std::array<std::string_view, 2> parts_of_pages{"head", "body"};
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        return {};
    }
    if (text[first] == '{' || text[first] == '[') {
        return {.kind = Kind::json, .at = first};
    }
    Sighting other;
    const std::string_view preamble = text.substr(0, preamble_bytes_max);
    for (std::size_t at = preamble.find('<'); at != std::string_view::npos;
         at = preamble.find('<', at)) {
        const std::size_t behind = skip_declaration(text, at);
        if (behind != at) {
            if (same_word(text.substr(at, 14), "<!doctype html")) {
                return {.kind = Kind::html};
            }
            at = behind;
            continue;
        }
        const auto tag = scan_tag(text, at);
        const std::string_view name = tag ? local_name(tag->name) : std::string_view();
        if (is_one_of(name, feeds)) {
            return {.kind = Kind::xml, .at = at, .root = name};
        }
        if (same_word(name, "html") ||
            (other.kind == Kind::nothing && is_one_of(name, parts_of_pages))) {
            return {.kind = Kind::html};
        }
        if (other.kind == Kind::nothing && tag) {
            other = {.kind = Kind::other_xml, .at = at, .root = name};
        }
        at += 1;
    }
    return other;
}

Error no_feed(std::string what)
{
    return {ErrorKind::malformed, "no feed: " + std::move(what)};
}

} // namespace

Result<FeedDocument> parse_feed(std::string_view body, const FeedOrigin& origin)
{
    const std::string text =
        decoded_document(body, {charset_of(origin.content_type), declared_encoding(body)});
    const Sighting sighting = look_at(text);
    const std::string_view rest = std::string_view(text).substr(sighting.at);
    switch (sighting.kind) {
    case Kind::xml: return parse_xml_feed(rest, origin.url);
    case Kind::json: return parse_json_feed(rest, origin.url);
    case Kind::html: {
        const std::string named = feed_named_in(text, origin.url);
        return no_feed(named.empty() ? "the address gives an HTML page"
                                     : "the address gives an HTML page, whose feed is " + named);
    }
    case Kind::other_xml:
        return no_feed("the root element is <" + std::string(sighting.root.substr(0, 64)) + '>');
    case Kind::nothing: break;
    }
    const bool empty = text.find_first_not_of(" \t\r\n") == std::string::npos;
    return no_feed(empty ? "the answer is empty" : "the answer is neither XML nor JSON");
}

} // namespace empathd::connectors
