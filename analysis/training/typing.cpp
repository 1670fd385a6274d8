#include "analysis/training/typing.hpp"

#include "analysis/training/copies.hpp"

namespace empathd::training {

std::string typed(const std::string& text, Typing typing)
{
    switch (typing) {
    case Typing::as_is: break;
    case Typing::stripped: return without_diacritics(text);
    case Typing::capitals: return in_capitals(text);
    case Typing::without_emoji: return without_emoji(text);
    case Typing::misspelt: {
        Sequence sequence(text_hash(text) + 1);
        return misspelt(text, sequence);
    }
    }
    return text;
}

const char* name_of(Typing typing) noexcept
{
    switch (typing) {
    case Typing::as_is: return "as is";
    case Typing::stripped: return "no diacritics";
    case Typing::capitals: return "capitals";
    case Typing::without_emoji: return "no emoji";
    case Typing::misspelt: return "5 % typos";
    }
    return "";
}

std::uint64_t text_hash(std::string_view text) noexcept
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return hash;
}

} // namespace empathd::training
