#pragma once

#include "analysis/decision/silence.hpp"
#include "analysis/model/outcome.hpp"
#include "analysis/model/post.hpp"
#include "analysis/model/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd {

/// What people ask of the desk, however it reached us.
struct DeskCommand {
    enum class Kind : std::uint8_t {
        acknowledge,   ///< incident, by; note, until
        unacknowledge, ///< incident, by
        resolve,       ///< incident, by, outcome; note
        reopen,        ///< incident, by
        mark,          ///< incident, by, mark; note
        silence,       ///< silence (its author is `by`)
        unsilence,     ///< silence.id, by
        merge,         ///< incident (which stays), other, by
        split,         ///< incident, posts, by
    };

    Kind kind = Kind::acknowledge;
    std::string incident;
    std::string by; ///< Who asks; must not be empty.
    std::string note;
    std::optional<TimePoint> until;
    Outcome outcome = Outcome::fixed;
    std::string mark; ///< One of `marks`.
    analysis::Silence silence;
    std::string other;
    std::vector<PostKey> posts;
};

/// What somebody thinks of an alert: for back tests.
inline constexpr std::string_view marks[] = {"well_spotted", "false_alarm", "not_about_us"};

/// The word of a kind, as commands and the journal have it.
[[nodiscard]] std::string_view to_string(DeskCommand::Kind kind) noexcept;

} // namespace empathd
