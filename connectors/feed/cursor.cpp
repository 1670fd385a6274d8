#include "connectors/feed/cursor.hpp"

#include "analysis/model/digest.hpp"
#include "connectors/transport/json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

namespace empathd::connectors {
namespace {

constexpr std::int64_t version = 1;
constexpr std::size_t id_digits = 16;
constexpr std::size_t content_digits = 8;

bool is_hexadecimal(std::string_view text) noexcept
{
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::vector<SeenItem> read_items(std::string_view digits)
{
    constexpr std::size_t width = id_digits + content_digits;
    std::vector<SeenItem> out;
    if (digits.size() % width != 0 || digits.size() > width * feed_items_max ||
        !is_hexadecimal(digits)) {
        return out;
    }
    for (; !digits.empty(); digits.remove_prefix(width)) {
        out.push_back({.id = std::string(digits.substr(0, id_digits)),
                       .content = std::string(digits.substr(id_digits, content_digits))});
    }
    return out;
}

std::vector<std::string> read_ids(std::string_view digits)
{
    std::vector<std::string> out;
    if (digits.size() % id_digits != 0 || digits.size() > id_digits * feed_shared_ids_max ||
        !is_hexadecimal(digits)) {
        return out;
    }
    for (; !digits.empty(); digits.remove_prefix(id_digits)) {
        out.emplace_back(digits.substr(0, id_digits));
    }
    return out;
}

std::string digits_of(const std::vector<SeenItem>& items)
{
    std::string out;
    for (const SeenItem& item : items) {
        out += item.id + item.content;
    }
    return out;
}

/// A validator is sent back letter by letter; one that no header may hold is not kept.
std::string_view sendable(std::string_view validator) noexcept
{
    const bool legal = validator.size() <= validator_bytes_max &&
                       std::all_of(validator.begin(), validator.end(),
                                   [](char c) { return c >= 0x20 && c < 0x7F; });
    return legal ? validator : std::string_view();
}

} // namespace

std::string short_digest(std::string_view text)
{
    return digest({text}).substr(0, id_digits);
}

FeedCursor read_cursor(std::string_view text, std::string_view address)
{
    FeedCursor cursor;
    const auto parsed = parse_json(text);
    if (!parsed) {
        return cursor;
    }
    const Json& object = *parsed;
    if (integer_at(object, "v") != version || text_at(object, "feed") != short_digest(address)) {
        return cursor;
    }
    cursor.etag = sendable(text_at(object, "etag"));
    cursor.modified = sendable(text_at(object, "modified"));
    cursor.body = text_at(object, "body");
    cursor.seen = read_items(text_at(object, "seen"));
    cursor.before = read_items(text_at(object, "before"));
    cursor.shared = read_ids(text_at(object, "shared"));
    return cursor;
}

std::string write_cursor(const FeedCursor& cursor, std::string_view address)
{
    std::string shared;
    for (const std::string& id : cursor.shared) {
        shared += id;
    }
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    const auto put = [&writer](const char* key, std::string_view value) {
        if (!value.empty()) {
            writer.Key(key);
            writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
        }
    };
    writer.StartObject();
    writer.Key("v");
    writer.Int64(version);
    put("feed", short_digest(address));
    put("etag", sendable(cursor.etag));
    put("modified", sendable(cursor.modified));
    put("body", cursor.body);
    put("seen", digits_of(cursor.seen));
    put("before", digits_of(cursor.before));
    put("shared", shared);
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

} // namespace empathd::connectors
