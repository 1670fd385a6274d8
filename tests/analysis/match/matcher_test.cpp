#include "analysis/match/matcher.hpp"

#include "tests/analysis/match/allocation_count.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace empathd::analysis {
namespace {

std::shared_ptr<const MatchSet> set_of(std::vector<Watch> watches)
{
    Result<std::shared_ptr<const MatchSet>> set = MatchSet::build(std::move(watches));
    EXPECT_TRUE(set) << (set ? "" : set.error().message);
    return set ? *set : *MatchSet::build({});
}

Watch watch_of(std::string term, std::vector<std::string> exclusions = {})
{
    return {"Brand", {{std::move(term), false}}, std::move(exclusions)};
}

/// The pieces of the text that are mentions, each in brackets; the text itself when there is none.
std::string marked(const Watch& watch, std::string text)
{
    MatchScratch scratch;
    std::vector<Mention> mentions;
    set_of({watch})->match(text, scratch, mentions);
    EXPECT_LE(mentions.size(), 1u);
    if (!mentions.empty()) {
        const std::vector<Span>& spans = mentions[0].spans;
        for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
            text.insert(span->offset + span->length, "]").insert(span->offset, "[");
        }
    }
    return text;
}

struct MatchCase {
    const char* name;
    const char* term;
    const char* marked; ///< The text, what must be found in brackets.
};

class Matches : public ::testing::TestWithParam<MatchCase> {};

TEST_P(Matches, AsMarked)
{
    std::string text;
    for (const char* c = GetParam().marked; *c != '\0'; ++c) {
        if (*c != '[' && *c != ']') {
            text += *c;
        }
    }
    EXPECT_EQ(marked(watch_of(GetParam().term), text), GetParam().marked);
}

