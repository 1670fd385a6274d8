#include "connectors/registry.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_http.hpp"
#include "tests/support/source_section.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace empathd::connectors {
namespace {

using testing::FakeClock;
using testing::FakeHttp;
using testing::SourceSection;

TEST(Registry, NamesItsConnectorsInOrder)
{
    const auto names = connector_names();

    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    EXPECT_THAT(names, ::testing::IsSupersetOf({"hackernews", "mastodon", "replay"}));
}

TEST(Registry, MakesAConnectorByItsName)
{
    FakeHttp http;
    const FakeClock clock{TimePoint{}};
    SourceSection section("replay", "file = \"never opened\"");

    EXPECT_NE(section.make(http, clock), nullptr);
    EXPECT_EQ(section.problems(), "");
}

TEST(Registry, NamesTheNearestOfAMistypedConnector)
{
    FakeHttp http;
    const FakeClock clock{TimePoint{}};
    SourceSection section("mastadon", "");

    EXPECT_EQ(section.make(http, clock), nullptr);

    EXPECT_NE(section.problems().find("test.toml:3:1: source 'test source': no connector is called "
                                      "\"mastadon\", the nearest are \"mastodon\""),
              std::string::npos)
        << section.problems();
}

TEST(Registry, MakesNothingWhenAnOptionIsWrong)
{
    FakeHttp http;
    const FakeClock clock{TimePoint{}};
    SourceSection section("replay", "file = \"x\"\nbatch = \"many\"");

    EXPECT_EQ(section.make(http, clock), nullptr);
    EXPECT_NE(section.problems().find("batch must be a whole number"), std::string::npos);
}

} // namespace
} // namespace empathd::connectors
