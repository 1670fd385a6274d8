#include "connectors/transport/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace empathd::connectors {
namespace {

constexpr AddressBlock v4(std::array<std::uint8_t, 4> bytes, unsigned prefix_bits)
{
    AddressBlock block{.prefix_bits = prefix_bits};
    std::copy(bytes.begin(), bytes.end(), block.network.bytes.begin());
    return block;
}

constexpr AddressBlock v6(std::array<std::uint8_t, 6> bytes, unsigned prefix_bits)
{
    AddressBlock block{.network = {.v6 = true}, .prefix_bits = prefix_bits};
    std::copy(bytes.begin(), bytes.end(), block.network.bytes.begin());
    return block;
}

// Source: IANA IPv4 Special-Purpose Address Registry (RFC 6890), and RFC 5771 for multicast.
constexpr std::array not_public_v4{
    v4({0, 0, 0, 0}, 8),       // "this network"; 0.0.0.0 reaches the machine itself
    v4({10, 0, 0, 0}, 8),      // private
    v4({100, 64, 0, 0}, 10),   // carrier-grade NAT
    v4({127, 0, 0, 0}, 8),     // loopback
    v4({169, 254, 0, 0}, 16),  // link-local: clouds keep their metadata there
    v4({172, 16, 0, 0}, 12),   // private
    v4({192, 0, 0, 0}, 24),    // IETF protocol assignments
    v4({192, 0, 2, 0}, 24),    // documentation
    v4({192, 88, 99, 0}, 24),  // 6to4 relay
    v4({192, 168, 0, 0}, 16),  // private
    v4({198, 18, 0, 0}, 15),   // benchmarks
    v4({198, 51, 100, 0}, 24), // documentation
    v4({203, 0, 113, 0}, 24),  // documentation
    v4({224, 0, 0, 0}, 4),     // multicast
    v4({240, 0, 0, 0}, 4),     // reserved, 255.255.255.255 among them
};

constexpr AddressBlock global_unicast = v6({0x20}, 3);

// What is special inside 2000::/3. Outside of it nothing is public: loopback, private (fc00::/7),
// link-local, multicast, IPv4-mapped and -compatible, NAT64.
// Source: IANA IPv6 Special-Purpose Address Registry.
constexpr std::array not_public_v6{
    v6({0x20, 0x01, 0x00}, 23),       // IETF protocol assignments, Teredo among them
    v6({0x20, 0x01, 0x0d, 0xb8}, 32), // documentation
    v6({0x20, 0x02}, 16),             // 6to4
    v6({0x3f, 0xff, 0x00}, 20),       // documentation
};

} // namespace

std::optional<Address> parse_address(std::string_view text)
{
    if (text.size() > INET6_ADDRSTRLEN) {
        return std::nullopt;
    }
    const std::string terminated(text);
    Address address;
    if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) {
        return address;
    }
    address = {.v6 = true};
    if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) {
        return address;
    }
    return std::nullopt;
}

std::optional<Address> address_of(const sockaddr& from) noexcept
{
    Address address;
    if (from.sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &from, sizeof in);
        std::memcpy(address.bytes.data(), &in.sin_addr, sizeof in.sin_addr);
        return address;
    }
    if (from.sa_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &from, sizeof in);
        std::memcpy(address.bytes.data(), &in.sin6_addr, sizeof in.sin6_addr);
        address.v6 = true;
        return address;
    }
    return std::nullopt;
}

std::string to_string(const Address& address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text.data(), text.size());
    return text.data();
}

bool AddressBlock::contains(const Address& address) const noexcept
{
    if (address.v6 != network.v6) {
        return false;
    }
    const std::size_t whole = prefix_bits / 8;
    if (!std::equal(network.bytes.begin(),
                    network.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                    address.bytes.begin())) {
        return false;
    }
    const unsigned rest = prefix_bits % 8;
    if (rest == 0) {
        return true;
    }
    const unsigned shift = 8 - rest;
    return network.bytes[whole] >> shift == address.bytes[whole] >> shift;
}

bool is_public(const Address& address) noexcept
{
    const auto holds = [&address](const AddressBlock& block) { return block.contains(address); };
    if (!address.v6) {
        return std::none_of(not_public_v4.begin(), not_public_v4.end(), holds);
    }
    return global_unicast.contains(address) &&
           std::none_of(not_public_v6.begin(), not_public_v6.end(), holds);
}

std::optional<AddressBlock> parse_block(std::string_view text)
{
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto network = parse_address(text.substr(0, slash));
    const std::string_view bits = text.substr(slash + 1);
    unsigned prefix_bits = 0;
    const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), prefix_bits);
    if (!network || error != std::errc{} || end != bits.data() + bits.size() ||
        prefix_bits > (network->v6 ? 128U : 32U)) {
        return std::nullopt;
    }
    return AddressBlock{*network, prefix_bits};
}

} // namespace empathd::connectors
