#include "analysis/spread/bytes.hpp"
#include "analysis/spread/forecaster.hpp"

#include "tests/analysis/spread/simulated.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd::analysis {
namespace {

using testing::live_through;
using testing::simulated_set;

const spread_evaluation::SeriesSet& some_posts()
{
    static const auto set = simulated_set(PriorKind::microblog, 200, 12);
    return set;
}

Forecaster taught()
{
    Forecaster forecaster;
    auto set = some_posts();
    set.series.resize(150);
    live_through(forecaster, set);
    forecaster.set_threshold("fixed", 123);
    return forecaster;
}

/// With a checksum that is right, as if save had made it.
std::string sealed(std::string body)
{
    ByteWriter seal;
    seal.u64(checksum(body));
    return body + seal.out();
}

TEST(ForecasterFile, AnswersTheSameToTheLastBitAndGoesOnLearning)
{
    Forecaster saved = taught();
    auto loaded = Forecaster::load(saved.save());
    ASSERT_TRUE(loaded) << loaded.error().message;

    for (int round = 0; round < 2; ++round) {
        for (const auto& series : some_posts().series) {
            Track track;
            for (const auto& seen : series.polls) {
                update(track, seen.count, seen.at);
                ASSERT_EQ(saved.forecast("somewhere", track, seen.at),
                          loaded->forecast("somewhere", track, seen.at));
            }
        }
        live_through(saved, some_posts(), 150);
        live_through(*loaded, some_posts(), 150);
    }
    EXPECT_EQ(saved.save(), loaded->save());
    EXPECT_EQ(loaded->threshold("fixed"), 123);
}

TEST(ForecasterFile, KeepsHowFarPostsHaveMatured)
{
    Forecaster forecaster;
    forecaster.mature_due(testing::simulated_start);
    const auto loaded = Forecaster::load(forecaster.save());
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->matured_until(), testing::simulated_start);
    EXPECT_TRUE(loaded->report().empty());
}

TEST(ForecasterFile, RefusesBytesThatEndEarlyOrLate)
{
    const std::string bytes = taught().save();
    for (std::size_t size = 0; size < bytes.size(); size += size < 64 ? 1 : 997) {
        EXPECT_FALSE(Forecaster::load(std::string_view(bytes).substr(0, size))) << size;
    }
    EXPECT_FALSE(Forecaster::load(bytes + 'x'));
    EXPECT_TRUE(Forecaster::load(bytes));
}

TEST(ForecasterFile, RefusesTruncationsThatAreSealedAgain)
{
    const std::string bytes = taught().save();
    for (std::size_t size = 12; size < bytes.size() - 8; size += 4'999) {
        const auto loaded = Forecaster::load(sealed(bytes.substr(0, size)));
        ASSERT_FALSE(loaded) << size;
        EXPECT_EQ(loaded.error().kind, ErrorKind::malformed);
    }
    EXPECT_FALSE(Forecaster::load(sealed(bytes.substr(0, bytes.size() - 8) + "more")));
}

TEST(ForecasterFile, RefusesAnyFlippedBit)
{
    const std::string bytes = taught().save();
    for (std::size_t i = 0; i < 200; ++i) {
        std::string damaged = bytes;
        const std::size_t at = i * bytes.size() / 200;
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << (i % 8)));
        EXPECT_FALSE(Forecaster::load(damaged)) << at;
    }
}

TEST(ForecasterFile, NeverCrashesOnDamageThatIsSealedAgain)
{
    const std::string bytes = taught().save();
    const std::string body = bytes.substr(0, bytes.size() - 8);
    Chance chance(5);
    for (int i = 0; i < 200; ++i) {
        std::string damaged = body;
        damaged[chance.bits() % damaged.size()] = static_cast<char>(chance.bits());
        auto loaded = Forecaster::load(sealed(damaged));
        if (loaded) { // Then it must serve.
            const Track track = begin(5, testing::simulated_start);
            const Forecast forecast =
                loaded->forecast("somewhere", track, testing::simulated_start);
            EXPECT_LE(forecast.now, forecast.high);
        }
    }
}

TEST(ForecasterFile, RefusesOtherFilesAndVersions)
{
    EXPECT_FALSE(Forecaster::load(""));
    EXPECT_FALSE(Forecaster::load("EMPATHDM and more of a model than of a forecast"));
    std::string body = Forecaster().save();
    body.resize(body.size() - 8);
    ASSERT_TRUE(Forecaster::load(sealed(body)));
    body[8] = 2;
    const auto loaded = Forecaster::load(sealed(body));
    ASSERT_FALSE(loaded);
    EXPECT_NE(loaded.error().message.find("version 2"), std::string::npos);
}

TEST(ForecasterFile, RefusesNumbersThatAreNone)
{
    ByteReader reader(std::string_view("\0\0\xc0\x7f", 4)); // a quiet NaN
    EXPECT_EQ(reader.f32(), 0);
    EXPECT_FALSE(reader.good());
    ByteReader huge(std::string_view("\xff\xff\xff\xff", 4));
    EXPECT_EQ(huge.count(0xffffffff, 8), 0u);
    EXPECT_FALSE(huge.good());
}

} // namespace
} // namespace empathd::analysis
