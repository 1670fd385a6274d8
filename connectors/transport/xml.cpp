#include "connectors/transport/xml.hpp"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

namespace empathd::connectors {
namespace {

std::string_view view(const xmlChar* text) noexcept
{
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

/// Listens to libxml2 and builds the tree.
class Builder {
public:
    explicit Builder(XmlSpaces spaces) : spaces_(spaces) { open_.emplace_back(); }

    void start(XmlNode node) { open_.push_back(std::move(node)); }

    void end()
    {
        if (open_.size() > 1) {
            XmlNode node = std::move(open_.back());
            open_.pop_back();
            open_.back().children.push_back(std::move(node));
        }
    }

    void characters(std::string_view text)
    {
        auto& siblings = open_.back().children;
        if (open_.size() == 1) {
            return; // Outside of the root.
        }
        if (siblings.empty() || !siblings.back().is_text()) {
            siblings.emplace_back();
        }
        siblings.back().text += text;
    }

    /// Namespaces come as the same two pointers again and again: libxml2 keeps its names once.
    std::string_view space(const xmlChar* uri, const xmlChar* prefix)
    {
        const auto known = std::find_if(seen_.begin(), seen_.end(), [&](const Seen& one) {
            return one.uri == uri && one.prefix == prefix;
        });
        if (known != seen_.end()) {
            return known->space;
        }
        const std::string_view found = spaces_(view(uri), view(prefix));
        if (seen_.size() < seen_max) {
            seen_.push_back({uri, prefix, found});
        }
        return found;
    }

    /// The root; nothing read means an element without name.
    [[nodiscard]] XmlNode take()
    {
        while (open_.size() > 1) {
            end();
        }
        auto& roots = open_.front().children;
        return roots.empty() ? XmlNode() : std::move(roots.front());
    }

private:
    struct Seen {
        const xmlChar* uri;
        const xmlChar* prefix;
        std::string_view space;
    };
    static constexpr std::size_t seen_max = 32;

    XmlSpaces spaces_;
    std::vector<XmlNode> open_; ///< The document itself, then the open elements.
    std::vector<Seen> seen_;
};

/// Without entity substitution libxml2 leaves an ampersand in an attribute as a reference.
std::string attribute_value(std::string_view raw)
{
    constexpr std::string_view ampersand = "&#38;";
    std::string out;
    out.reserve(raw.size());
    for (std::size_t at = 0; at < raw.size();) {
        const std::size_t end = std::min(raw.find(ampersand, at), raw.size());
        out += raw.substr(at, end - at);
        out += end == raw.size() ? "" : "&";
        at = end + (end == raw.size() ? 0 : ampersand.size());
    }
    return out;
}

void start_element(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
                   int, const xmlChar**, int attributes, int, const xmlChar** list)
{
    auto& builder = *static_cast<Builder*>(context);
    XmlNode node{.space = builder.space(uri, prefix), .name = std::string(view(name))};
    node.attributes.reserve(static_cast<std::size_t>(attributes));
    for (int i = 0; i < attributes; ++i, list += 5) { // Name, prefix, namespace, value, its end.
        const auto* value = reinterpret_cast<const char*>(list[3]);
        const auto* value_end = reinterpret_cast<const char*>(list[4]);
        node.attributes.push_back({.space = builder.space(list[2], list[1]),
                                   .name = std::string(view(list[0])),
                                   .value = attribute_value({value, value_end})});
    }
    builder.start(std::move(node));
}

xmlSAXHandler handlers() noexcept
{
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = start_element;
    sax.endElementNs = [](void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
        static_cast<Builder*>(context)->end();
    };
    sax.characters = [](void* context, const xmlChar* text, int size) {
        static_cast<Builder*>(context)->characters(
            {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
    };
    sax.ignorableWhitespace = sax.characters;
    sax.cdataBlock = sax.characters;
    return sax;
}

void add_text(const XmlNode& node, std::string& out)
{
    out += node.text;
    for (const XmlNode& child : node.children) { // At most xml_depth_max deep.
        add_text(child, out);
    }
}

} // namespace

Result<XmlDocument> parse_xml(std::string_view text, XmlSpaces spaces)
{
    static const bool ready = [] { // Its globals, before any thread could race for them.
        xmlInitParser();
        return true;
    }();
    (void)ready;
    const RepairedXml repaired = repaired_xml(text);
    Builder builder(spaces);
    const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> parser(xmlNewParserCtxt(),
                                                                              &xmlFreeParserCtxt);
    if (!parser) {
        throw std::bad_alloc();
    }
    *parser->sax = handlers();
    parser->userData = &builder;
    constexpr int options = XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
                            XML_PARSE_NOWARNING; // Neither NOENT, DTDLOAD nor HUGE.
    xmlDoc* const tree =
        xmlCtxtReadMemory(parser.get(), repaired.text.data(),
                          static_cast<int>(repaired.text.size()), nullptr, "UTF-8", options);
    xmlFreeDoc(tree); // There is none with handlers of our own; freeing nothing is allowed.
    XmlDocument document{.root = builder.take(), .cut = repaired.cut};
    if (document.root.name.empty()) {
        return Error{ErrorKind::malformed, "no XML element in it"};
    }
    return document;
}

std::string_view declared_encoding(std::string_view bytes) noexcept
{
    bytes = bytes.substr(0, 1024);
    const std::size_t begin = bytes.find("<?xml");
    if (begin == std::string_view::npos) {
        return {};
    }
    const std::string_view declaration = bytes.substr(begin, bytes.find('>', begin) - begin);
    constexpr std::string_view key = "encoding";
    const std::size_t at = declaration.find(key);
    if (at == std::string_view::npos) {
        return {};
    }
    const std::size_t value = declaration.find_first_not_of(" \t\r\n=\"'", at + key.size());
    if (value == std::string_view::npos) {
        return {};
    }
    return declaration.substr(value, declaration.find_first_of(" \t\r\n\"'?", value) - value);
}

std::string text_of(const XmlNode& node)
{
    std::string out;
    add_text(node, out);
    return out;
}

std::string_view attribute_of(const XmlNode& node, std::string_view name,
                              std::string_view space) noexcept
{
    for (const XmlAttribute& attribute : node.attributes) {
        if (attribute.space == space && same_word(attribute.name, name)) {
            return attribute.value;
        }
    }
    return {};
}

bool same_word(std::string_view a, std::string_view b) noexcept
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&lower](char x, char y) { return lower(x) == lower(y); });
}

} // namespace empathd::connectors
