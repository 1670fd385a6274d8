#include "tests/analysis/match/allocation_count.hpp"

#include <cstdlib>
#include <new>

namespace {
thread_local std::size_t allocations = 0;
} // namespace

// In a file of its own: g++ 12 warns of a mismatch where it can inline one of them only.
void* operator new(std::size_t size)
{
    ++allocations;
    if (void* memory = std::malloc(size != 0 ? size : 1)) {
        return memory;
    }
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace empathd::testing {

std::size_t allocations_of_this_thread() noexcept
{
    return allocations;
}

} // namespace empathd::testing
