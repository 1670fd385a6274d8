#include "analysis/text/normalize.hpp"

#include <gtest/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace empathd::analysis {
namespace {

// The other computation: nothing but ICU, whole texts in UTF-16, no tables and no cutting.

icu::UnicodeString normalized(const char* form, const icu::UnicodeString& text)
{
    UErrorCode status = U_ZERO_ERROR;
    const bool composes = std::string_view(form) == "nfc";
    const icu::Normalizer2* normalizer = icu::Normalizer2::getInstance(
        nullptr, "nfc", composes ? UNORM2_COMPOSE : UNORM2_DECOMPOSE, status);
    icu::UnicodeString result = normalizer->normalize(text, status);
    EXPECT_TRUE(U_SUCCESS(status));
    return result;
}

icu::UnicodeString utf16(std::string_view bytes)
{
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece(bytes.data(), static_cast<std::int32_t>(bytes.size())));
}

std::string utf8(const icu::UnicodeString& text)
{
    std::string bytes;
    text.toUTF8String(bytes);
    return bytes;
}

std::string nfc_by_icu(std::string_view bytes)
{
    return utf8(normalized("nfc", utf16(bytes)));
}

std::string folded_by_icu(std::string_view bytes, Fold how)
{
    icu::UnicodeString text = normalized("nfc", utf16(bytes));
    text.foldCase(U_FOLD_CASE_DEFAULT);
    text = normalized("nfc", text);
    if (how == Fold::stripped) {
        const icu::UnicodeString apart = normalized("nfd", text);
        text.remove();
        for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
            const UChar32 c = apart.char32At(i);
            const UChar32 plain = c == 0x111 ? 'd' : c == 0xF8 ? 'o' : c == 0x142 ? 'l' : c;
            if (u_charType(c) != U_NON_SPACING_MARK) {
                text.append(plain);
            }
        }
        text = normalized("nfc", text);
    }
    text.findAndReplace(icu::UnicodeString(UChar32{0x2019}), icu::UnicodeString("'"));
    return utf8(text);
}

std::string hex(std::string_view bytes)
{
    std::string digits;
    for (const char byte : bytes) {
        std::array<char, 4> pair{};
        std::snprintf(pair.data(), pair.size(), "%02x ", static_cast<unsigned char>(byte));
        digits += pair.data();
    }
    return digits;
}

constexpr std::array both{Fold::letter_case, Fold::stripped};

/// Everything the header promises of one text.
void expect_agrees_with_icu(const std::string& text)
{
    ASSERT_EQ(to_nfc(text), nfc_by_icu(text)) << hex(text);
    for (const Fold how : both) {
        const std::string expected = folded_by_icu(text, how);
        std::string out = "left over";
        fold(text, how, out);
        ASSERT_EQ(out, expected) << static_cast<int>(how) << ": " << hex(text);

        const FoldedText with_origin = fold_with_origin(text, how);
        ASSERT_EQ(with_origin.text, expected) << static_cast<int>(how) << ": " << hex(text);
        ASSERT_EQ(with_origin.origin.size(), expected.size() + 1);
        ASSERT_EQ(with_origin.origin.back(), text.size());
        for (std::size_t i = 1; i < with_origin.origin.size(); ++i) {
            ASSERT_LE(with_origin.origin[i - 1], with_origin.origin[i]) << hex(text);
        }
    }
}

/// Texts of random pieces, each piece from one of the places where folding can go wrong.
class Generator {
public:
    explicit Generator(std::uint32_t seed) : engine_(seed) {}

    std::string text()
    {
        std::string text;
        const int pieces = number(0, 40);
        const bool may_be_ill_formed = number(0, 3) == 0;
        for (int i = 0; i < pieces; ++i) {
            text += piece(may_be_ill_formed);
        }
        return text;
    }

private:
    int number(int least, int most)
    {
        return std::uniform_int_distribution<int>(least, most)(engine_);
    }

    template <class List>
    std::string any_of(const List& list)
    {
        return std::string(list[static_cast<std::size_t>(number(0, int(std::size(list)) - 1))]);
    }

