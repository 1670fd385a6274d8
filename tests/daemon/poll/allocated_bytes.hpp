#pragma once

#include <cstddef>

namespace empathd::testing {

/// Bytes that operator new has given out and not taken back, as the allocator rounds them.
[[nodiscard]] std::size_t allocated_bytes() noexcept;

/// The most of them at one time since the last call.
[[nodiscard]] std::size_t peak_bytes() noexcept;

} // namespace empathd::testing
