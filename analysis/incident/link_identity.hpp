#pragma once

#include <string>
#include <string_view>

namespace empathd::analysis {

/// The form in which two links count as the same: no scheme, no "www.", no fragment, no utm_ and
/// similar tracking parameters, no trailing slash. Empty for a bare host, which says nothing.
[[nodiscard]] std::string link_identity(std::string_view url);

} // namespace empathd::analysis
