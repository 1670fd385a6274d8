#include "tests/connectors/transport/client_fixture.hpp"

#include <ostream>

namespace empathd::connectors {
namespace {

class CurlRedirect : public ClientTest {
protected:
    CurlRedirect()
    {
        policy.allowed.push_back(other.authority());
        policy.unmetered.push_back(other.authority());
    }

    void redirect(const std::string& path, int status, const std::string& location)
    {
        server.answer(path, status, {{"Location", location}}, "moved");
    }

    testing::HttpServer other;  ///< Allowed, another port.
    testing::HttpServer canary; ///< Not allowed: nothing may ever reach it.
};

TEST_F(CurlRedirect, IsFollowedAndTheLastAddressTold)
{
    redirect("/1", 301, "/2");
    redirect("/2", 302, "3?x=y");
    server.answer("/3", "here");

    const auto response = get("/1");

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "here");
    EXPECT_EQ(response->url, server.url("/3?x=y"));
    EXPECT_EQ(server.connections(), 1u);
}

TEST_F(CurlRedirect, IsFollowedFiveTimesAndNotASixth)
{
    for (int i = 0; i < 6; ++i) {
        redirect("/" + std::to_string(i), 302, "/" + std::to_string(i + 1));
    }
    server.answer("/6", "far");

    const auto five = get("/1");
    ASSERT_TRUE(five) << five.error().message;
    EXPECT_EQ(five->body, "far");

    const Error six = error_of_get("/0");
    EXPECT_EQ(six.kind, ErrorKind::refused);
    EXPECT_TRUE(names(six, "more than 5 redirects")) << six.message;
}

TEST_F(CurlRedirect, LoopEndsAtTheLimit)
{
    redirect("/loop", 302, "/loop");

    const Error error = error_of_get("/loop");

    EXPECT_EQ(error.kind, ErrorKind::refused);
    EXPECT_EQ(server.hits("/loop"), 6u);
}

TEST_F(CurlRedirect, LeavesCredentialsBehindOnAnotherPort)
{
    redirect("/start", 302, other.url("/end"));
    other.answer("/end", "there");

    const auto response = send(HttpRequest{.url = server.url("/start"),
                                           .headers = {{"Authorization", "Bearer x"},
                                                       {"Cookie", "a=b"},
                                                       {"X-Key", "k"},
                                                       {"Accept", "text/plain"}},
                                           .secret_headers = {"x-key"}});

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "there");
    const auto first = server.requests().at(0);
    EXPECT_EQ(first.header("authorization"), "Bearer x");
    EXPECT_EQ(first.header("x-key"), "k");
    const auto second = other.requests().at(0);
    EXPECT_FALSE(second.has("authorization"));
    EXPECT_FALSE(second.has("cookie"));
    EXPECT_FALSE(second.has("x-key"));
    EXPECT_EQ(second.header("accept"), "text/plain");
}

TEST_F(CurlRedirect, KeepsCredentialsOnTheSameHost)
{
    redirect("/start", 307, "/end");
    server.answer("/end", "");

    ASSERT_TRUE(
        send(HttpRequest{.url = server.url("/start"), .headers = {{"Authorization", "Bearer x"}}}));

    EXPECT_EQ(server.requests().at(1).header("authorization"), "Bearer x");
}

TEST_F(CurlRedirect, CredentialsDoNotComeBackWithTheHost)
{
    redirect("/start", 302, other.url("/away"));
    other.answer("/away", 302, {{"Location", server.url("/end")}});
    server.answer("/end", "");

    ASSERT_TRUE(
        send(HttpRequest{.url = server.url("/start"), .headers = {{"Authorization", "Bearer x"}}}));

    EXPECT_FALSE(server.requests().at(1).has("authorization"));
}

