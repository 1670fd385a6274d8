#include "analysis/model/forecast.hpp"

namespace empathd {

std::string_view to_string(Calibration calibration) noexcept
{
    switch (calibration) {
    case Calibration::none: return "none";
    case Calibration::prior: return "prior";
    case Calibration::own: return "own";
    }
    return "unknown";
}

} // namespace empathd
