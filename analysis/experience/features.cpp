#include "analysis/experience/features.hpp"

#include "analysis/experience/letters.hpp"
#include "analysis/experience/utf8.hpp"
#include "analysis/text/normalize.hpp"

#include <algorithm>

namespace empathd::analysis {
namespace {

constexpr char mask_byte = '\x01';
constexpr float count_max = 3;
constexpr unsigned negation_scope = 3; ///< Words.

// Seeds keep the groups and the tokens without spelling apart.
constexpr std::uint64_t characters_start = 0x2545f4914f6cdd1dU;
constexpr std::uint64_t negated_seed = 0x6a09e667f3bcc909U;
constexpr std::uint64_t brand_hash = 0xbb67ae8584caa73bU;
constexpr std::uint64_t mention_hash = 0x3c6ef372fe94f82bU;
constexpr std::uint64_t link_hash = 0xa54ff53a5f1d36f1U;

constexpr std::uint64_t hash_of(std::string_view ascii)
{
    std::uint64_t hash = word_hash_start;
    for (const char c : ascii) {
        hash = hash_step(hash, static_cast<char32_t>(c));
    }
    return hash;
}

void reserve_more(std::vector<std::uint32_t>& buffer, std::size_t size, std::size_t more)
{
    if (buffer.size() < size + more) {
        buffer.resize(std::max(buffer.size() * 2, size + more));
    }
}

} // namespace

void Extractor::count(std::size_t rule) noexcept
{
    rules_[rule] = std::min(rules_[rule] + 1, count_max);
}

/// Counts the word class in its language and in all; the former is returned.
std::uint8_t Extractor::count(LexiconEntry entry) noexcept
{
    const std::size_t rule = index_of(entry);
    count(rule);
    count(index_of_all(rule));
    return static_cast<std::uint8_t>(rule);
}

void Extractor::prepare(std::string_view nfc_text, std::span<const Span> mask, bool with_tokens)
{
    with_tokens_ = with_tokens;
    words_size_ = 0;
    characters_size_ = 0;
    token_count_ = 0;
    previous_ = 0;
    negated_ = 0;
    exclamations_ = 0;
    questions_ = 0;
    tokens_.clear();
    rules_.fill(0);
    prepared_.assign(nfc_text);
    for (const Span span : mask) {
        if (span.offset < prepared_.size()) {
            const std::size_t length =
                std::min<std::size_t>(span.length, prepared_.size() - span.offset);
            std::fill_n(prepared_.begin() + span.offset, length, mask_byte);
        }
    }
    if (with_tokens) {
        FoldedText folded_text = fold_with_origin(prepared_, Fold::letter_case);
        folded_ = std::move(folded_text.text);
        origin_ = std::move(folded_text.origin);
    } else {
        origin_.clear();
        fold(prepared_, Fold::letter_case, folded_);
    }
}

void Extractor::extract(std::string_view nfc_text, std::span<const Span> mask, bool with_tokens)
{
    prepare(nfc_text, mask, with_tokens);
    scan_capitals();
    tokenize();
    const auto note = [this](bool seen, ShapeRule rule) {
        if (seen) {
            count(rule);
        }
    };
    note(exclamations_ > 0, ShapeRule::exclamation);
    note(exclamations_ > 2, ShapeRule::exclamations);
    note(questions_ > 0, ShapeRule::question);
    note(questions_ > 1, ShapeRule::questions);
    note(token_count_ < 6, ShapeRule::brief);
    note(token_count_ > 60, ShapeRule::lengthy);
}

void Extractor::scan_capitals()
{
    unsigned upper_all = 0;
    unsigned letters_all = 0;
    const std::size_t size = prepared_.size();
    for (std::size_t at = 0; at < size;) {
        if (prepared_[at] == '@' || prepared_.compare(at, 4, "http") == 0) {
            while (at<size&& static_cast<unsigned char>(prepared_[at])> ' ') {
                ++at;
            }
            continue;
        }
        unsigned upper = 0;
        unsigned letters = 0;
        for (; at < size && is_ascii_letter(prepared_[at]); ++at) {
            ++letters;
            upper += prepared_[at] <= 'Z' ? 1U : 0U;
        }
        if (letters >= 3 && upper == letters) {
            count(ShapeRule::shouted_word);
        }
        upper_all += upper;
        letters_all += letters;
        at += letters == 0 ? 1 : 0;
    }
    rules_[index_of(ShapeRule::shouted_word)] =
        std::min(rules_[index_of(ShapeRule::shouted_word)], 1.0F);
    if (letters_all >= 8 && upper_all * 5 >= letters_all * 3) {
        count(ShapeRule::shouting);
    }
}

void Extractor::tokenize()
{
    const std::size_t size = folded_.size();
    std::size_t at = 0;
    while (at < size && token_count_ < feature_tokens_max) {
        const char c = folded_[at];
        if (is_ascii_word(c)) {
            at = read_word(at);
        } else if (c == ' ' || c == ',') {
            ++at;
        } else if (static_cast<unsigned char>(c) < 0x80) {
            at = read_symbol(at);
        } else {
            at = read_other(at);
        }
    }
}

std::size_t Extractor::read_word(std::size_t at)
{
    const std::size_t size = folded_.size();
    const std::string_view rest(folded_.data() + at, size - at);
    if ((rest[0] == 'h' && (rest.starts_with("http://") || rest.starts_with("https://"))) ||
        (rest[0] == 'w' && rest.starts_with("www."))) {
        std::size_t end = at;
        while (end<size&& static_cast<unsigned char>(folded_[end])> ' ') {
            ++end;
        }
        count(ShapeRule::link);
        add_token(at, end, link_hash, false);
        return end;
    }
    std::uint64_t hash = word_hash_start;
    std::size_t end = at;
    std::size_t letters = 0;
    bool spelled = false; // Has something beside digits.
    char32_t* const word = word_.data() + 1;
    while (end < size && letters < feature_word_max) {
        const auto [letter, bytes] = decode(folded_, end);
        char32_t kept = letter;
        if (letter < 0x80 && is_ascii_digit(static_cast<char>(letter))) {
            kept = U'0';
        } else if (letter == U'\'' && end + 1 < size && end > at &&
                   is_word(decode(folded_, end + 1).letter)) {
            if (is_elision(word, letters)) {
                break;
            }
        } else if (!is_word(letter)) {
            break;
        } else {
            spelled = true;
        }
        end += bytes;
        const bool run = letters > 0 && word[letters - 1] == kept;
        if (run && (kept == U'0' || (letters > 1 && word[letters - 2] == kept))) {
            if (kept != U'0') {
                rules_[index_of(ShapeRule::elongation)] = 1;
            }
            continue;
        }
        word[letters++] = kept;
        hash = hash_step(hash, kept);
    }
    word_size_ = letters;
    constexpr std::uint64_t http_hash = hash_of("http");
    constexpr std::uint64_t https_hash = hash_of("https");
    if (hash == http_hash || hash == https_hash) { // What is left of links cut by a source.
        count(ShapeRule::link);
        add_token(at, end, link_hash, false);
        return end;
    }
    if (!spelled) {
        count(ShapeRule::number);
        add_token(at, end, hash, false);
        return end;
    }
    add_characters();
    add_token(at, end, hash, true);
    return end;
}

std::size_t Extractor::read_mention(std::size_t at)
{
    const std::size_t size = folded_.size();
    std::size_t end = at + 1;
    while (end < size && (is_ascii_word(folded_[end]) || folded_[end] == '_' ||
                          ((folded_[end] == '.' || folded_[end] == '-' || folded_[end] == '@') &&
                           end + 1 < size && is_ascii_word(folded_[end + 1])))) {
        ++end;
    }
    if (end == at + 1) {
        return end;
    }
    count(ShapeRule::mention);
    if (token_count_ == 0) {
        count(ShapeRule::leading_mention);
    }
    add_token(at, end, mention_hash, false);
    return end;
}

std::size_t Extractor::read_mark(std::size_t at)
{
    const std::size_t size = folded_.size();
    std::size_t end = at;
    unsigned marks = 0;
    bool both = false;
    while (end < size && (folded_[end] == '!' || folded_[end] == '?')) {
        (folded_[end] == '!' ? exclamations_ : questions_) += 1;
        both = both || folded_[end] != folded_[at];
        ++marks;
        ++end;
    }
    if (marks > 1 && exclamations_ > 0 && folded_[at] == '!') {
        exclamations_ = std::max(exclamations_, 3U);
    }
    if (both) {
        questions_ = std::max(questions_, 2U);
    }
    previous_ = 0;
    negated_ = 0;
    return end;
}

std::size_t Extractor::read_symbol(std::size_t at)
{
    const std::size_t size = folded_.size();
    const char c = folded_[at];
    const auto next = [&](std::size_t offset) {
        return at + offset < size ? folded_[at + offset] : '\0';
    };
    switch (c) {
    case mask_byte: {
        const std::size_t end = std::min(folded_.find_first_not_of(mask_byte, at), size);
        count(ShapeRule::brand);
        add_token(at, end, brand_hash, false);
        return end;
    }
    case '@': return read_mention(at);
    case '#':
        if (is_ascii_letter(next(1)) || static_cast<unsigned char>(next(1)) >= 0x80) {
            count(ShapeRule::hashtag);
        }
        return at + 1;
    case '$': rules_[index_of(ShapeRule::money)] = 1; return at + 1;
    case '!':
    case '?': return read_mark(at);
    case '.':
        if (next(1) == '.') {
            rules_[index_of(ShapeRule::ellipsis)] = 1;
        }
        previous_ = 0;
        negated_ = 0;
        return std::min(folded_.find_first_not_of('.', at), size);
    case ':':
    case ';':
    case '=': {
        const std::size_t nose = next(1) == '-' ? 2 : 1;
        const char mouth = next(nose);
        if (mouth == ')' || (mouth == 'd' && !is_ascii_word(next(nose + 1)))) {
            count(ShapeRule::emoji_positive);
            return at + nose + 1;
        }
        if (mouth == '(') {
            count(ShapeRule::emoji_negative);
            return at + nose + 1;
        }
        return at + 1;
    }
    case '\n':
        previous_ = 0;
        negated_ = 0;
        return at + 1;
    default: return at + 1;
    }
}

std::size_t Extractor::read_other(std::size_t at)
{
    const auto [letter, bytes] = decode(folded_, at);
    if (is_word(letter)) {
        return read_word(at);
    }
    if (is_emoji(letter)) {
        switch (emoji_class(letter)) {
        case EmojiClass::none: break;
        case EmojiClass::positive: count(ShapeRule::emoji_positive); break;
        case EmojiClass::negative: count(ShapeRule::emoji_negative); break;
        case EmojiClass::mocking: count(ShapeRule::emoji_mocking); break;
        }
        add_token(at, at + bytes, hash_step(word_hash_start, letter), true);
    } else if (letter == 0x2026) {
        rules_[index_of(ShapeRule::ellipsis)] = 1;
        previous_ = 0;
    } else if ((letter >= 0x20a0 && letter < 0x20d0) || (letter >= 0xa2 && letter <= 0xa5)) {
        rules_[index_of(ShapeRule::money)] = 1;
    }
    return at + bytes;
}

void Extractor::add_token(std::size_t begin, std::size_t end, std::uint64_t hash, bool plain)
{
    reserve_more(words_, words_size_, 3);
    words_[words_size_++] = hash_end(hash);
    Token token{.plain = plain};
    if (plain) {
        const bool negated = negated_ > 0;
        if (negated) {
            --negated_;
            words_[words_size_++] = hash_end(hash ^ negated_seed);
        }
        if (auto entry = find_in_lexicon(hash)) {
            if (entry->word_class == WordClass::negation) {
                negated_ = negation_scope;
            } else if (negated && entry->word_class == WordClass::praise) {
                entry->word_class = WordClass::negated_praise;
            } else if (negated && (entry->word_class == WordClass::blame ||
                                   entry->word_class == WordClass::failure)) {
                entry->word_class = WordClass::negated_blame;
            }
            token.rule = count(*entry);
        }
    }
    if (previous_ != 0) {
        const std::uint64_t pair = hash_pair(previous_, hash);
        words_[words_size_++] = hash_end(pair);
        token.pair = true;
        if (const auto entry = find_in_lexicon(pair)) {
            token.pair_rule = count(*entry);
            if (entry->word_class == WordClass::negation) {
                negated_ = negation_scope;
            }
        }
    }
    previous_ = hash;
    ++token_count_;
    if (with_tokens_) {
        token.span = {origin_[begin], origin_[end] - origin_[begin]};
        token.words_end = static_cast<std::uint32_t>(words_size_);
        token.characters_end = static_cast<std::uint32_t>(characters_size_);
        tokens_.push_back(token);
    }
}

void Extractor::add_characters()
{
    constexpr std::size_t longest = 5;
    char32_t* const word = word_.data();
    const std::size_t size = word_size_ + 2;
    word[0] = U' ';
    word[size - 1] = U' ';
    reserve_more(characters_, characters_size_, size * (longest - 1));
    std::uint32_t* out = characters_.data() + characters_size_;
    for (std::size_t begin = 0; begin + 1 < size; ++begin) {
        std::uint64_t hash = hash_step(characters_start, word[begin]);
        const std::size_t end = std::min(begin + longest, size);
        for (std::size_t at = begin + 1; at < end; ++at) {
            hash = hash_step(hash, word[at]);
            *out++ = hash_end(hash);
        }
    }
    characters_size_ = static_cast<std::size_t>(out - characters_.data());
}

} // namespace empathd::analysis
