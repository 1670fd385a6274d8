#include "analysis/spread/bytes.hpp"

#include <bit>
#include <cmath>

namespace empathd::analysis {

void ByteWriter::number(std::uint64_t value, std::size_t bytes)
{
    for (std::size_t i = 0; i < bytes; ++i) {
        out_.push_back(static_cast<char>(value >> (8 * i)));
    }
}

void ByteWriter::f32(float value)
{
    number(std::bit_cast<std::uint32_t>(value), 4);
}

void ByteWriter::f64(double value)
{
    number(std::bit_cast<std::uint64_t>(value), 8);
}

void ByteWriter::text(std::string_view value)
{
    u32(value.size());
    raw(value);
}

std::uint64_t ByteReader::number(std::size_t bytes) noexcept
{
    good_ = good_ && bytes <= bytes_.size() - at_;
    if (!good_) {
        return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        value |= std::uint64_t{static_cast<unsigned char>(bytes_[at_ + i])} << (8 * i);
    }
    at_ += bytes;
    return value;
}

float ByteReader::f32() noexcept
{
    const auto value = std::bit_cast<float>(u32());
    good_ = good_ && std::isfinite(value);
    return good_ ? value : 0;
}

double ByteReader::f64() noexcept
{
    const auto value = std::bit_cast<double>(u64());
    good_ = good_ && std::isfinite(value);
    return good_ ? value : 0;
}

std::string ByteReader::text(std::size_t bytes_max)
{
    const std::size_t size = count(bytes_max, 1);
    std::string out(bytes_.substr(at_, size));
    at_ += size;
    return out;
}

std::size_t ByteReader::count(std::size_t max, std::size_t bytes_each) noexcept
{
    const std::size_t count = u32();
    good_ = good_ && count <= max && count * bytes_each <= bytes_.size() - at_;
    return good_ ? count : 0;
}

std::uint64_t checksum(std::string_view bytes) noexcept
{
    std::uint64_t sum = 0x9ae16a3b2f90404fU ^ bytes.size();
    for (const char c : bytes) {
        sum = (std::rotl(sum, 23) ^ static_cast<unsigned char>(c)) * 0x9fb21c651e98df25U;
    }
    return sum ^ (sum >> 29);
}

} // namespace empathd::analysis
