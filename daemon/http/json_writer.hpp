#pragma once

#include "analysis/model/time.hpp"
#include "daemon/http/output.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::wire {

/// A JSON object under way. Text from anywhere may go in: ill-formed bytes are repaired; numbers
/// that JSON cannot say become null.
class Json {
public:
    void begin() { writer_.StartObject(); }
    void begin(std::string_view key)
    {
        name(key);
        writer_.StartObject();
    }
    void end() { writer_.EndObject(); }
    void begin_list(std::string_view key)
    {
        name(key);
        writer_.StartArray();
    }
    void end_list() { writer_.EndArray(); }

    void item(std::string_view value)
    {
        if (is_utf8(value)) {
            writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
        } else {
            const std::string repaired = json_string(value);
            writer_.RawValue(repaired.data(), repaired.size(), rapidjson::kStringType);
        }
    }
    void text(std::string_view key, std::string_view value)
    {
        name(key);
        item(value);
    }
    void text_if_any(std::string_view key, std::string_view value)
    {
        if (!value.empty()) {
            text(key, value);
        }
    }
    void texts(std::string_view key, const std::vector<std::string>& values)
    {
        begin_list(key);
        for (const std::string& value : values) {
            item(value);
        }
        end_list();
    }
    void count(std::string_view key, std::uint64_t value)
    {
        name(key);
        writer_.Uint64(value);
    }
    void count(std::string_view key, const std::optional<std::uint64_t>& value)
    {
        if (value) {
            count(key, *value);
        }
    }
    void integer(std::string_view key, std::int64_t value)
    {
        name(key);
        writer_.Int64(value);
    }
    /// To four decimals: no score or probability of ours is known better.
    void number(std::string_view key, double value)
    {
        name(key);
        if (!std::isfinite(value)) {
            writer_.Null();
            return;
        }
        writer_.Double(std::round(value * 1e4) / 1e4);
    }
    void flag(std::string_view key, bool value)
    {
        name(key);
        writer_.Bool(value);
    }
    void time(std::string_view key, TimePoint value) { text(key, to_rfc3339(value)); }
    void time_if_any(std::string_view key, TimePoint value)
    {
        if (value != TimePoint{}) {
            time(key, value);
        }
    }
    void raw(std::string_view key, std::string_view json)
    {
        name(key);
        writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    }

    [[nodiscard]] std::size_t size() const { return buffer_.GetSize(); }
    [[nodiscard]] std::string take() const
    {
        return std::string(buffer_.GetString(), buffer_.GetSize());
    }

private:
    void name(std::string_view key)
    {
        writer_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
    }

    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

} // namespace empathd::wire
