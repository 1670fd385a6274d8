#include "daemon/cli/event_stream.hpp"

#include <charconv>
#include <cstdint>
#include <utility>

namespace empathd::cli {

std::vector<Event> EventReader::take(std::string_view bytes)
{
    std::vector<Event> events;
    for (const char c : bytes) {
        const bool second_half = std::exchange(after_return_, c == '\r') && c == '\n';
        if (second_half) {
            continue;
        }
        if (c == '\r' || c == '\n') {
            take_line(line_, events);
            line_.clear();
        } else if (line_.size() < event_bytes_max) {
            line_ += c;
        } else {
            too_long_ = true;
        }
    }
    return events;
}

void EventReader::restart()
{
    line_.clear();
    after_return_ = false;
    at_start_ = true;
    id_ = last_id_;
    type_.clear();
    data_.clear();
    has_data_ = false;
    too_long_ = false;
}

void EventReader::take_line(std::string_view line, std::vector<Event>& events)
{
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (std::exchange(at_start_, false) && line.starts_with(byte_order_mark)) {
        line.remove_prefix(byte_order_mark.size());
    }
    if (!line.empty()) {
        const std::size_t colon = line.find(':');
        std::string_view value =
            colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
        if (value.starts_with(' ')) {
            value.remove_prefix(1);
        }
        take_field(line.substr(0, colon), value);
        return;
    }
    last_id_ = id_;
    if (has_data_ && !too_long_) {
        events.push_back({.id = last_id_,
                          .type = type_.empty() ? "message" : std::move(type_),
                          .data = std::move(data_)});
    }
    type_.clear();
    data_.clear();
    has_data_ = false;
    too_long_ = false;
}

void EventReader::take_field(std::string_view name, std::string_view value)
{
    if (name == "data") {
        if (data_.size() + value.size() > event_bytes_max) {
            too_long_ = true;
            return;
        }
        data_ += has_data_ ? "\n" : "";
        data_ += value;
        has_data_ = true;
    } else if (name == "event") {
        type_ = value;
    } else if (name == "id") {
        if (value.find('\0') == std::string_view::npos) {
            id_ = value;
        }
    } else if (name == "retry") {
        std::uint32_t ms = 0;
        const char* const end = value.data() + value.size();
        const auto [stop, error] = std::from_chars(value.data(), end, ms);
        if (error == std::errc{} && stop == end) {
            retry_ = std::chrono::milliseconds{ms};
        }
    }
}

} // namespace empathd::cli
