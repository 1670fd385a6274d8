#include "analysis/spread/volume_evaluation.hpp"

#include "analysis/spread/sigma_rule.hpp"

#include <algorithm>

namespace empathd::analysis {
namespace {

using std::chrono::hours;

void score(VolumeScore& out, const std::vector<VolumeWindow>& windows, TimePoint judged_from,
           double days)
{
    const auto inside = [](TimePoint time, const VolumeWindow& window) {
        return window.from <= time && time <= window.to;
    };
    for (const TimePoint alarm : out.alarms) {
        const auto holds = [&](const VolumeWindow& window) { return inside(alarm, window); };
        out.false_alarms += std::any_of(windows.begin(), windows.end(), holds) ? 0 : 1;
    }
    for (const VolumeWindow& window : windows) {
        if (window.to < judged_from) {
            continue;
        }
        ++out.windows;
        const auto found = [&](TimePoint alarm) { return inside(alarm, window); };
        out.windows_found += std::any_of(out.alarms.begin(), out.alarms.end(), found) ? 1 : 0;
    }
    if (days > 0) {
        out.alarms_a_day = static_cast<double>(out.alarms.size()) / days;
        out.false_alarms_a_day = static_cast<double>(out.false_alarms) / days;
    }
}

/// Alarms of the three-sigma rule, whole hours only.
std::vector<TimePoint> sigma_alarms(const std::vector<VolumeBin>& bins,
                                    const VolumeOptions& options, TimePoint judged_from)
{
    std::vector<TimePoint> alarms;
    SigmaRule rule;
    TimePoint last_spike{};
    for (const VolumeBin& hour : to_bins(bins, options.bin, std::chrono::minutes{60})) {
        if (!rule.add(hour.count)) {
            continue;
        }
        if (hour.start >= judged_from &&
            (last_spike == TimePoint{} || hour.start - last_spike > hours{24})) {
            alarms.push_back(hour.start);
        }
        last_spike = hour.start;
    }
    return alarms;
}

} // namespace

Result<VolumeEvaluation> evaluate(const std::vector<VolumeBin>& bins,
                                  const std::vector<VolumeWindow>& windows,
                                  const VolumeOptions& options, double warm_up)
{
    VolumeEvaluation out;
    if (bins.empty()) {
        return out;
    }
    const auto span = static_cast<double>((bins.back().start - bins.front().start).count());
    const TimePoint judged_from =
        bins.front().start + std::chrono::milliseconds{static_cast<std::int64_t>(span * warm_up)};
    VolumeDetector detector(options);
    std::size_t judged = 0;
    for (const VolumeBin& bin : bins) {
        const Result<VolumeVerdict> verdict = detector.add(bin);
        if (!verdict) {
            return verdict.error();
        }
        if (bin.start < judged_from) {
            continue;
        }
        ++judged;
        if (verdict->begins) {
            out.detector.alarms.push_back(bin.start);
        }
    }
    out.days = static_cast<double>(judged) * static_cast<double>(options.bin.count()) / (24 * 60);
    out.sigma.alarms = sigma_alarms(bins, options, judged_from);
    score(out.detector, windows, judged_from, out.days);
    score(out.sigma, windows, judged_from, out.days);
    return out;
}

std::vector<VolumeBin> to_bins(const std::vector<VolumeBin>& samples, std::chrono::minutes sample,
                               std::chrono::minutes bin)
{
    std::vector<VolumeBin> out;
    std::int64_t held = 0; // Samples in the bin at the end of `out`.
    const std::int64_t whole = bin / sample;
    const auto end_bin = [&] {
        if (!out.empty() && held < whole) {
            out.pop_back();
        }
        held = 0;
    };
    for (const VolumeBin& one : samples) {
        const auto since_1970 = one.start.time_since_epoch();
        const TimePoint start = one.start - since_1970 % bin;
        if (out.empty() || out.back().start != start || held == 0) {
            end_bin();
            out.push_back({.start = start});
        }
        out.back().count += one.count;
        ++held;
    }
    end_bin();
    return out;
}

} // namespace empathd::analysis