TEST_F(CurlRedirect, CarriesABodyOnlyWhereTheStatusSaysSo)
{
    redirect("/see", 303, "/end");
    redirect("/again", 308, "/end");
    server.answer("/end", "");

    ASSERT_TRUE(send(HttpRequest{.method = "POST", .url = server.url("/see"), .body = "b"}));
    ASSERT_TRUE(send(HttpRequest{.method = "POST", .url = server.url("/again"), .body = "b"}));

    const auto seen = server.requests();
    EXPECT_EQ(seen.at(1).method, "GET");
    EXPECT_EQ(seen.at(1).body, "");
    EXPECT_EQ(seen.at(3).method, "POST");
    EXPECT_EQ(seen.at(3).body, "b");
}

TEST_F(CurlRedirect, NeverTakesABodyToAnotherHost)
{
    redirect("/away", 307, other.url("/end"));

    const auto response =
        send(HttpRequest{.method = "POST", .url = server.url("/away"), .body = "token=secret"});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::refused);
    EXPECT_EQ(other.hits(), 0u);
}

TEST_F(CurlRedirect, WithoutALocationIsNoAnswer)
{
    server.answer("/x", 302);

    EXPECT_EQ(error_of_get("/x").kind, ErrorKind::malformed);
}

TEST_F(CurlRedirect, DoesNotReadABodyThatNeverEnds)
{
    server.on("/x", [](testing::Exchange& exchange) {
        const std::string block(16 * 1024, 'x');
        bool open = exchange.write("HTTP/1.1 302 Found\r\nLocation: /end\r\n\r\n");
        while (open) {
            open = exchange.write(block);
        }
        exchange.close();
    });
    server.answer("/end", "here");

    const auto response = get("/x");

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "here");
}

struct Forbidden {
    const char* name;
    std::string location; ///< "PORT" stands for the canary's.
};

void PrintTo(const Forbidden& forbidden, std::ostream* out)
{
    *out << forbidden.location;
}

class CurlRedirectTo : public CurlRedirect, public ::testing::WithParamInterface<Forbidden> {};

TEST_P(CurlRedirectTo, IsRefusedBeforeAnythingIsSent)
{
    std::string location = GetParam().location;
    if (const std::size_t at = location.find("PORT"); at != std::string::npos) {
        location.replace(at, 4, std::to_string(canary.port()));
    }
    redirect("/x", 302, location);

    const Error error = error_of_get("/x");

    EXPECT_EQ(error.kind, ErrorKind::refused) << error.message;
    EXPECT_EQ(canary.connections(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Places, CurlRedirectTo,
                         ::testing::Values(Forbidden{"File", "file:///etc/passwd"},
                                           Forbidden{"Metadata",
                                                     "http://169.254.169.254/latest/meta-data/"},
                                           Forbidden{"Loopback", "http://127.0.0.1:PORT/"},
                                           Forbidden{"Localhost", "http://localhost:PORT/"},
                                           Forbidden{"Decimal", "http://2130706433:PORT/"},
                                           Forbidden{"Octal", "http://0177.0.0.1:PORT/"},
                                           Forbidden{"Mapped", "http://[::ffff:127.0.0.1]:PORT/"},
                                           Forbidden{"OtherScheme", "gopher://127.0.0.1:PORT/"},
                                           Forbidden{"Userinfo", "http://user@127.0.0.1:PORT/"},
                                           Forbidden{"NoHost", "http://"},
                                           Forbidden{"TooLong", "/" + std::string(9000, 'x')}),
                         [](const auto& test) { return test.param.name; });

TEST_F(CurlRedirect, IsTheAnswerWhereTheCallerSaysSo)
{
    redirect("/hook", 302, "/page");
    server.answer("/page", "welcome");

    const auto response = send(HttpRequest{
        .method = "POST", .url = server.url("/hook"), .body = "{}", .follows_redirects = false});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::malformed);
    EXPECT_TRUE(names(response.error(), "HTTP 302")) << response.error().message;
    EXPECT_EQ(server.hits("/page"), 0u);
}

} // namespace
} // namespace empathd::connectors
