#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace empathd::testing {

/// A client that sends exactly what it is told and shows exactly what comes back. A read that takes
/// longer than five seconds throws, so that a test fails instead of hanging.
class RawClient {
public:
    /// "127.0.0.1:8642" or "unix:/path".
    explicit RawClient(const std::string& address)
    {
        if (address.starts_with("unix:")) {
            sockaddr_un to{};
            to.sun_family = AF_UNIX;
            address.copy(to.sun_path, sizeof to.sun_path - 1, 5);
            open(AF_UNIX, &to, sizeof to);
        } else {
            sockaddr_in to{};
            to.sin_family = AF_INET;
            to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            to.sin_port = htons(
                static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
            open(AF_INET, &to, sizeof to);
        }
    }
    ~RawClient() { close(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void close()
    {
        if (socket_ >= 0) {
            ::close(socket_);
        }
        socket_ = -1;
    }

    void send(std::string_view text)
    {
        while (!text.empty()) {
            const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return; // The server may have closed already; what it said is still to be read.
            }
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    /// All that comes up to and including `mark`, which must come.
    std::string read_until(std::string_view mark)
    {
        for (;;) {
            const std::size_t found = pending_.find(mark);
            if (found != std::string::npos) {
                std::string text = pending_.substr(0, found + mark.size());
                pending_.erase(0, found + mark.size());
                return text;
            }
            if (!receive()) {
                throw std::runtime_error("the server closed after: " + pending_);
            }
        }
    }

    std::string read_bytes(std::size_t count)
    {
        while (pending_.size() < count) {
            if (!receive()) {
                throw std::runtime_error("the server closed after: " + pending_);
            }
        }
        std::string text = pending_.substr(0, count);
        pending_.erase(0, count);
        return text;
    }

    /// All that comes until the server closes.
    std::string read_to_end()
    {
        while (receive()) {
        }
        return std::move(pending_);
    }

    /// One response with a Content-Length: head and body.
    std::string read_response(bool has_body = true)
    {
        std::string head = read_until("\r\n\r\n");
        constexpr std::string_view name = "Content-Length: ";
        const std::size_t at = head.find(name);
        if (at == std::string::npos) {
            throw std::runtime_error("no length in: " + head);
        }
        return has_body ? head + read_bytes(std::stoul(head.substr(at + name.size()))) : head;
    }

private:
    void open(int family, const void* address, socklen_t size)
    {
        socket_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const timeval patience{.tv_sec = 5, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (::connect(socket_, static_cast<const sockaddr*>(address), size) != 0) {
            throw std::runtime_error(std::string("cannot connect: ") + std::strerror(errno));
        }
    }

    /// False: the server has closed.
    bool receive()
    {
        char bytes[4096];
        const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            throw std::runtime_error("nothing came for five seconds after: " + pending_);
        }
        if (count <= 0) {
            return false;
        }
        pending_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    int socket_ = -1;
    std::string pending_;
};

} // namespace empathd::testing
