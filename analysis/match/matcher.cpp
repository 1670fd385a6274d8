#include "analysis/match/matcher.hpp"

#include "analysis/match/canonical.hpp"
#include "analysis/match/term_trie.hpp"
#include "analysis/text/characters.hpp"
#include "analysis/text/normalize.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

namespace empathd::analysis {
namespace {

constexpr std::string_view replacement = "\uFFFD"; ///< What to_nfc makes of ill-formed bytes.

/// A term or exclusion, ready to be found.
struct Pattern {
    std::uint32_t watch = 0;
    std::uint32_t term = 0; ///< Index into Watch::terms; of no meaning for an exclusion.
    bool excludes = false;
    std::string exact; ///< Canonical, with its diacritics, when these count; else empty.
};

/// A pattern in a text: bytes [begin, end) of it.
struct Occurrence {
    const Pattern* pattern = nullptr;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

/// Calls `visit(code)` for each character of well-formed text until it says false.
template <class Visit>
bool all_characters(std::string_view text, Visit visit)
{
    for (std::size_t i = 0; i < text.size();) {
        const Char c = char_at(text, i);
        if (!visit(c.code)) {
            return false;
        }
        i += c.size;
    }
    return true;
}

bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

bool has_word_character(std::string_view text)
{
    return !all_characters(text, [](char32_t code) {
        const CharKind kind = kind_of(code);
        return kind != CharKind::word && kind != CharKind::unspaced && kind != CharKind::hangul;
    });
}

bool marks_count_in(std::string_view text)
{
    return !all_characters(text, [](char32_t code) { return !marks_are_letters(code); });
}

/// Collects patterns and, beside each, the literal the trie looks for.
class PatternList {
public:
    std::vector<Pattern> patterns;
    std::vector<std::string> literals;

    Result<> add_watch(const Watch& watch, std::uint32_t number)
    {
        const std::string nfc = to_nfc(watch.brand);
        const std::string name = canonical(folded(nfc, Fold::letter_case));
        if (name.empty() || nfc.find(replacement) != std::string::npos || has_control(nfc)) {
            return bad("watch " + std::to_string(number + 1) + " has no usable brand name");
        }
        const std::string where = "watch \"" + watch.brand + "\"";
        if (!brands_.emplace(name, number).second) {
            return bad("two watches are named \"" + watch.brand + "\"");
        }
        if (watch.terms.empty()) {
            return bad(where + " has no term");
        }
        if (watch.terms.size() + watch.exclusions.size() > patterns_max - patterns.size()) {
            return bad("more than " + std::to_string(patterns_max) + " terms and exclusions");
        }
        for (std::size_t t = 0; t < watch.terms.size(); ++t) {
            const Pattern pattern{number, static_cast<std::uint32_t>(t), false, {}};
            const Term& term = watch.terms[t];
            const Result<> added = add(pattern, term.text, term.accent_sensitive,
                                       where + ": term " + std::to_string(t + 1));
            if (!added) {
                return added;
            }
        }
        for (std::size_t e = 0; e < watch.exclusions.size(); ++e) {
            const Result<> added = add({number, 0, true, {}}, watch.exclusions[e], false,
                                       where + ": exclusion " + std::to_string(e + 1));
            if (!added) {
                return added;
            }
        }
        return {};
    }

private:
    static Error bad(std::string message)
    {
        return {ErrorKind::invalid_config, std::move(message)};
    }

    Result<> add(Pattern pattern, std::string_view text, bool accent_sensitive, std::string where)
    {
        if (text.size() > 16 * term_bytes_max) { // Before any work is done on it.
            return bad(std::move(where) + " is longer than " + std::to_string(term_bytes_max) +
                       " bytes");
        }
        const std::string nfc = to_nfc(text);
        if (nfc.find(replacement) != std::string::npos || has_control(nfc)) {
            return bad(std::move(where) + " is not plain UTF-8 text");
        }
        std::string exact = canonical(folded(nfc, Fold::letter_case));
        std::string literal = canonical(folded(nfc, Fold::stripped));
        if (exact.empty()) {
            return bad(std::move(where) + " is empty");
        }
        if (!has_word_character(literal)) {
            return bad(std::move(where) + " has neither a letter nor a digit");
        }
        if (exact.size() > term_bytes_max || literal.size() > term_bytes_max) {
            return bad(std::move(where) + " is longer than " + std::to_string(term_bytes_max) +
                       " bytes");
        }
        if (accent_sensitive || marks_count_in(exact)) {
            pattern.exact = std::move(exact);
        }
        patterns.push_back(std::move(pattern));
        literals.push_back(std::move(literal));
        return {};
    }

