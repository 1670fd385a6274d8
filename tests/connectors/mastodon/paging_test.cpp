// The paging against a server that is told how to misbehave: nothing missed, nothing twice, with
// the connector made anew for every fetch and killed at every request.
#include "tests/connectors/mastodon/fake_mastodon.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/source_section.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace empathd::connectors {
namespace {

using testing::FakeClock;
using testing::FakeMastodon;
using testing::run;
using testing::SourceSection;

/// Reads the server as the daemon does: keeps a page's posts together with its cursor, or neither.
class Reader {
public:
    explicit Reader(FakeMastodon& server) : server_(server) {}

    Result<Page> fetch() { return run(section_.make(server_, clock_)->fetch(cursor)); }
    void keep(const Page& page)
    {
        cursor = page.cursor;
        for (const Post& post : page.posts) {
            ++seen[post.native_id];
        }
        lost += page.lost;
    }
    /// One poll of the daemon: until the source has no more.
    void poll()
    {
        for (int fetches = 0; fetches < 1000; ++fetches) {
            const auto page = fetch();
            if (!page) {
                continue;
            }
            keep(*page);
            if (!page->more) {
                return;
            }
        }
        FAIL() << "the source never comes to an end: " << cursor;
    }

    std::string cursor;
    std::map<std::string, int> seen;
    std::string lost;

private:
    FakeMastodon& server_;
    FakeClock clock_{TimePoint{}};
    SourceSection section_{"mastodon", "base_url = \"https://m.example\"\ntags = [\"acme\"]"};
};

void expect_complete(const Reader& reader, const FakeMastodon& server,
                     const std::set<std::string>& from_before, const std::string& what)
{
    for (const auto& status : server.statuses()) {
        if (!from_before.contains(status.id)) {
            EXPECT_TRUE(reader.seen.contains(status.id)) << what << ": missed " << status.id;
        }
    }
    for (const auto& [id, times] : reader.seen) {
        EXPECT_EQ(times, 1) << what << ": " << id;
    }
}

struct Mode {
    const char* name;
    FakeMastodon::MinId min_id = FakeMastodon::MinId::exact;
    bool uuids = false;
    std::size_t page_limit = 40;
    std::size_t overlap = 0;
    bool deletes = false;
    FakeMastodon::Unknown unknown = FakeMastodon::Unknown::empty;
};

using MinId = FakeMastodon::MinId;
using Unknown = FakeMastodon::Unknown;

constexpr Mode modes[] = {
    {.name = "correct"},
    {.name = "min_id like since_id", .min_id = MinId::like_since},
    {.name = "min_id ignored", .min_id = MinId::ignored},
    {.name = "uuids", .uuids = true},
    {.name = "uuids, min_id like since_id", .min_id = MinId::like_since, .uuids = true},
    {.name = "uuids, min_id ignored", .min_id = MinId::ignored, .uuids = true},
    {.name = "pages of 20", .page_limit = 20},
    {.name = "pages of 19, as many as are known", .page_limit = 19},
    {.name = "pages of 7", .page_limit = 7},
    {.name = "pages of 2", .page_limit = 2},
    {.name = "pages of 1", .page_limit = 1},
    {.name = "pages of 7, like since_id", .min_id = MinId::like_since, .page_limit = 7},
    {.name = "pages of 2, uuids, like since_id",
     .min_id = MinId::like_since,
     .uuids = true,
     .page_limit = 2},
    {.name = "overlapping pages", .min_id = MinId::like_since, .overlap = 3},
    {.name = "overlapping pages, uuids", .min_id = MinId::like_since, .uuids = true, .overlap = 3},
    {.name = "max_id included", .min_id = MinId::like_since, .uuids = true, .overlap = 1},
    {.name = "deletions", .deletes = true},
    {.name = "deletions, like since_id", .min_id = MinId::like_since, .deletes = true},
    {.name = "deletions, uuids", .uuids = true, .deletes = true},
    {.name = "deletions, uuids, not found",
     .uuids = true,
     .deletes = true,
     .unknown = Unknown::not_found},
    {.name = "deletions, uuids, like since_id",
     .min_id = MinId::like_since,
     .uuids = true,
     .deletes = true},
    {.name = "deletions, pages of 7", .page_limit = 7, .deletes = true},
};

void set_up(FakeMastodon& server, const Mode& mode)
{
    server.min_id = mode.min_id;
    server.uuids = mode.uuids;
    server.page_limit = mode.page_limit;
    server.overlap = mode.overlap;
    server.unknown = mode.unknown;
}

/// Rounds of a busy timeline: bursts between the polls, posts and deletions while it is paged,
/// broken requests, and pages that a kill keeps from being stored.
void play(const Mode& mode, std::uint32_t seed)
{
    SCOPED_TRACE(std::string(mode.name) + ", seed " + std::to_string(seed));
    FakeMastodon server;
    set_up(server, mode);
    std::mt19937 random(seed);
    const auto draw = [&random](std::uint32_t below) {
        return static_cast<std::uint32_t>(random() % below);
    };
    for (std::uint32_t i = draw(100); i > 0; --i) {
        server.publish();
    }
    Reader reader(server);
    reader.poll();
    std::set<std::string> from_before;
    for (const auto& status : server.statuses()) {
        from_before.insert(status.id);
    }
    server.before_answer = [&] {
        if (draw(4) == 0) {
            server.publish();
        }
        if (mode.deletes && draw(4) == 0) {
            server.erase(draw(25));
        }
    };
    for (int round = 0; round < 8; ++round) {
        for (std::uint32_t i = draw(2) == 0 ? draw(300) : draw(5); i > 0; --i) {
            server.publish();
        }
        for (int fetch = 0; fetch < 400; ++fetch) {
            server.fails_at =
                draw(3) == 0 ? std::optional{server.requests + draw(6)} : std::nullopt;
            const auto page = reader.fetch();
            if (!page || draw(5) == 0) {
                continue; // It failed, or the daemon was killed before it was stored.
            }
            reader.keep(*page);
            if (!page->more && !server.fails_at) {
                break;
            }
        }
    }
    server.before_answer = nullptr;
    server.fails_at.reset();
    reader.poll();
    const std::string what = std::string(mode.name) + ", seed " + std::to_string(seed);
    expect_complete(reader, server, from_before, what);
    EXPECT_EQ(reader.lost, "") << what;
}

TEST(MastodonPaging, MissesNothingAndGivesNothingTwiceWhateverTheServerDoes)
{
    for (const Mode& mode : modes) {
        for (std::uint32_t seed = 1; seed <= 3; ++seed) {
            play(mode, seed);
        }
    }
}

TEST(MastodonPaging, SurvivesAKillAtEveryRequestOfABackfill)
{
    for (const Mode& mode : modes) {
        if (mode.page_limit < 7) {
            continue; // Hundreds of requests each.
        }
        for (std::size_t kill = 0; kill < 12; ++kill) {
            FakeMastodon server;
            set_up(server, mode);
            for (int i = 0; i < 45; ++i) {
                server.publish();
            }
            Reader reader(server);
            reader.poll();
            std::set<std::string> from_before;
            for (const auto& status : server.statuses()) {
                from_before.insert(status.id);
            }
            for (int i = 0; i < 150; ++i) {
                server.publish();
            }
            server.fails_at = server.requests + kill;
            reader.poll();
            reader.poll();
            expect_complete(reader, server, from_before,
                            std::string(mode.name) + ", kill at " + std::to_string(kill));
        }
    }
}

TEST(MastodonPaging, FindsStatusesThatArriveLate)
{
    FakeMastodon server;
    for (int i = 0; i < 50; ++i) {
        server.publish();
    }
    Reader reader(server);
    reader.poll();

    const std::string late = server.publish_late(5);
    server.publish();
    const std::string later = server.publish_late(17);
    reader.poll();

    EXPECT_EQ(reader.seen[late], 1);
    EXPECT_EQ(reader.seen[later], 1);
    for (const auto& [id, times] : reader.seen) {
        EXPECT_EQ(times, 1) << id;
    }
}

TEST(MastodonPaging, ReadsATimelineThatWasEmptyAtFirstFromItsBeginning)
{
    for (const bool uuids : {false, true}) {
        for (const auto min_id : {MinId::exact, MinId::like_since}) {
            FakeMastodon server;
            server.uuids = uuids;
            server.min_id = min_id;
            Reader reader(server);
            reader.poll();
            ASSERT_TRUE(reader.seen.empty());

            for (int i = 0; i < 130; ++i) {
                server.publish();
            }
            reader.poll();

            EXPECT_EQ(reader.seen.size(), 130u);
            expect_complete(reader, server, {}, "empty at first");
            EXPECT_EQ(reader.lost, "");
        }
    }
}

TEST(MastodonPaging, AsksOnceWhenNothingIsNew)
{
    for (const auto min_id : {MinId::exact, MinId::like_since, MinId::ignored}) {
        FakeMastodon server;
        server.min_id = min_id;
        for (int i = 0; i < 60; ++i) {
            server.publish();
        }
        Reader reader(server);
        reader.poll();
        server.requests = 0;

        reader.poll();

        // Where min_id is ignored the page is full, and only a second look proves it the newest.
        EXPECT_EQ(server.requests, min_id == MinId::ignored ? 2u : 1u) << static_cast<int>(min_id);
    }
}

TEST(MastodonPaging, GoesOnWhenEveryKnownStatusWasDeleted)
{
    FakeMastodon server;
    for (int i = 0; i < 60; ++i) {
        server.publish();
    }
    Reader reader(server);
    reader.poll();
    for (int i = 0; i < 30; ++i) {
        server.erase(0);
    }
    reader.poll();
    std::set<std::string> from_before;
    for (const auto& status : server.statuses()) {
        from_before.insert(status.id);
    }

    for (int i = 0; i < 100; ++i) {
        server.publish();
    }
    reader.poll();

    expect_complete(reader, server, from_before, "all known deleted");
    EXPECT_EQ(reader.lost, "");
}

TEST(MastodonPaging, SaysWhatIsLostWhenTheServerDoesNotReadDownwards)
{
    for (const bool uuids : {false, true}) {
        FakeMastodon server;
        server.min_id = MinId::like_since;
        server.max_id_works = false;
        server.uuids = uuids;
        for (int i = 0; i < 60; ++i) {
            server.publish();
        }
        Reader reader(server);
        reader.poll();
        for (int i = 0; i < 100; ++i) {
            server.publish();
        }

        reader.poll();

        EXPECT_NE(reader.lost.find("may be missing"), std::string::npos) << uuids;
        EXPECT_EQ(reader.seen.size(), 80u) << "the newest page each time";
        for (const auto& [id, times] : reader.seen) {
            EXPECT_EQ(times, 1) << id;
        }
    }
}

} // namespace
} // namespace empathd::connectors
