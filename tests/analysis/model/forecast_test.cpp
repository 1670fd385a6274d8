#include "analysis/model/forecast.hpp"

#include <gtest/gtest.h>

namespace empathd {
namespace {

TEST(Forecast, HasNothingBehindItUnlessSomethingWasGiven)
{
    EXPECT_EQ(Forecast{}.calibration, Calibration::nothing);
}

TEST(Calibration, IsNamedAsItIsSpelt)
{
    EXPECT_EQ(to_string(Calibration::nothing), "nothing");
    EXPECT_EQ(to_string(Calibration::prior), "prior");
    EXPECT_EQ(to_string(Calibration::own), "own");
    EXPECT_EQ(to_string(static_cast<Calibration>(9)), "unknown");
}

} // namespace
} // namespace empathd
