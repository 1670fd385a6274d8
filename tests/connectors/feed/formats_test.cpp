#include "connectors/feed/document.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace empathd::connectors {
namespace {

constexpr const char* address = "https://forum.test/feeds/all.xml";

Result<FeedDocument> read(std::string_view body)
{
    return parse_feed(body, {.content_type = "", .url = address});
}

/// The same post in every format, so that one test can hold them against each other.
struct Format {
    const char* name;
    const char* body;
};

class EveryFormat : public ::testing::TestWithParam<Format> {};

TEST_P(EveryFormat, GivesTheSamePost)
{
    const auto document = read(GetParam().body);

    ASSERT_TRUE(document) << document.error().message;
    ASSERT_EQ(document->items.size(), 1u);
    const FeedItem& item = document->items.front();
    EXPECT_EQ(item.id, "https://forum.test/t/7");
    EXPECT_EQ(item.post.url, "https://forum.test/t/7");
    EXPECT_EQ(item.post.title, "Router & me");
    EXPECT_EQ(item.post.text, "It broke again.\nSee photo");
    EXPECT_EQ(item.post.links, std::vector<std::string>{"https://forum.test/img/1"});
    EXPECT_EQ(item.post.author_name, "Ana");
    EXPECT_TRUE(item.dated);
    EXPECT_EQ(item.post.published_at, parse_rfc3339("2024-05-01T12:34:56Z"));
    EXPECT_EQ(item.post.language, "en-GB");
}

INSTANTIATE_TEST_SUITE_P(
    Feed, EveryFormat,
    ::testing::Values(
        Format{"Rss20", R"(<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>F</title>
<link>https://forum.test/</link><language>en-GB</language><item>
<title>Router &amp;amp; me</title><link>https://forum.test/t/7</link>
<guid>https://forum.test/t/7</guid><dc:creator>Ana</dc:creator>
<pubDate>Wed, 01 May 2024 14:34:56 +0200</pubDate>
<description>&lt;p&gt;It broke again.&lt;/p&gt;See &lt;a href="/img/1"&gt;photo&lt;/a&gt;</description>
</item></channel></rss>)"},
        Format{"Rss20WithContent", R"(<rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<link>https://forum.test/</link><item xml:lang="en-GB">
<title><![CDATA[Router & me]]></title><guid isPermaLink="true">https://forum.test/t/7</guid>
<author>ana@forum.test (Ana)</author><pubDate>1 May 24 12:34:56 GMT</pubDate>
<description>Short</description>
<content:encoded><![CDATA[<p>It broke again.</p>See <a href='img/1'>photo</a>]]></content:encoded>
</item></channel></rss>)"},
        Format{"Rss091", R"(<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><language>en-GB</language><link>https://forum.test</link>
<item><title>Router &amp; me</title><link>https://forum.test/t/7</link>
<guid>https://forum.test/t/7</guid><author>Ana &lt;ana@forum.test&gt;</author>
<pubDate>Wed, 01 May 2024 12:34:56 GMT</pubDate>
<description>It broke again.&lt;br/>See &lt;a href=/img/1>photo&lt;/a></description></item></channel></rss>)"},
        Format{"Rss10", R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="x"><link>https://forum.test/</link><dc:language>en-GB</dc:language>
<items><rdf:Seq><rdf:li resource="https://forum.test/t/7"/></rdf:Seq></items></channel>
<item rdf:about="https://forum.test/t/7"><title>Router &amp;#38; me</title>
<link>https://forum.test/t/7</link><dc:creator>Ana</dc:creator>
<dc:date>2024-05-01T12:34:56Z</dc:date>
<description>It broke again.&lt;br&gt;See &lt;a href="../img/1"&gt;photo&lt;/a&gt;</description>
</item></rdf:RDF>)"},
        Format{"Atom10", R"(<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"
 xml:base="https://forum.test/"><title>F</title><author><name>Ana</name></author>
<entry><id>https://forum.test/t/7</id><title type="html">Router &amp;amp; me</title>
<link rel="edit" href="https://forum.test/edit"/><link href="t/7"/>
<published>2024-05-01T12:34:56Z</published><updated>2024-05-01T12:34:56Z</updated>
<content type="xhtml" xml:base="img/"><div xmlns="http://www.w3.org/1999/xhtml"
><p>It broke again.</p>See <a href="1">photo</a></div></content>
<summary>Short</summary></entry></feed>)"},
        Format{"Atom10WithPrefix",
               R"(<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:lang="en-GB">
<a:entry><a:id>https://forum.test/t/7</a:id><a:title>Router &amp; me</a:title>
<a:author><a:name>Ana</a:name></a:author><a:link rel="alternate" href="/t/7"/>
<a:updated>2024-05-01T12:34:56Z</a:updated><a:content type="html">It broke again.&lt;br&gt;See
 &lt;a href="../img/1"&gt;photo&lt;/a&gt;</a:content></a:entry></a:feed>)"},
        Format{"Atom03", R"(<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en-GB">
<entry><id>https://forum.test/t/7</id><title mode="escaped" type="text/html">Router &amp;amp; me</title>
<author><name>Ana</name></author><link rel="alternate" type="text/html" href="https://forum.test/t/7"/>
<issued>2024-05-01T12:34:56Z</issued><modified>2024-05-01T12:34:56Z</modified>
<content type="text/html" mode="escaped">It broke again.&lt;br&gt;See
&lt;a href="https://forum.test/img/1"&gt;photo&lt;/a&gt;</content></entry></feed>)"},
        Format{"Json11", R"({"version":"https://jsonfeed.org/version/1.1","language":"en-GB",
"home_page_url":"https://forum.test/","items":[{"id":"https://forum.test/t/7","url":"/t/7",
"title":"Router & me","authors":[{"name":"Ana"}],"date_published":"2024-05-01T14:34:56+02:00",
"content_html":"<p>It broke again.</p>See <a href='img/1'>photo</a>","summary":"Short"}]})"},
        Format{"Json10", R"({"version":"https://jsonfeed.org/version/1","author":{"name":"Ana"},
"items":[{"id":"https://forum.test/t/7","url":"https://forum.test/t/7","language":"en-GB",
"title":"Router & me","external_url":"https://forum.test/img/1",
"date_published":"2024-05-01T12:34:56Z","content_text":"It broke again.\nSee photo"}]})"}),
    [](const auto& test) { return std::string(test.param.name); });

