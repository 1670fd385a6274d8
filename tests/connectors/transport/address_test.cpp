#include "connectors/transport/address.hpp"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/un.h>

#include <ostream>

namespace empathd::connectors {
namespace {

struct Case {
    const char* text;
    bool is_public;
};

void PrintTo(const Case& one, std::ostream* out)
{
    *out << one.text;
}

class Addresses : public ::testing::TestWithParam<Case> {};

TEST_P(Addresses, ArePublicOrNot)
{
    const auto address = parse_address(GetParam().text);

    ASSERT_TRUE(address);
    EXPECT_EQ(is_public(*address), GetParam().is_public);
}

INSTANTIATE_TEST_SUITE_P(
    NotPublicV4, Addresses,
    ::testing::Values(
        Case{"0.0.0.0", false}, Case{"0.255.255.255", false}, Case{"10.0.0.0", false},
        Case{"10.255.255.255", false}, Case{"100.64.0.0", false}, Case{"100.127.255.255", false},
        Case{"127.0.0.1", false}, Case{"127.255.255.255", false}, Case{"169.254.0.0", false},
        Case{"169.254.169.254", false}, Case{"172.16.0.0", false}, Case{"172.31.255.255", false},
        Case{"192.0.0.0", false}, Case{"192.0.0.255", false}, Case{"192.0.2.1", false},
        Case{"192.88.99.1", false}, Case{"192.168.0.0", false}, Case{"192.168.255.255", false},
        Case{"198.18.0.0", false}, Case{"198.19.255.255", false}, Case{"198.51.100.7", false},
        Case{"203.0.113.7", false}, Case{"224.0.0.0", false}, Case{"239.255.255.255", false},
        Case{"240.0.0.0", false}, Case{"255.255.255.254", false}, Case{"255.255.255.255", false}));

// The neighbours on both sides of every block: one bit too many or too few shows.
INSTANTIATE_TEST_SUITE_P(PublicV4, Addresses,
                         ::testing::Values(Case{"1.0.0.0", true}, Case{"8.8.8.8", true},
                                           Case{"9.255.255.255", true}, Case{"11.0.0.0", true},
                                           Case{"100.63.255.255", true}, Case{"100.128.0.0", true},
                                           Case{"126.255.255.255", true}, Case{"128.0.0.0", true},
                                           Case{"169.253.255.255", true}, Case{"169.255.0.0", true},
                                           Case{"172.15.255.255", true}, Case{"172.32.0.0", true},
                                           Case{"191.255.255.255", true}, Case{"192.0.1.0", true},
                                           Case{"192.0.3.0", true}, Case{"192.88.98.255", true},
                                           Case{"192.167.255.255", true}, Case{"192.169.0.0", true},
                                           Case{"198.17.255.255", true}, Case{"198.20.0.0", true},
                                           Case{"198.51.99.255", true}, Case{"198.51.101.0", true},
                                           Case{"203.0.112.255", true}, Case{"203.0.114.0", true},
                                           Case{"223.255.255.255", true}));

INSTANTIATE_TEST_SUITE_P(
    NotPublicV6, Addresses,
    ::testing::Values(Case{"::", false}, Case{"::1", false}, Case{"::127.0.0.1", false},
                      Case{"::8.8.8.8", false}, Case{"::ffff:127.0.0.1", false},
                      Case{"::ffff:8.8.8.8", false}, Case{"::ffff:a9fe:a9fe", false},
                      Case{"64:ff9b::7f00:1", false}, Case{"64:ff9b::808:808", false},
                      Case{"64:ff9b:1::1", false}, Case{"100::1", false}, Case{"2001::1", false},
                      Case{"2001:0:4136:e378::1", false}, Case{"2001:10::1", false},
                      Case{"2001:1ff:ffff::", false}, Case{"2001:db8::1", false},
                      Case{"2001:db8:ffff:ffff::1", false}, Case{"2002:7f00:1::1", false},
                      Case{"2002:808:808::", false}, Case{"3fff::1", false},
                      Case{"3fff:fff::1", false}, Case{"4000::1", false}, Case{"5f00::1", false},
                      Case{"fc00::1", false}, Case{"fd00:ec2::254", false}, Case{"fe80::1", false},
                      Case{"febf::1", false}, Case{"fec0::1", false}, Case{"ff02::1", false},
                      Case{"ffff::1", false}, Case{"1fff:ffff::1", false}));

INSTANTIATE_TEST_SUITE_P(PublicV6, Addresses,
                         ::testing::Values(Case{"2000::1", true}, Case{"2001:200::1", true},
                                           Case{"2001:4860:4860::8888", true},
                                           Case{"2001:db7:ffff::1", true},
                                           Case{"2001:db9::1", true}, Case{"2003::1", true},
                                           Case{"2606:4700:4700::1111", true},
                                           Case{"2a00:1450:4009:81f::200e", true},
                                           Case{"3ffe:ffff::1", true}, Case{"3fff:1000::1", true}));

TEST(AddressText, IsTheUsualFormOnly)
{
    for (const char* text :
         {"", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1.", "1.2.3.4.5",
          "256.0.0.1", "[::1]", "::1%lo", "::1 ", "localhost", "1:2:3:4:5:6:7:8:9"}) {
        EXPECT_FALSE(parse_address(text)) << text;
    }
    EXPECT_EQ(to_string(*parse_address("2001:DB8:0::1")), "2001:db8::1");
    EXPECT_EQ(to_string(*parse_address("1.2.3.4")), "1.2.3.4");
}

TEST(AddressBlock, ContainsItsAddressesAndNoOthers)
{
    const auto contains = [](const char* block, const char* address) {
        return parse_block(block)->contains(*parse_address(address));
    };

    EXPECT_TRUE(contains("10.0.0.0/8", "10.1.2.3"));
    EXPECT_TRUE(contains("10.9.9.9/8", "10.1.2.3"));
    EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
    EXPECT_TRUE(contains("192.168.4.0/22", "192.168.7.255"));
    EXPECT_FALSE(contains("192.168.4.0/22", "192.168.8.0"));
    EXPECT_TRUE(contains("127.0.0.1/32", "127.0.0.1"));
    EXPECT_FALSE(contains("127.0.0.1/32", "127.0.0.2"));
    EXPECT_TRUE(contains("0.0.0.0/0", "255.1.1.1"));
    EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
    EXPECT_FALSE(contains("127.0.0.0/8", "::ffff:127.0.0.1"));
    EXPECT_TRUE(contains("fd00::/8", "fdff::1"));
    EXPECT_TRUE(contains("::1/128", "::1"));
    EXPECT_FALSE(contains("::1/128", "::2"));
}

TEST(AddressBlock, IsReadStrictly)
{
    for (const char* text : {"", "/", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "::/129",
                             "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/ 8", "host/8", "10/8"}) {
        EXPECT_FALSE(parse_block(text)) << text;
    }
}

TEST(SocketAddress, GivesItsAddress)
{
    sockaddr_in in4{};
    in4.sin_family = AF_INET;
    in4.sin_addr.s_addr = htonl(0x7F000001);
    sockaddr_in6 in6{};
    in6.sin6_family = AF_INET6;
    in6.sin6_addr = in6addr_loopback;
    sockaddr_un local{};
    local.sun_family = AF_UNIX;

    EXPECT_EQ(address_of(reinterpret_cast<sockaddr&>(in4)), parse_address("127.0.0.1"));
    EXPECT_EQ(address_of(reinterpret_cast<sockaddr&>(in6)), parse_address("::1"));
    EXPECT_EQ(address_of(reinterpret_cast<sockaddr&>(local)), std::nullopt);
}

} // namespace
} // namespace empathd::connectors
