#include "analysis/spread/platform_model.hpp"

#include "analysis/spread/rules.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>

namespace empathd::analysis {
namespace {

constexpr double ridge = 0.5;         ///< Certainty about directions the prior never saw.
constexpr double half_life_days = 84; ///< Twelve weeks.
constexpr double doublings_max = 40;
constexpr double wait_max_s = 10 * 365 * 86'400.0;

template <std::size_t D>
Matrix<D> precision_of(const Matrix<D>& moments)
{
    Matrix<D> out{};
    for (std::size_t i = 0; i < D * D; ++i) {
        out[i] = prior_rows * moments[i] + (i % (D + 1) == 0 ? ridge : 0);
    }
    return out;
}

BucketModel model_of(const BucketPrior& prior)
{
    BucketModel out;
    out.mean = prior.mean;
    out.deviation = prior.deviation;
    out.growth = {.log_ratio = std::log(Growth::prior_ratio), .weight = prior_rows};
    [[maybe_unused]] const bool good =
        out.size.begin(prior.size, precision_of<row_width>(prior.size_moments), prior.size_noise) &&
        out.threshold.begin(prior.threshold,
                            precision_of<threshold_width>(prior.threshold_moments)) &&
        out.doubling.begin(prior.doubling, precision_of<row_width>(prior.doubling_moments));
    assert(good);
    return out;
}

/// log2(1 + what came after `count`).
double doublings(double count, double final_count) noexcept
{
    return std::log2(1 + std::max(0.0, final_count - count));
}

double count_at(double count, double more_doublings) noexcept
{
    const double more = std::exp2(std::min(doublings_max, more_doublings)) - 1;
    return count + std::max(0.0, more);
}

bool has_reached(double count, double threshold) noexcept
{
    return count >= threshold;
}

bool has_doubled(double count, double final_count) noexcept
{
    return final_count >= 2 * std::max(1.0, count);
}

TimePoint after(TimePoint at, double seconds) noexcept
{
    return at + std::chrono::milliseconds{
                    static_cast<std::int64_t>(1000 * std::min(wait_max_s, seconds))};
}

Conformal::Band band_of(const BucketModel& bucket, const Row& z, double count)
{
    if (const auto band = bucket.errors.band(count)) {
        return *band;
    }
    const double reach = bucket.size.reach_80(z);
    return {.low = -reach, .median = 0, .high = reach};
}

double growth_age_s(const Track& track) noexcept
{
    return age_s(track) + Growth::age_more_s;
}

Outcome outcome_of(const Forecast& forecast, std::size_t bucket, double final_count)
{
    Outcome out;
    out.p_threshold = static_cast<float>(forecast.p_threshold);
    out.p_double = static_cast<float>(forecast.p_double);
    out.ape =
        static_cast<float>(std::abs(forecast.median - final_count) / std::max(1.0, final_count));
    out.bucket = static_cast<std::uint8_t>(bucket);
    const double end = std::max(forecast.now, final_count);
    out.covered = forecast.low <= end && end <= forecast.high;
    out.had_reached = has_reached(forecast.now, forecast.threshold);
    out.reached = has_reached(final_count, forecast.threshold);
    out.doubled = has_doubled(forecast.now, final_count);
    return out;
}

void learn_growth(Growth& growth, double ratio) noexcept
{
    growth.weight += 1;
    growth.log_ratio += (std::log(std::max(0.01, ratio)) - growth.log_ratio) / growth.weight;
}

} // namespace

PlatformModel::PlatformModel(const Prior& prior) : unusual_(prior.unusual)
{
    std::transform(prior.buckets.begin(), prior.buckets.end(), buckets_.begin(), model_of);
}

double PlatformModel::threshold() const noexcept
{
    return fixed_ ? *fixed_ : ends_.unusual(unusual_);
}

PlatformModel::Rows PlatformModel::rows_of(const BucketModel& bucket,
                                           const Track& track) const noexcept
{
    const Row z = row_of(features(track, track.last_at()), bucket.mean, bucket.deviation);
    return {.z = z, .t = threshold_row(z, track.count, threshold())};
}

Forecast PlatformModel::figures(const Track& track, double widen) const
{
    const BucketModel& bucket = buckets_[age_bucket(track)];
    const Rows rows = rows_of(bucket, track);
    const double n = track.count;
    const Conformal::Band band = band_of(bucket, rows.z, n);
    const double middle = bucket.size.mean(rows.z) + band.median;
    Forecast out;
    out.now = n;
    out.low = count_at(n, middle - widen * (band.median - band.low));
    out.median = count_at(n, middle);
    out.high = count_at(n, middle + widen * (band.high - band.median));
    out.threshold = threshold();
    out.p_threshold = has_reached(n, out.threshold) ? 1 : bucket.threshold.probability(rows.t);
    out.p_double = bucket.doubling.probability(rows.z);
    if (out.median - n >= 0.5) {
        out.half_at =
            after(track.last_at(), growth_age_s(track) * std::exp(bucket.growth.log_ratio));
    }
    return out;
}

Forecast PlatformModel::forecast(const Track& track, TimePoint at) const
{
    if (!track.begun()) {
        return {};
    }
    const double late = std::max<double>(track.lateness, lateness(track, at));
    Forecast out;
    if (late >= late_too) {
        out.now = out.low = out.median = out.high = track.count;
        out.threshold = threshold();
        out.widened = out.withheld = true;
    } else {
        out = figures(track, std::max(1.0, late / late_from));
        out.widened = late > late_from;
    }
    out.calibration = calibration();
    return out;
}

void PlatformModel::learn_row(const PendingPost& post, const Track& track, double final_count)
{
    const std::size_t which = age_bucket(track);
    BucketModel& bucket = buckets_[which];
    const Forecast forecast = figures(track, 1);
    ledger_.add(outcome_of(forecast, which, final_count));

    const Rows rows = rows_of(bucket, track);
    const double y = doublings(track.count, final_count);
    bucket.errors.learn(track.count, y - bucket.size.mean(rows.z));
    bucket.size.learn(rows.z, y);
    if (!has_reached(track.count, forecast.threshold)) {
        bucket.threshold.learn(rows.t, has_reached(final_count, forecast.threshold));
    }
    bucket.doubling.learn(rows.z, has_doubled(track.count, final_count));
    if (const auto half_s = post.half_time_s(track)) {
        learn_growth(bucket.growth, *half_s / growth_age_s(track));
    }
}

void PlatformModel::learn(const PendingPost& post, double final_count, TimePoint at)
{
    forget(at);
    for (const std::optional<Snapshot>& snapshot : post.snapshots) {
        if (snapshot) {
            learn_row(post, snapshot->track, final_count);
        }
    }
    ends_.add(final_count, at);
    ++matured_;
}

void PlatformModel::forget(TimePoint at) noexcept
{
    if (forgot_at_ == TimePoint{}) {
        forgot_at_ = at;
        return;
    }
    const double days = std::chrono::duration<double>(at - forgot_at_).count() / 86'400;
    if (days < 1) { // It costs O(d^3): once a day is enough.
        return;
    }
    forgot_at_ = at;
    const double kept = std::exp2(-days / half_life_days);
    for (BucketModel& bucket : buckets_) {
        bucket.size.forget(kept);
        bucket.threshold.forget(kept);
        bucket.doubling.forget(kept);
        bucket.growth.weight = kept * bucket.growth.weight + (1 - kept) * prior_rows;
    }
}

Calibration PlatformModel::calibration() const noexcept
{
    const double coverage = ledger_.coverage();
    const bool holds = matured_ >= matured_for_own && coverage >= coverage_for_own_min &&
                       coverage <= coverage_for_own_max;
    return holds ? Calibration::own : Calibration::prior;
}

CalibrationReport PlatformModel::report() const
{
    CalibrationReport out = ledger_.report();
    out.calibration = calibration();
    out.matured = matured_;
    return out;
}

} // namespace empathd::analysis
