#include "analysis/spread/volume.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr double weeks_remembered = 4;
constexpr double weeks_of_variance =
    1;                                ///< Shorter: before the week is known, it is much too large.
constexpr double slot_weeks = 0.5;    ///< What the overall mean counts for in a slot, weeks.
constexpr double few_expected = 5;    ///< Below: the tail, for a z-score is not valid there.
constexpr double deviation_max = 8;   ///< One bin alone is not enough for an alarm.
constexpr double teaches_up_to = 3;   ///< Standard deviations.
constexpr double days_to_learn = 3;   ///< Before the first verdict.
constexpr double slot_posts = 2;      ///< Worth of the overall rate in one hour of the week, posts.
constexpr double sum_max_in_cuts = 2; ///< So that an alarm ends in time when the cause is over.
constexpr double unseen_overdispersion = 0.25; ///< Until the series shows its own,
constexpr double unseen_weight = 2;            ///< worth this much sum of expected^2.
constexpr hours tail_alarm_lasts{3};
constexpr double log_sd_at_first = 1;

double of_hour(const VolumeOptions& options) noexcept
{
    return 60.0 / static_cast<double>(options.bin.count());
}

} // namespace

std::string_view to_string(VolumeMethod method) noexcept
{
    switch (method) {
    case VolumeMethod::learning: return "learning";
    case VolumeMethod::cusum: return "cusum";
    case VolumeMethod::tail: return "tail";
    }
    return "unknown";
}

double cusum_cut(const VolumeOptions& options) noexcept
{
    return options.cut_of_5_minutes * std::sqrt(5.0 / static_cast<double>(options.bin.count()));
}

