#pragma once

#include "analysis/decision/hours.hpp"
#include "analysis/decision/inhibition.hpp"
#include "analysis/decision/labels.hpp"
#include "analysis/decision/lifecycle.hpp"
#include "analysis/decision/routing.hpp"
#include "analysis/decision/silence.hpp"
#include "daemon/store/store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace empathd {

/// Who is told of what, and how patiently.
struct AlertRules {
    analysis::Policy policy;                   ///< Where no route says otherwise.
    std::optional<analysis::RouteTree> routes; ///< Nothing: everything goes to every sink.
    std::map<std::string, analysis::Hours> hours;
};

/// An alert and the sinks that get it; no list: all of them.
struct Raised {
    Alert alert;
    std::optional<std::vector<std::string>> sinks;
};

/// What came of events in the lives of incidents.
struct LifeNews {
    std::vector<Raised> raised; ///< In order.
    std::vector<JournalEntry> journal;
    std::set<std::string> changed; ///< Incidents whose life is another one now.
    bool silences_changed = false;
    std::vector<SilenceReason> withheld;
};

/// The lives of all incidents: what a person or the time does to each, what keeps people from being
/// told, and who is told. The rules themselves are pure (analysis/decision); this remembers.
///
/// Used by the desk alone. No clock: times come with the calls.
class Lives {
public:
    explicit Lives(AlertRules rules) : rules_(std::move(rules)) {}
    void set_rules(AlertRules rules) { rules_ = std::move(rules); }

    /// An incident as it stands; the caller's, for the length of a call.
    struct Subject {
        Incident& incident; ///< State, episode, revision and severity are written by the call.
        const analysis::Labels& labels;
        const std::vector<std::pair<std::string, double>>& score_parts;
        /// What stands for it where no crisis does: the id of an incident; empty: nothing.
        std::string inhibitor = {};
    };

    void restore(const std::string& incident, analysis::Life life);
    void restore(analysis::SilenceBook silences) { silences_ = std::move(silences); }

    /// One event. Empty when it was taken, else why a person's command was not: then only time has
    /// passed.
    std::string apply(const Subject& subject, const analysis::Event& event, TimePoint at,
                      LifeNews& news);

    /// When the next life wants a tick; nothing while none does.
    [[nodiscard]] std::optional<TimePoint> next_wake() const;
    /// The incident that wanted a tick first, with its time, if that was by `at`. One at a time:
    /// what is done for it may make another one due before the next.
    [[nodiscard]] std::optional<std::pair<TimePoint, std::string>> take_due(TimePoint at);

    void forget(const std::string& incident);

    [[nodiscard]] const analysis::Life* find(const std::string& incident) const;
    [[nodiscard]] analysis::SilenceBook& silences() noexcept { return silences_; }
    [[nodiscard]] const analysis::SilenceBook& silences() const noexcept { return silences_; }

private:
    struct Entry {
        analysis::Life life;
        std::optional<TimePoint> wake;
    };

    analysis::Mutes mutes_of(const Subject& subject, const analysis::Life& life,
                             const std::vector<analysis::Route>& routes, TimePoint at) const;
    bool quiet(const analysis::Route& route, TimePoint at, analysis::Mutes& mutes) const;
    void take(const Subject& subject, const analysis::Step& step,
              const std::vector<analysis::Route>& routes, TimePoint at, LifeNews& news);
    void tell(const Subject& subject, const analysis::Notify& notify,
              const std::vector<analysis::Route>& routes, TimePoint at, LifeNews& news) const;
    void note_crisis(const Subject& subject, const analysis::Life& life);
    void wake_at(const std::string& incident, Entry& entry, std::optional<TimePoint> when);

    AlertRules rules_;
    std::map<std::string, Entry> lives_;
    std::set<std::pair<TimePoint, std::string>> wakes_;
    std::map<std::string, analysis::Inhibitable> crises_; ///< Those that stand for others.
    analysis::SilenceBook silences_;
};

} // namespace empathd
