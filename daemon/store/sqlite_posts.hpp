#pragma once

#include "daemon/store/sqlite_connection.hpp"
#include "daemon/store/sqlite_names.hpp"
#include "daemon/store/store.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::sqlite {

/// Writes posts and everything that hangs on them (mentions, full text, counts, observations), and
/// takes them out again. Every call stands in a transaction of the caller, who calls finish()
/// before committing it, and load() after one that was undone.
class PostWriter {
public:
    PostWriter(Connection& connection, Names& names) : connection_(connection), names_(names) {}

    /// Reads what is remembered between transactions.
    void load();

    /// Posts with their mentions, then observations, then deletions of one page.
    void write(const PageCommit& page);

    /// Removes one post with its mentions and observations; returns the rows removed. `counted`:
    /// the roll-ups forget it as well.
    std::uint64_t erase(std::int64_t post, bool counted);

    /// Writes the sums gathered since the last call.
    void finish();

    [[nodiscard]] bool is_tombstone(const PostKey& key);
    [[nodiscard]] std::optional<std::int64_t> find(const PostKey& key);

private:
    using MentionsOfPost = std::vector<const MentionRecord*>;

    /// brand, hour, network, language, labels (those that are counted)
    using RollupKey = std::array<std::int64_t, 5>;

    /// What is needed of a mention to take it out.
    struct OldMention {
        std::int64_t id = 0;
        RollupKey rollup{};
        std::int64_t source = 0;
        bool renewed = false;
    };

    /// A stored post that is about to be replaced.
    struct OldPost {
        std::int64_t id = 0;
        TimePoint seen_at{};
        std::string words;  ///< As they stand in the index.
        std::string author; ///< The same.
        std::vector<OldMention> mentions;
    };

    void write_post(const Post& post, TimePoint at, const MentionsOfPost& mentions);
    bool insert(const Post& post, TimePoint seen_at, TimePoint counted_at);
    void replace(const Post& post, TimePoint counted_at, const MentionsOfPost& mentions);
    std::optional<OldPost> old_post(std::int64_t id);
    void insert_mention(std::int64_t post_row, const Post& post, TimePoint seen_at,
                        const MentionRecord& mention, std::string_view words);
    void update_mention(std::int64_t id, const Post& post, TimePoint seen_at,
                        const MentionRecord& mention);
    void remove_mention(const OldMention& mention, const OldPost& old);
    void index(std::int64_t mention, std::int64_t brand, const Post& post, std::string_view words);
    void unindex(const OldMention& mention, const OldPost& old);
    void count(const RollupKey& key, std::int64_t by) { rollups_[key] += by; }
    [[nodiscard]] RollupKey rollup_of(const Post& post, TimePoint seen_at,
                                      const MentionRecord& mention);
    void observe(const Observation& observation);
    void erase_for_good(const PostKey& key, TimePoint at);
    [[nodiscard]] std::string tombstone_of(const PostKey& key) const;

    Connection& connection_;
    Names& names_;

    std::string salt_;
    bool any_tombstones_ = false;
    TimePoint seen_max_ = TimePoint::min(); ///< Of all mentions stored so far.

    std::map<RollupKey, std::int64_t> rollups_;  ///< To be added.
    std::map<std::int64_t, std::int64_t> hours_; ///< Highest new mention id by hour.
    std::int64_t mentions_added_ = 0;
    bool erased_ = false; ///< Words were taken out: retain() has to sweep.
};

} // namespace empathd::sqlite
