#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace empathd::http {

/// The known name that was probably meant; empty when none is near.
[[nodiscard]] std::string nearest(std::string_view name,
                                  const std::vector<std::string_view>& known);

} // namespace empathd::http
