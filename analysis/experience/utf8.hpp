#pragma once

#include <cstdint>
#include <string_view>

namespace empathd::analysis {

struct Decoded {
    char32_t letter = 0;
    std::uint32_t bytes = 1;
};

/// The code point at `at` (< text.size()). Our texts are valid UTF-8; any other byte counts as
/// U+FFFD of one byte, so that no input can be read past its end.
[[nodiscard]] inline Decoded decode(std::string_view text, std::size_t at) noexcept
{
    const auto byte = [&](std::size_t offset) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + offset]));
    };
    const auto follows = [&](std::size_t offset) {
        return at + offset < text.size() && (byte(offset) & 0xc0U) == 0x80U;
    };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) {
        return {static_cast<char32_t>(lead), 1};
    }
    if (lead >= 0xc2 && lead < 0xe0 && follows(1)) {
        return {static_cast<char32_t>((lead & 0x1fU) << 6 | (byte(1) & 0x3fU)), 2};
    }
    if (lead >= 0xe0 && lead < 0xf0 && follows(1) && follows(2)) {
        return {static_cast<char32_t>((lead & 0x0fU) << 12 | (byte(1) & 0x3fU) << 6 |
                                      (byte(2) & 0x3fU)),
                3};
    }
    if (lead >= 0xf0 && lead < 0xf5 && follows(1) && follows(2) && follows(3)) {
        return {static_cast<char32_t>((lead & 0x07U) << 18 | (byte(1) & 0x3fU) << 12 |
                                      (byte(2) & 0x3fU) << 6 | (byte(3) & 0x3fU)),
                4};
    }
    return {0xfffd, 1};
}

} // namespace empathd::analysis
