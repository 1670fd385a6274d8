#include "daemon/http/nearest.hpp"

#include <algorithm>
#include <cstddef>

namespace empathd::http {
namespace {

/// Edits (insert, delete, replace, swap of neighbours) between two words; a plain optimal string
/// alignment, for words of a few letters.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> cost((a.size() + 1) * (b.size() + 1));
    const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& {
        return cost[i * (b.size() + 1) + j];
    };
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                at(i, j) = i + j;
                continue;
            }
            const std::size_t replaced = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
            at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
            }
        }
    }
    return at(a.size(), b.size());
}

} // namespace

std::string nearest(std::string_view name, const std::vector<std::string_view>& known)
{
    constexpr std::size_t name_bytes_max = 64; // Longer ones are no typing mistakes.
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, name.size() / 2) + 1;
    if (name.size() > name_bytes_max) {
        return best;
    }
    for (const std::string_view one : known) {
        const std::size_t edits = distance(name, one);
        if (edits < best_distance) {
            best_distance = edits;
            best = one;
        }
    }
    return best;
}

} // namespace empathd::http
