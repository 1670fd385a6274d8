#pragma once

#include "analysis/decision/labels.hpp"
#include "analysis/model/error.hpp"
#include "analysis/model/incident.hpp"
#include "analysis/model/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace empathd::analysis {

/// Somebody's wish not to be told, for a time and a reason. What it may never hide is said in
/// muting.hpp and kept to by `step`.
struct Silence {
    std::string id;                ///< The caller's, unique.
    std::vector<Matcher> matchers; ///< All must match.
    TimePoint starts_at{};
    TimePoint ends_at{}; ///< From here on it hides nothing.
    std::string author;
    std::string reason;

    friend bool operator==(const Silence&, const Silence&) = default;
};

inline constexpr std::chrono::days silence_length_max{90};   ///< A longer one is for ever.
inline constexpr std::size_t silence_text_bytes_max = 1'000; ///< Of id, author, reason each.
inline constexpr std::size_t silences_max = 1'000;           ///< In one book.

/// Nothing when it can be used. Else `malformed`, naming the field: every one must be there, it
/// must end after it starts and after `now`, at most `silence_length_max` after its start, and at
/// least one matcher must ask for something (= or ~ and more than "*"): none may hide everything.
[[nodiscard]] Result<> check(const Silence& silence, TimePoint now);

/// It runs at this time, its end excluded.
[[nodiscard]] bool runs(const Silence& silence, TimePoint at) noexcept;

/// A telling that a silence hid.
struct Hidden {
    std::string incident;
    std::uint32_t episode = 1;
    Severity severity = Severity::info;
    TimePoint at{};

    friend bool operator==(const Hidden&, const Hidden&) = default;
};

/// What one silence hid so far.
struct HiddenRecord {
    std::uint64_t count = 0;
    std::deque<Hidden>
        last; ///< The last `hidden_kept`, oldest first; an incident once, its newest.
};
inline constexpr std::size_t hidden_kept = 20;

/// The silences there are, and what each hid. Not for use by several threads.
class SilenceBook {
public:
    /// Adds one, or replaces the one of this id. Fails as `check` does, and with `refused` when
    /// there are `silences_max` others.
    [[nodiscard]] Result<> put(Silence silence, TimePoint now);
    /// As `put`, unchecked: what a store kept.
    void restore(Silence silence, HiddenRecord hidden);
    /// Ends one early. `not_found` when there is none of this id that has not ended.
    [[nodiscard]] Result<> end(const std::string& id, TimePoint now);
    /// Drops those that ended before; returns how many.
    std::size_t forget_ended(TimePoint before);

    /// The one that hides these labels now: of several the one that ends last, then by id. Valid
    /// until the next change of the book.
    [[nodiscard]] const Silence* hiding(const Labels& labels, TimePoint at) const;
    /// The next time at which one starts or ends: when `hiding` may answer differently.
    [[nodiscard]] std::optional<TimePoint> next_change(TimePoint after) const;

    /// Notes that one hid something; unknown ids are ignored.
    void hid(const std::string& id, Hidden what);
    [[nodiscard]] HiddenRecord hidden_by(const std::string& id) const;
    /// All, by id.
    [[nodiscard]] std::vector<Silence> all() const;

private:
    struct Entry {
        Silence silence;
        HiddenRecord hidden;
    };
    std::map<std::string, Entry> entries_;
};

} // namespace empathd::analysis
