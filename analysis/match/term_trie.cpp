#include "analysis/match/term_trie.hpp"

#include "analysis/match/canonical.hpp"
#include "analysis/text/characters.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <numeric>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace empathd::analysis {
namespace {

constexpr std::size_t block_size = 64;
static_assert(TermTrie::padding >= block_size);

/// One bit for each of 64 bytes.
struct BlockMasks {
    std::uint64_t word = 0; ///< a to z and 0 to 9; a folded text has no A to Z.
    std::uint64_t lead = 0; ///< First bytes of characters that are not ASCII.
};

#ifdef __SSE2__
std::uint64_t mask_of(__m128i bytes, unsigned part) noexcept
{
    return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(bytes)))
           << (part * 16);
}

/// Bytes that are at least `from` and at most `from + extent`, unsigned.
__m128i in_range(__m128i bytes, char from, char extent) noexcept
{
    const __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8(from));
    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(extent)), above);
}

BlockMasks masks_of(const char* text) noexcept
{
    BlockMasks masks;
    for (unsigned part = 0; part < 4; ++part) {
        __m128i bytes;
        std::memcpy(&bytes, text + part * sizeof bytes, sizeof bytes);
        const __m128i word =
            _mm_or_si128(in_range(bytes, 'a', 'z' - 'a'), in_range(bytes, '0', '9' - '0'));
        masks.word |= mask_of(word, part);
        masks.lead |= mask_of(in_range(bytes, '\xC0', '\x3F'), part);
    }
    return masks;
}
#else
BlockMasks masks_of(const char* text) noexcept
{
    BlockMasks masks;
    for (unsigned i = 0; i < block_size; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool word = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        masks.word |= std::uint64_t{word} << i;
        masks.lead |= std::uint64_t{byte >= 0xC0} << i;
    }
    return masks;
}
#endif

std::uint32_t scattered(std::uint32_t prefix) noexcept
{
    return prefix * 0x9E3779B1u;
}

std::uint32_t with_byte(std::uint32_t prefix, unsigned length, char byte) noexcept
{
    return prefix | static_cast<std::uint32_t>(static_cast<unsigned char>(byte)) << (8 * length);
}

/// Gives `found(prefix, end)` the prefix of the canonical text at `begin`, and where it ends: at
/// most four bytes of the first word; one character only where a match may end inside a word
/// (unspaced scripts, Hangul) or begins with a sign. At a U+200B a word may end or go on: both.
template <class Found>
void for_each_prefix(std::string_view text, std::size_t begin, Found found)
{
    constexpr unsigned length_max = 4;
    std::uint32_t prefix = 0;
    unsigned length = 0;
    const Char first = char_at(text, begin);
    if (kind_of(first.code) != CharKind::word) {
        CanonicalReader reader(text, begin);
        do {
            prefix = with_byte(prefix, length++, static_cast<char>(reader.next()));
        } while (length < length_max && reader.position() < begin + first.size);
        found(prefix, reader.position());
        return;
    }
    std::size_t end = begin;
    for (std::size_t at = begin; length < length_max && at < text.size();) {
        const Char c = char_at(text, at);
        const CharKind kind = kind_of(c.code);
        if (kind == CharKind::gap) {
            found(prefix, end);
        } else if (kind == CharKind::word) {
            for (end = at; end < at + c.size && length < length_max; ++end) {
                prefix = with_byte(prefix, length++, text[end]);
            }
        } else if (kind != CharKind::hidden) {
            break;
        }
        at += c.size;
    }
    found(prefix, end);
}

CharKind kind_before(std::string_view text, std::size_t position)
{
    CharKind kind = CharKind::hidden;
    while (kind == CharKind::hidden && position > 0) {
        const Char c = char_before(text, position);
        position -= c.size;
        kind = kind_of(c.code);
    }
    return kind;
}

CharKind kind_after(std::string_view text, std::size_t position)
{
    CharKind kind = CharKind::hidden;
    while (kind == CharKind::hidden && position < text.size()) {
        const Char c = char_at(text, position);
        position += c.size;
        kind = kind_of(c.code);
    }
    return kind;
}

bool may_begin(std::string_view text, std::size_t position)
{
    const CharKind first = kind_of(char_at(text, position).code);
    if (first != CharKind::word && first != CharKind::hangul) {
        return true;
    }
    return kind_before(text, position) != first;
}

bool may_end(std::string_view text, std::size_t position)
{
    return kind_of(char_before(text, position).code) != CharKind::word ||
           kind_after(text, position) != CharKind::word;
}

} // namespace

