#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace empathd::connectors {

/// The same bytes with every ill-formed UTF-8 sequence replaced by one U+FFFD (maximal subparts,
/// Unicode 15 section 3.9). Nothing is composed or folded: markup keeps its meaning.
[[nodiscard]] std::string repaired_utf8(std::string_view bytes);

/// Shortens valid UTF-8 to at most `bytes_max` bytes without cutting a character. True when
/// something was cut off.
bool cut_at_character(std::string& text, std::size_t bytes_max) noexcept;

} // namespace empathd::connectors
