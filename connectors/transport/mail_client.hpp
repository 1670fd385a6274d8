#pragma once

#include "analysis/model/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace empathd::connectors {

/// Encryption of a connection that begins in the clear, by STARTTLS (RFC 3207).
enum class MailTls : std::uint8_t {
    required,      ///< Nothing is said before it stands.
    opportunistic, ///< When the server offers it.
    never,
};

inline constexpr std::size_t mail_bytes_max = 4 * 1024 * 1024;
inline constexpr std::size_t mail_recipients_max = 100;

struct MailRequest {
    std::string server; ///< "smtp://host:port", or "smtps://host:port": TLS from the first byte.
    MailTls tls = MailTls::required; ///< Of smtp://.
    std::string ca_file;             ///< Certificates trusted instead of the policy's.
    std::string user;                ///< Empty: no log-in.
    std::string password;
    std::string from;            ///< Bare addresses in ASCII.
    std::vector<std::string> to; ///< 1 to mail_recipients_max.
    std::string message;         ///< Headers and body, lines end with CRLF; at most mail_bytes_max.
    std::chrono::milliseconds timeout{60'000}; ///< From the name's resolution to the last answer.
};

/// What a server said of one recipient that it did not take.
struct RefusedRecipient {
    std::string address;
    int code = 0;     ///< 400..499: not now; 500..599: never.
    std::string text; ///< Its words, printable, at most 200 bytes.
};

struct MailReceipt {
    int code = 0;                          ///< The last answer's: 250.
    std::string text;                      ///< Its words, as above; often the server's queue id.
    std::vector<RefusedRecipient> refused; ///< Not all of them.
};

/// The one door for mail. Production is libcurl under the fetch policy (curl_mail.hpp); tests hand
/// in a prepared answer.
class MailClient {
public:
    virtual ~MailClient() = default;

    /// Hands one message to the server. It is taken when this succeeds, by at least one recipient;
    /// the receipt names those that were refused. Fails with `unavailable` (no connection, timeout,
    /// TLS, an answer of 400..499, and 500..599 before the sender was named), `unauthorized`
    /// (log-in refused or wanted), `malformed` (500..599 for the sender, all recipients or the
    /// message), `refused` (our own limits and policy), `cancelled`. The message names the host,
    /// never user or password.
    virtual boost::asio::awaitable<Result<MailReceipt>> send(MailRequest request) = 0;
};

} // namespace empathd::connectors
