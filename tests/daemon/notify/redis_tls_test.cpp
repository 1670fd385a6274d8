// A real redis-server that speaks TLS only, with certificates made for the test.
#include "daemon/notify/redis_connection.hpp"
#include "daemon/notify/redis_door.hpp"

#include "tests/support/certificate.hpp"
#include "tests/support/process.hpp"
#include "tests/support/redis_world.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using testing::CertificateAuthority;
using ::testing::HasSubstr;

class RedisTlsServers : public testing::WithRedis {
protected:
    /// Starts it with that certificate, and with more options.
    void serve(const CertificateAuthority::Files& files, std::vector<std::string> more = {})
    {
        port = std::to_string(testing::free_port());
        std::vector<std::string> options{
            "--tls-port",     port,      "--tls-cert-file",    files.certificate,
            "--tls-key-file", files.key, "--tls-ca-cert-file", authority.certificate()};
        if (more.empty()) {
            more = {"--tls-auth-clients", "no"};
        }
        options.insert(options.end(), more.begin(), more.end());
        server.emplace(std::move(options));
    }
    [[nodiscard]] RedisOptions options(const std::string& host = "127.0.0.1") const
    {
        return {.address = "tls://" + host + ':' + port,
                .tls = {.ca_file = authority.certificate()},
                .connect_timeout = 5s,
                .reply_timeout = 5s};
    }
    /// What PING is answered with, behind an ECHO of that length.
    Result<std::string> ask(RedisOptions with, std::size_t echo_bytes = 300'000)
    {
        auto connected = testing::run_on(loop, connect_redis(std::move(with)));
        if (!connected) {
            return connected.error();
        }
        RespCommands echo;
        const std::string long_text(echo_bytes, 'x'); // Many TLS records.
        echo.add({"ECHO", long_text});
        echo.add({"PING"});
        const auto answers = testing::run_on(loop, connected->exchange(std::move(echo)));
        if (answers.failure) {
            return *answers.failure;
        }
        EXPECT_EQ(answers.replies.front().text, long_text);
        return answers.replies.back().text;
    }
    void expect_refused(const RedisOptions& with, ErrorKind kind, const std::string& words)
    {
        const auto answer = ask(with);
        ASSERT_FALSE(answer) << words;
        EXPECT_EQ(answer.error().kind, kind) << answer.error().message;
        EXPECT_THAT(answer.error().message, HasSubstr(words));
        EXPECT_THAT(answer.error().message, HasSubstr(with.address));
    }

    testing::TemporaryFolder folder;
    CertificateAuthority authority{folder.path()};
    CertificateAuthority::Files good = authority.issue("IP:127.0.0.1", -1h, 1h);
    boost::asio::io_context loop{1};
    std::string port;
    std::optional<testing::RedisServer> server;
};

TEST_F(RedisTlsServers, AreSpokenTo)
{
    serve(good);

    const auto answer = ask(options());

    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(*answer, "PONG");
}

TEST_F(RedisTlsServers, AreSpokenToByTheOptionAsByTheAddress)
{
    serve(good);
    RedisOptions plain_address = options();
    plain_address.address = "127.0.0.1:" + port;
    plain_address.tls.on = true;

    const auto answer = ask(plain_address);

    EXPECT_TRUE(answer) << answer.error().message;
}

TEST_F(RedisTlsServers, AreRefusedWhenNobodyWeKnowSignedThem)
{
    serve(good);
    RedisOptions system_authorities = options();
    system_authorities.tls.ca_file.clear();

    expect_refused(system_authorities, ErrorKind::unauthorized, "signed by an unknown authority");
}

TEST_F(RedisTlsServers, AreRefusedUnderAnotherName)
{
    serve(good);

    expect_refused(options("localhost"), ErrorKind::unauthorized,
                   "its certificate is not for \"localhost\"");
    RedisOptions other_address = options();
    other_address.tls.server_name = "127.0.0.2";
    expect_refused(other_address, ErrorKind::unauthorized, "is not for \"127.0.0.2\"");
}

TEST_F(RedisTlsServers, MayHaveANameThatIsNotTheirAddress)
{
    serve(authority.issue("redis.test", -1h, 1h));
    RedisOptions named = options();
    expect_refused(named, ErrorKind::unauthorized, "is not for \"127.0.0.1\"");
    named.tls.server_name = "redis.test";

    const auto answer = ask(named);

    EXPECT_TRUE(answer) << answer.error().message;
}

TEST_F(RedisTlsServers, AreRefusedOutsideTheirTime)
{
    serve(authority.issue("IP:127.0.0.1", -2h, -1h));
    expect_refused(options(), ErrorKind::unauthorized, "its certificate has expired");

    serve(authority.issue("IP:127.0.0.1", 1h, 2h));
    expect_refused(options(), ErrorKind::unauthorized, "its certificate is not valid yet");
}

TEST_F(RedisTlsServers, MayAskForOurCertificate)
{
    serve(good, {"--tls-auth-clients", "yes"});
    const auto without = ask(options(), 10);
    ASSERT_FALSE(without);
    EXPECT_THAT(without.error().message, HasSubstr("certificate"));
    RedisOptions with_ours = options();
    const auto ours = authority.issue("empathd", -1h, 1h);
    with_ours.tls.cert_file = ours.certificate;
    with_ours.tls.key_file = ours.key;

    const auto answer = ask(with_ours);

    EXPECT_TRUE(answer) << answer.error().message;
}

TEST_F(RedisTlsServers, AreNotSpokenToInOldVersions)
{
    serve(good, {"--tls-auth-clients", "no", "--tls-protocols", "TLSv1.1", "--tls-ciphers",
                 "ALL:@SECLEVEL=0"});

    const auto answer = ask(options());

    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().message, HasSubstr("TLS"));
}

