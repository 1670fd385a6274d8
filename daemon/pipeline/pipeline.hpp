#pragma once

#include "connectors/connector.hpp"
#include "daemon/pipeline/stages.hpp"
#include "daemon/pipeline/story_desk.hpp"
#include "daemon/pipeline/turns.hpp"
#include "daemon/store/store_gate.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace empathd {

/// Pages that may wait for their turn; beyond it polling is held (see `full`).
inline constexpr std::size_t pages_waiting_max = 32;

/// A page and what the poll that brought it was like.
struct PageInput {
    std::string source;
    connectors::Page page;
    std::chrono::milliseconds latency{0};
    bool reread = false; ///< Engagement read again; not counted as a poll.
};

/// A stored post whose engagement is worth reading again.
struct StoredStoryPost {
    PostKey key;
    std::string native_id;
    TimePoint seen_at{};
};

/// What became of a command.
struct Obeyed {
    bool repeated = false; ///< Its key was dealt with before; nothing was done now.
    std::string made;      ///< The id of what it made, or nothing.
    std::string refused;   ///< Why it was not done, naming the field; empty: it was.
};

/// The stages in order, for one page at a time: match and experience on the analysis threads, then
/// what is known already, stories, spread and decision, then one transaction with the cursor.
///
/// Lives on the event loop. What it is given outlives it.
class Pipeline {
public:
    struct Parts {
        boost::asio::thread_pool& analysis;
        StoreGate& store;
        const Clock& clock;
        std::function<std::string(const Alert&)> body_of; ///< An alert's JSON for consumers.
        std::function<void(const std::vector<Alert>&)>
            raised; ///< Told after the commit; may be empty.
        /// Told which posts are worth reading again at once; may be empty.
        std::function<void(const std::vector<PostKey>&)> hasten;
        /// How much of what an alert is about was seen, in words; may be empty.
        std::function<std::string(const Alert&)> coverage;
    };

    Pipeline(const boost::asio::any_io_executor& loop, Parts parts, Stages stages,
             DeskOptions options);

    /// Puts the stories back where the store says they stood. Call before the first page. Fails
    /// with `storage`.
    Result<> restore(const TrackedState& state)
    {
        return desk_.restore(state, stages_.watches->officials());
    }

    /// Takes one page through; on success it is on disk. Fails with `storage` (the daemon must
    /// stop). Not to be cancelled: once begun, a page goes through, for stories and record must not
    /// part; a cancellation that comes meanwhile is forgotten.
    boost::asio::awaitable<Result<std::vector<StoredStoryPost>>> take(PageInput input);

    /// Lets happen what time alone brings until now; nothing when nothing is due. As `take`.
    boost::asio::awaitable<Result<>> tick();

    /// Does what a person asked for, once: a key that was dealt with before is answered as then.
    /// Fails with `storage` only. As `take`.
    boost::asio::awaitable<Result<Obeyed>> obey(DeskCommand command, std::string key);

    /// Tells people of something that is no story, or that it is over. As `tick`.
    boost::asio::awaitable<Result<>> notice(Notice notice);

    /// What later pages are read with.
    void use(Stages stages) { stages_ = std::move(stages); }
    void use(const analysis::DecisionOptions& decision) { desk_.set_options(decision); }
    void use(AlertRules rules) { desk_.set_rules(std::move(rules)); }

    [[nodiscard]] const Stages& stages() const noexcept { return stages_; }
    /// The time of the latest page: now, or where a replay stands.
    [[nodiscard]] TimePoint heard_until() const noexcept { return heard_until_; }

    /// True: polling should wait, the sources keep their posts.
    [[nodiscard]] bool full() const noexcept { return turns_.waiting() >= pages_waiting_max; }
    [[nodiscard]] std::size_t waiting() const noexcept { return turns_.waiting(); }

    [[nodiscard]] StoryDesk& desk() noexcept { return desk_; }
    [[nodiscard]] const StoryDesk& desk() const noexcept { return desk_; }
    [[nodiscard]] std::uint64_t pages_done() const noexcept { return pages_done_; }
    /// Where the posts of all pages since the start went.
    [[nodiscard]] const Conservation& totals() const noexcept { return totals_; }

private:
    struct Sorted;

    boost::asio::awaitable<std::vector<Sorted>> analyse(std::vector<Post> posts);
    boost::asio::awaitable<Result<std::vector<StoredStoryPost>>> take_through(PageInput input);
    /// Now, as the stories reckon it: the latest page's time and what has passed since. A replay
    /// stands in the past; where nothing has come for a minute after the start it is the clock's.
    [[nodiscard]] TimePoint story_time() const;
    boost::asio::awaitable<Result<>> take_tick();
    boost::asio::awaitable<Result<>> take_notice(Notice notice);
    boost::asio::awaitable<Result<Obeyed>> take_command(DeskCommand command, std::string key);
    boost::asio::awaitable<Result<>> keep(PageCommit commit, DeskOutput out);

    Parts parts_;
    Stages stages_;
    StoryDesk desk_;
    Turns turns_;
    std::uint64_t pages_done_ = 0;
    Conservation totals_;
    TimePoint heard_until_{};
    TimePoint heard_at_{}; ///< When the latest page came, by the clock; at first the start.
};

} // namespace empathd
