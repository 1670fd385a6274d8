// The slicing by time against a search that shows a thousand hits and is late: nothing missed,
// nothing twice, with the connector made anew for every fetch and killed at every request.
#include "tests/connectors/hackernews/fake_algolia.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/source_section.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace empathd::connectors {
namespace {

using testing::FakeAlgolia;
using testing::FakeClock;
using testing::run;
using testing::SourceSection;

constexpr std::int64_t start_s = 1'772'431'200; // 2026-03-02T06:00:00Z

class Reader {
public:
    Reader(FakeAlgolia& server, const std::string& options)
        : server_(server), section_("hackernews", "queries = [\"acme\"]\n" + options)
    {
    }

    Result<Page> fetch()
    {
        clock_.set(from_unix_ms(server_.now_s * 1000));
        return run(section_.make(server_, clock_)->fetch(cursor));
    }
    void keep(const Page& page)
    {
        cursor = page.cursor;
        for (const Post& post : page.posts) {
            ++seen[std::stoull(post.key.id)];
            order.push_back(to_unix_ms(post.published_at));
        }
        lost += page.lost;
    }
    void poll()
    {
        for (int fetches = 0; fetches < 2000; ++fetches) {
            const auto page = fetch();
            if (!page) {
                continue;
            }
            ASSERT_LE(page->posts.size(), page_posts_max);
            keep(*page);
            if (!page->more) {
                return;
            }
        }
        FAIL() << "the source never comes to an end: " << cursor.substr(0, 300);
    }

    std::string cursor;
    std::map<std::uint64_t, int> seen;
    std::vector<std::int64_t> order;
    std::string lost;

private:
    FakeAlgolia& server_;
    FakeClock clock_{TimePoint{}};
    SourceSection section_;
};

void expect_complete(const Reader& reader, const FakeAlgolia& server, const std::string& what)
{
    EXPECT_EQ(reader.seen.size(), server.hits.size()) << what;
    for (const auto& hit : server.hits) {
        EXPECT_TRUE(reader.seen.contains(hit.id)) << what << ": missed " << hit.id;
    }
    for (const auto& [id, times] : reader.seen) {
        EXPECT_EQ(times, 1) << what << ": " << id;
    }
}

/// `count` hits, evenly over `span_s` seconds before `now`.
void add_hits(FakeAlgolia& server, std::uint64_t count, std::int64_t span_s)
{
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::int64_t created =
            server.now_s -
            static_cast<std::int64_t>(i * static_cast<std::uint64_t>(span_s) / count);
        server.hits.push_back({.id = 1000 + server.hits.size(), .created_s = created});
    }
}

