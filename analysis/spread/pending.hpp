#pragma once

#include "analysis/spread/features.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace empathd::analysis {

/// One poll of a post, kept to learn from.
struct Snapshot {
    Track track;
    std::uint64_t lot = 0; ///< Of all polls in its bucket the one with the lowest lot stays.
};

struct Poll {
    TimePoint at{};
    float count = 0;
};

/// A post whose end is not known yet: at most one poll in each age bucket, and how its count rose.
struct PendingPost {
    std::string platform;
    std::string id;
    TimePoint first_at{};
    double count = 0;    ///< Last observed,
    TimePoint last_at{}; ///< then.
    std::array<std::optional<Snapshot>, bucket_count> snapshots;
    /// At most history_max polls in order of time; when full, every second one is dropped.
    std::vector<Poll> history;
    std::uint64_t every = 1; ///< Polls between two of the history's.
    std::uint64_t polls = 0;

    static constexpr std::size_t history_max = 48;

    /// How long after `from` half of what came after it had come, in seconds; nothing when nothing
    /// came. Between polls the count is taken as even.
    [[nodiscard]] std::optional<double> half_time_s(const Track& from) const;
};

/// The posts that wait to be learned, at most `max`. When a new one does not fit, the one whose
/// hash of platform and id is highest goes: what stays is an even sample of all posts, whatever
/// their order, and the same after the same observations.
class Pending {
public:
    explicit Pending(std::size_t max) noexcept : max_(max) {}

    /// The post was polled and `track` brought up to date. `teaches`: the poll may become a
    /// snapshot; else it only counts for the history.
    void observe(const std::string& platform, const std::string& id, const Track& track,
                 bool teaches);

    /// Takes a post out; nothing when it is not here.
    [[nodiscard]] std::optional<PendingPost> take(const std::string& platform,
                                                  const std::string& id);

    /// Takes out all first polled at `until` or before, by first poll, then platform, then id.
    [[nodiscard]] std::vector<PendingPost> take_first_seen_by(TimePoint until);

    [[nodiscard]] std::size_t size() const noexcept { return posts_.size(); }

private:
    struct Key {
        std::uint64_t hash = 0;
        std::string platform;
        std::string id;

        friend auto operator<=>(const Key&, const Key&) = default;
    };

    [[nodiscard]] static Key key_of(const std::string& platform, const std::string& id);

    std::size_t max_;
    std::map<Key, PendingPost> posts_;
};

} // namespace empathd::analysis
