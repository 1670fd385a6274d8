#pragma once

#include "daemon/notify/resp.hpp"
#include "tests/support/temporary_folder.hpp"

#include <string>
#include <sys/types.h>
#include <vector>

namespace empathd::testing {

/// A redis-server of this test alone: on a Unix socket in a temporary folder, without TCP, without
/// persistence unless options ask for it. It dies with the test.
class RedisServer {
public:
    /// Whether redis-server is installed. Tests that need it skip themselves when not.
    [[nodiscard]] static bool installed();

    /// Starts it and waits until it takes connections. `options` are redis-server's, for example
    /// {"--appendonly", "yes"}. Throws std::runtime_error when it does not start.
    explicit RedisServer(std::vector<std::string> options = {});
    ~RedisServer();
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;

    /// "unix:/path", as the configuration writes it.
    [[nodiscard]] std::string address() const { return "unix:" + socket_; }
    [[nodiscard]] const std::string& socket() const { return socket_; }
    [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

    /// Ends it at once (SIGKILL) and waits for its end.
    void kill();
    /// Starts it again, in the same folder, so with what it has saved there.
    void start();
    /// Stops it in its tracks (SIGSTOP), and lets it go on.
    void freeze();
    void thaw();

    /// Sends one command and gives its reply. Throws when the server does not answer in 10 seconds.
    RespReply command(const std::vector<std::string>& arguments) const;

private:
    TemporaryFolder folder_;
    std::string socket_;
    std::vector<std::string> options_;
    pid_t process_ = -1;
};

/// One entry of a stream, as a consumer got it.
struct ReceivedEntry {
    std::string id;
    std::vector<std::pair<std::string, std::string>> fields;

    /// Empty when there is none.
    [[nodiscard]] std::string field(const std::string& name) const;
};

/// XREADGROUP of entries never delivered to the group, at most `count`, without waiting.
std::vector<ReceivedEntry> read_group(const RedisServer& server, const std::string& stream,
                                      const std::string& group, std::size_t count);

} // namespace empathd::testing
