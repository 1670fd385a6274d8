#include "analysis/match/matcher.hpp"
#include "analysis/text/characters.hpp"
#include "analysis/text/normalize.hpp"

#include "tests/bench/generated.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace empathd::analysis {
namespace {

// The other computation: every term tried at every character, in code points, with the rules of
// matcher.hpp written down once more and nothing shared with the matcher but folding and kinds.

struct Unit {
    char32_t code = 0;
    CharKind kind = CharKind::sign;
    std::uint32_t begin = 0; ///< In the source.
    std::uint32_t end = 0;
};

bool unseen(CharKind kind)
{
    return kind == CharKind::hidden || kind == CharKind::gap;
}

std::vector<Unit> units_of(const std::string& text, Fold how)
{
    const FoldedText folded = fold_with_origin(text, how);
    std::vector<Unit> units;
    for (std::size_t i = 0; i < folded.text.size();) {
        const Char c = char_at(folded.text, i);
        Unit unit{c.code, kind_of(c.code), folded.origin[i], 0};
        for (std::size_t j = i; folded.origin[j] == unit.begin || unit.end == 0; ++j) {
            unit.end = folded.origin[j + 1] > unit.begin ? folded.origin[j + 1] : 0;
        }
        unit.code = unit.code == 0x2010 || unit.code == 0x2011 ? U'-' : unit.code;
        units.push_back(unit);
        i += c.size;
    }
    return units;
}

std::u32string plain_of(const std::vector<Unit>& units)
{
    std::u32string plain;
    bool space = false;
    for (const Unit& unit : units) {
        if (unit.kind == CharKind::space) {
            space = !plain.empty();
        } else if (!unseen(unit.kind)) {
            plain += space ? U" " : U"";
            plain += unit.code;
            space = false;
        }
    }
    return plain;
}

struct NaiveTerm {
    std::uint32_t watch = 0;
    std::uint32_t term = 0;
    bool excludes = false;
    std::u32string stripped;
    std::u32string exact;
    bool needs_exact = false;
};

struct NaiveHit {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t term = 0;
    bool excludes = false;
};

class Naive {
public:
    explicit Naive(const std::vector<Watch>& watches)
    {
        for (std::uint32_t w = 0; w < watches.size(); ++w) {
            for (std::uint32_t t = 0; t < watches[w].terms.size(); ++t) {
                const Term& term = watches[w].terms[t];
                add({w, t, false, {}, {}, term.accent_sensitive}, term.text);
            }
            for (const std::string& exclusion : watches[w].exclusions) {
                add({w, 0, true, {}, {}, false}, exclusion);
            }
        }
    }

    std::vector<Mention> match(const std::string& text) const
    {
        const std::vector<Unit> units = units_of(text, Fold::stripped);
        std::map<std::uint32_t, std::vector<NaiveHit>> by_watch;
        for (std::size_t at = 0; at < units.size(); ++at) {
            const auto terms = by_first_.find(units[at].code);
            if (terms == by_first_.end()) {
                continue;
            }
            for (const NaiveTerm& term : terms->second) {
                const std::size_t end = end_of(units, at, term.stripped);
                if (end == 0 || !edges_fit(units, at, end)) {
                    continue;
                }
                const NaiveHit hit{units[at].begin, units[end - 1].end, term.term, term.excludes};
                const std::string found = text.substr(hit.begin, hit.end - hit.begin);
                if (!term.needs_exact ||
                    plain_of(units_of(found, Fold::letter_case)) == term.exact) {
                    by_watch[term.watch].push_back(hit);
                }
            }
        }
        std::vector<Mention> mentions;
        for (const auto& [watch, hits] : by_watch) {
            Mention mention = mention_of(watch, hits);
            if (!mention.spans.empty()) {
                mentions.push_back(std::move(mention));
            }
        }
        return mentions;
    }

private:
    void add(NaiveTerm term, const std::string& text)
    {
        term.stripped = plain_of(units_of(text, Fold::stripped));
        term.exact = plain_of(units_of(text, Fold::letter_case));
        for (const char32_t code : term.exact) {
            term.needs_exact = term.needs_exact || marks_are_letters(code);
        }
        by_first_[term.stripped.front()].push_back(term);
    }

    /// Behind the last unit of `term` when it stands at `at`, else 0.
    static std::size_t end_of(const std::vector<Unit>& units, std::size_t at,
                              const std::u32string& term)
    {
        for (std::size_t i = 0; i < term.size(); ++i) {
            if (term[i] == U' ') {
                bool space = false;
                while (at < units.size() &&
                       (units[at].kind == CharKind::space || unseen(units[at].kind))) {
                    space = units[at++].kind == CharKind::space || space;
                }
                if (!space) {
                    return 0;
                }
                continue;
            }
            while (i > 0 && at < units.size() && unseen(units[at].kind)) {
                ++at;
            }
            if (at == units.size() || units[at].code != term[i]) {
                return 0;
            }
            ++at;
        }
        return at;
    }

    static bool edges_fit(const std::vector<Unit>& units, std::size_t begin, std::size_t end)
    {
        std::size_t before = begin;
        while (before > 0 && units[before - 1].kind == CharKind::hidden) {
            --before;
        }
        std::size_t after = end;
        while (after < units.size() && units[after].kind == CharKind::hidden) {
            ++after;
        }
        const CharKind first = units[begin].kind;
        const bool left = before == 0 || units[before - 1].kind != first ||
                          (first != CharKind::word && first != CharKind::hangul);
        const bool right = after == units.size() || units[after].kind != CharKind::word ||
                           units[end - 1].kind != CharKind::word;
        return left && right;
    }

