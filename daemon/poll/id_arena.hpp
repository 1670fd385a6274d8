#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace empathd {

/// Keeps short texts one after another in blocks of 64 KiB, without a heap block for each. Room
/// given back is used again for texts of the same size class (multiples of 8 bytes): memory stays
/// what the most texts at one time needed, and nothing is ever moved or copied to grow.
class IdArena {
public:
    static constexpr std::size_t bytes_max = 4096; ///< Of one text.

    /// Keeps `first` and `second` as one text, at most bytes_max together; gives its place.
    [[nodiscard]] std::uint32_t put(std::string_view first, std::string_view second);

    /// The text at a place; valid until it is given back. `size` is what was put.
    [[nodiscard]] std::string_view at(std::uint32_t place, std::size_t size) const noexcept;

    /// Gives a text's room back.
    void give_back(std::uint32_t place, std::size_t size) noexcept;

    /// Memory taken from the system.
    [[nodiscard]] std::size_t bytes() const noexcept;

private:
    static constexpr std::size_t unit = 8;
    static constexpr std::size_t block_units = 8192;
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    [[nodiscard]] static std::size_t units_of(std::size_t size) noexcept;
    [[nodiscard]] char* bytes_at(std::uint32_t place) const noexcept;

    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t used_units_ = block_units; ///< Of the last block.
    /// By size class: the place last given back, which holds the one before it; none: no place.
    std::vector<std::uint32_t> given_back_ = std::vector<std::uint32_t>(bytes_max / unit + 1, none);
};

} // namespace empathd
