#include "tests/support/desk_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using namespace testing;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const TimePoint start = desk_start; // A full hour.

Post post_by(const std::string& author)
{
    Post post;
    post.key = {"chatter", author};
    post.author = author;
    return post;
}

/// So many complaints by as many people in this hour, then its end.
std::vector<Volumes::Verdict> hour_with(Volumes& volumes, int hour, int complaints,
                                        const std::string& reason = "staff", bool blind = false)
{
    const TimePoint begin = start + hours{hour};
    for (int i = 0; i < complaints; ++i) {
        volumes.count(post_by("author " + std::to_string(i)), "Acme", reason, begin + minutes{i});
    }
    return volumes.close(begin + hours{1}, blind);
}

/// A week of two complaints an hour.
Volumes a_usual_week()
{
    Volumes volumes;
    (void)volumes.close(start, false);
    for (int hour = 0; hour < 168; ++hour) {
        for (const auto& verdict : hour_with(volumes, hour, 2)) {
            EXPECT_FALSE(verdict.volume.alarm);
        }
    }
    return volumes;
}

TEST(Volumes, GiveAlarmWhenManyMoreComplainThanUsual)
{
    Volumes volumes = a_usual_week();

    const auto verdicts = hour_with(volumes, 168, 30);

    ASSERT_THAT(verdicts, SizeIs(2));
    EXPECT_EQ(verdicts[0].reason, "");
    EXPECT_EQ(verdicts[1].reason, "staff");
    EXPECT_TRUE(verdicts[0].volume.begins);
    EXPECT_TRUE(verdicts[1].volume.begins);
    EXPECT_EQ(title_of(verdicts[0]), "30 complaints in an hour, usual are 2");
    EXPECT_EQ(title_of(verdicts[1]), "30 complaints about staff in an hour, usual are 2");
}

TEST(Volumes, GiveNoAlarmForOnePersonWhoComplainsOften)
{
    Volumes volumes = a_usual_week();
    for (int i = 0; i < 30; ++i) {
        volumes.count(post_by("one"), "Acme", "staff", start + hours{168} + minutes{i});
    }
    for (const auto& verdict : volumes.close(start + hours{169}, false)) {
        EXPECT_FALSE(verdict.volume.alarm);
    }
}

TEST(Volumes, CountAnHourWithoutComplaintsAsZeroOnceABrandIsKnown)
{
    Volumes volumes;
    (void)volumes.close(start, false);
    EXPECT_THAT(volumes.close(start + hours{1}, false), IsEmpty());
    (void)hour_with(volumes, 1, 1, "none");
    const auto verdicts = volumes.close(start + hours{3}, false);
    ASSERT_THAT(verdicts, SizeIs(1)) << "no reason, no series of it";
    EXPECT_EQ(verdicts[0].volume.seen, 0u);
}

TEST(Volumes, SkipAnHourInWhichASourceWasBlindOrThatWasNotWatchedWhole)
{
    Volumes volumes;
    EXPECT_THAT(hour_with(volumes, 0, 3), IsEmpty()) << "nobody saw its beginning";
    EXPECT_THAT(hour_with(volumes, 1, 3, "staff", true), IsEmpty());
    EXPECT_THAT(hour_with(volumes, 2, 3), SizeIs(2));
    EXPECT_THAT(hour_with(volumes, 5, 3), IsEmpty()) << "two hours were not watched";
    EXPECT_THAT(hour_with(volumes, 6, 3), SizeIs(2));
}

TEST(Volumes, SurviveARestartInTheMiddleOfAnHourBitForBit)
{
    Volumes whole = a_usual_week();
    Volumes before = a_usual_week();
    const auto first_half = [](Volumes& volumes) {
        volumes.count(post_by("a"), "Acme", "staff", start + hours{168});
        volumes.count(post_by("b"), "Brio", "", start + hours{168});
    };
    first_half(whole);
    first_half(before);
    Volumes after;
    ASSERT_TRUE(after.load(before.save()));
    ASSERT_TRUE(before.hour_changed());
    ASSERT_TRUE(after.load_hour(before.save_hour()));
    for (Volumes* one : {&whole, &after}) {
        one->count(post_by("a"), "Acme", "staff", start + hours{168} + minutes{30});
        (void)one->close(start + hours{169}, false);
        (void)hour_with(*one, 169, 40);
    }

    EXPECT_EQ(after.save(), whole.save());
    EXPECT_EQ(after.series(), 3u);
}

