#pragma once

#include <cstdint>
#include <optional>

namespace empathd::analysis {

/// A kind of thing that happens to customers: "late", "log in", "parcel". One number in English,
/// French and Vietnamese, so that accounts meet across languages.
struct Topic {
    std::uint32_t id = 0;
    float share = 0; ///< Of customers' posts that have it, roughly.
};

/// The topic a folded, stripped word or pair of neighbours stands for (hashes as in
/// common_words.hpp). Nothing for most words. Any thread.
[[nodiscard]] std::optional<Topic> topic_of(std::uint64_t hash);

} // namespace empathd::analysis
