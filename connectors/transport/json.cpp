#include "connectors/transport/json.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <charconv>
#include <cmath>
#include <utility>

namespace empathd::connectors {
namespace {

constexpr unsigned parse_flags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;

/// Hands the reader's events to the document and ends the reading when they nest too deep.
class DepthGuard {
public:
    using Ch = char;
    using Size = rapidjson::SizeType;

    explicit DepthGuard(rapidjson::Document& document) : document_(document) {}

    [[nodiscard]] bool too_deep() const noexcept { return depth_ > json_depth_max; }

    bool Null() { return document_.Null(); }
    bool Bool(bool value) { return document_.Bool(value); }
    bool Int(int value) { return document_.Int(value); }
    bool Uint(unsigned value) { return document_.Uint(value); }
    bool Int64(std::int64_t value) { return document_.Int64(value); }
    bool Uint64(std::uint64_t value) { return document_.Uint64(value); }
    bool Double(double value) { return document_.Double(value); }
    bool RawNumber(const Ch* text, Size size, bool copy)
    {
        return document_.RawNumber(text, size, copy);
    }
    bool String(const Ch* text, Size size, bool copy) { return document_.String(text, size, copy); }
    bool Key(const Ch* text, Size size, bool copy) { return document_.Key(text, size, copy); }
    bool StartObject() { return ++depth_ <= json_depth_max && document_.StartObject(); }
    bool EndObject(Size members)
    {
        --depth_;
        return document_.EndObject(members);
    }
    bool StartArray() { return ++depth_ <= json_depth_max && document_.StartArray(); }
    bool EndArray(Size elements)
    {
        --depth_;
        return document_.EndArray(elements);
    }

private:
    rapidjson::Document& document_;
    std::size_t depth_ = 0;
};

/// What Document::Populate calls: reads `text` and remembers how that ended.
struct Reading {
    std::string_view text;
    rapidjson::ParseResult result;
    std::size_t read_bytes = 0;
    bool too_deep = false;

    bool operator()(rapidjson::Document& document)
    {
        rapidjson::MemoryStream stream(text.data(), text.size());
        rapidjson::Reader reader;
        DepthGuard guard(document);
        result = reader.Parse<parse_flags>(stream, guard);
        read_bytes = stream.Tell();
        too_deep = guard.too_deep();
        return !result.IsError();
    }
};

Error malformed(const Reading& reading)
{
    const std::string at = " at byte " + std::to_string(reading.result.Offset());
    if (reading.too_deep) {
        return {ErrorKind::malformed,
                "JSON nests deeper than " + std::to_string(json_depth_max) + at};
    }
    return {ErrorKind::malformed,
            std::string("not JSON: ") + rapidjson::GetParseError_En(reading.result.Code()) + at};
}

bool is_hex(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// 'h' for the escape of a high surrogate at the front of `text`, 'l' for a low one, else 0.
char surrogate_at(std::string_view text) noexcept
{
    if (text.size() < 6 || text[0] != '\\' || text[1] != 'u' || (text[2] | 0x20) != 'd' ||
        !is_hex(text[3]) || !is_hex(text[4]) || !is_hex(text[5])) {
        return 0;
    }
    switch (text[3] | 0x20) { // Lower case for letters; digits stay.
    case '8':
    case '9':
    case 'a':
    case 'b': return 'h';
    case 'c':
    case 'd':
    case 'e':
    case 'f': return 'l';
    default: return 0;
    }
}

/// The same text with every escape of half a surrogate pair replaced by that of U+FFFD.
std::string without_lone_surrogates(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] != '\\') {
            out += text[at++];
            continue;
        }
        const char kind = surrogate_at(text.substr(at));
        if (kind == 'h' && surrogate_at(text.substr(at + 6)) == 'l') {
            out += text.substr(at, 12);
            at += 12;
        } else if (kind != 0) {
            out += "\\ufffd";
            at += 6;
        } else {
            out += text.substr(at, 2); // Any other escape, "\\" among them.
            at += 2;
        }
    }
    return out;
}

template <class Number>
std::optional<Number> number_from(std::string_view text) noexcept
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::string_view text_of(const Json& value) noexcept
{
    return {value.GetString(), value.GetStringLength()};
}

