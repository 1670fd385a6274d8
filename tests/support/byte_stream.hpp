#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace empathd::testing {

/// The certificate and key of a TLS server.
using TlsContext = ssl_ctx_st;

/// Reads both from PEM files. Throws std::runtime_error when they cannot be used.
[[nodiscard]] std::shared_ptr<TlsContext> make_tls_context(const std::string& certificate,
                                                           const std::string& key, int version_max);

/// A connected socket, with or without TLS, that blocks its thread but never longer than until
/// `stop` (an eventfd) can be read. Owns the socket.
class ByteStream {
public:
    /// `socket` must not block; `tls` null for none, else it must outlive the stream.
    ByteStream(int socket, int stop, TlsContext* tls);
    ~ByteStream();

    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;

    /// False when the handshake failed.
    [[nodiscard]] bool ready() const { return ready_; }

    /// Appends what comes; false at the end of the stream or of the server.
    bool read_some(std::string& to);

    /// How much the system took; 0 at the end.
    std::size_t write_some(std::string_view bytes);

    /// Lets time pass; false at once when the peer has closed or the server stops.
    bool wait_for_end(std::chrono::milliseconds time);

    /// The close will be a reset.
    void reset_on_close();

private:
    bool wait(short events);
    bool wait_for_tls(int outcome);

    int socket_;
    int stop_;
    ssl_st* tls_ = nullptr;
    bool ready_ = true;
};

} // namespace empathd::testing