    static std::string one(UChar32 c) { return utf8(icu::UnicodeString(c)); }

    /// A character of [from, to], never a surrogate.
    std::string between(int from, int to)
    {
        const int c = number(from, to);
        return one(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c);
    }

    std::string piece(bool may_be_ill_formed)
    {
        static constexpr std::array words{
            "Service",   "terrible ", "N'EST ",   "été ",  "Œuvre",     "ÀÉÈÊËÎÏÔÙÛÜŸÇ", "naïve",
            "Điện ",     "Phở ",      "đặc",      "BIỆT ", "Nguyễn",    "ƯỚC",           "ĐƯỢC ",
            "ưỡng",      "’s ",       "İstanbul", "ı",     "STRASSE",   "Straße ",       "ẞ",
            "ΟΔΥΣΣΕΥΣ ", "σς",        "ΰ",        "ŉ",     "ǰ",         "ﬁﬄﬆ",           "ﬓ",
            "ᾳᾷᾼ",       "한국어 ",   "ÅΩ",       "Ⓐ Ⅷ ",  "😀",         "👩‍💻",   "❤️",
            "#️⃣",   "क़ि",        "กำ่ ",      "が",    "ø Ł Ø ł Đ "};
        static constexpr std::array ill_formed{
            "\x80",     "\xC3", "\xE1\xBB",         "\xF0\x9F\x98", "\xED\xA0\x80",
            "\xC0\xAF", "\xFF", "\xF4\x90\x80\x80", "\xE0\x80\x80"};
        switch (number(0, 12)) {
        case 0: return std::string(static_cast<std::size_t>(number(1, 40)), 'Q');
        case 1: return between(0x20, 0x7E);
        case 2: return utf8(normalized("nfd", utf16(any_of(words))));
        case 3: return between(0x300, 0x362);
        case 4: return between(0xC0, 0x24F);
        case 5: return between(0x1E00, 0x1FFF);
        case 6: return between(0x1100, 0x11FF) + between(0x1161, 0x1175) + between(0x11A8, 0x11C2);
        case 7: return between(0, 0xFFFF);
        case 8: return between(0x10000, 0x10FFFF);
        case 9: return between(0x0900, 0x0E4F);
        case 10: return between(0x591, 0x6DC);
        case 11: return may_be_ill_formed ? any_of(ill_formed) : any_of(words);
        default: return any_of(words);
        }
    }

    std::mt19937 engine_;
};

TEST(Normalize, AgreesWithIcuOnGeneratedTexts)
{
    Generator generator(20240501);
    for (int i = 0; i < 20'000 && !::testing::Test::HasFatalFailure(); ++i) {
        expect_agrees_with_icu(generator.text());
    }
}

TEST(Normalize, AgreesWithIcuOnEveryCharacterBetweenLetters)
{
    // Sixty-four characters at a time, kept apart by letters, so that one failing block is found.
    for (UChar32 block = 0; block < 0x110000 && !HasFatalFailure(); block += 64) {
        icu::UnicodeString text("x");
        for (UChar32 c = block; c < block + 64; ++c) {
            if (!U_IS_SURROGATE(c)) {
                text.append(c).append(UChar32{'E'});
            }
        }
        const std::string bytes = utf8(text);
        ASSERT_EQ(to_nfc(bytes), nfc_by_icu(bytes)) << "from " << block;
        ASSERT_EQ(folded(bytes, Fold::letter_case), folded_by_icu(bytes, Fold::letter_case))
            << "from " << block;
        ASSERT_EQ(folded(bytes, Fold::stripped), folded_by_icu(bytes, Fold::stripped))
            << "from " << block;
    }
}

