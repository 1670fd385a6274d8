#include "connectors/replay/replay.hpp"

#include "connectors/replay/line_reader.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_http.hpp"
#include "tests/support/run.hpp"
#include "tests/support/source_section.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace empathd::connectors {
namespace {

using namespace std::chrono_literals;
using testing::FakeClock;
using testing::FakeHttp;
using testing::run;
using testing::SourceSection;
using testing::TemporaryFolder;
using testing::write_file;

const TimePoint today = *parse_rfc3339("2030-01-01T12:00:00Z");
const TimePoint recorded = *parse_rfc3339("2026-03-02T06:00:00Z");

std::string post_line(const std::string& id, TimePoint at)
{
    return R"({"at":")" + to_rfc3339(at) + R"(","id":")" + id + R"(","text":"words"})" + "\n";
}

/// Five posts, ten seconds apart: p0 to p4.
std::string five_posts()
{
    std::string text;
    for (int i = 0; i < 5; ++i) {
        text += post_line("p" + std::to_string(i), recorded + i * 10s);
    }
    return text;
}

std::string ids(const Page& page)
{
    std::string out;
    for (const Post& post : page.posts) {
        out += (out.empty() ? "" : " ") + post.key.id;
    }
    return out;
}

class ReplayTest : public ::testing::Test {
protected:
    /// A replay of `text` with the options, made anew as after a restart.
    std::unique_ptr<Connector> make(const std::string& options)
    {
        SourceSection section("replay", options);
        auto made = section.make(http_, clock_);
        EXPECT_EQ(section.problems(), "");
        return made;
    }
    std::string file_option(const std::string& text)
    {
        return "file = \"" + write_file(folder_.file("posts.jsonl"), text) + "\"\n";
    }
    Page fetch(const std::string& options, const std::string& cursor)
    {
        const auto page = run(make(options)->fetch(cursor));
        EXPECT_TRUE(page) << page.error().message;
        return page ? *page : Page();
    }

    TemporaryFolder folder_;
    FakeClock clock_{today};
    FakeHttp http_;
};

TEST_F(ReplayTest, HandsLinesOutWhenTheirTimeHasCome)
{
    const auto options = file_option(five_posts()) + "speed = 2";

    Page page = fetch(options, "");
    EXPECT_EQ(ids(page), "p0");
    EXPECT_FALSE(page.more);

    clock_.advance(4999ms); // p1 is due after 10 s at double speed.
    page = fetch(options, page.cursor);
    EXPECT_EQ(ids(page), "");
    EXPECT_TRUE(page.unchanged);

    clock_.advance(1ms);
    page = fetch(options, page.cursor);
    EXPECT_EQ(ids(page), "p1");

    clock_.advance(60s);
    page = fetch(options, page.cursor);
    EXPECT_EQ(ids(page), "p2 p3 p4");
    EXPECT_FALSE(page.unchanged);

    page = fetch(options, page.cursor);
    EXPECT_EQ(ids(page), "");
    EXPECT_TRUE(page.unchanged);
    EXPECT_FALSE(page.more);
}

TEST_F(ReplayTest, MovesTheLastLineToTheEndOfTheReplay)
{
    const auto options = file_option(five_posts()) + "speed = 4";

    const Page first = fetch(options, "");

    // 40 s of recording take 10 s: p4 falls on today + 10 s, p0 40 s before that.
    ASSERT_EQ(ids(first), "p0");
    EXPECT_EQ(first.posts[0].published_at, today + 10s - 40s);
    EXPECT_EQ(first.posts[0].seen_at, today + 10s - 40s);
    EXPECT_EQ(first.posts[0].published_text, "2026-03-02T06:00:00Z");
    EXPECT_EQ(first.as_of, today + 10s - 40s);

    clock_.advance(10s);
    const Page rest = fetch(options, first.cursor);
    ASSERT_EQ(ids(rest), "p1 p2 p3 p4");
    EXPECT_EQ(rest.posts.back().published_at, today + 10s);
    EXPECT_EQ(rest.as_of, today + 10s);
}

TEST_F(ReplayTest, NeverHandsOutThePublishedFutureAtAnySpeed)
{
    for (const std::string speed : {"0", "1", "1.5", "60", "1000000"}) {
        clock_.set(today);
        const auto options = file_option(five_posts()) + "batch = 1\nspeed = " + speed;
        std::string cursor;
        for (int i = 0; i < 90; ++i) {
            const Page page = fetch(options, cursor);
            for (const Post& post : page.posts) {
                EXPECT_LE(post.published_at, clock_.now()) << speed;
            }
            if (page.as_of) {
                EXPECT_LE(*page.as_of, clock_.now()) << speed;
            }
            cursor = page.cursor;
            clock_.advance(1s);
        }
        EXPECT_TRUE(fetch(options, cursor).unchanged);
    }
}

TEST_F(ReplayTest, LeavesTimesAsWrittenWhenAsked)
{
    const auto options = file_option(five_posts()) + "speed = 0\nshift = \"none\"";

    const Page page = fetch(options, "");

    ASSERT_EQ(ids(page), "p0 p1 p2 p3 p4");
    EXPECT_EQ(page.posts[4].published_at, recorded + 40s);
    EXPECT_EQ(page.as_of, recorded + 40s);
    const Page after = fetch(options, page.cursor);
    EXPECT_TRUE(after.unchanged);
    EXPECT_EQ(after.as_of, recorded + 40s) << "the recording's time stands still at its end";
}

TEST_F(ReplayTest, TellsTheRecordingsTimeWhileNothingIsDue)
{
    const auto options = file_option(five_posts()) + "speed = 1\nshift = \"none\"";
    const Page first = fetch(options, "");

    clock_.advance(7s);
    const Page waiting = fetch(options, first.cursor);

    EXPECT_TRUE(waiting.unchanged);
    EXPECT_EQ(waiting.as_of, recorded + 7s);
}

TEST_F(ReplayTest, GoesOnExactlyAfterEveryRestart)
{
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += post_line("p" + std::to_string(i), recorded + i * 1s);
    }
    const auto options = file_option(text) + "speed = 0\nbatch = 7";

