#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"
#include "analysis/model/timeline.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd {
struct Alert;
struct Incident;
struct MentionCursor;
struct Observation;
struct SourceRecord;
struct StoredAlert;
struct StoredMention;
} // namespace empathd

/// The JSON of the API, both directions: the server writes it, the CLI reads it. Neither direction
/// knows a socket. Everything is a pure function and may be called from any thread.
namespace empathd::wire {

// ---- Parameters: one table, from which the server checks and the CLI makes its options.

struct Parameter {
    std::string_view name;
    std::string_view accepted; ///< "a|b|c" for a closed set, else what it is in words.
    std::string_view meaning;  ///< One sentence.
};

inline constexpr std::size_t limit_default = 50;
inline constexpr std::size_t limit_max = 500;
inline constexpr std::string_view limit_values = "whole number from 1 to 500";
inline constexpr std::string_view time_values =
    "RFC 3339 time or an age such as 30m, 24h, 7d (s, m, h, d, w)";

inline constexpr Parameter limit_parameter{"limit", limit_values, "At most so many (50)."};

inline constexpr std::array mention_parameters{
    Parameter{"brand", "text", "Only about this brand."},
    Parameter{"network", "text", "Only from this network."},
    Parameter{"source", "text", "Only brought by this source."},
    Parameter{"language", "text", "Only in this language (BCP 47, \"und\" when unsure)."},
    Parameter{"sentiment", "negative|neutral|positive|unsure", "Only of this sentiment."},
    Parameter{"emotion", "anger|disgust|fear|joy|sadness|surprise|neutral|unsure",
              "Only of this emotion."},
    Parameter{"experience", "complaint|praise|question|other|unsure", "Only of this kind."},
    Parameter{"reason", "staff|product_or_service|no_interaction|overall|none|unsure",
              "Only complaints for this reason; none: no complaint."},
    Parameter{"target", "company|product|service|interaction|none|unsure",
              "Only what is felt about this; none: nothing is felt."},
    Parameter{"need",
              "refund|replacement_or_repair|information|delivery|access|apology|safety|none|unsure",
              "Only where this would put it right."},
    Parameter{"stage", "before|during|after|unknown|unsure",
              "Only from before, during or after the purchase or use."},
    Parameter{"witness", "first_hand|second_hand|none|unsure",
              "Only who was there, or only who heard of it."},
    Parameter{"leaving", "yes|no|unsure", "Only who is leaving the brand, or who is not."},
    Parameter{"irony", "yes|no|unsure", "Only what is meant ironically, or what is not."},
    Parameter{"offence", "yes|no|unsure", "Only what is insulting, or what is not."},
    Parameter{"incident", "text", "Only members of this incident (its id)."},
    Parameter{"author", "text", "Only by this author."},
    Parameter{"audience", "customer|employee", "Only from sources where these people speak."},
    Parameter{"q", "text", "Full text: words (all), \"phrases\", -without, prefix*."},
    Parameter{"since", time_values, "First seen at or after this time."},
    Parameter{"until", time_values, "First seen before this time."},
    limit_parameter,
    Parameter{"cursor", "text", "Where the page before ended: its \"next\"."},
};

inline constexpr std::array incident_parameters{
    Parameter{"brand", "text", "Only of this brand."},
    Parameter{"state", "open|acknowledged|resolved", "Only in this state."},
    Parameter{"since", time_values, "Last seen at or after this time."},
    Parameter{"min_score", "number from 0 to 100", "Only with at least this score."},
    limit_parameter,
};

inline constexpr std::array alert_parameters{
    Parameter{"after", "whole number from 0", "Only with a higher seq, oldest first."},
    limit_parameter,
};

inline constexpr std::array stream_parameters{
    Parameter{"after", "whole number from 0", "Resume after this seq; Last-Event-ID goes first."},
};

inline constexpr std::array page_parameters{limit_parameter};

// ---- Server: writing.

/// A list's page stops after the item that reaches this many bytes, and `next` goes on from there.
inline constexpr std::size_t page_bytes_max = 4 * 1024 * 1024;

/// {"items":[...],"next":"..."}; `next` stands there when there may be more: `limit` items were
/// asked for and came, or the page was cut at `bytes_max`.
[[nodiscard]] std::string mention_page(const std::vector<StoredMention>& mentions,
                                       std::size_t limit, std::size_t bytes_max = page_bytes_max);
/// The mention with all probabilities, evidence and observations.
[[nodiscard]] std::string mention_detail(const StoredMention& mention,
                                         const std::vector<Observation>& observations);
[[nodiscard]] std::string incident_page(const std::vector<empathd::Incident>& incidents);
/// People who may be put off: a scenario, shown with what it assumes.
struct PutOff {
    double low = 0; ///< 80 % interval.
    double middle = 0;
    double high = 0;
    std::vector<std::string> assumptions; ///< In words.
};
/// What the running stories know of an incident beside its record.
struct IncidentStory {
    std::optional<PutOff> put_off;
    std::optional<empathd::Timeline> timeline; ///< Nothing: it is no longer followed.
};
/// {"incident":{...},"put_off":{...},"timeline":{"points":[...],"events":[...]},"mentions":{page}};
/// what is not known is left out.
[[nodiscard]] std::string incident_detail(const empathd::Incident& incident,
                                          const std::vector<StoredMention>& mentions,
                                          std::size_t limit, const IncidentStory& story = {});
/// The JSON that every consumer of an alert gets and that is stored with it: key, reason, state,
/// severity, score and its parts, brand, network, summary, raised_at, coverage (where it is known),
/// and the incident as it was. `put_off` stands beside the incident where one is given.
[[nodiscard]] std::string alert_body(const empathd::Alert& alert,
                                     const std::optional<PutOff>& put_off = {});
/// {"items":[{"seq":n,"alert":body}],"next":"n"}; `next` (the `after` that goes on) only in lists
/// that go upwards and filled `limit`. The body is put in as it is: it must be one JSON value.
[[nodiscard]] std::string alert_page(const std::vector<StoredAlert>& alerts, bool upwards,
                                     std::size_t limit);
/// `sights`: by source; one that is not there (not running) has no "sight" in the answer.
using Sights = std::map<std::string, std::string>;
[[nodiscard]] std::string source_page(const std::vector<SourceRecord>& sources,
                                      const Sights& sights = {});

/// An opaque place in the list of mentions, and back; nothing for text that no server wrote.
[[nodiscard]] std::string encode_cursor(const MentionCursor& cursor);
[[nodiscard]] std::optional<MentionCursor> decode_cursor(std::string_view text);

/// One event of a Server-Sent Events stream: id, event: alert, data (a line each, HTML 9.2.6).
[[nodiscard]] std::string alert_event(const StoredAlert& alert);

/// An error as RFC 9457 has it. Empty and zero fields are left out.
struct Problem {
    std::string type = "about:blank"; ///< "urn:empathd:problem:..." or about:blank.
    std::string title;
    std::uint32_t status = 0;
    std::string detail;
    std::string instance;              ///< The path that was asked for.
    std::string parameter;             ///< The query parameter at fault.
    std::vector<std::string> accepted; ///< What it would have taken.
    std::string nearest;               ///< The known parameter that was probably meant.
};
[[nodiscard]] std::string problem_json(const Problem& problem);

/// Something an operator should know of.
struct HealthProblem {
    std::string name;    ///< A stable word: "no_source", "no_redis", "disk_space", "source_errors".
    std::string detail;  ///< One sentence for people.
    bool failing = true; ///< False: worth knowing, but the daemon does its work.
};
struct Health {
    bool ready = false; ///< Started and its store answers.
    std::vector<HealthProblem> problems;
};
/// {"status":"ok|degraded|failing","ready":b,"problems":[{"name","detail","failing"}]}.
[[nodiscard]] std::string health_json(const Health& health);
/// False when a problem is failing: what /healthz answers 503 for.
[[nodiscard]] bool is_healthy(const Health& health) noexcept;

// ---- Client: reading. `json` in each struct is the item itself on one line, so that fields which
// this version does not know reach the user all the same. What is absent is empty.
// Each fails with `malformed`: no JSON, ill-formed UTF-8, deeper than `depth_max`, not this shape.

inline constexpr std::size_t depth_max = 64;

struct Label {
    std::string facet; ///< "sentiment"
    std::string label;
    double probability = 0;
    std::vector<std::string> evidence; ///< The words that decided; in details only.
};

struct Mention {
    std::int64_t id = 0;
    std::string brand;
    std::string network;
    std::string source;
    std::string url;
    std::string author;
    std::string title;
    std::string text;
    std::string language;
    std::optional<TimePoint> seen_at;
    std::vector<Label> labels; ///< Every facet of the answer, in its order.
    std::string incident;
    bool copy = false;
    std::string json;

