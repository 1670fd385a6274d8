#pragma once

#include "analysis/model/error.hpp"
#include "daemon/notify/redis_address.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace empathd {

/// How TLS is spoken. The server's certificate is always verified: by whom it was signed, its time,
/// and its name. TLS 1.2 or newer.
struct RedisTls {
    bool on = false;
    std::string ca_file;     ///< PEM; who may sign. Empty: the system's authorities.
    std::string cert_file;   ///< PEM, with its chain: our own certificate; empty: none is shown.
    std::string key_file;    ///< PEM; its key.
    std::string server_name; ///< Name that the certificate must have; empty: the address' host.
};

/// One stream of bytes to a server: over TCP, a Unix socket, or TLS on TCP. Nothing here waits for
/// ever only because its user cancels or closes it after a deadline of his own.
///
/// Belongs to the executor it was made with. At most one reading and one writing at a time, and
/// neither while it connects. It must outlive its operations.
class RedisSocket {
public:
    explicit RedisSocket(const boost::asio::any_io_executor& executor);
    ~RedisSocket();
    RedisSocket(const RedisSocket&) = delete;
    RedisSocket& operator=(const RedisSocket&) = delete;

    /// Looks the host up and connects to the first of its addresses that takes it.
    boost::asio::awaitable<boost::system::error_code> connect(RedisEndpoint endpoint);

    /// TLS from here on; `host` is the name in the address. Files are read anew each time, so that
    /// they can be renewed while we run; they block for as long as small local files take.
    boost::asio::awaitable<boost::system::error_code> secure(RedisTls tls, std::string host);

    struct Read {
        boost::system::error_code error;
        std::size_t length = 0;
    };
    /// What has come, at least one byte unless it fails.
    boost::asio::awaitable<Read> read_some(char* to, std::size_t size);
    /// All of it; `bytes` must outlive the call.
    boost::asio::awaitable<boost::system::error_code> write(std::string_view bytes);

    /// Ends what is under way, and all that is begun later, with `operation_aborted`.
    void cancel();
    void close();
    [[nodiscard]] bool is_open() const;

    /// What an error of the calls above means, in words.
    [[nodiscard]] std::string words(const boost::system::error_code& error) const;
    /// `unauthorized` where a certificate is the reason, `invalid_config` where a file of ours
    /// cannot be used, otherwise `unavailable`.
    [[nodiscard]] ErrorKind kind(const boost::system::error_code& error) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace empathd