/// One item of RSS with all usual namespaces.
FeedItem rss_item(const std::string& inside)
{
    const auto document = read("<rss xmlns:media='http://search.yahoo.com/mrss/' "
                               "xmlns:slash='http://purl.org/rss/1.0/modules/slash/' "
                               "xmlns:thr='http://purl.org/syndication/thread/1.0' "
                               "xmlns:atom='http://www.w3.org/2005/Atom'><channel>"
                               "<link>https://forum.test/board/</link><item>" +
                               inside + "</item></channel></rss>");
    return document && document->items.size() == 1 ? document->items.front() : FeedItem{};
}

FeedItem atom_entry(const std::string& inside)
{
    const auto document = read("<feed xmlns='http://www.w3.org/2005/Atom' "
                               "xmlns:thr='http://purl.org/syndication/thread/1.0'><entry>" +
                               inside + "</entry></feed>");
    return document && document->items.size() == 1 ? document->items.front() : FeedItem{};
}

TEST(FeedTimes, PreferPublicationAndKeepTheClaim)
{
    const FeedItem item = atom_entry("<id>a</id><published>2024-05-01T10:00:00+02:00</published>"
                                     "<updated>2024-05-02T00:00:00Z</updated>");

    EXPECT_EQ(item.post.published_text, "2024-05-01T10:00:00+02:00");
    EXPECT_EQ(item.post.published_at, parse_rfc3339("2024-05-01T08:00:00Z"));
    EXPECT_EQ(item.post.edited_at, parse_rfc3339("2024-05-02T00:00:00Z"));
}

