#include "analysis/experience/lexicon.hpp"

#include <algorithm>
#include <array>

namespace empathd::analysis {
namespace {

/// Hearts, thumbs up, party, stars and the like, beside the smiling faces.
constexpr std::array<char32_t, 27> glad{
    0x2764,  0x1f44d, 0x1f389, 0x1f618, 0x1f61a, 0x1f970, 0x1f929, 0x1f973, 0x1f917,
    0x1f49a, 0x1f499, 0x1f49b, 0x1f49c, 0x1f495, 0x1f496, 0x1f497, 0x1f498, 0x1f525,
    0x1f4af, 0x2b50,  0x1f31f, 0x2728,  0x1f64c, 0x1f4aa, 0x1f63b, 0x1f60c, 0x2705};

/// Thumb down, broken heart, cursing, sick and worn out faces, beside the sad and angry ones.
constexpr std::array<char32_t, 25> upset{
    0x1f44e, 0x1f494, 0x1f92c, 0x1f92e, 0x1f922, 0x1f630, 0x1f631, 0x1f62b, 0x1f629,
    0x1f635, 0x1f971, 0x1f4a9, 0x1f92f, 0x1f926, 0x1f61f, 0x1f641, 0x2639,  0x1f627,
    0x1f628, 0x1f97a, 0x1f6a9, 0x26a0,  0x274c,  0x1f5d1, 0x1f937};

/// Upside-down face, rolling eyes, clown, tears of joy: praise or its opposite.
constexpr std::array<char32_t, 11> mocking_ones{0x1f643, 0x1f644, 0x1f44f, 0x1f921,
                                                0x1f602, 0x1f923, 0x1f60f, 0x1f605,
                                                0x1f611, 0x1f610, 0x1f914};

template <std::size_t N>
bool holds(const std::array<char32_t, N>& list, char32_t symbol) noexcept
{
    return std::find(list.begin(), list.end(), symbol) != list.end();
}

} // namespace

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
    if (holds(glad, symbol)) {
        return positive;
    }
    if (holds(upset, symbol)) {
        return negative;
    }
    return holds(mocking_ones, symbol) ? mocking : none;
}

} // namespace empathd::analysis
