#include "analysis/model/state_bytes.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <limits>

namespace empathd {
namespace {

std::string sample()
{
    StateWriter writer("SMPL", 3);
    writer.whole(std::numeric_limits<std::uint64_t>::max());
    writer.time_ms(-5);
    writer.number(0.1);
    return std::move(writer).finish();
}

TEST(StateBytes, ComeBackToTheLastBit)
{
    const std::string bytes = sample();
    Result<StateReader> reader = StateReader::open(bytes, "SMPL", 3);

    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->whole(), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(reader->time_ms(), -5);
    EXPECT_FALSE(reader->complete());
    EXPECT_EQ(std::bit_cast<std::uint64_t>(reader->number(0, 1)),
              std::bit_cast<std::uint64_t>(0.1));
    EXPECT_TRUE(reader->complete());
}

TEST(StateBytes, AreLittleEndianEverywhere)
{
    StateWriter writer("SMPL", 0x0102);
    writer.whole(0x0A0B);

    EXPECT_EQ(std::move(writer).finish().substr(0, 16),
              std::string("SMPL\x02\x01\0\0\x0B\x0A\0\0\0\0\0\0", 16));
}

TEST(StateBytes, OfAnotherNameOrVersionAreRefused)
{
    const std::string bytes = sample();

    EXPECT_EQ(StateReader::open(bytes, "OTHR", 3).error().kind, ErrorKind::malformed);
    EXPECT_EQ(StateReader::open(bytes, "SMPL", 2).error().kind, ErrorKind::malformed);
}

TEST(StateBytes, CutOrChangedAnywhereAreRefused)
{
    const std::string bytes = sample();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        EXPECT_FALSE(StateReader::open(bytes.substr(0, i), "SMPL", 3)) << i;
        for (int bit = 0; bit < 8; ++bit) {
            std::string changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
            EXPECT_FALSE(StateReader::open(changed, "SMPL", 3)) << i << ' ' << bit;
        }
    }
}

TEST(StateBytes, EndWithTheirLastValue)
{
    const std::string bytes = sample();
    Result<StateReader> reader = StateReader::open(bytes, "SMPL", 3);
    for (int i = 0; i < 3; ++i) {
        (void)reader->whole();
    }
    EXPECT_TRUE(reader->complete());
    EXPECT_EQ(reader->whole(), 0u);
    EXPECT_FALSE(reader->complete());
}

TEST(StateBytes, ValuesOutsideTheirRangeSpoilTheState)
{
    StateWriter writer("SMPL", 1);
    for (const double value :
         {2.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        writer.number(value);
    }
    writer.whole(11);
    const std::string bytes = std::move(writer).finish();
    Result<StateReader> reader = StateReader::open(bytes, "SMPL", 1);

    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(reader->number(-1, 1), -1);
    }
    EXPECT_EQ(reader->whole_up_to(10), 0u);
    EXPECT_FALSE(reader->complete());
}

} // namespace
} // namespace empathd
