#include "analysis/text/normalize.hpp"
#include "daemon/store/sqlite_connection.hpp"

#include <algorithm>
#include <cstring>

namespace empathd::sqlite {
namespace {

bool all_ascii(const char* bytes) noexcept
{
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    const std::uint64_t zero = (word - 0x0101010101010101U) & ~word & 0x8080808080808080U;
    return ((word & 0x8080808080808080U) | zero) == 0;
}

/// Length of the character at the start of `text`; 0 when it is none (Unicode 15, table 3-7) or
/// NUL.
std::size_t character_at(std::string_view text) noexcept
{
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto tail = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0U) == 0x80U; };
    const unsigned lead = byte(0);
    if (lead < 0x80) {
        return lead == 0 ? 0 : 1;
    }
    if (lead < 0xC2 || lead > 0xF4 || !tail(1)) {
        return 0;
    }
    if (lead < 0xE0) {
        return 2;
    }
    const unsigned second = byte(1);
    if (lead < 0xF0) {
        const bool fits = (lead != 0xE0 || second >= 0xA0) && (lead != 0xED || second < 0xA0);
        return fits && tail(2) ? 3 : 0;
    }
    const bool fits = (lead != 0xF0 || second >= 0x90) && (lead != 0xF4 || second < 0x90);
    return fits && tail(2) && tail(3) ? 4 : 0;
}

} // namespace

bool storable(std::string_view text) noexcept
{
    std::size_t at = 0;
    while (at < text.size()) {
        if (at + 8 <= text.size() && all_ascii(text.data() + at)) {
            at += 8;
            continue;
        }
        const std::size_t length = character_at(text.substr(at));
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}

std::string made_storable(std::string_view text)
{
    std::string copy(text);
    std::replace(copy.begin(), copy.end(), '\0', ' '); // As long as before: spans stay right.
    return storable(copy) ? copy : analysis::to_nfc(copy);
}

} // namespace empathd::sqlite