TEST(FeedTimes, NoLaterThanPublicationAreNoEdit)
{
    const FeedItem item = atom_entry("<id>a</id><published>2024-05-02T00:00:00Z</published>"
                                     "<updated>2024-05-01T00:00:00Z</updated>");

    EXPECT_FALSE(item.post.edited_at);
}

TEST(FeedTimes, InTheFutureStayAsClaimed)
{
    const FeedItem item =
        rss_item("<guid>a</guid><pubDate>Fri, 01 Jan 2999 00:00:00 GMT</pubDate>");

    EXPECT_EQ(item.post.published_at, parse_rfc3339("2999-01-01T00:00:00Z"));
}

TEST(FeedTimes, ThatCannotBeReadAreClaimsOnly)
{
    const FeedItem item = rss_item("<guid>a</guid><pubDate>some day soon</pubDate>");

    EXPECT_FALSE(item.dated);
    EXPECT_EQ(item.post.published_text, "some day soon");
}

TEST(FeedCounts, OfCommentsAreReplies)
{
    EXPECT_EQ(rss_item("<guid>a</guid><slash:comments>7</slash:comments>").post.engagement.replies,
              7u);
    EXPECT_EQ(rss_item("<guid>a</guid><slash:comments>0</slash:comments>").post.engagement.replies,
              0u);
    EXPECT_EQ(rss_item("<guid>a</guid><thr:total>8</thr:total>").post.engagement.replies, 8u);
    EXPECT_EQ(atom_entry("<id>a</id><link rel='replies' href='/r' thr:count='9'/>")
                  .post.engagement.replies,
              9u);
}

TEST(FeedCounts, ThatAreAbsentOrNoNumbersStayAbsent)
{
    EXPECT_EQ(rss_item("<guid>a</guid>").post.engagement, Engagement{});
    for (const char* wrong : {"", "many", "-1", "1.5", "99999999999999999999999"}) {
        EXPECT_FALSE(
            rss_item("<guid>a</guid><slash:comments>" + std::string(wrong) + "</slash:comments>")
                .post.engagement.replies)
            << wrong;
    }
}

TEST(FeedMedia, OfAVideoChannelComeWithCountsAndDescription)
{
    const FeedItem item =
        rss_item("<guid>yt:video:x</guid><media:group><media:title>T</media:title>"
                 "<media:content url='https://video.test/v/x' type='video/mp4'/>"
                 "<media:thumbnail url='https://video.test/x.jpg'/>"
                 "<media:description>Line one\nLine two</media:description><media:community>"
                 "<media:starRating count='98' average='5.00'/><media:statistics views='3200'/>"
                 "</media:community></media:group>");

    EXPECT_EQ(item.post.engagement.views, 3200u);
    EXPECT_EQ(item.post.engagement.likes, 98u);
    EXPECT_EQ(item.post.text, "Line one\nLine two");
    ASSERT_EQ(item.post.media.size(), 1u);
    EXPECT_EQ(item.post.media[0].url, "https://video.test/v/x");
    EXPECT_EQ(item.post.media[0].description, "Line one Line two");
}

TEST(FeedMedia, OfEnclosuresAndPicturesAreAllKeptOnce)
{
    const FeedItem item =
        rss_item("<guid>a</guid><enclosure url='pod.mp3' length='1' type='audio/mpeg'/>"
                 "<description>&lt;img src='1.png' alt='broken hinge'&gt;</description>"
                 "<media:content url='https://forum.test/board/1.png'><media:description>again"
                 "</media:description></media:content>");

    const std::vector<Media> expected{{"https://forum.test/board/1.png", "broken hinge"},
                                      {"https://forum.test/board/pod.mp3", ""}};
    EXPECT_EQ(item.post.media, expected);
}

