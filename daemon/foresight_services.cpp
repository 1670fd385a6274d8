#include "daemon/foresight_services.hpp"

#include "analysis/model/incident.hpp"

#include <algorithm>
#include <chrono>

namespace empathd {
namespace {

std::vector<wire::ReliabilityBin> bins_of(const analysis::Reliability& bins)
{
    std::vector<wire::ReliabilityBin> out;
    for (const analysis::ReliabilityBin& bin : bins) {
        if (bin.rows > 0) {
            out.push_back(
                {.predicted = bin.predicted, .observed = bin.observed, .posts = bin.rows});
        }
    }
    return out;
}

std::optional<TimePoint> half_of(const Incident* incident)
{
    if (incident == nullptr) {
        return std::nullopt;
    }
    const Forecast& forecast = incident->outlook.forecast;
    const bool given = forecast.calibration != Calibration::nothing && !forecast.withheld &&
                       forecast.half_at != TimePoint{};
    return given ? std::optional(forecast.half_at) : std::nullopt;
}

} // namespace

std::vector<wire::PlatformCalibration>
calibration_of(const std::vector<analysis::CalibrationReport>& reports,
               const std::function<double(const std::string& platform)>& threshold)
{
    std::vector<wire::PlatformCalibration> out;
    for (const analysis::CalibrationReport& report : reports) {
        out.push_back({.platform = report.platform,
                       .matured = report.matured,
                       .own = report.calibration == Calibration::own,
                       .intervals = report.rows,
                       .coverage = report.coverage,
                       .median_error = report.median_ape,
                       .threshold = threshold(report.platform),
                       .reaches = bins_of(report.threshold),
                       .doubles = bins_of(report.doubling),
                       .json = {}});
    }
    return out;
}

std::vector<wire::UnansweredThread>
unanswered_of(const std::vector<analysis::ThreadStatus>& threads,
              const std::function<const Incident*(const std::string& id)>& find, TimePoint now)
{
    using minutes = std::chrono::duration<double, std::ratio<60>>;
    std::vector<wire::UnansweredThread> out;
    for (const analysis::ThreadStatus& thread : threads) {
        const Incident* incident = thread.incident.empty() ? nullptr : find(thread.incident);
        const minutes waiting = now - thread.asked_at;
        out.push_back({.brand = thread.brand,
                       .incident = thread.incident,
                       .network = thread.root.network,
                       .url = thread.url,
                       .asked_by = thread.asked_by,
                       .asked_at = thread.asked_at,
                       .agreeing = thread.agreeing,
                       .reply_by = half_of(incident),
                       .waiting_min = std::max(0.0, waiting.count()),
                       .json = {}});
    }
    return out;
}

std::optional<wire::PutOff> put_off_of(const Incident& incident,
                                       const analysis::ExposureFactors& factors)
{
    analysis::PutOffScenario scenario =
        analysis::put_off_scenario(incident.outlook.exposure, factors);
    if (!scenario.known) {
        return std::nullopt;
    }
    return wire::PutOff{.low = scenario.low,
                        .middle = scenario.middle,
                        .high = scenario.high,
                        .assumptions = std::move(scenario.assumptions)};
}

} // namespace empathd
