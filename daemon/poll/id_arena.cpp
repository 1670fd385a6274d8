#include "daemon/poll/id_arena.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace empathd {

std::size_t IdArena::units_of(std::size_t size) noexcept
{
    return std::max<std::size_t>(1, (size + unit - 1) / unit);
}

char* IdArena::bytes_at(std::uint32_t place) const noexcept
{
    return blocks_[place / block_units].get() + place % block_units * unit;
}

std::uint32_t IdArena::put(std::string_view first, std::string_view second)
{
    const std::size_t size = first.size() + second.size();
    assert(size <= bytes_max);
    const std::size_t units = units_of(size);
    std::uint32_t place = given_back_[units];
    if (place != none) {
        std::memcpy(&given_back_[units], bytes_at(place), sizeof(place));
    } else {
        if (used_units_ + units > block_units) {
            blocks_.push_back(std::unique_ptr<char[]>(new char[block_units * unit]));
            used_units_ = 0;
        }
        place = static_cast<std::uint32_t>((blocks_.size() - 1) * block_units + used_units_);
        used_units_ += units;
    }
    char* bytes = bytes_at(place);
    std::copy(first.begin(), first.end(), bytes);
    std::copy(second.begin(), second.end(), bytes + first.size());
    return place;
}

std::string_view IdArena::at(std::uint32_t place, std::size_t size) const noexcept
{
    return {bytes_at(place), size};
}

void IdArena::give_back(std::uint32_t place, std::size_t size) noexcept
{
    std::uint32_t& last = given_back_[units_of(size)];
    std::memcpy(bytes_at(place), &last, sizeof(last));
    last = place;
}

std::size_t IdArena::bytes() const noexcept
{
    return blocks_.size() * block_units * unit + blocks_.capacity() * sizeof(blocks_[0]) +
           given_back_.capacity() * sizeof(given_back_[0]);
}

} // namespace empathd
