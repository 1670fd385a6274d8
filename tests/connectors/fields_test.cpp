#include "connectors/fields.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

TEST(PlainText, IsComposedTrimmedAndFreeOfControls)
{
    const struct {
        std::string in;
        std::string out;
    } cases[] = {
        {"", ""},
        {" \t\n ", ""},
        {" a \r\n b\rc ", "a \n b\nc"},
        {std::string("a\0b\x1b[31mc\x7f", 10), "ab[31mc"},
        {"e\xcc\x81", "\xc3\xa9"},
        {"a\xff z", "a\xef\xbf\xbd z"},
        {"a < b & c > d &amp;", "a < b & c > d &amp;"},
    };
    for (const auto& one : cases) {
        EXPECT_EQ(plain_text(one.in), one.out) << one.in;
    }
}

TEST(PlainLine, IsOneLineOfBoundedLength)
{
    EXPECT_EQ(plain_line(" a\n\n b\t\tc "), "a b c");
    std::string euros;
    while (euros.size() <= name_bytes_max) {
        euros += "\xe2\x82\xac";
    }
    const std::string line = plain_line(euros);
    EXPECT_LE(line.size(), name_bytes_max);
    EXPECT_EQ(line.size() % 3, 0u) << "no half character";
}

TEST(WebAddress, IsHttpOrNothing)
{
    for (const std::string good :
         {"https://a.example/x?y=z#f", "http://a.example", "https://xn--bcher-kva.example/é"}) {
        EXPECT_EQ(web_address(good), good);
    }
    for (const std::string bad :
         {"", "javascript:alert(1)", "data:text/html,x", "ftp://a.example", "//a.example/x",
          "https://", "https:///x", "https://a.example/ x", "https://a.example/\nx", "a.example"}) {
        EXPECT_EQ(web_address(bad), "") << bad;
    }
    EXPECT_EQ(web_address("https://a.example/" + std::string(5000, 'x')), "");
}

TEST(AddLink, KeepsEachAddressOnce)
{
    Post post;
    add_link(post, "https://a.example");
    add_link(post, "https://b.example");
    add_link(post, "https://a.example");
    add_link(post, "javascript:x");
    EXPECT_EQ(post.links, (std::vector<std::string>{"https://a.example", "https://b.example"}));
}

TEST(LanguageTag, HasTheShapeOfOne)
{
    for (const std::string good : {"en", "pt-BR", "zh-Hant-TW"}) {
        EXPECT_EQ(language_tag(good), good);
    }
    for (const std::string& bad : {std::string("e"), std::string("en_US"), std::string("<b>"),
                                   std::string(36, 'x'), std::string()}) {
        EXPECT_EQ(language_tag(bad), "") << bad;
    }
}

TEST(PercentEncoded, LeavesOnlyTheUnreservedAsTheyAre)
{
    EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percent_encoded("a b&c=d/é\"[]"), "a%20b%26c%3Dd%2F%C3%A9%22%5B%5D");
}

TEST(RejectedSample, IsCutAtACharacterAndAlwaysUtf8)
{
    EXPECT_EQ(rejected("why", std::string_view("a\xff")).sample, "a\xef\xbf\xbd");
    std::string euros;
    while (euros.size() < 10'000) {
        euros += "\xe2\x82\xac";
    }
    const Rejected cut = rejected("why", std::string_view(euros));
    EXPECT_EQ(cut.reason, "why");
    EXPECT_EQ(cut.sample.size(), 4095u);
}

TEST(SetText, CutsAndSaysSo)
{
    Post post;
    set_text(post, "short");
    EXPECT_FALSE(post.truncated);
    set_text(post, std::string(post_text_bytes_max + 1, 'x'));
    EXPECT_TRUE(post.truncated);
    EXPECT_EQ(post.text.size(), post_text_bytes_max);
}

} // namespace
} // namespace empathd::connectors