struct TermTrie::Scan {
    std::string_view text; ///< Without the padding, which is readable nevertheless.
    std::vector<Hit>& hits;
};

TermTrie::TermTrie(const std::vector<std::string>& literals)
{
    build_nodes(literals);
    build_entrances(literals);
}

void TermTrie::build_nodes(const std::vector<std::string>& literals)
{
    literals_.resize(literals.size());
    std::iota(literals_.begin(), literals_.end(), 0u);
    std::sort(literals_.begin(), literals_.end(), [&](std::uint32_t a, std::uint32_t b) {
        const int order = literals[a].compare(literals[b]);
        return order != 0 ? order < 0 : a < b;
    });
    struct Range { // Of sorted literals, which agree in `depth` bytes.
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        std::uint32_t depth = 0;
    };
    std::vector<Range> nodes{{0, static_cast<std::uint32_t>(literals.size()), 0}};
    std::vector<std::uint32_t> in_order;
    labels_.push_back(0);
    for (std::size_t n = 0; n < nodes.size(); ++n) {
        Range range = nodes[n];
        first_child_.push_back(static_cast<std::uint32_t>(nodes.size()));
        first_literal_.push_back(static_cast<std::uint32_t>(in_order.size()));
        while (range.begin < range.end && literals[literals_[range.begin]].size() == range.depth) {
            in_order.push_back(literals_[range.begin++]);
        }
        while (range.begin < range.end) {
            const char label = literals[literals_[range.begin]][range.depth];
            std::uint32_t end = range.begin + 1;
            while (end < range.end && literals[literals_[end]][range.depth] == label) {
                ++end;
            }
            labels_.push_back(static_cast<unsigned char>(label));
            nodes.push_back({range.begin, end, range.depth + 1});
            range.begin = end;
        }
    }
    first_child_.push_back(static_cast<std::uint32_t>(nodes.size()));
    first_literal_.push_back(static_cast<std::uint32_t>(in_order.size()));
    literals_ = std::move(in_order);
}

void TermTrie::build_entrances(const std::vector<std::string>& literals)
{
    const std::size_t slots = std::bit_ceil(2 * literals.size() + 2);
    const std::size_t bits = std::clamp<std::size_t>(16 * slots, 1u << 12, 1u << 20);
    entrances_.resize(slots);
    filter_.resize(bits / 64);
    entrance_shift_ = 32 - static_cast<unsigned>(std::countr_zero(slots));
    filter_shift_ = 32 - static_cast<unsigned>(std::countr_zero(bits));
    for (const std::string& literal : literals) {
        note_first_byte(literal);
        const auto add = [&](std::uint32_t prefix, std::size_t end) {
            const std::uint32_t hash = scattered(prefix);
            const std::uint32_t bit = hash >> filter_shift_;
            filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
            std::size_t slot = hash >> entrance_shift_;
            while (entrances_[slot].prefix != 0 && entrances_[slot].prefix != prefix) {
                slot = (slot + 1) % slots;
            }
            std::uint32_t node = 0;
            for (std::size_t i = 0; i < end; ++i) {
                node = child(node, static_cast<unsigned char>(literal[i]));
            }
            entrances_[slot] = {prefix, node};
        };
        for_each_prefix(literal, 0, add);
    }
}

void TermTrie::note_first_byte(std::string_view literal)
{
    const auto lead = static_cast<unsigned char>(literal.front());
    if (kind_of(char_at(literal, 0).code) == CharKind::sign) {
        sign_leads_[lead] = true;
        has_sign_leads_ = true;
        if (lead == '-') {
            sign_leads_[0xE2] = true; // U+2010 and U+2011 are read as '-'.
        }
    } else if (lead >= 0x80) {
        letter_leads_[lead] = true;
        has_letter_leads_ = true;
    }
}

std::uint32_t TermTrie::child(std::uint32_t node, unsigned char label) const noexcept
{
    const std::uint32_t first = first_child_[node];
    const std::size_t count = first_child_[node + 1] - first;
    const void* found = count == 0 ? nullptr : std::memchr(&labels_[first], label, count);
    return found == nullptr ? 0
                            : static_cast<std::uint32_t>(static_cast<const unsigned char*>(found) -
                                                         labels_.data());
}

std::uint32_t TermTrie::node_behind(std::uint32_t prefix) const noexcept
{
    const std::uint32_t hash = scattered(prefix);
    const std::uint32_t bit = hash >> filter_shift_;
    if ((filter_[bit / 64] >> (bit % 64) & 1) == 0) {
        return 0;
    }
    for (std::size_t slot = hash >> entrance_shift_; entrances_[slot].prefix != 0;
         slot = (slot + 1) % entrances_.size()) {
        if (entrances_[slot].prefix == prefix) {
            return entrances_[slot].node;
        }
    }
    return 0;
}

