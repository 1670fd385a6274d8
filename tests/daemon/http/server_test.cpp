#include "daemon/http/server.hpp"

#include "tests/daemon/http/samples.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/memory_reader.hpp"
#include "tests/support/raw_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

namespace empathd::http {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::RawClient;
using ::testing::StartsWith;

/// A server on its own loop and thread, as in the daemon; the test is a client.
class ServerOnASocket : public ::testing::Test {
protected:
    ~ServerOnASocket() override
    {
        if (server) {
            stop();
        }
        work.reset();
        if (thread.joinable()) {
            thread.join();
        }
    }

    Result<std::unique_ptr<Server>> open(const std::string& listen)
    {
        Services services{.reader = gate,
                          .clock = clock,
                          .hosts = {},
                          .health = [this] { return health(); },
                          .process_metrics = {},
                          .server_metrics = {},
                          .report = {}};
        return make_server(loop.get_executor(), {.listen = listen, .hosts = {}, .limits = limits},
                           std::move(services));
    }

    void start(const std::string& listen = "127.0.0.1:0")
    {
        auto opened = open(listen);
        ASSERT_TRUE(opened) << opened.error().message;
        server = std::move(*opened);
        thread = std::thread([this] { loop.run(); });
    }

    void stop()
    {
        boost::asio::co_spawn(loop, server->stop(), boost::asio::use_future).get();
        const auto destroy = [this] { server.reset(); };
        on_loop(destroy);
    }

    template <class Work>
    void on_loop(Work what)
    {
        std::promise<void> done;
        const auto work_and_tell = [&] {
            what();
            done.set_value();
        };
        boost::asio::post(loop, work_and_tell);
        done.get_future().get();
    }

    HttpMetrics metrics()
    {
        HttpMetrics now;
        const auto read = [&] { now = server->metrics(); };
        on_loop(read);
        return now;
    }

    /// Asks the loop until it is so; what is asked for is on its way. False after a time that only
    /// a failure takes.
    template <class Condition>
    bool becomes(Condition condition)
    {
        const auto give_up = std::chrono::steady_clock::now() + 30s;
        while (std::chrono::steady_clock::now() < give_up) {
            bool is_so = false;
            const auto look = [&] { is_so = condition(server->metrics()); };
            on_loop(look);
            if (is_so) {
                return true;
            }
        }
        return false;
    }

    void add_alert(std::int64_t seq)
    {
        store.change(
            [seq](testing::MemoryReader& all) { all.all_alerts.push_back(sample_alert(seq)); });
        const auto notify = [this] { server->notify_alerts(); };
        on_loop(notify);
    }

    // The loop outlives the gate: the reading thread lets go of it a moment after it has answered.
    boost::asio::io_context loop{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        loop.get_executor()};
    testing::MemoryReader store;
    ReadGate gate{store};
    testing::FakeClock clock{*parse_rfc3339("2024-05-10T12:00:00Z")};
    std::function<wire::Health()> health = [] {
        return wire::Health{.ready = true, .problems = {}};
    };
    ServerLimits limits;
    std::unique_ptr<Server> server;
    std::thread thread;
};

constexpr std::string_view get_ready = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";

TEST_F(ServerOnASocket, AnswersSeveralRequestsOnOneConnection)
{
    start();
    RawClient client(server->address());

    for (int i = 0; i < 3; ++i) {
        client.send(get_ready);
        const std::string response = client.read_response();
        EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
        EXPECT_THAT(response, HasSubstr("\r\nDate: Fri, 10 May 2024 12:00:00 GMT\r\n"));
        EXPECT_THAT(response, EndsWith("\r\n\r\n{\"ready\":true}"));
    }
    EXPECT_EQ(metrics().connections, 1u);
    EXPECT_EQ(metrics().answers_2xx, 3u);
}

TEST_F(ServerOnASocket, AnswersRequestsThatCameTogetherInTheirOrder)
{
    start();
    RawClient client(server->address());

    client.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"
                "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");

    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 404 Not Found\r\n"));
}

