#pragma once

#include "config/config.hpp"
#include "daemon/notify/redis_command_stream.hpp"
#include "daemon/notify/redis_door.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace empathd {

/// Obeys a command. It answers once the command and its key are recorded, so that a key that comes
/// again is answered again (`repeated`) and not obeyed again. `unavailable` and `rate_limited` say
/// that it must be tried again, `storage` that the daemon must stop; every other kind is the
/// command's own fault, and its message goes to the client.
using CommandHandler =
    std::function<boost::asio::awaitable<Result<CommandAnswer>>(Command command)>;

struct RedisCommandsOptions {
    std::string instance;                     ///< Name of the consumer; the same after a restart.
    std::chrono::milliseconds timeout{5'000}; ///< For connecting and for answers.
    std::chrono::milliseconds block{5'000};   ///< How long a read waits; 0: not at all.
    std::chrono::milliseconds claim_idle{60'000}; ///< What others have left for so long is taken,
                                                  ///< looked for as often.
    std::chrono::milliseconds wait_min{1'000};    ///< After a failure; doubled by each that follows
    std::chrono::milliseconds wait_max{5'000};    ///< up to this.
    std::size_t read_max = 8;                     ///< Entries read at a time.
    RespLimits limits;
};

/// How the commands fare. Totals are since the start.
struct RedisCommandsStatus {
    bool connected = false;
    std::string last_error; ///< Empty when there was none yet; stays after recovery.
    std::uint64_t obeyed = 0;
    std::uint64_t repeated = 0; ///< Had been obeyed before.
    std::uint64_t refused = 0;  ///< No commands, or refused by the handler.
    std::uint64_t failures = 0; ///< Of Redis or of the handler; all tried again.
};

/// Reads the stream of commands on a connection of its own and has each obeyed exactly once: an
/// entry is acknowledged only after the handler has said that it is recorded, and a handler that is
/// asked twice for one key (a crash in between, a repeat by the client, a Redis that went back in
/// time) obeys once. One after the other, in the order of the stream: one that must be tried again
/// keeps those behind it waiting.
///
/// Event loop only. It must outlive run().
class RedisCommands {
public:
    /// `config.commands` must not be empty.
    RedisCommands(const config::RedisConfig& config, RedisCommandsOptions options,
                  CommandHandler handler);

    /// Goes on until it is cancelled (then it ends with success) or the handler fails with
    /// `storage`.
    boost::asio::awaitable<Result<>> run();

    /// One pass: connects if need be, deals with what is left over, waits once for what is new and
    /// deals with that. Fails with what run() would wait after. For run() and for tests.
    boost::asio::awaitable<Result<>> step();

    [[nodiscard]] const RedisCommandsStatus& status() const noexcept { return status_; }

private:
    boost::asio::awaitable<Result<>> loop();
    boost::asio::awaitable<Result<>> pass();
    boost::asio::awaitable<Result<>> open();
    boost::asio::awaitable<Result<>> backlog();
    boost::asio::awaitable<Result<>> claim();
    boost::asio::awaitable<Result<std::vector<CommandEntry>>> read(RespCommands commands);
    boost::asio::awaitable<Result<>> deal_with(CommandEntry entry);
    boost::asio::awaitable<Result<>> answer(CommandReply reply);
    boost::asio::awaitable<Result<>> skip_unreadable();
    boost::asio::awaitable<RedisAnswers> send(RespCommands commands);
    [[nodiscard]] std::size_t count() const noexcept;

    const CommandStreams streams_;
    const RedisCommandsOptions options_;
    const CommandHandler handler_;
    RedisDoor door_;
    std::optional<RedisConnection> connection_;
    std::optional<std::chrono::steady_clock::time_point> claimed_at_;
    bool singly_ = false;     ///< What was read could not be understood: one entry at a time.
    bool unreadable_ = false; ///< So it was in this pass.
    RedisCommandsStatus status_;
};

} // namespace empathd
