#include "analysis/model/digest.hpp"

#include <openssl/sha.h>

#include <array>
#include <cstdint>

namespace empathd {

std::string digest(std::initializer_list<std::string_view> parts)
{
    std::string joined;
    for (const std::string_view part : parts) {
        joined += std::to_string(part.size());
        joined += ':';
        joined += part;
    }
    std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
    const auto* bytes = static_cast<const unsigned char*>(static_cast<const void*>(joined.data()));
    SHA256(bytes, joined.size(), hash.data());
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(32);
    for (std::size_t i = 0; i < 16; ++i) {
        hex += digits[hash[i] >> 4];
        hex += digits[hash[i] & 15];
    }
    return hex;
}

} // namespace empathd
