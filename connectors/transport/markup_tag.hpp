#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace empathd::connectors {

/// One start or end tag as it stands in a text. The views point into that text.
struct MarkupTag {
    struct Attribute {
        std::string_view name;  ///< With its prefix, as written.
        std::string_view value; ///< Between its quotes, not decoded; empty when it has none.
    };

    std::string_view name; ///< With its prefix, as written.
    std::vector<Attribute> attributes;
    bool closing = false;      ///< </name>
    bool self_closing = false; ///< <name/>
    std::size_t end = 0;       ///< Offset behind the tag.

    /// The value of an attribute by lower-case name, any case in the text; nullptr when absent.
    [[nodiscard]] const Attribute* find(std::string_view lower) const noexcept;
};

inline constexpr std::size_t tag_attributes_max = 64; ///< The rest of them is left out.

/// Reads the tag that begins with the '<' at `at`, as broken as people write them: values without
/// quotes or without any value, and a '<' where '>' is missing. Nothing when no ASCII letter or
/// '_' follows ("<3", "a < b"), or when the text ends within the tag.
[[nodiscard]] std::optional<MarkupTag> scan_tag(std::string_view text, std::size_t at);

/// Offset behind the comment, processing instruction, CDATA section or declaration (DOCTYPE with
/// its internal subset) that begins at `at`; the text's size when it never ends; `at` when none
/// begins there.
[[nodiscard]] std::size_t skip_declaration(std::string_view text, std::size_t at) noexcept;

} // namespace empathd::connectors
