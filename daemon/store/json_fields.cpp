#include "daemon/store/json_fields.hpp"

#include "daemon/store/sqlite_connection.hpp"

namespace empathd::sqlite {

void put(Writer& writer, std::string_view text)
{
    if (storable(text)) {
        writer.String(text.data() == nullptr ? "" : text.data(),
                      static_cast<rapidjson::SizeType>(text.size()));
    } else {
        const std::string repaired = made_storable(text);
        writer.String(repaired.data(), static_cast<rapidjson::SizeType>(repaired.size()));
    }
}

void put(Writer& writer, std::uint32_t number)
{
    writer.Uint(number);
}
void put(Writer& writer, std::uint64_t number)
{
    writer.Uint64(number);
}
void put(Writer& writer, std::int64_t number)
{
    writer.Int64(number);
}
void put(Writer& writer, bool value)
{
    writer.Bool(value);
}

void put_texts(Writer& writer, const std::vector<std::string>& texts)
{
    writer.StartArray();
    for (const std::string& text : texts) {
        put(writer, std::string_view(text));
    }
    writer.EndArray();
}

const Json& at(const Json& object, const char* name)
{
    static const Json none;
    if (!object.IsObject()) {
        return none;
    }
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? none : found->value;
}

bool get(const Json& value, std::string& out)
{
    if (value.IsString()) {
        out.assign(value.GetString(), value.GetStringLength());
    }
    return value.IsString();
}

bool get(const Json& value, std::uint32_t& out)
{
    if (value.IsUint()) {
        out = value.GetUint();
    }
    return value.IsUint();
}

bool get(const Json& value, std::uint64_t& out)
{
    if (value.IsUint64()) {
        out = value.GetUint64();
    }
    return value.IsUint64();
}

bool get(const Json& value, TimePoint& out)
{
    if (value.IsInt64()) {
        out = from_unix_ms(value.GetInt64());
    }
    return value.IsInt64();
}

bool get(const Json& value, bool& out)
{
    if (value.IsBool()) {
        out = value.GetBool();
    }
    return value.IsBool();
}

bool get(const Json& value, double& out)
{
    if (value.IsNumber()) {
        out = value.GetDouble();
    }
    return value.IsNumber();
}

bool get(const Json& value, float& out)
{
    double wide = 0;
    const bool found = get(value, wide);
    out = static_cast<float>(wide);
    return found;
}

bool get_texts(const Json& list, std::vector<std::string>& out)
{
    if (!list.IsArray()) {
        return false;
    }
    for (const Json& item : list.GetArray()) {
        if (!get(item, out.emplace_back())) {
            return false;
        }
    }
    return true;
}

} // namespace empathd::sqlite
