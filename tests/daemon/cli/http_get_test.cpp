#include "daemon/cli/http_get.hpp"

#include "daemon/http/server.hpp"
#include "tests/daemon/http/samples.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/memory_reader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include <unistd.h>

namespace empathd::cli {
namespace {

using ::testing::HasSubstr;

struct BadServer {
    const char* name;
    const char* text;
};

class ParseServerRefuses : public ::testing::TestWithParam<BadServer> {};

TEST_P(ParseServerRefuses, AsAMistakeOfTheUser)
{
    const auto server = parse_server(GetParam().text);

    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().kind, ErrorKind::invalid_config);
}

INSTANTIATE_TEST_SUITE_P(Addresses, ParseServerRefuses,
                         ::testing::Values(BadServer{"Empty", ""}, BadServer{"Bare", "localhost"},
                                           BadServer{"Ftp", "ftp://x"},
                                           BadServer{"NoHost", "http://"},
                                           BadServer{"File", "file:///etc/passwd"},
                                           BadServer{"RelativeSocket", "unix:api"},
                                           BadServer{"Query", "http://x/?a"},
                                           BadServer{"Space", "http://x y"}),
                         [](const auto& test) { return test.param.name; });

TEST(ParseServer, ReadsUrlsAndSockets)
{
    EXPECT_EQ(parse_server("http://127.0.0.1:8642/")->base_url, "http://127.0.0.1:8642");
    EXPECT_EQ(parse_server("https://proxy.example/empathd/")->base_url,
              "https://proxy.example/empathd");
    EXPECT_EQ(parse_server("unix:/run/empathd/api")->unix_path, "/run/empathd/api");
}

/// The real server over its own library: both ends of the wire.
class HttpGet : public ::testing::TestWithParam<const char*> {
protected:
    HttpGet()
    {
        std::string pattern = "/tmp/empathctl-XXXXXX";
        folder = ::mkdtemp(pattern.data());
        const std::string listen = std::string(GetParam()) == "unix" ? "unix:" + folder + "/api"
                                                                     : std::string("127.0.0.1:0");
        http::Services services{.reader = gate,
                                .clock = clock,
                                .hosts = {},
                                .health = {},
                                .process_metrics = {},
                                .server_metrics = {},
                                .report = {}};
        auto opened =
            http::make_server(loop.get_executor(), {.listen = listen, .hosts = {}, .limits = {}},
                              std::move(services));
        EXPECT_TRUE(opened) << opened.error().message;
        server = std::move(*opened);
        const std::string address = server->address();
        to = *parse_server(address.starts_with("unix:") ? address : "http://" + address);
        thread = std::thread([this] { loop.run(); });
    }
    ~HttpGet() override
    {
        stop();
        work.reset();
        thread.join();
        ::rmdir(folder.c_str());
    }

    void stop() { boost::asio::co_spawn(loop, server->stop(), boost::asio::use_future).get(); }

    boost::asio::io_context loop{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        loop.get_executor()};
    testing::MemoryReader store;
    ReadGate gate{store};
    testing::FakeClock clock{from_unix_ms(1'700'000'000'000)};
    std::unique_ptr<http::Server> server;
    std::string folder;
    ServerAddress to;
    std::thread thread;
};

INSTANTIATE_TEST_SUITE_P(Over, HttpGet, ::testing::Values("tcp", "unix"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(HttpGet, BringsAnswersOfAnyStatus)
{
    const auto good = http_get(to, "/readyz");
    ASSERT_TRUE(good) << good.error().message;
    EXPECT_EQ(good->status, 200);
    EXPECT_EQ(good->body, "{\"ready\":true}");

    const auto bad = http_get(to, "/v1/mentions?limit=0");
    ASSERT_TRUE(bad) << bad.error().message;
    EXPECT_EQ(bad->status, 400);
    EXPECT_THAT(bad->body, HasSubstr("limit"));
}

TEST_P(HttpGet, StreamsUntilItHasEnough)
{
    store.all_alerts = {http::sample_alert(1), http::sample_alert(2), http::sample_alert(3)};
    std::string came;
    const auto take = [&came](std::string_view bytes) {
        came += bytes;
        return came.find("id: 3\n") == std::string::npos;
    };

    const auto answer = http_stream(to, "/v1/alerts/stream?after=0", "1", take);

    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(came.find("id: 1\n"), std::string::npos) << "Last-Event-ID was sent";
    EXPECT_THAT(came, HasSubstr("id: 2\nevent: alert\n"));
}

TEST_P(HttpGet, GivesTheProblemWhenThereIsNoStream)
{
    bool taken = false;
    const auto take = [&taken](std::string_view) { return taken = true; };

    const auto answer = http_stream(to, "/v1/alerts/stream?after=x", "", take);

    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 400);
    EXPECT_THAT(answer->body, HasSubstr("after"));
    EXPECT_FALSE(taken);
}

TEST_P(HttpGet, EndsTheStreamWhenTheServerStops)
{
    const auto take = [this, stopping = false](std::string_view) mutable {
        if (!stopping) {
            stopping = true;
            boost::asio::co_spawn(loop, server->stop(), boost::asio::detached);
        }
        return true;
    };

    const auto answer = http_stream(to, "/v1/alerts/stream", "", take);

    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
}

TEST_P(HttpGet, SaysWhereNobodyAnswers)
{
    stop();

    const auto answer = http_get(to, "/readyz");

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
    EXPECT_THAT(answer.error().message,
                HasSubstr(to.unix_path.empty() ? to.base_url : "unix:" + to.unix_path));
}

} // namespace
} // namespace empathd::cli
