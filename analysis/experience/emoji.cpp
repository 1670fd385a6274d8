#include "analysis/experience/lexicon.hpp"

namespace empathd::analysis {

EmojiClass emoji_class(char32_t symbol) noexcept
{
    using enum EmojiClass;
    if ((symbol >= 0x1f600 && symbol <= 0x1f60b) || symbol == 0x1f60d || symbol == 0x1f60e) {
        return symbol == 0x1f605 ? none : positive;
    }
    if ((symbol >= 0x1f612 && symbol <= 0x1f616) || (symbol >= 0x1f61e && symbol <= 0x1f62d) ||
        (symbol >= 0x1f620 && symbol <= 0x1f625)) {
        return negative;
    }
    switch (symbol) {
    case 0x2764:  // red heart
    case 0x1f44d: // thumb up
    case 0x1f389: // party
    case 0x1f618:
    case 0x1f61a:
    case 0x1f970:
    case 0x1f929:
    case 0x1f973:
    case 0x1f917:
    case 0x1f49a:
    case 0x1f499:
    case 0x1f49b:
    case 0x1f49c:
    case 0x1f495:
    case 0x1f496:
    case 0x1f497:
    case 0x1f498:
    case 0x1f525:
    case 0x1f4af:
    case 0x2b50:
    case 0x1f31f:
    case 0x2728:
    case 0x1f64c:
    case 0x1f4aa:
    case 0x1f63b:
    case 0x1f60c:
    case 0x2705: return positive;
    case 0x1f44e: // thumb down
    case 0x1f494: // broken heart
    case 0x1f92c:
    case 0x1f92e:
    case 0x1f922:
    case 0x1f630:
    case 0x1f631:
    case 0x1f62b:
    case 0x1f629:
    case 0x1f635:
    case 0x1f971:
    case 0x1f4a9:
    case 0x1f92f:
    case 0x1f926:
    case 0x1f61f:
    case 0x1f641:
    case 0x2639:
    case 0x1f627:
    case 0x1f628:
    case 0x1f97a:
    case 0x1f6a9:
    case 0x26a0:
    case 0x274c:
    case 0x1f5d1:
    case 0x1f937: return negative;
    case 0x1f643: // upside-down face
    case 0x1f644: // rolling eyes
    case 0x1f44f: // clapping, praise or its opposite
    case 0x1f921:
    case 0x1f602:
    case 0x1f923:
    case 0x1f60f:
    case 0x1f605:
    case 0x1f611:
    case 0x1f610:
    case 0x1f914: return mocking;
    default: return none;
    }
}

} // namespace empathd::analysis
