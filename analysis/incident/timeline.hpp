#pragma once

#include "analysis/incident/story.hpp"
#include "analysis/model/timeline.hpp"

#include <vector>

namespace empathd::analysis {

/// How a story grew, from its members alone: so a removed post is in no part of it, and members
/// that moved bring their past along. Members by order. O(n log n) in what ever happened to them.
[[nodiscard]] Timeline timeline_of(const std::vector<Member>& members);

} // namespace empathd::analysis
