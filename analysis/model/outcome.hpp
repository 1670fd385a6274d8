#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace empathd {

/// What became of an incident that is resolved.
enum class Outcome : std::uint8_t {
    fixed,        ///< What people complained of is put right.
    answered,     ///< People got their answer; nothing had to be put right.
    false_alarm,  ///< It was no bad experience, or not worth an alert.
    not_about_us, ///< Another company, or a word that only looks like the brand.
    faded,        ///< Nothing new for the configured time. Given by the daemon itself,
    deleted,      ///< as is this one: all its posts are gone.
    other,
};
inline constexpr std::size_t outcomes = 7;

/// The enumerator's own name.
[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;
/// Nothing for a word that is none of them.
[[nodiscard]] std::optional<Outcome> outcome_from(std::string_view word) noexcept;

} // namespace empathd
