#pragma once

#include "analysis/model/error.hpp"

#include <string>
#include <string_view>

namespace empathd::training {

/// The model card with one section renewed: what stands between the lines `<!-- begin NAME -->` and
/// `<!-- end NAME -->` becomes `body`. Fails with `malformed` when the card has no such section.
[[nodiscard]] Result<std::string> with_section(std::string_view card, std::string_view name,
                                               std::string_view body);

} // namespace empathd::training