double log_negative_binomial_tail(std::uint64_t count, double mean, double overdispersion) noexcept
{
    if (count == 0) {
        return 0;
    }
    const double spread = std::max(overdispersion, 1e-9);
    const double size = 1 / spread;
    const double success = spread * mean / (1 + spread * mean);
    // log P(0), then P(k + 1) / P(k) = success * (size + k) / (k + 1) up to `count`.
    double log_p = -size * std::log1p(spread * mean);
    const auto last = std::min<std::uint64_t>(count, 10'000);
    for (std::uint64_t k = 0; k < last; ++k) {
        const auto at = static_cast<double>(k);
        log_p += std::log(success * (size + at) / (at + 1));
    }
    // P(count) times what follows, as a share of it.
    double term = 1;
    double sum = 1;
    for (auto at = static_cast<double>(last); term > 1e-12 * sum && sum < 1e12; ++at) {
        term *= success * (size + at) / (at + 1);
        sum += term;
    }
    return std::min(0.0, log_p + std::log(sum));
}

VolumeDetector::VolumeDetector(VolumeOptions options) : options_(options)
{
    assert(options_.bin.count() > 0 && 60 % options_.bin.count() == 0);
    assert(options_.memory.count() > 0 && options_.cut_of_5_minutes > 0);
    assert(options_.tail_alarms_a_day > 0);
}

Result<> VolumeDetector::check(TimePoint start) const
{
    if (start.time_since_epoch() % options_.bin != minutes{0}) {
        return Error{ErrorKind::malformed, "a bin starts between two bins: " + to_rfc3339(start)};
    }
    if (start <= last_) {
        return Error{ErrorKind::malformed, "a bin does not come after the last one: " +
                                               to_rfc3339(start) + " after " + to_rfc3339(last_)};
    }
    return {};
}

std::size_t VolumeDetector::slot_of(TimePoint start) const noexcept
{
    const auto hour = std::chrono::floor<hours>(start).time_since_epoch().count();
    return static_cast<std::size_t>(hour) % hours_of_week; // Checked: after 1970.
}

bool VolumeDetector::learned() const noexcept
{
    return bins_ >= days_to_learn * 24 * of_hour(options_);
}

VolumeDetector::Usual VolumeDetector::usual(TimePoint start) const noexcept
{
    const Slot& slot = slots_[slot_of(start)];
    const double overall_bins = slot_weeks * of_hour(options_);
    Usual out;
    out.log_mean = (slot.logs + overall_bins * log_mean_) / (slot.weight + overall_bins);
    // A Poisson count m has sd(log(1 + m)) of about sqrt(m) / (1 + m); nothing is steadier.
    const double level = std::max(1.0, std::expm1(out.log_mean));
    out.log_sd = std::max(std::sqrt(log_variance_), std::sqrt(level) / (1 + level));
    const double overall = std::max(posts_, 1e-6);
    out.posts = (slot.posts + slot_posts) / (slot.weight + slot_posts / overall);
    const double own = (std::max(0.0, excess_square_) + unseen_overdispersion * unseen_weight) /
                       (expected_square_ + unseen_weight);
    out.overdispersion = own + 1 / (slot.posts + slot_posts); // The mean is not known exactly.
    return out;
}

double VolumeDetector::expected(TimePoint start) const noexcept
{
    return bins_ > 0 && start.time_since_epoch().count() >= 0 ? usual(start).posts : 0;
}

/// Time goes on to `start`: the sum fades over every bin since the last.
void VolumeDetector::pass(TimePoint start) noexcept
{
    if (last_ != TimePoint{}) {
        const double gone = std::chrono::duration<double, std::ratio<3600>>(start - last_).count();
        sum_ *= std::exp(-gone / static_cast<double>(options_.memory.count()));
    }
    last_ = start;
}

Result<VolumeVerdict> VolumeDetector::add(const VolumeBin& bin)
{
    if (const Result<> good = check(bin.start); !good) {
        return good.error();
    }
    pass(bin.start);
    VolumeVerdict verdict;
    verdict.seen = bin.count;
    const Usual now = usual(bin.start);
    if (bins_ > 0) {
        verdict.expected = now.posts;
    }
    if (learned()) {
        judge(bin, now, verdict);
    }
    learn(bin, now);
    return verdict;
}

Result<> VolumeDetector::skip(TimePoint start)
{
    if (const Result<> good = check(start); !good) {
        return good;
    }
    pass(start);
    return {};
}

void VolumeDetector::judge(const VolumeBin& bin, const Usual& usual,
                           VolumeVerdict& verdict) noexcept
{
    const double cut = cusum_cut(options_);
    const bool enough = bin.count >= options_.count_min &&
                        bin.authors.value_or(options_.authors_min) >= options_.authors_min;
    bool over = false;
    if (usual.posts < few_expected) {
        verdict.method = VolumeMethod::tail;
        verdict.cut = -std::log10(options_.tail_alarms_a_day / (24 * of_hour(options_)));
        verdict.statistic =
            -log_negative_binomial_tail(bin.count, usual.posts, usual.overdispersion) /
            std::log(10.0);
        over = enough && verdict.statistic >= verdict.cut;
        last_tail_alarm_ = over ? bin.start : last_tail_alarm_;
    } else {
        const double log_count = std::log1p(static_cast<double>(bin.count));
        const double z = std::min((log_count - usual.log_mean) / usual.log_sd, deviation_max);
        const bool was_zero = sum_ <= 0;
        sum_ = std::clamp(sum_ + z - options_.slack, 0.0, sum_max_in_cuts * cut);
        rise_ = was_zero && sum_ > 0 ? bin.start : rise_;
        verdict.method = VolumeMethod::cusum;
        verdict.cut = cut;
        verdict.statistic = sum_;
        over = enough && sum_ >= cut;
    }
    if (over && !alarm_) {
        alarm_ = true;
        verdict.begins = true;
        since_ = verdict.method == VolumeMethod::cusum ? rise_ : bin.start;
    } else if (alarm_ && sum_ < cut / 2 && bin.start - last_tail_alarm_ >= tail_alarm_lasts) {
        alarm_ = false;
    }
    verdict.alarm = alarm_;
    verdict.since = alarm_ ? since_ : TimePoint{};
}

void VolumeDetector::learn(const VolumeBin& bin, const Usual& usual) noexcept
{
    const double fade_slot = std::exp(-1 / (weeks_remembered * of_hour(options_)));
    const double week = static_cast<double>(hours_of_week) * of_hour(options_);
    const double fade = std::exp(-1 / (weeks_remembered * week));
    const auto count = static_cast<double>(bin.count);
    const double log_count = std::log1p(count);
    const bool first_day = bins_ < 24 * of_hour(options_); // Nothing to call an outlier by yet.
    const double reach = teaches_up_to * usual.log_sd;
    const double log_taught =
        first_day ? log_count
                  : std::clamp(log_count, usual.log_mean - reach, usual.log_mean + reach);
    const double variance = usual.posts + usual.overdispersion * usual.posts * usual.posts;
    const double most = std::max(few_expected, usual.posts + teaches_up_to * std::sqrt(variance));
    const double taught = first_day ? count : std::min(count, most);

    weight_ = weight_ * fade + 1;
    const double off = log_taught - (bins_ > 0 ? usual.log_mean : log_taught);
    log_variance_ += ((bins_ > 0 ? off * off : log_sd_at_first) - log_variance_) /
                     std::min(weight_, weeks_of_variance * week);
    Slot& slot = slots_[slot_of(bin.start)];
    slot.weight = slot.weight * fade_slot + 1;
    slot.logs = slot.logs * fade_slot + log_taught;
    slot.posts = slot.posts * fade_slot + taught;
    if (!first_day) {
        const double miss = taught - usual.posts;
        excess_square_ = excess_square_ * fade + miss * miss - usual.posts;
        expected_square_ = expected_square_ * fade + usual.posts * usual.posts;
    }
    log_mean_ += (log_taught - log_mean_) / weight_;
    posts_ += (taught - posts_) / weight_;
    ++bins_;
}

} // namespace empathd::analysis
