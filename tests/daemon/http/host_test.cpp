#include "daemon/http/host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::http {
namespace {

struct Authority {
    const char* name;
    const char* text;
    const char* host;
};

class HostOf : public ::testing::TestWithParam<Authority> {};

TEST_P(HostOf, IsTheNameAlone)
{
    EXPECT_EQ(host_of(GetParam().text), GetParam().host);
}

INSTANTIATE_TEST_SUITE_P(
    Authorities, HostOf,
    ::testing::Values(Authority{"Name", "localhost", "localhost"},
                      Authority{"WithPort", "LocalHost:8642", "localhost"},
                      Authority{"EmptyPort", "localhost:", "localhost"},
                      Authority{"FinalDot", "api.acme.example.", "api.acme.example"},
                      Authority{"V4", "127.0.0.1:1", "127.0.0.1"},
                      Authority{"V6", "[::1]:8642", "::1"}, Authority{"V6Bare", "[::1]", "::1"},
                      Authority{"Empty", "", ""}, Authority{"BadPort", "localhost:x", ""},
                      Authority{"UserInfo", "localhost@evil.example", ""},
                      Authority{"Space", "local host", ""}, Authority{"OpenBracket", "[::1", ""},
                      Authority{"AfterBracket", "[::1]evil", ""},
                      Authority{"NotInBrackets", "::1", ""}),
    [](const auto& test) { return test.param.name; });

TEST(AnsweredHosts, AreTheListenAddressLocalhostAndTheConfigured)
{
    EXPECT_THAT(answered_hosts("127.0.0.5:8642", {"Api.Acme.Example:443"}),
                ::testing::UnorderedElementsAre("127.0.0.1", "127.0.0.5", "::1", "api.acme.example",
                                                "localhost"));
    EXPECT_THAT(answered_hosts("unix:/run/empathd/api", {}),
                ::testing::UnorderedElementsAre("127.0.0.1", "::1", "localhost"));
}

} // namespace
} // namespace empathd::http