void TermTrie::enter(Scan& scan, std::uint32_t prefix, std::size_t begin, std::size_t end) const
{
    std::uint32_t node = node_behind(prefix);
    if (node == 0) {
        return;
    }
    CanonicalReader reader(scan.text, end);
    bool known_to_begin = false;
    while (node != 0) {
        if (first_literal_[node] != first_literal_[node + 1] &&
            may_end(scan.text, reader.position())) {
            if (!known_to_begin && !may_begin(scan.text, begin)) {
                return;
            }
            known_to_begin = true;
            scan.hits.push_back({node, static_cast<std::uint32_t>(begin),
                                 static_cast<std::uint32_t>(reader.position())});
        }
        const int byte = reader.next();
        if (byte == CanonicalReader::end_of_text) {
            return;
        }
        node = child(node, static_cast<unsigned char>(byte));
    }
}

void TermTrie::enter_by_word(Scan& scan, std::size_t begin) const
{
    for_each_prefix(scan.text, begin, [&](std::uint32_t prefix, std::size_t end) {
        enter(scan, prefix, begin, end);
    });
}

/// `run`: how many of the four bytes at `begin` are of the word before one is not.
void TermTrie::enter_by_ascii_word(Scan& scan, std::size_t begin, unsigned run) const
{
    constexpr std::array<std::uint32_t, 5> kept{0, 0xFF, 0xFFFF, 0xFF'FFFF, 0xFFFF'FFFF};
    const char* p = scan.text.data() + begin;
    if (run < 4 && static_cast<unsigned char>(p[run]) >= 0x80) {
        enter_by_word(scan, begin); // A letter, something unseen or a sign: look closer.
        return;
    }
    std::uint32_t prefix = 0;
    for (unsigned i = 0; i < 4; ++i) {
        prefix = with_byte(prefix, i, p[i]);
    }
    enter(scan, prefix & kept[run], begin, begin + run);
}

void TermTrie::scan_block(Scan& scan, std::size_t base, std::uint64_t& carry) const
{
    const char* text = scan.text.data();
    const BlockMasks masks = masks_of(text + base);
    std::uint64_t starts = masks.word & ~(masks.word << 1 | carry);
    carry = masks.word >> 63;
    if (has_letter_leads_) {
        starts |= masks.lead;
    }
    for (; starts != 0; starts &= starts - 1) {
        const auto bit = static_cast<unsigned>(std::countr_zero(starts));
        const std::size_t begin = base + bit;
        if ((masks.lead >> bit & 1) != 0) {
            if (letter_leads_[static_cast<unsigned char>(text[begin])] &&
                kind_of(char_at(scan.text, begin).code) != CharKind::sign &&
                may_begin(scan.text, begin)) {
                enter_by_word(scan, begin);
            }
        } else if (bit <= block_size - 4) {
            const auto run = static_cast<unsigned>(std::countr_one(masks.word >> bit));
            enter_by_ascii_word(scan, begin, std::min(run, 4u));
        } else {
            const BlockMasks here = masks_of(text + begin);
            const auto run = static_cast<unsigned>(std::countr_one(here.word));
            enter_by_ascii_word(scan, begin, std::min(run, 4u));
        }
    }
}

void TermTrie::scan_signs(Scan& scan) const
{
    for (std::size_t i = 0; i < scan.text.size(); ++i) {
        if (sign_leads_[static_cast<unsigned char>(scan.text[i])] &&
            kind_of(char_at(scan.text, i).code) == CharKind::sign) {
            enter_by_word(scan, i);
        }
    }
}

void TermTrie::scan(std::string_view padded, std::vector<Hit>& hits) const
{
    assert(padded.size() >= padding);
    Scan scan{padded.substr(0, padded.size() - padding), hits};
    std::uint64_t carry = 0;
    for (std::size_t base = 0; base < scan.text.size(); base += block_size) {
        scan_block(scan, base, carry);
    }
    if (has_sign_leads_) {
        scan_signs(scan);
    }
}

std::size_t TermTrie::size_bytes() const noexcept
{
    return labels_.capacity() + filter_.capacity() * sizeof(std::uint64_t) +
           entrances_.capacity() * sizeof(Entrance) +
           (first_child_.capacity() + first_literal_.capacity() + literals_.capacity()) *
               sizeof(std::uint32_t);
}

} // namespace empathd::analysis