TEST(FeedMedia, OfJsonAreItsAttachments)
{
    const auto document = read(R"({"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,
"image":"https://x.test/i.png","attachments":[{"url":"https://x.test/a.mp3","title":"Call"},{},
{"url":"javascript:x"}]}]})");

    ASSERT_TRUE(document);
    const std::vector<Media> expected{{"https://x.test/i.png", ""},
                                      {"https://x.test/a.mp3", "Call"}};
    EXPECT_EQ(document->items.at(0).post.media, expected);
}

TEST(FeedThreads, NameTheirParent)
{
    EXPECT_EQ(atom_entry("<id>a</id><thr:in-reply-to ref='tag:x,1:p' href='/p'/>").post.reply_to,
              "tag:x,1:p");
    EXPECT_EQ(atom_entry("<id>a</id><thr:in-reply-to href='/p'/>").post.reply_to, "/p");
    EXPECT_EQ(atom_entry("<id>a</id>").post.reply_to, "");
}

TEST(FeedTombstones, AreDeletions)
{
    const auto document = read("<feed xmlns='http://www.w3.org/2005/Atom' "
                               "xmlns:at='http://purl.org/atompub/tombstones/1.0'>"
                               "<at:deleted-entry ref='tag:x,1:d' when='2024-05-01T00:00:00Z'/>"
                               "<at:deleted-entry/><entry><id>a</id></entry></feed>");

    ASSERT_TRUE(document);
    EXPECT_EQ(document->deleted, std::vector<std::string>{"tag:x,1:d"});
    EXPECT_EQ(document->items.size(), 1u);
}

struct Person {
    const char* element;
    const char* name;
    const char* handle;
};

class FeedAuthor : public ::testing::TestWithParam<Person> {};

TEST_P(FeedAuthor, IsRead)
{
    const FeedItem item = rss_item("<guid>a</guid>" + std::string(GetParam().element));

    EXPECT_EQ(item.post.author_name, GetParam().name);
    EXPECT_EQ(item.post.author, GetParam().handle);
}

INSTANTIATE_TEST_SUITE_P(
    Feed, FeedAuthor,
    ::testing::Values(
        Person{"<author>ana@x.test (Ana M.)</author>", "Ana M.", "Ana M."},
        Person{"<author>Ana &lt;ana@x.test&gt;</author>", "Ana", "Ana"},
        Person{"<author>Ana</author>", "Ana", "Ana"},
        Person{"<author>&lt;a href=\"https://x.test/u/1\"&gt;Ana&lt;/a&gt;</author>", "Ana",
               "https://x.test/u/1"},
        Person{"<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>A&amp;amp;B</dc:creator>",
               "A&B", "A&B"},
        Person{"<author/><dc:creator>Ana</dc:creator>", "Ana", "Ana"},
        Person{"<atom:author><atom:name>Ana</atom:name><atom:uri>https://x.test/ana</atom:uri>"
               "</atom:author>",
               "Ana", "https://x.test/ana"},
        Person{"<atom:author><atom:email>a@x.test</atom:email></atom:author>", "a@x.test",
               "a@x.test"},
        Person{"", "", ""}));

TEST(Feed, OfJsonKeepsNumbersAsTheyAre)
{
    const auto document = read(R"({"version":"https://jsonfeed.org/version/1","items":[
{"id":9007199254740993},{"id":"0042"},{"id":-3}]})");

    ASSERT_TRUE(document);
    ASSERT_EQ(document->items.size(), 3u);
    EXPECT_EQ(document->items[0].id, "9007199254740993");
    EXPECT_EQ(document->items[1].id, "0042");
    EXPECT_EQ(document->items[2].id, "-3");
}

TEST(Feed, OfOneAtomEntryIsAFeed)
{
    const auto document =
        read("<entry xmlns='http://www.w3.org/2005/Atom'><id>tag:x,1:a</id></entry>");

    ASSERT_TRUE(document);
    ASSERT_EQ(document->items.size(), 1u);
    EXPECT_EQ(document->items[0].id, "tag:x,1:a");
}

} // namespace
} // namespace empathd::connectors
