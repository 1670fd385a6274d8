// What real servers send.
#include "connectors/feed/document.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd::connectors {
namespace {

using namespace std::literals;

constexpr const char* address = "https://forum.test/feeds/all.xml";

Result<FeedDocument> read(std::string_view body, std::string_view content_type = "")
{
    return parse_feed(body, {.content_type = content_type, .url = address});
}

std::string in_utf16(std::string_view ascii, bool big_endian)
{
    std::string out = big_endian ? "\xFE\xFF" : "\xFF\xFE";
    for (const char c : ascii) {
        out += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
    }
    return out;
}

struct Body {
    const char* name;
    std::string body;
    std::string title;
    const char* content_type = "";
};

class Trap : public ::testing::TestWithParam<Body> {};

TEST_P(Trap, IsReadAllTheSame)
{
    const auto document = read(GetParam().body, GetParam().content_type);

    ASSERT_TRUE(document) << document.error().message;
    ASSERT_EQ(document->items.size(), 1u);
    EXPECT_EQ(document->items[0].post.title, GetParam().title);
    EXPECT_EQ(document->items[0].id, "g");
}

std::string rss(std::string_view title)
{
    return "<rss version='2.0'><channel><title>F</title><item><title>" + std::string(title) +
           "</title><guid>g</guid></item></channel></rss>";
}

INSTANTIATE_TEST_SUITE_P(
    Encoding, Trap,
    ::testing::Values(
        Body{"Koi8", "<?xml version='1.0' encoding='koi8-r'?>" + rss("\xF0\xD2\xC9\xD7\xC5\xD4"),
             "Привет"},
        Body{"Windows1252", "<?xml version='1.0' encoding='windows-1252'?>" + rss("Caf\xE9 \x80"),
             "Café €"},
        Body{"Latin1IsWindows", "<?xml version='1.0' encoding='iso-8859-1'?>" + rss("\x93x\x94"),
             "“x”"},
        Body{"NoDeclaration", rss("Caf\xE9"), "Café"},
        Body{"DeclaredUtf8ButIsNot", "<?xml version='1.0' encoding='utf-8'?>" + rss("Caf\xE9"),
             "Café"},
        Body{"DeclaredLatin1ButIsUtf8", "<?xml version='1.0' encoding='iso-8859-1'?>" + rss("Café"),
             "Café"},
        Body{"UnknownName", "<?xml version='1.0' encoding='bogus'?>" + rss("Café"), "Café"},
        Body{"HttpBeforeDeclaration",
             "<?xml version='1.0' encoding='windows-1251'?>" + rss("\xF0\xD2\xC9\xD7\xC5\xD4"),
             "Привет", "text/xml; charset=koi8-r"},
        Body{"Utf8Mark", "\xEF\xBB\xBF" + rss("Café"), "Café"},
        Body{"Utf16Little", in_utf16("<?xml version='1.0' encoding='utf-16'?>" + rss("x"), false),
             "x"},
        Body{"Utf16Big", in_utf16(rss("x"), true), "x"},
        Body{"Utf16WithoutMark", in_utf16(rss("x"), false).substr(2), "x"},
        Body{"DeclaredUtf16ButIsNot", "<?xml version='1.0' encoding='utf-16'?>" + rss("Café"),
             "Café"},
        Body{"BrokenEmoji", rss("h\xC3\xA9, \xF0\x9F\x98 \xC3\xA8"), "hé, \uFFFD è"},
        Body{"EmojiTurnedToReplacements", rss("a \uFFFD\uFFFD b"), "a \uFFFD\uFFFD b"}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Markup, Trap,
    ::testing::Values(
        Body{"JunkBeforeDeclaration", "\n\n  \t<?xml version='1.0'?>" + rss("x"), "x"},
        Body{"WarningBeforeDeclaration",
             "<br />\n<b>Warning</b>: fopen() in <b>x.php</b>\n<?xml version='1.0'?>" + rss("x"),
             "x"},
        Body{"UndeclaredPrefixes",
             "<rss><channel><item><title>x</title><guid>g</guid><foo:bar a:b='c'>y</foo:bar>"
             "<dc:creator>z</dc:creator></item></channel></rss>",
             "x"},
        Body{"ControlCharacters",
             rss("a\x01\x0C\x1F"
                 "b"),
             "ab"},
        Body{"NulBytes", rss("a\0b"sv), "ab"},
        Body{"UnescapedAmpersand", rss("Tom & Jerry?a=1&b=2"), "Tom & Jerry?a=1&b=2"},
        Body{"HtmlEntity", rss("caf&eacute;&nbsp;cr&egrave;me"), "café crème"},
        Body{"EscapedTwice", rss("Can&amp;amp;#39;t &amp;amp;quot;log in&amp;amp;quot;"),
             "Can't \"log in\""},
        Body{"EscapedHtml", rss("&lt;b&gt;Bold&lt;/b&gt; move"), "Bold move"},
        Body{"LoneTagIsText", rss("Use of &lt;b&gt; in titles"), "Use of <b> in titles"},
        Body{"LessThan", rss("5 < 6 and I <3 it"), "5 < 6 and I <3 it"},
        Body{"NakedMarkup", rss("<em>so</em> bad"), "so bad"},
        Body{"CdataWithMarkup", rss("<![CDATA[<i>a</i> &amp; b]]>"), "a & b"},
        Body{"EmojiInHalves", rss("&#55357;&#56860;"), "😜"},
        Body{"WindowsNumber", rss("it&#146;s"), "it’s"},
        Body{"Lines", rss("\n  one\n\ttwo "), "one two"},
        Body{"CapitalTags",
             "<RSS><CHANNEL><ITEM><TITLE>x</TITLE><GUID>g</GUID></ITEM></CHANNEL></RSS>", "x"},
        Body{"MissingTitleEnd", "<rss><channel><item><guid>g</guid><title>x</item></channel></rss>",
             "x"},
        Body{"StrayEnds",
             "<rss><channel><item><title>x</b></title></p><guid>g</guid></item></channel></rss>",
             "x"},
        Body{"CutOff", "<rss><channel><item><title>x</title><guid>g</guid><description>It bro",
             "x"},
        Body{"NamespaceWithBlanks",
             "<feed xmlns=' http://www.w3.org/2005/Atom '><entry><id>g</id><title>x</title>"
             "</entry></feed>",
             "x"},
        Body{"OwnNamespaceOfRss",
             "<rss xmlns='http://backend.userland.com/rss2'><channel><item><guid>g</guid>"
             "<title>x</title></item></channel></rss>",
             "x"},
        Body{"AtomWithoutNamespace", "<feed><entry><id>g</id><title>x</title></entry></feed>", "x"},
        Body{"AtomTextIsNoHtml",
             "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>g</id>"
             "<title type='text'>a &lt;b&gt;c&lt;/b&gt; &amp;amp; d</title></entry></feed>",
             "a <b>c</b> &amp; d"},
        Body{"AtomBase64",
             "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>g</id>"
             "<title type='application/octet-stream'>PHA+eDwvcD4=</title></entry></feed>",
             "x"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Trap, OfUtf32IsRead)
{
    std::string body = "\xFF\xFE\0\0"s;
    for (const char c : rss("x")) {
        body += std::string{c, '\0', '\0', '\0'};
    }
    const auto document = read(body);

    ASSERT_TRUE(document);
    EXPECT_EQ(document->items.at(0).post.title, "x");
}

TEST(Trap, OfItemsInsideEachOtherGivesBoth)
{
    const auto document = read("<rss><channel><item><title>a</title><guid>1</guid>"
                               "<item><title>b</title><guid>2</guid></item></channel></rss>");

    ASSERT_TRUE(document);
    ASSERT_EQ(document->items.size(), 2u);
    EXPECT_EQ(document->items[0].post.title, "a");
    EXPECT_EQ(document->items[1].post.title, "b");
}

TEST(Trap, OfChannelElementsNamedLikeItemsIsAvoided)
{
    const auto document = read("<rss xmlns:atom='http://www.w3.org/2005/Atom'><channel>"
                               "<atom:link href='https://forum.test/self' rel='self'/>"
                               "<link>https://site.test/</link><item>"
                               "<atom:link rel='self' href='https://forum.test/wrong'/>"
                               "<link>\n  /t/1 \n</link><guid isPermaLink='false'>1</guid>"
                               "</item></channel></rss>");

    ASSERT_TRUE(document);
    EXPECT_EQ(document->items.at(0).post.url, "https://site.test/t/1");
}

TEST(Trap, OfALinkServiceIsSeenThrough)
{
    const auto document = read("<rss xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>"
                               "<channel><item><link>https://proxy.test/~r/1</link>"
                               "<feedburner:origLink>https://site.test/1</feedburner:origLink>"
                               "</item></channel></rss>");

    ASSERT_TRUE(document);
    EXPECT_EQ(document->items.at(0).post.url, "https://site.test/1");
}

TEST(Trap, OfScriptLinksKeepsNone)
{
    const auto document =
        read("<rss><channel><item><title>x</title><link>javascript:alert(1)"
             "</link><guid>data:text/html,x</guid><description>&lt;a href="
             "'javascript:x'&gt;y&lt;/a&gt;</description></item></channel></rss>");

    ASSERT_TRUE(document);
    EXPECT_EQ(document->items.at(0).post.url, "");
    EXPECT_TRUE(document->items.at(0).post.links.empty());
}

TEST(Trap, OfHtmlEscapedTwiceIsReadAsHtml)
{
    const auto document = read("<rss><channel><item><guid>1</guid><description>"
                               "&amp;lt;p&amp;gt;It broke.&amp;lt;/p&amp;gt;"
                               "</description></item></channel></rss>");

    ASSERT_TRUE(document);
    EXPECT_EQ(document->items.at(0).post.text, "It broke.");
}

TEST(Trap, OfCodeInATextIsLeftAlone)
{
    const auto document = read("<rss><channel><item><guid>1</guid><description>"
                               "&lt;p&gt;Write &amp;lt;b&amp;gt;x&amp;lt;/b&amp;gt; there&lt;/p&gt;"
                               "</description></item></channel></rss>");

    ASSERT_TRUE(document);
    EXPECT_EQ(document->items.at(0).post.text, "Write <b>x</b> there");
}

TEST(Trap, OfAPictureAsContentFallsBackToTheSummary)
{
    const auto document = read("<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id>"
                               "<content type='image/png'>iVBORw0KGgo=</content>"
                               "<summary>words</summary></entry></feed>");

    ASSERT_TRUE(document);
    EXPECT_EQ(document->items.at(0).post.text, "words");
}

TEST(Trap, OfNestedBasesResolvesEachInItsOwn)
{
    const auto document = read("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/a/'>"
                               "<entry xml:base='b/'><id>1</id><link href='p'/>"
                               "<content type='xhtml' xml:base='c/'><div>"
                               "<a href='x'>x</a><p xml:base='d/'><a href='y'>y</a></p></div>"
                               "</content></entry></feed>");

    ASSERT_TRUE(document);
    const Post& post = document->items.at(0).post;
    EXPECT_EQ(post.url, "https://forum.test/a/b/p");
    const std::vector<std::string> links{"https://forum.test/a/b/c/x",
                                         "https://forum.test/a/b/c/d/y"};
    EXPECT_EQ(post.links, links);
}

TEST(Trap, OfOneUnreadableItemCostsOnlyThat)
{
    const auto document = read("<rss><channel><item><category>x</category></item>"
                               "<item><guid>1</guid></item></channel></rss>");
    const auto json = read(R"({"version":"https://jsonfeed.org/version/1",
"items":[7,{"tags":[]},{"id":"1"}]})");

    ASSERT_TRUE(document);
    EXPECT_EQ(document->items.size(), 1u);
    ASSERT_EQ(document->rejected.size(), 1u);
    EXPECT_EQ(document->rejected[0].sample, "<category>x</category>");
    ASSERT_TRUE(json);
    EXPECT_EQ(json->items.size(), 1u);
    EXPECT_EQ(json->rejected.size(), 2u);
}

TEST(Trap, OfAnEntityBombIsNeverExpanded)
{
    std::string body = "<!DOCTYPE rss [<!ENTITY a0 'ha'>";
    for (int i = 1; i < 40; ++i) {
        const std::string below = "&a" + std::to_string(i - 1) + ';';
        body += "<!ENTITY a" + std::to_string(i) + " '" + below + below + "'>";
    }
    body += "<!ENTITY file SYSTEM 'file:///etc/hostname'>]>" + rss("&a39;&file;");
    const auto document = read(body);

    ASSERT_TRUE(document);
    EXPECT_EQ(document->items.at(0).post.title, "&a39;&file;");
}

TEST(Trap, OfDeepNestingReadsWhatComesAfterIt)
{
    std::string body = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id>"
                       "<content type='xhtml'>";
    for (int i = 0; i < 50'000; ++i) {
        body += "<div>";
    }
    body += "deep";
    for (int i = 0; i < 50'000; ++i) {
        body += "</div>";
    }
    const auto document = read(body + "</content></entry><entry><id>2</id></entry></feed>");

    ASSERT_TRUE(document);
    ASSERT_EQ(document->items.size(), 2u);
    EXPECT_EQ(document->items[1].id, "2");
}

TEST(Trap, OfCountlessItemsIsCut)
{
    std::string xml = "<rss><channel>";
    std::string json = R"({"items":[)";
    for (std::size_t i = 0; i < feed_items_read_max + 1; ++i) {
        xml += "<item><guid>1</guid></item>";
        json += R"({"id":1},)";
    }
    const auto from_xml = read(xml + "</channel></rss>");
    const auto from_json = read(json + "{}]}");

    for (const auto* document : {&from_xml, &from_json}) {
        ASSERT_TRUE(*document);
        EXPECT_TRUE((*document)->cut);
        EXPECT_EQ((*document)->items.size(), feed_items_read_max);
    }
}

TEST(Trap, OfAnEmptyFeedIsNoError)
{
    for (const char* body :
         {"<rss><channel><title>F</title></channel></rss>",
          "<feed xmlns='http://www.w3.org/2005/Atom'/>", "<rdf:RDF/>",
          R"({"version":"https://jsonfeed.org/version/1","items":[]})", R"({"items":[]})"}) {
        const auto document = read(body);
        ASSERT_TRUE(document) << body << ": " << document.error().message;
        EXPECT_TRUE(document->items.empty());
    }
}

struct Refusal {
    const char* name;
    const char* body;
    const char* message;
};

class Refused : public ::testing::TestWithParam<Refusal> {};

TEST_P(Refused, AsMalformedWithItsReason)
{
    const auto document = read(GetParam().body);

    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().kind, ErrorKind::malformed);
    EXPECT_EQ(document.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Feed, Refused,
    ::testing::Values(
        Refusal{"Empty", "", "no feed: the answer is empty"},
        Refusal{"Blank", " \n ", "no feed: the answer is empty"},
        Refusal{"Text", "Not found", "no feed: the answer is neither XML nor JSON"},
        Refusal{"OtherXml", "<?xml version='1.0'?><opml><body/></opml>",
                "no feed: the root element is <opml>"},
        Refusal{"Sitemap", "<urlset><url/></urlset>", "no feed: the root element is <urlset>"},
        Refusal{"OtherJson", R"({"posts":[]})", "no feed: JSON, but no JSON Feed"},
        Refusal{"Html", "<!DOCTYPE html><html><head><title>x</title></head></html>",
                "no feed: the address gives an HTML page"},
        Refusal{"HtmlWithFeed",
                "<html><head><!-- <link rel='alternate' type='application/rss+xml' href='/no'> -->"
                "<link rel=stylesheet href=x><link rel='alternate' hreflang='fr' href='/fr'>"
                "<LINK REL=\"alternate\" TYPE=\"application/rss+xml\" HREF=\"../rss?a=1&amp;b=2\">"
                "<link rel='alternate' type='application/atom+xml' href='/second'></head></html>",
                "no feed: the address gives an HTML page, whose feed is "
                "https://forum.test/rss?a=1&b=2"}),
    [](const auto& test) { return std::string(test.param.name); });

} // namespace
} // namespace empathd::connectors
