#include "daemon/notify/redis_commands.hpp"

#include "daemon/notify/redis_error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace empathd {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::uint64_t ms_of(milliseconds time)
{
    return static_cast<std::uint64_t>(time.count());
}

/// The handler could not, and may later.
bool is_to_be_tried_again(ErrorKind kind) noexcept
{
    return kind == ErrorKind::unavailable || kind == ErrorKind::rate_limited ||
           kind == ErrorKind::storage || kind == ErrorKind::cancelled;
}

} // namespace

RedisCommands::RedisCommands(const config::RedisConfig& config, RedisCommandsOptions options,
                             CommandHandler handler)
    : streams_{.commands = config.commands,
               .answers = config.answers,
               .consumer = options.instance.empty() ? std::string("empathd") : options.instance},
      options_(std::move(options)), handler_(std::move(handler)), door_(config, options_.timeout)
{
    door_.reply_timeout(options_.block + options_.timeout);
    door_.limits(options_.limits);
}

std::size_t RedisCommands::count() const noexcept
{
    return singly_ ? 1 : options_.read_max;
}

asio::awaitable<RedisAnswers> RedisCommands::send(RespCommands commands)
{
    RedisAnswers answers = co_await connection_->exchange(std::move(commands));
    const bool read_only =
        std::any_of(answers.replies.begin(), answers.replies.end(), says_read_only);
    if (answers.failure || read_only) {
        connection_.reset();
    }
    co_return answers;
}

/// A connection, and the group on the other side.
asio::awaitable<Result<>> RedisCommands::open()
{
    if (connection_) {
        co_return Result<>();
    }
    auto opened = co_await door_.open();
    if (!opened) {
        co_return opened.error();
    }
    connection_.emplace(std::move(*opened));
    RespCommands commands;
    add_command_group(commands, streams_);
    const RedisAnswers answers = co_await send(std::move(commands));
    if (answers.failure) {
        co_return *answers.failure;
    }
    const RespReply& made = answers.replies.front();
    if (made.kind == RespReply::Kind::error && made.text.compare(0, 9, "BUSYGROUP") != 0) {
        connection_.reset();
        co_return redis_error(made.text);
    }
    claimed_at_.reset();
    co_return Result<>();
}

asio::awaitable<Result<std::vector<CommandEntry>>> RedisCommands::read(RespCommands commands)
{
    const RedisAnswers answers = co_await send(std::move(commands));
    if (answers.failure) {
        unreadable_ = answers.failure->kind == ErrorKind::malformed;
        singly_ = singly_ || unreadable_;
        co_return *answers.failure;
    }
    auto entries = read_command_entries(answers.replies.front());
    if (!entries) {
        connection_.reset(); // NOGROUP among others: the group is made when it is opened again.
    }
    co_return entries;
}

/// Answers an entry and lets go of it.
asio::awaitable<Result<>> RedisCommands::answer(CommandReply reply)
{
    RespCommands commands;
    add_answer(commands, streams_, reply);
    const RedisAnswers answers = co_await send(std::move(commands));
    if (answers.failure) {
        co_return *answers.failure;
    }
    const Result<> answered = check_answered(answers.replies);
    if (answered) {
        for (const RespReply& part : answers.replies.back().items) {
            if (part.kind == RespReply::Kind::error) { // Such as a key of another type. No reason
                status_.last_error = redis_error(part.text).message; // to obey once more.
            }
        }
    }
    co_return answered;
}

asio::awaitable<Result<>> RedisCommands::deal_with(CommandEntry entry)
{
    ReadCommand read = read_command(entry);
    if (entry.fields.empty()) { // By somebody else: what is obeyed is acknowledged as well.
        read.reply.error = "the entry was deleted before it was obeyed";
    }
    if (!read.command) {
        const auto answered = co_await answer(read.reply);
        status_.refused += answered ? 1 : 0;
        co_return answered;
    }
    const auto obeyed = co_await handler_(std::move(*read.command));
    if (!obeyed && is_to_be_tried_again(obeyed.error().kind)) {
        co_return obeyed.error();
    }
    read.reply.ok = static_cast<bool>(obeyed);
    if (obeyed) {
        read.reply.detail = obeyed->detail;
    } else {
        read.reply.error = obeyed.error().message;
    }
    const auto answered = co_await answer(read.reply);
    if (answered) {
        std::uint64_t& counter = !obeyed            ? status_.refused
                                 : obeyed->repeated ? status_.repeated
                                                    : status_.obeyed;
        ++counter;
    }
    co_return answered;
}