    /// An empty label when the answer has not this facet.
    [[nodiscard]] Label of(std::string_view facet) const;
};

struct Incident {
    std::string id;
    std::string brand;
    std::string state;
    std::string severity;
    double score = 0;
    std::string title;
    std::string lead_url;
    std::optional<TimePoint> first_at;
    std::optional<TimePoint> last_at;
    std::uint64_t mentions = 0;
    std::uint64_t complaints = 0;
    std::uint64_t authors = 0;
    std::uint64_t witnesses = 0; ///< This and the next five: none when the server is older.
    std::uint64_t echoes = 0;
    std::uint64_t followers = 0;
    std::vector<std::string> places;
    std::vector<std::pair<std::string, std::uint64_t>> reasons; ///< As the server has them.
    std::vector<std::pair<std::string, std::uint64_t>> needs;
    std::uint64_t reactions = 0;
    std::vector<std::string> networks;
    double rate_per_hour = 0;
    bool calibrated = false;
    std::string json;
};

struct Alert {
    std::int64_t seq = 0;
    std::string severity;
    std::string state;
    std::string reason;
    std::string brand;
    std::string network;
    std::string summary;
    std::string incident; ///< Its id.
    double score = 0;
    std::optional<TimePoint> raised_at;
    std::string json; ///< {"seq":n,"alert":{...}}.
};

struct Source {
    std::string name;
    std::string health; ///< "ok", "failing" or "waiting".
    std::optional<TimePoint> last_page_at;
    std::optional<TimePoint> last_error_at;
    std::string last_error;
    std::uint64_t fetched = 0;
    std::uint64_t stored = 0;
    bool balanced = true;
    std::uint64_t polls_day = 0;
    std::uint64_t pages_day = 0;
    std::uint64_t errors_day = 0;
    std::uint64_t lost_day = 0;
    std::optional<double> mean_latency_ms;
    std::string json;
};

template <class Item>
struct Page {
    std::vector<Item> items;
    std::string next; ///< Empty: that was all.
};

struct IncidentDetail {
    Incident incident;
    Page<Mention> mentions;
};

[[nodiscard]] Result<Page<Mention>> read_mention_page(std::string_view json);
[[nodiscard]] Result<Mention> read_mention(std::string_view json);
[[nodiscard]] Result<Page<Incident>> read_incident_page(std::string_view json);
[[nodiscard]] Result<IncidentDetail> read_incident_detail(std::string_view json);
[[nodiscard]] Result<Page<Alert>> read_alert_page(std::string_view json);
/// An alert's body, as `data:` of the stream carries it; `seq` is the event's id.
[[nodiscard]] Result<Alert> read_alert(std::int64_t seq, std::string_view body);
[[nodiscard]] Result<Page<Source>> read_source_page(std::string_view json);
[[nodiscard]] Result<Problem> read_problem(std::string_view json);

} // namespace empathd::wire
