#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace empathd {

/// A stable identifier of several parts: the first 128 bits of SHA-256 over the parts, each with
/// its length in front, as 32 lower-case hexadecimal digits. Parts come from strangers (post ids),
/// so a hash that can be made to collide would let one story hide another.
[[nodiscard]] std::string digest(std::initializer_list<std::string_view> parts);

} // namespace empathd