TEST_F(ServerOnASocket, SendsNoBodyForHead)
{
    start();
    RawClient client(server->address());

    client.send("HEAD /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_THAT(client.read_response(false), HasSubstr("Content-Length: 14\r\n"));
    client.send(get_ready);
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ServerOnASocket, ClosesWhenAskedTo)
{
    start();
    RawClient modern(server->address());
    modern.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(modern.read_to_end(), EndsWith("{\"ready\":true}"));

    RawClient old(server->address());
    old.send("GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n");
    EXPECT_THAT(old.read_to_end(), StartsWith("HTTP/1.0 200 OK\r\n"));
}

struct Refused {
    const char* name;
    std::string request;
    const char* status;
};

class ServerRefuses : public ServerOnASocket, public ::testing::WithParamInterface<Refused> {};

TEST_P(ServerRefuses, AndSaysWhy)
{
    start();
    RawClient client(server->address());

    client.send(GetParam().request);

    const std::string response = client.read_response();
    EXPECT_THAT(response, StartsWith(std::string("HTTP/1.1 ") + GetParam().status));
    EXPECT_THAT(response, HasSubstr("Content-Type: application/problem+json\r\n"));
    EXPECT_THAT(response, HasSubstr("nosniff"));
}

std::string head_with(const std::string& more)
{
    return "GET /readyz HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

INSTANTIATE_TEST_SUITE_P(
    Requests, ServerRefuses,
    ::testing::Values(
        Refused{"HeaderTooLarge", head_with("X: " + std::string(9'000, 'x') + "\r\n"), "431 "},
        Refused{"EndlessHeader", head_with("X: " + std::string(200'000, 'x')), "431 "},
        Refused{"TargetTooLong",
                "GET /" + std::string(5'000, 'x') + " HTTP/1.1\r\nHost: localhost\r\n\r\n", "414 "},
        Refused{"TargetLongerThanTheHeader",
                "GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "414 "},
        Refused{"BodyTooLarge", head_with("Content-Length: 1048577\r\n"), "413 "},
        Refused{"NotHttp", "\x16\x03\x01 hello\r\n\r\n", "400 "},
        Refused{"OtherVersion", "GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", "400 "},
        Refused{"LengthAndChunks", head_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                "400 "},
        Refused{"NoHost", "GET /readyz HTTP/1.1\r\n\r\n", "400 "},
        Refused{"TwoHosts", "GET /readyz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                "400 "},
        Refused{"StrangeHost", "GET /readyz HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421 "},
        Refused{"Method", "DELETE /v1/mentions HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "405 Method Not Allowed\r\n"},
        Refused{"Word", "BREW /v1/mentions HTTP/1.1\r\nHost: localhost\r\n\r\n", "405 "}),
    [](const auto& test) { return test.param.name; });

TEST_F(ServerOnASocket, SkipsABodyNobodyAskedFor)
{
    start();
    RawClient client(server->address());

    client.send("POST /v1/mentions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_THAT(client.read_response(), HasSubstr("\r\nAllow: GET, HEAD\r\n"));
    client.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                "3\r\nabc\r\n0\r\n\r\n");
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
    client.send(get_ready);
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ServerOnASocket, RefusesAChunkedBodyThatGoesOn)
{
    limits.body_bytes = 10;
    start();
    RawClient client(server->address());

    client.send(head_with("Transfer-Encoding: chunked\r\n") + "8\r\n01234567\r\n8\r\n01234567\r\n");

    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(ServerOnASocket, TellsAWaitingClientToSendItsBody)
{
    start();
    RawClient client(server->address());

    client.send(head_with("Content-Length: 5\r\nExpect: 100-continue\r\n"));
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ServerOnASocket, GivesAHeaderOnlySoLong)
{
    limits.header = 60ms;
    start();
    RawClient client(server->address());

    client.send("GET /readyz HTTP/1.1\r\nHost: loc");

    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(ServerOnASocket, IsNotHeldByAHeaderThatDrips)
{
    limits.header = 100ms;
    start();
    RawClient client(server->address());
    std::atomic<bool> closed = false;
    std::thread dripping([&] {
        client.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\nX: ");
        while (!closed) {
            client.send("x");
            metrics(); // One turn of the loop between two bytes.
        }
    });

    const std::string response = client.read_until("\r\n");
    closed = true;
    dripping.join();

    // Whichever limit it runs into first, the time or the size.
    EXPECT_THAT(response,
                ::testing::AnyOf(StartsWith("HTTP/1.1 408 "), StartsWith("HTTP/1.1 431 ")));
}

TEST_F(ServerOnASocket, GivesABodyOnlySoLong)
{
    limits.body = 60ms;
    start();
    RawClient client(server->address());

    client.send(head_with("Content-Length: 5\r\n") + "hel");

    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(ServerOnASocket, ClosesASilentConnectionWithoutAWord)
{
    limits.idle = 60ms;
    start();
    RawClient client(server->address());
    EXPECT_THAT(client.read_to_end(), IsEmpty());

    RawClient used(server->address());
    used.send(get_ready);
    EXPECT_THAT(used.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(used.read_to_end(), IsEmpty());
}

TEST_F(ServerOnASocket, TurnsAwayOneConnectionTooMany)
{
    limits.connections = 2;
    start();
    RawClient one(server->address());
    RawClient two(server->address());
    EXPECT_TRUE(becomes([](const HttpMetrics& now) { return now.connections == 2; }));

    RawClient three(server->address());
    const std::string response = three.read_to_end();
    EXPECT_THAT(response, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
    EXPECT_THAT(response, HasSubstr("Retry-After: 1\r\n"));

    two.close();
    EXPECT_TRUE(becomes([](const HttpMetrics& now) { return now.connections == 1; }));
    RawClient four(server->address());
    four.send(get_ready);
    EXPECT_THAT(four.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(metrics().refused, 1u);
}

TEST_F(ServerOnASocket, LivesOnWhenARequestThrows)
{
    health = []() -> wire::Health { throw std::runtime_error("secret detail"); };
    start();
    RawClient client(server->address());

    client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string response = client.read_response();
    EXPECT_THAT(response, StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
    EXPECT_THAT(response, Not(HasSubstr("secret")));
    client.send("GET /v1/sources HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ServerOnASocket, CountsWhatItAnswersInItsMetrics)
{
    start();
    RawClient client(server->address());

    client.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
    static_cast<void>(client.read_response());
    client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");

    EXPECT_THAT(client.read_response(), HasSubstr("empathd_http_answers_total{class=\"4xx\"} 1\n"));
}

class AlertStream : public ServerOnASocket {
protected:
    /// Opens a stream and reads its head.
    static void open_stream(RawClient& client, const std::string& query, const std::string& header)
    {
        client.send("GET /v1/alerts/stream" + query + " HTTP/1.1\r\nHost: localhost\r\n" + header +
                    "\r\n");
        const std::string head = client.read_until("\r\n\r\n");
        EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
        EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream\r\n"));
        EXPECT_EQ(client.read_until("\n\n"), "retry: 2000\n\n");
    }

    static std::string event(std::int64_t seq)
    {
        const std::string number = std::to_string(seq);
        return "id: " + number + "\nevent: alert\ndata: {\"n\":" + number + "}\n\n";
    }
};

TEST_F(AlertStream, ResumesWithoutAGapAndWithoutADouble)
{
    for (std::int64_t seq = 1; seq <= 250; ++seq) { // More than two pages of the store.
        store.all_alerts.push_back(sample_alert(seq));
    }
    start();
    {
        RawClient client(server->address());
        open_stream(client, "?after=0", "");
        for (std::int64_t seq = 1; seq <= 120; ++seq) {
            ASSERT_EQ(client.read_until("\n\n"), event(seq));
        }
    }
    add_alert(251);
    RawClient client(server->address());
    open_stream(client, "?after=7", "Last-Event-ID: 120\r\n");
    for (std::int64_t seq = 121; seq <= 251; ++seq) {
        ASSERT_EQ(client.read_until("\n\n"), event(seq));
    }
    add_alert(255); // Numbers may skip.
    EXPECT_EQ(client.read_until("\n\n"), event(255));
}

TEST_F(AlertStream, MissesNothingHoweverAlertsAndReadsInterleave)
{
    start();
    RawClient one(server->address());
    RawClient two(server->address());
    open_stream(one, "?after=0", "");
    open_stream(two, "", "");
    std::thread raising([this] {
        for (std::int64_t seq = 1; seq <= 500; ++seq) {
            add_alert(seq);
        }
    });

    for (std::int64_t seq = 1; seq <= 500; ++seq) {
        EXPECT_EQ(one.read_until("\n\n"), event(seq));
        EXPECT_EQ(two.read_until("\n\n"), event(seq));
    }
    raising.join();
}

TEST_F(AlertStream, BeginsNowWhenNotToldWhere)
{
    store.all_alerts = {sample_alert(1), sample_alert(2)};
    start();
    RawClient client(server->address());
    open_stream(client, "", "");

    add_alert(3);

    EXPECT_EQ(client.read_until("\n\n"), event(3));
}

TEST_F(AlertStream, ShowsThatItLivesAndLooksEvenWhenNobodyNotifies)
{
    limits.heartbeat = 30ms;
    start();
    RawClient client(server->address());
    open_stream(client, "", "");
    EXPECT_EQ(client.read_until("\n\n"), ": heartbeat\n\n");

    store.change([](testing::MemoryReader& all) { all.all_alerts.push_back(sample_alert(1)); });

    EXPECT_THAT(client.read_until("data: {\"n\":1}\n\n"), HasSubstr("id: 1\n"));
}

TEST_F(AlertStream, SurvivesASlowStore)
{
    limits.heartbeat = 30ms;
    start();
    RawClient client(server->address());
    open_stream(client, "?after=0", "");
    store.change([](testing::MemoryReader& all) {
        all.failure = Error{ErrorKind::unavailable, "took 500 ms"};
    });
    EXPECT_EQ(client.read_until("\n\n"), ": heartbeat\n\n");

    store.change([](testing::MemoryReader& all) { all.failure.reset(); });
    add_alert(1);

    EXPECT_THAT(client.read_until("data: {\"n\":1}\n\n"), HasSubstr("id: 1\n"));
}

TEST_F(AlertStream, EndsWhenTheStoreIsBroken)
{
    start();
    RawClient client(server->address());
    open_stream(client, "?after=0", "");
    store.change([](testing::MemoryReader& all) {
        all.failure = Error{ErrorKind::storage, "disk I/O error"};
    });

    const auto notify = [this] { server->notify_alerts(); };
    on_loop(notify);

    EXPECT_THAT(client.read_to_end(), IsEmpty());
}

TEST_F(AlertStream, AnswersHeadWithoutStreaming)
{
    start();
    RawClient client(server->address());

    client.send("HEAD /v1/alerts/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");

    EXPECT_THAT(client.read_to_end(), EndsWith("\r\n\r\n"));
}

TEST_F(AlertStream, IsGivenToSoManyOnly)
{
    limits.streams = 1;
    start();
    RawClient one(server->address());
    open_stream(one, "", "");

    RawClient two(server->address());
    two.send("GET /v1/alerts/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_THAT(two.read_response(), StartsWith("HTTP/1.1 503 "));
    two.send(get_ready);
    EXPECT_THAT(two.read_response(), StartsWith("HTTP/1.1 200 ")) << "only streams are taken";

    one.close();
    EXPECT_TRUE(becomes([](const HttpMetrics& now) { return now.streams == 0; }))
        << "a client that leaves is noticed before the next heartbeat";
    RawClient three(server->address());
    open_stream(three, "", "");
}

TEST_F(AlertStream, DropsAClientThatDoesNotRead)
{
    limits.write = 100ms;
    StoredAlert large = sample_alert(1);
    large.record.body = '"' + std::string(200'000, 'x') + '"';
    for (large.seq = 1; large.seq <= 100; ++large.seq) { // 20 MB: more than sockets hold.
        store.all_alerts.push_back(large);
    }
    start();
    RawClient client(server->address());
    open_stream(client, "?after=0", "");
    EXPECT_EQ(metrics().streams, 1u);

    EXPECT_TRUE(becomes([](const HttpMetrics& now) { return now.streams == 0; }));
}

TEST_F(AlertStream, EndsWithinASecondOfStopping)
{
    start();
    RawClient stream(server->address());
    open_stream(stream, "", "");
    RawClient idle(server->address());
    RawClient halfway(server->address());
    halfway.send("GET /readyz HTTP/1.1\r\nHo");
    EXPECT_TRUE(becomes([](const HttpMetrics& now) { return now.connections == 3; }));
    const std::string address = server->address();

    const auto begin = std::chrono::steady_clock::now();
    stop();

    EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
    EXPECT_THAT(stream.read_to_end(), IsEmpty());
    EXPECT_THAT(idle.read_to_end(), IsEmpty());
    EXPECT_THAT(halfway.read_to_end(), IsEmpty());
    EXPECT_THROW(RawClient{address}, std::runtime_error) << "nobody listens any more";
}

TEST_F(ServerOnASocket, FinishesTheAnswerUnderWayWhenStopping)
{
    start();
    RawClient client(server->address());
    std::promise<void> asked;
    std::promise<void> release;
    const auto slow = [&](StoreReader&) -> Result<int> { // Holds the reading thread.
        asked.set_value();
        release.get_future().get();
        return 0;
    };
    boost::asio::co_spawn(loop, gate.run(slow), boost::asio::detached);
    asked.get_future().get();
    client.send("GET /v1/sources HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_TRUE(becomes([this](const HttpMetrics&) { return gate.waiting() == 2; }));

    auto stopped = boost::asio::co_spawn(loop, server->stop(), boost::asio::use_future);
    metrics(); // One turn of the loop: stopping has begun.
    release.set_value();
    stopped.get();

    const std::string response = client.read_to_end();
    EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(response, HasSubstr("Connection: close\r\n"));
}

class UnixServer : public ServerOnASocket {
protected:
    UnixServer()
    {
        std::string pattern = "/tmp/empathd-http-XXXXXX";
        folder = ::mkdtemp(pattern.data());
        path = folder + "/api.sock";
    }
    ~UnixServer() override
    {
        ::unlink(path.c_str());
        ::rmdir(folder.c_str());
    }

    std::string folder;
    std::string path;
};

TEST_F(UnixServer, AnswersAndIsForTheGroupOnly)
{
    const mode_t before = ::umask(0077);
    start("unix:" + path);
    ::umask(before);

    struct stat about {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0660u);
    RawClient client("unix:" + path);
    client.send(get_ready);
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
    stop();
    EXPECT_NE(::stat(path.c_str(), &about), 0) << "the socket is removed";
}

TEST_F(UnixServer, ReplacesASocketThatNobodyServes)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::bind(dead, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(dead); // The file stays, as after a crash.

    start("unix:" + path);
    RawClient client("unix:" + path);
    client.send(get_ready);
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(UnixServer, LeavesASocketThatIsServed)
{
    start("unix:" + path);

    const auto second = open("unix:" + path);

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::invalid_config);
    EXPECT_THAT(second.error().message, HasSubstr("in use by another process"));
    RawClient client("unix:" + path);
    client.send(get_ready);
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(UnixServer, LeavesAFileThatIsNoSocket)
{
    std::fclose(std::fopen(path.c_str(), "w"));

    const auto opened = open("unix:" + path);

    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, HasSubstr("no socket"));
    EXPECT_EQ(::access(path.c_str(), F_OK), 0);
}

TEST_F(ServerOnASocket, ListensOnLoopbackOnly)
{
    for (const char* listen :
         {"0.0.0.0:0", "192.0.2.1:8642", "[::]:0", "example.com:80", "8642", "127.0.0.1",
          "127.0.0.1:", "127.0.0.1:99999", "unix:relative", "unix:"}) {
        const auto opened = open(listen);
        ASSERT_FALSE(opened) << listen;
        EXPECT_EQ(opened.error().kind, ErrorKind::invalid_config) << listen;
        EXPECT_THAT(opened.error().message, HasSubstr(listen));
    }
}

TEST_F(ServerOnASocket, SaysWhenItsPortIsTaken)
{
    start();

    const auto second = open(server->address());

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::invalid_config);
}

TEST_F(ServerOnASocket, MayBeDestroyedWithoutBeingStopped)
{
    start();
    RawClient client(server->address());
    EXPECT_TRUE(becomes([](const HttpMetrics& now) { return now.connections == 1; }));

    const auto destroy = [this] { server.reset(); };
    on_loop(destroy);

    EXPECT_THAT(client.read_to_end(), IsEmpty());
}

} // namespace
} // namespace empathd::http
