#include "daemon/pipeline/journal.hpp"

#include <array>
#include <cstdio>

namespace empathd {
namespace {

void put_text(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            std::array<char, 8> code{};
            std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned char>(c));
            out += code.data();
        } else {
            out += c;
        }
    }
    out += '"';
}

} // namespace

std::string detail_of(const std::vector<std::pair<std::string_view, std::string>>& fields)
{
    std::string out = "{";
    for (const auto& [name, value] : fields) {
        if (value.empty()) {
            continue;
        }
        out += out.size() > 1 ? "," : "";
        put_text(out, name);
        out += ':';
        put_text(out, value);
    }
    return out + '}';
}

JournalEntry state_entry(const std::string& incident, const analysis::StateChanged& changed,
                         TimePoint at)
{
    return {.at = at,
            .kind = "state",
            .incident = incident,
            .who = changed.by,
            .detail = detail_of({{"from", std::string(to_string(changed.from))},
                                 {"to", std::string(to_string(changed.to))},
                                 {"episode", std::to_string(changed.episode)}})};
}

JournalEntry hidden_entry(const std::string& incident, const analysis::Withheld& withheld,
                          const analysis::Life& life, TimePoint at)
{
    return {.at = at,
            .kind = "hidden",
            .incident = incident,
            .who = withheld.by,
            .detail = detail_of({{"reason", std::string(to_string(withheld.reason))},
                                 {"severity", std::string(to_string(life.last.severity))},
                                 {"episode", std::to_string(life.episode)}})};
}

} // namespace empathd
