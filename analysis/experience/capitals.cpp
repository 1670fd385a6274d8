// Whether a text shouts. The only rule that looks at the text before it is folded.

#include "analysis/experience/features.hpp"
#include "analysis/experience/letters.hpp"

#include <algorithm>

namespace empathd::analysis {

void Extractor::scan_capitals()
{
    unsigned upper_all = 0;
    unsigned letters_all = 0;
    const std::size_t size = prepared_.size();
    for (std::size_t at = 0; at < size;) {
        if (prepared_[at] == '@' ||
            (prepared_[at] == 'h' && prepared_.compare(at, 4, "http") == 0)) {
            while (at<size&& static_cast<unsigned char>(prepared_[at])> ' ') {
                ++at;
            }
            continue;
        }
        unsigned upper = 0;
        unsigned letters = 0;
        for (; at < size && is_ascii_letter(prepared_[at]); ++at) {
            ++letters;
            upper += prepared_[at] <= 'Z' ? 1U : 0U;
        }
        if (letters >= 3 && upper == letters) {
            count(ShapeRule::shouted_word);
        }
        upper_all += upper;
        letters_all += letters;
        at += letters == 0 ? 1 : 0;
    }
    rules_[index_of(ShapeRule::shouted_word)] =
        std::min(rules_[index_of(ShapeRule::shouted_word)], 1.0F);
    if (letters_all >= 8 && upper_all * 5 >= letters_all * 3) {
        count(ShapeRule::shouting);
    }
}

} // namespace empathd::analysis
