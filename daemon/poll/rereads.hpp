#pragma once

#include "analysis/model/post.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace empathd {

/// When the engagement of one source's posts is read again: 5, 10, 20, 40 ... minutes after they
/// were first seen, for a week. Early looks buy most of what can be known; a post that has lived
/// through a quiet hour needs few. Pure; rebuilt after a restart from the posts themselves.
class Rereads {
public:
    static constexpr std::chrono::minutes first{5};
    static constexpr std::chrono::hours last{7 * 24};
    static constexpr std::size_t posts_max = 100'000; ///< The oldest are dropped beyond this.

    /// Follows a post first seen at `seen_at`, from the next due moment after `now` on. Known posts
    /// keep their place.
    void add(const PostKey& key, const std::string& native_id, TimePoint seen_at, TimePoint now);
    void forget(const PostKey& key);

    /// When something is due next; nothing when no post is followed.
    [[nodiscard]] std::optional<TimePoint> next_due() const;

    /// Native ids that are due at `now`, the longest due first.
    [[nodiscard]] std::vector<std::string> due(TimePoint now, std::size_t limit) const;

    /// `asked` were asked for at `now` and `answered` came back. The answered move to their next
    /// moment. Those that did not come back are asked once more at the first interval; the ones
    /// missing twice in a row are returned: they are gone at the source, and no longer followed.
    [[nodiscard]] std::vector<PostKey> settle(const std::vector<std::string>& asked,
                                              const std::vector<PostKey>& answered, TimePoint now);

    /// Asking failed: these ids are asked again after `wait`.
    void postpone(const std::vector<std::string>& asked, TimePoint now, std::chrono::seconds wait);

    [[nodiscard]] std::size_t size() const noexcept { return posts_.size(); }

private:
    struct Followed {
        PostKey key;
        TimePoint seen_at{};
        TimePoint due{};
        bool missed = false;
    };

    void schedule(const std::string& native_id, Followed& followed, TimePoint due);
    void drop(const std::string& native_id);

    std::unordered_map<std::string, Followed> posts_; ///< By native id.
    std::multimap<TimePoint, std::string> queue_;     ///< Due time to native id.
};

/// The first of seen + 5, 10, 20, 40 ... minutes after `now`; nothing when the week is over.
[[nodiscard]] std::optional<TimePoint> next_reread(TimePoint seen_at, TimePoint now) noexcept;

} // namespace empathd
