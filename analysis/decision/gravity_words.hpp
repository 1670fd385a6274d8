#pragma once

#include "analysis/decision/gravity.hpp"

#include <span>
#include <string_view>

namespace empathd::analysis {

/// Phrases of one kind and language, apart by ';', words by one space: folded, without diacritics
/// and apostrophes ("l'hopital" is "l hopital").
struct GraveList {
    Grave kind;
    std::string_view phrases;
};

[[nodiscard]] std::span<const GraveList> grave_lists() noexcept;

} // namespace empathd::analysis
