#include "daemon/store/store_gate.hpp"

#include "tests/support/run.hpp"
#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <stdexcept>
#include <thread>

namespace empathd {
namespace {

namespace asio = boost::asio;
using ::testing::ElementsAre;

/// Writes down what it is asked to commit; everything else is of no use here.
class RecordingStore final : public Store {
public:
    std::vector<std::vector<std::string>> commits; ///< Cursors, by call.
    std::vector<std::thread::id> threads;
    Result<> answer;
    bool throws = false;

    Result<> commit(const std::vector<PageCommit>& pages) override
    {
        threads.push_back(std::this_thread::get_id());
        auto& cursors = commits.emplace_back();
        for (const PageCommit& page : pages) {
            cursors.push_back(page.cursor);
        }
        if (throws) {
            throw std::runtime_error("no memory");
        }
        return answer;
    }
    Result<std::string> cursor(const std::string& source) override
    {
        threads.push_back(std::this_thread::get_id());
        return source + "'s";
    }
    Result<std::vector<KnownPost>> known(const std::vector<PostKey>&) override { return none(); }
    Result<> note(const LedgerEntry&) override { return none(); }
    Result<std::optional<std::string>> receipt(const std::string&) override
    {
        return std::optional<std::string>();
    }
    Result<TrackedState> tracked(TimePoint, TimePoint) override { return none(); }
    Result<std::vector<OutboxRow>> outbox_due(const std::string&, TimePoint, std::size_t) override
    {
        return none();
    }
    Result<std::vector<OutboxRow>> outbox_published(const std::string&, std::int64_t,
                                                    std::size_t) override
    {
        return none();
    }
    Result<> outbox_update(const std::vector<OutboxUpdate>&) override { return none(); }
    Result<OutboxCounts> outbox_counts(const std::string&) override { return none(); }
    Result<std::uint64_t> outbox_replay(const std::string&, std::optional<std::int64_t>) override
    {
        return none();
    }
    Result<std::uint64_t> retain(TimePoint, TimePoint) override { return none(); }

private:
    static Error none() { return {ErrorKind::not_found, "not here"}; }
};

PageCommit page(int number)
{
    return testing::a_page(std::to_string(number), number);
}

/// Starts a coroutine and keeps its answer.
template <class T>
void start(asio::io_context& loop, asio::awaitable<T> coroutine, std::optional<T>& answer)
{
    auto body = [&answer, work = std::move(coroutine)]() mutable -> asio::awaitable<void> {
        answer.emplace(co_await std::move(work));
    };
    asio::co_spawn(loop, std::move(body), asio::detached);
}

TEST(Gate, RunsTheCallElsewhereAndComesBack)
{
    RecordingStore store;
    StoreGate gate(store);
    const std::string source = "forum";
    std::thread::id resumed;
    auto ask = [&]() -> asio::awaitable<Result<std::string>> {
        const auto call = [&source](Store& target) { return target.cursor(source); };
        Result<std::string> answer = co_await gate.run(call);
        resumed = std::this_thread::get_id();
        co_return answer;
    };

    const auto cursor = testing::run(ask());

    ASSERT_TRUE(cursor);
    EXPECT_EQ(*cursor, "forum's");
    EXPECT_EQ(resumed, std::this_thread::get_id());
    EXPECT_NE(store.threads.at(0), std::this_thread::get_id());
    EXPECT_EQ(gate.waiting(), 0u);
}

TEST(Gate, HandsOnTheError)
{
    RecordingStore store;
    StoreGate gate(store);
    const auto call = [](Store& target) { return target.tracked({}, {}); };

    const auto state = testing::run(gate.run(call));

    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().message, "not here");
}

TEST(Gate, ThrowsWhatTheCallThrew)
{
    RecordingStore store;
    StoreGate gate(store);
    const auto call = [](Store&) -> Result<int> { throw std::runtime_error("no memory"); };

    EXPECT_THROW((void)testing::run(gate.run(call)).has_value(), std::runtime_error);
    EXPECT_EQ(gate.waiting(), 0u);
}

// A loop that ends right after the answer must not be touched by the gate's thread any more (found
// by the sanitizers: work that was counted there was handed back too late).
TEST(Gate, LetsTheLoopGoBeforeItAnswers)
{
    RecordingStore store;
    StoreGate gate(store);
    const auto call = [](Store&) -> Result<int> { return 1; };
    for (int i = 0; i < 2'000; ++i) {
        ASSERT_EQ(*testing::run(gate.run(call)), 1); // Each on a loop of its own.
    }
}

TEST(Gate, KeepsTheOrderOfTheCalls)
{
    RecordingStore store;
    asio::io_context loop;
    StoreGate gate(store);
    std::vector<int> order; // Of the gate's thread; read when all is done.
    std::vector<std::optional<Result<>>> answers(100);
    for (int i = 0; i < 100; ++i) {
        const auto call = [&order, i](Store&) -> Result<> {
            order.push_back(i);
            return {};
        };
        start(loop, gate.run(call), answers[static_cast<std::size_t>(i)]);
    }
    loop.run();

    ASSERT_EQ(order.size(), 100u);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(Gate, RefusesTheCallThatIsOneTooMany)
{
    RecordingStore store;
    asio::io_context loop;
    Gate<Store> gate(store, 3);
    std::promise<void> door;
    const std::shared_future<void> opened = door.get_future().share();
    const auto call = [&opened](Store&) -> Result<int> {
        opened.wait();
        return 1;
    };
    std::vector<std::optional<Result<int>>> answers(5);
    for (auto& answer : answers) {
        start(loop, gate.run(call), answer);
    }
    while (!answers[3] || !answers[4]) {
        ASSERT_NE(loop.run_one(), 0u);
    }
    EXPECT_EQ(gate.waiting(), 3u);
    ASSERT_FALSE(*answers[3]);
    EXPECT_EQ(answers[3]->error().kind, ErrorKind::unavailable);
    EXPECT_EQ(answers[3]->error().message, "the store is busy: 3 calls wait");
    door.set_value();
    loop.run();

    EXPECT_TRUE(answers[0] && *answers[0]);
    EXPECT_TRUE(answers[2] && *answers[2]);
    EXPECT_EQ(gate.waiting(), 0u);
}

TEST(GroupCommit, TakesPagesThatComeTogetherInOneTransaction)
{
    RecordingStore store;
    asio::io_context loop;
    StoreGate gate(store);
    std::vector<std::optional<Result<>>> answers(3);
    for (int i = 0; i < 3; ++i) {
        start(loop, gate.commit(page(i)), answers[static_cast<std::size_t>(i)]);
    }
    loop.run();

    EXPECT_THAT(store.commits, ElementsAre(ElementsAre("0", "1", "2")));
    for (const auto& answer : answers) {
        EXPECT_TRUE(answer && *answer);
    }
    EXPECT_NE(store.threads.at(0), std::this_thread::get_id());
}

TEST(GroupCommit, WritesOnePageWithoutWaitingForOthersForEver)
{
    RecordingStore store;
    StoreGate gate(store);

    EXPECT_TRUE(testing::run(gate.commit(page(1))));
    EXPECT_TRUE(testing::run(gate.commit(page(2))));
    EXPECT_THAT(store.commits, ElementsAre(ElementsAre("1"), ElementsAre("2")));
}

TEST(GroupCommit, SharesATransactionAmongAtMost256Pages)
{
    RecordingStore store;
    asio::io_context loop;
    StoreGate gate(store);
    std::vector<std::optional<Result<>>> answers(600);
    for (int i = 0; i < 600; ++i) {
        start(loop, gate.commit(page(i)), answers[static_cast<std::size_t>(i)]);
    }
    loop.run();

    ASSERT_EQ(store.commits.size(), 3u);
    EXPECT_EQ(store.commits[0].size(), group_pages_max);
    EXPECT_EQ(store.commits[1].size(), group_pages_max);
    EXPECT_EQ(store.commits[2].size(), 600 - 2 * group_pages_max);
    EXPECT_EQ(store.commits[1].front(), "256");
    for (const auto& answer : answers) {
        ASSERT_TRUE(answer && *answer);
    }
}

TEST(GroupCommit, RefusesThePageThatIsOneTooMany)
{
    RecordingStore store;
    asio::io_context loop;
    StoreGate gate(store);
    std::vector<std::optional<Result<>>> answers(gate_calls_max + 1);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        start(loop, gate.commit(page(static_cast<int>(i))), answers[i]);
    }
    loop.run();

    EXPECT_TRUE(*answers[gate_calls_max - 1]);
    ASSERT_FALSE(*answers[gate_calls_max]);
    EXPECT_EQ(answers[gate_calls_max]->error().kind, ErrorKind::unavailable);
    // The places are free again afterwards.
    EXPECT_TRUE(testing::run_on(loop, gate.commit(page(1))));
}

TEST(GroupCommit, TellsEveryCallerOfAFailure)
{
    RecordingStore store;
    store.answer = Error{ErrorKind::storage, "commit: disk I/O error (10)"};
    asio::io_context loop;
    StoreGate gate(store);
    std::vector<std::optional<Result<>>> answers(4);
    for (auto& answer : answers) {
        start(loop, gate.commit(page(1)), answer);
    }
    loop.run();

    for (const auto& answer : answers) {
        ASSERT_TRUE(answer);
        ASSERT_FALSE(*answer);
        EXPECT_EQ(answer->error().message, "commit: disk I/O error (10)");
    }
}

TEST(GroupCommit, TellsEveryCallerOfAnException)
{
    RecordingStore store;
    store.throws = true;
    StoreGate gate(store);

    const auto answer = testing::run(gate.commit(page(1)));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::storage);
    EXPECT_EQ(answer.error().message, "commit: no memory");
}

