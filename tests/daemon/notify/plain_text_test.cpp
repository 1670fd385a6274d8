#include "daemon/notify/plain_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd {
namespace {

using namespace std::string_literals;

struct Sample {
    const char* name;
    std::string given;
    std::string shown;
};

class PlainLine : public ::testing::TestWithParam<Sample> {};

TEST_P(PlainLine, SaysWhatItShows)
{
    EXPECT_EQ(plain_line(GetParam().given), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, PlainLine,
    ::testing::Values(
        Sample{"Words", "Phở ngon, très cher", "Phở ngon, très cher"},
        Sample{"LineEnds", "a\r\nBcc: x@y.test\r\n\r\nb", "a Bcc: x@y.test b"},
        Sample{"Edges", "\t a \n", "a"}, Sample{"Nul", "a\0b"s, "a b"},
        Sample{"Escape", "a\x1B[31mred\x7F", "a [31mred"}, Sample{"C1", "a\xC2\x85\x62", "a b"},
        Sample{"LineSeparator", "a\xE2\x80\xA8\x62", "a b"},
        Sample{"Override", "abc\xE2\x80\xAEtxt.exe", "abctxt.exe"},
        Sample{"Isolate", "\xE2\x81\xA6x\xE2\x81\xA9", "x"},
        Sample{"ArabicLetterMark", "\xD8\x9Cx", "x"}, Sample{"ByteOrderMark", "\xEF\xBB\xBFx", "x"},
        Sample{"Tags", "x\xF3\xA0\x81\xA1y", "xy"},
        Sample{"FamilyEmoji", "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9",
               "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9"},
        Sample{"IllFormed", "a\xFF\xC3", "a\xEF\xBF\xBD\xEF\xBF\xBD"}, Sample{"Nothing", "", ""}),
    [](const auto& test) { return test.param.name; });

TEST(PlainLineLength, IsCutBetweenCharacters)
{
    EXPECT_EQ(plain_line("ééééé", 8), "éé...");
    EXPECT_EQ(plain_line("éééé", 8), "éééé");
    EXPECT_LE(plain_line(std::string(1'000'000, 'x')).size(), 2'000u);
}

class LinkAddress : public ::testing::TestWithParam<Sample> {};

TEST_P(LinkAddress, EndsNowhereButAtItsEnd)
{
    EXPECT_EQ(link_address(GetParam().given), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Addresses, LinkAddress,
    ::testing::Values(
        Sample{"Usual", "https://forum.test/t/1?a=b&c=%20#p", "https://forum.test/t/1?a=b&c=%20#p"},
        Sample{"Quotes", "https://x.test/\"onmouseover='a'",
               "https://x.test/%22onmouseover=%27a%27"},
        Sample{"SlackEnd", "https://x.test/a|b>c<d", "https://x.test/a%7Cb%3Ec%3Cd"},
        Sample{"LineEnd", "https://x.test/a\r\nb c", "https://x.test/a%0D%0Ab%20c"},
        Sample{"Letters", "https://x.test/é", "https://x.test/%C3%A9"},
        Sample{"Script", "javascript:alert(1)", ""}, Sample{"Data", "data:text/html,x", ""},
        Sample{"UserName", "https://bank.test@evil.test/", ""},
        Sample{"AtInPath", "https://social.test/@ana/1", "https://social.test/@ana/1"},
        Sample{"NoHost", "https:///x", ""}, Sample{"Relative", "/x", ""}, Sample{"Empty", "", ""},
        Sample{"TooLong", "https://x.test/" + std::string(2'000, 'a'), ""}),
    [](const auto& test) { return test.param.name; });

TEST(Escaped, ShowsHtmlAsText)
{
    EXPECT_EQ(escaped("<img src=x onerror=\"a('b')\">&amp;", Target::html),
              "&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;amp;");
}

TEST(Escaped, MakesNoMentionAndNoLinkInARoom)
{
    const std::string joiner = "\xE2\x81\xA0";
    EXPECT_EQ(escaped("<!channel> a&b", Target::slack), "&lt;!channel&gt; a&amp;b");
    EXPECT_EQ(escaped("<https://evil.test|bank>", Target::slack),
              "&lt;https:" + joiner + "//evil.test|bank&gt;");
    EXPECT_EQ(escaped("@channel @all", Target::slack), "@" + joiner + "channel @" + joiner + "all");
    EXPECT_EQ(escaped("![x](https://t.test/p.png)", Target::slack),
              "![x]" + joiner + "(https:" + joiner + "//t.test/p.png)");
    EXPECT_EQ(escaped("it's \"fine\"", Target::slack), "it's \"fine\"");
}

TEST(Escaped, LeavesALinkALink)
{
    EXPECT_EQ(escaped_link("https://x.test/@a?b&c", Target::slack), "https://x.test/@a?b&amp;c");
    EXPECT_EQ(escaped_link("https://x.test/?b&c", Target::html), "https://x.test/?b&amp;c");
    EXPECT_EQ(escaped_link("https://x.test/?b&c", Target::plain), "https://x.test/?b&c");
}

TEST(Escaped, KeepsAHeaderOnOneLine)
{
    EXPECT_EQ(escaped("a\r\nBcc: x", Target::header), "a  Bcc: x");
    EXPECT_EQ(escaped("a\nb <c>", Target::plain), "a\nb <c>");
}

} // namespace
} // namespace empathd
