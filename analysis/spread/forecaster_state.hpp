#pragma once

#include "analysis/spread/forecaster.hpp"
#include "analysis/spread/pending.hpp"
#include "analysis/spread/platform_model.hpp"

#include <array>
#include <map>
#include <memory>
#include <string>

namespace empathd::analysis {

/// What a Forecaster holds: for its own sources alone.
struct Forecaster::State {
    /// A platform as it begins, for those that have learned nothing yet; by PriorKind.
    std::array<std::unique_ptr<const PlatformModel>, prior_kinds> fresh;
    std::map<std::string, std::unique_ptr<PlatformModel>> platforms;
    Pending pending{pending_max};
    TimePoint matured_until{};

    State();

    [[nodiscard]] const PlatformModel& find(const std::string& platform) const;
    /// Begins it when it is new.
    [[nodiscard]] PlatformModel& own(const std::string& platform);
};

} // namespace empathd::analysis
