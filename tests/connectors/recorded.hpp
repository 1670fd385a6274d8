#pragma once

#include "connectors/transport/json.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::connectors::testing {

/// A JSON document out of a folder of recorded answers.
struct RecordedJson {
    std::string path;
    rapidjson::Document json;
};

/// The single-quoted scalars after "string:" in a cassette: the bodies of its answers. Doubled
/// quotes are one; a line break and the indent after it are one blank, an empty line a newline
/// (YAML 1.2 section 7.3.2). Other styles are passed over.
inline std::vector<std::string> cassette_bodies(std::string_view yaml)
{
    constexpr std::string_view start = "string: '";
    std::vector<std::string> bodies;
    for (std::size_t at = yaml.find(start); at != std::string_view::npos;
         at = yaml.find(start, at)) {
        std::string body;
        at += start.size();
        while (at < yaml.size() && !(yaml[at] == '\'' && !yaml.substr(at).starts_with("''"))) {
            if (yaml[at] == '\'') {
                ++at;
            }
            if (yaml[at] != '\n') {
                body += yaml[at++];
                continue;
            }
            const std::size_t next = yaml.find_first_not_of(" \n", at);
            const auto stop = next == std::string_view::npos ? yaml.size() : next;
            const auto lines = std::count(yaml.begin() + static_cast<std::ptrdiff_t>(at),
                                          yaml.begin() + static_cast<std::ptrdiff_t>(stop), '\n');
            body += lines == 1 ? std::string(" ")
                               : std::string(static_cast<std::size_t>(lines - 1), '\n');
            at = stop;
        }
        bodies.push_back(std::move(body));
    }
    return bodies;
}

/// All that can be read below the folder of recorded answers beside the project; none when there is
/// no such folder.
inline std::vector<RecordedJson> recorded_json(const std::string& folder)
{
    namespace fs = std::filesystem;
    const fs::path root = fs::path(EMPATHD_SOURCE_DIR) / ".." / "shared" / "fixtures" / folder;
    std::vector<RecordedJson> found;
    std::error_code absent;
    for (const auto& entry : fs::recursive_directory_iterator(root, absent)) {
        const std::string kind = entry.path().extension().string();
        if (kind != ".json" && kind != ".yaml") {
            continue;
        }
        std::ifstream file(entry.path(), std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(file), {}};
        std::vector<std::string> bodies;
        if (kind == ".json") {
            bodies.push_back(std::move(text));
        } else {
            bodies = cassette_bodies(text);
        }
        for (const std::string& body : bodies) {
            auto json = parse_json(body);
            if (json) {
                found.push_back({entry.path().string(), std::move(*json)});
            }
        }
    }
    return found;
}

/// Calls `look_at` with every object inside the value, itself included.
inline void for_each_object(const Json& value, const std::function<void(const Json&)>& look_at)
{
    if (value.IsArray()) {
        for (const Json& item : items_of(value)) {
            for_each_object(item, look_at);
        }
    } else if (value.IsObject()) {
        look_at(value);
        for (const auto& item : value.GetObject()) {
            for_each_object(item.value, look_at);
        }
    }
}

} // namespace empathd::connectors::testing
