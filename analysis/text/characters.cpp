#include "analysis/text/characters.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <array>
#include <map>
#include <vector>

namespace empathd::analysis {
namespace {

UScriptCode script_of(char32_t code) noexcept
{
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(static_cast<UChar32>(code), &status);
    return U_SUCCESS(status) ? script : USCRIPT_COMMON;
}

bool is_unspaced(char32_t code, UScriptCode script) noexcept
{
    switch (script) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR: return true;
    default: return code == 0x30FC || code == 0xFF70; // Prolonged sound marks: script Common.
    }
}

CharKind classify(char32_t code) noexcept
{
    const auto c = static_cast<UChar32>(code);
    if (code == 0x200B) {
        return CharKind::gap;
    }
    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
        return CharKind::hidden;
    }
    if (u_hasBinaryProperty(c, UCHAR_WHITE_SPACE)) {
        return CharKind::space;
    }
    constexpr std::uint32_t of_words =
        U_GC_L_MASK | U_GC_MN_MASK | U_GC_MC_MASK | U_GC_ND_MASK | U_GC_NL_MASK;
    if ((U_GET_GC_MASK(c) & of_words) == 0) {
        return CharKind::sign;
    }
    const UScriptCode script = script_of(code);
    const bool digit = u_charType(c) == U_DECIMAL_DIGIT_NUMBER;
    if (is_unspaced(code, script) && !digit) {
        return CharKind::unspaced;
    }
    return script == USCRIPT_HANGUL ? CharKind::hangul : CharKind::word;
}

/// Kinds of the characters below U+20000, equal blocks kept once.
struct KindTable {
    static constexpr std::uint32_t limit = 0x20000;
    static constexpr std::uint32_t block_size = 64;
    using Block = std::array<CharKind, block_size>;

    std::array<std::uint16_t, limit / block_size> index{};
    std::vector<Block> blocks;
    KindTable()
    {
        std::map<Block, std::uint16_t> seen;
        for (std::uint32_t block = 0; block < index.size(); ++block) {
            Block kinds{};
            for (std::uint32_t low = 0; low < block_size; ++low) {
                kinds[low] = classify(block * block_size + low);
            }
            const auto [known, is_new] =
                seen.try_emplace(kinds, static_cast<std::uint16_t>(blocks.size()));
            if (is_new) {
                blocks.push_back(kinds);
            }
            index[block] = known->second;
        }
    }
};

const KindTable& kind_table()
{
    static const KindTable table;
    return table;
}

} // namespace

CharKind kind_of(char32_t code)
{
    if (code >= KindTable::limit) {
        return classify(code);
    }
    const KindTable& table = kind_table();
    return table.blocks[table.index[code / KindTable::block_size]][code % KindTable::block_size];
}

bool marks_are_letters(char32_t code)
{
    switch (script_of(code)) {
    case USCRIPT_HAN:
    case USCRIPT_HANGUL:
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_HEBREW:
    case USCRIPT_ARABIC:
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
    case USCRIPT_UNKNOWN: return code == 0x30FC || code == 0xFF70;
    default: return true;
    }
}

Char char_at(std::string_view text, std::size_t offset) noexcept
{
    if (offset >= text.size()) {
        return {};
    }
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[offset + i]));
    };
    const std::uint32_t lead = byte(0);
    const std::uint32_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (size > text.size() - offset) {
        return {0xFFFD, static_cast<std::uint32_t>(text.size() - offset)};
    }
    switch (size) {
    case 1: return {lead, 1};
    case 2: return {(lead & 31) << 6 | (byte(1) & 63), 2};
    case 3: return {(lead & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63), 3};
    default:
        return {(lead & 7) << 18 | (byte(1) & 63) << 12 | (byte(2) & 63) << 6 | (byte(3) & 63), 4};
    }
}

Char char_before(std::string_view text, std::size_t offset) noexcept
{
    std::size_t start = offset;
    while (start > 0) {
        --start;
        if ((static_cast<unsigned char>(text[start]) & 0xC0) != 0x80) {
            break;
        }
    }
    return start == offset ? Char{} : char_at(text, start);
}

} // namespace empathd::analysis
