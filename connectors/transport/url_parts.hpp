#pragma once

#include "connectors/transport/fetch_policy.hpp"

#include <string>

namespace empathd::connectors {

/// Takes an absolute URL apart with libcurl's own parser, so that what is checked is what will be
/// connected to. Fails with `refused` as `check_url` says, without its length.
[[nodiscard]] Result<Target> parse_target(const std::string& url);

/// The same for a reference relative to `from`. Blanks and bytes above ASCII are encoded first, as
/// servers often forget to.
[[nodiscard]] Result<Target> parse_target(const Target& from, const std::string& reference);

} // namespace empathd::connectors