/// A double that is a whole number and exactly one integer of 64 bits: below 2^53 either way.
std::optional<std::int64_t> whole(double value) noexcept
{
    constexpr double exact_max = 9007199254740992.0; // 2^53
    if (!(std::fabs(value) <= exact_max) || value != std::floor(value)) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(value);
}

} // namespace

Result<rapidjson::Document> parse_json(std::string_view text)
{
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.substr(0, byte_order_mark.size()) == byte_order_mark) {
        text.remove_prefix(byte_order_mark.size());
    }
    rapidjson::Document document;
    Reading reading{.text = text};
    document.Populate(reading);
    std::string repaired; // Outlives the second reading.
    if (reading.result.Code() == rapidjson::kParseErrorStringUnicodeSurrogateInvalid) {
        repaired = without_lone_surrogates(text);
        reading = Reading{.text = repaired};
        document.Populate(reading);
    }
    if (reading.result.IsError()) {
        return malformed(reading);
    }
    if (reading.read_bytes != reading.text.size()) { // The reader takes a NUL for the end.
        return Error{ErrorKind::malformed,
                     "not JSON: NUL at byte " + std::to_string(reading.read_bytes)};
    }
    return document;
}

const Json* member(const Json& object, std::string_view key) noexcept
{
    if (!object.IsObject()) {
        return nullptr;
    }
    const auto size = static_cast<rapidjson::SizeType>(key.size());
    const Json name(rapidjson::StringRef(key.data(), size));
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? nullptr : &found->value;
}

const Json* find(const Json& root, std::initializer_list<std::string_view> path) noexcept
{
    const Json* value = &root;
    for (const std::string_view key : path) {
        value = value == nullptr ? nullptr : member(*value, key);
    }
    return value;
}

const Json* object_at(const Json& object, std::string_view key) noexcept
{
    const Json* value = member(object, key);
    return value != nullptr && value->IsObject() ? value : nullptr;
}

std::span<const Json> items_of(const Json& value) noexcept
{
    return value.IsArray() ? std::span<const Json>(value.Begin(), value.Size())
                           : std::span<const Json>();
}

std::span<const Json> items_at(const Json& object, std::string_view key) noexcept
{
    const Json* value = member(object, key);
    return value == nullptr ? std::span<const Json>() : items_of(*value);
}

std::string_view text_at(const Json& object, std::string_view key) noexcept
{
    const Json* value = member(object, key);
    return value != nullptr && value->IsString() ? text_of(*value) : std::string_view{};
}

std::optional<std::uint64_t> count_at(const Json& object, std::string_view key) noexcept
{
    const Json* value = member(object, key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->IsUint64()) {
        return value->GetUint64();
    }
    if (value->IsString()) {
        return number_from<std::uint64_t>(text_of(*value));
    }
    const auto number = value->IsDouble() ? whole(value->GetDouble()) : std::nullopt;
    if (!number || *number < 0) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(*number);
}

std::optional<std::int64_t> integer_at(const Json& object, std::string_view key) noexcept
{
    const Json* value = member(object, key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->IsInt64()) {
        return value->GetInt64();
    }
    if (value->IsString()) {
        return number_from<std::int64_t>(text_of(*value));
    }
    return value->IsDouble() ? whole(value->GetDouble()) : std::nullopt;
}

std::optional<double> number_at(const Json& object, std::string_view key) noexcept
{
    const Json* value = member(object, key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->IsNumber()) {
        return value->GetDouble();
    }
    const auto number =
        value->IsString() ? number_from<double>(text_of(*value)) : std::optional<double>{};
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<bool> flag_at(const Json& object, std::string_view key) noexcept
{
    const Json* value = member(object, key);
    return value != nullptr && value->IsBool() ? std::optional{value->GetBool()} : std::nullopt;
}

std::string id_at(const Json& object, std::string_view key)
{
    const Json* value = member(object, key);
    if (value == nullptr) {
        return {};
    }
    if (value->IsString()) {
        return std::string(text_of(*value));
    }
    if (value->IsUint64()) {
        return std::to_string(value->GetUint64());
    }
    return value->IsInt64() ? std::to_string(value->GetInt64()) : std::string();
}

} // namespace empathd::connectors
