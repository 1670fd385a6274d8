#include "connectors/feed/feed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace empathd::connectors {
namespace {

using std::chrono::hours;

const FeedOptions options{.address = "https://forum.test/feed", .identity = {.name = "forum"}};
const TimePoint now = from_unix_ms(1'714'566'896'000);

struct Given {
    std::string id;
    std::string url;
    std::string title;
    int age_h = -1; ///< -1: no date.
};

FeedDocument document_of(const std::vector<Given>& items)
{
    FeedDocument document;
    for (const Given& given : items) {
        FeedItem item{.id = given.id, .dated = given.age_h >= 0};
        item.post.url = given.url;
        item.post.title = given.title;
        if (item.dated) {
            item.post.published_at = now - hours{given.age_h};
            item.post.published_text = std::to_string(given.age_h);
        }
        document.items.push_back(std::move(item));
    }
    return document;
}

std::vector<std::string> ids_of(const Page& page)
{
    std::vector<std::string> out;
    for (const Post& post : page.posts) {
        out.push_back(post.key.id);
    }
    return out;
}

std::vector<std::string> ids_of(const std::vector<Given>& items)
{
    FeedCursor cursor;
    return ids_of(page_of(document_of(items), options, now, cursor));
}

using Ids = std::vector<std::string>;

TEST(FeedKeys, AreIdsThatMeanTheSameEverywhere)
{
    for (const char* id : {"https://x.test/1", "http://x.test/?p=1", "urn:uuid:1", "URN:x:1",
                           "tag:x.test,2024:1", "at://did:plc:x/app/1"}) {
        EXPECT_EQ(ids_of({{.id = id}}), Ids{id}) << id;
    }
}

TEST(FeedKeys, OfOtherIdsHaveTheFeedsAddressInFront)
{
    for (const char* id : {"42", "post:42", "/t/42", "42 at http://x.test", "a b://c", "://x"}) {
        EXPECT_EQ(ids_of({{.id = id}}), Ids{"https://forum.test/feed#" + std::string(id)}) << id;
    }
}

TEST(FeedKeys, FallBackToTheLinkAndThenToTheWords)
{
    EXPECT_EQ(ids_of({{.id = " ", .url = "https://x.test/1", .title = "t"}}),
              Ids{"https://x.test/1"});

    const Ids words = ids_of({{.title = "t"}});
    ASSERT_EQ(words.size(), 1u);
    EXPECT_TRUE(words[0].starts_with("https://forum.test/feed#"));
    EXPECT_EQ(words, ids_of({{.title = "t"}}));
    EXPECT_NE(words, ids_of({{.title = "u"}}));
}

TEST(FeedKeys, OfEndlessIdsAreBounded)
{
    const Ids ids = ids_of({{.id = "https://x.test/" + std::string(1'000'000, 'x')}});

    ASSERT_EQ(ids.size(), 1u);
    EXPECT_LT(ids[0].size(), 100u);
}

TEST(FeedKeys, OfItemsThatShareAnIdDifferByTheirLinks)
{
    const std::vector<Given> items{{.id = "same", .url = "https://x.test/1", .age_h = 2},
                                   {.id = "same", .url = "https://x.test/2", .age_h = 1}};
    const Ids ids = ids_of(items);

    ASSERT_EQ(ids.size(), 2u);
    EXPECT_NE(ids[0], ids[1]);
    EXPECT_TRUE(ids[0].starts_with("https://forum.test/feed#same#"));
    EXPECT_EQ(ids_of({items[1], items[0]}), ids); // The order of the document is nothing.
}

TEST(FeedKeys, OfItemsOnceSharedStayApart)
{
    const std::vector<Given> items{{.id = "same", .url = "https://x.test/1", .age_h = 2},
                                   {.id = "same", .url = "https://x.test/2", .age_h = 1}};
    FeedCursor cursor;
    const Page first = page_of(document_of(items), options, now, cursor);
    const Page second = page_of(document_of({items[1]}), options, now, cursor);

    EXPECT_EQ(first.posts.size(), 2u);
    EXPECT_TRUE(second.posts.empty());
}

TEST(FeedKeys, OfRepliesThatShareOnlyAThreadsLinkDifferByDate)
{
    const Ids ids = ids_of({{.url = "https://x.test/t", .title = "Re: x", .age_h = 2},
                            {.url = "https://x.test/t", .title = "Re: x", .age_h = 1}});

    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 2u);
}

TEST(FeedKeys, OfTheSameItemTwiceGiveTheNewest)
{
    FeedCursor cursor;
    const Page page =
        page_of(document_of({{.id = "a", .url = "https://x.test/1", .title = "new", .age_h = 1},
                             {.id = "a", .url = "https://x.test/1", .title = "old", .age_h = 5}}),
                options, now, cursor);

    ASSERT_EQ(page.posts.size(), 1u);
    EXPECT_EQ(page.posts[0].title, "new");
}

