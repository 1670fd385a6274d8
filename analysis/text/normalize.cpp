#include "analysis/text/normalize.hpp"

#include "analysis/text/fold_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace empathd::analysis {
namespace {

const unsigned char* bytes_of(std::string_view text) noexcept
{
    return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

/// Where a character stands in a FoldTable, and its bytes in UTF-8; size 0 for what is ill-formed.
struct Place {
    std::uint32_t block = 0;
    std::uint32_t low = 0;
    std::uint32_t size = 0;
};

bool continues(unsigned char byte) noexcept
{
    return (byte & 0xC0) == 0x80;
}

Place place_of(const unsigned char* p, std::size_t left) noexcept
{
    const std::uint32_t lead = p[0];
    if (lead < 0x80) {
        return {lead >> 6, lead & 63, 1};
    }
    if (lead >= 0xC2 && lead < 0xE0 && left >= 2 && continues(p[1])) {
        return {lead & 31, p[1] & 63u, 2};
    }
    if (lead >= 0xE0 && lead < 0xF0 && left >= 3 && continues(p[1]) && continues(p[2])) {
        const std::uint32_t block = (lead & 15) << 6 | (p[1] & 63u);
        const bool overlong = block < 32; // Surrogates are `never` in the table.
        return overlong ? Place{} : Place{block, p[2] & 63u, 3};
    }
    if (lead >= 0xF0 && lead < 0xF5 && left >= 4 && continues(p[1]) && continues(p[2]) &&
        continues(p[3])) {
        const std::uint32_t block = (lead & 7) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
        const bool in_range = block >= 0x10000 / 64 && block < FoldTable::block_count;
        return in_range ? Place{block, p[3] & 63u, 4} : Place{};
    }
    return {};
}

/// The same for characters of two and three bytes only, where three can be read; size 0 for others.
/// Both lengths by one way: texts mix them at random, and a branch between them costs more. Like
/// the other functions that are marked so, a fifth of folding when it is called instead of inlined.
[[gnu::always_inline]] inline Place place_of_short(const unsigned char* p) noexcept
{
    const std::uint32_t lead = p[0];
    const std::uint32_t second = p[1] & 63u;
    const std::uint32_t third = p[2] & 63u;
    const std::uint32_t three = lead >= 0xE0 ? 1 : 0;
    const std::uint32_t block = three != 0 ? (lead & 15) << 6 | second : lead & 31;
    const std::uint32_t low = three != 0 ? third : second;
    const bool short_lead = lead - 0xC2 < 0xF0 - 0xC2;
    const bool well_formed =
        static_cast<bool>(static_cast<int>(short_lead) & static_cast<int>(continues(p[1])) &
                          (static_cast<int>(three == 0) |
                           (static_cast<int>(continues(p[2])) & static_cast<int>(block >= 32))));
    return well_formed ? Place{block, low, 2 + three} : Place{};
}

/// The character at `place` as the table has it; nullptr when ICU must see it.
[[gnu::always_inline]] inline const FoldEntry* entry_at(const FoldTable& table,
                                                        const Place& place) noexcept
{
    if (place.size == 0) {
        return nullptr;
    }
    const FoldEntry& entry = table.at(place.block, place.low);
    return entry.length == FoldEntry::never ? nullptr : &entry;
}

/// Most bytes `put` touches, whether they count or not.
constexpr std::size_t put_bytes_max = 8;

std::size_t put_seldom(const FoldTable& table, const FoldEntry& entry, const unsigned char* source,
                       std::size_t source_size, char* out) noexcept
{
    if (entry.length == FoldEntry::same) {
        for (std::size_t i = 0; i < source_size; ++i) {
            out[i] = static_cast<char>(source[i]);
        }
        return source_size;
    }
    const LongFold& fold = table.longer[entry.bytes[0] + 256u * entry.bytes[1]];
    std::memcpy(out, fold.bytes.data(), fold.bytes.size());
    return fold.length;
}

/// Writes what `entry` says at `out`. Returns how many bytes count.
[[gnu::always_inline]] inline std::size_t put(const FoldTable& table, const FoldEntry& entry,
                                              const unsigned char* source, std::size_t source_size,
                                              char* out) noexcept
{
    if (entry.length <= 3) {
        std::memcpy(out, &entry, sizeof entry);
        return entry.length;
    }
    return put_seldom(table, entry, source, source_size, out);
}

constexpr std::size_t step = 16; ///< Bytes looked at together.

/// How many of the 16 bytes at `in` are ASCII before the first that is not.
#ifdef __SSE2__
std::size_t ascii_run(const unsigned char* in) noexcept
{
    __m128i block;
    std::memcpy(&block, in, sizeof block);
    const auto high = static_cast<unsigned>(_mm_movemask_epi8(block));
    return static_cast<std::size_t>(std::countr_zero(high | 0x10000u));
}

/// The same, and writes all 16 bytes at `out`, with A to Z as a to z.
[[gnu::always_inline]] inline std::size_t lower_ascii_run(const unsigned char* in,
                                                          char* out) noexcept
{
    __m128i block;
    std::memcpy(&block, in, sizeof block);
    const auto high = static_cast<unsigned>(_mm_movemask_epi8(block));
    const __m128i from_a = _mm_cmpgt_epi8(block, _mm_set1_epi8('A' - 1));
    const __m128i to_z = _mm_cmplt_epi8(block, _mm_set1_epi8('Z' + 1));
    const __m128i bit = _mm_and_si128(_mm_and_si128(from_a, to_z), _mm_set1_epi8(0x20));
    const __m128i lower = _mm_or_si128(block, bit);
    std::memcpy(out, &lower, sizeof lower);
    return static_cast<std::size_t>(std::countr_zero(high | 0x10000u));
}
#else
std::size_t ascii_run(const unsigned char* in) noexcept
{
    std::size_t run = 0;
    while (run < step && in[run] < 0x80) {
        ++run;
    }
    return run;
}

std::size_t lower_ascii_run(const unsigned char* in, char* out) noexcept
{
    const std::size_t run = ascii_run(in);
    for (std::size_t i = 0; i < run; ++i) {
        const bool upper = in[i] >= 'A' && in[i] <= 'Z';
        out[i] = static_cast<char>(upper ? in[i] + 0x20 : in[i]);
    }
    return run;
}
#endif

/// Whether a text may be cut in front of the character at `p`.
bool solid_at(const unsigned char* p, std::size_t left) noexcept
{
    if (*p < 0x80) {
        return true;
    }
    const FoldEntry* entry = entry_at(fold_tables().stripped, place_of(p, left));
    return entry != nullptr && entry->length != 0;
}

/// The start of the last solid character before `end`, or 0. All before `end` is well-formed.
std::size_t cut_before(std::string_view text, std::size_t end) noexcept
{
    const unsigned char* p = bytes_of(text);
    while (end > 0) {
        --end;
        if (!continues(p[end]) && solid_at(p + end, text.size() - end)) {
            return end;
        }
    }
    return 0;
}

/// Writes foldings behind each other into a string that it makes longer as needed, and leaves at
/// its right length by `close`. What the string held behind `start` is overwritten, which spares
/// clearing and filling it for every text.
class FoldWriter {
public:
    FoldWriter(std::string& out, std::size_t start, std::size_t source_size)
        : out_(out), size_(start)
    {
        make_room(source_size);
    }

    /// Where the next bytes go. `make_room` has seen to it that they fit.
    [[nodiscard]] char* at() noexcept { return out_.data() + size_; }
    void advance(std::size_t bytes) noexcept { size_ += bytes; }
    void take_back(std::size_t bytes) noexcept { size_ -= bytes; }
    void close() { out_.resize(size_); }

    /// Room for `source_left` bytes that keep their size, one character that does not, and what is
    /// written without being counted.
    void make_room(std::size_t source_left)
    {
        const std::size_t needed = size_ + source_left + 2 * step + put_bytes_max;
        if (out_.size() < needed) {
            out_.resize(needed + source_left / 4);
        }
    }

private:
    std::string& out_;
    std::size_t size_;
};

/// Undoes the writing of `text` from `cut` to `end`, all of which the table had.
void take_back(std::string_view text, std::size_t cut, std::size_t end, const FoldTable& table,
               FoldWriter& writer) noexcept
{
    const unsigned char* in = bytes_of(text);
    while (cut < end) {
        const Place place = place_of(in + cut, text.size() - cut);
        std::array<char, put_bytes_max> sink{};
        writer.take_back(put(table, *entry_at(table, place), in + cut, place.size, sink.data()));
        cut += place.size;
    }
}

/// Writes to `out`, from byte `start`, the folding of as much of `text` as the table alone can
/// tell, and returns the rest, which begins with a solid character unless it is all.
std::string_view fold_by_table(std::string_view text, const FoldTable& table, std::string& out,
                               std::size_t start)
{
    const unsigned char* in = bytes_of(text);
    const std::size_t size = text.size();
    FoldWriter writer(out, start, size);
    std::size_t i = 0;
    while (i < size) {
        Place place;
        if (size - i >= step) {
            const std::size_t run = lower_ascii_run(in + i, writer.at());
            i += run;
            writer.advance(run);
            if (run == step) {
                continue;
            }
            place = size - i >= 3 ? place_of_short(in + i) : Place{};
        } else if (in[i] < 0x80) {
            std::array<unsigned char, step> last{};
            std::memcpy(last.data(), in + i, size - i);
            const std::size_t run = std::min(lower_ascii_run(last.data(), writer.at()), size - i);
            i += run;
            writer.advance(run);
            continue;
        }
        if (place.size == 0) {
            place = place_of(in + i, size - i);
        }
        const FoldEntry* entry = entry_at(table, place);
        if (entry == nullptr) {
            const std::size_t cut = cut_before(text, i);
            take_back(text, cut, i, table, writer);
            writer.close();
            return text.substr(cut);
        }
        writer.advance(put(table, *entry, in + i, place.size, writer.at()));
        i += place.size;
        writer.make_room(size - i);
    }
    writer.close();
    return {};
}

const FoldTable& table_of(Fold how)
{
    return how == Fold::stripped ? fold_tables().stripped : fold_tables().letter_case;
}

/// Where the first character stands that the table leaves to ICU; the size when there is none.
std::size_t first_unsure(std::string_view text) noexcept
{
    const FoldTable& table = table_of(Fold::letter_case);
    const unsigned char* in = bytes_of(text);
    std::size_t i = 0;
    while (i < text.size()) {
        Place place;
        if (text.size() - i >= step) {
            const std::size_t run = ascii_run(in + i);
            i += run;
            if (run == step) {
                continue;
            }
            place = text.size() - i >= 3 ? place_of_short(in + i) : Place{};
        } else if (in[i] < 0x80) {
            ++i;
            continue;
        }
        if (place.size == 0) {
            place = place_of(in + i, text.size() - i);
        }
        if (entry_at(table, place) == nullptr) {
            return i;
        }
        i += place.size;
    }
    return text.size();
}

} // namespace

std::string to_nfc(std::string_view bytes)
{
    const std::size_t unsure = first_unsure(bytes);
    if (unsure == bytes.size()) {
        return std::string(bytes);
    }
    const std::size_t cut = cut_before(bytes, unsure);
    std::string composed(bytes.substr(0, cut));
    append_nfc_by_icu(bytes.substr(cut), composed);
    return composed;
}

void fold(std::string_view nfc, Fold how, std::string& out)
{
    const FoldTable& table = table_of(how);
    std::string_view rest = fold_by_table(nfc, table, out, 0);
    if (rest.empty()) {
        return;
    }
    const std::string composed = to_nfc(rest);
    rest = fold_by_table(composed, table, out, out.size());
    if (!rest.empty()) {
        append_folded_by_icu(rest, how, out);
    }
}

std::string folded(std::string_view nfc, Fold how)
{
    std::string out;
    fold(nfc, how, out);
    return out;
}

FoldedText fold_with_origin(std::string_view nfc, Fold how)
{
    const FoldTable& table = table_of(how);
    const unsigned char* in = bytes_of(nfc);
    FoldedText folded;
    folded.text.reserve(nfc.size() + 2 * put_bytes_max);
    folded.origin.reserve(nfc.size() + 2 * put_bytes_max);
    std::string by_icu;
    std::array<char, put_bytes_max> by_table{};
    std::size_t i = 0;
    const auto append = [&folded](const char* bytes, std::size_t count, std::size_t offset) {
        folded.text.append(bytes, count);
        for (; count > 0; --count) {
            folded.origin.push_back(static_cast<std::uint32_t>(offset));
        }
    };
    while (i < nfc.size()) {
        const Place place = place_of(in + i, nfc.size() - i);
        if (const FoldEntry* entry = entry_at(table, place)) {
            append(by_table.data(), put(table, *entry, in + i, place.size, by_table.data()), i);
            i += place.size;
            continue;
        }
        // A solid character and what hangs on it, or a loose start: one piece for ICU.
        const std::size_t cut = cut_before(nfc, i);
        while (!folded.origin.empty() && folded.origin.back() >= cut) {
            folded.origin.pop_back();
        }
        folded.text.resize(folded.origin.size());
        do {
            const std::size_t size = place_of(in + i, nfc.size() - i).size;
            i += size == 0 ? 1 : size;
        } while (i < nfc.size() && !solid_at(in + i, nfc.size() - i));
        by_icu.clear();
        append_folded_by_icu(nfc.substr(cut, i - cut), how, by_icu);
        append(by_icu.data(), by_icu.size(), cut);
    }
    folded.origin.push_back(static_cast<std::uint32_t>(nfc.size()));
    return folded;
}

} // namespace empathd::analysis