TEST_F(RedisTlsServers, TakeTls12)
{
    serve(good, {"--tls-auth-clients", "no", "--tls-protocols", "TLSv1.2"});

    const auto answer = ask(options());

    EXPECT_TRUE(answer) << answer.error().message;
}

TEST_F(RedisTlsServers, AreNotAskedWhenAFileIsMissing)
{
    serve(good);
    RedisOptions no_authority = options();
    no_authority.tls.ca_file = folder.file("missing.crt");
    expect_refused(no_authority, ErrorKind::invalid_config, "missing.crt");
    RedisOptions no_key = options();
    no_key.tls.cert_file = good.certificate;
    no_key.tls.key_file = folder.file("missing.key");
    expect_refused(no_key, ErrorKind::invalid_config, "missing.key");
}

TEST_F(RedisTlsServers, AreToldFromPlainOnes)
{
    const std::string plain = std::to_string(testing::free_port());
    server.emplace(std::vector<std::string>{"--port", plain});
    port = plain;

    const auto answer = ask(options());

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
    EXPECT_THAT(answer.error().message, HasSubstr("TLS"));
}

/// A server that is no sentinel answers at least, and that through TLS.
TEST_F(RedisTlsServers, MayBeSentinelsUnderTheirOwnName)
{
    serve(good);
    config::RedisConfig config;
    config.sentinels = {"tls://127.0.0.1:" + port};
    config.master = "alerts";
    config.ca_file = authority.certificate();
    config.server_name = "redis.test"; // The server's, not theirs.
    RedisDoor door(config, 5s);

    const auto opened = testing::run_on(loop, door.open());

    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, HasSubstr("the sentinel at " + config.sentinels[0] +
                                                  " says: redis answered: ERR unknown command"));
}

TEST_F(RedisTlsServers, GetAlertsAndGiveThemBack)
{
    serve(good);
    testing::RedisWorld world;
    world.config.address = "tls://127.0.0.1:" + port;
    world.config.ca_file = authority.certificate();
    world.connect();
    world.raise({"a", "b"});

    world.settle();

    EXPECT_TRUE(world.outbox->status().connected) << world.outbox->status().last_error;
    EXPECT_EQ(testing::read_group(*server, testing::redis_stream_name, "ops", 10).size(), 2u);
}

} // namespace
} // namespace empathd
