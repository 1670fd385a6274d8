#include "tests/daemon/poll/allocated_bytes.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

namespace {
// One thread only, as the test that reads them.
std::size_t allocated = 0;
std::size_t peak = 0;

void take_back(void* memory) noexcept
{
    allocated -= malloc_usable_size(memory);
    std::free(memory);
}
} // namespace

// In a file of its own: g++ 12 warns of a mismatch where it can inline one of them only.
void* operator new(std::size_t size)
{
    if (void* memory = std::malloc(size != 0 ? size : 1)) {
        allocated += malloc_usable_size(memory);
        peak = std::max(peak, allocated);
        return memory;
    }
    throw std::bad_alloc();
}
// A sanitizer's own array forms do not call the plain ones.
void* operator new[](std::size_t size)
{
    return operator new(size);
}
void operator delete(void* memory) noexcept
{
    take_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    take_back(memory);
}
void operator delete[](void* memory) noexcept
{
    take_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept
{
    take_back(memory);
}

namespace empathd::testing {

std::size_t allocated_bytes() noexcept
{
    return allocated;
}

std::size_t peak_bytes() noexcept
{
    return std::exchange(peak, allocated);
}

} // namespace empathd::testing
