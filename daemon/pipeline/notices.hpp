#pragma once

#include "analysis/decision/decision.hpp"
#include "analysis/decision/look.hpp"
#include "analysis/model/alert.hpp"
#include "daemon/pipeline/lives.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd {

/// Something people must know that is no story. It begins with the first that is not over, stands
/// with those that follow (which may be worse), and ends with one that is over.
struct Notice {
    std::string id; ///< blind_id() or volume_id(): the same for every time it happens.
    AlertReason reason = AlertReason::blind; ///< `blind` or `volume`.
    std::string brand;                       ///< Empty: of none in particular.
    std::string title;                       ///< One sentence for people; not needed when over.
    Severity severity = Severity::warning;
    TimePoint since{}; ///< When it began, as far as that is known; zero: now.
    bool over = false;
};

[[nodiscard]] std::string blind_id(std::string_view source);
[[nodiscard]] std::string volume_id(std::string_view brand, std::string_view series);

/// The notices as incidents, beside the tracker's stories: without posts, the same id each time,
/// one episode for each time. Who is told of them, and when, is decided by their lives (lives.hpp)
/// as for any incident, by looks that are made here. Whether a notice goes on is remembered apart
/// from its state: a person may close one that is not over, and it stays closed.
///
/// Used by the desk alone. No clock. Bounded by the ids there are: sources, and brands times
/// series.
class Notices {
public:
    /// The incident of a notice that is not over; a new episode of it when it was over before.
    /// True: something is different now that must be remembered.
    bool begin(const Notice& notice, TimePoint at, Lives& lives);
    /// False when it did not go on.
    bool end(const std::string& id, TimePoint at);

    /// Nothing when there is none, or none of late. Valid until the next call of begin().
    [[nodiscard]] Incident* find(const std::string& id);
    [[nodiscard]] bool goes_on(const std::string& id) const { return severities_.count(id) != 0; }
    /// Ids of those that go on and begin so; sorted.
    [[nodiscard]] std::vector<std::string> going_on(std::string_view prefix) const;

    /// A source was blind at some time in [from, to). One that has been for a day does not count
    /// any more: what is usual is then what the others bring.
    [[nodiscard]] bool blind_between(TimePoint from, TimePoint to) const;

    /// The look at a notice that goes on. Its score is the lowest of its severity.
    [[nodiscard]] analysis::Look look(const Incident& notice,
                                      const analysis::DecisionOptions& options) const;

    void restore(const Incident& incident) { incidents_[incident.id] = incident; }
    /// Which go on, and how bad they are; the rest is in the incidents and their lives.
    [[nodiscard]] std::string save() const;
    /// Fails with `storage` for bytes that save() did not write.
    Result<> load(std::string_view bytes);

private:
    std::map<std::string, Incident> incidents_;
    std::map<std::string, Severity> severities_; ///< Of those that go on.
};

} // namespace empathd
