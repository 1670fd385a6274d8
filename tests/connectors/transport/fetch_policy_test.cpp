#include "connectors/transport/fetch_policy.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace empathd::connectors {
namespace {

const FetchPolicy policy{};
const TimePoint now = *parse_rfc3339("2024-05-01T12:34:56Z");

Target target(const std::string& url)
{
    auto parsed = check_url(url, policy);
    EXPECT_TRUE(parsed) << url;
    return parsed ? *parsed : Target{};
}

struct Url {
    std::string text;
    const char* normal; ///< Of the whole URL.
    const char* authority;
};

class GoodUrls : public ::testing::TestWithParam<Url> {};

TEST_P(GoodUrls, AreBroughtIntoOneForm)
{
    const auto parsed = check_url(GetParam().text, policy);

    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->url, GetParam().normal);
    EXPECT_EQ(parsed->authority(), GetParam().authority);
}

INSTANTIATE_TEST_SUITE_P(
    Urls, GoodUrls,
    ::testing::Values(
        Url{"https://forum.test/a?b=c#d", "https://forum.test/a?b=c", "forum.test:443"},
        Url{"HTTP://Forum.Test", "http://Forum.Test/", "forum.test:80"},
        Url{"http://forum.test:8080/x", "http://forum.test:8080/x", "forum.test:8080"},
        Url{"http://forum.test./", "http://forum.test./", "forum.test:80"},
        Url{"http://[::1]:99/", "http://[::1]:99/", "[::1]:99"},
        Url{"http://[0:0::1]/", "http://[::1]/", "[::1]:80"},
        Url{"http://2130706433/", "http://127.0.0.1/", "127.0.0.1:80"},
        Url{"http://0x7f.1/", "http://127.0.0.1/", "127.0.0.1:80"},
        Url{"http://0177.0.0.01/", "http://127.0.0.1/", "127.0.0.1:80"},
        Url{"http://127.1/", "http://127.0.0.1/", "127.0.0.1:80"},
        Url{"https://xn--Bcher-kva.test/", "https://xn--Bcher-kva.test/",
            "xn--bcher-kva.test:443"}));

struct Bad {
    const char* name;
    std::string text;
};

class BadUrls : public ::testing::TestWithParam<Bad> {};

