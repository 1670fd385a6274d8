#include "analysis/model/incident.hpp"

#include <array>

namespace empathd {
namespace {

constexpr std::array states{IncidentState::open, IncidentState::acknowledged,
                            IncidentState::resolved};
constexpr std::array severities{Severity::info, Severity::warning, Severity::error,
                                Severity::critical};

} // namespace

std::string_view to_string(IncidentState state) noexcept
{
    switch (state) {
    case IncidentState::open: return "open";
    case IncidentState::acknowledged: return "acknowledged";
    case IncidentState::resolved: return "resolved";
    }
    return "unknown";
}

std::string_view to_string(Severity severity) noexcept
{
    switch (severity) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
    case Severity::critical: return "critical";
    }
    return "unknown";
}

std::optional<IncidentState> incident_state_from(std::string_view word) noexcept
{
    for (const IncidentState state : states) {
        if (to_string(state) == word) {
            return state;
        }
    }
    return std::nullopt;
}

std::optional<Severity> severity_from(std::string_view word) noexcept
{
    for (const Severity severity : severities) {
        if (to_string(severity) == word) {
            return severity;
        }
    }
    return std::nullopt;
}

} // namespace empathd
