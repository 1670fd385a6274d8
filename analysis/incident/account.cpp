#include "analysis/incident/account.hpp"

#include "analysis/incident/common_words.hpp"
#include "analysis/incident/tokens.hpp"
#include "analysis/incident/topics.hpp"
#include "analysis/text/normalize.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace empathd::analysis {
namespace {

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// Words that places stand after, folded and stripped.
bool leads_to_a_place(std::string_view word)
{
    constexpr std::array<std::string_view, 27> words{
        "in", "at",  "to",     "from", "near", "outside", "towards", "via",  "a",
        "de", "d",   "depuis", "vers", "pour", "sur",     "du",      "chez", "entre",
        "o",  "tai", "tu",     "di",   "ve",   "den",     "ga",      "quan", "tinh"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Days, months and what else is written with a capital without being a name.
bool is_no_name(std::string_view word)
{
    constexpr std::array<std::string_view, 36> words{
        "monday",   "tuesday",  "wednesday", "thursday",  "friday",  "saturday",
        "sunday",   "january",  "february",  "march",     "april",   "may",
        "june",     "july",     "august",    "september", "october", "november",
        "december", "lundi",    "mardi",     "mercredi",  "jeudi",   "vendredi",
        "samedi",   "dimanche", "mars",      "monsieur",  "madame",  "mr",
        "mrs",      "thu",      "the",       "faq",       "sms",     "pdf"};
    return word.size() < 2 || std::find(words.begin(), words.end(), word) != words.end();
}

/// Makes features of tokens.
class Reader {
public:
    Reader(std::string_view text, std::vector<WrittenWord> tokens)
        : text_(text), tokens_(std::move(tokens)), capitals_say_nothing_(mostly_capitals())
    {
    }

    Account read()
    {
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (!tokens_[i].brand) {
                single(i);
                if (i > 0 && !tokens_[i - 1].brand && tokens_[i].adjacent) {
                    pair(i);
                }
            }
        }
        finish();
        return std::move(account_);
    }

private:
    bool mostly_capitals() const
    {
        std::size_t words = 0;
        std::size_t capital = 0;
        for (const WrittenWord& token : tokens_) {
            words += token.letters > 1 ? 1 : 0;
            capital += token.letters > 1 && token.capital ? 1 : 0;
        }
        return words >= 4 && 5 * capital > 3 * words;
    }

    bool is_name(const WrittenWord& token) const
    {
        return token.capital && !token.starts && !capitals_say_nothing_ && token.letters > 1 &&
               !is_no_name(token.word);
    }

    void add(std::uint64_t hash, FeatureKind kind, float share, std::uint64_t family = 0)
    {
        account_.features.push_back({.hash = hash, .kind = kind, .share = share, .family = family});
    }

    /// Whether it is one.
    bool topic(std::uint64_t hash)
    {
        const auto topic = topic_of(hash);
        if (topic) {
            add(pair_hash(topic->id, 0x7091c), FeatureKind::topic, topic->share);
        }
        return topic.has_value();
    }

    void name(const Feature& feature, std::size_t first, std::size_t last)
    {
        const WrittenWord& begin = tokens_[first];
        account_.features.push_back(feature);
        account_.features.back().name = true;
        account_.features.back().place =
            first > 0 && leads_to_a_place(tokens_[first - 1].word) && !begin.starts;
        account_.names.push_back(
            {.hash = feature.hash,
             .text = std::string(text_.substr(begin.begin, tokens_[last].end - begin.begin))});
    }

    void single(std::size_t i)
    {
        const WrittenWord& token = tokens_[i];
        if (topic(token.hash)) {
            return; // Said once: the topic stands for the word.
        }
        if (token.digits > 0 && token.letters > 0) {
            mixed_code(token);
        } else if (token.digits > 0) {
            number(i);
        } else if (token.letters > 1) {
            const std::uint64_t hash = word_hash(stem(token.word));
            const Feature feature{
                .hash = hash, .kind = FeatureKind::word, .share = token.usual.share};
            if (is_name(token) && token.letters > 2 && token.usual.share < 0.005F) {
                name(feature, i, i);
            } else {
                account_.features.push_back(feature);
            }
        }
    }

    /// "hc417", "b737": letters first. "3h", "20k" and "2nd" are amounts.
    void mixed_code(const WrittenWord& token)
    {
        const auto digit = std::find_if(token.word.begin(), token.word.end(), is_digit);
        const auto at = static_cast<std::size_t>(digit - token.word.begin());
        if (at == 0 || at > 4) {
            return;
        }
        const std::string_view tail = token.word.substr(at);
        if (token.digits >= 2) {
            add(token.hash, FeatureKind::code, unlisted_word_share,
                word_hash(token.word.substr(0, at)));
        } else {
            add(token.hash, FeatureKind::number, 0.002F);
        }
        if (token.digits >= 3 && std::all_of(tail.begin(), tail.end(), is_digit)) {
            add(word_hash(tail), FeatureKind::number, 0.001F);
        }
    }

    void number(std::size_t i)
    {
        const WrittenWord& token = tokens_[i];
        const WrittenWord* before = i > 0 && token.adjacent ? &tokens_[i - 1] : nullptr;
        const bool coded = before != nullptr && before->capitals && !before->brand &&
                           before->digits == 0 && before->letters <= 3 && token.digits <= 5;
        if (coded && token.digits >= 2) {
            const std::string code = std::string(before->word) + std::string(token.word);
            add(word_hash(code), FeatureKind::code, unlisted_word_share, before->hash);
        }
        if (token.digits >= 3) {
            const bool year = token.word.size() == 4 && token.word.starts_with("20");
            const bool round = token.word.ends_with("00");
            add(token.hash, FeatureKind::number, year || round ? 0.01F : 0.001F);
        } else if (before != nullptr && before->letters > 2 && !before->brand) {
            add(pair_hash(before->hash, token.hash), FeatureKind::number, 0.003F);
        }
    }

    void pair(std::size_t i)
    {
        const WrittenWord& a = tokens_[i - 1];
        const WrittenWord& b = tokens_[i];
        const std::uint64_t hash = pair_hash(a.hash, b.hash);
        if (topic(hash) || a.digits > 0 || b.digits > 0 || !a.usual.known || !b.usual.known) {
            return;
        }
        const bool named = a.capital && is_name(b) && !capitals_say_nothing_ &&
                           !(a.starts && a.usual.share >= filler_share);
        const Usual usual = usual_pair(hash);
        const Feature feature{.hash = hash, .kind = FeatureKind::pair, .share = usual.share};
        if (named) {
            name(feature, i - 1, i);
        } else if (a.usual.share < filler_share || b.usual.share < filler_share) {
            account_.features.push_back(feature);
        }
    }

    /// Each once, with what any of its uses says; the most usual go when there are too many.
    void finish()
    {
        std::vector<Feature>& features = account_.features;
        std::stable_sort(features.begin(), features.end(),
                         [](const Feature& a, const Feature& b) { return a.hash < b.hash; });
        std::vector<Feature> once;
        once.reserve(features.size());
        for (const Feature& feature : features) {
            if (!once.empty() && once.back().hash == feature.hash) {
                once.back().name |= feature.name;
                once.back().place |= feature.place;
                once.back().share = std::min(once.back().share, feature.share);
            } else {
                once.push_back(feature);
            }
        }
        std::erase_if(once, [](const Feature& feature) { return feature.share >= filler_share; });
        if (once.size() > account_features_max) {
            std::stable_sort(once.begin(), once.end(),
                             [](const Feature& a, const Feature& b) { return a.share < b.share; });
            once.resize(account_features_max);
            std::stable_sort(once.begin(), once.end(),
                             [](const Feature& a, const Feature& b) { return a.hash < b.hash; });
        }
        features = std::move(once);
        std::stable_sort(account_.names.begin(), account_.names.end(),
                         [](const Name& a, const Name& b) { return a.hash < b.hash; });
        const auto last =
            std::unique(account_.names.begin(), account_.names.end(),
                        [](const Name& a, const Name& b) { return a.hash == b.hash; });
        account_.names.erase(last, account_.names.end());
    }

    std::string_view text_;
    std::vector<WrittenWord> tokens_;
    bool capitals_say_nothing_;
    Account account_;
};

/// The words of a brand's name, and all of it as one: "Acme Air" is "acme", "air" and "acmeair".
std::vector<std::string> brand_words(std::string_view brand)
{
    std::vector<std::string> words(1);
    std::string all;
    for (const char c : folded(brand, Fold::stripped)) {
        if (c == ' ' || c == '-' || c == '\'' || c == '.') {
            words.emplace_back();
        } else {
            words.back() += c;
            all += c;
        }
    }
    words.push_back(std::move(all));
    return words;
}

/// The brand's words say nothing, wherever they stand.
void mark_brand(std::vector<WrittenWord>& tokens, std::string_view brand, std::size_t text_at,
                const std::vector<Span>& spans)
{
    const std::vector<std::string> names = brand_words(brand);
    for (WrittenWord& token : tokens) {
        token.brand = std::find(names.begin(), names.end(), token.word) != names.end();
        for (const Span& span : spans) {
            const std::size_t from = text_at + span.offset;
            token.brand |= token.begin < from + span.length && token.end > from;
        }
    }
}

/// The longest beginning of at most so many bytes that ends between characters.
std::string_view beginning(std::string_view text, std::size_t bytes) noexcept
{
    if (text.size() <= bytes) {
        return text;
    }
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) {
        --bytes;
    }
    return text.substr(0, bytes);
}

} // namespace

