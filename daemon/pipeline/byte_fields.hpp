#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"
#include "analysis/spread/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Single values to bytes and back, for what the desk remembers alone: *_bytes.cpp, notices.cpp,
/// volumes.cpp.
namespace empathd::bytes {

using analysis::ByteReader;
using analysis::ByteWriter;

constexpr std::uint8_t version = 1;
constexpr std::size_t text_bytes_max = 64 * 1024;
constexpr std::size_t items_max = 100'000;

inline void put(ByteWriter& out, TimePoint time)
{
    out.u64(static_cast<std::uint64_t>(to_unix_ms(time)));
}

inline void get(ByteReader& in, TimePoint& time)
{
    time = from_unix_ms(static_cast<std::int64_t>(in.u64()));
}

inline void put(ByteWriter& out, const std::string& text)
{
    out.text(text);
}

inline void get(ByteReader& in, std::string& text)
{
    text = in.text(text_bytes_max);
}

inline void put(ByteWriter& out, bool value)
{
    out.u8(value ? 1 : 0);
}

inline void get(ByteReader& in, bool& value)
{
    value = in.u8() != 0;
}

template <class Enum>
requires std::is_enum_v<Enum>
inline void put(ByteWriter& out, Enum value)
{
    out.u8(static_cast<std::uint8_t>(value));
}

template <class Enum>
void get(ByteReader& in, Enum last, Enum& value)
{
    const std::uint8_t number = in.u8();
    if (number > static_cast<std::uint8_t>(last)) {
        in.fail();
        return;
    }
    value = static_cast<Enum>(number);
}

template <class T>
void put(ByteWriter& out, const std::vector<T>& items)
{
    out.u32(items.size());
    for (const T& item : items) {
        put(out, item);
    }
}

template <class T>
void get(ByteReader& in, std::vector<T>& items)
{
    items.resize(in.count(items_max, 4));
    for (T& item : items) {
        get(in, item);
    }
}

template <class T, class Put>
void put_if_any(ByteWriter& out, const std::optional<T>& value, Put put_value)
{
    put(out, value.has_value());
    if (value) {
        put_value(*value);
    }
}

template <class T, class Get>
void get_if_any(ByteReader& in, std::optional<T>& value, Get get_value)
{
    bool there = false;
    get(in, there);
    value.reset();
    if (there && in.good()) {
        get_value(value.emplace());
    }
}

/// Version before, check sum behind.
inline std::string sealed(ByteWriter out)
{
    std::string bytes(1, static_cast<char>(version));
    bytes += out.out();
    ByteWriter sum;
    sum.u64(analysis::checksum(bytes));
    return bytes + sum.out();
}

template <class Value, class Read>
Result<Value> unsealed(std::string_view bytes, const char* what, Read read)
{
    const Error damaged{ErrorKind::storage, std::string("what the store remembers of ") + what +
                                                " is damaged or of another version"};
    if (bytes.size() < 9 || static_cast<std::uint8_t>(bytes[0]) != version) {
        return damaged;
    }
    const std::string_view body = bytes.substr(0, bytes.size() - 8);
    ByteReader sum(bytes.substr(bytes.size() - 8));
    if (sum.u64() != analysis::checksum(body)) {
        return damaged;
    }
    ByteReader in(body.substr(1));
    Value value{};
    read(in, value);
    return in.good() && in.at_end() ? Result<Value>(std::move(value)) : Result<Value>(damaged);
}

} // namespace empathd::bytes
