#pragma once

#include "analysis/model/forecast.hpp"
#include "analysis/spread/calibration.hpp"
#include "analysis/spread/conformal.hpp"
#include "analysis/spread/features.hpp"
#include "analysis/spread/logistic.hpp"
#include "analysis/spread/pending.hpp"
#include "analysis/spread/prior.hpp"
#include "analysis/spread/regression.hpp"
#include "analysis/spread/usual_end.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace empathd::analysis {

/// How long half of what is to come takes, as a multiple of the age (ten minutes more: no post is
/// of age nothing): the mean of its logarithm.
struct Growth {
    /// A kernel that falls as (1 + t/c)^-(1 + 0.8) sends half of what is left by then: 2^(1/0.8)
    /// - 1.
    static constexpr double prior_ratio = 1.3784142300054421;
    static constexpr double age_more_s = 600;

    double log_ratio = 0; ///< Begins with that of prior_ratio,
    double weight = 0;    ///< worth prior_rows.
};

/// The parts that answer for one age bucket.
struct BucketModel {
    Features mean{};
    Features deviation{};
    Regression size; ///< Of log2(1 + what is to come).
    Logistic<threshold_width> threshold;
    Logistic<row_width> doubling;
    Conformal errors;
    Growth growth;
};

/// One platform: forecasts its posts, learns them when their life is over.
///
/// Forgets with a half-life of twelve weeks of the times it is given.
class PlatformModel {
public:
    explicit PlatformModel(const Prior& prior);

    [[nodiscard]] Forecast forecast(const Track& track, TimePoint at) const;
    [[nodiscard]] double threshold() const noexcept;
    void fix_threshold(std::optional<double> reactions) noexcept { fixed_ = reactions; }

    /// Forecasts every snapshot as if its end were not known, notes how well, then learns it.
    void learn(const PendingPost& post, double final_count, TimePoint at);

    [[nodiscard]] Calibration calibration() const noexcept;
    /// All but the platform's name.
    [[nodiscard]] CalibrationReport report() const;

private:
    friend class ModelFile; ///< Saves and loads: forecaster_file.cpp.

    struct Rows {
        Row z{};
        ThresholdRow t{};
    };
    [[nodiscard]] Rows rows_of(const BucketModel& bucket, const Track& track) const noexcept;
    [[nodiscard]] Forecast figures(const Track& track, double widen) const;
    void learn_row(const PendingPost& post, const Track& track, double final_count);
    void forget(TimePoint at) noexcept;

    std::array<BucketModel, bucket_count> buckets_;
    double unusual_ = 0; ///< The threshold until the platform has its own.
    std::optional<double> fixed_;
    UsualEnd ends_;
    Ledger ledger_;
    std::uint64_t matured_ = 0;
    TimePoint forgot_at_{};
};

} // namespace empathd::analysis
