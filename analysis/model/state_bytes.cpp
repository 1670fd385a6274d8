#include "analysis/model/state_bytes.hpp"

#include <bit>
#include <cassert>
#include <cmath>

namespace empathd {
namespace {

constexpr std::size_t name_size = 4;
constexpr std::size_t version_size = 4;
constexpr std::size_t head_size = name_size + version_size;
constexpr std::size_t value_size = 8;

void append(std::string& bytes, std::uint64_t value, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i) {
        bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
    }
}

/// `bytes` holds at least `size`.
std::uint64_t read(std::string_view bytes, std::size_t size) noexcept
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    return value;
}

/// FNV-1a, 64 bits (draft-eastlake-fnv). Any one changed byte changes it: each step is one to one.
std::uint64_t check_sum(std::string_view bytes) noexcept
{
    std::uint64_t sum = 14'695'981'039'346'656'037U;
    for (const char c : bytes) {
        sum = (sum ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
    }
    return sum;
}

} // namespace

StateWriter::StateWriter(std::string_view name, std::uint32_t version) : bytes_(name)
{
    assert(name.size() == name_size);
    append(bytes_, version, version_size);
}

void StateWriter::whole(std::uint64_t value)
{
    append(bytes_, value, value_size);
}

void StateWriter::number(double value)
{
    append(bytes_, std::bit_cast<std::uint64_t>(value), value_size);
}

std::string StateWriter::finish() &&
{
    append(bytes_, check_sum(bytes_), value_size);
    return std::move(bytes_);
}

Result<StateReader> StateReader::open(std::string_view bytes, std::string_view name,
                                      std::uint32_t version)
{
    const std::string what = "saved state '" + std::string(name) + "' ";
    if (bytes.size() < head_size + value_size || bytes.substr(0, name_size) != name) {
        return Error{ErrorKind::malformed, what + "is not what these bytes are"};
    }
    const std::string_view body = bytes.substr(0, bytes.size() - value_size);
    if (read(bytes.substr(body.size()), value_size) != check_sum(body)) {
        return Error{ErrorKind::malformed, what + "is damaged: its check sum is wrong"};
    }
    if (const auto found = read(body.substr(name_size), version_size); found != version) {
        return Error{ErrorKind::malformed, what + "has version " + std::to_string(found) +
                                               ", this program reads " + std::to_string(version)};
    }
    return StateReader(body.substr(head_size));
}

std::uint64_t StateReader::whole() noexcept
{
    if (rest_.size() < value_size) {
        good_ = false;
        rest_ = {};
        return 0;
    }
    const std::uint64_t value = read(rest_, value_size);
    rest_.remove_prefix(value_size);
    return value;
}

double StateReader::number(double least, double most) noexcept
{
    const auto value = std::bit_cast<double>(whole());
    if (!std::isfinite(value) || value < least || value > most) {
        good_ = false;
        return least;
    }
    return value;
}

std::uint64_t StateReader::whole_up_to(std::uint64_t most) noexcept
{
    const std::uint64_t value = whole();
    if (value > most) {
        good_ = false;
        return 0;
    }
    return value;
}

} // namespace empathd
