#pragma once

#include "analysis/experience/lexicon.hpp"
#include "analysis/model/mention.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// Version of what this file computes. A model file names the one it was trained with; any change
/// of hashing, tokens or rules needs a new number and a new model.
inline constexpr std::uint32_t feature_scheme = 2;

/// Tokens read of one text; the rest of a longer text is not looked at.
inline constexpr std::size_t feature_tokens_max = 8192;
/// Longest word in characters; a longer run of letters counts as several words.
inline constexpr std::size_t feature_word_max = 40;

/// Stands for a masked name inside a text; a control character no text of a post holds.
inline constexpr char masked_name = '\x01';
/// Puts it over every byte of the spans, so that offsets stay; parts beyond the text are ignored.
void mask_names(std::string& text, std::span<const Span> mask);

/// Signals that are no words: 0 or 1 each, except where a count (capped at 3) is said.
enum class ShapeRule : std::uint8_t {
    shouted_word,    ///< A word of three or more ASCII letters, all capitals.
    shouting,        ///< Eight or more ASCII letters, three in five of them capitals.
    exclamation,     ///< At least one '!'.
    exclamations,    ///< Three or more, or two in a row.
    question,        ///< At least one '?'.
    questions,       ///< Two or more, or '?' beside '!'.
    ellipsis,        ///< "..." or U+2026.
    elongation,      ///< "sooo": a letter three times in a row.
    leading_mention, ///< The text begins with an @handle.
    mention,         ///< Count of @handles.
    link,            ///< Count of URLs.
    number,          ///< Count of numbers.
    money,           ///< A currency sign.
    hashtag,         ///< Count of hashtags.
    brand,           ///< Count of masked spans.
    emoji_positive,  ///< Counts, by a small table; emoticons included.
    emoji_negative,
    emoji_mocking,
    brief,   ///< Fewer than 6 tokens.
    lengthy, ///< More than 60 tokens.
};
inline constexpr std::size_t shape_rule_count = 20;
/// All rules: the shapes, then a count (capped at 3) for every word class of every lexicon
/// language.
inline constexpr std::size_t rule_count = shape_rule_count + word_rule_count;

[[nodiscard]] constexpr std::size_t index_of(ShapeRule rule) noexcept
{
    return static_cast<std::size_t>(rule);
}

inline constexpr std::uint8_t no_rule = 255;

/// The rule that counts a word class in one language.
[[nodiscard]] constexpr std::size_t index_of(LexiconEntry entry) noexcept
{
    return shape_rule_count + static_cast<std::size_t>(entry.word_class) * word_class_rules +
           static_cast<std::size_t>(entry.language);
}

/// The rule that counts the same word class in all languages; `rule` is one of a word class.
[[nodiscard]] constexpr std::size_t index_of_all(std::size_t rule) noexcept
{
    return rule - (rule - shape_rule_count) % word_class_rules + lexicon_language_count;
}
static_assert(rule_count < no_rule);

/// One token and which features are its own: those from the end of the token before to its `*_end`.
/// Its last word feature is the pair of the token before and itself; the first token pairs with the
/// text's beginning. The last token is the text's end: an empty span and nothing but its pair.
struct Token {
    Span span; ///< In the text given to `extract`.
    std::uint32_t words_end = 0;
    std::uint32_t characters_end = 0;
    bool plain = false; ///< A word or emoji of the author's: no mask, handle, link, number, mark.
    /// Rules of a word class that the token, and its pair, counted for; index_of_all counted too.
    std::uint8_t rule = no_rule;
    std::uint8_t pair_rule = no_rule;
};

/// Turns a text into hashed features, in one pass: words, marks and pairs of them in one group,
/// runs of 2 to 5 characters inside words (with their edges) in the other, and the rules. Every
/// feature is a 32-bit hash whose top bits name a row of a model's table. Numbers, links, handles
/// and masked spans become tokens without spelling, so that a model learns experiences and not
/// companies. Keeps buffers between calls: one per thread. Results hold until the next call.
class Extractor {
public:
    /// `mask`: spans of `nfc_text` that name the brand, in any order; parts beyond the text are
    /// ignored. `with_tokens`: also fill `tokens()`, which costs an origin map.
    void extract(std::string_view nfc_text, std::span<const Span> mask, bool with_tokens);

    [[nodiscard]] std::span<const std::uint32_t> words() const noexcept
    {
        return {words_.data(), words_size_};
    }
    [[nodiscard]] std::span<const std::uint32_t> characters() const noexcept
    {
        return {characters_.data(), characters_size_};
    }
    [[nodiscard]] const std::array<float, rule_count>& rules() const noexcept { return rules_; }
    [[nodiscard]] std::span<const Token> tokens() const noexcept { return tokens_; }

private:
    void prepare(std::string_view nfc_text, std::span<const Span> mask, bool with_tokens);
    void scan_capitals();
    void tokenize();
    std::size_t read_word(std::size_t at);
    std::size_t read_symbol(std::size_t at);
    std::size_t read_mention(std::size_t at);
    std::size_t read_other(std::size_t at);
    std::size_t read_mark(std::size_t at);
    enum class Kind : std::uint8_t {
        plain,  ///< A word or emoji of the author's.
        masked, ///< Counts without its spelling: a name, handle, link or number.
        mark,   ///< Punctuation.
        end,    ///< Of the text.
    };
    void add_mark(std::size_t begin, std::size_t end, char32_t mark, bool repeated);
    void add_token(std::size_t begin, std::size_t end, std::uint64_t hash, Kind kind);
    void add_characters();
    void count(std::size_t rule) noexcept;
    std::uint8_t count(LexiconEntry entry) noexcept;
    void count(ShapeRule rule) noexcept { count(index_of(rule)); }

    std::string prepared_;
    std::string folded_;
    std::vector<std::uint32_t> origin_; ///< Empty when tokens are not asked for.
    std::vector<std::uint32_t> words_;
    std::vector<std::uint32_t> characters_;
    std::vector<Token> tokens_;
    std::array<float, rule_count> rules_{};
    std::array<char32_t, feature_word_max + 2> word_{}; ///< With a space on either side.
    std::size_t word_size_ = 0;                         ///< Letters in it.
    std::size_t words_size_ = 0;
    std::size_t characters_size_ = 0;
    std::size_t token_count_ = 0;
    std::size_t word_count_ = 0; ///< Of these, those that are no marks.
    std::uint64_t previous_ = 0; ///< Hash of the token before.
    unsigned negated_ = 0;       ///< Words still in the scope of a negation.
    unsigned exclamations_ = 0;
    unsigned questions_ = 0;
    bool with_tokens_ = false;
};

} // namespace empathd::analysis