TEST(HackernewsSlicing, ReadsMoreHitsThanTheSearchShows)
{
    for (const std::string hits_per_page : {"1000", "200", "17"}) {
        for (const auto total : {FakeAlgolia::Total::exact, FakeAlgolia::Total::absent,
                                 FakeAlgolia::Total::too_large}) {
            FakeAlgolia server;
            server.now_s = start_s;
            server.total = total;
            add_hits(server, 3500, 80'000);
            add_hits(server, 700, 100); // A burst: seven a second.
            Reader reader(server, "hits_per_page = " + hits_per_page);

            reader.poll();

            expect_complete(reader, server, hits_per_page);
            EXPECT_EQ(reader.lost, "");
            EXPECT_TRUE(std::is_sorted(reader.order.begin(), reader.order.end()))
                << "oldest first, also over many pages";
        }
    }
}

TEST(HackernewsSlicing, TakesSmallerAnswersThanItAskedFor)
{
    FakeAlgolia server;
    server.now_s = start_s;
    server.page_size_max = 20;
    add_hits(server, 900, 60'000);
    Reader reader(server, "hits_per_page = 500");

    reader.poll();

    expect_complete(reader, server, "answers of 20");
}

TEST(HackernewsSlicing, PagesThroughASecondThatIsFull)
{
    FakeAlgolia server;
    server.now_s = start_s;
    for (std::uint64_t i = 0; i < 95; ++i) {
        server.hits.push_back({.id = 1000 + i, .created_s = start_s - 50});
    }
    Reader reader(server, "hits_per_page = 10");

    reader.poll();

    expect_complete(reader, server, "95 in one second");
    EXPECT_EQ(reader.lost, "");
}

TEST(HackernewsSlicing, SaysWhatIsLostInASecondWithMoreHitsThanAreShown)
{
    FakeAlgolia server;
    server.now_s = start_s;
    for (std::uint64_t i = 0; i < 1200; ++i) {
        server.hits.push_back({.id = 1000 + i, .created_s = start_s - 50});
    }
    Reader reader(server, "hits_per_page = 500");

    reader.poll();

    EXPECT_EQ(reader.seen.size(), 1000u);
    EXPECT_NE(reader.lost.find("the search ends after 1000 hits"), std::string::npos)
        << reader.lost;
}

TEST(HackernewsSlicing, FindsHitsThatAreIndexedLate)
{
    FakeAlgolia server;
    server.now_s = start_s;
    server.hits.push_back({.id = 1, .created_s = start_s - 1000, .indexed_s = 0});
    Reader reader(server, "");
    reader.poll();
    // Created before the newest hit that was already seen, found ten minutes later.
    server.hits.push_back({.id = 2, .created_s = start_s - 100, .indexed_s = start_s + 600});
    server.hits.push_back({.id = 3, .created_s = start_s + 300, .indexed_s = start_s + 300});
    for (int minute = 0; minute < 60; ++minute) {
        server.now_s += 60;
        reader.poll();
    }
    expect_complete(reader, server, "late");
}

TEST(HackernewsSlicing, SurvivesAnIndexThatStandsStillForHours)
{
    FakeAlgolia server;
    server.now_s = start_s;
    add_hits(server, 10, 5000);
    Reader reader(server, "");
    reader.poll();
    for (std::int64_t i = 0; i < 300; ++i) {
        server.hits.push_back({.id = 5000 + static_cast<std::uint64_t>(i),
                               .created_s = start_s + i * 60,
                               .indexed_s = start_s + 20'000});
    }
    for (int poll = 0; poll < 50; ++poll) {
        server.now_s += 500;
        reader.poll();
    }
    expect_complete(reader, server, "index stood still");
}

TEST(HackernewsSlicing, MissesNothingWhenItIsKilledAtAnyRequest)
{
    for (std::uint32_t seed = 1; seed <= 15; ++seed) {
        FakeAlgolia server;
        server.now_s = start_s;
        std::mt19937 random(seed);
        const auto draw = [&random](std::uint32_t below) {
            return static_cast<std::int64_t>(random() % below);
        };
        add_hits(server, 600, 80'000);
        Reader reader(server, "hits_per_page = 30");
        for (int round = 0; round < 60; ++round) {
            const std::int64_t until = server.now_s + draw(400);
            for (std::int64_t i = draw(3) == 0 ? draw(200) : draw(3); i > 0; --i) {
                const std::int64_t created = server.now_s + draw(400);
                server.hits.push_back({.id = 100'000 + server.hits.size(),
                                       .created_s = std::min(created, until),
                                       .indexed_s = created + draw(300)});
            }
            server.now_s = until;
            server.fails_at =
                draw(2) == 0 ? std::optional{server.requests + static_cast<std::size_t>(draw(12))}
                             : std::nullopt;
            const auto page = reader.fetch();
            if (page && draw(4) != 0) {
                reader.keep(*page);
            }
        }
        server.fails_at.reset();
        server.now_s += 1000;
        reader.poll();
        reader.poll();
        expect_complete(reader, server, "seed " + std::to_string(seed));
        EXPECT_LT(reader.cursor.size(), 60'000u) << "only the edge is remembered";
    }
}

TEST(HackernewsSlicing, FailsWhenTheSearchDoesNotFilterByTime)
{
    FakeAlgolia server;
    server.now_s = start_s;
    server.filters = false;
    server.hits.push_back({.id = 1, .created_s = start_s - 1'000'000});
    Reader reader(server, "");

    const auto page = reader.fetch();

    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind, ErrorKind::malformed);
}

TEST(HackernewsSlicing, AsksOncePerPhraseWhenLittleIsNew)
{
    FakeAlgolia server;
    server.now_s = start_s;
    add_hits(server, 20, 5000);
    Reader reader(server, "");
    reader.poll();
    server.requests = 0;
    server.now_s += 120;

    reader.poll();

    EXPECT_EQ(server.requests, 1u);
    expect_complete(reader, server, "again");
}

} // namespace
} // namespace empathd::connectors
