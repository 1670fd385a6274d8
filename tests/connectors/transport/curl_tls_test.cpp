#include "tests/connectors/transport/client_fixture.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/temporary_folder.hpp"

#include <openssl/ssl.h>

namespace empathd::connectors {
namespace {

using namespace std::chrono_literals;

struct Tls {
    const char* name;
    const char* issued_to;
    std::chrono::hours from;
    std::chrono::hours until;
    int version_max;
    bool authority_known;
    bool good;
};

class CurlTls : public ::testing::TestWithParam<Tls> {};

TEST_P(CurlTls, IsTrustedOnlyWhenEverythingIsRight)
{
    const testing::TemporaryFolder folder;
    const testing::CertificateAuthority authority(folder.path());
    const auto files = authority.issue(GetParam().issued_to, GetParam().from, GetParam().until);
    testing::HttpServer server("127.0.0.1", {files.certificate, files.key, GetParam().version_max});
    server.answer("/x", "over TLS");
    const testing::FakeClock clock{from_unix_ms(0)};
    FetchPolicy policy{.allowed = {server.authority()}};
    if (GetParam().authority_known) {
        policy.ca_file = authority.certificate();
    }
    boost::asio::io_context loop{1};
    const auto client = make_curl_client(loop.get_executor(), policy, clock);

    const auto response = testing::run_on(loop, client->send(HttpRequest{.url = server.url("/x")}));

    if (GetParam().good) {
        ASSERT_TRUE(response) << response.error().message;
        EXPECT_EQ(response->body, "over TLS");
        return;
    }
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(server.hits(), 0u); // Not a byte of the request was told to a stranger.
}

INSTANTIATE_TEST_SUITE_P(
    Matrix, CurlTls,
    ::testing::Values(Tls{"Good", "IP:127.0.0.1", -1h, 1h, 0, true, true},
                      Tls{"Tls12", "IP:127.0.0.1", -1h, 1h, TLS1_2_VERSION, true, true},
                      Tls{"UnknownAuthority", "IP:127.0.0.1", -1h, 1h, 0, false, false},
                      Tls{"OtherAddress", "IP:127.0.0.2", -1h, 1h, 0, true, false},
                      Tls{"OtherName", "forum.test", -1h, 1h, 0, true, false},
                      Tls{"Expired", "IP:127.0.0.1", -2h, -1h, 0, true, false},
                      Tls{"Future", "IP:127.0.0.1", 1h, 2h, 0, true, false},
                      Tls{"Tls11", "IP:127.0.0.1", -1h, 1h, TLS1_1_VERSION, true, false}),
    [](const auto& test) { return test.param.name; });

} // namespace
} // namespace empathd::connectors
