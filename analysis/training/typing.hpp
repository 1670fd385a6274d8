#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace empathd::training {

/// How a text that is asked about was typed.
enum class Typing : std::uint8_t { as_is, stripped, capitals, without_emoji, misspelt };
inline constexpr std::array typings = {Typing::as_is, Typing::stripped, Typing::capitals,
                                       Typing::without_emoji, Typing::misspelt};
inline constexpr std::size_t typing_count = typings.size();

/// Typed so; the same text is always misspelt in the same way.
[[nodiscard]] std::string typed(const std::string& text, Typing typing);

/// For tables: "no diacritics".
[[nodiscard]] const char* name_of(Typing typing) noexcept;

/// FNV-1a, 64 bits.
[[nodiscard]] std::uint64_t text_hash(std::string_view text) noexcept;

} // namespace empathd::training