TEST(Normalize, AgreesWithIcuOnPairsOfWhatCombines)
{
    // Marks of class zero, vowel signs, jamo and bases that meet them: where cutting is delicate.
    static constexpr std::array<UChar32, 26> characters{
        'e',    0x301,   0x323,  0x345, 0x1100, 0x1161,  0x11A8,  0xAC00, 0xAC01,
        0x9C7,  0x9BE,   0x93C,  0x915, 0xE31,  0xE01,   0x302A,  0x304B, 0x3099,
        0xFE0F, 0x1F600, 0x2019, 0x130, 0x3B9,  0x1D165, 0x110A5, 0x110BA};
    for (const UChar32 a : characters) {
        for (const UChar32 b : characters) {
            for (const UChar32 c : characters) {
                icu::UnicodeString text(a);
                expect_agrees_with_icu(utf8(text.append(b).append(c)));
            }
        }
    }
}

struct FoldCase {
    const char* name;
    const char* text;
    const char* letter_case;
    const char* stripped;
};

class Folds : public ::testing::TestWithParam<FoldCase> {};

TEST_P(Folds, AsWritten)
{
    EXPECT_EQ(folded(GetParam().text, Fold::letter_case), GetParam().letter_case);
    EXPECT_EQ(folded(GetParam().text, Fold::stripped), GetParam().stripped);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Folds,
    ::testing::Values(FoldCase{"Nothing", "", "", ""},
                      FoldCase{"Ascii", "AcmeBox [2]", "acmebox [2]", "acmebox [2]"},
                      FoldCase{"Vietnamese", "Phở Đặc biệt", "phở đặc biệt", "pho dac biet"},
                      FoldCase{"VietnameseApart", "Pho\u031B\u0309", "phở", "pho"},
                      FoldCase{"French", "L’ÉTÉ À ÇA", "l'été à ça", "l'ete a ca"},
                      FoldCase{"SharpS", "Straße ẞ", "strasse ss", "strasse ss"},
                      FoldCase{"DottedI", "İ", "i\u0307", "i"}, FoldCase{"DotlessI", "ı", "ı", "ı"},
                      FoldCase{"Ligature", "eﬃcace", "efficace", "efficace"},
                      FoldCase{"FinalSigma", "ΟΔΟΣ οδος", "οδοσ οδοσ", "οδοσ οδοσ"},
                      FoldCase{"Strokes", "Łódź Ærø", "łódź ærø", "lodz æro"},
                      FoldCase{"Hangul", "한국", "한국", "한국"},
                      FoldCase{"Emoji", "😀❤️", "😀❤️", "😀❤"},
                      FoldCase{"IllFormed",
                               "A\xFF"
                               "B",
                               "a\uFFFDb", "a\uFFFDb"}),
    [](const auto& test) { return test.param.name; });

struct IllFormedCase {
    const char* name;
    std::string bytes;
    std::size_t replacements; ///< Maximal subparts, Unicode 15 table 3-8 and its neighbours.
};

class ToNfcReplaces : public ::testing::TestWithParam<IllFormedCase> {};

TEST_P(ToNfcReplaces, EveryMaximalSubpartOnce)
{
    std::string expected = "a";
    for (std::size_t i = 0; i < GetParam().replacements; ++i) {
        expected += "\uFFFD";
    }

    EXPECT_EQ(to_nfc("a" + GetParam().bytes + "b"), expected + "b");
    EXPECT_EQ(to_nfc("a" + GetParam().bytes), expected);

    const std::string around(40, 'x'); // Long enough for the way that takes many bytes at a time.
    EXPECT_EQ(to_nfc(around + "a" + GetParam().bytes + around), around + expected + around);
    EXPECT_EQ(folded(around + "A" + GetParam().bytes + around, Fold::stripped),
              around + expected + around);
}

INSTANTIATE_TEST_SUITE_P(Bytes, ToNfcReplaces,
                         ::testing::Values(IllFormedCase{"LoneContinuation", "\x80", 1},
                                           IllFormedCase{"Overlong", "\xC0\xAF", 2},
                                           IllFormedCase{"OverlongThree", "\xE0\x80\xBF", 3},
                                           IllFormedCase{"Surrogate", "\xED\xA0\x80", 3},
                                           IllFormedCase{"TooLarge", "\xF4\x91\x92\x93", 4},
                                           IllFormedCase{"CutShort", "\xE1\x80\xE2\xF0\x91\x92", 3},
                                           IllFormedCase{"NoLead", "\xFE\xFF", 2}),
                         [](const auto& test) { return test.param.name; });

