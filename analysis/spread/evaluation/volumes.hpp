#pragma once

#include "analysis/spread/volume.hpp"

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::spread_evaluation {

/// Lines of "2015-02-26 21:42:53,104" (UTC, the count of the five minutes from there on) under a
/// head line; what cannot be read is left out.
[[nodiscard]] std::vector<analysis::VolumeBin> read_volume(std::string_view text);

/// Alarms a day of the volume detector at bins of 5, 15 and 60 minutes, and of the three-sigma
/// rule, over one brand's counts. Nothing says which of them are right: these sets hold no such
/// marks.
void print_volume(std::ostream& out, const std::string& name,
                  const std::vector<analysis::VolumeBin>& samples);

} // namespace empathd::spread_evaluation