std::string_view stem(std::string_view folded) noexcept
{
    constexpr std::array<std::string_view, 9> endings{"ements", "ement", "ees", "ing", "ed",
                                                      "es",     "ee",    "s",   "e"};
    for (const std::string_view ending : endings) {
        if (folded.ends_with(ending) && folded.size() >= ending.size() + 4) {
            folded.remove_suffix(ending.size());
            break;
        }
    }
    std::size_t end = std::min<std::size_t>(folded.size(), 7);
    while (end < folded.size() && end > 0 &&
           (static_cast<unsigned char>(folded[end]) & 0xc0) == 0x80) {
        --end;
    }
    return folded.substr(0, end);
}

Account read_account(const Post& post, std::string_view brand, const std::vector<Span>& brand_spans)
{
    std::string all;
    std::size_t text_at = 0;
    if (!post.title.empty()) {
        all.append(beginning(post.title, account_bytes_max)).append(1, '\n');
        text_at = all.size();
    }
    all.append(beginning(post.text, account_bytes_max));
    const FoldedText folded = fold_with_origin(all, Fold::stripped);
    std::vector<WrittenWord> tokens = tokens_of(all, folded);
    mark_brand(tokens, brand, text_at, brand_spans);
    return Reader(all, std::move(tokens)).read();
}

} // namespace empathd::analysis
