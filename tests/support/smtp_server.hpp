#pragma once

#include "tests/support/http_server.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace empathd::testing {

/// A message as the server took it.
struct SeenMail {
    std::string from; ///< "<a@b>" with what stood behind it.
    std::vector<std::string> to;
    std::string data; ///< Without the last dot, as it came otherwise.
};

/// An SMTP server on loopback that does what a test tells it to, well-behaved or hostile. Every
/// connection has a thread. All members may be called from any thread. Its destructor closes all
/// connections and waits for the threads.
class SmtpServer {
public:
    /// `tls` null: in the clear. Throws std::system_error when it cannot listen.
    explicit SmtpServer(const TlsFiles* tls = nullptr);
    ~SmtpServer();

    SmtpServer(const SmtpServer&) = delete;
    SmtpServer& operator=(const SmtpServer&) = delete;

    /// Answers commands that begin with `command` with `reply` instead of the usual; the longest
    /// such one counts. "." is the end of a message, "greeting" the beginning of a connection.
    /// Empty: no answer at all. "close": the connection ends.
    void answer(const std::string& command, std::string reply);

    [[nodiscard]] std::string authority() const; ///< "127.0.0.1:4711"
    [[nodiscard]] std::string url() const;       ///< "smtp://127.0.0.1:4711", or "smtps://..."

    [[nodiscard]] std::vector<SeenMail> mails() const;
    [[nodiscard]] std::vector<std::string> commands() const; ///< Of all connections.

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace empathd::testing