    std::string cursor;
    int next = 0;
    Page page;
    do {
        page = fetch(options, cursor);
        clock_.advance(cursor.empty() ? 0s : 1s);
        const Page again = fetch(options, cursor); // Killed before the page was kept.
        ASSERT_EQ(ids(again), ids(page));
        ASSERT_EQ(again.cursor, page.cursor);
        for (const Post& post : page.posts) {
            ASSERT_EQ(post.key.id, "p" + std::to_string(next++));
            ASSERT_EQ(post.published_at, today - 999s + (next - 1) * 1s);
        }
        cursor = page.cursor;
    } while (page.more);
    EXPECT_EQ(next, 1000);
    EXPECT_TRUE(fetch(options, cursor).unchanged);
}

TEST_F(ReplayTest, CountsRejectedLinesAndGoesOn)
{
    const auto options = file_option(post_line("p0", recorded) + "{broken\n\n" +
                                     std::string(replay_line_bytes_max + 1, 'x') + "\n" +
                                     post_line("p1", recorded)) +
                         "speed = 0";

    const Page page = fetch(options, "");

    EXPECT_EQ(ids(page), "p0 p1");
    ASSERT_EQ(page.rejected.size(), 2u);
    EXPECT_EQ(page.rejected[0].sample, "{broken");
    EXPECT_EQ(page.rejected[1].reason, "the line is longer than 1 MiB");
    EXPECT_EQ(page.rejected[1].sample.size(), 4096u);
}

TEST_F(ReplayTest, DeliversCountsDeletionsAndLinesOutOfOrderInTheOrderOfTheFile)
{
    const auto options =
        file_option(post_line("late", recorded + 60s) + post_line("early", recorded) +
                    R"({"type":"engagement","at":"2026-03-02T06:01:00Z","id":"late","likes":4})"
                    "\n"
                    R"({"type":"deletion","at":"2026-03-02T06:01:00Z","id":"early"})") +
        "speed = 1\nshift = \"none\"";

    const Page page = fetch(options, "");

    EXPECT_EQ(ids(page), "late early");
    EXPECT_EQ(page.posts[1].published_at, recorded);
    ASSERT_EQ(page.observations.size(), 1u);
    EXPECT_EQ(page.observations[0].at, recorded + 60s);
    EXPECT_EQ(page.observations[0].engagement.likes, 4u);
    ASSERT_EQ(page.deletions.size(), 1u);
    EXPECT_EQ(page.deletions[0], (PostKey{"replay", "early"}));
}

TEST_F(ReplayTest, MergesFilesByTime)
{
    const auto a =
        write_file(folder_.file("a"), post_line("a0", recorded) + post_line("a2", recorded + 20s));
    const auto b = write_file(folder_.file("b"),
                              post_line("b1", recorded + 10s) + post_line("b3", recorded + 30s));
    const auto options = "files = [\"" + b + "\", \"" + a + "\"]\nspeed = 0\n";

    EXPECT_EQ(ids(fetch(options, "")), "a0 b1 a2 b3");

    // One file is known to the cursor, the other is new: it is played from its beginning.
    const Page one = fetch("speed = 0\nfile = \"" + a + "\"", "");
    EXPECT_EQ(ids(one), "a0 a2");
    EXPECT_EQ(ids(fetch(options, one.cursor)), "b1 b3");
}

