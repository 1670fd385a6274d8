#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace empathd::connectors {

/// A zone from the front: numeric, a name, or a name with an offset ("GMT+2"). An unknown name is
/// UTC. Nothing when there is none or its numbers make no sense.
[[nodiscard]] std::optional<std::chrono::minutes> take_zone(std::string_view& text) noexcept;

} // namespace empathd::connectors
