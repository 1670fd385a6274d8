#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace empathd {

/// A binary heap of numbers that name things kept elsewhere, each of which knows its place in the
/// heap, so that any of them can be taken out. `Things` answers
///     bool before(std::uint32_t a, std::uint32_t b)  a strict weak order: the first is on top
///     void place(std::uint32_t a, std::uint32_t at)  where a stands now
/// and is passed to every call that moves something. 4 bytes each.
class IndexHeap {
public:
    [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }
    [[nodiscard]] std::uint32_t top() const noexcept { return heap_.front(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return heap_.capacity() * sizeof(heap_[0]); }

    template <class Things>
    void push(std::uint32_t index, Things&& things)
    {
        heap_.push_back(index);
        rise(heap_.size() - 1, things);
    }

    /// Takes out what stands at `at`.
    template <class Things>
    void remove(std::size_t at, Things&& things)
    {
        const std::uint32_t last = heap_.back();
        heap_.pop_back();
        if (at < heap_.size()) {
            heap_[at] = last;
            rise(sink(at, things), things);
        }
    }

private:
    template <class Things>
    void rise(std::size_t at, Things& things)
    {
        const std::uint32_t index = heap_[at];
        while (at > 0 && things.before(index, heap_[(at - 1) / 2])) {
            heap_[at] = heap_[(at - 1) / 2];
            things.place(heap_[at], static_cast<std::uint32_t>(at));
            at = (at - 1) / 2;
        }
        heap_[at] = index;
        things.place(index, static_cast<std::uint32_t>(at));
    }

    template <class Things>
    std::size_t sink(std::size_t at, Things& things)
    {
        const std::uint32_t index = heap_[at];
        for (;;) {
            std::size_t child = 2 * at + 1;
            if (child + 1 < heap_.size() && things.before(heap_[child + 1], heap_[child])) {
                ++child;
            }
            if (child >= heap_.size() || !things.before(heap_[child], index)) {
                break;
            }
            heap_[at] = heap_[child];
            things.place(heap_[at], static_cast<std::uint32_t>(at));
            at = child;
        }
        heap_[at] = index;
        things.place(index, static_cast<std::uint32_t>(at));
        return at;
    }

    std::vector<std::uint32_t> heap_;
};

} // namespace empathd
