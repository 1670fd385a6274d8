#include "analysis/experience/accumulate.hpp"

#include <algorithm>
#include <cstring>

// One binary for every x86-64: the loader picks the AVX2 body where the processor has it.
// Sanitizers do not work with the loader's choice.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define EMPATHD_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define EMPATHD_CLONES
#endif

namespace empathd::analysis {
namespace {

using Bytes = std::int8_t __attribute__((vector_size(16)));
using Shorts = std::int16_t __attribute__((vector_size(32)));

/// Rows between two spills of the 16-bit sums: 256 x 127 < 2^15.
constexpr std::size_t spill_rows = 256;
/// Rows asked of memory ahead of their use.
constexpr std::size_t ahead = 24;

} // namespace

#define EMPATHD_ADD_ROWS(name, blocks_)                                                            \
    EMPATHD_CLONES static void name(const std::int8_t* rows, std::size_t stride,                   \
                                    std::uint32_t shift, const std::uint32_t* hashes,              \
                                    std::size_t count, std::int32_t* sums)                         \
    {                                                                                              \
        for (std::size_t begin = 0; begin < count; begin += spill_rows) {                          \
            const std::size_t end = std::min(begin + spill_rows, count);                           \
            Shorts partial[blocks_] = {};                                                          \
            for (std::size_t i = begin; i < end; ++i) {                                            \
                const std::size_t next = i + ahead < count ? i + ahead : i;                        \
                __builtin_prefetch(rows + std::size_t{hashes[next] >> shift} * stride);            \
                const std::int8_t* row = rows + std::size_t{hashes[i] >> shift} * stride;          \
                for (std::size_t block = 0; block < (blocks_); ++block) {                          \
                    Bytes weights;                                                                 \
                    std::memcpy(&weights, row + block * lane_block, sizeof weights);               \
                    partial[block] += __builtin_convertvector(weights, Shorts);                    \
                }                                                                                  \
            }                                                                                      \
            for (std::size_t block = 0; block < (blocks_); ++block) {                              \
                for (std::size_t lane = 0; lane < lane_block; ++lane) {                            \
                    sums[block * lane_block + lane] += partial[block][lane];                       \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

EMPATHD_ADD_ROWS(add_rows_1, 1)
EMPATHD_ADD_ROWS(add_rows_2, 2)
EMPATHD_ADD_ROWS(add_rows_3, 3)
EMPATHD_ADD_ROWS(add_rows_4, 4)
#undef EMPATHD_ADD_ROWS

void add_rows(const RowTable& table, std::span<const std::uint32_t> hashes,
              std::int32_t* sums) noexcept
{
    switch (table.blocks) {
    case 1:
        return add_rows_1(table.rows, table.stride, table.shift, hashes.data(), hashes.size(),
                          sums);
    case 2:
        return add_rows_2(table.rows, table.stride, table.shift, hashes.data(), hashes.size(),
                          sums);
    case 3:
        return add_rows_3(table.rows, table.stride, table.shift, hashes.data(), hashes.size(),
                          sums);
    default:
        return add_rows_4(table.rows, table.stride, table.shift, hashes.data(), hashes.size(),
                          sums);
    }
}

} // namespace empathd::analysis
