#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace empathd::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> messages(const Config& config)
{
    std::vector<std::string> out;
    for (const Problem& problem : *config.problems) {
        out.push_back(to_string(problem));
    }
    return out;
}

constexpr const char* good = R"(
[store]
path = "x.db"
keep_posts_days = 30

[analysis]
model = "own.bin"

[http]
listen = "unix:/run/empathd.sock"

[redis]
address = "127.0.0.1:7000"
groups = ["pager"]

[alerts]
pages_per_day = 3

[[webhook]]
name = "desk"
url = "https://hooks.example/x/"

[[watch]]
name = "Acme"
terms = ["acme", "AcmeBox"]
accent_sensitive_terms = ["Phở Acme"]
exclusions = ["acme corner"]

[[source]]
name = "forum"
connector = "feed"
audience = "employee"
poll_s = 60
reread_budget_per_hour = 90
url = "https://forum.example/feed"
)";

TEST(Load, ReadsEveryTable)
{
    const Config config = load_text(good, "good.toml");

    ASSERT_THAT(messages(config), IsEmpty());
    EXPECT_EQ(config.store.path, "x.db");
    EXPECT_EQ(config.store.keep_posts, std::chrono::hours{30 * 24});
    EXPECT_EQ(config.analysis.model, "own.bin");
    EXPECT_EQ(config.http.listen, "unix:/run/empathd.sock");
    EXPECT_EQ(config.redis.address, "127.0.0.1:7000");
    EXPECT_THAT(config.redis.groups, ElementsAre("pager"));
    EXPECT_EQ(config.alerts.pages_per_day, 3u);
    ASSERT_THAT(config.webhooks, SizeIs(1));
    EXPECT_EQ(config.webhooks[0].url, "https://hooks.example/x");
    ASSERT_THAT(config.watches, SizeIs(1));
    EXPECT_EQ(config.watches[0].brand, "Acme");
    ASSERT_THAT(config.watches[0].terms, SizeIs(3));
    EXPECT_FALSE(config.watches[0].terms[1].accent_sensitive);
    EXPECT_TRUE(config.watches[0].terms[2].accent_sensitive);
    EXPECT_THAT(config.watches[0].exclusions, ElementsAre("acme corner"));
    ASSERT_THAT(config.sources, SizeIs(1));
    EXPECT_EQ(config.sources[0].audience, Audience::employee);
    EXPECT_EQ(config.sources[0].poll, std::chrono::seconds{60});
    EXPECT_EQ(config.sources[0].reread_budget_per_hour, 90u);
}

TEST(Load, LeavesTheConnectorsOwnOptionsToTheConnector)
{
    Config config = load_text(good, "good.toml");

    EXPECT_EQ(config.sources[0].section.base_url("url", ""), "https://forum.example/feed");
    config.sources[0].section.finish();
    EXPECT_THAT(messages(config), IsEmpty());
}

TEST(Load, ReportsAllErrorsAtOnceWithTheirPlaces)
{
    const Config config = load_text(R"([http]
listn = "127.0.0.1:1"
[redis]
address = "nowhere"
[[watch]]
name = "Acme"
[[source]]
name = "a"
poll_s = "often"
reread_budget_per_hour = 36001
)",
                                    "bad.toml");

    EXPECT_THAT(messages(config),
                ::testing::UnorderedElementsAre(
                    "bad.toml:2:1: [http]: unknown option \"listn\", did you mean \"listen\"?",
                    HasSubstr("bad.toml:4:1: [redis]: address is \"nowhere\""),
                    HasSubstr("bad.toml:5:1: watch 'Acme': terms is missing"),
                    HasSubstr("source 'a': connector is missing"),
                    HasSubstr("bad.toml:9:1: source 'a': poll_s must be a whole number"),
                    HasSubstr("bad.toml:10:1: source 'a': reread_budget_per_hour is 36001, must "
                              "be 0 to 36000")));
}

TEST(Load, PointsAtASyntaxError)
{
    const Config config = load_text("[http\nlisten = 1\n", "broken.toml");

    ASSERT_THAT(messages(config), SizeIs(1));
    EXPECT_THAT(messages(config)[0], HasSubstr("broken.toml:1:"));
}

TEST(Load, RefusesTwoSourcesOfOneName)
{
    const Config config = load_text("[[source]]\nname='a'\nconnector='feed'\n"
                                    "[[source]]\nname='a'\nconnector='feed'\n",
                                    "twice.toml");

    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("another source has this name")));
}

TEST(Load, RefusesScoresThatFall)
{
    const Config config = load_text("[alerts]\nscore_warning = 80\nscore_error = 60\n", "s.toml");

    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("must not fall")));
}

TEST(Load, SaysThatAFileCannotBeRead)
{
    EXPECT_THAT(messages(load("no/such/file.toml")),
                ElementsAre("no/such/file.toml: cannot be read"));
}

TEST(Load, AddsWatchesAndSourcesOfTheFolderBeside)
{
    const auto folder = std::filesystem::path(::testing::TempDir()) / "empathd_load_test";
    std::filesystem::create_directories(folder / "conf.d");
    std::ofstream(folder / "main.toml") << "[[watch]]\nname='A'\nterms=['a']\n";
    std::ofstream(folder / "conf.d" / "b.toml") << "[[watch]]\nname='B'\nterms=['b']\n";
    std::ofstream(folder / "conf.d" / "c.toml") << "[http]\nlisten='127.0.0.1:1'\n";

    const Config config = load((folder / "main.toml").string());
    std::filesystem::remove_all(folder);

    ASSERT_THAT(config.watches, SizeIs(2));
    EXPECT_EQ(config.watches[1].brand, "B");
    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("unknown option \"http\"")));
}

} // namespace
} // namespace empathd::config
