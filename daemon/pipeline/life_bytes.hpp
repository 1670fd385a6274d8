#pragma once

#include "analysis/decision/lifecycle.hpp"
#include "analysis/decision/silence.hpp"
#include "analysis/incident/tracker.hpp"
#include "analysis/model/error.hpp"

#include <string>
#include <string_view>

namespace empathd {

// What the desk remembers, as bytes that the store keeps under a name, and back. Reading fails with
// `storage`: only we write there, so bytes that cannot be read mean a damaged file.

[[nodiscard]] std::string life_bytes(const analysis::Life& life);
[[nodiscard]] Result<analysis::Life> life_from(std::string_view bytes);

[[nodiscard]] std::string silences_bytes(const analysis::SilenceBook& book);
[[nodiscard]] Result<analysis::SilenceBook> silences_from(std::string_view bytes);

[[nodiscard]] std::string corrections_bytes(const analysis::Corrections& corrections);
[[nodiscard]] Result<analysis::Corrections> corrections_from(std::string_view bytes);

} // namespace empathd
