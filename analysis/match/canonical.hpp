#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace empathd::analysis {

/// The form in which terms are kept and in which texts are read against them: no character that is
/// not seen, every run of white space one space, none at the ends, U+2010 and U+2011 as '-'.
/// `folded` is what `fold` gave.
[[nodiscard]] std::string canonical(std::string_view folded);

/// Reads a folded text as `canonical` would write it, byte by byte and without a copy.
class CanonicalReader {
public:
    static constexpr int end_of_text = -1;

    CanonicalReader(std::string_view folded, std::size_t position) noexcept
        : text_(folded), position_(position)
    {
    }

    /// The next byte, or `end_of_text`.
    [[nodiscard]] int next()
    {
        if (position_ >= text_.size()) {
            return end_of_text;
        }
        const auto byte = static_cast<unsigned char>(text_[position_]);
        if (!may_differ[byte]) {
            ++position_;
            return byte;
        }
        return next_of_unusual();
    }

    /// Behind the byte that `next` gave last.
    [[nodiscard]] std::size_t position() const noexcept { return position_; }

private:
    /// First bytes of all characters that are read otherwise than they are written: white space,
    /// what is not seen, hyphens. Many others begin so too.
    static constexpr std::array<bool, 256> may_differ = [] {
        std::array<bool, 256> table{};
        for (const unsigned char byte : {'\t', '\n', '\v', '\f', '\r', ' '}) {
            table[byte] = true;
        }
        for (const int byte : {0xC2, 0xCD, 0xD8, 0xE1, 0xE2, 0xE3, 0xEF, 0xF0, 0xF3}) {
            table[static_cast<std::size_t>(byte)] = true;
        }
        return table;
    }();

    [[nodiscard]] int next_of_unusual();

    std::string_view text_;
    std::size_t position_;
};

} // namespace empathd::analysis
