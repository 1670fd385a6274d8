#include "daemon/notify/redis_sink.hpp"

#include "daemon/notify/confirmation.hpp"
#include "daemon/notify/redis_connection.hpp"
#include "daemon/notify/redis_door.hpp"
#include "daemon/notify/redis_error.hpp"
#include "daemon/notify/redis_groups.hpp"
#include "daemon/notify/redis_stream.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <random>
#include <utility>

namespace empathd {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds stale_shows_within{1'000};

using Receipts = std::vector<Result<std::string>>;

/// A name that no witness had before. It only has to be new, so no seed is handed in.
std::string new_witness()
{
    std::random_device random;
    std::string name(witness_prefix);
    for (int part = 0; part < 4; ++part) {
        std::array<char, 9> digits{};
        std::snprintf(digits.data(), digits.size(), "%08x", static_cast<unsigned>(random()));
        name += digits.data();
    }
    return name;
}

Receipts all_failed(std::size_t count, const Error& error)
{
    return Receipts(count, Result<std::string>(error));
}

OutboxUpdate update_of(const OutboxRow& row, OutboxState state, std::string receipt)
{
    return OutboxUpdate{
        .id = row.id, .state = state, .attempts = row.attempts, .receipt = std::move(receipt)};
}

class RedisSink final : public Sink {
public:
    RedisSink(const config::RedisConfig& config, std::string name,
              std::chrono::milliseconds timeout)
        : name_(std::move(name)), names_{.stream = config.stream, .groups = config.groups},
          length_(config.stream_length), door_(config, timeout)
    {
    }

    [[nodiscard]] const std::string& name() const noexcept override { return name_; }
    [[nodiscard]] bool awaits_confirmation() const noexcept override
    {
        return !names_.groups.empty();
    }
    [[nodiscard]] std::size_t batch_max() const noexcept override { return 256; }
    [[nodiscard]] bool outlasts_outages() const noexcept override { return true; }
    /// So MAXLEN never cuts off what no consumer has read.
    [[nodiscard]] std::uint64_t published_max() const noexcept override { return length_; }
    [[nodiscard]] SinkDetails details() const override
    {
        return {.server = door_.server(), .failovers = door_.failovers(), .groups = groups_};
    }

    asio::awaitable<Receipts> deliver(const std::vector<OutboxRow>& rows) override;
    asio::awaitable<Result<std::vector<OutboxUpdate>>>
    confirm(std::vector<OutboxRow> published) override;

private:
    asio::awaitable<Result<>> ready();
    asio::awaitable<Result<>> prepare();
    asio::awaitable<Result<>> make_groups(StreamView view);
    asio::awaitable<Result<>> ask_about(std::vector<OutboxRow> rows,
                                        std::vector<OutboxUpdate>& updates);
    asio::awaitable<RedisAnswers> send(RespCommands commands);
    void lose_connection();

    [[nodiscard]] Receipts receipts_of(const std::vector<OutboxRow>& rows,
                                       const RedisAnswers& answers) const;

    const std::string name_;
    const StreamNames names_;
    const std::uint64_t length_;
    RedisDoor door_;
    std::vector<GroupStatus> groups_; ///< As last seen; none after a failure.