std::string case_name(const ::testing::TestParamInfo<MatchCase>& test)
{
    return test.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    Words, Matches,
    ::testing::Values(
        MatchCase{"Whole", "AcmeBox", "[AcmeBox]"}, MatchCase{"EmptyText", "AcmeBox", ""},
        MatchCase{"AnyCase", "AcmeBox", "my [ACMEBOX], my [acmebox]."},
        MatchCase{"NoLongerWord", "AcmeBox", "two acmeboxes, acmebox2, myacmebox"},
        MatchCase{"Possessive", "AcmeBox", "[AcmeBox]'s and [AcmeBox]’s"},
        MatchCase{"Handle", "AuroraAir", "@[auroraair] #[AuroraAir] @auroraairways"},
        MatchCase{"Underscore", "Aurora", "[aurora]_air _[aurora]_ #[Aurora]_fail"},
        MatchCase{"Hyphen", "Aurora", "[Aurora]-Air non-[Aurora]"},
        MatchCase{"Short", "H&M", "at [h&m], H & M, h&mm, [H&M]"},
        MatchCase{"OneLetter", "X", "[X] is not xx but [x]."},
        MatchCase{"Digits", "7", "[7] of 77, [7].5 and v7"},
        MatchCase{"Url", "acme", "https://www.[acme].com/[acme]/x mail@[acme].org"},
        MatchCase{"Last", "kfc", "i like [KFC]"},
        MatchCase{"AfterAccentedLetter", "te", "été éte été"},
        MatchCase{"AfterQuote", "Acme", "“[Acme]” «[Acme]» —[Acme]… [Acme]…"},
        MatchCase{"ShortBeforeQuote", "KFC", "“[KFC]” ([kfc])…"},
        MatchCase{"BeforeNonAsciiLetter", "kfc", "kfcœ kfcя œkfc [kfc]"},
        MatchCase{"EmojiNeighbours", "Acme", "😀[Acme]😡👩‍💻[Acme]❤️ #️⃣[Acme]"},
        MatchCase{"RegionalFlag", "Acme", "🇫🇷[Acme]🇻🇳"},
        MatchCase{"SignFirst", ".NET", "I use [.NET], ASP[.NET], not .NETs, not NET"},
        MatchCase{"SignLast", "Yahoo!", "[Yahoo!] and [yahoo!]s but Yahoo?"},
        MatchCase{"SignsInside", "C++", "[C++]11 or [c++], not C+"},
        MatchCase{"HandleAsTerm", "@acme", "ask [@acme], not acme, foo[@acme].org"},
        MatchCase{"EmojiAsPart", "🍎 pay", "with [🍎 Pay] or apple pay"},
        MatchCase{"NoBreakHyphen", "Coca-Cola", "[Coca-Cola] [coca\u2011cola] Coca Cola"},
        MatchCase{"HyphenFirst", "-Acme", "[\u2010acme] [-Acme] acme"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Diacritics, Matches,
    ::testing::Values(MatchCase{"Vietnamese", "Điện Máy Xanh",
                                "ở [Điện Máy Xanh], ở [dien may xanh], [ĐIỆN MÁY XANH]"},
                      MatchCase{"PlainTerm", "dien may xanh", "[Điện máy xanh]"},
                      MatchCase{"French", "L'Oréal", "[L’Oréal] [l'oreal] [L'ORÉAL]"},
                      MatchCase{"TextApart", "Phở 24",
                                "ăn [Pho\u031B\u0309 24] và [pho\u0309\u031B 24]"},
                      MatchCase{"TermApart", "Pho\u031B\u0309 24", "[Phở 24]"},
                      MatchCase{"SharpS", "Strauß", "[STRAUSS] [strauß]"},
                      MatchCase{"Ligature", "Office Depot", "[Oﬃce Depot]"},
                      MatchCase{"Oslash", "Ørsted", "[Orsted] [ørsted]"},
                      MatchCase{"DottedI", "İstikbal", "[istikbal] [İSTİKBAL]"},
                      MatchCase{"NonAsciiFirst", "œuvre", "l'[œuvre] désœuvre [Œuvre]"},
                      MatchCase{"ShortThenNonAscii", "cœur", "mon [cœur] cours"},
                      MatchCase{"Cyrillic", "Яндекс", "в Яндексе, [ЯНДЕКС]!"},
                      MatchCase{"CyrillicShort", "я", "[Я] и моя"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Space, Matches,
    ::testing::Values(
        MatchCase{"Runs", "Aurora Air", "[Aurora  air] [AURORA\n\tAIR] [aurora\u00A0air]"},
        MatchCase{"Ideographic", "Aurora Air", "[Aurora\u3000Air] [Aurora \u2009 Air]"},
        MatchCase{"NotNone", "Aurora Air", "AuroraAir Aurora-Air Aurora. Air"},
        MatchCase{"InTerm", " Aurora \u00A0 Air ", "[Aurora Air]"},
        MatchCase{"ShortWords", "El Al", "fly [el  al] el"},
        MatchCase{"CutOff", "Aurora Air", "Aurora"},
        MatchCase{"CutOffInSpace", "Aurora Air", "Aurora  "},
        MatchCase{"WithUnseen", "El Al", "[el \u200B al] [e\u00ADl a\u200Dl]"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Unseen, Matches,
    ::testing::Values(
        MatchCase{"SoftHyphen", "Aurora", "[Au\u00ADrora] [Auro\u00ADra]"},
        MatchCase{"SoftHyphenIsNoEdge", "Aurora", "Aurora\u00ADs my\u00ADaurora"},
        MatchCase{"ZeroWidthSpace", "Aurora", "[A\u200Bu\u200Brora] x\u200B[aurora]\u200Bx"},
        MatchCase{"ZeroWidthSpaceAfterShort", "KF", "[KF]\u200BC"},
        MatchCase{"ZeroWidthSpaceInShort", "KFC", "[KF\u200BC]"},
        MatchCase{"Joiners", "Acme", "[Ac\u200Dme] [Ac\u200Cme] \uFEFF[Acme]\u2060"},
        MatchCase{"DirectionMarks", "Acme", "\u202B[Acme]\u202C \u2068[A\u200Ecme]\u2069"},
        MatchCase{"VariationSelector", "Acme", "[Ac\uFE0Fme]"},
        MatchCase{"InTerm", "Ac\u00ADme", "[Acme]"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Scripts, Matches,
    ::testing::Values(MatchCase{"HanAnywhere", "星巴克", "我喜欢[星巴克]咖啡"},
                      MatchCase{"HanOneLetter", "茶", "喝[茶]x[茶]吧"},
                      MatchCase{"LatinInHan", "KFC", "我喜欢[KFC]咖啡 和[kfc]"},
                      MatchCase{"LatinInThai", "Acme", "ไปที่[Acme]แล้ว"},
                      MatchCase{"Thai", "กาแฟ", "ร้าน[กาแฟ]ดี"},
                      MatchCase{"ThaiTonesCount", "ป่า", "[ป่า] ป้า ปา"},
                      MatchCase{"KanaVoicingCounts", "ガス", "[ガス] カス"},
                      MatchCase{"KanaWithoutVoicing", "カス", "[カス] ガス"},
                      MatchCase{"KanaVoicingApart", "ガス", "東京[カ\u3099ス]社"},
                      MatchCase{"HanAfterLatin", "石油", "abc[石油]def"},
                      MatchCase{"HangulParticle", "스타벅스", "[스타벅스]에서 아스타벅스"},
                      MatchCase{"HangulOneSyllable", "빵", "[빵]을 먹는 [빵]"},
                      MatchCase{"LatinWithParticle", "LG", "[LG]에서 [LG]전자"},
                      MatchCase{"HangulAfterLatin", "전자", "LG[전자]가"},
                      MatchCase{"DevanagariVowelsCount", "दिल", "[दिल] दल"},
                      MatchCase{"ArabicPointsDoNot", "سلام", "[سَلام] [سلام]"},
                      MatchCase{"FarHan", "𠮷野家", "昨日[𠮷野家]で"}),
    case_name);

TEST(Matcher, HeedsDiacriticsOfAccentSensitiveTerms)
{
    const Watch watch{"Brand", {{"Phở", true}}, {}};

    EXPECT_EQ(marked(watch, "Phở PHỞ pho phó phơ Pho\u031B\u0309"),
              "[Phở] [PHỞ] pho phó phơ [Pho\u031B\u0309]");
    EXPECT_EQ(marked({"Brand", {{"Pho", true}}, {}}, "Phở pho"), "Phở [pho]");
    EXPECT_EQ(marked({"Brand", {{"Ca\u0301 Va\u0300ng", true}}, {}}, "Cá\u00A0 vàng ca vang"),
              "[Cá\u00A0 vàng] ca vang");
    EXPECT_EQ(marked({"Brand", {{"đo", true}}, {}}, "đo do ĐO"), "[đo] do [ĐO]");
}

TEST(Matcher, LeavesOutWhatLiesInAnExclusion)
{
    const Watch watch = watch_of("aurora", {"aurora borealis", "northern  Aurora", "l'aurore"});

    EXPECT_EQ(marked(watch, "Aurora Borealis"), "Aurora Borealis");
    EXPECT_EQ(marked(watch, "Aurora\nboréalis, the northern aurora; Aurora lost my bag"),
              "Aurora\nboréalis, the northern aurora; [Aurora] lost my bag");
}

TEST(Matcher, CountsAHitBesideAnExclusion)
{
    const Watch watch = watch_of("aurora", {"aurora borealis", "northern aurora"});

    const std::string text = "Aurora Borealis, aurora, northern aurora, aurora borealisX";
    EXPECT_EQ(marked(watch, text),
              "Aurora Borealis, [aurora], northern aurora, [aurora] borealisX");
}

TEST(Matcher, CountsAHitThatOnlyOverlapsAnExclusion)
{
    const Watch watch{"Brand", {{"aurora air", false}}, {"aurora"}};

    EXPECT_EQ(marked(watch, "aurora air"), "[aurora air]");
}

TEST(Matcher, AppliesExclusionsToTheirOwnWatchOnly)
{
    const auto set =
        set_of({{"A", {{"aurora", false}}, {"aurora borealis"}}, {"B", {{"aurora", false}}, {}}});
    MatchScratch scratch;
    std::vector<Mention> mentions;

    set->match("aurora borealis", scratch, mentions);

    ASSERT_EQ(mentions.size(), 1u);
    EXPECT_EQ(mentions[0], (Mention{1, {{0, 6}}, {0}}));
}

TEST(Matcher, PrefersTheLongestOfOverlappingTerms)
{
    const Watch watch{"Brand",
                      {{"Aurora", false},
                       {"Air", false},
                       {"Aurora Air", false},
                       {"Air Lines International", false},
                       {"aurora", false}},
                      {}};
    const auto set = set_of({watch});
    MatchScratch scratch;
    std::vector<Mention> mentions;

    set->match("aurora air; Aurora Air Lines International", scratch, mentions);

    ASSERT_EQ(mentions.size(), 1u);
    EXPECT_EQ(mentions[0], (Mention{0, {{0, 10}, {12, 6}, {19, 23}}, {2, 0, 3}}));
}

TEST(Matcher, GivesMentionsOfSeveralWatchesInTheirOrder)
{
    const auto set = set_of({{"B", {{"box", false}}, {}},
                             {"A", {{"acme box", false}}, {}},
                             {"C", {{"cat", false}}, {}}});
    MatchScratch scratch;
    std::vector<Mention> mentions{{7, {}, {}}};

    set->match("Acme Box, box", scratch, mentions);

    ASSERT_EQ(mentions.size(), 2u);
    EXPECT_EQ(mentions[0], (Mention{0, {{5, 3}, {10, 3}}, {0, 0}}));
    EXPECT_EQ(mentions[1], (Mention{1, {{0, 8}}, {0}}));

    set->match("nothing", scratch, mentions);
    EXPECT_TRUE(mentions.empty());
}

TEST(Matcher, FindsInTitlesWithoutSpans)
{
    const auto set = set_of({{"A", {{"acme", false}}, {}},
                             {"B", {{"box", false}}, {}},
                             {"C", {{"acme box", false}}, {}}});
    MatchScratch scratch;
    std::vector<Mention> mentions;
    Post post;
    post.title = "My Acme";
    post.text = "box broke";

    set->match_post(post, scratch, mentions);

    ASSERT_EQ(mentions.size(), 2u); // "acme box" would need both.
    EXPECT_EQ(mentions[0], (Mention{0, {}, {}}));
    EXPECT_EQ(mentions[1], (Mention{1, {{0, 3}}, {0}}));

    post.title = "box";
    set->match_post(post, scratch, mentions);
    ASSERT_EQ(mentions.size(), 1u);
    EXPECT_EQ(mentions[0].spans.size(), 1u);
}

TEST(Matcher, FindsTermsAcrossAllPlacesOfItsBlocks)
{
    // Words are looked for in blocks of 64 bytes: a term must not care where it falls.
    const auto set = set_of({{"K", {{"kfc", false}}, {}},
                             {"C", {{"co", false}}, {}},
                             {"L", {{"longer term", false}}, {}}});
    MatchScratch scratch;
    std::vector<Mention> mentions;
    for (std::uint32_t before = 0; before < 200; ++before) {
        const std::string text = std::string(before, '.') + "KFC co LONGER  term";
        set->match(text, scratch, mentions);
        ASSERT_EQ(mentions.size(), 3u) << before;
        ASSERT_EQ(mentions[0].spans, (std::vector<Span>{{before, 3}}));
        ASSERT_EQ(mentions[1].spans, (std::vector<Span>{{before + 4, 2}}));
        ASSERT_EQ(mentions[2].spans, (std::vector<Span>{{before + 7, 12}}));

        set->match(std::string(before, 'x') + "kfc", scratch, mentions);
        ASSERT_EQ(mentions.size(), before == 0 ? 1u : 0u) << before;
    }
}

TEST(Matcher, ReadsTheLongestPostAndKeepsTheFirstSpans)
{
    const auto set = set_of({watch_of("acme")});
    MatchScratch scratch;
    std::vector<Mention> mentions;
    std::string text;
    while (text.size() + 5 <= post_text_bytes_max) {
        text += "acme ";
    }
    text.resize(post_text_bytes_max, ' ');

    set->match(text, scratch, mentions);

    ASSERT_EQ(mentions.size(), 1u);
    ASSERT_EQ(mentions[0].spans.size(), mention_spans_max);
    EXPECT_EQ(mentions[0].spans.back(), (Span{5 * (mention_spans_max - 1), 4}));

    std::string last(post_text_bytes_max - 4, '-');
    set->match(last + "Acme", scratch, mentions);
    ASSERT_EQ(mentions.size(), 1u);
    EXPECT_EQ(mentions[0].spans, (std::vector<Span>{{post_text_bytes_max - 4, 4}}));
}

TEST(Matcher, FindsBesideIllFormedBytes)
{
    EXPECT_EQ(marked(watch_of("acme"), "\xFF acme \xC3"), "\xFF [acme] \xC3");
    EXPECT_EQ(marked(watch_of("acme"), "no\xF0\x9F"), "no\xF0\x9F");
}

TEST(Matcher, AllocatesNothingForATextWithoutAHit)
{
    const auto set = set_of({watch_of("acme"), {"P", {{"Phở 24", true}}, {"phở 24 giờ"}}});
    const std::string text = "Rien à voir: acmeboxes, phở 25, 😀 and one more long sentence.";
    MatchScratch scratch;
    std::vector<Mention> mentions;
    set->match(text, scratch, mentions);
    const std::size_t before = testing::allocations_of_this_thread();

    for (int i = 0; i < 10; ++i) {
        set->match(text, scratch, mentions);
    }

    EXPECT_EQ(testing::allocations_of_this_thread(), before);
    EXPECT_TRUE(mentions.empty());
}

TEST(Matcher, ServesThreadsWhileItIsReplaced)
{
    // A lock, because ThreadSanitizer does not follow g++ 12's std::atomic<std::shared_ptr>.
    std::mutex lock;
    std::shared_ptr<const MatchSet> published = set_of({watch_of("acme")});
    const auto current = [&lock, &published] {
        const std::lock_guard hold(lock);
        return published;
    };
    std::atomic<std::size_t> found{0};
    std::vector<std::thread> readers;
    for (int r = 0; r < 2; ++r) {
        readers.emplace_back([&current, &found] {
            MatchScratch scratch;
            std::vector<Mention> mentions;
            for (int i = 0; i < 500; ++i) {
                current()->match("an acme thing", scratch, mentions);
                found += mentions.size();
            }
        });
    }
    for (int i = 0; i < 50; ++i) {
        auto next = set_of({{"Other", {{"other", false}}, {}}, watch_of("Acme")});
        const std::lock_guard hold(lock);
        published.swap(next);
    }
    for (std::thread& reader : readers) {
        reader.join();
    }
    EXPECT_EQ(found, 1000u);
}

TEST(Matcher, WithoutWatchesFindsNothing)
{
    MatchScratch scratch;
    std::vector<Mention> mentions{{0, {}, {}}};

    set_of({})->match("anything", scratch, mentions);

    EXPECT_TRUE(mentions.empty());
    EXPECT_TRUE(set_of({})->watches().empty());
}

struct BadWatches {
    const char* name;
    std::vector<Watch> watches;
    const char* message;
};

class MatchSetRefuses : public ::testing::TestWithParam<BadWatches> {};

TEST_P(MatchSetRefuses, AndSaysWhy)
{
    const auto set = MatchSet::build(GetParam().watches);

    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().kind, ErrorKind::invalid_config);
    EXPECT_EQ(set.error().message, GetParam().message);
}

const std::vector<Term> good{{"acme", false}};

INSTANTIATE_TEST_SUITE_P(
    Watches, MatchSetRefuses,
    ::testing::Values(
        BadWatches{"NoName", {{" ", good, {}}}, "watch 1 has no usable brand name"},
        BadWatches{"NameOfBytes",
                   {{"A", good, {}}, {"\xFF", good, {}}},
                   "watch 2 has no usable brand name"},
        BadWatches{"NameOfLines", {{"A\nB", good, {}}}, "watch 1 has no usable brand name"},
        BadWatches{"SameName",
                   {{"Acme", good, {}}, {"ACME ", good, {}}},
                   "two watches are named \"ACME \""},
        BadWatches{"NoTerm", {{"A", {}, {}}}, "watch \"A\" has no term"},
        BadWatches{
            "EmptyTerm", {{"A", {{"a", false}, {"", false}}, {}}}, "watch \"A\": term 2 is empty"},
        BadWatches{
            "SpaceTerm", {{"A", {{" \u00A0\u200B", true}}, {}}}, "watch \"A\": term 1 is empty"},
        BadWatches{"Signs",
                   {{"A", {{"#!😀", false}}, {}}},
                   "watch \"A\": term 1 has neither a letter nor a digit"},
        BadWatches{"Marks",
                   {{"A", {{"\u0301", true}}, {}}},
                   "watch \"A\": term 1 has neither a letter nor a digit"},
        BadWatches{"Long",
                   {{"A", {{std::string(term_bytes_max + 1, 'a'), false}}, {}}},
                   "watch \"A\": term 1 is longer than 200 bytes"},
        BadWatches{"VeryLong",
                   {{"A", {{std::string(100'000, 'a'), false}}, {}}},
                   "watch \"A\": term 1 is longer than 200 bytes"},
        BadWatches{"IllFormed",
                   {{"A", {{"a\xC3", false}}, {}}},
                   "watch \"A\": term 1 is not plain UTF-8 text"},
        BadWatches{"Control",
                   {{"A", {{std::string("a\0b", 3), false}}, {}}},
                   "watch \"A\": term 1 is not plain UTF-8 text"},
        BadWatches{
            "EmptyExclusion", {{"A", good, {"x", " "}}}, "watch \"A\": exclusion 2 is empty"},
        BadWatches{"SignExclusion",
                   {{"A", good, {"-"}}},
                   "watch \"A\": exclusion 1 has neither a letter nor a digit"}),
    [](const auto& test) { return test.param.name; });

TEST(MatchSet, TakesTheLongestTerm)
{
    const std::string term(term_bytes_max, 'a');
    EXPECT_EQ(marked(watch_of(term), "x " + term), "x [" + term + "]");
}

TEST(MatchSet, RefusesMorePatternsThanItsBound)
{
    Watch watch{"A", {}, {}};
    watch.terms.assign(patterns_max + 1, {"a", false});

    const auto set = MatchSet::build({watch});

    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().message, "more than 200000 terms and exclusions");
}

TEST(MatchSet, KeepsTheWatchesAsGiven)
{
    const auto set = set_of({{"A", {{"Á", true}, {"b", false}}, {"á b"}}});

    ASSERT_EQ(set->watches().size(), 1u);
    EXPECT_EQ(set->watches()[0].brand, "A");
    EXPECT_EQ(set->watches()[0].terms[0].text, "Á");
    EXPECT_EQ(set->watches()[0].exclusions[0], "á b");
}

} // namespace
} // namespace empathd::analysis
