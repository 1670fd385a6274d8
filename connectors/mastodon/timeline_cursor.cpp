#include "connectors/mastodon/timeline_cursor.hpp"

#include "connectors/transport/json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::connectors {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_text(Writer& json, const std::string& text)
{
    json.String(text.c_str(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_texts(Writer& json, const char* key, const std::vector<std::string>& texts)
{
    json.Key(key);
    json.StartArray();
    for (const std::string& text : texts) {
        write_text(json, text);
    }
    json.EndArray();
}

void write_time(Writer& json, const char* key, const std::optional<TimePoint>& time)
{
    if (time) {
        json.Key(key);
        json.Int64(to_unix_ms(*time));
    }
}

void write_backfill(Writer& json, const Backfill& hole)
{
    json.StartObject();
    write_texts(json, "bottom", hole.bottom);
    json.Key("stand_in");
    json.Uint64(hole.stand_in);
    write_texts(json, "to", hole.to);
    write_time(json, "to_time", hole.to_time);
    json.Key("pages");
    json.Uint(hole.pages);
    json.EndObject();
}

std::vector<std::string> read_texts(const Json& object, std::string_view key)
{
    std::vector<std::string> texts;
    for (const Json& item : items_at(object, key)) {
        if (item.IsString()) {
            texts.emplace_back(item.GetString(), item.GetStringLength());
        }
    }
    return texts;
}

std::optional<TimePoint> read_time(const Json& object, std::string_view key)
{
    const auto ms = integer_at(object, key);
    return ms ? std::optional{from_unix_ms(*ms)} : std::nullopt;
}

std::optional<TimelineProgress> read_timeline(const Json& json)
{
    if (!json.IsObject()) {
        return std::nullopt;
    }
    TimelineProgress timeline;
    timeline.open = flag_at(json, "open").value_or(false);
    timeline.state.started = true;
    timeline.state.page_max = count_at(json, "page_max").value_or(0);
    timeline.state.known = read_texts(json, "known");
    timeline.state.newest = read_time(json, "newest");
    if (const Json* hole = object_at(json, "backfill")) {
        Backfill backfill{.bottom = read_texts(*hole, "bottom"),
                          .stand_in = count_at(*hole, "stand_in").value_or(0),
                          .to = read_texts(*hole, "to"),
                          .to_time = read_time(*hole, "to_time"),
                          .pages = static_cast<std::uint32_t>(
                              count_at(*hole, "pages").value_or(backfill_pages_max))};
        if (backfill.stand_in >= backfill.bottom.size() || timeline.state.known.empty()) {
            return std::nullopt;
        }
        timeline.state.backfill = std::move(backfill);
    }
    return timeline;
}

} // namespace

std::string to_cursor(const MastodonProgress& progress)
{
    rapidjson::StringBuffer buffer;
    Writer json(buffer);
    json.StartObject();
    json.Key("v");
    json.Int(1);
    json.Key("turn");
    write_text(json, progress.turn);
    json.Key("timelines");
    json.StartObject();
    for (const auto& [name, timeline] : progress.timelines) {
        if (!timeline.state.started) {
            continue; // Never read: as good as unknown.
        }
        json.Key(name.c_str(), static_cast<rapidjson::SizeType>(name.size()));
        json.StartObject();
        json.Key("open");
        json.Bool(timeline.open);
        json.Key("page_max");
        json.Uint64(timeline.state.page_max);
        write_texts(json, "known", timeline.state.known);
        write_time(json, "newest", timeline.state.newest);
        if (timeline.state.backfill) {
            json.Key("backfill");
            write_backfill(json, *timeline.state.backfill);
        }
        json.EndObject();
    }
    json.EndObject();
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

Result<MastodonProgress> mastodon_from_cursor(const std::string& cursor)
{
    MastodonProgress progress;
    if (cursor.empty()) {
        return progress;
    }
    const Error unreadable{ErrorKind::malformed, "the cursor is not one of mastodon, version 1"};
    const auto document = parse_json(cursor);
    if (!document || integer_at(*document, "v") != 1) {
        return unreadable;
    }
    const Json* timelines = object_at(*document, "timelines");
    if (timelines == nullptr) {
        return unreadable;
    }
    progress.turn = std::string(text_at(*document, "turn"));
    for (const auto& item : timelines->GetObject()) {
        auto timeline = read_timeline(item.value);
        if (!timeline) {
            return unreadable;
        }
        progress.timelines.emplace(std::string(item.name.GetString(), item.name.GetStringLength()),
                                   std::move(*timeline));
    }
    return progress;
}

} // namespace empathd::connectors
