#pragma once

#include "analysis/model/incident.hpp"
#include "analysis/model/time.hpp"

#include <optional>
#include <span>
#include <string>

namespace empathd::analysis {

/// What inhibition needs to know of an incident.
struct Inhibitable {
    std::string id;
    std::string brand;
    std::string cause; ///< What it is about: its commonest reason; empty: not known.
    IncidentState state = IncidentState::open;
    Severity severity = Severity::info; ///< Of its last look.
    double score = 0;
    TimePoint opened_at{};
    bool told = false;       ///< People have been told of it in this episode.
    bool brand_wide = false; ///< It concerns the whole brand, not one place or customer.
    bool safety = false;
    bool legal = false;
    bool outgrew = false; ///< It has left its own band and people have not been told.
};

/// A crisis stands for its children: critical, brand-wide, told, and not resolved.
[[nodiscard]] bool is_crisis(const Inhibitable& incident) noexcept;

/// The id of the crisis that stands for `child`: one of the same brand and the same known cause.
/// Of several the one with the highest score, then the earliest, then by id. Nothing for a crisis
/// itself, so that no two keep each other quiet; for one that speaks of safety or the law; and for
/// one that has outgrown its own band.
[[nodiscard]] std::optional<std::string> inhibitor_of(const Inhibitable& child,
                                                      std::span<const Inhibitable> others);

} // namespace empathd::analysis
