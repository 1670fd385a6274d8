#include "analysis/match/canonical.hpp"

#include "analysis/text/characters.hpp"

namespace empathd::analysis {
namespace {

bool is_unseen(CharKind kind) noexcept
{
    return kind == CharKind::hidden || kind == CharKind::gap;
}

} // namespace

int CanonicalReader::next_of_unusual()
{
    bool in_space = false;
    std::size_t after_space = position_;
    while (position_ < text_.size()) {
        const Char c = char_at(text_, position_);
        const CharKind kind = kind_of(c.code);
        if (kind != CharKind::space && !is_unseen(kind)) {
            break;
        }
        in_space = in_space || kind == CharKind::space;
        position_ += c.size;
        after_space = kind == CharKind::space ? position_ : after_space;
    }
    if (in_space) {
        position_ = after_space;
        return ' ';
    }
    if (position_ == text_.size()) {
        return end_of_text;
    }
    const Char c = char_at(text_, position_);
    if (c.code == 0x2010 || c.code == 0x2011) {
        position_ += c.size;
        return '-';
    }
    return static_cast<unsigned char>(text_[position_++]);
}

std::string canonical(std::string_view folded)
{
    std::string result;
    CanonicalReader reader(folded, 0);
    for (int byte = reader.next(); byte != CanonicalReader::end_of_text; byte = reader.next()) {
        if (byte != ' ' || !result.empty()) {
            result += static_cast<char>(byte);
        }
    }
    if (!result.empty() && result.back() == ' ') {
        result.pop_back();
    }
    return result;
}

} // namespace empathd::analysis
