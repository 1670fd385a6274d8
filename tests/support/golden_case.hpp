#pragma once

#include "analysis/model/alert.hpp"
#include "analysis/model/error.hpp"
#include "connectors/replay/replay.hpp"
#include "daemon/pipeline/story_desk.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace empathd::testing {

/// A week of one brand and what people should be told of it. README.md in tests/golden/crises says
/// what the files hold.
struct GoldenCase {
    struct Expected {
        PostKey about; ///< Any post of the story.
        TimePoint not_before{};
        TimePoint not_after{}; ///< The last moment at which an alert is still of use.
        Severity severity_min = Severity::warning;
    };

    std::string name; ///< The folder's.
    std::string brand;
    bool crisis = false;
    std::vector<OfficialAccount> official; ///< The brand's own accounts.
    std::string what;
    std::vector<Expected> expected;             ///< Empty for quiet cases.
    std::set<PostKey> story;                    ///< All posts of the event that must be told.
    std::vector<connectors::ReplayLine> events; ///< In the order of time.
};

/// Fails with `malformed` and the place.
[[nodiscard]] Result<GoldenCase> read_golden_case(const std::string& folder);
/// All cases of a folder, by name; what cannot be read is a test failure.
[[nodiscard]] std::vector<GoldenCase> golden_cases(const std::string& folder);

/// What came of a case.
struct GoldenRun {
    std::vector<Alert> alerts;                  ///< In the order in which they were raised.
    std::map<PostKey, std::string> incident_of; ///< Of every post that is in a story.
};

/// Takes a case through the real stages with the shipped model, a page for each minute in which
/// something happens.
[[nodiscard]] GoldenRun run_golden_case(const GoldenCase& golden, const DeskOptions& options);

/// The industry's volume rules, for comparison: when the brand's mentions are more than the mean of
/// the seven days before and so many standard deviations; three, usually.
enum class SigmaKind : std::uint8_t {
    hourly, ///< An hour against the hours before; told at its end.
    daily,  ///< The last 24 hours against the days before; looked at every hour.
    /// As published (Socialmetrix): the mean hourly count of the last 24 hours against that of the
    /// last seven days and the standard deviations of their hourly counts; looked at every hour.
    published,
};
/// When the rule would have told, once for each time it begins to hold.
[[nodiscard]] std::vector<TimePoint> sigma_alarms(const GoldenCase& golden, SigmaKind kind,
                                                  double deviations = 3);

} // namespace empathd::testing
