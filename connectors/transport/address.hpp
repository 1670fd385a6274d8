#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace empathd::connectors {

/// An IPv4 or IPv6 address. IPv4 fills the first four bytes.
struct Address {
    std::array<std::uint8_t, 16> bytes{};
    bool v6 = false;

    friend bool operator==(const Address&, const Address&) = default;
};

/// The usual text forms only, as inet_pton reads them: four decimal numbers, or RFC 4291. Nothing
/// for "127.1", "0x7f000001" and the like; a resolver may still understand those, so what it gives
/// is checked, not what it was asked.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

/// The address of an IPv4 or IPv6 socket address; nothing for other families. `from` must be as
/// large as its family says.
[[nodiscard]] std::optional<Address> address_of(const sockaddr& from) noexcept;

[[nodiscard]] std::string to_string(const Address& address);

/// Whether anybody in the Internet may have it: none of the special-purpose blocks of RFC 6890 and
/// its IANA registries, nor a form that wraps an IPv4 address (mapped, compatible, NAT64, 6to4,
/// Teredo), which could be a private one. For IPv6 only 2000::/3 is ever public.
[[nodiscard]] bool is_public(const Address& address) noexcept;

/// A block of addresses in CIDR notation.
struct AddressBlock {
    Address network;
    unsigned prefix_bits = 0; ///< At most 32 for IPv4, 128 for IPv6.

    /// IPv4 and IPv6 never contain each other, mapped forms included.
    [[nodiscard]] bool contains(const Address& address) const noexcept;
};

/// "10.0.0.0/8", "fd00::/8". Nothing for anything else; bits behind the prefix do not matter.
[[nodiscard]] std::optional<AddressBlock> parse_block(std::string_view text);

} // namespace empathd::connectors
