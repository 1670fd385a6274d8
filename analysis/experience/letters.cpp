#include "analysis/experience/letters.hpp"

#include <unicode/uchar.h>

#include <cstdint>
#include <string_view>

namespace empathd::analysis {

bool is_word(char32_t letter) noexcept
{
    if (letter < 0x80) {
        return is_ascii_word(static_cast<char>(letter));
    }
    if ((letter >= 0xc0 && letter < 0x250) || (letter >= 0x1e00 && letter < 0x1f00)) {
        return letter != 0xd7 && letter != 0xf7;
    }
    if (letter >= 0x2000 && letter < 0x2c00) { // Punctuation, arrows, dingbats.
        return false;
    }
    constexpr std::uint32_t wanted = U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK;
    return (U_GET_GC_MASK(static_cast<UChar32>(letter)) & wanted) != 0 &&
           !(letter >= 0xfe00 && letter <= 0xfe0f); // Variation selectors are marks of no word.
}

bool is_emoji(char32_t letter) noexcept
{
    return (letter >= 0x1f000 && letter < 0x1fb00 && !(letter >= 0x1f3fb && letter <= 0x1f3ff)) ||
           (letter >= 0x2600 && letter < 0x27c0) || (letter >= 0x2b00 && letter < 0x2c00);
}

bool is_elision(const char32_t* letters, std::size_t size) noexcept
{
    constexpr std::u32string_view single = U"cdjlmnst";
    if (size == 1) {
        return single.find(letters[0]) != std::u32string_view::npos;
    }
    return size >= 2 && letters[size - 2] == U'q' && letters[size - 1] == U'u';
}

} // namespace empathd::analysis