    std::unordered_map<std::string, std::uint32_t> brands_;
};

/// Whether bytes [begin, end) of `text` spell `exact`, diacritics included.
bool spells(std::string_view text, const Occurrence& occurrence, std::string_view exact)
{
    const std::string_view bytes = text.substr(occurrence.begin, occurrence.end - occurrence.begin);
    return canonical(folded(bytes, Fold::letter_case)) == exact;
}

/// Answers whether a piece of text lies inside one of many others.
class Exclusions {
public:
    void add(std::uint32_t begin, std::uint32_t end) { pieces_.push_back({begin, end}); }

    void close() ///< After the last add, before the first question.
    {
        std::sort(pieces_.begin(), pieces_.end());
        std::uint32_t reach = 0;
        for (auto& [begin, end] : pieces_) {
            reach = std::max(reach, end);
            end = reach; // The furthest that any piece beginning here or before goes.
        }
    }

    [[nodiscard]] bool cover(const Occurrence& occurrence) const
    {
        const auto after = std::upper_bound(
            pieces_.begin(), pieces_.end(), occurrence.begin,
            [](std::uint32_t begin, const auto& piece) { return begin < piece.first; });
        return after != pieces_.begin() && std::prev(after)->second >= occurrence.end;
    }

private:
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pieces_;
};

/// Keeps of overlapping occurrences the longest, and the rest in the order of the text.
std::vector<Occurrence> longest_of(std::vector<Occurrence> found)
{
    std::sort(found.begin(), found.end(), [](const Occurrence& a, const Occurrence& b) {
        const std::uint32_t a_length = a.end - a.begin;
        const std::uint32_t b_length = b.end - b.begin;
        return a_length != b_length ? a_length > b_length
               : a.begin != b.begin ? a.begin < b.begin
                                    : a.pattern->term < b.pattern->term;
    });
    const auto by_begin = [](const Occurrence& a, const Occurrence& b) {
        return a.begin < b.begin;
    };
    std::set<Occurrence, decltype(by_begin)> kept;
    for (const Occurrence& occurrence : found) {
        const auto next = kept.lower_bound(occurrence);
        const bool meets_next = next != kept.end() && next->begin < occurrence.end;
        const bool meets_last = next != kept.begin() && std::prev(next)->end > occurrence.begin;
        if (!meets_next && !meets_last) {
            kept.insert(next, occurrence);
        }
    }
    return {kept.begin(), kept.end()};
}

/// The mention of one watch, whose occurrences are [first, last); without spans if none counts.
Mention mention_of(const Occurrence* first, const Occurrence* last)
{
    Exclusions exclusions;
    for (const Occurrence* o = first; o != last; ++o) {
        if (o->pattern->excludes) {
            exclusions.add(o->begin, o->end);
        }
    }
    exclusions.close();
    std::vector<Occurrence> counting;
    for (const Occurrence* o = first; o != last; ++o) {
        if (!o->pattern->excludes && !exclusions.cover(*o)) {
            counting.push_back(*o);
        }
    }
    Mention mention{first->pattern->watch, {}, {}};
    for (const Occurrence& o : longest_of(std::move(counting))) {
        if (mention.spans.size() == mention_spans_max) {
            break;
        }
        mention.spans.push_back({o.begin, o.end - o.begin});
        mention.terms.push_back(o.pattern->term);
    }
    return mention;
}

/// The span in the source of bytes [begin, end) of its folding: whole characters of it.
Occurrence in_source(const FoldedText& folded, const TermTrie::Hit& hit, const Pattern& pattern)
{
    const auto last = folded.origin.begin() + (hit.end - 1);
    const auto end = std::upper_bound(last, folded.origin.end(), *last);
    return {&pattern, folded.origin[hit.begin], end == folded.origin.end() ? *last : *end};
}

} // namespace

struct MatchSet::Index {
    std::vector<Pattern> patterns;
    TermTrie trie;

