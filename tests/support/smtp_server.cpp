#include "tests/support/smtp_server.hpp"

#include "tests/support/byte_stream.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <list>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace empathd::testing {
namespace {

[[noreturn]] void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

} // namespace

class SmtpServer::Impl {
public:
    explicit Impl(const TlsFiles* tls)
    {
        if (tls != nullptr) {
            tls_ = make_tls_context(tls->certificate, tls->key, tls->version_max);
        }
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        stop_ = ::eventfd(0, EFD_CLOEXEC);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        if (listener_ < 0 || stop_ < 0 || ::bind(listener_, any, size) != 0 ||
            ::listen(listener_, 64) != 0 || ::getsockname(listener_, any, &size) != 0) {
            fail("listen");
        }
        port = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }
    ~Impl()
    {
        stopping_ = true;
        const std::uint64_t one = 1;
        (void)!::write(stop_, &one, sizeof(one));
        acceptor_.join();
        for (std::thread& thread : threads_) {
            thread.join();
        }
        ::close(listener_);
        ::close(stop_);
    }

    [[nodiscard]] bool has_tls() const { return tls_ != nullptr; }

    mutable std::mutex mutex; // Guards the next three.
    std::map<std::string, std::string> replies;
    std::vector<SeenMail> mails;
    std::vector<std::string> commands;
    std::uint16_t port = 0;

private:
    void accept_all()
    {
        while (!stopping_) {
            std::array<pollfd, 2> events{pollfd{listener_, POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
            ::poll(events.data(), events.size(), -1);
            if (stopping_ || (events[0].revents & POLLIN) == 0) {
                continue;
            }
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (socket >= 0) {
                threads_.emplace_back([this, socket] { serve(socket); });
            }
        }
    }

    void serve(int socket)
    {
        ByteStream stream(socket, stop_, tls_.get());
        std::string pending;
        SeenMail mail;
        if (!stream.ready() || !say(stream, "greeting", "220 mail.test ESMTP")) {
            return;
        }
        for (;;) {
            const auto line = next(stream, pending, "\r\n");
            if (!line) {
                return;
            }
            {
                const std::lock_guard lock(mutex);
                commands.push_back(*line);
            }
            if (!act(stream, *line, mail, pending)) {
                return;
            }
        }
    }

    /// False: the connection ends.
    bool act(ByteStream& stream, const std::string& line, SeenMail& mail, std::string& pending)
    {
        if (line.starts_with("EHLO")) {
            return say(stream, line, "250-mail.test\r\n250-AUTH PLAIN\r\n250 SIZE 1000000");
        }
        if (line.starts_with("AUTH")) {
            const bool goes_on = line == "AUTH PLAIN"; // The secret comes on a line of its own.
            if (goes_on && (!say(stream, "challenge", "334 ") || !next(stream, pending, "\r\n"))) {
                return false;
            }
            return say(stream, line, "235 welcome");
        }
        if (line.starts_with("MAIL FROM:")) {
            mail = SeenMail{.from = line.substr(10)};
        } else if (line.starts_with("RCPT TO:")) {
            mail.to.push_back(line.substr(8));
        } else if (line == "DATA") {
            return take_data(stream, mail, pending);
        } else if (line == "QUIT") {
            (void)say(stream, line, "221 bye");
            return false;
        }
        return say(stream, line, "250 ok");
    }

    bool take_data(ByteStream& stream, SeenMail& mail, std::string& pending)
    {
        if (!reply_to("DATA", "354 ").starts_with("354")) {
            return say(stream, "DATA", "");
        }
        if (!say(stream, "DATA", "354 go on")) {
            return false;
        }
        const auto data = next(stream, pending, "\r\n.\r\n");
        if (!data) {
            return false;
        }
        mail.data = *data + "\r\n";
        {
            const std::lock_guard lock(mutex);
            mails.push_back(mail);
        }
        return say(stream, ".", "250 queued as 42");
    }

    /// What stands before `end`; nothing when the stream ends first.
    static std::optional<std::string> next(ByteStream& stream, std::string& pending,
                                           const std::string& end)
    {
        std::size_t at = pending.find(end);
        while (at == std::string::npos) {
            if (!stream.read_some(pending)) {
                return std::nullopt;
            }
            at = pending.find(end);
        }
        std::string found = pending.substr(0, at);
        pending.erase(0, at + end.size());
        return found;
    }

    std::string reply_to(const std::string& command, const std::string& usual)
    {
        const std::lock_guard lock(mutex);
        std::string reply = usual;
        std::size_t longest = 0;
        for (const auto& [begin, told] : replies) {
            if (command.starts_with(begin) && begin.size() >= longest) {
                reply = told;
                longest = begin.size();
            }
        }
        return reply;
    }

    /// Says the reply to `command`, or `usual`. False: the connection ends.
    bool say(ByteStream& stream, const std::string& command, const std::string& usual)
    {
        std::string reply = reply_to(command, usual);
        if (reply == "close") {
            return false;
        }
        if (reply.empty()) { // Until the client or the test gives up.
            (void)stream.wait_for_end(std::chrono::hours{1});
            return false;
        }
        reply += "\r\n";
        for (std::string_view left = reply; !left.empty();) {
            const std::size_t written = stream.write_some(left);
            if (written == 0) {
                return false;
            }
            left.remove_prefix(written);
        }
        return true;
    }

    std::shared_ptr<TlsContext> tls_;
    int listener_ = -1;
    int stop_ = -1;
    std::atomic<bool> stopping_{false};
    std::thread acceptor_;
    std::list<std::thread> threads_; ///< Of the acceptor's thread until it is joined.
};

SmtpServer::SmtpServer(const TlsFiles* tls) : impl_(std::make_unique<Impl>(tls)) {}
SmtpServer::~SmtpServer() = default;

void SmtpServer::answer(const std::string& command, std::string reply)
{
    const std::lock_guard lock(impl_->mutex);
    impl_->replies[command] = std::move(reply);
}

std::string SmtpServer::authority() const
{
    return "127.0.0.1:" + std::to_string(impl_->port);
}

std::string SmtpServer::url() const
{
    return (impl_->has_tls() ? "smtps://" : "smtp://") + authority();
}

std::vector<SeenMail> SmtpServer::mails() const
{
    const std::lock_guard lock(impl_->mutex);
    return impl_->mails;
}

std::vector<std::string> SmtpServer::commands() const
{
    const std::lock_guard lock(impl_->mutex);
    return impl_->commands;
}

} // namespace empathd::testing
