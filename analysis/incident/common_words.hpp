#pragma once

#include <cstdint>
#include <string_view>

namespace empathd::analysis {

/// FNV-1a, mixed. What words, pairs and names are known by inside the tracker.
[[nodiscard]] std::uint64_t word_hash(std::string_view folded) noexcept;

/// Of a pair of neighbours, by their hashes.
[[nodiscard]] std::uint64_t pair_hash(std::uint64_t first, std::uint64_t second) noexcept;

/// How usual a word is in customers' posts whatever they are about: the share of posts that have
/// it, before anything is known of a brand. Counted once in analysis/corpus (English, French,
/// Vietnamese), the largest share of the three.
struct Usual {
    float share = 0;    ///< 0.0005 for what is not listed.
    bool known = false; ///< Listed: at least one post in five hundred.
};

/// `hash` of the folded and stripped word, not of its stem; or of a pair. Any thread; the table is
/// built by the first call.
[[nodiscard]] Usual usual_word(std::uint64_t hash);
[[nodiscard]] Usual usual_pair(std::uint64_t hash);

inline constexpr float unlisted_word_share = 0.0005F;
inline constexpr float unlisted_pair_share = 0.0008F;
/// From this share on a word says nothing by itself.
inline constexpr float filler_share = 0.05F;

} // namespace empathd::analysis
