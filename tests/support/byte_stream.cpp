#include "tests/support/byte_stream.hpp"

#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace empathd::testing {

std::shared_ptr<TlsContext> make_tls_context(const std::string& certificate, const std::string& key,
                                             int version_max)
{
    std::shared_ptr<TlsContext> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    if (!context ||
        SSL_CTX_use_certificate_file(context.get(), certificate.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) {
        throw std::runtime_error("no TLS with " + certificate);
    }
    if (version_max != 0) {
        SSL_CTX_set_security_level(context.get(), 0); // OpenSSL 3 else has none below 1.2.
        SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.get(), version_max);
    }
    return context;
}

ByteStream::ByteStream(int socket, int stop, TlsContext* tls) : socket_(socket), stop_(stop)
{
    if (tls == nullptr) {
        return;
    }
    tls_ = SSL_new(tls);
    SSL_set_fd(tls_, socket_);
    int outcome = 0;
    while ((outcome = SSL_accept(tls_)) != 1) {
        if (!wait_for_tls(outcome)) {
            ready_ = false;
            return;
        }
    }
}

ByteStream::~ByteStream()
{
    if (tls_ != nullptr) {
        SSL_free(tls_);
    }
    ::close(socket_);
}

/// True when the socket is ready for one of `events`; false when the server stops.
bool ByteStream::wait(short events)
{
    std::array<pollfd, 2> polled{pollfd{socket_, events, 0}, pollfd{stop_, POLLIN, 0}};
    ::poll(polled.data(), polled.size(), -1);
    return polled[1].revents == 0;
}

bool ByteStream::wait_for_tls(int outcome)
{
    switch (SSL_get_error(tls_, outcome)) {
    case SSL_ERROR_WANT_READ: return wait(POLLIN);
    case SSL_ERROR_WANT_WRITE: return wait(POLLOUT);
    default: return false;
    }
}

bool ByteStream::read_some(std::string& to)
{
    std::array<char, 16 * 1024> buffer{};
    for (;;) {
        if (tls_ != nullptr) {
            const int got = SSL_read(tls_, buffer.data(), static_cast<int>(buffer.size()));
            if (got > 0) {
                to.append(buffer.data(), static_cast<std::size_t>(got));
                return true;
            }
            if (!wait_for_tls(got)) {
                return false;
            }
            continue;
        }
        const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (got > 0) {
            to.append(buffer.data(), static_cast<std::size_t>(got));
            return true;
        }
        if (got == 0 || (errno != EAGAIN && errno != EINTR) || !wait(POLLIN)) {
            return false;
        }
    }
}

std::size_t ByteStream::write_some(std::string_view bytes)
{
    for (;;) {
        if (tls_ != nullptr) {
            const int put = SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()));
            if (put > 0) {
                return static_cast<std::size_t>(put);
            }
            if (!wait_for_tls(put)) {
                return 0;
            }
            continue;
        }
        const ssize_t put = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (put > 0) {
            return static_cast<std::size_t>(put);
        }
        if ((errno != EAGAIN && errno != EINTR) || !wait(POLLOUT)) {
            return 0;
        }
    }
}

bool ByteStream::wait_for_end(std::chrono::milliseconds time)
{
    std::array<pollfd, 2> polled{pollfd{socket_, POLLRDHUP, 0}, pollfd{stop_, POLLIN, 0}};
    return ::poll(polled.data(), polled.size(), static_cast<int>(time.count())) == 0;
}

void ByteStream::reset_on_close()
{
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

} // namespace empathd::testing
