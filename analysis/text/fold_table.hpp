#pragma once

#include "analysis/text/normalize.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What normalize.cpp is made of; nobody else includes it.
namespace empathd::analysis {

/// What one character becomes. `length` 0 to 3 says how many of `bytes` it is, larger values are
/// the marks below. Four bytes, so that one load and one store do for almost every letter.
struct FoldEntry {
    static constexpr std::uint8_t same = 4;   ///< The character itself.
    static constexpr std::uint8_t longer = 5; ///< FoldTable::longer[bytes[0] + 256 * bytes[1]].
    static constexpr std::uint8_t never = 6;  ///< Depends on its neighbours: ask ICU.

    std::array<unsigned char, 3> bytes{};
    std::uint8_t length = never;

    friend auto operator<=>(const FoldEntry&, const FoldEntry&) = default;
};
static_assert(sizeof(FoldEntry) == 4);

/// A result of more than three bytes. Never more than twice the bytes of its character.
struct LongFold {
    std::array<char, 8> bytes{};
    std::uint8_t length = 0;
};

/// All characters in blocks of 64, which is what the last byte of UTF-8 counts; equal blocks are
/// kept once.
struct FoldTable {
    static constexpr std::uint32_t block_count = 0x110000 / 64;
    using Block = std::array<FoldEntry, 64>;

    std::array<std::uint16_t, block_count> index{};
    std::vector<Block> blocks;
    std::vector<LongFold> longer;

    /// `block` below block_count, `low` below 64. Reads past the checks of the containers: this is
    /// most of what folding does.
    [[nodiscard]] const FoldEntry& at(std::uint32_t block, std::uint32_t low) const noexcept
    {
        return blocks.data()[index.data()[block]].data()[low];
    }
};

/// A character is `never` in both tables or in none. It is in none when it is NFC by itself, no
/// character before it can change or be changed by it, and the same holds for what it becomes.
/// A character whose `stripped` entry is neither `never` nor empty is solid: a text may be cut in
/// front of it, and the pieces folded by themselves give the folded whole.
struct FoldTables {
    FoldTable letter_case;
    FoldTable stripped;
};

/// Built from ICU on first use (about 10 ms); any thread.
[[nodiscard]] const FoldTables& fold_tables();

/// The definition of `to_nfc` and `fold`, by ICU alone. Appended to `out`.
void append_nfc_by_icu(std::string_view bytes, std::string& out);
void append_folded_by_icu(std::string_view bytes, Fold how, std::string& out);

} // namespace empathd::analysis
