#pragma once

#include "connectors/transport/xml.hpp"

#include <string_view>

namespace empathd::connectors {

/// The short names of the namespaces feeds use: "atom", "atom03", "rdf", "dc", "dcterms",
/// "content", "slash", "thr", "media", "itunes", "at", "xhtml", "feedburner", "xml"; empty for
/// RSS's own (1.0's and the unofficial ones of 0.9x and 2.0) and for none; "?" for all others.
/// An undeclared or misspelt namespace is known by its usual prefix.
[[nodiscard]] std::string_view feed_space(std::string_view uri, std::string_view prefix) noexcept;

} // namespace empathd::connectors
