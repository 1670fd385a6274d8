#include "daemon/http/output.hpp"

#include <gtest/gtest.h>

namespace empathd {
namespace {

struct Shown {
    const char* name;
    std::string given;
    std::string expected;
};

class TermText : public ::testing::TestWithParam<Shown> {};

TEST_P(TermText, ShowsWhatItIs)
{
    EXPECT_EQ(term_text(GetParam().given), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, TermText,
    ::testing::Values(Shown{"Plain", "plain text", "plain text"},
                      Shown{"Vietnamese", "phở đặc biệt", "phở đặc biệt"},
                      Shown{"FamilyEmojiKeepsItsJoiners", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
                      Shown{"NewlinesAndTabs", "a\nb\r\tc", "a\\nb\\r\\tc"},
                      Shown{"EscapeSequence", "\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
                      Shown{"WindowTitle", "\x1b]0;owned\x07", "\\x1b]0;owned\\x07"},
                      Shown{"Nul", std::string("a\0b", 3), "a\\x00b"},
                      Shown{"Delete", "a\x7f", "a\\x7f"},
                      Shown{"ControlSequenceInOneCharacter", "\u009b31m", "\\x9b31m"},
                      Shown{"RightToLeftOverride", "abc\u202egnp.exe", "abc\\u{202e}gnp.exe"},
                      Shown{"Isolates", "\u2066x\u2069", "\\u{2066}x\\u{2069}"},
                      Shown{"ZeroWidthSpace", "pay\u200bpal", "pay\\u{200b}pal"},
                      Shown{"LineSeparator", "a\u2028b", "a\\u{2028}b"},
                      Shown{"HiddenTags", "x\U000E0041", "x\\u{e0041}"},
                      Shown{"StrayByte", "a\xff\x80z", "a\uFFFD\uFFFDz"},
                      Shown{"OverlongSlash", "\xc0\xaf", "\uFFFD\uFFFD"},
                      Shown{"Surrogate", "\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"},
                      Shown{"CutCharacter", "ph\xe1\xbb", "ph\uFFFD\uFFFD"},
                      Shown{"BeyondUnicode", "\xf4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"}),
    [](const auto& test) { return test.param.name; });

TEST(TermText, NeverLetsAControlThrough)
{
    std::string every;
    for (int byte = 0; byte < 256; ++byte) {
        every += static_cast<char>(byte);
        every += 'x';
    }

    const std::string shown = term_text(every);

    EXPECT_TRUE(is_utf8(shown));
    for (std::string_view rest = shown; !rest.empty();) {
        const char32_t c = take_character(rest);
        EXPECT_FALSE(c < 0x20 || (c >= 0x7F && c < 0xA0)) << static_cast<unsigned>(c);
    }
}

TEST(LogField, QuotesAndEscapes)
{
    EXPECT_EQ(log_field("a \"b\" \\ \n"), R"("a \"b\" \\ \n")");
}

TEST(LogField, IsCut)
{
    EXPECT_EQ(log_field(std::string(500, 'x'), 10), "\"xxxxxxxxxx...\"");
}

TEST(JsonString, IsValidForAnyBytes)
{
    EXPECT_EQ(json_string("a\"\\\n\x01"), R"("a\"\\\n\u0001")");
    EXPECT_EQ(json_string("x\xff"), "\"x\uFFFD\"");
    EXPECT_EQ(json_string(""), "\"\"");
}

TEST(TermJson, EscapesWhatATerminalWouldObey)
{
    EXPECT_EQ(term_json("{\"a\":\"\u009b31m \u202e \U000E0041 \u00e9\"}"),
              "{\"a\":\"\\u009b31m \\u202e \\udb40\\udc41 \u00e9\"}");
}

TEST(TakeCharacter, ReadsEveryLength)
{
    std::string_view text = "a\u00e9\u1edf\U0001F600";

    EXPECT_EQ(take_character(text), U'a');
    EXPECT_EQ(take_character(text), char32_t{0xE9});
    EXPECT_EQ(take_character(text), char32_t{0x1EDF});
    EXPECT_EQ(take_character(text), char32_t{0x1F600});
    EXPECT_TRUE(text.empty());
}

} // namespace
} // namespace empathd
