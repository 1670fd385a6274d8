#pragma once

#include <cstddef>

namespace empathd::testing {

/// How often this thread has called operator new. Linking allocation_count.cpp replaces operator
/// new and delete in the whole program.
[[nodiscard]] std::size_t allocations_of_this_thread() noexcept;

} // namespace empathd::testing
