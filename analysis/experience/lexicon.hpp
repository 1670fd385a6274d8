#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace empathd::analysis {

/// What a word does in a post about an experience. Lists are our own, in English, French and
/// Vietnamese. Each language counts apart, so that "but" (a goal) and "but" can differ, and all
/// together, so that what one language teaches serves the others.
enum class WordClass : std::uint8_t {
    praise,         ///< good, parfait, tuyệt vời
    blame,          ///< awful, nul, tệ
    failure,        ///< broken, en retard, bị lỗi: something did not work
    help,           ///< asks for help
    thanks,         ///< gratitude
    intensifier,    ///< very, trop, quá
    negation,       ///< not, pas, không: the next three words are in its scope
    contrast,       ///< but, mais, nhưng
    waiting,        ///< time that passes: hours, semaines, chờ
    asking,         ///< question words
    advert,         ///< offers, job posts, news
    self,           ///< the author: I, je, mình
    you,            ///< the one spoken to: your, vous, shop ơi
    dealing,        ///< what one has with a company: order, commande, đơn hàng
    negated_praise, ///< praise in the scope of a negation
    negated_blame,  ///< blame or failure in the scope of a negation
};
inline constexpr std::size_t word_class_count = 16;

enum class LexiconLanguage : std::uint8_t { en, fr, vi };
inline constexpr std::size_t lexicon_language_count = 3;

/// Counters of one class: one for each language, and one for all of them.
inline constexpr std::size_t word_class_rules = lexicon_language_count + 1;
inline constexpr std::size_t word_rule_count = word_class_count * word_class_rules;

struct LexiconEntry {
    WordClass word_class;
    LexiconLanguage language;
};

/// Hash of one word (code points folded to lower case), letter by letter from `word_hash_start`.
inline constexpr std::uint64_t word_hash_start = 0x5851f42d4c957f2dU;
[[nodiscard]] constexpr std::uint64_t hash_step(std::uint64_t hash, char32_t letter) noexcept
{
    return (hash + letter + 1) * 0x9e3779b97f4a7c15U;
}
/// Hash of two words in a row.
[[nodiscard]] constexpr std::uint64_t hash_pair(std::uint64_t first, std::uint64_t second) noexcept
{
    return ((first ^ (first >> 31)) * 0xd6e8feb86659fd93U + second) * 0x9e3779b97f4a7c15U;
}
/// The 32 bits a feature keeps of its hash. Spreads every input bit over all of them.
[[nodiscard]] constexpr std::uint32_t hash_end(std::uint64_t hash) noexcept
{
    hash ^= hash >> 32;
    hash *= 0xff51afd7ed558ccdU;
    return static_cast<std::uint32_t>(hash >> 32);
}

/// The entry of a word or of two words in a row, by hash. Thread-safe; never allocates after the
/// first call.
[[nodiscard]] std::optional<LexiconEntry> find_in_lexicon(std::uint64_t hash) noexcept;

enum class EmojiClass : std::uint8_t { none, positive, negative, mocking };
[[nodiscard]] EmojiClass emoji_class(char32_t symbol) noexcept;

} // namespace empathd::analysis
