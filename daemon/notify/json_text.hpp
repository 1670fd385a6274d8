#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace empathd {

/// A JSON text under way. Strings must be valid UTF-8, as plain_line and templates give it.
class JsonText {
public:
    void begin() { writer_.StartObject(); }
    void begin(std::string_view key)
    {
        name(key);
        writer_.StartObject();
    }
    void end() { writer_.EndObject(); }
    void begin_list() { writer_.StartArray(); }
    void begin_list(std::string_view key)
    {
        name(key);
        writer_.StartArray();
    }
    void end_list() { writer_.EndArray(); }

    void text(std::string_view key, std::string_view value)
    {
        name(key);
        writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    }
    void text_if_any(std::string_view key, std::string_view value)
    {
        if (!value.empty()) {
            text(key, value);
        }
    }
    void flag(std::string_view key, bool value)
    {
        name(key);
        writer_.Bool(value);
    }

    [[nodiscard]] std::string take() const { return {buffer_.GetString(), buffer_.GetSize()}; }

private:
    void name(std::string_view key)
    {
        writer_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
    }

    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

} // namespace empathd
