#include "daemon/store/search_text.hpp"

#include "analysis/model/digest.hpp"
#include "analysis/text/normalize.hpp"

#include <algorithm>
#include <array>

namespace empathd::sqlite {
namespace {

/// Bump when search_text() changes in a way that the sample below does not show.
constexpr std::string_view version = "1";
/// A little of everything the folder treats: what becomes of it stands for the folder's version.
constexpr std::string_view sample =
    "Phở ĐẶC biệt Straße İstanbul Œuvre naïve Łódź Ørsted ’ ﬁ "
    "Ελλάς Привет 日本 한국 ไทย عربي é ﷺ ½ Ⅳ tea🤔cup “x”";

/// Blocks of which every character is a sign (Unicode 15, Blocks.txt), or the part of one.
struct Range {
    char32_t first;
    char32_t last;
};
constexpr std::array<Range, 13> signs{{{0x80, 0xA9},
                                       {0xAB, 0xB1},
                                       {0xB6, 0xB8},
                                       {0xBB, 0xBB},
                                       {0xBF, 0xBF},
                                       {0x2000, 0x206F},
                                       {0x20A0, 0x20FF},
                                       {0x2190, 0x245F},
                                       {0x2500, 0x2775},
                                       {0x2794, 0x2BFF},
                                       {0x3000, 0x3004},
                                       {0xFE00, 0xFE0F},
                                       {0x1F200, 0x1FAFF}}};

} // namespace

Character character_of(std::string_view text, std::size_t at) noexcept
{
    const auto byte = [&](std::size_t i) -> char32_t {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
    };
    const char32_t lead = byte(0);
    if (lead < 0x80) {
        return {lead, 1};
    }
    if (lead < 0xE0) {
        return {((lead & 0x1F) << 6) | (byte(1) & 0x3F), 2};
    }
    if (lead < 0xF0) {
        return {((lead & 0x0F) << 12) | ((byte(1) & 0x3F) << 6) | (byte(2) & 0x3F), 3};
    }
    return {((lead & 0x07) << 18) | ((byte(1) & 0x3F) << 12) | ((byte(2) & 0x3F) << 6) |
                (byte(3) & 0x3F),
            4};
}

bool is_word_character(char32_t code) noexcept
{
    if (code < 0x80) {
        return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
               (code >= 'A' && code <= 'Z');
    }
    return std::none_of(signs.begin(), signs.end(), [code](const Range& range) {
        return code >= range.first && code <= range.last;
    });
}

std::string search_words(std::string_view text)
{
    std::string words;
    analysis::fold(text, analysis::Fold::stripped, words);
    for (std::size_t at = 0; at < words.size();) {
        if (static_cast<unsigned char>(words[at]) < 0x80) { // The index knows ASCII by itself.
            words[at] = words[at] == '\0' ? ' ' : words[at];
            ++at;
            continue;
        }
        const Character character = character_of(words, at);
        const std::size_t end = std::min(at + character.bytes, words.size());
        if (!is_word_character(character.code)) {
            std::fill(words.begin() + static_cast<std::ptrdiff_t>(at),
                      words.begin() + static_cast<std::ptrdiff_t>(end), ' ');
        }
        at = end;
    }
    return words;
}

std::string search_text(std::string_view title, std::string_view text)
{
    std::string words;
    if (!title.empty()) {
        words = search_words(title) + '\n';
    }
    words += search_words(text);
    return words;
}

std::string search_tags(std::int64_t brand, std::int64_t source, std::string_view author)
{
    std::string tags = brand_tag(brand) + ' ' + source_tag(source);
    if (!author.empty()) {
        tags += ' ' + author_tag(author);
    }
    return tags;
}

std::string brand_tag(std::int64_t brand)
{
    return 'b' + std::to_string(brand);
}

std::string source_tag(std::int64_t source)
{
    return 's' + std::to_string(source);
}

/// FNV-1a, 64 bits. Source: draft-eastlake-fnv, section 2.
std::string author_tag(std::string_view author)
{
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char byte : author) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3U;
    }
    return 'a' + std::to_string(hash);
}

std::string search_text_version()
{
    return digest({version, search_words(sample)});
}

} // namespace empathd::sqlite
