#pragma once

#include "analysis/decision/look.hpp"
#include "analysis/model/alert.hpp"
#include "analysis/model/incident.hpp"
#include "analysis/model/outcome.hpp"
#include "analysis/model/time.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The life of an incident: open -> acknowledged -> resolved, and back. One pure function; what it
/// decides, when, and how the caller is woken. README.md has the picture.
namespace empathd::analysis {

/// Somebody has taken it.
struct Acknowledgement {
    std::string owner;
    std::string note;
    TimePoint since{};
    TimePoint until{}; ///< At this time it is nobody's again, and people are told.

    friend bool operator==(const Acknowledgement&, const Acknowledgement&) = default;
};

/// How it ended.
struct Resolution {
    empathd::Outcome outcome = empathd::Outcome::faded;
    std::string by; ///< Empty: nobody, it faded or was deleted.
    TimePoint at{};
    Severity severity = Severity::info; ///< Of the last look before it,
    std::uint32_t complaints = 0;       ///< and that one's complaints.
    bool retracted = false;             ///< People have been told that its posts are gone.

    friend bool operator==(const Resolution&, const Resolution&) = default;
};

/// What would keep people from being told, of which an incident knows nothing itself.
struct Mutes {
    std::string silence;       ///< Id of the silence that matches; empty: none.
    TimePoint silence_until{}; ///< When it ends.
    std::string inhibitor;     ///< Id of the crisis that stands for this incident; empty: none.
    std::string hours;         ///< Name of the hours at which nobody is told; empty: none now.
    TimePoint hours_until{};   ///< When they are over.

    friend bool operator==(const Mutes&, const Mutes&) = default;
};

/// Why nobody was told, and of whom or what that hangs: the silence's id, the inhibitor's, the
/// hours' name, the owner, or nothing.
struct Withheld {
    SilenceReason reason = SilenceReason::below_threshold;
    std::string by;

    friend bool operator==(const Withheld&, const Withheld&) = default;
};

/// Everything remembered of one incident's life. A plain value: what the store keeps and gives
/// back. A new one is an incident of which nothing has been seen yet.
struct Life {
    IncidentState state = IncidentState::open;
    std::uint32_t episode = 1;      ///< Grows when a resolved incident opens again.
    std::uint32_t revision = 0;     ///< Grows by one with every notification of the episode.
    Severity told = Severity::info; ///< The highest told in this episode; of use from revision 1.
    std::optional<TimePoint> opened_at;   ///< When the episode began; nothing: no look yet.
    std::optional<TimePoint> wait_until;  ///< The group wait under way, before the first telling.
    std::optional<TimePoint> told_at;     ///< The episode's last notification.
    std::optional<TimePoint> repeat_at;   ///< When it is told again if nobody takes it.
    std::uint32_t level = 0;              ///< How often the next level has been told.
    std::optional<TimePoint> escalate_at; ///< When the next one is told if nobody takes it.
    std::optional<AlertReason> owed; ///< `unowned` or `reopened`: has happened, is not told yet.
    std::optional<Acknowledgement> acknowledgement; ///< Set exactly while acknowledged.
    std::optional<Resolution> resolution;           ///< Set exactly while resolved.

    // What people know, and so what is new to them: as of the last notification,
    // acknowledgement or closing by hand; before any, of the first look worth telling.
    std::optional<Band> band;
    std::vector<std::string> networks;
    std::vector<std::string> languages;
    bool safety = false;
    bool legal = false;
    bool press = false;

    std::uint32_t calm_looks = 0; ///< Looks in a row below the threshold or of no complaint; to 3.
    Mutes mutes;
    std::optional<Withheld> withheld; ///< The last one reported, until something else is.
    Look last;                        ///< The last look.

