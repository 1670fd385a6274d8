#include "analysis/text/characters.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd::analysis {
namespace {

struct KindCase {
    const char* name;
    char32_t code;
    CharKind kind;
};

class Kinds : public ::testing::TestWithParam<KindCase> {};

TEST_P(Kinds, AreThoseOfUnicode)
{
    EXPECT_EQ(kind_of(GetParam().code), GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    Characters, Kinds,
    ::testing::Values(
        KindCase{"Letter", U'a', CharKind::word}, KindCase{"Digit", U'7', CharKind::word},
        KindCase{"Vietnamese", U'ế', CharKind::word}, KindCase{"Cyrillic", U'я', CharKind::word},
        KindCase{"Mark", U'\u0301', CharKind::word}, KindCase{"Underscore", U'_', CharKind::sign},
        KindCase{"Hash", U'#', CharKind::sign}, KindCase{"At", U'@', CharKind::sign},
        KindCase{"Apostrophe", U'\'', CharKind::sign},
        KindCase{"Superscript", U'²', CharKind::sign},
        KindCase{"Keycap", U'\u20E3', CharKind::sign}, KindCase{"Emoji", U'😀', CharKind::sign},
        KindCase{"Replacement", U'\uFFFD', CharKind::sign},
        KindCase{"Space", U' ', CharKind::space}, KindCase{"Line", U'\n', CharKind::space},
        KindCase{"NoBreakSpace", U'\u00A0', CharKind::space},
        KindCase{"Ideographic", U'\u3000', CharKind::space},
        KindCase{"ZeroWidthSpace", U'\u200B', CharKind::gap},
        KindCase{"Joiner", U'\u200D', CharKind::hidden},
        KindCase{"SoftHyphen", U'\u00AD', CharKind::hidden},
        KindCase{"ByteOrder", U'\uFEFF', CharKind::hidden},
        KindCase{"VariationSelector", U'\uFE0F', CharKind::hidden},
        KindCase{"Tag", U'\U000E0041', CharKind::hidden},
        KindCase{"Han", U'中', CharKind::unspaced}, KindCase{"FarHan", U'𠀀', CharKind::unspaced},
        KindCase{"Hiragana", U'が', CharKind::unspaced},
        KindCase{"ProlongedSound", U'ー', CharKind::unspaced},
        KindCase{"Thai", U'ก', CharKind::unspaced},
        KindCase{"ThaiVowel", U'\u0E31', CharKind::unspaced},
        KindCase{"ThaiDigit", U'๑', CharKind::word}, KindCase{"Lao", U'ກ', CharKind::unspaced},
        KindCase{"Khmer", U'ក', CharKind::unspaced}, KindCase{"Hangul", U'한', CharKind::hangul}),
    [](const auto& test) { return test.param.name; });

TEST(Characters, KnowWhereMarksMakeAnotherLetter)
{
    EXPECT_TRUE(marks_are_letters(U'が'));
    EXPECT_TRUE(marks_are_letters(U'ก'));
    EXPECT_TRUE(marks_are_letters(U'क'));
    EXPECT_FALSE(marks_are_letters(U'é'));
    EXPECT_FALSE(marks_are_letters(U'я'));
    EXPECT_FALSE(marks_are_letters(U'ع'));
    EXPECT_FALSE(marks_are_letters(U'-'));
}

TEST(Characters, AreReadInBothDirections)
{
    const std::u32string codes = U"aé€😀z";
    const std::string text = "aé€😀z";
    std::u32string forward;
    for (std::size_t i = 0; i < text.size(); i += char_at(text, i).size) {
        forward += char_at(text, i).code;
    }
    std::u32string backward;
    for (std::size_t i = text.size(); i > 0; i -= char_before(text, i).size) {
        backward.insert(0, 1, char_before(text, i).code);
    }

    EXPECT_EQ(forward, codes);
    EXPECT_EQ(backward, codes);
    EXPECT_EQ(char_at(text, text.size()).size, 0u);
    EXPECT_EQ(char_before(text, 0).size, 0u);
}

} // namespace
} // namespace empathd::analysis