TEST_P(BadUrls, AreRefused)
{
    const auto parsed = check_url(GetParam().text, policy);

    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().kind, ErrorKind::refused);
    EXPECT_EQ(parsed.error().message.find("secret"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Urls, BadUrls,
    ::testing::Values(
        Bad{"Empty", ""}, Bad{"NoScheme", "forum.test/x"}, Bad{"Relative", "/x"},
        Bad{"File", "file:///etc/passwd"}, Bad{"Ftp", "ftp://forum.test/"},
        Bad{"Gopher", "gopher://forum.test/"}, Bad{"Dict", "dict://forum.test/"},
        Bad{"Data", "data:text/plain,secret"}, Bad{"Javascript", "javascript:secret"},
        Bad{"User", "http://secret@forum.test/"}, Bad{"Password", "http://user:secret@forum.test/"},
        Bad{"EmptyUser", "http://:secret@forum.test/"}, Bad{"NoHost", "http://"},
        Bad{"NoHostButQuery", "http://?x"}, Bad{"NotAscii", "https://b\u00FCcher.test/"},
        Bad{"WideDigits", "http://\uFF11\uFF12\uFF17.0.0.1/"},
        Bad{"WideDot", "http://127\u30020.0.1/"}, Bad{"NoHostButPort", "http://:80/"},
        Bad{"Blank", "http://forum.test/a secret"},
        Bad{"LineEnd", "http://forum.test/\r\nX-Secret: 1"},
        Bad{"Nul", std::string("http://forum.test\0.evil.test/", 29)},
        Bad{"PortTooLarge", "http://forum.test:65536/"}, Bad{"PortZero", "http://forum.test:0/"},
        Bad{"PortText", "http://forum.test:http/"}, Bad{"Zone", "http://[fe80::1%25eth0]/"},
        Bad{"BadV6", "http://[::g]/"},
        Bad{"TooLong", "http://forum.test/" + std::string(9000, 'x')}),
    [](const auto& test) { return test.param.name; });

TEST(Location, IsReadRelativeToWhereItCameFrom)
{
    const Target from = target("https://forum.test/a/b?c=d");
    const auto url = [&from](const char* location) {
        const auto to = check_location(from, location, policy);
        return to ? to->url : to.error().message;
    };

    EXPECT_EQ(url("/x"), "https://forum.test/x");
    EXPECT_EQ(url("x?y"), "https://forum.test/a/x?y");
    EXPECT_EQ(url("//other.test/x"), "https://other.test/x");
    EXPECT_EQ(url("http://other.test"), "http://other.test/");
    EXPECT_EQ(url("/with blank"), "https://forum.test/with%20blank");
    EXPECT_EQ(url("/d\u00E9j\u00E0"), "https://forum.test/d%c3%a9j%c3%a0");
    EXPECT_EQ(url("file:///etc/passwd"), "redirect of forum.test: only http and https are asked");
    EXPECT_EQ(url("http://u:secret@other.test/"),
              "redirect of forum.test: URL with user name or password");
}

TEST(Allowance, CoversTheNamedHostOrBlockOnly)
{
    const Address loopback = *parse_address("127.0.0.1");
    const Address inner = *parse_address("10.1.2.3");
    const auto may = [](const char* entry, const char* url, const Address& address) {
        FetchPolicy allowing;
        allowing.allowed = {entry};
        return may_connect(target(url), address, allowing);
    };

    EXPECT_FALSE(may_connect(target("http://forum.test/"), loopback, policy));
    EXPECT_TRUE(may_connect(target("http://forum.test/"), *parse_address("8.8.8.8"), policy));
    EXPECT_TRUE(may("forum.test", "http://Forum.Test./", inner));
    EXPECT_TRUE(may("Forum.Test", "https://forum.test:8443/", inner));
    EXPECT_TRUE(may("forum.test:8443", "https://forum.test:8443/", inner));
    EXPECT_FALSE(may("forum.test:8443", "https://forum.test/", inner));
    EXPECT_FALSE(may("forum.test", "https://sub.forum.test/", inner));
    EXPECT_FALSE(may("forum.test", "https://evilforum.test/", inner));
    EXPECT_FALSE(may("", "https://forum.test/", inner));
    EXPECT_TRUE(may("10.0.0.0/8", "https://anything.test/", inner));
    EXPECT_FALSE(may("10.0.0.0/8", "https://anything.test/", loopback));
    EXPECT_TRUE(may("127.0.0.1", "http://0x7f.1/", loopback));
    EXPECT_FALSE(may("127.0.0.1", "http://rebound.test/", loopback));
    EXPECT_TRUE(may("[::1]:8080", "http://[::1]:8080/", *parse_address("::1")));
    EXPECT_TRUE(may("[::1]", "http://[::1]:8080/", *parse_address("::1")));
    EXPECT_FALSE(may("[::1]:8080", "http://[::1]:8081/", *parse_address("::1")));
}

struct BadRequest {
    const char* name;
    HttpRequest request;
};

class BadRequests : public ::testing::TestWithParam<BadRequest> {};

TEST_P(BadRequests, AreRefusedWithoutTellingAValue)
{
    const auto result = check_request(GetParam().request);

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::refused);
    EXPECT_EQ(result.error().message.find("secret"), std::string::npos);
}

HttpRequest with_header(std::string name, std::string value)
{
    return HttpRequest{.headers = {{std::move(name), std::move(value)}}};
}