TEST(FeedPage, CarriesWhatEveryPostNeeds)
{
    FeedOptions staff = options;
    staff.network = "board";
    staff.identity.audience = Audience::employee;
    FeedCursor cursor;
    const Page page = page_of(document_of({{.id = "urn:1", .age_h = 3}}), staff, now, cursor);

    ASSERT_EQ(page.posts.size(), 1u);
    EXPECT_EQ(page.posts[0].key.network, "board");
    EXPECT_EQ(page.posts[0].native_id, "urn:1");
    EXPECT_EQ(page.posts[0].source, "forum");
    EXPECT_EQ(page.posts[0].audience, Audience::employee);
    EXPECT_EQ(page.posts[0].published_at, now - hours{3});
}

TEST(FeedPage, IsOldestFirstWhateverTheFeedDoes)
{
    const Ids expected{"urn:3", "urn:2", "urn:1"};

    EXPECT_EQ(ids_of({{.id = "urn:1", .age_h = 1},
                      {.id = "urn:2", .age_h = 2},
                      {.id = "urn:3", .age_h = 3}}),
              expected);
    EXPECT_EQ(ids_of({{.id = "urn:3", .age_h = 3},
                      {.id = "urn:2", .age_h = 2},
                      {.id = "urn:1", .age_h = 1}}),
              expected);
    EXPECT_EQ(ids_of({{.id = "urn:1"}, {.id = "urn:2"}, {.id = "urn:3"}}), expected);
}

TEST(FeedPage, DatesWhatHasNoDateWithNow)
{
    FeedCursor cursor;
    const Page page = page_of(document_of({{.id = "urn:1"}}), options, now, cursor);

    EXPECT_EQ(page.posts.at(0).published_at, now);
    EXPECT_EQ(page.posts.at(0).published_text, "");
}

TEST(FeedPage, HoldsTheNewestItemsOnly)
{
    FeedOptions few = options;
    few.items = 2;
    FeedCursor cursor;
    const Page page = page_of(document_of({{.id = "urn:3", .age_h = 3},
                                           {.id = "urn:1", .age_h = 1},
                                           {.id = "urn:2", .age_h = 2}}),
                              few, now, cursor);

    EXPECT_EQ(ids_of(page), (Ids{"urn:2", "urn:1"}));
    EXPECT_EQ(cursor.seen.size(), 2u);
}

TEST(FeedPage, HoldsOnlyWhatIsNew)
{
    FeedCursor cursor;
    (void)page_of(document_of({{.id = "urn:1", .age_h = 3}}), options, now, cursor);
    const Page page =
        page_of(document_of({{.id = "urn:2", .age_h = 1}, {.id = "urn:1", .age_h = 3}}), options,
                now, cursor);

    EXPECT_EQ(ids_of(page), Ids{"urn:2"});
    EXPECT_EQ(page.lost, "");
}

TEST(FeedPage, BringsAnEditedItemAgain)
{
    FeedCursor cursor;
    (void)page_of(document_of({{.id = "urn:1", .title = "It broke"}}), options, now, cursor);
    const Page edited =
        page_of(document_of({{.id = "urn:1", .title = "It broke (solved)"}}), options, now, cursor);
    const Page same =
        page_of(document_of({{.id = "urn:1", .title = "It broke (solved)"}}), options, now, cursor);

    ASSERT_EQ(edited.posts.size(), 1u);
    EXPECT_EQ(edited.posts[0].title, "It broke (solved)");
    EXPECT_TRUE(same.posts.empty());
}

TEST(FeedPage, RemembersAnItemThatWasAwayForOnePage)
{
    FeedCursor cursor;
    const Given old{.id = "urn:1", .age_h = 9};
    const Given fresh{.id = "urn:2", .age_h = 1};
    (void)page_of(document_of({old, fresh}), options, now, cursor);
    (void)page_of(document_of({fresh}), options, now, cursor);
    const Page page = page_of(document_of({old, fresh}), options, now, cursor);

    EXPECT_TRUE(page.posts.empty());
}

TEST(FeedPage, GivesCountsOfKnownItemsAsObservations)
{
    FeedCursor cursor;
    (void)page_of(document_of({{.id = "urn:1"}, {.id = "urn:2"}}), options, now, cursor);
    FeedDocument document = document_of({{.id = "urn:1"}, {.id = "urn:2"}});
    document.items[0].post.engagement.replies = 5;
    const Page page = page_of(std::move(document), options, now + hours{1}, cursor);

    EXPECT_TRUE(page.posts.empty());
    ASSERT_EQ(page.observations.size(), 1u);
    EXPECT_EQ(page.observations[0].key, (PostKey{"feed", "urn:1"}));
    EXPECT_EQ(page.observations[0].engagement.replies, 5u);
    EXPECT_EQ(page.observations[0].at, now + hours{1});
}

TEST(FeedPage, ReportsAHoleWhenNothingIsKnown)
{
    FeedCursor cursor;
    const Page first = page_of(document_of({{.id = "urn:1"}}), options, now, cursor);
    const Page empty = page_of(document_of({}), options, now, cursor);
    const Page hole =
        page_of(document_of({{.id = "urn:8"}, {.id = "urn:9"}}), options, now, cursor);

    EXPECT_EQ(first.lost, "");
    EXPECT_EQ(empty.lost, "");
    EXPECT_NE(hole.lost, "");
}

