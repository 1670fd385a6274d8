#pragma once

#include "analysis/model/post.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace empathd::connectors {

/// Collects text: white space collapsed, at most one empty line, nothing at either end.
class TextBuilder {
public:
    void add(std::string_view text, bool preformatted)
    {
        for (std::size_t i = 0; i < text.size() && !full_; ++i) {
            const char c = text[i];
            if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\n') {
                preformatted ? add_blank_as_it_is(c) : blank();
            } else if (c == '\xC2' && i + 1 < text.size()) {
                add_latin1(static_cast<std::uint8_t>(text[++i]));
            } else {
                put(c);
            }
        }
    }
    void blank() noexcept { blanks_ = std::max<std::size_t>(blanks_, 1); }
    /// The start or end of a block: on a line of its own.
    void block() noexcept { newlines_ = std::max(newlines_, 1); }
    void newline() noexcept { newlines_ = std::min(newlines_ + 1, 2); }

    [[nodiscard]] bool full() const noexcept { return full_; }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void add_blank_as_it_is(char c) noexcept
    {
        if (c == '\n') {
            newline();
            blanks_ = 0;
        } else if (c != '\r') {
            blanks_ = std::min<std::size_t>(blanks_ + 1, 64);
        }
    }

    /// U+0080 to U+00BF, whose lead byte is C2. Numbers 128 to 159 are meant as Windows-1252.
    /// Source: WHATWG HTML section 13.2.5.80 (numeric character reference end state).
    void add_latin1(std::uint8_t second)
    {
        static constexpr std::array<std::string_view, 32> windows{
            "€", "",  "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "", "Ž", "",
            "",  "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "", "ž", "Ÿ"};
        if (second == 0xA0) {
            blank();
        } else if (second < 0xA0) {
            for (const char c : windows[second - 0x80U]) {
                put(c);
            }
        } else {
            put('\xC2');
            put(static_cast<char>(second));
        }
    }

    void put(char c)
    {
        if (newlines_ != 0 && !out_.empty()) {
            out_.append(static_cast<std::size_t>(newlines_), '\n');
        }
        // Blanks at a line's start are kept where they were written so: code.
        if (blanks_ != 0 && !out_.empty() && (newlines_ == 0 || blanks_ > 1)) {
            out_.append(blanks_, ' ');
        }
        newlines_ = 0;
        blanks_ = 0;
        out_ += c;
        full_ = out_.size() > text_bytes_max;
    }

    /// Composing may shorten a text, so more is collected than Post::text may hold.
    static constexpr std::size_t text_bytes_max = 4 * post_text_bytes_max;

    std::string out_;
    int newlines_ = 0;
    std::size_t blanks_ = 0;
    bool full_ = false;
};

} // namespace empathd::connectors