    friend bool operator==(const Life&, const Life&) = default;
};

// What can happen to an incident.

struct Looked {
    Look look;
};
/// Time has passed: what `Step::wake` asked for. Harmless at any time.
struct Tick {};
/// Somebody takes it, or takes it over, or for longer.
struct Acknowledge {
    std::string owner; ///< Must not be empty.
    std::string note;
    std::optional<TimePoint> until; ///< Later than now; nothing: Policy::acknowledge_for from now.
};
/// Whoever had taken it gives it back.
struct Unacknowledge {
    std::string by;
};
/// Closed by hand; on a resolved one, the outcome is corrected.
struct Resolve {
    std::string by; ///< Must not be empty.
    empathd::Outcome outcome = empathd::Outcome::fixed;
};
struct Reopen {
    std::string by; ///< Must not be empty.
};
struct Faded {};   ///< Nothing new for the configured time.
struct Deleted {}; ///< All its posts are gone.
struct MutesChanged {
    Mutes mutes;
};

using Event = std::variant<Looked, Tick, Acknowledge, Unacknowledge, Resolve, Reopen, Faded,
                           Deleted, MutesChanged>;

/// How patient it is. The incident's route gives the times; see routing.hpp.
struct Policy {
    std::chrono::milliseconds group_wait{30'000};             ///< Before the first telling.
    std::chrono::milliseconds group_interval{5 * 60'000};     ///< Between tellings of new things.
    std::chrono::milliseconds repeat_interval{4 * 3'600'000}; ///< Between tellings of the same.
    /// By severity: how long nobody may take it before the next level is told; 0: for ever.
    std::array<std::chrono::milliseconds, 4> escalate_after{};
    std::uint32_t levels =
        0; ///< How many levels there are beyond the first; 0: none to escalate to.
    std::chrono::milliseconds acknowledge_for{8 * 3'600'000}; ///< Where no end is given.
    std::chrono::milliseconds reopen_window{48 *
                                            3'600'000}; ///< How long a resolved one may return.

    friend bool operator==(const Policy&, const Policy&) = default;
};

/// A wait, shorter the faster the story grows: `wait` / (1 + growth / 100 an hour), and never less
/// than a tenth of it. At 100 reactions an hour half, from 900 on a tenth.
[[nodiscard]] std::chrono::milliseconds scaled(std::chrono::milliseconds wait,
                                               double growth_per_hour) noexcept;

// What is to be done.

/// Tell people. (incident, episode, revision, state) is the alert's key: no two are equal.
struct Notify {
    AlertReason reason = AlertReason::spreading;
    std::uint32_t episode = 1;
    std::uint32_t revision = 1;
    IncidentState state = IncidentState::open;
    Severity severity = Severity::info; ///< The highest told in this episode, this one included.
    std::uint32_t level = 0;            ///< How far it has escalated: whose turn it is.
    std::string owner; ///< Who had taken it, where that ends with this; else empty.

    friend bool operator==(const Notify&, const Notify&) = default;
};

/// The state or the owner is another one. For the record and for those who watch; nobody is told.
struct StateChanged {
    IncidentState from = IncidentState::open;
    IncidentState to = IncidentState::open;
    std::uint32_t episode = 1; ///< After the change.
    std::string by;            ///< A person; empty: the daemon.

    friend bool operator==(const StateChanged&, const StateChanged&) = default;
};

using Act = std::variant<StateChanged, Withheld, Notify>;

struct Step {
    Life life;
    /// In the order in which they are to be done; at most one Notify. A Withheld comes once when it
    /// begins to hold, not with every look.
    std::vector<Act> acts;
    std::optional<TimePoint> wake; ///< When to call with Tick if nothing happens before; after now.
    /// Why a person's command was not taken, naming what is wrong; empty: it was. The step is then
    /// that of a Tick.
    std::string refused;
};

/// One step of a life. Pure: the same arguments give the same step; `life` is what the step before
/// gave. `now` should not fall from step to step; where it does, waits are longer.
///
/// What holds in every state:
/// - Growth beyond the band is told at once, with that look. Nothing keeps it back: not the group
///   wait or interval, the budget, the threshold, an owner, a closing by hand, a silence, a crisis,
///   mute hours.
/// - Nothing is told twice without cause: a severity not yet told, a word, network or language not
///   yet known, growth beyond the band, an owner lost, nobody's answer, or the repeat interval.
/// - Nobody is told of what was resolved before the first telling. Who was told is told of the end,
///   once; and of posts that vanish after it, once.
/// - An acknowledgement that runs out is told: at once, or when the silence, crisis or mute hours
///   that keep it back end.
[[nodiscard]] Step step(const Life& life, const Event& event, const Policy& policy, TimePoint now);

/// Writes state, episode, revision and severity into the incident, as alerts and the store show it.
void write_to(const Life& life, Incident& incident);

/// A life for an incident that a store kept without one: told at its severity when its revision
/// says so, its band unknown until the next look.
[[nodiscard]] Life life_of(const Incident& incident, TimePoint now);

} // namespace empathd::analysis
