#include "tests/connectors/transport/client_fixture.hpp"

#include <cstdlib>

namespace empathd::connectors {
namespace {

using namespace std::chrono_literals;
using testing::Exchange;
using testing::HttpFields;
using testing::SeenRequest;

class CurlClient : public ClientTest {};

TEST_F(CurlClient, GivesStatusHeadersBodyAndAddress)
{
    server.answer("/x", "hello", {{"ETag", "\"v1\""}, {"X-Twice", "a"}, {"x-twice", " b "}});

    const auto response = get("/x?q=1#part");

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "hello");
    EXPECT_EQ(response->url, server.url("/x?q=1"));
    EXPECT_EQ(header(*response, "etag"), "\"v1\"");
    EXPECT_EQ(header(*response, "x-twice"), "a");
    EXPECT_EQ(header(*response, "absent"), "");
    const HttpHeaders expected{
        {"etag", "\"v1\""}, {"x-twice", "a"}, {"x-twice", "b"}, {"content-length", "5"}};
    EXPECT_EQ(response->headers, expected);
    EXPECT_EQ(server.requests().at(0).query, "q=1");
}

TEST_F(CurlClient, SendsOneUserAgentAndNothingOfItsOwn)
{
    policy.user_agent = "Empathd/0.1 (+https://acme.test/contact)\r\nX-Injected: 1";
    server.answer("/x", "");

    ASSERT_TRUE(send(HttpRequest{.url = server.url("/x"), .headers = {{"X-Empty", ""}}}));

    const SeenRequest seen = server.requests().at(0);
    EXPECT_EQ(seen.header("user-agent"), "Empathd/0.1 (+https://acme.test/contact)X-Injected: 1");
    EXPECT_FALSE(seen.has("x-injected"));
    EXPECT_FALSE(seen.has("cookie"));
    EXPECT_FALSE(seen.has("authorization"));
    EXPECT_TRUE(seen.has("x-empty"));
    EXPECT_NE(seen.header("accept-encoding").find("gzip"), std::string::npos);
}

TEST_F(CurlClient, SendsBodiesAsTheyAre)
{
    server.answer("/x", "");
    const std::string body("{\"a\":\"\0\"}", 9);

    ASSERT_TRUE(send(HttpRequest{.method = "POST",
                                 .url = server.url("/x"),
                                 .headers = {{"Content-Type", "application/json"}},
                                 .body = body}));
    ASSERT_TRUE(
        send(HttpRequest{.method = "PUT", .url = server.url("/x"), .body = "@/etc/passwd"}));
    ASSERT_TRUE(send(HttpRequest{.method = "POST", .url = server.url("/x")}));
    ASSERT_TRUE(send(HttpRequest{.method = "DELETE", .url = server.url("/x")}));

    const auto seen = server.requests();
    ASSERT_EQ(seen.size(), 4u);
    EXPECT_EQ(seen[0].method, "POST");
    EXPECT_EQ(seen[0].body, body);
    EXPECT_EQ(seen[0].header("content-type"), "application/json");
    EXPECT_EQ(seen[1].method, "PUT");
    EXPECT_EQ(seen[1].body, "@/etc/passwd");
    EXPECT_FALSE(seen[1].has("content-type"));
    EXPECT_EQ(seen[2].header("content-length"), "0");
    EXPECT_EQ(seen[3].method, "DELETE");
    for (const SeenRequest& request : seen) {
        EXPECT_FALSE(request.has("expect"));
    }
}

TEST_F(CurlClient, SendsALargeBodyWithoutWaitingForLeave)
{
    server.answer("/x", "");
    const std::string body(3'000'000, 'y');

    ASSERT_TRUE(send(HttpRequest{.method = "POST", .url = server.url("/x"), .body = body}));

    EXPECT_EQ(server.requests().at(0).body, body);
}

TEST_F(CurlClient, KeepsOneConnectionForManyRequests)
{
    server.answer("/x", "hello");
    server.answer("/gone", 404, {}, "gone");

    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(get("/x"));
        ASSERT_FALSE(get("/gone"));
    }

    EXPECT_EQ(server.hits(), 40u);
    EXPECT_EQ(server.connections(), 1u);
}

