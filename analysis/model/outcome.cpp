#include "analysis/model/outcome.hpp"

namespace empathd {

std::string_view to_string(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::fixed: return "fixed";
    case Outcome::answered: return "answered";
    case Outcome::false_alarm: return "false_alarm";
    case Outcome::not_about_us: return "not_about_us";
    case Outcome::faded: return "faded";
    case Outcome::deleted: return "deleted";
    case Outcome::other: return "other";
    }
    return "unknown";
}

std::optional<Outcome> outcome_from(std::string_view word) noexcept
{
    for (std::size_t i = 0; i < outcomes; ++i) {
        const auto outcome = static_cast<Outcome>(i);
        if (to_string(outcome) == word) {
            return outcome;
        }
    }
    return std::nullopt;
}

} // namespace empathd