TEST(FoldWithOrigin, PointsAtTheCharacterThatMadeEachByte)
{
    const FoldedText result = fold_with_origin("Xß’Đ😀", Fold::stripped);

    EXPECT_EQ(result.text, "xss'd😀");
    EXPECT_EQ(result.origin, (std::vector<std::uint32_t>{0, 1, 1, 3, 6, 8, 8, 8, 8, 12}));
}

TEST(FoldWithOrigin, CountsWhatIsComposedAsOne)
{
    const FoldedText result = fold_with_origin("ae\u0301b", Fold::letter_case);

    EXPECT_EQ(result.text, "aéb");
    EXPECT_EQ(result.origin, (std::vector<std::uint32_t>{0, 1, 1, 4, 5}));
}

TEST(FoldWithOrigin, KeepsCharactersOfFarPlanesApart)
{
    const FoldedText result = fold_with_origin("日\U00020BB7x", Fold::stripped);

    EXPECT_EQ(result.origin, (std::vector<std::uint32_t>{0, 0, 0, 3, 3, 3, 3, 7, 8}));
}

TEST(FoldWithOrigin, LeavesNoTraceOfMarksThatAreTakenOff)
{
    const FoldedText result = fold_with_origin("a\u0E31b", Fold::stripped);

    EXPECT_EQ(result.text, "ab");
    EXPECT_EQ(result.origin, (std::vector<std::uint32_t>{0, 4, 5}));
}

TEST(Fold, ReplacesWhatTheOutputHeld)
{
    std::string out(1000, 'z');
    fold("É", Fold::stripped, out);
    EXPECT_EQ(out, "e");
}

TEST(Fold, GivesTheSameAgainWhenAppliedTwice)
{
    Generator generator(7);
    for (int i = 0; i < 2'000; ++i) {
        const std::string once = folded(generator.text(), Fold::stripped);
        ASSERT_EQ(folded(once, Fold::stripped), once) << hex(once);
    }
}

TEST(Fold, OrdersLongRunsOfMarksAsIcuDoes)
{
    static constexpr std::array<UChar32, 12> marks{0x301, 0x323, 0x344,  0xF73,  0x345,   0x5B0,
                                                   0x327, 0x334, 0x3099, 0x302A, 0x1D165, 0x64B};
    std::mt19937 engine(3);
    for (int i = 0; i < 300; ++i) {
        icu::UnicodeString text(i % 2 == 0 ? UChar32{0xE9} : UChar32{0x301});
        for (auto left = 20 + engine() % 60; left > 0; --left) {
            text.append(marks[engine() % marks.size()]);
        }
        expect_agrees_with_icu(utf8(text.append(UChar32{'A'}).append(text)));
    }
}

/// Counts what ICU is spared: the time of the longest post in the worst order of marks must be of
/// the kind of the time in the best order, not of its square.
TEST(Fold, TakesTheLongestPostOfMarksInLinearWork)
{
    std::string best = "a";
    std::string worst = "a";
    while (worst.size() + 4 <= 64 * 1024) {
        worst += "\u0301\u0323";
        best += "\u0323\u0323";
    }
    const auto cpu_ms_of = [](const std::string& text) {
        const std::clock_t start = std::clock();
        EXPECT_EQ(folded(text, Fold::stripped), "a");
        EXPECT_EQ(fold_with_origin(text, Fold::stripped).text, "a");
        return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    };

    EXPECT_EQ(to_nfc(worst), nfc_by_icu(worst));
    EXPECT_LT(cpu_ms_of(worst), 20 * cpu_ms_of(best) + 50);
}

TEST(Fold, MayBeginOnManyThreadsAtOnce)
{
    std::array<std::string, 4> results;
    std::vector<std::thread> threads;
    for (std::string& result : results) {
        threads.emplace_back([&result] { fold("Điện", Fold::stripped, result); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const std::string& result : results) {
        EXPECT_EQ(result, "dien");
    }
}

} // namespace
} // namespace empathd::analysis