TEST_F(ReplayTest, PlaysLinesWithoutATimeAtOnceAndNow)
{
    const auto options =
        file_option("{\"id\":\"1\",\"text\":\"x\"}\n{\"id\":\"2\",\"text\":\"y\"}");

    const Page page = fetch(options, "");

    ASSERT_EQ(ids(page), "1 2");
    EXPECT_EQ(page.posts[0].published_at, today);
    EXPECT_EQ(page.posts[0].published_text, "");
}

TEST_F(ReplayTest, FollowsAFileThatGrows)
{
    const auto path = write_file(folder_.file("posts.jsonl"), post_line("p0", recorded));
    const auto options = "file = \"" + path + "\"";
    const Page first = fetch(options, "");
    ASSERT_EQ(ids(first), "p0");

    std::ofstream(path, std::ios::app) << post_line("p1", recorded + 5s);

    clock_.advance(4s);
    EXPECT_EQ(ids(fetch(options, first.cursor)), "");
    clock_.advance(1s);
    EXPECT_EQ(ids(fetch(options, first.cursor)), "p1");
}

TEST_F(ReplayTest, FailsClearlyWhenTheFileIsNotWhatItWas)
{
    const auto options = file_option(five_posts()) + "speed = 0";
    const Page page = fetch(options, "");

    write_file(folder_.file("posts.jsonl"), "short\n");
    const auto cut = run(make(options)->fetch(page.cursor));
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().kind, ErrorKind::malformed);
    EXPECT_NE(cut.error().message.find("cut off or replaced"), std::string::npos);

    std::filesystem::remove(folder_.file("posts.jsonl"));
    const auto gone = run(make(options)->fetch(page.cursor));
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().kind, ErrorKind::not_found);
}

TEST_F(ReplayTest, RefusesACursorItCannotRead)
{
    const auto options = file_option(five_posts());
    for (const std::string cursor :
         {"x", "{}", R"({"v":2,"start":0,"first":0,"last":0,"files":{}})",
          R"({"v":1,"start":0,"first":0,"files":{}})",
          R"({"v":1,"start":0,"first":0,"last":0,"files":{"a":-1}})",
          R"({"v":1,"start":0,"first":0,"last":0,"files":[]})"}) {
        const auto page = run(make(options)->fetch(cursor));
        ASSERT_FALSE(page) << cursor;
        EXPECT_EQ(page.error().kind, ErrorKind::malformed) << cursor;
        EXPECT_NE(page.error().message.find("cursor"), std::string::npos) << cursor;
    }
}

TEST_F(ReplayTest, ReportsWrongOptions)
{
    const struct {
        std::string options;
        std::string words;
    } cases[] = {
        {"", "file is missing"},
        {"file = \"a\"\nspeed = 0.5", "into the future"},
        {"file = \"a\"\nspeed = -1", "speed is -1"},
        {"file = \"a\"\nshift = \"back\"", "must be one of"},
        {"file = \"a\"\nbatch = 0", "batch is 0"},
        {"file = \"a\"\nfiles = [\"a\"]", "twice"},
        {"file = \"a\"\nfiles = [3]", "must be texts only"},
    };
    for (const auto& one : cases) {
        SourceSection section("replay", one.options);
        EXPECT_EQ(section.make(http_, clock_), nullptr) << one.options;
        EXPECT_NE(section.problems().find(one.words), std::string::npos) << section.problems();
    }
}

TEST_F(ReplayTest, CannotBeAskedAgain)
{
    EXPECT_EQ(make(file_option(five_posts()))->observe_ids_max(), 0u);
}

TEST_F(ReplayTest, PlaysTheShippedWeekCompletely)
{
    const std::string options =
        "file = \"" EMPATHD_SOURCE_DIR "/config/demo/week.jsonl\"\nspeed = 0";
    std::map<PostKey, int> posts;
    std::size_t observations = 0;
    std::string cursor;
    Page page;
    do {
        page = fetch(options, cursor);
        ASSERT_TRUE(page.rejected.empty()) << page.rejected[0].reason << page.rejected[0].sample;
        ASSERT_LE(page.posts.size() + page.observations.size() + page.deletions.size(), 200u);
        for (const Post& post : page.posts) {
            EXPECT_EQ(++posts[post.key], 1) << post.key.id;
        }
        for (const Observation& observation : page.observations) {
            EXPECT_TRUE(posts.contains(observation.key)) << observation.key.id;
        }
        observations += page.observations.size();
        cursor = page.cursor;
    } while (page.more);
    EXPECT_GT(posts.size(), 500u);
    EXPECT_GT(observations, posts.size());
}

} // namespace
} // namespace empathd::connectors
