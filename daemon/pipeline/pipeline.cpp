#include "daemon/pipeline/pipeline.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <map>
#include <set>
#include <utility>

namespace empathd {
namespace asio = boost::asio;

/// What the analysis threads made of one post.
struct Pipeline::Sorted {
    Post post; ///< Left empty when `analysed` holds it.
    std::optional<AnalysedPost> analysed;
    std::string failure; ///< Not empty: the post could not be analysed.

    [[nodiscard]] const Post& read() const { return analysed ? analysed->post : post; }
};

namespace {

constexpr std::size_t sample_bytes_max = 4 * 1024;

bool same_words(const KnownPost& known, const Post& post)
{
    return known.text == post.text && known.title == post.title;
}

Quarantined quarantined(const std::string& source, const std::string& stage,
                        const std::string& error, const std::string& sample, TimePoint at)
{
    return {.source = source,
            .stage = stage,
            .error = error,
            .sample = sample.substr(0, sample_bytes_max),
            .at = at};
}

LedgerEntry ledger_of(const PageInput& input, TimePoint now)
{
    LedgerEntry entry;
    entry.source = input.source;
    entry.minute = std::chrono::floor<std::chrono::minutes>(now);
    entry.polls = input.reread ? 0 : 1;
    entry.pages = input.reread ? 0 : 1;
    entry.posts = input.page.posts.size();
    entry.lost = input.page.lost.empty() ? 0 : 1;
    entry.latency_ms = static_cast<std::uint64_t>(input.latency.count());
    entry.last_error = input.page.lost;
    return entry;
}

void add(Conservation& sum, const Conservation& more) noexcept
{
    sum.fetched += more.fetched;
    sum.stored += more.stored;
    sum.duplicate += more.duplicate;
    sum.unmatched += more.unmatched;
    sum.rejected += more.rejected;
    sum.quarantined += more.quarantined;
}

/// The first counts of a new post are the start of its history.
Observation first_sight(const Post& post)
{
    return {.key = post.key, .at = post.seen_at, .engagement = post.engagement};
}

} // namespace

Pipeline::Pipeline(const asio::any_io_executor& loop, Parts parts, Stages stages,
                   DeskOptions options)
    : parts_(std::move(parts)), stages_(std::move(stages)), desk_(std::move(options)), turns_(loop),
      heard_at_(parts_.clock.now())
{
}

asio::awaitable<std::vector<Pipeline::Sorted>> Pipeline::analyse(std::vector<Post> posts)
{
    // Runs on an analysis thread. Named, for g++ 12; what it captures lives in its own frame.
    auto work = [posts = std::move(posts),
                 stages = stages_]() mutable -> asio::awaitable<std::vector<Sorted>> {
        StageScratch scratch;
        std::vector<Sorted> out;
        out.reserve(posts.size());
        for (Post& post : posts) {
            Sorted sorted;
            Post kept = post;
            try {
                sorted.analysed = analyse_post(std::move(post), stages, scratch);
            } catch (const std::exception& error) {
                sorted.failure = error.what(); // One poisonous post never stops the rest.
            }
            if (!sorted.analysed) {
                sorted.post = std::move(kept);
            }
            out.push_back(std::move(sorted));
        }
        co_return out;
    };
    co_return co_await asio::co_spawn(parts_.analysis, std::move(work), asio::use_awaitable);
}

namespace {

/// Sorts a page's posts into the commit: which are new, which are known, which concern nobody.
class Sorting {
public:
    Sorting(PageCommit& commit, DeskInput& desk, const std::vector<KnownPost>& known)
        : commit_(commit), desk_(desk)
    {
        for (const KnownPost& post : known) {
            known_.emplace(post.key, &post);
        }
    }