/// What was read before and not dealt with, whoever stopped it: a crash, or a handler that could
/// not.
asio::awaitable<Result<>> RedisCommands::backlog()
{
    for (;;) {
        RespCommands commands;
        add_read_backlog(commands, streams_, count());
        auto entries = co_await read(std::move(commands));
        if (!entries) {
            co_return entries.error();
        }
        if (entries->empty()) {
            singly_ = false;
            co_return Result<>();
        }
        for (CommandEntry& entry : *entries) {
            const auto dealt = co_await deal_with(std::move(entry));
            if (!dealt) {
                co_return dealt.error();
            }
        }
    }
}

/// Takes over what another consumer has left, for example this daemon under another name.
asio::awaitable<Result<>> RedisCommands::claim()
{
    const auto now = steady_clock::now();
    if (claimed_at_ && now - *claimed_at_ < options_.claim_idle) {
        co_return Result<>();
    }
    claimed_at_ = now;
    RespCommands commands;
    add_claim(commands, streams_, ms_of(options_.claim_idle));
    const RedisAnswers answers = co_await send(std::move(commands));
    if (answers.failure) {
        co_return *answers.failure;
    }
    if (answers.replies.front().kind == RespReply::Kind::error) {
        connection_.reset();
        co_return redis_error(answers.replies.front().text);
    }
    co_return Result<>();
}

/// The first entry that is pending cannot be read, even alone: it is longer than a reply may be.
asio::awaitable<Result<>> RedisCommands::skip_unreadable()
{
    const auto opened = co_await open();
    if (!opened) {
        co_return opened.error();
    }
    RespCommands commands;
    commands.add({"XPENDING", streams_.commands, command_group, "-", "+", "1", streams_.consumer});
    const RedisAnswers answers = co_await send(std::move(commands));
    if (answers.failure) {
        co_return *answers.failure;
    }
    const std::vector<RespReply>& pending = answers.replies.front().items;
    if (pending.empty() || pending.front().items.empty()) {
        co_return Result<>();
    }
    const std::string id = pending.front().items.front().text;
    CommandReply reply;
    reply.entry = reply.id = id;
    reply.error = "the entry is longer than a command may be";
    const auto answered = co_await answer(reply);
    status_.refused += answered ? 1 : 0;
    co_return answered;
}

asio::awaitable<Result<>> RedisCommands::pass()
{
    const auto opened = co_await open();
    if (!opened) {
        co_return opened.error();
    }
    const auto claimed = co_await claim();
    if (!claimed) {
        co_return claimed.error();
    }
    const bool alone = singly_;
    unreadable_ = false;
    const auto left = co_await backlog();
    if (!left) {
        if (alone && unreadable_) {
            co_return co_await skip_unreadable();
        }
        co_return left.error();
    }
    RespCommands commands;
    add_read_new(commands, streams_, count(), ms_of(options_.block));
    auto entries = co_await read(std::move(commands));
    if (!entries) {
        co_return entries.error();
    }
    for (CommandEntry& entry : *entries) {
        const auto dealt = co_await deal_with(std::move(entry));
        if (!dealt) {
            co_return dealt.error();
        }
    }
    co_return Result<>();
}

asio::awaitable<Result<>> RedisCommands::step()
{
    const Result<> passed = co_await pass();
    status_.connected = connection_.has_value();
    if (!passed && passed.error().kind != ErrorKind::cancelled) {
        status_.last_error = passed.error().message;
        ++status_.failures;
    }
    co_return passed;
}

asio::awaitable<Result<>> RedisCommands::loop()
{
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    milliseconds wait = options_.wait_min;
    for (;;) {
        const Result<> stepped = co_await step();
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) {
            co_return Result<>();
        }
        if (stepped) {
            wait = options_.wait_min;
            continue;
        }
        if (stepped.error().kind == ErrorKind::storage) {
            co_return stepped.error();
        }
        timer.expires_after(wait);
        co_await timer.async_wait(as_result);
        wait = std::min(wait * 2, options_.wait_max);
    }
}

asio::awaitable<Result<>> RedisCommands::run()
{
    const bool throwing = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    Result<> ended = co_await loop();
    co_await asio::this_coro::throw_if_cancelled(throwing);
    co_return ended;
}

} // namespace empathd
