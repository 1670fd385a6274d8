#pragma once

#include "analysis/model/error.hpp"
#include "connectors/transport/xml_repair.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace empathd::connectors {

struct XmlAttribute {
    std::string_view space;
    std::string name; ///< Without prefix.
    std::string value;
};

/// An element or a piece of text; elements nest at most `xml_depth_max` deep.
struct XmlNode {
    std::string_view space; ///< What `XmlSpaces` called its namespace; outlives the document.
    std::string name;       ///< Without prefix; empty for text.
    std::string text;       ///< Of a text node.
    std::vector<XmlAttribute> attributes;
    std::vector<XmlNode> children;

    [[nodiscard]] bool is_text() const noexcept { return name.empty(); }
};

struct XmlDocument {
    XmlNode root;
    bool cut = false; ///< `xml_elements_max` was reached: the rest is missing.
};

/// Gives a namespace the short name by which its readers know it. `uri` is empty for names without
/// a namespace and for prefixes nobody declared, of which feeds have many. What it returns must
/// live for ever.
using XmlSpaces = std::string_view (*)(std::string_view uri, std::string_view prefix);

/// Reads a document, valid UTF-8 (charset.hpp), as broken as it may be: see `repaired_xml`. Reads
/// nothing else: no file, no address, no entity is ever resolved. Fails with `malformed` when there
/// is no element at all.
[[nodiscard]] Result<XmlDocument> parse_xml(std::string_view text, XmlSpaces spaces);

/// The encoding that an XML declaration among the first 1,024 bytes names; empty without one.
[[nodiscard]] std::string_view declared_encoding(std::string_view bytes) noexcept;

/// All text inside, in order, as it is.
[[nodiscard]] std::string text_of(const XmlNode& node);

/// The value of an attribute without namespace (or of `space`), any case; empty when absent.
[[nodiscard]] std::string_view attribute_of(const XmlNode& node, std::string_view name,
                                            std::string_view space = {}) noexcept;

/// Whether two names are the same but for ASCII case.
[[nodiscard]] bool same_word(std::string_view a, std::string_view b) noexcept;

} // namespace empathd::connectors
