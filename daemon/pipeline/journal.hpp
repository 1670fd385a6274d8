#pragma once

#include "analysis/decision/lifecycle.hpp"
#include "daemon/store/store.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd {

/// A flat JSON object of texts, escaped; for the journal's `detail`.
[[nodiscard]] std::string
detail_of(const std::vector<std::pair<std::string_view, std::string>>& fields);

/// An incident's state or owner is another one.
[[nodiscard]] JournalEntry state_entry(const std::string& incident,
                                       const analysis::StateChanged& changed, TimePoint at);

/// A telling was hidden by a silence, a crisis or the hour.
[[nodiscard]] JournalEntry hidden_entry(const std::string& incident,
                                        const analysis::Withheld& withheld,
                                        const analysis::Life& life, TimePoint at);

} // namespace empathd
