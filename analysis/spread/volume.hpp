#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace empathd::analysis {

/// What one stretch of time brought of one kind: a brand, or a brand and a label.
struct VolumeBin {
    TimePoint start{};                    ///< On a multiple of the bin's length since 1970.
    std::uint64_t count = 0;              ///< Posts.
    std::optional<std::uint64_t> authors; ///< Different people; nothing when not known.
};

struct VolumeOptions {
    std::chrono::minutes bin{60};   ///< Length of a bin; divides an hour.
    double slack = 0.75;            ///< Standard deviations a bin that counts exceeds the usual by.
    std::chrono::hours memory{24};  ///< Of the sum of excesses.
    double cut_of_5_minutes = 39;   ///< Alarm at this sum with bins of 5 minutes; see `cusum_cut`.
    double tail_alarms_a_day = .02; ///< False alarms allowed where few posts are expected.
    std::uint64_t count_min = 5;    ///< Never an alarm in a bin of fewer posts,
    std::uint64_t authors_min = 3;  ///< or of fewer people, where they are known.
};

/// By which rule a bin was judged.
enum class VolumeMethod : std::uint8_t {
    learning, ///< Too little was seen to judge by: never an alarm.
    cusum,    ///< Sum of excesses of log counts over the usual.
    tail,     ///< Chance of so many or more, where fewer than 5 are expected.
};

/// The enumerator's own name.
[[nodiscard]] std::string_view to_string(VolumeMethod method) noexcept;

/// How a bin compares with the usual, in parts that a person can check.
struct VolumeVerdict {
    VolumeMethod method = VolumeMethod::learning;
    bool alarm = false;  ///< There is an alarm now,
    bool begins = false; ///< and this bin began it.
    double expected = 0; ///< Posts usual in this hour of the week, per bin.
    std::uint64_t seen = 0;
    double statistic = 0; ///< cusum: the sum; tail: -log10 of the chance. 0 while learning.
    double cut = 0;       ///< The statistic's alarm.
    TimePoint since{};    ///< With an alarm: the bin in which the rise began. Else zero.

    friend bool operator==(const VolumeVerdict&, const VolumeVerdict&) = default;
};

/// Watches one series of counts for more than usual, bin by bin. Pure: no clock, no chance.
///
/// The usual: the mean of log(1 + count) in this hour of the week (UTC: no daylight saving), over
/// about four weeks, to which the mean over all hours counts as half a week; its standard deviation
/// over about one week.
/// A count beyond 3 standard deviations teaches as one at 3: an outburst hardly becomes the usual.
///
/// The sum (a leaky CUSUM; E. S. Page, Continuous Inspection Schemes, 1954): with z the deviation
/// in standard deviations, at most 8,
///     S <- max(0, S * exp(-bin / memory) + z - slack),  alarm at S >= cut, over below cut / 2.
/// The standard deviation is never below that of a Poisson count of this size.
///
/// Where fewer than 5 are expected: the upper tail of a negative binomial with the expected mean
/// and the series' own overdispersion (a Gamma-Poisson posterior predictive); such a bin lets S
/// only decay. The alarm is over after three hours without another.
///
/// A stretch in which the source was blind is skipped: it is not a zero.
/// Learning takes three days of bins seen. About 5 KB.
class VolumeDetector {
public:
    /// Options out of range are a bug of the caller (asserted).
    explicit VolumeDetector(VolumeOptions options = {});

    /// Judges a bin, then learns from it. Bins between the last one and this are skipped.
    /// `malformed`, and nothing learned, for a start that is no multiple of the bin's length or not
    /// after the last one.
    Result<VolumeVerdict> add(const VolumeBin& bin);

    /// The source was blind in this bin. Errors as `add`.
    Result<> skip(TimePoint start);

    /// Posts usual in the bin at `start`.
    [[nodiscard]] double expected(TimePoint start) const noexcept;

    [[nodiscard]] const VolumeOptions& options() const noexcept { return options_; }

    /// All state, options included. `load(save())` goes on to the last bit as this would.
    [[nodiscard]] std::string save() const;
    /// `malformed` for bytes that `save` did not write.
    [[nodiscard]] static Result<VolumeDetector> load(std::string_view bytes);

private:
    static constexpr std::size_t hours_of_week = 168;

    /// One hour of the week: sums over its bins, fading as newer ones come.
    struct Slot {
        double weight = 0; ///< Bins seen.
        double logs = 0;   ///< Of log(1 + count).
        double posts = 0;  ///< Of counts.
    };
    struct Usual {
        double log_mean = 0; ///< Of log(1 + count).
        double log_sd = 0;
        double posts = 0;          ///< Mean count.
        double overdispersion = 0; ///< Variance = posts + overdispersion * posts^2.
    };

    [[nodiscard]] Result<> check(TimePoint start) const;
    [[nodiscard]] std::size_t slot_of(TimePoint start) const noexcept;
    [[nodiscard]] Usual usual(TimePoint start) const noexcept;
    [[nodiscard]] bool learned() const noexcept;
    void pass(TimePoint start) noexcept;
    void judge(const VolumeBin& bin, const Usual& usual, VolumeVerdict& verdict) noexcept;
    void learn(const VolumeBin& bin, const Usual& usual) noexcept;

    VolumeOptions options_;
    TimePoint last_{}; ///< Start of the last bin; zero: none yet.
    double bins_ = 0;  ///< Seen in all, not fading.
    double weight_ = 0;
    double log_mean_ = 0;
    double log_variance_ = 0;
    double posts_ = 0;           ///< Mean count.
    double excess_square_ = 0;   ///< Sum of (count - expected)^2 - expected, fading.
    double expected_square_ = 0; ///< Sum of expected^2, fading.
    double sum_ = 0;
    TimePoint rise_{}; ///< The bin in which sum_ left zero.
    bool alarm_ = false;
    TimePoint since_{};
    TimePoint last_tail_alarm_{};
    std::array<Slot, hours_of_week> slots_{};
};

/// The sum at which a detector with these options gives alarm. Measured at bins of 5 minutes; the
/// noise of a sum over one memory grows as the root of the number of bins in it, so does the cut.
[[nodiscard]] double cusum_cut(const VolumeOptions& options) noexcept;

/// Natural logarithm of P(X >= count), X negative binomial with this mean (> 0) and variance
/// mean + overdispersion * mean^2. Exact sums, for means up to about 100; counts above 10,000 are
/// taken as 10,000.
[[nodiscard]] double log_negative_binomial_tail(std::uint64_t count, double mean,
                                                double overdispersion) noexcept;

inline constexpr const char* volume_method = "log-cusum-nb-1";

} // namespace empathd::analysis
