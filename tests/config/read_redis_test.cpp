#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace empathd::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A configuration with this as its table [redis].
Config load_redis(const std::string& table)
{
    return load_text("[[watch]]\nname = \"Acme\"\nterms = [\"acme\"]\n[redis]\n" + table,
                     "redis.toml");
}

std::string problems(const Config& config)
{
    std::string out;
    for (const Problem& problem : *config.problems) {
        out += to_string(problem) + '\n';
    }
    return out;
}

TEST(ReadRedis, TakesAServerThatSpeaksTls)
{
    const Config config = load_redis("address = \"tls://redis.example:6380\"\n"
                                     "ca_file = \"/etc/ca.pem\"\ncert_file = \"/etc/own.pem\"\n"
                                     "key_file = \"/etc/own.key\"\nserver_name = \"redis\"\n");

    ASSERT_EQ(problems(config), "");
    EXPECT_TRUE(config.redis.configured());
    EXPECT_EQ(config.redis.address, "tls://redis.example:6380");
    EXPECT_EQ(config.redis.ca_file, "/etc/ca.pem");
    EXPECT_EQ(config.redis.cert_file, "/etc/own.pem");
    EXPECT_EQ(config.redis.key_file, "/etc/own.key");
    EXPECT_EQ(config.redis.server_name, "redis");
}

TEST(ReadRedis, TakesSentinelsInsteadOfAnAddress)
{
    const Config config =
        load_redis("sentinels = [\"127.0.0.1:26379\", \"tls://[::1]:26379\"]\n"
                   "master = \"alerts\"\nsentinel_password_file = \"/etc/sentinel\"\n"
                   "tls = true\n");

    ASSERT_EQ(problems(config), "");
    EXPECT_TRUE(config.redis.configured());
    EXPECT_THAT(config.redis.sentinels, ElementsAre("127.0.0.1:26379", "tls://[::1]:26379"));
    EXPECT_EQ(config.redis.master, "alerts");
    EXPECT_EQ(config.redis.sentinel_password_file, "/etc/sentinel");
    EXPECT_TRUE(config.redis.tls);
}

TEST(ReadRedis, IsContentWithNothing)
{
    const Config config = load_redis("");

    EXPECT_EQ(problems(config), "");
    EXPECT_FALSE(config.redis.configured());
    EXPECT_EQ(config.redis.commands, "empathd:commands");
    EXPECT_EQ(config.redis.answers, "empathd:answers");
    EXPECT_EQ(config.redis.heartbeat, "empathd:heartbeat");
}

TEST(ReadRedis, LetsStreamsBeTurnedOff)
{
    const Config config = load_redis("commands = \"\"\nheartbeat = \"\"\ninstance = \"north\"\n");

    ASSERT_EQ(problems(config), "");
    EXPECT_EQ(config.redis.commands, "");
    EXPECT_EQ(config.redis.heartbeat, "");
    EXPECT_EQ(config.redis.instance, "north");
}

struct Bad {
    const char* name;
    const char* table;
    const char* message;
};

class ReadRedisRefuses : public ::testing::TestWithParam<Bad> {};

TEST_P(ReadRedisRefuses, AndSaysWhy)
{
    EXPECT_THAT(problems(load_redis(GetParam().table)), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, ReadRedisRefuses,
    ::testing::Values(
        Bad{"NoPlace", "address = \"nowhere\"", "address is \"nowhere\""},
        Bad{"NoPort", "address = \"tls://redis:\"", "address is \"tls://redis:\""},
        Bad{"PortZero", "address = \"redis:0\"", "address is \"redis:0\""},
        Bad{"PortTooGreat", "address = \"redis:65536\"", "address is \"redis:65536\""},
        Bad{"RelativePath", "address = \"unix:redis.sock\"", "address is \"unix:redis.sock\""},
        Bad{"V6WithoutBrackets", "address = \"::1:6379\"", "address is \"::1:6379\""},
        Bad{"AUrl", "address = \"redis://redis:6379\"", "address is \"redis://redis:6379\""},
        Bad{"TlsOnAPath", "address = \"unix:/run/r\"\ntls = true", "not spoken on a Unix socket"},
        Bad{"KeyAlone", "address = \"tls://a:1\"\nkey_file = \"k\"", "cert_file and key_file"},
        Bad{"CertificateAlone", "address = \"tls://a:1\"\ncert_file = \"c\"",
            "cert_file and key_file"},
        Bad{"AuthorityWithoutTls", "address = \"a:1\"\nca_file = \"c\"",
            "ca_file has no meaning without TLS"},
        Bad{"NameWithoutTls", "address = \"a:1\"\nserver_name = \"c\"",
            "server_name has no meaning without TLS"},
        Bad{"SentinelsAlone", "sentinels = [\"a:1\"]", "sentinels and master are given together"},
        Bad{"MasterAlone", "master = \"m\"", "sentinels and master are given together"},
        Bad{"BothWays", "address = \"a:1\"\nsentinels = [\"a:1\"]\nmaster = \"m\"",
            "either address or sentinels"},
        Bad{"SentinelOnAPath", "sentinels = [\"unix:/run/s\"]\nmaster = \"m\"",
            "sentinel \"unix:/run/s\" must be"},
        Bad{"TooManySentinels",
            "master = \"m\"\nsentinels = [\"a:1\",\"a:2\",\"a:3\",\"a:4\",\"a:5\",\"a:6\","
            "\"a:7\",\"a:8\",\"a:9\",\"a:10\"]",
            "more than 9 sentinels"},
        Bad{"PasswordForNobody", "address = \"a:1\"\nsentinel_password_file = \"p\"",
            "there are no sentinels"},
        Bad{"NoStream", "stream = \"\"", "stream must not be empty"},
        Bad{"OneStreamTwice", "heartbeat = \"empathd:alerts\"",
            "heartbeat and stream must not be the same stream"},
        Bad{"NoAnswers", "answers = \"\"", "answers must not be empty"},
        Bad{"Misspelt", "sentinel = \"a:1\"", "did you mean \"sentinels\"?"}),
    [](const auto& test) { return test.param.name; });

/// The [redis] table of the sample with every default written out.
TEST(ReadRedis, KnowsEveryOptionOfTheSampleAtItsDefault)
{
    std::ifstream file(EMPATHD_SOURCE_DIR "/config/empathd.toml");
    std::string table;
    bool inside = false;
    int options = 0;
    for (std::string line; std::getline(file, line);) {
        inside = line == "[redis]" || (inside && line.find("webhook") == std::string::npos);
        if (inside && line.starts_with("  # ")) {
            table += line.substr(4) + '\n';
            ++options;
        }
    }
    const Config config = load_redis(table);

    EXPECT_EQ(problems(config), "");
    EXPECT_EQ(options, 18);
    EXPECT_EQ(config.redis.stream, RedisConfig{}.stream);
    EXPECT_EQ(config.redis.stream_length, RedisConfig{}.stream_length);
    EXPECT_EQ(config.redis.commands, RedisConfig{}.commands);
    EXPECT_EQ(config.redis.redeliver_after, RedisConfig{}.redeliver_after);
}

} // namespace
} // namespace empathd::config