TEST(Volumes, CannotBeReadFromDamagedBytes)
{
    Volumes volumes = a_usual_week();
    volumes.count(post_by("a"), "Acme", "staff", start + hours{168});
    std::string bytes = volumes.save();
    std::string hour = volumes.save_hour();
    for (std::string* one : {&bytes, &hour}) {
        (*one)[one->size() / 2] = static_cast<char>((*one)[one->size() / 2] ^ 1);
    }
    Volumes fresh;
    EXPECT_FALSE(fresh.load(bytes));
    EXPECT_FALSE(fresh.load_hour(hour));
    EXPECT_FALSE(fresh.load(""));
    EXPECT_FALSE(fresh.load_hour("x"));
}

/// Complaints that have nothing in common, each by somebody else.
AnalysedPost lone_complaint(int number, TimePoint at)
{
    const std::string id = std::to_string(number);
    return desk_post(id, "Acme w" + id + "a w" + id + "b w" + id + "c w" + id + "d", at);
}

struct Told {
    std::vector<Alert> alerts;
    std::string detectors;
};

/// A week of one complaint in every other hour, then one hour of many; perhaps with a restart in
/// the middle of that.
Told week_and_outburst(bool with_restart)
{
    StoryDesk desk{DeskOptions{}};
    DeskRecord record;
    Told told;
    int number = 0;
    const auto page = [&](const DeskInput& input) {
        const DeskOutput out = desk.take(input);
        record.add(input, out);
        told.alerts.insert(told.alerts.end(), out.alerts.begin(), out.alerts.end());
    };
    page(desk_page(start - minutes{30}));
    for (int hour = 0; hour < 168; hour += 2) {
        DeskInput input = desk_page(start + hours{hour} + minutes{1});
        input.posts.push_back(lone_complaint(number++, input.at));
        page(input);
    }
    EXPECT_THAT(told.alerts, IsEmpty());
    for (int i = 0; i < 24; ++i) {
        if (with_restart && i == 12) {
            desk = StoryDesk(DeskOptions{});
            const auto stands = desk.restore(record.state(), analysis::Officials({}));
            EXPECT_TRUE(stands) << stands.error().message;
        }
        DeskInput input = desk_page(start + hours{168} + minutes{2 * i});
        input.posts.push_back(lone_complaint(number++, input.at));
        page(input);
    }
    page(desk_page(start + hours{170}));
    page(desk_page(start + hours{180}));
    told.detectors = desk.volumes().save();
    return told;
}

TEST(Volumes, RaiseANoticeThatIsOverWhenTheAlarmIs)
{
    const Told told = week_and_outburst(false);

    ASSERT_THAT(told.alerts, SizeIs(2));
    EXPECT_EQ(told.alerts[0].reason, AlertReason::volume);
    EXPECT_EQ(told.alerts[0].incident.brand, "Acme");
    EXPECT_THAT(told.alerts[0].summary, HasSubstr("24 complaints in an hour"));
    EXPECT_EQ(told.alerts[1].reason, AlertReason::faded);
}

TEST(Volumes, OfADeskSurviveARestartBitForBit)
{
    const Told whole = week_and_outburst(false);
    const Told restarted = week_and_outburst(true);

    EXPECT_EQ(restarted.detectors, whole.detectors);
    ASSERT_EQ(restarted.alerts.size(), whole.alerts.size());
    for (std::size_t i = 0; i < whole.alerts.size(); ++i) {
        EXPECT_EQ(restarted.alerts[i].key, whole.alerts[i].key);
    }
}

} // namespace
} // namespace empathd
