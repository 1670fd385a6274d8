#include "tests/support/http_server.hpp"

#include "tests/support/byte_stream.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace empathd::testing {
namespace {

constexpr std::size_t request_bytes_max = 16 * 1024 * 1024;

[[noreturn]] void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// Reads "GET /path?query HTTP/1.1" and the header lines.
SeenRequest parse_head(std::string_view head)
{
    SeenRequest request;
    std::string_view line = head.substr(0, head.find("\r\n"));
    request.method = line.substr(0, line.find(' '));
    std::string_view target = line.substr(std::min(line.size(), request.method.size() + 1));
    target = target.substr(0, target.find(' '));
    request.path = target.substr(0, target.find('?'));
    if (request.path.size() < target.size()) {
        request.query = target.substr(request.path.size() + 1);
    }
    while (head.size() > line.size() + 2) {
        head.remove_prefix(line.size() + 2);
        line = head.substr(0, head.find("\r\n"));
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos) {
            const std::size_t value = line.find_first_not_of(' ', colon + 1);
            request.headers.emplace_back(lower(std::string(line.substr(0, colon))),
                                         value == std::string_view::npos ? std::string_view()
                                                                         : line.substr(value));
        }
    }
    return request;
}

/// The next request of a connection; nothing when the client is done. `pending` keeps what was read
/// beyond it.
std::optional<SeenRequest> read_request(ByteStream& stream, std::string& pending)
{
    std::size_t end = std::string::npos;
    while ((end = pending.find("\r\n\r\n")) == std::string::npos) {
        if (pending.size() > request_bytes_max || !stream.read_some(pending)) {
            return std::nullopt;
        }
    }
    SeenRequest request = parse_head(std::string_view(pending).substr(0, end + 2));
    pending.erase(0, end + 4);
    const std::string length = request.header("content-length");
    const std::size_t size = length.empty() ? 0 : std::stoul(length);
    while (pending.size() < std::min(size, request_bytes_max)) {
        if (!stream.read_some(pending)) {
            return std::nullopt;
        }
    }
    request.body = pending.substr(0, size);
    pending.erase(0, size);
    return request;
}

} // namespace

std::string SeenRequest::header(std::string_view name) const
{
    for (const auto& [known, value] : headers) {
        if (known == name) {
            return value;
        }
    }
    return {};
}

bool SeenRequest::has(std::string_view name) const
{
    return std::any_of(headers.begin(), headers.end(),
                       [name](const auto& entry) { return entry.first == name; });
}

bool Exchange::reply(int status, const HttpFields& headers, std::string_view body)
{
    std::string head = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
    for (const auto& [name, value] : headers) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
    if (status != 304 && status != 204) {
        head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    head += "\r\n";
    head += body;
    return write(head);
}

class HttpServer::Impl {
public:
    Impl(const std::string& address, const TlsFiles* tls)
    {
        if (tls != nullptr) {
            tls_ = make_tls_context(tls->certificate, tls->key, tls->version_max);
        }
        stop_ = ::eventfd(0, EFD_CLOEXEC);
        listen_on(address);
        acceptor_ = std::thread([this] { accept_all(); });
    }

    ~Impl()
    {
        stopping_ = true;
        const std::uint64_t one = 1;
        if (::write(stop_, &one, sizeof one) != sizeof one) {
            std::terminate(); // Nothing would ever end.
        }
        acceptor_.join();
        for (std::thread& thread : threads_) {
            thread.join();
        }
        ::close(listener_);
        ::close(stop_);
    }

    void serve(int socket);

    // Guarded by mutex.
    mutable std::mutex mutex;
    mutable std::condition_variable changed;
    std::map<std::string, Handler> handlers;
    std::vector<SeenRequest> requests;
    std::size_t connections = 0;
    std::size_t in_hand = 0;
    std::size_t in_hand_max = 0;

    std::atomic<std::uint64_t> bytes_sent{0};
    std::string host;
    std::uint16_t port = 0;
    [[nodiscard]] bool has_tls() const { return tls_ != nullptr; }

private:
    void listen_on(const std::string& address);
    void accept_all();
    bool handle(ByteStream& stream, SeenRequest request);

    std::shared_ptr<TlsContext> tls_;
    int listener_ = -1;
    int stop_ = -1;
    std::atomic<bool> stopping_{false};
    std::thread acceptor_;
    std::list<std::thread> threads_; ///< Of the acceptor's thread until it is joined.
};

namespace {

class SocketExchange final : public Exchange {
public:
    SocketExchange(ByteStream& stream, SeenRequest request, std::atomic<std::uint64_t>& sent)
        : stream_(stream), request_(std::move(request)), sent_(sent)
    {
    }

    [[nodiscard]] const SeenRequest& request() const override { return request_; }
    bool write(std::string_view bytes) override
    {
        while (!bytes.empty()) {
            const std::size_t written = stream_.write_some(bytes);
            if (written == 0) {
                open_ = false;
                return false;
            }
            sent_ += written;
            bytes.remove_prefix(written);
        }
        return true;
    }
    bool pause(std::chrono::milliseconds time) override { return stream_.wait_for_end(time); }
    void close() override { open_ = false; }
    void reset() override
    {
        stream_.reset_on_close();
        open_ = false;
    }
    [[nodiscard]] bool open() const { return open_; }

private:
    ByteStream& stream_;
    SeenRequest request_;
    std::atomic<std::uint64_t>& sent_;
    bool open_ = true;
};

} // namespace

void HttpServer::Impl::listen_on(const std::string& address)
{
    const bool v6 = address.find(':') != std::string::npos;
    host = v6 ? "[" + address + "]" : address;
    listener_ = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener_ < 0) {
        fail("socket");
    }
    sockaddr_storage storage{};
    socklen_t size = v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    auto* const any = reinterpret_cast<sockaddr*>(&storage);
    auto* const in4 = reinterpret_cast<sockaddr_in*>(&storage);
    auto* const in6 = reinterpret_cast<sockaddr_in6*>(&storage);
    storage.ss_family = v6 ? AF_INET6 : AF_INET;
    ::inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(),
                v6 ? static_cast<void*>(&in6->sin6_addr) : static_cast<void*>(&in4->sin_addr));
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 512) != 0 ||
        ::getsockname(listener_, any, &size) != 0) {
        const int error = errno;
        ::close(listener_);
        errno = error;
        fail("listen");
    }
    port = ntohs(v6 ? in6->sin6_port : in4->sin_port);
}