TEST(GroupCommit, WritesThePageOfACallerThatWasCancelled)
{
    RecordingStore store;
    asio::io_context loop;
    StoreGate gate(store);
    asio::cancellation_signal cancel;
    std::optional<Result<>> first;
    std::optional<Result<>> second;
    auto body = [&]() -> asio::awaitable<void> { first.emplace(co_await gate.commit(page(1))); };
    asio::co_spawn(loop, std::move(body),
                   asio::bind_cancellation_slot(cancel.slot(), asio::detached));
    start(loop, gate.commit(page(2)), second);
    const auto emit = [&cancel] { cancel.emit(asio::cancellation_type::terminal); };
    asio::post(loop, emit);
    loop.run();

    EXPECT_TRUE(!first || !*first);
    ASSERT_TRUE(second && *second);
    EXPECT_THAT(store.commits, ElementsAre(ElementsAre("1", "2")));
}

TEST(StoreGate, CommitsToARealStoreThatAReaderSeesThroughItsOwnGate)
{
    const testing::TemporaryFolder folder;
    auto store = open_sqlite_store({.path = folder.file("empathd.db")});
    ASSERT_TRUE(store);
    auto reader = open_sqlite_reader(folder.file("empathd.db"));
    ASSERT_TRUE(reader);
    asio::io_context loop;
    StoreGate gate(**store);
    ReadGate reading(**reader);
    std::vector<std::optional<Result<>>> written(50);
    std::vector<std::optional<Result<std::uint64_t>>> counted(50);
    for (std::size_t i = 0; i < written.size(); ++i) {
        PageCommit one = page(static_cast<int>(i));
        testing::add(one, testing::a_post(std::to_string(i), "word", static_cast<int>(i)));
        start(loop, gate.commit(std::move(one)), written[i]);
        const auto count = [](StoreReader& target) { return target.mention_count(); };
        start(loop, reading.run(count), counted[i]);
    }
    loop.run();

    for (const auto& answer : written) {
        ASSERT_TRUE(answer && *answer) << answer->error().message;
    }
    for (const auto& answer : counted) {
        ASSERT_TRUE(answer && *answer) << answer->error().message;
    }
    EXPECT_EQ(*(*reader)->mention_count(), 50u);
}

} // namespace
} // namespace empathd