TEST(FeedPage, ReportsThatAFeedWasTooLarge)
{
    FeedDocument document = document_of({{.id = "urn:1"}});
    document.cut = true;
    FeedCursor cursor;

    EXPECT_NE(page_of(std::move(document), options, now, cursor).lost, "");
}

TEST(FeedPage, GivesADeletionOnce)
{
    const auto with_tombstone = [] {
        FeedDocument document = document_of({{.id = "urn:1"}});
        document.deleted = {"7", " "};
        return document;
    };
    FeedCursor cursor;
    const Page first = page_of(with_tombstone(), options, now, cursor);
    const Page second = page_of(with_tombstone(), options, now, cursor);

    EXPECT_EQ(first.deletions, (std::vector<PostKey>{{"feed", "https://forum.test/feed#7"}}));
    EXPECT_TRUE(second.deletions.empty());
}

TEST(FeedPage, FollowsRepliesToTheFirstPost)
{
    FeedDocument document = document_of({{.id = "1"}, {.id = "2"}, {.id = "3"}, {.id = "4"}});
    document.items[1].post.reply_to = "1";
    document.items[2].post.reply_to = "2";
    document.items[3].post.reply_to = "urn:elsewhere";
    FeedCursor cursor;
    const Page page = page_of(std::move(document), options, now, cursor);

    const auto post = [&page](const std::string& id) {
        return *std::find_if(page.posts.begin(), page.posts.end(),
                             [&id](const Post& one) { return one.key.id.ends_with("#" + id); });
    };
    EXPECT_EQ(post("1").thread, "");
    EXPECT_EQ(post("3").reply_to, "https://forum.test/feed#2");
    EXPECT_EQ(post("3").thread, "https://forum.test/feed#1");
    EXPECT_EQ(post("4").thread, "urn:elsewhere");
}

TEST(FeedPage, IsNotLedRoundByRepliesInARing)
{
    FeedDocument document = document_of({{.id = "1"}, {.id = "2"}, {.id = "3"}});
    document.items[0].post.reply_to = "2";
    document.items[1].post.reply_to = "1";
    document.items[2].post.reply_to = "3";
    FeedCursor cursor;
    const Page page = page_of(std::move(document), options, now, cursor);

    ASSERT_EQ(page.posts.size(), 3u);
    EXPECT_EQ(page.posts[0].reply_to, ""); // The answer to itself; listed last, so oldest.
}

TEST(FeedCursor, ReadsBackWhatItWrote)
{
    FeedCursor cursor{.etag = "W/\"a\\b\"",
                      .modified = "Wed, 01 May 2024 12:34:56 GMT",
                      .body = "0123456789abcdef",
                      .seen = {{"0123456789abcdef", "01234567"}, {"fedcba9876543210", "76543210"}},
                      .before = {{"1111111111111111", "22222222"}},
                      .shared = {"3333333333333333"}};
    const FeedCursor read = read_cursor(write_cursor(cursor, "https://x.test"), "https://x.test");

    EXPECT_EQ(read.etag, cursor.etag);
    EXPECT_EQ(read.modified, cursor.modified);
    EXPECT_EQ(read.body, cursor.body);
    ASSERT_EQ(read.seen.size(), 2u);
    EXPECT_EQ(read.seen[1].id, "fedcba9876543210");
    EXPECT_EQ(read.seen[1].content, "76543210");
    ASSERT_EQ(read.before.size(), 1u);
    EXPECT_EQ(read.shared, cursor.shared);
}

TEST(FeedCursor, OfAnotherFeedOrHandReadsAsEmpty)
{
    const std::string written = write_cursor({.etag = "e"}, "https://x.test");

    EXPECT_EQ(read_cursor(written, "https://y.test").etag, "");
    for (const char* text :
         {"", "x", "[]", "{}", R"({"v":2})", R"({"v":1,"feed":"x","etag":"e"})"}) {
        EXPECT_EQ(read_cursor(text, "https://x.test").etag, "") << text;
    }
}

TEST(FeedCursor, KeepsNoValidatorThatNoHeaderMayHold)
{
    const std::string address = "https://x.test";
    for (const std::string& bad :
         {std::string("a\r\nX: y"), std::string(5'000, 'e'), std::string("\xC3\xA9")}) {
        EXPECT_EQ(read_cursor(write_cursor({.etag = bad}, address), address).etag, "");
    }
}

TEST(FeedCursor, StaysWithinItsBound)
{
    FeedOptions most = options;
    most.items = feed_items_max;
    FeedCursor cursor;
    for (int round = 0; round < 3; ++round) {
        std::vector<Given> items;
        for (int i = 0; i < 5'000; ++i) {
            items.push_back({.id = "urn:" + std::to_string(round * 5'000 + i)});
        }
        const Page page = page_of(document_of(items), most, now, cursor);
        EXPECT_LE(page.posts.size(), page_posts_max);
    }

    EXPECT_LT(write_cursor(cursor, options.address).size(), 53'000u);
}

} // namespace
} // namespace empathd::connectors
