#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace empathd::analysis {

/// Outputs are padded to whole blocks of this many.
inline constexpr std::size_t lane_block = 16;

/// int8 weights of all outputs, row by row, `blocks` x 16 lanes each; 16-byte aligned.
struct RowTable {
    const std::int8_t* rows = nullptr;
    std::size_t stride = 0;   ///< Bytes from row to row: at least blocks x 16.
    std::uint32_t blocks = 0; ///< 1..4
    std::uint32_t shift = 0;  ///< 32 - row bits: the top bits of a hash name its row.
};

/// Adds the rows of `hashes` to `sums` (blocks x 16). Exact for any number of hashes below 2^24.
void add_rows(const RowTable& table, std::span<const std::uint32_t> hashes,
              std::int32_t* sums) noexcept;

} // namespace empathd::analysis
