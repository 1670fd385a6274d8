#include "analysis/training/records.hpp"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <fstream>
#include <string>

namespace empathd::training {

Result<Record> parse_record(std::string_view line)
{
    constexpr unsigned flags =
        rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    if (line.size() > record_bytes_max) {
        return Error{ErrorKind::malformed, "line longer than " + std::to_string(record_bytes_max)};
    }
    rapidjson::Document document;
    document.Parse<flags>(line.data(), line.size());
    if (document.HasParseError()) {
        return Error{ErrorKind::malformed,
                     std::string(rapidjson::GetParseError_En(document.GetParseError())) +
                         " at byte " + std::to_string(document.GetErrorOffset())};
    }
    if (!document.IsObject()) {
        return Error{ErrorKind::malformed, "not an object"};
    }
    Record record;
    for (const auto& member : document.GetObject()) {
        if (member.value.IsString()) {
            record.members.emplace_back(
                std::string(member.name.GetString(), member.name.GetStringLength()),
                std::string(member.value.GetString(), member.value.GetStringLength()));
        }
    }
    return record;
}

Result<std::vector<Record>> read_records(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return Error{ErrorKind::not_found, "cannot open " + file.string()};
    }
    std::vector<Record> records;
    std::string line;
    for (std::size_t number = 1; std::getline(stream, line); ++number) {
        if (line.empty()) {
            continue;
        }
        Result<Record> record = parse_record(line);
        if (!record) {
            return Error{ErrorKind::malformed, file.string() + ":" + std::to_string(number) + ": " +
                                                   record.error().message};
        }
        records.push_back(std::move(*record));
    }
    return records;
}

} // namespace empathd::training
