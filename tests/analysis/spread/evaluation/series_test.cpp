#include "analysis/spread/evaluation/series.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace empathd::spread_evaluation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(FrontPage, ReadsScoresByTimeAndTheLastAsTheEnd)
{
    const SeriesSet set = read_front_page("#id\tauthor\tcreated\ttitle\tpolls\n"
                                          "2\ta\t\tb\t200,1,5,0;2000,3,9,1\n"
                                          "1\ta\t\tb\t100,1,7,-1\n");
    ASSERT_EQ(set.series.size(), 2u);
    EXPECT_EQ(set.series[0].polls[0].at, from_unix_ms(100'000)) << "by first poll";
    const Series& story = set.series[1];
    ASSERT_EQ(story.polls.size(), 2u);
    EXPECT_EQ(story.polls[1].count, 9);
    EXPECT_EQ(story.end, 9);
    EXPECT_EQ(story.end_known_at, from_unix_ms(2'000'000) + hours{24});
    EXPECT_EQ(story.published_at, TimePoint{});
    EXPECT_EQ(set.unread, 0u);
}

TEST(FrontPage, LeavesOutLinesThatItCannotRead)
{
    for (const char* line : {"1\ta\t\tb\tx,1,5,0", "1\ta\t\tb\t100,1,5", "1\ta\t\tb\t100,1,x,0",
                             "nothing", "1\ta\t\tb\t100,1,5,0;;"}) {
        const SeriesSet set = read_front_page(line);
        EXPECT_TRUE(set.series.empty()) << line;
        EXPECT_EQ(set.unread, 1u) << line;
    }
    EXPECT_TRUE(read_front_page("").series.empty());
}

TEST(Cascades, ArePolledOnScheduleForSevenDays)
{
    const CascadeColumns columns{.published = 0, .delays = 1, .between = ';', .unit_s = 60};
    const SeriesSet set =
        read_cascades("1000\t1:r;4:q;9:r;20000:r;2:r\n0\t1:r\n1000\n1000\tx\n", columns, "there");

    EXPECT_EQ(set.platform, "there");
    EXPECT_EQ(set.unread, 3u) << "no time, no delays, no number";
    ASSERT_EQ(set.series.size(), 1u);
    const Series& cascade = set.series[0];
    const TimePoint published = from_unix_ms(1'000'000);
    ASSERT_GE(cascade.polls.size(), 4u);
    EXPECT_EQ(cascade.polls[0].count, 0);
    EXPECT_EQ(cascade.polls[1].at, published + minutes{5});
    EXPECT_EQ(cascade.polls[1].count, 3);
    EXPECT_EQ(cascade.polls[2].at, published + minutes{10});
    EXPECT_EQ(cascade.polls[2].count, 4);
    EXPECT_EQ(cascade.polls[3].at, published + minutes{20});
    EXPECT_EQ(cascade.end, 4) << "the last came after seven days";
    EXPECT_EQ(cascade.end_known_at, published + hours{7 * 24});
}

TEST(ReadFile, UnpacksGzipAndReadsTheRestAsItIs)
{
    const testing::TemporaryFolder folder;
    const std::string path = (folder.path() / "file").string();
    for (const char* mode : {"wb", "wbT"}) { // T: not packed
        gzFile file = gzopen(path.c_str(), mode);
        ASSERT_EQ(gzwrite(file, "a\nb", 3), 3);
        gzclose(file);
        const auto text = read_file(path);
        ASSERT_TRUE(text);
        EXPECT_EQ(*text, "a\nb");
    }
    EXPECT_EQ(read_file(path + ".none").error().kind, ErrorKind::not_found);
}

} // namespace
} // namespace empathd::spread_evaluation