INSTANTIATE_TEST_SUITE_P(
    Requests, BadRequests,
    ::testing::Values(BadRequest{"Method", HttpRequest{.method = "TRACE"}},
                      BadRequest{"MethodWithLineEnd", HttpRequest{.method = "GET\r\nX: y"}},
                      BadRequest{"LowerCaseMethod", HttpRequest{.method = "get"}},
                      BadRequest{"CrLf", with_header("X-A", "secret\r\nX-B: 1")},
                      BadRequest{"Lf", with_header("X-A", "secret\n")},
                      BadRequest{"Cr", with_header("X-A", "secret\r")},
                      BadRequest{"Nul", with_header("X-A", std::string("secret\0", 7))},
                      BadRequest{"Delete", with_header("X-A", "secret\x7F")},
                      BadRequest{"NameWithColon", with_header("X:A", "secret")},
                      BadRequest{"NameWithBlank", with_header("X A", "secret")},
                      BadRequest{"NameWithLineEnd", with_header("X\r\nY", "secret")},
                      BadRequest{"NoName", with_header("", "secret")},
                      BadRequest{"Host", with_header("HOST", "secret")},
                      BadRequest{"ContentLength", with_header("Content-Length", "1")},
                      BadRequest{"TransferEncoding", with_header("transfer-encoding", "chunked")},
                      BadRequest{"UserAgent", with_header("User-Agent", "secret")},
                      BadRequest{"AcceptEncoding", with_header("Accept-Encoding", "gzip")}),
    [](const auto& test) { return test.param.name; });

TEST(Requests, OfTheUsualKindAreGood)
{
    EXPECT_TRUE(check_request(HttpRequest{}));
    EXPECT_TRUE(check_request(with_header("Authorization", "Bearer a\tb")));
    EXPECT_TRUE(check_request(with_header("If-None-Match", "\"caf\u00E9\"")));
    EXPECT_TRUE(check_request(with_header("X-Empty", "")));
}

struct Redirect {
    const char* name;
    const char* method;
    int status;
    const char* from;
    const char* to;
    const char* method_after; ///< Empty: refused.
    bool body_after;
    bool secrets_after;
};

class Redirects : public ::testing::TestWithParam<Redirect> {};

TEST_P(Redirects, KeepTheMethodBodyAndSecretsThatTheyMay)
{
    const Redirect& test = GetParam();
    const bool carries = std::string_view(test.method) != "GET";
    HttpRequest request{
        .method = test.method,
        .url = test.from,
        .headers = {{"AUTHORIZATION", "x"}, {"Cookie", "x"}, {"x-api-key", "x"}, {"Accept", "x"}},
        .body = carries ? "body" : "",
        .secret_headers = {"X-Api-Key"}};
    if (carries) {
        request.headers.emplace_back("Content-Type", "text/plain");
    }

    const auto next = redirected(request, test.status, target(test.from), target(test.to));

    if (*test.method_after == '\0') {
        ASSERT_FALSE(next);
        EXPECT_EQ(next.error().kind, ErrorKind::refused);
        return;
    }
    ASSERT_TRUE(next) << next.error().message;
    EXPECT_EQ(next->method, test.method_after);
    EXPECT_EQ(next->url, target(test.to).url);
    EXPECT_EQ(!next->body.empty(), test.body_after);
    const std::size_t typed = test.body_after ? 1 : 0;
    EXPECT_EQ(next->headers.size(), (test.secrets_after ? 4U : 1U) + typed);
}

constexpr const char* a = "https://a.test/1";
constexpr const char* a2 = "https://a.test/2";
constexpr const char* b = "https://b.test/";

INSTANTIATE_TEST_SUITE_P(
    All, Redirects,
    ::testing::Values(
        Redirect{"GetSameHost", "GET", 302, a, a2, "GET", false, true},
        Redirect{"GetOtherHost", "GET", 302, a, b, "GET", false, false},
        Redirect{"GetOtherHost307", "GET", 307, a, b, "GET", false, false},
        Redirect{"GetSubdomain", "GET", 301, a, "https://x.a.test/", "GET", false, false},
        Redirect{"GetOtherPort", "GET", 308, a, "https://a.test:444/", "GET", false, false},
        Redirect{"GetNamedDefaultPort", "GET", 308, a, "https://a.test:443/", "GET", false, true},
        Redirect{"GetToHttps", "GET", 301, "http://a.test/", a, "GET", false, false},
        Redirect{"GetToHttp", "GET", 301, a, "http://a.test/", "", false, false},
        Redirect{"GetToHttpElsewhere", "GET", 307, a, "http://b.test/", "", false, false},
        Redirect{"Post301", "POST", 301, a, a2, "GET", false, true},
        Redirect{"Post302", "POST", 302, a, a2, "GET", false, true},
        Redirect{"Post303", "POST", 303, a, a2, "GET", false, true},
        Redirect{"Post307", "POST", 307, a, a2, "POST", true, true},
        Redirect{"Post308", "POST", 308, a, a2, "POST", true, true},
        Redirect{"Post303OtherHost", "POST", 303, a, b, "GET", false, false},
        Redirect{"Post307OtherHost", "POST", 307, a, b, "", false, false},
        Redirect{"Put301", "PUT", 301, a, a2, "PUT", true, true},
        Redirect{"Put303", "PUT", 303, a, a2, "GET", false, true},
        Redirect{"Put302OtherHost", "PUT", 302, a, b, "", false, false},
        Redirect{"Delete308", "DELETE", 308, a, a2, "DELETE", true, true}),
    [](const auto& test) { return test.param.name; });

