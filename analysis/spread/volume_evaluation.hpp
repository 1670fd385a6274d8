#pragma once

#include "analysis/spread/volume.hpp"

#include <vector>

namespace empathd::analysis {

/// A stretch in which something is known to have happened: [from, to].
struct VolumeWindow {
    TimePoint from{};
    TimePoint to{};
};

/// One rule against one series.
struct VolumeScore {
    std::vector<TimePoint> alarms; ///< Bins that began an alarm, after the warm-up.
    double alarms_a_day = 0;
    std::size_t false_alarms = 0; ///< In no window.
    double false_alarms_a_day = 0;
    std::size_t windows_found = 0; ///< With an alarm that began in it.
    std::size_t windows = 0;       ///< That lie after the warm-up at least in part.
};

struct VolumeEvaluation {
    double days = 0; ///< Judged: bins present after the warm-up.
    VolumeScore detector;
    VolumeScore sigma; ///< The industry's rule, hours as units; spikes within a day of the last
                       ///< spike are the same alarm.
};

/// Runs a fresh detector and the three-sigma rule over a series and counts. `bins` ascend, are on
/// multiples of `options.bin`; absent ones are gaps. The first `warm_up` of the time (0 to 1) only
/// teaches. An hour counts for the three-sigma rule when all its bins are present.
/// Errors as VolumeDetector::add.
[[nodiscard]] Result<VolumeEvaluation> evaluate(const std::vector<VolumeBin>& bins,
                                                const std::vector<VolumeWindow>& windows,
                                                const VolumeOptions& options,
                                                double warm_up = 0.15);

/// Counts at any times (ascending) summed into bins of `bin` minutes, which divides an hour. A
/// sample of `sample` minutes belongs to the bin it starts in; a bin is given only when all its
/// samples were there. Authors are not known.
[[nodiscard]] std::vector<VolumeBin> to_bins(const std::vector<VolumeBin>& samples,
                                             std::chrono::minutes sample, std::chrono::minutes bin);

} // namespace empathd::analysis
