#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace empathd::connectors {

inline constexpr std::size_t xml_depth_max = 256;        ///< Elements inside each other.
inline constexpr std::size_t xml_elements_max = 200'000; ///< Read of one document.

/// A document as libxml2 can read it to the end.
struct RepairedXml {
    std::string text; ///< One element, well-formed but for namespaces; empty when there is none.
    bool cut = false; ///< `xml_elements_max` was reached: the rest is missing.
};

/// Prepares an XML document, valid UTF-8, for libxml2, which after its first error may lose the
/// rest or move it to other parents:
///
/// - What stands before and behind the root element, comments, processing instructions and the
///   XML declaration are dropped. So is a DOCTYPE with all it declares: no entity of its own is
///   ever expanded, none is fetched; their references stay as text.
/// - HTML's named entities become characters, other ampersands and '<' that start nothing are
///   escaped. Numbers that XML forbids: two halves of a surrogate pair become their character, half
///   of one U+FFFD, Windows-1252 numbers (128 to 159) what they mean there, control characters
///   vanish, also unescaped ones. CDATA becomes escaped text.
/// - Attributes get quotes and escapes; of two of the same name the first stays.
/// - End tags that close nothing are dropped, missing ones supplied before the end tag of an outer
///   element. Names match in any case.
/// - Elements deeper than `xml_depth_max` are dropped, their text stays.
[[nodiscard]] RepairedXml repaired_xml(std::string_view text);

} // namespace empathd::connectors