    [[nodiscard]] bool names_a_term(const TermTrie::Hit& hit) const
    {
        const auto literals = trie.literals_at(hit.node);
        return std::any_of(literals.begin(), literals.end(),
                           [this](std::uint32_t literal) { return !patterns[literal].excludes; });
    }

    /// Everything that was hit, in the source's bytes, grouped by watch.
    [[nodiscard]] std::vector<Occurrence> occurrences(std::string_view text,
                                                      const MatchScratch& scratch) const
    {
        const FoldedText folded = fold_with_origin(text, Fold::stripped);
        std::vector<Occurrence> found;
        for (const TermTrie::Hit& hit : scratch.hits) {
            for (const std::uint32_t literal : trie.literals_at(hit.node)) {
                const Pattern& pattern = patterns[literal];
                const Occurrence occurrence = in_source(folded, hit, pattern);
                if (pattern.exact.empty() || spells(text, occurrence, pattern.exact)) {
                    found.push_back(occurrence);
                }
            }
        }
        std::sort(found.begin(), found.end(), [](const Occurrence& a, const Occurrence& b) {
            return a.pattern->watch < b.pattern->watch;
        });
        return found;
    }
};

MatchSet::MatchSet(std::vector<Watch> watches, std::unique_ptr<const Index> index)
    : watches_(std::move(watches)), officials_(watches_), index_(std::move(index))
{
}

MatchSet::~MatchSet() = default;

Result<std::shared_ptr<const MatchSet>> MatchSet::build(std::vector<Watch> watches)
{
    PatternList list;
    for (std::size_t w = 0; w < watches.size(); ++w) {
        const Result<> added = list.add_watch(watches[w], static_cast<std::uint32_t>(w));
        if (!added) {
            return added.error();
        }
    }
    auto index =
        std::make_unique<const Index>(Index{std::move(list.patterns), TermTrie(list.literals)});
    return std::shared_ptr<const MatchSet>(new MatchSet(std::move(watches), std::move(index)));
}

void MatchSet::match(std::string_view nfc_text, MatchScratch& scratch,
                     std::vector<Mention>& out) const
{
    out.clear();
    scratch.hits.clear();
    fold(nfc_text, Fold::stripped, scratch.folded);
    scratch.folded.append(TermTrie::padding, '\0');
    index_->trie.scan(scratch.folded, scratch.hits);
    if (std::none_of(scratch.hits.begin(), scratch.hits.end(),
                     [this](const auto& hit) { return index_->names_a_term(hit); })) {
        return;
    }
    const std::vector<Occurrence> found = index_->occurrences(nfc_text, scratch);
    const Occurrence* const end = found.data() + found.size();
    for (const Occurrence* first = found.data(); first != end;) {
        const std::uint32_t watch = first->pattern->watch;
        const Occurrence* const last = std::find_if(
            first, end, [watch](const Occurrence& o) { return o.pattern->watch != watch; });
        Mention mention = mention_of(first, last);
        if (!mention.spans.empty()) {
            out.push_back(std::move(mention));
        }
        first = last;
    }
}

void MatchSet::match_post(const Post& post, MatchScratch& scratch, std::vector<Mention>& out) const
{
    match(post.text, scratch, out);
    if (post.title.empty()) {
        return;
    }
    std::vector<Mention> of_title;
    match(post.title, scratch, of_title);
    if (of_title.empty()) {
        return;
    }
    const auto by_watch = [](const Mention& a, const Mention& b) { return a.watch < b.watch; };
    const std::size_t of_text = out.size();
    for (const Mention& mention : of_title) {
        const auto text_end = out.begin() + static_cast<std::ptrdiff_t>(of_text);
        if (!std::binary_search(out.begin(), text_end, mention, by_watch)) {
            out.push_back({mention.watch, {}, {}});
        }
    }
    std::sort(out.begin(), out.end(), by_watch);
}

const std::vector<Watch>& MatchSet::watches() const noexcept
{
    return watches_;
}

std::size_t MatchSet::index_bytes() const noexcept
{
    std::size_t bytes = index_->trie.size_bytes();
    bytes += index_->patterns.capacity() * sizeof(Pattern);
    for (const Pattern& pattern : index_->patterns) {
        bytes += pattern.exact.capacity();
    }
    return bytes;
}

} // namespace empathd::analysis
