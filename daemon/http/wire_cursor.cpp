#include "daemon/http/wire.hpp"

#include "daemon/store/store.hpp"

#include <charconv>

namespace empathd::wire {
namespace {

constexpr std::string_view version = "1";

std::optional<std::uint64_t> take_hex(std::string_view text) noexcept
{
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
    return error == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

std::string to_hex(std::uint64_t value)
{
    std::array<char, 16> digits{};
    const auto done = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return std::string(digits.data(), done.ptr);
}

} // namespace

// "1-<seen_at in ms>-<id>", both hexadecimal: safe in a query as it is. The version in front lets
// the key change without misreading what clients still hold.
std::string encode_cursor(const MentionCursor& cursor)
{
    return std::string(version) + '-' + to_hex(static_cast<std::uint64_t>(to_unix_ms(cursor.at))) +
           '-' + to_hex(static_cast<std::uint64_t>(cursor.id));
}

std::optional<MentionCursor> decode_cursor(std::string_view text)
{
    const std::size_t first = text.find('-');
    const std::size_t second = text.find('-', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos ||
        text.substr(0, first) != version) {
        return std::nullopt;
    }
    const auto at = take_hex(text.substr(first + 1, second - first - 1));
    const auto id = take_hex(text.substr(second + 1));
    if (!at || !id) {
        return std::nullopt;
    }
    return MentionCursor{.at = from_unix_ms(static_cast<std::int64_t>(*at)),
                         .id = static_cast<std::int64_t>(*id)};
}

std::string alert_event(const StoredAlert& alert)
{
    std::string event = "id: " + std::to_string(alert.seq) + "\nevent: alert\n";
    std::string_view rest = alert.record.body;
    while (true) { // A line break inside the body would end the field: each line gets its own.
        const std::size_t end = rest.find_first_of("\r\n");
        event += "data: ";
        event += rest.substr(0, end);
        event += '\n';
        if (end == std::string_view::npos) {
            break;
        }
        const bool pair = rest.substr(end).starts_with("\r\n");
        rest.remove_prefix(end + (pair ? 2 : 1));
    }
    return event + '\n';
}

} // namespace empathd::wire