    void take(const Post& post, std::optional<AnalysedPost>& analysed, const std::string& failure)
    {
        const auto found = known_.find(post.key);
        const KnownPost* known = found == known_.end() ? nullptr : found->second;
        if (!seen_.insert(post.key).second || (known != nullptr && known->deleted)) {
            ++commit_.conservation.duplicate;
        } else if (known != nullptr && same_words(*known, post)) {
            ++commit_.conservation.duplicate;
            if (post.engagement != Engagement{} && post.engagement != known->engagement) {
                observe({.key = post.key, .at = post.seen_at, .engagement = post.engagement});
            }
        } else if (!failure.empty()) {
            ++commit_.conservation.quarantined;
            commit_.quarantined.push_back(
                quarantined(commit_.source, "analysis", failure, post.text, commit_.at));
        } else if (analysed) {
            ++commit_.conservation.stored;
            if (known == nullptr) {
                commit_.observations.push_back(first_sight(post));
            }
            commit_.posts.push_back(post);
            desk_.posts.push_back(std::move(*analysed));
        } else if (known != nullptr) {
            ++commit_.conservation.stored; // Edited so that it no longer names a brand.
            edited_away_.push_back(post);
            desk_.deletions.push_back(post.key); // For the stories it is gone.
        } else {
            ++commit_.conservation.unmatched;
        }
    }

    void observe(Observation observation)
    {
        commit_.observations.push_back(observation);
        desk_.observations.push_back(std::move(observation));
    }