    std::optional<RedisConnection> connection_;
    bool prepared_ = false; ///< server_ and witness_ are those of this connection.
    std::string server_;
    std::string witness_;
};

bool fits(const OutboxRow& row) noexcept
{
    return entry_bytes(row) <= redis_entry_bytes_max;
}

void RedisSink::lose_connection()
{
    connection_.reset();
    groups_.clear();
}

asio::awaitable<RedisAnswers> RedisSink::send(RespCommands commands)
{
    RedisAnswers answers = co_await connection_->exchange(std::move(commands));
    const bool read_only =
        std::any_of(answers.replies.begin(), answers.replies.end(), says_read_only);
    if (answers.failure || read_only) {
        lose_connection();
    }
    co_return answers;
}

asio::awaitable<Result<>> RedisSink::ready()
{
    if (!connection_) {
        prepared_ = false;
        auto connected = co_await door_.open();
        if (!connected) {
            co_return connected.error();
        }
        connection_.emplace(std::move(*connected));
    }
    if (!prepared_) {
        co_return co_await prepare();
    }
    co_return Result<>();
}

/// Learns who the server is, and sees to it that every group is there with a common witness in it.
asio::awaitable<Result<>> RedisSink::prepare()
{
    RespCommands commands;
    if (names_.groups.empty()) {
        commands.add({"PING"});
    } else {
        add_view_commands(commands, names_);
        add_pending_commands(commands, names_);
    }
    const RedisAnswers answers = co_await send(std::move(commands));
    if (answers.failure) {
        co_return *answers.failure;
    }
    if (names_.groups.empty()) {
        const RespReply& pong = answers.replies.front();
        prepared_ = pong.kind != RespReply::Kind::error;
        co_return prepared_ ? Result<>() : Result<>(redis_error(pong.text));
    }
    auto view = read_view(answers.replies, names_);
    if (!view) {
        if (view.error().kind == ErrorKind::unavailable) {
            lose_connection(); // It may be a replica now: another server may be the right one.
        }
        co_return view.error();
    }
    server_ = view->server;
    groups_ = read_group_statuses(answers.replies, names_);
    if (const auto witness = common_witness(*view)) {
        witness_ = *witness;
        prepared_ = true;
        co_return Result<>();
    }
    co_return co_await make_groups(std::move(*view));
}

asio::awaitable<Result<>> RedisSink::make_groups(StreamView view)
{
    const std::string witness = new_witness();
    RespCommands commands;
    for (std::size_t i = 0; i < names_.groups.size(); ++i) {
        if (!view.groups[i].exists) {
            commands.add({"XGROUP", "CREATE", names_.stream, names_.groups[i], "0", "MKSTREAM"});
        }
        commands.add({"XGROUP", "CREATECONSUMER", names_.stream, names_.groups[i], witness});
    }
    const RedisAnswers answers = co_await send(std::move(commands));
    if (answers.failure) {
        co_return *answers.failure;
    }
    for (const RespReply& reply : answers.replies) {
        // BUSYGROUP: a consumer was faster.
        if (reply.kind == RespReply::Kind::error && reply.text.compare(0, 9, "BUSYGROUP") != 0) {
            co_return redis_error(reply.text);
        }
    }
    witness_ = witness;
    prepared_ = true;
    co_return Result<>();
}

Receipts RedisSink::receipts_of(const std::vector<OutboxRow>& rows,
                                const RedisAnswers& answers) const
{
    Receipts receipts;
    receipts.reserve(rows.size());
    std::size_t next = 0;
    for (const OutboxRow& row : rows) {
        if (!fits(row)) {
            receipts.emplace_back(
                Error{ErrorKind::malformed, "the alert is longer than a redis entry may be (" +
                                                std::to_string(entry_bytes(row)) + " bytes)"});
            continue;
        }
        if (next == answers.replies.size()) {
            receipts.emplace_back(*answers.failure);
            continue;
        }
        const RespReply& reply = answers.replies[next++];
        if (reply.kind == RespReply::Kind::error) {
            receipts.emplace_back(redis_error(reply.text));
        } else if (!parse_entry_id(reply.text)) {
            receipts.emplace_back(
                Error{ErrorKind::unavailable, "redis answered XADD with no entry id"});
        } else {
            receipts.emplace_back(
                to_text(RedisReceipt{.entry = reply.text, .server = server_, .witness = witness_}));
        }
    }
    return receipts;
}

asio::awaitable<Receipts> RedisSink::deliver(const std::vector<OutboxRow>& rows)
{
    for (bool again = true;; again = false) {
        const bool reused = connection_.has_value();
        const auto is_ready = co_await ready();
        if (!is_ready) {
            co_return all_failed(rows.size(), is_ready.error());
        }
        RespCommands commands;
        for (const OutboxRow& row : rows) {
            if (fits(row)) {
                add_entry_command(commands, names_.stream, length_, row);
            }
        }
        const auto began = steady_clock::now();
        RedisAnswers answers;
        if (commands.count() > 0) {
            answers = co_await send(std::move(commands));
        }
        // A connection that lay idle may have been closed meanwhile: that is no outage yet. One
        // that hangs is, and waiting twice would keep the relay from showing that it is alive.
        const bool at_once = steady_clock::now() - began < stale_shows_within;
        const bool stale = reused && at_once && answers.failure && answers.replies.empty() &&
                           answers.failure->kind == ErrorKind::unavailable;
        if (!stale || !again) {
            co_return receipts_of(rows, answers);
        }
    }
}

asio::awaitable<Result<>> RedisSink::ask_about(std::vector<OutboxRow> rows,
                                               std::vector<OutboxUpdate>& updates)
{
    std::vector<RedisReceipt> receipts;
    std::vector<std::string> keys;
    std::vector<const OutboxRow*> asked;
    for (const OutboxRow& row : rows) {
        if (auto receipt = parse_redis_receipt(row.receipt)) {
            receipts.push_back(std::move(*receipt));
            keys.push_back(row.record.alert.key);
            asked.push_back(&row);
        } else {
            updates.push_back(update_of(row, OutboxState::waiting, "")); // Nobody knows: again.
        }
    }
    if (receipts.empty()) {
        co_return Result<>();
    }
    RespCommands commands;
    add_facts_commands(commands, names_, receipts);
    const RedisAnswers answers = co_await send(std::move(commands));
    if (answers.failure) {
        co_return *answers.failure;
    }
    const auto facts = read_facts(answers.replies, names_, receipts, keys);
    if (!facts) {
        if (facts.error().kind == ErrorKind::unavailable) {
            lose_connection();
        }
        co_return facts.error();
    }
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const RedisReceipt now{.entry = receipts[i].entry, .server = server_, .witness = witness_};
        switch (judge((*facts)[i])) {
        case Verdict::acknowledged:
            updates.push_back(update_of(*asked[i], OutboxState::closed, asked[i]->receipt));
            break;
        case Verdict::add_again:
            updates.push_back(update_of(*asked[i], OutboxState::waiting, ""));
            break;
        case Verdict::under_way:
            // It stands ahead of every group that is not done: from here on today's witness counts.
            if (!(now == receipts[i])) {
                updates.push_back(update_of(*asked[i], OutboxState::published, to_text(now)));
            }
            break;
        }
    }
    co_return Result<>();
}

asio::awaitable<Result<std::vector<OutboxUpdate>>>
RedisSink::confirm(std::vector<OutboxRow> published)
{
    prepared_ = false; // Groups that were destroyed since then are made again.
    const auto is_ready = co_await ready();
    if (!is_ready) {
        co_return is_ready.error();
    }
    std::vector<OutboxUpdate> updates;
    for (std::size_t at = 0; awaits_confirmation() && at < published.size();) {
        std::vector<OutboxRow> rows;
        std::size_t bytes = 0;
        while (at < published.size() && rows.size() < redis_confirm_rows_max &&
               (rows.empty() || bytes + entry_bytes(published[at]) <= redis_confirm_bytes_max)) {
            bytes += entry_bytes(published[at]);
            rows.push_back(std::move(published[at++]));
        }
        const auto asked = co_await ask_about(std::move(rows), updates);
        if (!asked) {
            co_return asked.error();
        }
    }
    co_return updates;
}

} // namespace

std::unique_ptr<Sink> make_redis_sink(const config::RedisConfig& config, std::string name,
                                      std::chrono::milliseconds timeout)
{
    return std::make_unique<RedisSink>(config, std::move(name), timeout);
}

} // namespace empathd
