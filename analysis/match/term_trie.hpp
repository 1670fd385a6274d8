#pragma once

#include "analysis/match/matcher.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// Finds many literals in one pass over a folded and stripped text. Immutable; any thread.
///
/// A byte trie, entered only where a word may begin and only when the word's first four bytes are
/// those of a literal: a bit filter, then a hash table from these bytes to the node behind them. So
/// the top of the trie, where every word would miss the cache, is never walked.
class TermTrie {
public:
    /// Bytes that must be readable behind the text that is scanned; zeros.
    static constexpr std::size_t padding = 64;

    /// An occurrence: bytes [begin, end) of the folded text spell the literals of `node`, and it
    /// begins and ends where a word may.
    using Hit = MatchScratch::Hit;

    /// `literals`: canonical (canonical.hpp), not empty. Equal ones are welcome.
    explicit TermTrie(const std::vector<std::string>& literals);

    /// Appends the hits in `padded`, less its `padding`, to `hits`: by their begin, but for signs,
    /// which come last; the same hit may come twice.
    void scan(std::string_view padded, std::vector<Hit>& hits) const;

    /// Indices of the literals that end in a hit's node, ascending.
    [[nodiscard]] std::span<const std::uint32_t> literals_at(std::uint32_t node) const noexcept
    {
        return {literals_.data() + first_literal_[node],
                first_literal_[node + 1] - first_literal_[node]};
    }

    /// Memory held, in bytes.
    [[nodiscard]] std::size_t size_bytes() const noexcept;

private:
    struct Entrance {
        std::uint32_t prefix = 0; ///< 0: a free slot.
        std::uint32_t node = 0;
    };
    struct Scan;

    void build_nodes(const std::vector<std::string>& literals);
    void build_entrances(const std::vector<std::string>& literals);
    void note_first_byte(std::string_view literal);
    [[nodiscard]] std::uint32_t child(std::uint32_t node, unsigned char label) const noexcept;
    [[nodiscard]] std::uint32_t node_behind(std::uint32_t prefix) const noexcept;
    void enter(Scan& scan, std::uint32_t prefix, std::size_t begin, std::size_t end) const;
    void enter_by_word(Scan& scan, std::size_t begin) const;
    void enter_by_ascii_word(Scan& scan, std::size_t begin, unsigned run) const;
    void scan_block(Scan& scan, std::size_t base, std::uint64_t& carry) const;
    void scan_signs(Scan& scan) const;

    // Nodes in breadth-first order, so that the children of n are [first_child_[n],
    // first_child_[n + 1]); node 0 is the root and nobody's child.
    std::vector<unsigned char> labels_;
    std::vector<std::uint32_t> first_child_;
    std::vector<std::uint32_t> first_literal_;
    std::vector<std::uint32_t> literals_;

    std::vector<std::uint64_t> filter_; ///< Bit set; a power of two of bits.
    std::vector<Entrance> entrances_;   ///< Open addressing; a power of two, at most half full.
    unsigned filter_shift_ = 0;         ///< 32 less the logarithm of the filter's bits.
    unsigned entrance_shift_ = 0;
    std::array<bool, 256>
        letter_leads_{};                 ///< First bytes of literals that begin with a letter >127.
    std::array<bool, 256> sign_leads_{}; ///< First bytes of literals that begin with a sign.
    bool has_letter_leads_ = false;
    bool has_sign_leads_ = false;
};

} // namespace empathd::analysis
