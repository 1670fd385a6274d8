#pragma once

#include "daemon/http/wire.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::wire {

// Single values out of an answer, for the client's side of this folder. What is absent or of
// another kind is empty or zero: a newer server may say more, an older one less.

using Value = rapidjson::Value;

/// Deepest nesting of brackets outside strings: asked before parsing, since what is done with a
/// parsed document is recursive.
inline std::size_t depth_of(std::string_view json) noexcept
{
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            deepest = std::max(deepest, ++depth);
        } else if ((c == '}' || c == ']') && depth != 0) {
            --depth;
        }
    }
    return deepest;
}

inline Result<rapidjson::Document> parse_object(std::string_view json)
{
    if (depth_of(json) > depth_max) {
        return Error{ErrorKind::malformed, "the answer is nested too deeply"};
    }
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(
        json.data(), json.size());
    if (document.HasParseError()) {
        return Error{ErrorKind::malformed, "the answer is not JSON (at byte " +
                                               std::to_string(document.GetErrorOffset()) + ")"};
    }
    if (!document.IsObject()) {
        return Error{ErrorKind::malformed, "the answer is not a JSON object"};
    }
    return document;
}

inline const Value* member(const Value& object, const char* key)
{
    if (!object.IsObject()) {
        return nullptr;
    }
    const auto found = object.FindMember(key);
    return found == object.MemberEnd() ? nullptr : &found->value;
}

inline std::string text(const Value& object, const char* key)
{
    const Value* value = member(object, key);
    return value != nullptr && value->IsString()
               ? std::string(value->GetString(), value->GetStringLength())
               : std::string();
}

inline double number(const Value& object, const char* key)
{
    const Value* value = member(object, key);
    return value != nullptr && value->IsNumber() ? value->GetDouble() : 0;
}

inline std::uint64_t count(const Value& object, const char* key)
{
    const Value* value = member(object, key);
    return value != nullptr && value->IsUint64() ? value->GetUint64() : 0;
}

inline std::int64_t integer(const Value& object, const char* key)
{
    const Value* value = member(object, key);
    return value != nullptr && value->IsInt64() ? value->GetInt64() : 0;
}

inline bool flag(const Value& object, const char* key, bool otherwise)
{
    const Value* value = member(object, key);
    return value != nullptr && value->IsBool() ? value->GetBool() : otherwise;
}

inline std::vector<std::string> texts(const Value& object, const char* key)
{
    std::vector<std::string> out;
    const Value* value = member(object, key);
    if (value != nullptr && value->IsArray()) {
        for (const Value& item : value->GetArray()) {
            if (item.IsString()) {
                out.emplace_back(item.GetString(), item.GetStringLength());
            }
        }
    }
    return out;
}

/// The member, or null: the readers above give nothing for any of its members.
inline const Value& object(const Value& parent, const char* key)
{
    static const Value none;
    const Value* value = member(parent, key);
    return value == nullptr ? none : *value;
}

inline std::string one_line(const Value& value)
{
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return std::string(buffer.GetString(), buffer.GetSize());
}

template <class Item, class Convert>
Result<Page<Item>> to_page(const Value& root, Convert convert)
{
    const Value* items = member(root, "items");
    if (items == nullptr || !items->IsArray()) {
        return Error{ErrorKind::malformed, "the answer has no list of items"};
    }
    Page<Item> page{.items = {}, .next = text(root, "next")};
    page.items.reserve(items->Size());
    for (const Value& item : items->GetArray()) {
        if (!item.IsObject()) {
            return Error{ErrorKind::malformed, "an item of the answer is not a JSON object"};
        }
        page.items.push_back(convert(item));
    }
    return page;
}

template <class Item, class Convert>
Result<Page<Item>> read_page(std::string_view json, Convert convert)
{
    const auto document = parse_object(json);
    if (!document) {
        return document.error();
    }
    return to_page<Item>(*document, convert);
}

} // namespace empathd::wire
