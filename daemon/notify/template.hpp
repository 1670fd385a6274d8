#pragma once

#include "daemon/notify/plain_text.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace empathd {

/// What a field holds, which decides how it is escaped.
enum class FieldKind : std::uint8_t {
    text, ///< What plain_line gave.
    link, ///< What link_address gave.
};

/// A field of a message: no value where it is absent, several in a list.
struct Field {
    FieldKind kind = FieldKind::text;
    std::vector<std::string> values; ///< None of them empty.
};
using Fields = std::map<std::string, Field, std::less<>>;

struct TemplateProblem {
    std::uint32_t line = 0; ///< From 1.
    std::string message;
};

inline constexpr std::size_t template_bytes_max = 64 * 1024;
inline constexpr std::size_t template_depth_max = 8;
inline constexpr std::size_t rendered_bytes_max = 256 * 1024;

/// A text with places to fill in, without any logic of its own:
///
///     {{field}}                    its value, escaped for where it is shown; its first of several
///     {{#field}} ... {{/field}}    shown once for each value, so not at all when it is absent
///     {{^field}} ... {{/field}}    shown when it is absent
///     {{.}}                        inside {{#field}}: the value of this turn
///     {{! words }}                 nothing
///
/// Blanks inside the braces do not matter. A line that holds one tag of a section or a comment and
/// nothing else leaves no line behind. Nothing switches escaping off.
/// Source: a part of mustache(5), its sections and standalone lines.
class Template {
public:
    /// Reads one. What is wrong with it is added to `problems`, all at once: tags never closed,
    /// sections out of balance, fields that are none of `known`, unknown kinds of tags, more than
    /// the limits above, ill-formed UTF-8. It is to be used only when nothing was added.
    Template(std::string_view source, const std::vector<std::string>& known,
             std::vector<TemplateProblem>& problems);

    /// Filled in. Stops at `rendered_bytes_max`. Fields that are not there are absent.
    [[nodiscard]] std::string render(const Fields& fields, Target target) const;

private:
    enum class Part : std::uint8_t { literal, value, this_value, section, inverted };

    struct Node {
        Part part = Part::literal;
        std::string text;    ///< The literal, or the field's name.
        std::size_t end = 0; ///< Of a section: the index behind its last node.
    };
    class Reader;
    class Writer;

    std::vector<Node> nodes_; ///< In the order of the text; a section's nodes follow it.
};

} // namespace empathd