    static Mention mention_of(std::uint32_t watch, const std::vector<NaiveHit>& hits)
    {
        std::vector<NaiveHit> left;
        for (const NaiveHit& hit : hits) {
            bool counts = !hit.excludes;
            for (const NaiveHit& other : hits) {
                counts =
                    counts && !(other.excludes && other.begin <= hit.begin && other.end >= hit.end);
            }
            if (counts) {
                left.push_back(hit);
            }
        }
        std::map<std::uint32_t, NaiveHit> chosen;
        while (!left.empty()) {
            NaiveHit best = left.front();
            for (const NaiveHit& hit : left) {
                const auto rank = [](const NaiveHit& h) {
                    return std::tuple(-std::int64_t{h.end} + h.begin, h.begin, h.term);
                };
                best = rank(hit) < rank(best) ? hit : best;
            }
            chosen[best.begin] = best;
            std::erase_if(left, [&best](const NaiveHit& hit) {
                return hit.begin < best.end && hit.end > best.begin;
            });
        }
        Mention mention{watch, {}, {}};
        for (const auto& [begin, hit] : chosen) {
            mention.spans.push_back({begin, hit.end - begin});
            mention.terms.push_back(hit.term);
        }
        return mention;
    }

    std::map<char32_t, std::vector<NaiveTerm>> by_first_;
};

std::string shown(const std::vector<Mention>& mentions)
{
    std::string lines;
    for (const Mention& mention : mentions) {
        lines += "watch " + std::to_string(mention.watch) + ":";
        for (std::size_t i = 0; i < mention.spans.size(); ++i) {
            lines += " term " + std::to_string(mention.terms[i]) + " at " +
                     std::to_string(mention.spans[i].offset) + "+" +
                     std::to_string(mention.spans[i].length);
        }
        lines += "\n";
    }
    return lines;
}

struct Count {
    std::size_t mentions = 0;
    std::size_t spans = 0;
};

Count expect_equal_to_naive(const std::vector<Watch>& watches,
                            const std::vector<std::string>& texts)
{
    const auto set = MatchSet::build(watches);
    EXPECT_TRUE(set) << (set ? "" : set.error().message);
    const Naive naive(watches);
    MatchScratch scratch;
    std::vector<Mention> mentions;
    Count count;
    for (const std::string& text : texts) {
        (*set)->match(text, scratch, mentions);
        const std::vector<Mention> expected = naive.match(text);
        EXPECT_EQ(shown(mentions), shown(expected)) << text;
        if (mentions != expected) {
            break;
        }
        count.mentions += mentions.size();
        for (const Mention& mention : mentions) {
            count.spans += mention.spans.size();
        }
    }
    return count;
}

TEST(MatcherAgainstNaive, FindsTheSameOfTenThousandBrands)
{
    const std::vector<std::string> brands = testing::generated_brands(10'000, 11);
    std::vector<Watch> watches;
    for (const std::string& brand : brands) {
        watches.push_back({brand, {{brand, watches.size() % 5 == 0}}, {}});
    }
    std::vector<std::string> texts;
    for (testing::GeneratedPost& post : testing::generated_posts(1'000, 12, brands)) {
        texts.push_back(std::move(post.text));
    }

    const Count count = expect_equal_to_naive(watches, texts);

    EXPECT_GT(count.mentions, 60u); // Every eleventh text names one.
}

/// Terms and texts of the same few pieces, so that nearly everything nearly matches.
std::string of_pieces(testing::Dice& dice, std::size_t pieces_max)
{
    static constexpr std::array<std::string_view, 40> pieces{
        "a",  "a", "b",      "b",      "A",      "ab",     "á",      "ạ",  "đ",      "œ",
        " ",  " ", " ",      "\u00A0", "  ",     "-",      "\u2011", "_",  "@",      "#",
        "'",  "’", "\u200B", "\u00AD", "\u200D", "\u0301", "\u0323", "茶", "茶",     "カ",
        "ガ", "ก", "\u0E48", "한",     "한",     "я",      "7",      "😀",  "\u20E3", "…"};
    std::string text;
    for (std::size_t left = 1 + dice.roll(pieces_max); left > 0; --left) {
        text += dice.pick(pieces);
    }
    return text;
}

TEST(MatcherAgainstNaive, FindsTheSameWhereEverythingNearlyMatches)
{
    testing::Dice dice(13);
    Count count;
    for (int round = 0; round < 120 && !HasFailure(); ++round) {
        std::vector<Watch> watches;
        for (std::size_t w = 0; w < 8; ++w) {
            Watch watch{"brand" + std::to_string(w), {}, {}};
            for (std::size_t tries = 2 + dice.roll(6); tries > 0; --tries) {
                Watch with_one{"probe", {{of_pieces(dice, 5), dice.one_in(3)}}, {}};
                if (MatchSet::build({with_one})) {
                    watch.terms.push_back(with_one.terms[0]);
                }
            }
            if (!watch.terms.empty() && dice.one_in(2)) {
                const std::string around = "a" + watch.terms[0].text;
                watch.exclusions.push_back(dice.one_in(2) ? around : watch.terms[0].text + " a");
            }
            if (!watch.terms.empty()) {
                watches.push_back(std::move(watch));
            }
        }
        std::vector<std::string> texts;
        for (int t = 0; t < 25; ++t) {
            texts.push_back(to_nfc(of_pieces(dice, 60)));
        }
        const Count of_round = expect_equal_to_naive(watches, texts);
        count.mentions += of_round.mentions;
        count.spans += of_round.spans;
    }
    EXPECT_GT(count.spans, 5'000u);
}

} // namespace
} // namespace empathd::analysis
