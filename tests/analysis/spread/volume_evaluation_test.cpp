#include "analysis/spread/volume_evaluation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;

const TimePoint monday = from_unix_ms(1'772'409'600'000);

/// `days` of about 100 an hour with an outburst of four hours on day 15 at noon.
std::vector<VolumeBin> series(int days, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::poisson_distribution<std::uint64_t> usual(100);
    std::vector<VolumeBin> bins;
    for (int i = 0; i < days * 24; ++i) {
        const bool outburst = i >= 15 * 24 + 12 && i < 15 * 24 + 16;
        bins.push_back({.start = monday + hours{i}, .count = usual(random) * (outburst ? 8U : 1U)});
    }
    return bins;
}

const VolumeWindow outburst{.from = monday + hours{15 * 24 + 10},
                            .to = monday + hours{15 * 24 + 20}};

TEST(VolumeEvaluation, CountsWhatWasFoundAndWhatWasFalse)
{
    const auto done = evaluate(series(30, 1), {outburst}, {}).value();

    EXPECT_NEAR(done.days, 25.5, 0.1);
    for (const VolumeScore& score : {done.detector, done.sigma}) {
        EXPECT_EQ(score.windows, 1u);
        EXPECT_EQ(score.windows_found, 1u);
        EXPECT_EQ(score.false_alarms, score.alarms.size() - 1);
        EXPECT_NEAR(score.alarms_a_day, static_cast<double>(score.alarms.size()) / done.days, 1e-9);
    }
    EXPECT_EQ(done.detector.false_alarms, 0u);
}

TEST(VolumeEvaluation, TakesAlarmsOutsideTheWindowsForFalse)
{
    const VolumeWindow elsewhere{.from = monday + hours{20 * 24}, .to = monday + hours{21 * 24}};
    const auto done = evaluate(series(30, 1), {elsewhere}, {}).value();

    EXPECT_EQ(done.detector.windows_found, 0u);
    EXPECT_EQ(done.detector.false_alarms, 1u);
    EXPECT_NEAR(done.detector.false_alarms_a_day, 1 / done.days, 1e-9);
}

TEST(VolumeEvaluation, LeavesOutWhatLiesInTheWarmUp)
{
    const auto done = evaluate(series(30, 1), {outburst}, {}, 0.6).value();

    EXPECT_EQ(done.detector.windows, 0u);
    EXPECT_EQ(done.detector.alarms.size(), 0u);
}

TEST(VolumeEvaluation, PassesOnWhatTheDetectorRefuses)
{
    std::vector<VolumeBin> bins = series(3, 1);
    std::swap(bins[5], bins[6]);

    EXPECT_EQ(evaluate(bins, {}, {}).error().kind, ErrorKind::malformed);
    EXPECT_EQ(evaluate({}, {}, {})->days, 0);
}

TEST(ToBins, SumsSamplesAndLeavesOutBinsWithHoles)
{
    std::vector<VolumeBin> samples;
    for (const int minute : {2, 7, 12, 17, 22, /* 27 is missing */ 32, 37, 42}) {
        samples.push_back({.start = monday + minutes{minute}, .count = 10});
    }
    std::vector<TimePoint> starts;
    for (const VolumeBin& bin : to_bins(samples, minutes{5}, minutes{15})) {
        EXPECT_EQ(bin.count, 30u);
        starts.push_back(bin.start);
    }
    EXPECT_THAT(starts, ElementsAre(monday, monday + minutes{30}));
}

} // namespace
} // namespace empathd::analysis
