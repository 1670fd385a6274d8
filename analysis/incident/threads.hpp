#pragma once

#include "analysis/model/post.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace empathd::analysis {

/// A mention on its way into its conversation.
struct ThreadPost {
    const Post& post;
    std::string brand;
    std::string incident;   ///< The story it is in; empty: none.
    bool complaint = false; ///< Says that something is wrong,
    bool asks = false;      ///< wants something: a question, or a complaint with a need.
    bool official = false;  ///< Written by one of the brand's own accounts.
    TimePoint at{};         ///< First seen.
};

/// How one conversation about a brand stands.
struct ThreadStatus {
    PostKey root; ///< Its first post.
    std::string brand;
    std::string incident;       ///< Empty: it belongs to no story.
    std::string url;            ///< Of the post that asks.
    std::string asked_by;       ///< Its author.
    TimePoint asked_at{};       ///< Since when the brand owes an answer, or the first question.
    std::uint32_t agreeing = 0; ///< Other authors in it who say that something is wrong.
    std::optional<TimePoint> answered_at; ///< Nothing: the brand has not answered that.
    std::string answered_by;

    friend bool operator==(const ThreadStatus&, const ThreadStatus&) = default;
};

/// Who asked a brand something in public, who agreed, and whether the brand has answered.
///
/// A thread is asked when a post in it asks; it is answered when an official account writes in it
/// afterwards. When the one who asked asks again after the answer, it is open once more. What
/// others ask in the same thread makes them agreeing voices. Pure: no clock; the same calls in the
/// same order give the same state, which is how a restart rebuilds it.
class Threads {
public:
    static constexpr std::chrono::hours window{14 * 24}; ///< Untouched for this long: forgotten.
    static constexpr std::size_t threads_max = 50'000;   ///< Beyond, the longest untouched goes.

    /// A post that is known already changes nothing.
    void add(const ThreadPost& mention);

    /// The post is gone; a thread whose question it was is forgotten.
    void remove(const PostKey& key);

    /// Forgets what nobody has touched for `window`.
    void expire(TimePoint now);

    /// The story of the thread a post is part of, also when the post itself is not known; empty
    /// when there is none.
    [[nodiscard]] std::string incident_of(const std::string& brand, const Post& post) const;

    /// Threads of a story in which something was asked: unanswered first, the longest waiting
    /// first.
    [[nodiscard]] std::vector<ThreadStatus> of(const std::string& incident) const;

    /// All unanswered threads, the longest waiting first; of one brand when it is not empty.
    [[nodiscard]] std::vector<ThreadStatus> unanswered(const std::string& brand) const;

    [[nodiscard]] std::size_t size() const noexcept { return threads_.size(); }

private:
    using Key = std::pair<std::string, PostKey>; ///< Brand and first post.

    struct Thread {
        ThreadStatus status;
        PostKey question;                          ///< The post that asks; empty id: none yet.
        std::map<std::string, std::string> voices; ///< Complaining posts of others, with authors.
        std::set<std::string> posts;               ///< Ids seen in it.
        TimePoint touched_at{};
    };

    static void count_voices(Thread& thread);
    void forget(const Key& key);

    std::map<Key, Thread> threads_;
    std::set<std::pair<TimePoint, Key>> by_touch_;
    std::map<PostKey, std::vector<Key>> by_post_; ///< Threads by any of their posts.
};

} // namespace empathd::analysis
