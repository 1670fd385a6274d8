#pragma once

#include "analysis/model/forecast.hpp"
#include "analysis/spread/calibration.hpp"
#include "analysis/spread/evaluation/series.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace empathd::spread_evaluation {

/// A forecast made at a poll, beside the end it did not know.
struct Made {
    TimePoint at{};
    Forecast forecast;
    double end = 0;
    double naive = 0; ///< Count times the median of end / count so far in the same bucket.
    bool own = false; ///< At least matured_for_own posts had been learned by then.
    std::optional<TimePoint> half_at; ///< When half of what came after `at` had come; none came.
};

/// A post on which an alert was or should have been raised.
struct Watched {
    bool detectable = false; ///< It was below the threshold when first seen.
    bool came_true = false;  ///< It ended at the threshold or above.
    std::optional<TimePoint>
        alerted; ///< The second of two polls in a row, both below the threshold, with p >= 0.5.
    std::optional<TimePoint> crossed; ///< The first poll at the threshold or above.
};

struct RunResult {
    std::array<std::vector<Made>, analysis::bucket_count> made; ///< One of each post and bucket.
    std::vector<Watched> watched;                               ///< After own.
    double days = 0;                                            ///< That `watched` spans.
    analysis::CalibrationReport report;
};

/// Lets the forecaster live through a set: every poll in the order of time, forecast before
/// anything later is known; every post learned when its end became known. `shuffle`: ends are dealt
/// to other posts than their own, with this seed, which must leave nothing to forecast. The
/// threshold is then the 95 % quantile of all ends: one that moves would tell a little of how
/// likely it is.
[[nodiscard]] RunResult run(const SeriesSet& set, std::optional<std::uint64_t> shuffle = {});

inline constexpr double alert_from = 0.5;

} // namespace empathd::spread_evaluation
