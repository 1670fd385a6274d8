#include "analysis/experience/features.hpp"

#include "analysis/experience/letters.hpp"
#include "analysis/experience/utf8.hpp"
#include "analysis/text/normalize.hpp"

#include <algorithm>

namespace empathd::analysis {
namespace {

constexpr float count_max = 3;
constexpr unsigned negation_scope = 3; ///< Words.

// Seeds keep the groups and the tokens without spelling apart.
constexpr std::uint64_t characters_start = 0x2545f4914f6cdd1dU;
constexpr std::uint64_t negated_seed = 0x6a09e667f3bcc909U;
constexpr std::uint64_t brand_hash = 0xbb67ae8584caa73bU;
constexpr std::uint64_t mention_hash = 0x3c6ef372fe94f82bU;
constexpr std::uint64_t link_hash = 0xa54ff53a5f1d36f1U;
constexpr std::uint64_t mark_start = 0x510e527fade682d1U;
constexpr std::uint64_t edge_hash = 0x9b05688c2b3e6c1fU; ///< Before the first and after the last.

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

void mask_names(std::string& text, std::span<const Span> mask)
{
    for (const Span span : mask) {
        if (span.offset < text.size()) {
            std::fill_n(text.begin() + span.offset,
                        std::min<std::size_t>(span.length, text.size() - span.offset), masked_name);
        }
    }
}

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
    word_count_ = 0;
    previous_ = edge_hash;
    negated_ = 0;
    exclamations_ = 0;
    questions_ = 0;
    tokens_.clear();
    rules_.fill(0);
    prepared_.assign(nfc_text);
    mask_names(prepared_, mask);
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
    if (token_count_ > 0) {
        add_token(folded_.size(), folded_.size(), edge_hash, Kind::end);
    }
    const auto note = [this](bool seen, ShapeRule rule) {
        if (seen) {
            count(rule);
        }
    };
    note(exclamations_ > 0, ShapeRule::exclamation);
    note(exclamations_ > 2, ShapeRule::exclamations);
    note(questions_ > 0, ShapeRule::question);
    note(questions_ > 1, ShapeRule::questions);
    note(word_count_ < 6, ShapeRule::brief);
    note(word_count_ > 60, ShapeRule::lengthy);
}

void Extractor::tokenize()
{
    const std::size_t size = folded_.size();
    std::size_t at = 0;
    while (at < size && token_count_ < feature_tokens_max) {
        const char c = folded_[at];
        if (is_ascii_word(c)) {
            at = read_word(at);
        } else if (c == ' ') {
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
        add_token(at, end, link_hash, Kind::masked);
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
        add_token(at, end, link_hash, Kind::masked);
        return end;
    }
    if (!spelled) {
        count(ShapeRule::number);
        add_token(at, end, hash, Kind::masked);
        return end;
    }
    add_characters();
    add_token(at, end, hash, Kind::plain);
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
    add_token(at, end, mention_hash, Kind::masked);
    return end;
}

/// A run of one mark: how it ends a sentence says much. Two or more are a token of their own.
std::size_t Extractor::read_mark(std::size_t at)
{
    const char c = folded_[at];
    const std::size_t end = std::min(folded_.find_first_not_of(c, at), folded_.size());
    const auto marks = static_cast<unsigned>(std::min<std::size_t>(end - at, 3));
    switch (c) {
    case '!':
        exclamations_ = std::min(exclamations_ + (marks > 1 ? 3U : 1U), 3U);
        questions_ += at > 0 && folded_[at - 1] == '?' ? 1U : 0U;
        break;
    case '?':
        questions_ =
            std::min(questions_ + marks + (at > 0 && folded_[at - 1] == '!' ? 1U : 0U), 3U);
        break;
    default: break;
    }
    if (c == '.' && marks > 1) {
        rules_[index_of(ShapeRule::ellipsis)] = 1;
    }
    if (c == '!' || c == '?' || c == '.' || c == '\n') {
        negated_ = 0;
    }
    add_mark(at, end, static_cast<char32_t>(static_cast<unsigned char>(c)), marks > 1);
    return end;
}

void Extractor::add_mark(std::size_t begin, std::size_t end, char32_t mark, bool repeated)
{
    const std::uint64_t hash = hash_step(mark_start, mark);
    add_token(begin, end, repeated ? hash_step(hash, mark) : hash, Kind::mark);
}

std::size_t Extractor::read_symbol(std::size_t at)
{
    const std::size_t size = folded_.size();
    const char c = folded_[at];
    const auto next = [&](std::size_t offset) {
        return at + offset < size ? folded_[at + offset] : '\0';
    };
    switch (c) {
    case masked_name: {
        const std::size_t end = std::min(folded_.find_first_not_of(masked_name, at), size);
        count(ShapeRule::brand);
        add_token(at, end, brand_hash, Kind::masked);
        return end;
    }
    case '@': return read_mention(at);
    case '#':
        if (is_ascii_letter(next(1)) || static_cast<unsigned char>(next(1)) >= 0x80) {
            count(ShapeRule::hashtag);
        }
        return at + 1;
    case '$': rules_[index_of(ShapeRule::money)] = 1; return read_mark(at);
    case ':':
    case ';':
    case '=': {
        const std::size_t nose = next(1) == '-' ? 2 : 1;
        const char mouth = next(nose);
        const bool glad = mouth == ')' || (mouth == 'd' && !is_ascii_word(next(nose + 1)));
        if (!glad && mouth != '(') {
            return read_mark(at);
        }
        count(glad ? ShapeRule::emoji_positive : ShapeRule::emoji_negative);
        add_mark(at, at + nose + 1, glad ? U')' : U'(', true);
        return at + nose + 1;
    }
    default: return static_cast<unsigned char>(c) > ' ' || c == '\n' ? read_mark(at) : at + 1;
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
        add_token(at, at + bytes, hash_step(word_hash_start, letter), Kind::plain);
    } else if (letter == 0x2026) {
        rules_[index_of(ShapeRule::ellipsis)] = 1;
        negated_ = 0;
        add_mark(at, at + bytes, U'.', true);
    } else if (!is_silent(letter)) {
        if ((letter >= 0x20a0 && letter < 0x20d0) || (letter >= 0xa2 && letter <= 0xa5)) {
            rules_[index_of(ShapeRule::money)] = 1;
        }
        add_mark(at, at + bytes, letter, false);
    }
    return at + bytes;
}

void Extractor::add_token(std::size_t begin, std::size_t end, std::uint64_t hash, Kind kind)
{
    reserve_more(words_, words_size_, 3);
    if (kind != Kind::end) {
        words_[words_size_++] = hash_end(hash);
    }
    Token token{.plain = kind == Kind::plain};
    if (kind == Kind::plain) {
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
    const std::uint64_t pair = hash_pair(previous_, hash);
    words_[words_size_++] = hash_end(pair);
    if (const auto entry = find_in_lexicon(pair)) {
        token.pair_rule = count(*entry);
        if (entry->word_class == WordClass::negation) {
            negated_ = negation_scope;
        }
    }
    previous_ = hash;
    ++token_count_;
    word_count_ += kind == Kind::plain || kind == Kind::masked ? 1 : 0;
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
