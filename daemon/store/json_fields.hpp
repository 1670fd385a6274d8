#pragma once

#include "analysis/model/time.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::sqlite {

/// Single values in and out of JSON, for store_json.cpp alone. get() is false, and `out` of no
/// meaning, when the value is not of its kind.

using Json = rapidjson::Value;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseFullPrecisionFlag;

/// Text is made storable first.
void put(Writer& writer, std::string_view text);
void put(Writer& writer, std::uint32_t number);
void put(Writer& writer, std::uint64_t number);
void put(Writer& writer, std::int64_t number);
void put(Writer& writer, bool value);
void put_texts(Writer& writer, const std::vector<std::string>& texts);

/// The shortest text that reads back as the same number.
template <std::floating_point Number>
void put(Writer& writer, Number number)
{
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(),
                                            std::isfinite(number) ? number : Number{0});
    writer.RawValue(text.data(), static_cast<std::size_t>(end - text.data()),
                    rapidjson::kNumberType);
}

template <class Value>
void put(Writer& writer, const char* name, const Value& value)
{
    writer.Key(name);
    put(writer, value);
}

/// One member; a null value when there is none.
[[nodiscard]] const Json& at(const Json& object, const char* name);

[[nodiscard]] bool get(const Json& value, std::string& out);
[[nodiscard]] bool get(const Json& value, std::uint32_t& out);
[[nodiscard]] bool get(const Json& value, std::uint64_t& out);
[[nodiscard]] bool get(const Json& value, TimePoint& out);
[[nodiscard]] bool get(const Json& value, bool& out);
[[nodiscard]] bool get(const Json& value, double& out);
[[nodiscard]] bool get(const Json& value, float& out);
[[nodiscard]] bool get_texts(const Json& list, std::vector<std::string>& out);

template <class Enum>
bool get_enum(const Json& value, Enum last, Enum& out)
{
    std::uint32_t number = 0;
    if (!get(value, number) || number > static_cast<std::uint32_t>(last)) {
        return false;
    }
    out = static_cast<Enum>(number);
    return true;
}

/// [label, probability, label, probability, ...]
template <class Number>
void put_pairs(Writer& writer, const std::vector<std::pair<std::string, Number>>& pairs)
{
    writer.StartArray();
    for (const auto& [name, number] : pairs) {
        put(writer, std::string_view(name));
        put(writer, number);
    }
    writer.EndArray();
}

template <class Number>
bool get_pairs(const Json& list, std::vector<std::pair<std::string, Number>>& out)
{
    if (!list.IsArray() || list.Size() % 2 != 0) {
        return false;
    }
    for (rapidjson::SizeType i = 0; i < list.Size(); i += 2) {
        auto& [name, number] = out.emplace_back();
        if (!get(list[i], name) || !get(list[i + 1], number)) {
            return false;
        }
    }
    return true;
}

} // namespace empathd::sqlite