void HttpServer::Impl::accept_all()
{
    while (!stopping_) {
        std::array<pollfd, 2> events{pollfd{listener_, POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
        ::poll(events.data(), events.size(), -1);
        if (stopping_ || (events[0].revents & POLLIN) == 0) {
            continue;
        }
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (socket >= 0) {
            {
                const std::lock_guard lock(mutex);
                ++connections;
            }
            threads_.emplace_back([this, socket] { serve(socket); });
        }
    }
}

void HttpServer::Impl::serve(int socket)
{
    ByteStream stream(socket, stop_, tls_.get());
    std::string pending;
    while (stream.ready()) {
        auto request = read_request(stream, pending);
        if (!request || !handle(stream, std::move(*request))) {
            return;
        }
    }
}

/// False when the connection ends.
bool HttpServer::Impl::handle(ByteStream& stream, SeenRequest request)
{
    Handler handler;
    {
        const std::lock_guard lock(mutex);
        requests.push_back(request);
        in_hand_max = std::max(in_hand_max, ++in_hand);
        const auto found = handlers.find(request.path);
        handler = found == handlers.end() ? Handler() : found->second;
    }
    SocketExchange exchange(stream, std::move(request), bytes_sent);
    if (handler) {
        handler(exchange);
    } else {
        exchange.reply(404, {}, "");
    }
    const std::lock_guard lock(mutex);
    --in_hand;
    changed.notify_all();
    return exchange.open();
}

HttpServer::HttpServer(const std::string& address) : impl_(std::make_unique<Impl>(address, nullptr))
{
}

HttpServer::HttpServer(const std::string& address, const TlsFiles& tls)
    : impl_(std::make_unique<Impl>(address, &tls))
{
}

HttpServer::~HttpServer() = default;

void HttpServer::on(const std::string& path, Handler handler)
{
    const std::lock_guard lock(impl_->mutex);
    impl_->handlers[path] = std::move(handler);
}

void HttpServer::answer(const std::string& path, std::string body, HttpFields headers)
{
    answer(path, 200, std::move(headers), std::move(body));
}

void HttpServer::answer(const std::string& path, int status, HttpFields headers, std::string body)
{
    on(path, [status, headers = std::move(headers), body = std::move(body)](Exchange& exchange) {
        exchange.reply(status, headers, body);
    });
}

std::uint16_t HttpServer::port() const
{
    return impl_->port;
}

std::string HttpServer::authority() const
{
    return impl_->host + ":" + std::to_string(impl_->port);
}

std::string HttpServer::url(const std::string& path) const
{
    return (impl_->has_tls() ? "https://" : "http://") + authority() + path;
}

std::vector<SeenRequest> HttpServer::requests() const
{
    const std::lock_guard lock(impl_->mutex);
    return impl_->requests;
}

std::size_t HttpServer::hits(const std::string& path) const
{
    const std::lock_guard lock(impl_->mutex);
    return static_cast<std::size_t>(
        std::count_if(impl_->requests.begin(), impl_->requests.end(),
                      [&path](const SeenRequest& request) { return request.path == path; }));
}

std::size_t HttpServer::hits() const
{
    const std::lock_guard lock(impl_->mutex);
    return impl_->requests.size();
}

std::size_t HttpServer::connections() const
{
    const std::lock_guard lock(impl_->mutex);
    return impl_->connections;
}

std::size_t HttpServer::in_hand() const
{
    const std::lock_guard lock(impl_->mutex);
    return impl_->in_hand;
}

std::size_t HttpServer::in_hand_max() const
{
    const std::lock_guard lock(impl_->mutex);
    return impl_->in_hand_max;
}

std::uint64_t HttpServer::bytes_sent() const
{
    return impl_->bytes_sent;
}

bool HttpServer::wait_until_idle(std::chrono::milliseconds limit) const
{
    std::unique_lock lock(impl_->mutex);
    return impl_->changed.wait_for(lock, limit, [this] { return impl_->in_hand == 0; });
}

} // namespace empathd::testing
