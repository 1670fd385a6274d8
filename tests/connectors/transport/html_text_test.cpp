#include "connectors/transport/html_text.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>

namespace empathd::connectors {
namespace {

std::string repeated(std::string_view text, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

struct Fragment {
    const char* html;
    const char* text;
};

void PrintTo(const Fragment& fragment, std::ostream* out)
{
    *out << fragment.html;
}

class HtmlFragments : public ::testing::TestWithParam<Fragment> {};

TEST_P(HtmlFragments, ReadsAsAPersonWouldSeeIt)
{
    EXPECT_EQ(html_to_text(GetParam().html).text, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Plain, HtmlFragments,
                         ::testing::Values(Fragment{"", ""}, Fragment{"   \n ", ""},
                                           Fragment{"just words", "just words"},
                                           Fragment{"  two\n\t blanks ", "two blanks"},
                                           Fragment{"cafe\u0301", "caf\u00E9"},
                                           Fragment{"a\u00A0b", "a b"},
                                           Fragment{"bad \xFF byte", "bad \uFFFD byte"},
                                           Fragment{"Phở Đặc biệt", "Phở Đặc biệt"},
                                           Fragment{"a > b", "a > b"}));

INSTANTIATE_TEST_SUITE_P(
    Blocks, HtmlFragments,
    ::testing::Values(
        Fragment{"<p>a</p><p>b</p>", "a\nb"}, Fragment{"a<br>b<br/>c<BR />d", "a\nb\nc\nd"},
        Fragment{"a<br><br><br><br>b", "a\n\nb"}, Fragment{"<p>first<p>second", "first\nsecond"},
        Fragment{"<ul><li>one</li><li>two</li></ul>", "one\ntwo"},
        Fragment{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
        Fragment{"<b>bo</b>ld <i> it </i>", "bold it"},
        Fragment{"<b>unclosed <i>all", "unclosed all"}, Fragment{"</div></p>stray<p>", "stray"},
        Fragment{"<blockquote>said <blockquote>before</blockquote></blockquote>no",
                 "said\nbefore\nno"},
        Fragment{"<pre><code>if (a)\n    b();\n</code></pre>ok", "if (a)\n    b();\nok"},
        Fragment{"use <code>rm -r</code> now", "use rm -r now"},
        Fragment{"<h1>Title</h1>text", "Title\ntext"},
        Fragment{"<html><body>whole <b>page</b></body></html>", "whole page"},
        Fragment{"<p>Phở <b>ngon</b> quá</p>", "Phở ngon quá"},
        Fragment{"<p>cafe\u0301</p>", "caf\u00E9"},
        Fragment{"<meta charset=\"iso-8859-1\"><p>\u00E9</p>", "\u00E9"}));

INSTANTIATE_TEST_SUITE_P(
    Entities, HtmlFragments,
    ::testing::Values(
        Fragment{"a &lt;b&gt; &amp; c", "a <b> & c"},
        Fragment{"it&#x27;s https:&#x2F;&#x2F;x", "it's https://x"},
        Fragment{"Andr&#233;, Andr&eacute;", "Andr\u00E9, Andr\u00E9"},
        Fragment{"Andr&eacute and &amp more", "Andr\u00E9 and & more"},
        Fragment{"fish &ampchips", "fish &chips"}, Fragment{"&#233 x &#xE9 y", "\u00E9 x \u00E9 y"},
        Fragment{"it&#146;s &#147;so&#148; 5&#128;", "it’s “so” 5€"},
        Fragment{"don&apos;t &lpar;x&rpar;&period;", "don't (x)."},
        Fragment{"AT&T & co &unknown; &;", "AT&T & co &unknown; &;"},
        Fragment{"a&nbsp;b&hellip;", "a b\u2026"}, Fragment{"&copy 2024", "\u00A9 2024"},
        Fragment{"&#0;&#x110000;&#xD800;ok", "ok"}, Fragment{"&amp;lt;b&amp;gt;", "&lt;b&gt;"},
        Fragment{"&LT;&AMP&GT", "<&>"}, Fragment{"&", "&"}, Fragment{"&#", "&#"},
        Fragment{"&#x; &#; &#g", "&#x; &#; &#g"}, Fragment{"&euro &hellipx", "&euro &hellipx"}));

INSTANTIATE_TEST_SUITE_P(NotMarkup, HtmlFragments,
                         ::testing::Values(Fragment{"a < b", "a < b"},
                                           Fragment{"I <3 you", "I <3 you"},
                                           Fragment{"<_< meh <- there", "<_< meh <- there"},
                                           Fragment{"1<2", "1<2"}, Fragment{"<", "<"},
                                           Fragment{"a <\u00E9", "a <\u00E9"}));

INSTANTIATE_TEST_SUITE_P(
    Hidden, HtmlFragments,
    ::testing::Values(Fragment{"a<script>var x = '<p>no</p>';</script>b", "ab"},
                      Fragment{"<style>p{}</style>seen", "seen"},
                      Fragment{"a<!-- no <b>no</b> -->b", "ab"},
                      Fragment{"a<!-->b<!doctype x><?php y ?></ z>c</", "abc</"},
                      Fragment{"<p hidden>no</p>seen", "seen"},
                      Fragment{"<span style=\"Display : none\">no <b>no</b></span>seen", "seen"},
                      Fragment{"<div style=\"visibility:hidden\">no</div>seen", "seen"},
                      Fragment{"<span class=\"invisible\">no</span>seen", "seen"},
                      Fragment{"<template><p>no</p></template>seen", "seen"},
                      Fragment{"<head><title>no</title></head>seen", "seen"},
                      Fragment{"<noscript>seen</noscript>", "seen"},
                      Fragment{"<svg><text>no</text></svg>seen", "seen"}));

TEST(HtmlToText, ShowsTheWholeAddressThatMastodonShortens)
{
    const auto out = html_to_text(
        R"(<p>see <a href="https://example.com/very/long/path?x=1&amp;y=2" rel="nofollow">)"
        R"(<span class="invisible">https://</span><span class="ellipsis">example.com/very/lo</span>)"
        R"(<span class="invisible">ng/path?x=1&amp;y=2</span></a></p>)");

    EXPECT_EQ(out.text, "see https://example.com/very/long/path?x=1&y=2");
    EXPECT_EQ(out.links, std::vector<std::string>{"https://example.com/very/long/path?x=1&y=2"});
}

TEST(HtmlToText, CollectsAbsoluteLinksOnceAndInOrder)
{
    const auto out = html_to_text(
        R"(<a href="https://b.test/">b</a> <a href=" HTTP://a.test/1 ">a</a> <a href=//c.test/x>c</a>)"
        R"(<a href="https://b.test/">again</a><a href="/relative">r</a><a href="javascript:void">j</a>)"
        R"(<a href="mailto:x@y.test">m</a><a name="n">n</a><a href="https://">none</a>)");

    const std::vector<std::string> links{"https://b.test/", "HTTP://a.test/1", "https://c.test/x"};
    EXPECT_EQ(out.links, links);
}

TEST(HtmlToText, LeavesOutLinksToPeopleAndHashtags)
{
    const auto out = html_to_text(
        R"(<p><span class="h-card"><a href="https://m.test/@acme" class="u-url mention">@<span>acme)"
        R"(</span></a></span> <a href="https://m.test/tags/fail" class="mention hashtag" rel="tag">#)"
        R"(<span>fail</span></a> <a href="https://x.test/" class="unmentionable">x</a></p>)");

    EXPECT_EQ(out.text, "@acme #fail x");
    EXPECT_EQ(out.links, std::vector<std::string>{"https://x.test/"});
}

TEST(HtmlToText, DoesNotDecodeEntitiesWithoutSemicolonInAddresses)
{
    const auto out = html_to_text(R"(<a href="https://x.test/?a=1&copy=2&lt=3">x</a>)");

    EXPECT_EQ(out.links, std::vector<std::string>{"https://x.test/?a=1&copy=2&lt=3"});
}

TEST(HtmlToText, CollectsPicturesWithTheirAlternativeText)
{
    const auto out = html_to_text(
        R"(<img src="https://x.test/1.png" alt="a  broken &quot;box&quot;"><img src="/2.png" alt="x">)"
        R"(<video src="https://x.test/3.mp4"></video><img src="https://x.test/1.png">)");

    const std::vector<Media> media{{"https://x.test/1.png", "a broken \"box\""},
                                   {"https://x.test/3.mp4", ""}};
    EXPECT_EQ(out.media, media);
    EXPECT_EQ(out.text, "");
}

TEST(HtmlToText, PutsTheNameOfAnEmojiPictureIntoTheText)
{
    const auto out =
        html_to_text(R"(so <img class="emoji" src="https://x.test/cry.png" alt=":cry:"> sad)"
                     R"(<img src="https://x.test/s.png" class="wp-smiley" alt="🙁"/>)");

    EXPECT_EQ(out.text, "so :cry: sad🙁");
    EXPECT_TRUE(out.media.empty());
}

TEST(HtmlToText, TheShortWayGivesWhatTheLongWayGives)
{
    const std::string samples[] = {"plain",
                                   " a  b\n\nc ",
                                   "cafe\u0301 a\u00A0\u00A0b\r\nc",
                                   "x\xC2",
                                   "\xE2\x82",
                                   "a\fb\tc",
                                   "tail\u0085",
                                   std::string("a\0b", 3),
                                   "Ti\u1EBFng Vi\u1EC7t",
                                   "\xED\xA0\x80"};
    for (const std::string& sample : samples) {
        EXPECT_EQ(html_to_text(sample).text, html_to_text("<b>" + sample + "</b>").text) << sample;
    }
}

TEST(HtmlToText, CutsAtACharacterAndSaysSo)
{
    const std::string long_text = repeated("\u00E9", post_text_bytes_max);

    for (const auto& out : {html_to_text(long_text), html_to_text("<p>" + long_text)}) {
        EXPECT_EQ(out.text, repeated("\u00E9", post_text_bytes_max / 2));
        EXPECT_TRUE(out.truncated);
    }
    EXPECT_FALSE(html_to_text("<p>short").truncated);
}

TEST(HtmlToText, KeepsWhatStoodBeforeTheDepthLimit)
{
    const auto fits = html_to_text(repeated("<b>", html_depth_max) + "deep");
    EXPECT_EQ(fits.text, "deep");
    EXPECT_FALSE(fits.truncated);

    const auto deeper = html_to_text("seen" + repeated("<b>", 100'000) + "deep");
    EXPECT_EQ(deeper.text, "seen");
    EXPECT_TRUE(deeper.truncated);
}

TEST(HtmlToText, KeepsNoMoreLinksAndPicturesThanTheLimit)
{
    std::string html;
    for (int i = 0; i < 200; ++i) {
        const std::string n = std::to_string(i);
        html += "<a href='https://x.test/" + n + "'>.</a><img src='https://x.test/" + n + "'>";
    }

    const auto out = html_to_text(html);

    EXPECT_EQ(out.links.size(), html_links_max);
    EXPECT_EQ(out.media.size(), html_media_max);
    EXPECT_TRUE(out.truncated);
}

struct Hostile {
    const char* name;
    std::string html;
};

class HtmlHostile : public ::testing::TestWithParam<Hostile> {};

// The bound is loose on purpose: what is caught is a cost that grows with the square, which would
// be minutes here.
TEST_P(HtmlHostile, IsReadInBoundedTimeAndSpace)
{
    const auto start = std::chrono::steady_clock::now();

    const auto out = html_to_text(GetParam().html);

    EXPECT_LE(out.text.size(), post_text_bytes_max);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{10});
}

INSTANTIATE_TEST_SUITE_P(
    Fragments, HtmlHostile,
    ::testing::Values(Hostile{"OpenTags", repeated("<b>", 300'000)},
                      Hostile{"WrongEndTags", repeated("<b>", 200) + repeated("</i>", 250'000)},
                      Hostile{"OpenAngles", repeated("<", 1'000'000)},
                      Hostile{"Amps", repeated("&", 1'000'000)},
                      Hostile{"OpenComments", repeated("<!--", 250'000)},
                      Hostile{"OpenQuotes", repeated("<a href=\"", 100'000)},
                      Hostile{"ManyAttributes", "<a " + repeated("a=b ", 250'000) + ">"},
                      Hostile{"DifferentAttributes",
                              [] {
                                  std::string html = "<a ";
                                  for (int i = 0; i < 100'000; ++i) {
                                      html += "a" + std::to_string(i) + "=1 ";
                                  }
                                  return html + ">";
                              }()},
                      Hostile{"OpenScripts", repeated("<script>", 100'000)},
                      Hostile{"OpenTables", repeated("<table><tr><td>", 60'000)},
                      Hostile{"Paragraphs", repeated("<p>x", 250'000)},
                      Hostile{"LongName", "<" + std::string(1'000'000, 'a')},
                      Hostile{"Doctypes", repeated("<!DOCTYPE x [", 70'000)},
                      Hostile{"Instructions", repeated("<?x", 300'000)},
                      Hostile{"Huge", repeated("word ", 4'000'000)}),
    [](const auto& test) { return test.param.name; });

} // namespace
} // namespace empathd::connectors
