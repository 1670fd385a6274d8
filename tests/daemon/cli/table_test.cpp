#include "daemon/cli/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::cli {
namespace {

struct Wide {
    const char* name;
    const char* text;
    std::size_t width;
};

class DisplayWidth : public ::testing::TestWithParam<Wide> {};

TEST_P(DisplayWidth, IsWhatATerminalTakes)
{
    EXPECT_EQ(display_width(GetParam().text), GetParam().width);
}

INSTANTIATE_TEST_SUITE_P(Texts, DisplayWidth,
                         ::testing::Values(Wide{"Empty", "", 0}, Wide{"Ascii", "phone", 5},
                                           Wide{"Vietnamese", "đặc biệt", 8},
                                           Wide{"VietnameseInMarks", "o\u0302\u0323", 1},
                                           Wide{"French", "déçu", 4}, Wide{"Chinese", "客户", 4},
                                           Wide{"Fullwidth", "Ａ", 2}, Wide{"Emoji", "😀", 2},
                                           Wide{"Korean", "한국", 4},
                                           Wide{"KoreanInParts", "\u1112\u1161\u11ab", 2},
                                           Wide{"Joiner", "a\u200db", 2}),
                         [](const auto& test) { return test.param.name; });

TEST(OneLine, MakesWhiteSpaceOneSpaceAndShowsTheRest)
{
    EXPECT_EQ(one_line("  a\n\n b\t\u00a0c \x1b[2J "), "a b c \\x1b[2J");
    EXPECT_EQ(one_line(" \n "), "");
    EXPECT_EQ(one_line("abcdef", 3), "abc");
}

TEST(CutTo, KeepsWhatFits)
{
    EXPECT_EQ(cut_to("abc", 3), "abc");
    EXPECT_EQ(cut_to("abcd", 3), "ab…");
    EXPECT_EQ(cut_to("đặc biệt", 5), "đặc …");
    EXPECT_EQ(cut_to("客户服务", 4), "客…");
    EXPECT_EQ(cut_to("abc", 1), "…");
    EXPECT_EQ(cut_to("abc", 0), "");
}

TEST(CutTo, KeepsMarksWithTheirLetter)
{
    EXPECT_EQ(cut_to("o\u0302\u0323xyz", 2), "o\u0302\u0323…");
}

TEST(CutTo, NeverExceedsTheWidth)
{
    const std::string text = "a客b😀ệ\u1112\u1161c";
    for (std::size_t width = 0; width < 14; ++width) {
        EXPECT_LE(display_width(cut_to(text, width)), width);
    }
}

const std::vector<Column> columns{{"ID", 4, Align::right}, {"BRAND", 6}, {"TEXT", 0}};

std::vector<Cell> row(const char* id, const char* brand, const char* text)
{
    return {{id, ""}, {brand, ""}, {text, ""}};
}

TEST(Table, AlignsAndCuts)
{
    const std::vector<std::vector<Cell>> rows{row("7", "Acme", "it broke again and again"),
                                              row("12345", "Phở 24", "ok")};

    const auto widths = fit_columns(columns, rows, 30);

    EXPECT_THAT(widths, ::testing::ElementsAre(4, 6, 16));
    EXPECT_EQ(table_head(columns, widths), "  ID  BRAND   TEXT\n");
    EXPECT_EQ(table_line(columns, widths, rows[0]), "   7  Acme    it broke again …\n");
    EXPECT_EQ(table_line(columns, widths, rows[1]), "123…  Phở 24  ok\n");
}

TEST(Table, LeavesTheOpenColumnRoomOnANarrowTerminal)
{
    EXPECT_THAT(fit_columns(columns, std::vector<std::vector<Cell>>{}, 5),
                ::testing::ElementsAre(2, 5, 10));
}

TEST(Table, EndsWithoutSpacesWhenTheLastCellsAreEmpty)
{
    const std::vector<std::vector<Cell>> rows{row("7", "Acme", "")};

    EXPECT_EQ(table_line(columns, fit_columns(columns, rows, 40), rows[0]), " 7  Acme\n");
}

TEST(Table, ColoursTheTextAndNotTheSpaces)
{
    const std::vector<Column> two{{"SEVERITY", 8}, {"X", 0}};
    const std::vector<Cell> cells{{"error", "\x1b[31m"}, {"x", ""}};
    const std::vector<std::size_t> widths{8, 10};

    EXPECT_EQ(table_line(two, widths, cells), "\x1b[31merror\x1b[0m     x\n");
}

} // namespace
} // namespace empathd::cli
