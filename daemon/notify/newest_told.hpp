#pragma once

#include "analysis/model/alert.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>

namespace empathd {

/// Remembers how far each story has been told to a receiver that keeps a state for it. Rows that
/// failed are tried again later than those behind them: an "open" that arrives after its "over"
/// would open the story anew, for good.
///
/// In memory, for the `stories_max` stories told last: after a restart an old row can pass.
class NewestTold {
public:
    explicit NewestTold(std::size_t stories_max = 10'000) : stories_max_(stories_max) {}

    /// Something newer (a later episode, or a later revision of it) has been told already.
    [[nodiscard]] bool is_stale(const Incident& incident) const;

    void told(const Incident& incident);

private:
    using Place = std::pair<std::uint32_t, std::uint32_t>; ///< Episode and revision.

    std::size_t stories_max_;
    std::map<std::string, Place> places_; ///< By incident.
    std::deque<std::string> order_;       ///< Incidents as they came in, the oldest first.
};

} // namespace empathd
