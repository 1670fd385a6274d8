#include "analysis/decision/inhibition.hpp"

#include <functional>
#include <tuple>

namespace empathd::analysis {
namespace {

/// Smaller is chosen first.
auto rank(const Inhibitable& incident)
{
    return std::make_tuple(-incident.score, incident.opened_at, std::cref(incident.id));
}

} // namespace

bool is_crisis(const Inhibitable& incident) noexcept
{
    return incident.severity == Severity::critical && incident.brand_wide && incident.told &&
           incident.state != IncidentState::resolved;
}

std::optional<std::string> inhibitor_of(const Inhibitable& child,
                                        std::span<const Inhibitable> others)
{
    if (is_crisis(child) || child.safety || child.legal || child.outgrew || child.cause.empty()) {
        return std::nullopt;
    }
    const Inhibitable* best = nullptr;
    for (const Inhibitable& other : others) {
        const bool stands_for_it = is_crisis(other) && other.id != child.id &&
                                   other.brand == child.brand && other.cause == child.cause;
        if (stands_for_it && (best == nullptr || rank(other) < rank(*best))) {
            best = &other;
        }
    }
    return best == nullptr ? std::nullopt : std::optional{best->id};
}

} // namespace empathd::analysis
