#pragma once

#include "analysis/model/alert.hpp"
#include "analysis/model/error.hpp"
#include "analysis/model/experience.hpp"
#include "analysis/model/incident.hpp"
#include "analysis/model/post.hpp"

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace empathd {

/// Probabilities of labels are kept to four places: a store gives back what this makes of them.
inline constexpr float probability_steps = 10'000;
[[nodiscard]] inline float kept_probability(float probability) noexcept
{
    return std::round(probability * probability_steps) / probability_steps;
}

/// A mention as it is stored beside its post.
struct MentionRecord {
    std::size_t post = 0; ///< Index into PageCommit::posts.
    std::string brand;
    std::vector<Span> spans;
    std::vector<std::string> terms; ///< The watch's words found, beside spans.
    Experience experience;
    std::string incident; ///< Id; empty when it belongs to none.
    bool copy = false;    ///< A near-copy of an earlier member of the incident.
};

/// Where every post of a page went: fetched = stored + duplicate + unmatched + rejected +
/// quarantined, always (an edit of a stored post counts as stored).
struct Conservation {
    std::uint64_t fetched = 0;
    std::uint64_t stored = 0;
    std::uint64_t duplicate = 0;
    std::uint64_t unmatched = 0;
    std::uint64_t rejected = 0;
    std::uint64_t quarantined = 0;

    friend bool operator==(const Conservation&, const Conservation&) = default;
};

/// What one minute of one source looked like. Entries of the same source and minute add up.
struct LedgerEntry {
    std::string source;
    TimePoint minute{};
    std::uint64_t polls = 0;
    std::uint64_t pages = 0; ///< Polls that were answered with a readable page.
    std::uint64_t errors = 0;
    std::uint64_t posts = 0;
    std::uint64_t lost = 0;       ///< Known holes.
    std::uint64_t latency_ms = 0; ///< Sum over polls.
    std::string last_error;       ///< Empty: keep what is there.
};

/// Input that could not be used, kept for looking at and for replay.
struct Quarantined {
    std::string source;
    std::string stage; ///< "connector", "analysis", "delivery".
    std::string error;
    std::string sample; ///< At most 4 KiB.
    TimePoint at{};
};

/// An alert on its way out, with the body that consumers get.
struct AlertRecord {
    Alert alert;
    std::string body; ///< JSON.
    /// The sinks that get it, of those the store was opened with; nothing: all of them. Not read
    /// back.
    std::optional<std::vector<std::string>> sinks;
};

/// What a part of the daemon remembers, by name. The bytes are its own affair.
struct StateRecord {
    std::string name;
    std::string bytes; ///< Empty: forgotten.

    friend bool operator==(const StateRecord&, const StateRecord&) = default;
};

/// One line of the record of what people and rules did: who acknowledged, what a silence hid.
struct JournalEntry {
    std::int64_t seq = 0; ///< Given by the store; grows.
    TimePoint at{};
    std::string kind;          ///< A stable word: "acknowledge", "hidden", "mark", ...
    std::string incident;      ///< Empty: about none.
    std::string who;           ///< A person, or the rule that did it; may be empty.
    std::string detail = "{}"; ///< A JSON object.

    friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

/// A command that was obeyed.
struct Receipt {
    std::string key;
    std::string answer; ///< The obeying part's own words, given again to who repeats the command.
};

/// Everything one page changes, in one transaction: all of it or nothing.
struct PageCommit {
    std::string source; ///< Empty: no source's page (time has passed, a command was obeyed).
    std::string cursor; ///< Saved as the source's cursor.
    TimePoint at{};     ///< The page's time (now, or the replayed time).
    /// Posts with a mention. A key that is stored already is replaced: text, times, engagement, and
    /// all its mentions; its first seen time, its row ids and its place in time stay.
    std::vector<Post> posts;
    std::vector<MentionRecord> mentions;
    std::vector<Observation> observations; ///< Of posts not stored: ignored.
    std::vector<PostKey> deletions;  ///< The post's text, author, media and mentions are erased; a
                                     ///< tombstone stays, so that a re-poll does not bring it back.
    std::vector<Incident> incidents; ///< Inserted or replaced, by id.
    std::vector<AlertRecord> alerts; ///< Each also becomes one outbox row for every sink.
    std::vector<Quarantined> quarantined;
    Conservation conservation; ///< Added to the source's totals.
    LedgerEntry ledger;
    std::vector<StateRecord> states;
    std::vector<JournalEntry> journal; ///< Added, in this order; `seq` is ignored.
    std::optional<Receipt> receipt;
};

/// A post that is stored already.
struct KnownPost {
    PostKey key;
    std::string text;
    std::string title;
    bool deleted = false; ///< A tombstone: never stored again.
    Engagement engagement;
};

/// One sink's copy of one alert.
struct OutboxRow {
    std::int64_t id = 0;
    std::int64_t alert_seq = 0;
    std::string sink;
    AlertRecord record;
    std::uint32_t attempts = 0;
    std::string receipt; ///< What the sink answered when it took it (Redis: the entry's id).
};

enum class OutboxState : std::uint8_t {
    waiting,     ///< To be delivered at next_at.
    published,   ///< The sink took it; its consumers have not all acknowledged yet.
    closed,      ///< Done.
    quarantined, ///< Given up after the configured time; kept, can be replayed.
};

struct OutboxUpdate {
    std::int64_t id = 0;
    OutboxState state = OutboxState::waiting;
    std::uint32_t attempts = 0;
    TimePoint next_at{};
    std::string receipt;
    std::string error; ///< Why it did not go; empty when it did.
};

struct OutboxCounts {
    std::uint64_t waiting = 0;
    std::uint64_t published = 0;
    std::uint64_t closed = 0;
    std::uint64_t quarantined = 0;
};

/// A mention as it is read back.
struct StoredMention {
    std::int64_t id = 0; ///< Grows with time of storing.
    Post post;
    std::string brand;
    std::vector<Span> spans;
    std::vector<std::string> terms;
    Experience experience;
    std::string incident;
    bool copy = false;
};

struct StoredAlert {
    std::int64_t seq = 0; ///< Grows by at least one with each alert; the SSE id.
    AlertRecord record;
};

/// Place after the last item of a list, for the next page.
struct MentionCursor {
    TimePoint at{};
    std::int64_t id = 0;
};

/// Which mentions; empty fields do not filter. Newest (first seen) first.
struct MentionFilter {
    std::string brand;
    std::string network;
    std::string source;
    std::string language;
    std::vector<std::pair<Facet, std::string>> labels; ///< All of these; also `unsure`.
    std::string incident;
    std::string author;
    std::optional<Audience> audience;
    std::string query; ///< Full text: words (all must occur), "phrases", -word, prefix*.
    std::optional<TimePoint> since; ///< First seen at or after.
    std::optional<TimePoint> until; ///< First seen before.
    std::optional<MentionCursor> after;
    std::size_t limit = 50; ///< 1..500
};

struct IncidentFilter {
    std::string brand;
    std::optional<IncidentState> state;
    std::optional<TimePoint> since; ///< Last seen at or after.
    double score_min = 0;
    std::size_t limit = 50; ///< 1..500; highest score first, then newest.
};

struct SourceRecord {
    std::string source;
    std::string cursor;
    Conservation conservation;
    TimePoint last_page_at{};  ///< Zero when there was none yet.
    TimePoint last_error_at{}; ///< Zero when there was none.
    std::string last_error;    ///< Of the last failed poll.
    LedgerEntry last_day;      ///< Sums of the ledger since 24 h before the newest entry.
};

/// Everything the stories need to stand where they stood: members and observations of incidents
/// that are not resolved or were heard of lately, in the order in which they were stored.
struct TrackedState {
    std::vector<Incident> incidents;
    std::vector<StoredMention> mentions;    ///< By id, ascending.
    std::vector<Observation> observations;  ///< By time, ascending, of these mentions' posts.
    std::vector<StoredAlert> alerts_of_day; ///< Raised since `since`, for the budget.
    std::vector<StateRecord> states;        ///< All, by name.
    std::vector<LedgerEntry> ledger; ///< Minutes since `since`, by source and time; no last_error.
};

/// Which lines of the journal, oldest first; empty fields do not filter.
struct JournalFilter {
    std::string incident;
    std::string kind;
    std::optional<TimePoint> since; ///< At or after.
    std::int64_t after = 0;         ///< Only with a higher seq.
    std::size_t limit = 50;         ///< 1..500
};

/// A mention with everything that was observed of its post, for replaying what happened.
struct HistoryItem {
    StoredMention mention;
    std::vector<Observation> observations; ///< By time, the first sight included.
};

/// The only record. Blocking and transactional; one instance, used from the store's own thread only
/// (through StoreGate). Every failure is ErrorKind::storage and means that the daemon must stop:
/// after a failed write nobody knows what is on disk.
class Store {
public:
    virtual ~Store() = default;

    /// All of the page or nothing; on return it is on disk. Several commits handed over together
    /// share one transaction (group commit).
    virtual Result<> commit(const std::vector<PageCommit>& pages) = 0;

    /// Of these keys, those that are stored or deleted. Any number, any order.
    virtual Result<std::vector<KnownPost>> known(const std::vector<PostKey>& keys) = 0;

    /// The saved cursor; empty when the source was never polled.
    virtual Result<std::string> cursor(const std::string& source) = 0;

    /// A poll that brought no page: errors, unchanged answers.
    virtual Result<> note(const LedgerEntry& entry) = 0;

    /// `since`: of alerts and the ledger; `resolved_since`: of the last post of resolved incidents.
    virtual Result<TrackedState> tracked(TimePoint since, TimePoint resolved_since) = 0;

    /// What was answered to the command of this key; nothing when it was never obeyed.
    virtual Result<std::optional<std::string>> receipt(const std::string& key) = 0;

    /// Rows of one sink whose time has come, oldest alert first.
    virtual Result<std::vector<OutboxRow>> outbox_due(const std::string& sink, TimePoint now,
                                                      std::size_t limit) = 0;
    /// Rows of one sink in state `published` with an id above `after`, by id, oldest first: 0
    /// starts from the beginning, the last row's id goes on from there.
    virtual Result<std::vector<OutboxRow>>
    outbox_published(const std::string& sink, std::int64_t after, std::size_t limit) = 0;
    virtual Result<> outbox_update(const std::vector<OutboxUpdate>& updates) = 0;
    virtual Result<OutboxCounts> outbox_counts(const std::string& sink) = 0;
    /// Puts quarantined rows of one sink back to `waiting`, due at once and with no attempts behind
    /// them: all of them, or the one with this id. Returns how many; rows in other states and of
    /// other sinks stay as they are.
    virtual Result<std::uint64_t> outbox_replay(const std::string& sink,
                                                std::optional<std::int64_t> row) = 0;

    /// Ends what is older than the limits; returns rows removed. Frees the text physically.
    virtual Result<std::uint64_t> retain(TimePoint posts_before, TimePoint ledger_before) = 0;
};

/// Reading for people: its own read-only connection, used from one thread at a time. A query that
/// takes longer than 500 ms fails with `unavailable`; a bad full-text query with `malformed`.
class StoreReader {
public:
    virtual ~StoreReader() = default;

    virtual Result<std::vector<StoredMention>> mentions(const MentionFilter& filter) = 0;
    virtual Result<std::optional<StoredMention>> mention(std::int64_t id) = 0;
    virtual Result<std::vector<Observation>> observations(const PostKey& key) = 0;
    virtual Result<std::vector<Incident>> incidents(const IncidentFilter& filter) = 0;
    virtual Result<std::optional<Incident>> incident(const std::string& id) = 0;
    /// Alerts with seq > after, ascending, at most `limit`; with `newest` the last ones,
    /// descending.
    virtual Result<std::vector<StoredAlert>> alerts(std::int64_t after, std::size_t limit,
                                                    bool newest) = 0;
    virtual Result<std::vector<JournalEntry>> journal(const JournalFilter& filter) = 0;
    /// Mentions first seen from `since` on and after `after`, in the order of time (then id), at
    /// most `limit` (1..500).
    virtual Result<std::vector<HistoryItem>>
    history(TimePoint since, std::optional<MentionCursor> after, std::size_t limit) = 0;
    virtual Result<std::vector<SourceRecord>> sources() = 0;
    virtual Result<OutboxCounts> outbox_counts() = 0; ///< Over all sinks.
    virtual Result<std::uint64_t> mention_count() = 0;
};

struct SqliteOptions {
    std::string path; ///< Of the file; its folder exists. ":memory:" for tests (no reader then).
    std::vector<std::string>
        sinks; ///< Names of the outbox's sinks: each alert gets a row for each.
};

/// Opens or creates the file and brings its schema up to date. Fails with `storage` when it cannot
/// be opened, is damaged, or was written by a newer version.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options);
[[nodiscard]] Result<std::unique_ptr<StoreReader>> open_sqlite_reader(const std::string& path);

} // namespace empathd
