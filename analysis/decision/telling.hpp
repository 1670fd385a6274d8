#pragma once

#include "analysis/decision/lifecycle.hpp"

#include <string>
#include <vector>

namespace empathd::analysis {

// Inside of lifecycle.cpp: the half of a step that depends on the state alone, not on the event.

/// A step under way.
struct Work {
    Life life;
    const Policy& policy;
    TimePoint now;
    std::vector<Act> acts;
    std::string lost_owner; ///< Whose acknowledgement ended in this step.
};

/// Worth a place in people's day: not below the threshold, a complaint, not gone. The budget does
/// not count.
[[nodiscard]] bool notable(const Look& look) noexcept;

/// Takes what the last look shows for known: new words, networks and languages are so once.
void learn(Life& life);

/// Reports why nobody is told, unless that was the last thing reported.
void withhold(Work& work, Withheld why);

/// Back to open; the owner is not any more.
void lose_owner(Work& work, const std::string& by);

/// Raises the revision and tells. `why` is an end where the state is resolved.
void tell(Work& work, AlertReason why);

/// Tells what is due now, or reports why not. For a life that is not resolved.
void settle(Work& work);

/// The next time at which `settle` would do something else.
[[nodiscard]] std::optional<TimePoint> next_wake(const Work& work);

} // namespace empathd::analysis