    /// Posts without mentions come last, so that the desk's indices stay those of the commit.
    void finish()
    {
        for (Post& post : edited_away_) {
            commit_.posts.push_back(std::move(post));
        }
    }

private:
    PageCommit& commit_;
    DeskInput& desk_;
    std::map<PostKey, const KnownPost*> known_;
    std::set<PostKey> seen_;
    std::vector<Post> edited_away_;
};

} // namespace

asio::awaitable<Result<std::vector<StoredStoryPost>>> Pipeline::take(PageInput input)
{
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    Result<std::vector<StoredStoryPost>> taken = co_await take_through(std::move(input));
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    co_return taken;
}

asio::awaitable<Result<std::vector<StoredStoryPost>>> Pipeline::take_through(PageInput input)
{
    PageCommit commit;
    commit.source = input.source;
    commit.cursor = input.page.cursor;
    commit.at = input.page.as_of.value_or(parts_.clock.now());
    commit.ledger = ledger_of(input, parts_.clock.now());
    commit.deletions = input.page.deletions;
    commit.conservation.fetched = input.page.posts.size() + input.page.rejected.size();
    commit.conservation.rejected = input.page.rejected.size();
    for (const connectors::Rejected& item : input.page.rejected) {
        commit.quarantined.push_back(
            quarantined(input.source, "connector", item.reason, item.sample, commit.at));
    }
    std::vector<PostKey> keys;
    for (const Post& post : input.page.posts) {
        keys.push_back(post.key);
    }
    std::vector<Sorted> sorted = co_await analyse(std::move(input.page.posts));

    const Turns::Turn turn = co_await turns_.take();
    auto ask = [keys = std::move(keys)](Store& store) { return store.known(keys); };
    const Result<std::vector<KnownPost>> known = co_await parts_.store.run(std::move(ask));
    if (!known) {
        co_return known.error();
    }
    DeskInput desk_input;
    desk_input.at = commit.at;
    desk_input.deletions = commit.deletions;
    Sorting sorting(commit, desk_input, *known);
    for (Sorted& one : sorted) {
        const Post post = one.read();
        sorting.take(post, one.analysed, one.failure);
    }
    for (Observation& observation : input.page.observations) {
        sorting.observe(std::move(observation));
    }
    sorting.finish();

    DeskOutput out = desk_.take(desk_input);
    std::vector<StoredStoryPost> followed;
    for (const MentionRecord& mention : out.mentions) {
        const Post& post = commit.posts[mention.post];
        if (!mention.incident.empty()) {
            followed.push_back({post.key, post.native_id, post.seen_at});
        }
    }
    commit.mentions = std::move(out.mentions);
    const Conservation conservation = commit.conservation;
    const Result<> kept = co_await keep(std::move(commit), std::move(out));
    if (!kept) {
        co_return kept.error();
    }
    ++pages_done_;
    add(totals_, conservation);
    heard_until_ = std::max(heard_until_, desk_input.at);
    heard_at_ = parts_.clock.now();
    co_return followed;
}

/// Commits what the desk made of something, and tells who wants to know.
asio::awaitable<Result<>> Pipeline::keep(PageCommit commit, DeskOutput out)
{
    commit.incidents = std::move(out.incidents);
    for (std::size_t i = 0; i < out.alerts.size(); ++i) {
        if (parts_.coverage) {
            out.alerts[i].coverage = parts_.coverage(out.alerts[i]);
        }
        commit.alerts.push_back({.alert = out.alerts[i],
                                 .body = parts_.body_of(out.alerts[i]),
                                 .sinks = std::move(out.sinks[i])});
    }
    commit.states = std::move(out.states);
    commit.journal = std::move(out.journal);
    const Result<> kept = co_await parts_.store.commit(std::move(commit));
    if (!kept) {
        // The stories have moved on and the record has not: only a restart brings them together.
        co_return Error{ErrorKind::storage, kept.error().message};
    }
    if (parts_.raised && !out.alerts.empty()) {
        parts_.raised(out.alerts);
    }
    if (parts_.hasten && !out.hasten.empty()) {
        parts_.hasten(out.hasten);
    }
    co_return Result<>();
}

asio::awaitable<Result<>> Pipeline::tick()
{
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    Result<> done = co_await take_tick();
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    co_return done;
}

TimePoint Pipeline::story_time() const
{
    constexpr std::chrono::minutes patience{1};
    const TimePoint now = parts_.clock.now();
    if (heard_until_ == TimePoint{}) {
        return now - heard_at_ < patience ? TimePoint{} : now;
    }
    return heard_until_ + std::max(now - heard_at_, TimePoint::duration{0});
}

asio::awaitable<Result<>> Pipeline::take_tick()
{
    const Turns::Turn turn = co_await turns_.take();
    const TimePoint now = story_time();
    const auto due = desk_.next_due();
    if (!due || *due > now) {
        co_return Result<>();
    }
    DeskInput nothing;
    nothing.at = now;
    DeskOutput out = desk_.take(nothing);
    PageCommit commit;
    commit.at = now;
    co_return co_await keep(std::move(commit), std::move(out));
}

asio::awaitable<Result<>> Pipeline::notice(Notice notice)
{
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    Result<> done = co_await take_notice(std::move(notice));
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    co_return done;
}

asio::awaitable<Result<>> Pipeline::take_notice(Notice notice)
{
    const Turns::Turn turn = co_await turns_.take();
    const TimePoint now = story_time();
    PageCommit commit;
    commit.at = now == TimePoint{} ? parts_.clock.now() : now;
    DeskOutput out = desk_.take(notice, commit.at);
    co_return co_await keep(std::move(commit), std::move(out));
}

asio::awaitable<Result<Obeyed>> Pipeline::obey(DeskCommand command, std::string key)
{
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    Result<Obeyed> answer = co_await take_command(std::move(command), std::move(key));
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    co_return answer;
}

asio::awaitable<Result<Obeyed>> Pipeline::take_command(DeskCommand command, std::string key)
{
    constexpr std::string_view refused_mark = "refused ";
    const Turns::Turn turn = co_await turns_.take();
    auto ask = [key](Store& store) { return store.receipt(key); };
    const Result<std::optional<std::string>> before = co_await parts_.store.run(std::move(ask));
    if (!before) {
        co_return before.error();
    }
    if (*before) {
        const std::string& said = **before;
        const bool refused = said.starts_with(refused_mark);
        Obeyed again{.repeated = true};
        (refused ? again.refused : again.made) = refused ? said.substr(refused_mark.size()) : said;
        co_return again;
    }
    PageCommit commit;
    const TimePoint now = story_time();
    commit.at = now == TimePoint{} ? parts_.clock.now() : now;
    DeskOutput out;
    const Result<std::string> done = desk_.obey(command, commit.at, out);
    Obeyed obeyed{.made = done ? *done : std::string(),
                  .refused = done ? std::string() : done.error().message};
    commit.receipt =
        Receipt{.key = std::move(key),
                .answer = done ? obeyed.made : std::string(refused_mark) + obeyed.refused};
    const Result<> kept = co_await keep(std::move(commit), std::move(out));
    if (!kept) {
        co_return kept.error();
    }
    co_return obeyed;
}

} // namespace empathd
