#pragma once

#include "analysis/incident/threads.hpp"
#include "analysis/spread/calibration.hpp"
#include "analysis/spread/exposure.hpp"
#include "daemon/http/wire_foresight.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace empathd {

struct Incident;

// What the stories know, as the API shows it.

/// One for each platform, in the same order. Bins without a row are left out.
[[nodiscard]] std::vector<wire::PlatformCalibration>
calibration_of(const std::vector<analysis::CalibrationReport>& reports,
               const std::function<double(const std::string& platform)>& threshold);

/// One for each thread, in the same order. `find` gives a thread's incident, or null; it is asked
/// once for each thread that belongs to one, and what it gives is read at once.
[[nodiscard]] std::vector<wire::UnansweredThread>
unanswered_of(const std::vector<analysis::ThreadStatus>& threads,
              const std::function<const Incident*(const std::string& id)>& find, TimePoint now);

/// The scenario of an incident; nothing where its exposure is not known.
[[nodiscard]] std::optional<wire::PutOff> put_off_of(const Incident& incident,
                                                     const analysis::ExposureFactors& factors);

} // namespace empathd
