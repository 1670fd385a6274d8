#include "connectors/transport/utf8.hpp"

#include <cstdint>

namespace empathd::connectors {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

/// What may stand behind a lead byte: how many bytes, and which values the first of them may have.
/// Source: Unicode 15, table 3-7.
struct Sequence {
    std::size_t continuations = 0;
    std::uint8_t second_min = 0x80;
    std::uint8_t second_max = 0xBF;
};

Sequence sequence_of(std::uint8_t lead) noexcept
{
    if (lead >= 0xC2 && lead <= 0xDF) {
        return {1};
    }
    switch (lead) {
    case 0xE0: return {2, 0xA0, 0xBF};
    case 0xED: return {2, 0x80, 0x9F};
    case 0xF0: return {3, 0x90, 0xBF};
    case 0xF4: return {3, 0x80, 0x8F};
    default: break;
    }
    if (lead >= 0xE1 && lead <= 0xEF) {
        return {2};
    }
    return lead >= 0xF1 && lead <= 0xF3 ? Sequence{3} : Sequence{};
}

} // namespace

std::string repaired_utf8(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size());
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto lead = static_cast<std::uint8_t>(bytes[at]);
        if (lead < 0x80) {
            out += bytes[at++];
            continue;
        }
        const Sequence wanted = sequence_of(lead);
        std::size_t good = 0;
        while (good < wanted.continuations && at + 1 + good < bytes.size()) {
            const auto byte = static_cast<std::uint8_t>(bytes[at + 1 + good]);
            const bool fits = good == 0 ? byte >= wanted.second_min && byte <= wanted.second_max
                                        : byte >= 0x80 && byte <= 0xBF;
            if (!fits) {
                break;
            }
            ++good;
        }
        const bool whole = wanted.continuations != 0 && good == wanted.continuations;
        out += whole ? bytes.substr(at, 1 + good) : replacement;
        at += 1 + good;
    }
    return out;
}

bool cut_at_character(std::string& text, std::size_t bytes_max) noexcept
{
    if (text.size() <= bytes_max) {
        return false;
    }
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0) == 0x80) {
        --end;
    }
    text.resize(end);
    return true;
}

} // namespace empathd::connectors
