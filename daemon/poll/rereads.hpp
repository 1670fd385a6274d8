#pragma once

#include "analysis/model/post.hpp"
#include "daemon/poll/id_arena.hpp"
#include "daemon/poll/index_heap.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd {

/// How many posts all sources of the process may follow together. Owned by who owns the sources;
/// outlives every Rereads that shares it.
struct FollowedRoom {
    std::size_t posts_max = 1'000'000;
    std::size_t used = 0;
};

/// A post that is asked for.
struct AskedPost {
    PostKey key;
    std::string native_id; ///< What the source is asked with.
};

/// When the engagement of one source's posts is read again: 5, 10, 20, 40 ... minutes after they
/// were first seen, for a week; and at once when something says that it matters now. Early looks
/// buy most of what can be known; a post that has lived through a quiet hour needs few.
///
/// More are due than may be asked: the hastened first, then the youngest, for they tell most. One
/// that never got its turn is let go after the week.
///
/// Pure; rebuilt after a restart from the posts themselves. About 150 bytes a post with a uri of 72
/// bytes and a native id of 18 (tests/bench/tracker_bench.cpp). Not copyable: it holds its share of
/// the room.
class Rereads {
public:
    static constexpr std::chrono::minutes first{5};
    static constexpr std::chrono::hours last{7 * 24};
    static constexpr std::chrono::minutes hasten_pause{10}; ///< Between hastened looks at a post.

    explicit Rereads(FollowedRoom& room) noexcept : room_(room) {}
    ~Rereads() { room_.used -= size_; }
    Rereads(const Rereads&) = delete;
    Rereads& operator=(const Rereads&) = delete;

    /// Follows a post first seen at `seen_at`, from the next due moment after `now` on. Known posts
    /// keep their place. Where the room is full, the source's oldest goes for it; a post older than
    /// that is not followed. Nor is one whose ids together exceed IdArena::bytes_max.
    void add(const PostKey& key, std::string_view native_id, TimePoint seen_at, TimePoint now);
    void forget(const PostKey& key);

    /// The post is to be read at once: its forecast has come near the threshold. False, and
    /// nothing changes, for one that is not followed, is being asked for now, or was hastened less
    /// than `hasten_pause` ago.
    bool hasten(const PostKey& key, TimePoint now);

    /// When something is due next; nothing when nothing waits.
    [[nodiscard]] std::optional<TimePoint> next_due() const;

    /// Takes at most `limit` posts that are due at `now`, the most telling first. Each is then
    /// given to `settle` or `postpone`; until then it is not due.
    [[nodiscard]] std::vector<AskedPost> take(TimePoint now, std::size_t limit);

    /// `asked` were asked for at `now` and `answered` came back. The answered move to their next
    /// moment. Those that did not come back are asked once more at the first interval; the ones
    /// missing twice in a row are returned: they are gone at the source, and no longer followed.
    [[nodiscard]] std::vector<PostKey> settle(const std::vector<AskedPost>& asked,
                                              const std::vector<PostKey>& answered, TimePoint now);

    /// Asking failed: these are asked again after `wait`.
    void postpone(const std::vector<AskedPost>& asked, TimePoint now, std::chrono::seconds wait);

    /// Posts followed.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    enum class State : std::uint8_t { unused, waiting, ready, asked };

    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    /// 48 bytes, plus the ids in the arena, plus 4 in a heap, plus 5 to 11 in the table.
    struct Followed {
        TimePoint seen_at{};
        TimePoint due{};
        std::uint32_t ids = 0;      ///< In the arena: the id, then the native id.
        std::uint32_t hash = 0;     ///< Of the key.
        std::uint32_t place = 0;    ///< In the heap of its state.
        std::uint32_t older = none; ///< By time of adding; of an unused one: the next unused.
        std::uint32_t newer = none;
        std::uint32_t hastened_at_s = 0; ///< Since 1970; 0: never.
        std::uint16_t id_size = 0;
        std::uint16_t native_size = 0; ///< 0: the id is the native id.
        std::uint16_t network = 0;
        State state = State::unused;
        bool missed : 1 = false;
        bool hastened : 1 = false;
    };
    struct ByDue;
    struct ByTelling;

    [[nodiscard]] std::uint32_t hash_of(const PostKey& key) const noexcept;
    [[nodiscard]] std::uint32_t find(const PostKey& key) const noexcept;
    [[nodiscard]] bool is(const Followed& post, const PostKey& key) const noexcept;
    [[nodiscard]] std::string_view id_of(const Followed& post) const noexcept;
    [[nodiscard]] AskedPost asked_of(const Followed& post) const;
    [[nodiscard]] std::optional<std::uint16_t> network_number(const std::string& network);
    [[nodiscard]] std::uint32_t new_index();
    [[nodiscard]] bool make_room(TimePoint seen_at);
    void table_insert(std::uint32_t index);
    void table_erase(std::uint32_t index) noexcept;
    void wait(std::uint32_t index, TimePoint due);
    void leave_heap(std::uint32_t index);
    void drop(std::uint32_t index);
    void drop_expired(TimePoint now);

    FollowedRoom& room_;
    std::size_t size_ = 0;
    IdArena ids_;
    std::vector<std::string> networks_;
    std::deque<Followed> posts_;       ///< A deque does not copy itself to grow.
    std::vector<std::uint32_t> table_; ///< By hash, open addressing; none: empty.
    IndexHeap waiting_;                ///< By due time.
    IndexHeap ready_;                  ///< Due; the most telling on top.
    std::uint32_t unused_ = none;
    std::uint32_t oldest_ = none;
    std::uint32_t newest_ = none;
};

/// The first of seen + 5, 10, 20, 40 ... minutes after `now`; nothing when the week is over.
[[nodiscard]] std::optional<TimePoint> next_reread(TimePoint seen_at, TimePoint now) noexcept;

} // namespace empathd
