#include "analysis/spread/evaluation/volumes.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace empathd::spread_evaluation {
namespace {

TEST(Volumes, AreReadAndWhatIsNoneIsLeftOut)
{
    const auto samples = read_volume("timestamp,value\n2015-02-26 21:42:53,104\nnonsense\n"
                                     "2015-02-26 21:47:53,100\n2015-02-26 21:47:53,1\n"
                                     "2015-02-26 21:52:53,x\n2015-02-26 21:57:53,7");

    ASSERT_EQ(samples.size(), 3U);
    EXPECT_EQ(to_rfc3339(samples[0].start), "2015-02-26T21:42:53Z");
    EXPECT_EQ(samples[0].count, 104U);
    EXPECT_EQ(samples[2].count, 7U);
    EXPECT_TRUE(read_volume("").empty());
}

TEST(Volumes, ArePrintedAsAlarmsADay)
{
    std::vector<analysis::VolumeBin> samples;
    const TimePoint start = *parse_rfc3339("2015-02-26T00:00:00Z");
    for (int i = 0; i < 12 * 24 * 20; ++i) {
        const bool burst = i >= 12 * 24 * 15 && i < 12 * (24 * 15 + 3);
        samples.push_back({.start = start + std::chrono::minutes{5 * i},
                           .count = static_cast<std::uint64_t>(burst ? 300 : 20 + i % 5)});
    }
    std::ostringstream out;
    print_volume(out, "brand", samples);

    EXPECT_NE(out.str().find("brand: 5760 samples"), std::string::npos);
    EXPECT_NE(out.str().find("of the three-sigma rule"), std::string::npos);
    EXPECT_EQ(out.str().find(" 0.00 alarms a day at 60 min"), std::string::npos) << out.str();
}

} // namespace
} // namespace empathd::spread_evaluation
