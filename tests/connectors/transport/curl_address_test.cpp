// What the resolver makes of a host is what counts: the real client against a canary that it must
// never reach, and a server in the same place that the operator allows.
#include "tests/connectors/transport/client_fixture.hpp"

#include <ostream>

namespace empathd::connectors {
namespace {

struct Spelling {
    const char* host;
    const char* listens; ///< Where the canary listens.
};

void PrintTo(const Spelling& spelling, std::ostream* out)
{
    *out << spelling.host;
}

class CurlAddress : public ::testing::TestWithParam<Spelling> {
protected:
    Result<HttpResponse> get(const std::string& url, FetchPolicy policy)
    {
        const testing::FakeClock clock{from_unix_ms(0)};
        boost::asio::io_context loop{1};
        const auto client = make_curl_client(loop.get_executor(), std::move(policy), clock);
        return testing::run_on(loop, client->send(HttpRequest{.url = url}));
    }
};

TEST_P(CurlAddress, IsNotReachedHoweverItIsWritten)
{
    testing::HttpServer canary(GetParam().listens);
    canary.answer("/", "reached");
    const std::string url =
        "http://" + std::string(GetParam().host) + ":" + std::to_string(canary.port()) + "/";

    const auto response = get(url, FetchPolicy{});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::refused) << response.error().message;
    EXPECT_TRUE(names(response.error(), "is not public")) << response.error().message;
    EXPECT_EQ(canary.connections(), 0u);
}

// The same request does reach the canary once the block is allowed: the test above refuses for the
// reason it claims, not because the spelling leads nowhere.
TEST_P(CurlAddress, IsReachedWhenItsBlockIsAllowed)
{
    testing::HttpServer canary(GetParam().listens);
    canary.answer("/", "reached");
    const std::string url =
        "http://" + std::string(GetParam().host) + ":" + std::to_string(canary.port()) + "/";

    const auto response =
        get(url, FetchPolicy{.allowed = {"127.0.0.0/8", "0.0.0.0/8", "::/96", "::ffff:0:0/96"}});

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "reached");
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, CurlAddress,
    ::testing::Values(Spelling{"127.0.0.1", "127.0.0.1"}, Spelling{"127.1", "127.0.0.1"},
                      Spelling{"127.0.1", "127.0.0.1"}, Spelling{"2130706433", "127.0.0.1"},
                      Spelling{"0x7f000001", "127.0.0.1"}, Spelling{"0x7f.1", "127.0.0.1"},
                      Spelling{"0X7F.0x0.0.0x1", "127.0.0.1"},
                      Spelling{"017700000001", "127.0.0.1"}, Spelling{"0177.0.0.01", "127.0.0.1"},
                      Spelling{"0.0.0.0", "127.0.0.1"}, Spelling{"0", "127.0.0.1"},
                      Spelling{"localhost", "127.0.0.1"}, Spelling{"LOCALHOST", "127.0.0.1"},
                      Spelling{"sub.localhost", "127.0.0.1"},
                      Spelling{"[::ffff:127.0.0.1]", "127.0.0.1"},
                      Spelling{"[::ffff:7f00:1]", "127.0.0.1"},
                      Spelling{"[0:0:0:0:0:ffff:127.0.0.1]", "127.0.0.1"}, Spelling{"[::1]", "::1"},
                      Spelling{"[0:0:0:0:0:0:0:1]", "::1"}, Spelling{"[::0.0.0.1]", "::1"}));

struct Unreachable {
    const char* host;
};

void PrintTo(const Unreachable& unreachable, std::ostream* out)
{
    *out << unreachable.host;
}

class CurlForbiddenAddress : public ::testing::TestWithParam<Unreachable> {};

TEST_P(CurlForbiddenAddress, IsRefusedAtOnce)
{
    const testing::FakeClock clock{from_unix_ms(0)};
    boost::asio::io_context loop{1};
    const auto client = make_curl_client(loop.get_executor(), FetchPolicy{}, clock);
    const std::string url = "http://" + std::string(GetParam().host) + "/";

    const auto response = testing::run_on(loop, client->send(HttpRequest{.url = url}));

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::refused) << response.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Hosts, CurlForbiddenAddress,
    ::testing::Values(Unreachable{"169.254.169.254"}, Unreachable{"0xa9fea9fe"},
                      Unreachable{"10.0.0.1"}, Unreachable{"172.16.0.1"},
                      Unreachable{"192.168.1.1"}, Unreachable{"100.64.0.1"},
                      Unreachable{"255.255.255.255"}, Unreachable{"224.0.0.1"},
                      Unreachable{"198.18.0.1"}, Unreachable{"[::]"}, Unreachable{"[fd00::1]"},
                      Unreachable{"[fe80::1]"}, Unreachable{"[ff02::1]"},
                      Unreachable{"[64:ff9b::7f00:1]"}, Unreachable{"[2002:7f00:1::]"},
                      Unreachable{"[2001:0:7f00:1::]"}, Unreachable{"[2001:db8::1]"}));

} // namespace
} // namespace empathd::connectors
