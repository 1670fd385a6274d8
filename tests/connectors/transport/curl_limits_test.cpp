// Every limit of the way in: a clear error that names it, and nothing more is read. Limits are
// shortened; what the server could send shows that the client stopped.
#include "tests/connectors/transport/client_fixture.hpp"

namespace empathd::connectors {
namespace {

using namespace std::chrono_literals;
namespace script = testing::script;

/// What the system's buffers on loopback may take beyond what the client read.
constexpr std::uint64_t buffers_bytes = 12 * 1024 * 1024;

class CurlLimits : public ClientTest {
protected:
    CurlLimits()
    {
        policy.connect_max = 2s;
        policy.first_byte_max = 5s;
        policy.low_speed_window = 5s;
    }

    void expect_refused(const std::string& path, std::string_view limit)
    {
        const Error error = error_of_get(path);
        EXPECT_EQ(error.kind, ErrorKind::refused);
        EXPECT_TRUE(names(error, limit)) << error.message;
        EXPECT_TRUE(names(error, "127.0.0.1")) << error.message;
        expect_given_up();
    }

    /// The server's handlers have noticed that nobody listens, and a new request still works.
    void expect_given_up()
    {
        EXPECT_TRUE(server.wait_until_idle(5s));
        server.answer("/after", "alive");
        EXPECT_TRUE(get("/after"));
    }
};

TEST_F(CurlLimits, EndlessBodyIsCutAtTheRequestsLimit)
{
    server.on("/x", script::endless_body());

    const auto response = send(HttpRequest{.url = server.url("/x"), .body_bytes_max = 100'000});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::refused);
    EXPECT_TRUE(names(response.error(), "more than 100000 bytes")) << response.error().message;
    expect_given_up();
    EXPECT_LT(server.bytes_sent(), 100'000 + buffers_bytes);
}

TEST_F(CurlLimits, BodyOfExactlyTheLimitIsWhole)
{
    server.answer("/fits", std::string(1000, 'x'));
    server.answer("/over", std::string(1001, 'x'));

    const auto fits = send(HttpRequest{.url = server.url("/fits"), .body_bytes_max = 1000});
    const auto over = send(HttpRequest{.url = server.url("/over"), .body_bytes_max = 1000});

    ASSERT_TRUE(fits) << fits.error().message;
    EXPECT_EQ(fits->body.size(), 1000u);
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().kind, ErrorKind::refused);
}

TEST_F(CurlLimits, DeclaredLengthAboveTheLimitIsNotEvenStarted)
{
    server.on("/x", [](testing::Exchange& exchange) {
        exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
        exchange.pause(1h); // No byte of body ever comes: only the declaration can be the reason.
        exchange.close();
    });

    expect_refused("/x", "body of more than 16777216 bytes");
}

TEST_F(CurlLimits, EndlessChunkedBodyIsCutToo)
{
    server.on("/x", [](testing::Exchange& exchange) {
        const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
        bool open = exchange.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (open) {
            open = exchange.write(chunk);
        }
        exchange.close();
    });

    expect_refused("/x", "body of more than 16777216 bytes");
    EXPECT_LT(server.bytes_sent(), 16 * 1024 * 1024 + buffers_bytes);
}

TEST_F(CurlLimits, GzipBombIsCutAtTheRatio)
{
    server.on("/x", script::gzip_bomb(20'000'000));

    const auto response =
        send(HttpRequest{.url = server.url("/x"), .body_bytes_max = 1'000'000'000});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::refused);
    EXPECT_TRUE(names(response.error(), "compressed more than 100:1")) << response.error().message;
}

TEST_F(CurlLimits, ChunkedGzipBombIsCutAtTheRatioToo)
{
    server.on("/x", [](testing::Exchange& exchange) {
        const std::string bomb = testing::gzip_of_letters('x', 20'000'000, 258);
        exchange.write(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
        bool open = true;
        for (std::size_t at = 0; open && at < bomb.size(); at += 4096) {
            const std::string piece = bomb.substr(at, 4096);
            char size[16] = {};
            std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
            open = exchange.write(size + piece + "\r\n");
        }
        exchange.write("0\r\n\r\n");
        exchange.close();
    });

    const auto response =
        send(HttpRequest{.url = server.url("/x"), .body_bytes_max = 1'000'000'000});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::refused);
    EXPECT_TRUE(names(response.error(), "compressed more than 100:1")) << response.error().message;
}

TEST_F(CurlLimits, SmallButDenseBodyIsNoBomb)
{
    server.on("/x", script::gzip_bomb(900'000));

    const auto response = get("/x");

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, std::string(900'000, 'x'));
}

TEST_F(CurlLimits, CompressedBodyIsCountedAfterInflating)
{
    server.answer("/x", testing::gzip_of_letters('x', 500'000, 10), {{"Content-Encoding", "gzip"}});

    const auto response = send(HttpRequest{.url = server.url("/x"), .body_bytes_max = 499'999});

    ASSERT_FALSE(response);
    EXPECT_TRUE(names(response.error(), "more than 499999 bytes")) << response.error().message;
}

TEST_F(CurlLimits, EndlessHeadersAreCut)
{
    server.on("/x", script::endless_headers());

    expect_refused("/x", "more than 65536 bytes of headers");
    EXPECT_LT(server.bytes_sent(), buffers_bytes);
}

TEST_F(CurlLimits, OneLongHeaderIsCut)
{
    server.on("/fits", script::long_header(60'000));
    server.on("/x", script::long_header(70'000));

    const auto fits = get("/fits");
    ASSERT_TRUE(fits) << fits.error().message;
    EXPECT_EQ(header(*fits, "x-long").size(), 60'000u);
    expect_refused("/x", "more than 65536 bytes of headers");
}

TEST_F(CurlLimits, OneEndlessHeaderIsCut)
{
    server.on("/x", [](testing::Exchange& exchange) {
        const std::string block(4096, 'x');
        bool open = exchange.write("HTTP/1.1 200 OK\r\nX-Long: ");
        while (open) {
            open = exchange.write(block);
        }
        exchange.close();
    });

    expect_refused("/x", "bytes of headers");
    EXPECT_LT(server.bytes_sent(), buffers_bytes);
}

TEST_F(CurlLimits, EndlessTrailersAreCut)
{
    server.on("/x", [](testing::Exchange& exchange) {
        bool open = exchange.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                   "1\r\nx\r\n0\r\n");
        while (open) {
            open = exchange.write("X-Trailer: and more and more and more\r\n");
        }
        exchange.close();
    });

    expect_refused("/x", "more than 65536 bytes of headers");
}

TEST_F(CurlLimits, ErrorsBodyIsNotReadToItsEnd)
{
    server.on("/x", [](testing::Exchange& exchange) {
        const std::string block(16 * 1024, 'x');
        bool open = exchange.write("HTTP/1.1 404 Not Found\r\n\r\n");
        while (open) {
            open = exchange.write(block);
        }
        exchange.close();
    });

    EXPECT_EQ(error_of_get("/x").kind, ErrorKind::not_found);
    expect_given_up();
    EXPECT_LT(server.bytes_sent(), buffers_bytes);
}

TEST_F(CurlLimits, SilenceEndsAtTheFirstByteLimit)
{
    policy.first_byte_max = 100ms;
    server.on("/x", script::silence());

    const Error error = error_of_get("/x");

    EXPECT_EQ(error.kind, ErrorKind::unavailable);
    EXPECT_TRUE(names(error, "no answer within 100 ms")) << error.message;
    expect_given_up();
}

TEST_F(CurlLimits, DrippingHeadersEndAtTheFirstByteLimit)
{
    policy.first_byte_max = 150ms;
    server.on("/x", script::slow_headers(10ms));

    const Error error = error_of_get("/x");

    EXPECT_EQ(error.kind, ErrorKind::unavailable);
    EXPECT_TRUE(names(error, "no answer within 150 ms")) << error.message;
    expect_given_up();
}

TEST_F(CurlLimits, DrippingBodyEndsAtTheSpeedLimit)
{
    policy.low_speed_window = 150ms;
    server.on("/x", script::slow_body(20ms)); // 50 bytes a second.

    const Error error = error_of_get("/x");

    EXPECT_EQ(error.kind, ErrorKind::unavailable);
    EXPECT_TRUE(names(error, "slower than 100 bytes per second for 150 ms")) << error.message;
    expect_given_up();
}

TEST_F(CurlLimits, SteadyBodyOutlivesManySpeedWindows)
{
    policy.low_speed_window = 150ms;
    server.on("/x", [](testing::Exchange& exchange) {
        exchange.write("HTTP/1.1 200 OK\r\n\r\n");
        for (int i = 0; i < 60 && exchange.pause(10ms); ++i) {
            exchange.write(std::string(100, 'x')); // 10,000 bytes a second.
        }
        exchange.close();
    });

    const auto response = get("/x");

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body.size(), 6000u);
}

TEST_F(CurlLimits, RequestsTimeEndsATransferThatIsFastEnough)
{
    server.on("/x", [](testing::Exchange& exchange) {
        bool open = exchange.write("HTTP/1.1 200 OK\r\n\r\n");
        while (open && exchange.pause(5ms)) {
            open = exchange.write(std::string(1000, 'x'));
        }
        exchange.close();
    });

    const auto response = send(HttpRequest{.url = server.url("/x"), .timeout = 150ms});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(names(response.error(), "in the time of the request")) << response.error().message;
    expect_given_up();
}

TEST_F(CurlLimits, RequestsTimeCoversAllItsRedirects)
{
    server.on("/x", [](testing::Exchange& exchange) {
        exchange.pause(60ms);
        exchange.reply(302, {{"Location", "/x"}}, "");
    });

    const auto response = send(HttpRequest{.url = server.url("/x"), .timeout = 150ms});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::unavailable);
    EXPECT_LE(server.hits(), 3u);
}

struct Broken {
    const char* name;
    testing::Handler handler;
    ErrorKind kind;
};

class CurlBroken : public CurlLimits, public ::testing::WithParamInterface<Broken> {};

TEST_P(CurlBroken, IsAnErrorAndNeverHalfABody)
{
    server.on("/x", GetParam().handler);

    const Error error = error_of_get("/x");

    EXPECT_EQ(error.kind, GetParam().kind) << error.message;
    EXPECT_EQ(error.message.rfind("127.0.0.1: ", 0), 0u) << error.message;
    expect_given_up();
}

INSTANTIATE_TEST_SUITE_P(
    Answers, CurlBroken,
    ::testing::Values(
        Broken{"Truncated", script::cut_body(1000, 10, false), ErrorKind::unavailable},
        Broken{"Reset", script::cut_body(1000, 10, true), ErrorKind::unavailable},
        Broken{"HungUp", script::hang_up(), ErrorKind::unavailable},
        Broken{"NotHttp", script::raw("SSH-2.0-OpenSSH_9.2\r\n"), ErrorKind::malformed},
        Broken{"Http09", script::raw("<html>old</html>"), ErrorKind::malformed},
        Broken{"CutChunk",
               script::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc"),
               ErrorKind::unavailable},
        Broken{"BadChunk",
               script::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc"),
               ErrorKind::unavailable},
        Broken{"NotGzip",
               script::raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nplain text, no gzip"),
               ErrorKind::malformed},
        Broken{"UnknownEncoding",
               script::raw("HTTP/1.1 200 OK\r\nContent-Encoding: secret\r\n\r\nplain"),
               ErrorKind::malformed},
        Broken{"CutInHeaders", script::raw("HTTP/1.1 200 OK\r\nX: y"), ErrorKind::unavailable},
        Broken{"StatusAbove", script::raw("HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n"),
               ErrorKind::malformed}),
    [](const auto& test) { return test.param.name; });

} // namespace
} // namespace empathd::connectors
