#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::cli {

struct Event {
    std::string id;   ///< Of the last event that had one.
    std::string type; ///< "message" when the stream did not say.
    std::string data; ///< Its lines, joined by line feeds.
};

/// Longest event that is taken, in bytes; a longer one is dropped whole.
inline constexpr std::size_t event_bytes_max = 4 * 1024 * 1024;

/// Reads a stream of Server-Sent Events as its bytes come, cut anywhere.
/// Source: HTML Living Standard section 9.2.6 (the fields, comments, line ends, byte order mark).
class EventReader {
public:
    /// The events that these bytes complete.
    [[nodiscard]] std::vector<Event> take(std::string_view bytes);

    /// The id to resume with; empty when no event has had one.
    [[nodiscard]] const std::string& last_id() const noexcept { return last_id_; }
    /// How long to wait before connecting again, when the stream has said so.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

    /// A new connection: what was under way is forgotten, the id to resume with is not.
    void restart();

private:
    void take_line(std::string_view line, std::vector<Event>& events);
    void take_field(std::string_view name, std::string_view value);

    std::string line_;
    bool after_return_ = false; ///< A line feed now belongs to the carriage return before.
    bool at_start_ = true;
    std::string last_id_;
    std::string id_; ///< Of the event under way; becomes last_id_ when it is complete.
    std::string type_;
    std::string data_;
    bool has_data_ = false;
    bool too_long_ = false;
    std::optional<std::chrono::milliseconds> retry_;
};

} // namespace empathd::cli