struct Status {
    int status;
    bool conditional;
    std::optional<std::uint32_t> wait_s;
    std::optional<ErrorKind> kind;
};

class Statuses : public ::testing::TestWithParam<Status> {};

TEST_P(Statuses, AreErrorsAsTheContractSays)
{
    const Status& test = GetParam();
    HttpRequest request{.url = "http://forum.test/?key=secret"};
    if (test.conditional) {
        request.headers.emplace_back("If-None-Match", "secret");
    }

    const auto error = error_of(test.status, request, "forum.test", test.wait_s);

    ASSERT_EQ(error.has_value(), test.kind.has_value());
    if (error) {
        EXPECT_EQ(error->kind, *test.kind);
        EXPECT_EQ(error->message, "forum.test: HTTP " + std::to_string(test.status));
        EXPECT_EQ(error->retry_after_s,
                  error->kind == ErrorKind::rate_limited ? test.wait_s.value_or(0) : 0);
    }
}

INSTANTIATE_TEST_SUITE_P(All, Statuses,
                         ::testing::Values(Status{200, false, {}, {}}, Status{204, false, {}, {}},
                                           Status{299, false, {}, {}}, Status{304, true, {}, {}},
                                           Status{304, false, {}, ErrorKind::malformed},
                                           Status{302, false, {}, ErrorKind::malformed},
                                           Status{300, false, {}, ErrorKind::malformed},
                                           Status{400, false, {}, ErrorKind::malformed},
                                           Status{401, false, {}, ErrorKind::unauthorized},
                                           Status{403, false, {}, ErrorKind::unauthorized},
                                           Status{404, false, {}, ErrorKind::not_found},
                                           Status{410, false, {}, ErrorKind::not_found},
                                           Status{408, false, {}, ErrorKind::unavailable},
                                           Status{418, false, {}, ErrorKind::malformed},
                                           Status{425, false, {}, ErrorKind::unavailable},
                                           Status{429, false, 42, ErrorKind::rate_limited},
                                           Status{429, false, {}, ErrorKind::rate_limited},
                                           Status{500, false, {}, ErrorKind::unavailable},
                                           Status{502, false, {}, ErrorKind::unavailable},
                                           Status{503, false, 7, ErrorKind::rate_limited},
                                           Status{503, false, {}, ErrorKind::unavailable},
                                           Status{599, false, {}, ErrorKind::unavailable},
                                           Status{600, false, {}, ErrorKind::malformed},
                                           Status{0, false, {}, ErrorKind::malformed}));

TEST(UrlForLog, HoldsNoSecret)
{
    EXPECT_EQ(url_for_log("https://forum.test/a/b?token=secret#secret"), "https://forum.test/a/b");
    EXPECT_EQ(url_for_log("http://u:secret@forum.test:81/a"), "http://forum.test:81/a");
    EXPECT_EQ(url_for_log("https://hooks.test/services/T0/B1/ab12cd34ef56gh78ij90kl"),
              "https://hooks.test/services/T0/B1/...");
    EXPECT_EQ(url_for_log("https://api.test/bot123456:AA-bb_cc123456789/getUpdates"),
              "https://api.test/.../getUpdates");
    EXPECT_EQ(url_for_log("https://forum.test"), "https://forum.test/");
    EXPECT_EQ(url_for_log("secret"), "(not a URL)");
    EXPECT_EQ(url_for_log(""), "(not a URL)");
}

} // namespace
} // namespace empathd::connectors
