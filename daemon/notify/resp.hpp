#pragma once

#include "analysis/model/error.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace empathd {

/// One reply of a Redis server (RESP 2), owning everything it holds.
/// Source: https://redis.io/docs/reference/protocol-spec/
struct RespReply {
    enum class Kind : std::uint8_t { nil, status, text, integer, error, array };

    Kind kind = Kind::nil;
    std::int64_t integer = 0;     ///< Of `integer`.
    std::string text;             ///< Of `status`, `text` and `error`; any bytes.
    std::vector<RespReply> items; ///< Of `array`.

    friend bool operator==(const RespReply&, const RespReply&) = default;
};

/// What a server may make us hold. Everything beyond is `malformed`.
struct RespLimits {
    std::size_t reply_bytes_max = 16 * 1024 * 1024; ///< Of one reply on the wire.
    std::size_t items_max = 256 * 1024;             ///< Of one reply, all levels together.
    std::size_t depth_max = 6;                      ///< Arrays inside arrays; hiredis ends at 7.
};

/// Commands on their way to a server: built one after the other, sent together.
class RespCommands {
public:
    /// Appends one command: its name and arguments, any bytes. Not empty.
    void add(std::span<const std::string_view> arguments);
    void add(std::initializer_list<std::string_view> arguments);

    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

    /// Overwrites what was built, for commands that held a password.
    void wipe() noexcept;

private:
    std::string bytes_;
    std::size_t count_ = 0;
};

/// Takes a server's bytes in pieces of any size and gives whole replies. hiredis parses; limits and
/// memory are ours.
///
/// Not thread-safe. After a failure the stream has lost its place: the reader fails for ever.
class RespReader {
public:
    explicit RespReader(RespLimits limits = {});
    ~RespReader();
    RespReader(RespReader&&) noexcept;
    RespReader& operator=(RespReader&&) noexcept;

    /// Adds received bytes. Never fails: what is wrong with them is told by `next`.
    void feed(std::string_view bytes);

    /// The next whole reply, or nothing while more bytes are needed. Fails with `malformed` when
    /// the bytes are no RESP 2 or one reply is beyond a limit.
    [[nodiscard]] Result<std::optional<RespReply>> next();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The value beside `name` in a flat list of names and values, as XINFO and XRANGE answer;
/// nullptr when there is none or `reply` is no such list.
[[nodiscard]] const RespReply* field(const RespReply& reply, std::string_view name) noexcept;

} // namespace empathd