TEST_F(CurlClient, AsksAgainOnANewConnectionWhenTheKeptOneWasClosed)
{
    server.on("/x", [](Exchange& exchange) {
        exchange.reply(200, {}, "hello");
        exchange.close();
    });

    for (int i = 0; i < 3; ++i) {
        const auto response = get("/x");
        ASSERT_TRUE(response) << response.error().message;
        ASSERT_TRUE(server.wait_until_idle(2s));
    }

    EXPECT_EQ(server.connections(), 3u);
}

TEST_F(CurlClient, AnswersAConditionalRequestWithNotModified)
{
    server.answer("/x", 304, {{"ETag", "\"v1\""}});

    const auto response =
        send(HttpRequest{.url = server.url("/x"), .headers = {{"If-None-Match", "\"v1\""}}});

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 304);
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(server.requests().at(0).header("if-none-match"), "\"v1\"");
}

TEST_F(CurlClient, TakesNotModifiedForNonsenseWhenNobodyAsked)
{
    server.answer("/x", 304);

    EXPECT_EQ(error_of_get("/x").kind, ErrorKind::malformed);
}

TEST_F(CurlClient, InflatesWhatHonestServersCompress)
{
    const std::string letters(3'000'000, 'z');
    server.answer("/gzip", testing::gzip_of_letters('z', letters.size(), 10),
                  {{"Content-Encoding", "gzip"}});

    const auto response = get("/gzip");

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, letters);
}

TEST_F(CurlClient, ReadsChunksAndIgnoresTrailers)
{
    server.on("/x", testing::script::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                         "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n"));

    const auto response = get("/x");

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "hello world");
    EXPECT_EQ(header(*response, "x-trailer"), "");
}

TEST_F(CurlClient, ReadsTheFinalAnswerAfterInformationalOnes)
{
    server.on("/x", testing::script::raw("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"
                                         "HTTP/1.1 200 OK\r\nX-Folded: a\r\n  b\r\n\r\nhello"));

    const auto response = get("/x");

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(header(*response, "link"), "");
    EXPECT_EQ(header(*response, "x-folded"), "a b");
    EXPECT_EQ(response->body, "hello");
}

TEST_F(CurlClient, AsksNoProxyOfTheEnvironment)
{
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    server.answer("/x", "direct");

    const auto response = get("/x");

    ::unsetenv("http_proxy");
    ::unsetenv("ALL_PROXY");
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "direct");
}

TEST_F(CurlClient, KeepsNoCookies)
{
    server.answer("/x", "", {{"Set-Cookie", "a=b; Path=/"}});

    ASSERT_TRUE(get("/x"));
    ASSERT_TRUE(get("/x"));

    EXPECT_FALSE(server.requests().at(1).has("cookie"));
}

TEST_F(CurlClient, RefusesABadRequestWithoutTouchingTheNetwork)
{
    const auto injected =
        send(HttpRequest{.url = server.url("/x"), .headers = {{"A", "b\r\nC: d"}}});
    const auto scheme = send(HttpRequest{.url = "file:///etc/passwd"});

    ASSERT_FALSE(injected);
    EXPECT_EQ(injected.error().kind, ErrorKind::refused);
    ASSERT_FALSE(scheme);
    EXPECT_EQ(scheme.error().kind, ErrorKind::refused);
    EXPECT_EQ(server.connections(), 0u);
}

TEST_F(CurlClient, NamesTheHostAndNothingSecretInErrors)
{
    server.answer("/secret-path", 500);

    const auto response = send(HttpRequest{.url = server.url("/secret-path?secret=1"),
                                           .headers = {{"Authorization", "secret"}}});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(response.error().message, "127.0.0.1: HTTP 500");
}

TEST_F(CurlClient, SaysThatAConnectionWasRefused)
{
    std::string closed;
    {
        const testing::HttpServer gone;
        closed = gone.url("/x");
    }
    policy.allowed.emplace_back("127.0.0.0/8");

    const auto response = send(HttpRequest{.url = closed});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(names(response.error(), "no connection")) << response.error().message;
}

TEST_F(CurlClient, SaysThatANameHasNoAddress)
{
    const auto response = send(HttpRequest{.url = "http://no-such-host.invalid/"});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(names(response.error(), "no-such-host.invalid")) << response.error().message;
}

} // namespace
} // namespace empathd::connectors
