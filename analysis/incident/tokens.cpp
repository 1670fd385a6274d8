#include "analysis/incident/tokens.hpp"

#include "analysis/text/characters.hpp"

#include <algorithm>

namespace empathd::analysis {
namespace {

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// Whether the character that begins here folds to another, which capitals do.
bool is_capital(std::string_view text, std::size_t at)
{
    const Char c = char_at(text, at);
    if (c.code < 0x80) {
        return c.code >= 'A' && c.code <= 'Z';
    }
    const std::string_view one = text.substr(at, c.size);
    return folded(one, Fold::letter_case) != one;
}

/// Cuts the folded text into tokens.
class Tokens {
public:
    Tokens(std::string_view text, const FoldedText& folded) : text_(text), folded_(folded) {}

    std::vector<WrittenWord> read()
    {
        std::vector<WrittenWord> out;
        const std::string_view all = folded_.text;
        std::size_t at = 0;
        std::size_t gap = 0;
        while (at < all.size()) {
            if (all[at] == '@' || all.substr(at, 4) == "http") {
                at = std::min(all.find_first_of(" \n\t", at), all.size());
                gap = at;
                broken_ = true;
                continue;
            }
            const std::size_t begin = at;
            at = word_end(begin);
            if (at == begin) {
                at += std::max<std::size_t>(1, char_at(all, at).size);
                continue;
            }
            out.push_back(token(begin, at, all.substr(gap, begin - gap), out.empty()));
            gap = at;
        }
        return out;
    }

private:
    std::size_t word_end(std::size_t at) const
    {
        const std::string_view all = folded_.text;
        while (at < all.size()) {
            const Char c = char_at(all, at);
            const CharKind kind = kind_of(c.code);
            if (kind != CharKind::word && kind != CharKind::hangul && kind != CharKind::unspaced) {
                break;
            }
            at += c.size;
        }
        return at;
    }

    WrittenWord token(std::size_t begin, std::size_t end, std::string_view gap, bool first)
    {
        WrittenWord out;
        out.word = std::string_view(folded_.text).substr(begin, end - begin);
        out.hash = word_hash(out.word);
        out.usual = usual_word(out.hash);
        out.begin = folded_.origin[begin];
        out.end = folded_.origin[end];
        for (const char c : out.word) {
            std::uint8_t& count = is_digit(c) ? out.digits : out.letters;
            count = count < 255 ? static_cast<std::uint8_t>(count + 1) : count;
        }
        out.capital = is_capital(text_, out.begin);
        const std::string_view written = text_.substr(out.begin, out.end - out.begin);
        out.capitals = out.capital && std::none_of(written.begin(), written.end(),
                                                   [](char c) { return c >= 'a' && c <= 'z'; });
        out.starts =
            first || broken_ || gap.find_first_of(".!?:;\n\"(*>") != std::string_view::npos ||
            gap.find("«") != std::string_view::npos || gap.find("“") != std::string_view::npos ||
            gap.find("…") != std::string_view::npos;
        out.adjacent = !first && !broken_ && (gap == " " || gap == "-" || gap.empty());
        broken_ = false;
        return out;
    }

    std::string_view text_;
    const FoldedText& folded_;
    bool broken_ = false;
};

} // namespace

std::vector<WrittenWord> tokens_of(std::string_view text, const FoldedText& folded)
{
    return Tokens(text, folded).read();
}

} // namespace empathd::analysis
