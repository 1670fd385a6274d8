#pragma once

#include "analysis/model/time.hpp"
#include "daemon/http/routes.hpp"
#include "daemon/http/wire.hpp"

#include <rapidjson/document.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::http {

/// Longest text of a member that is one line, in bytes; of a note.
inline constexpr std::size_t line_bytes_max = 200;
inline constexpr std::size_t note_bytes_max = 4'000;

/// A typed view of a request's JSON object. Each member is asked for by name; the first thing wrong
/// is kept in `problem()`, and what is asked for afterwards still gives something harmless, so that
/// a handler reads all and then looks once.
class Body {
public:
    /// Members that are not in `known`, or twice there, are problems, as is what is no JSON object
    /// (415 for another content type). Nothing at all counts as an empty object. `now` is what ages
    /// and lengths of time are counted from.
    Body(const Request& request, std::span<const std::string_view> known, TimePoint now);

    /// The member, or empty. One line, not blank.
    [[nodiscard]] std::string line(std::string_view name, std::size_t bytes_max = line_bytes_max);
    /// As `line`; its absence is a problem.
    [[nodiscard]] std::string needed(std::string_view name, std::size_t bytes_max = line_bytes_max);
    /// As `needed`, one of these.
    [[nodiscard]] std::string one_of(std::string_view name,
                                     std::span<const std::string_view> words);
    /// The member, or empty; may have several lines.
    [[nodiscard]] std::string note(std::string_view name, std::size_t bytes_max = note_bytes_max);
    /// RFC 3339.
    [[nodiscard]] std::optional<TimePoint> time(std::string_view name);
    /// A length of time from now on: "90s", "30m", "2h", "7d", "2w".
    [[nodiscard]] std::optional<TimePoint> time_from_now(std::string_view name);
    /// A list of lines, at least one.
    [[nodiscard]] std::vector<std::string> lines(std::string_view name, std::size_t most);

    /// The member as it stands, or null. Valid as long as the body is.
    [[nodiscard]] const rapidjson::Value* member(std::string_view name) const noexcept;

    /// Says that this member will not do: status 400.
    void refuse(std::string_view name, std::string why);
    [[nodiscard]] const std::optional<wire::Problem>& problem() const noexcept { return problem_; }

private:
    [[nodiscard]] bool parse(const std::string& text);

    std::span<const std::string_view> known_;
    TimePoint now_;
    rapidjson::Document document_;
    std::optional<wire::Problem> problem_;
};

} // namespace empathd::http
