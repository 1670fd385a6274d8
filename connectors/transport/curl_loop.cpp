#include "connectors/transport/curl_loop.hpp"

#include <boost/asio/post.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <exception>
#include <new>
#include <utility>

namespace empathd::connectors {
namespace {

namespace asio = boost::asio;

} // namespace

void prepare_curl()
{
    static const bool ready = [] {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
            throw std::bad_alloc();
        }
        struct sigaction current {};
        if (::sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL) {
            std::signal(SIGPIPE, SIG_IGN);
        }
        return true;
    }();
    (void)ready;
}

CurlLoop::CurlLoop(asio::any_io_executor executor, Finished finished)
    : executor_(std::move(executor)), finished_(std::move(finished)), timer_(executor_)
{
}

std::shared_ptr<CurlLoop> CurlLoop::make(asio::any_io_executor executor,
                                         std::size_t connections_max, Finished finished)
{
    prepare_curl();
    const std::shared_ptr<CurlLoop> loop(new CurlLoop(std::move(executor), std::move(finished)));
    loop->multi_ = curl_multi_init();
    if (loop->multi_ == nullptr) {
        throw std::bad_alloc();
    }
    curl_multi_setopt(loop->multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
    curl_multi_setopt(loop->multi_, CURLMOPT_TIMERDATA, loop.get());
    curl_multi_setopt(loop->multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
    curl_multi_setopt(loop->multi_, CURLMOPT_SOCKETDATA, loop.get());
    curl_multi_setopt(loop->multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(connections_max));
    return loop;
}

CurlLoop::~CurlLoop()
{
    close();
}

bool CurlLoop::start(CURL* easy)
{
    return multi_ != nullptr && curl_multi_add_handle(multi_, easy) == CURLM_OK;
}

void CurlLoop::abandon(CURL* easy) noexcept
{
    if (multi_ != nullptr) {
        curl_multi_remove_handle(multi_, easy);
    }
}

void CurlLoop::close() noexcept
{
    if (multi_ == nullptr) {
        return;
    }
    CURLM* const multi = std::exchange(multi_, nullptr);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, nullptr);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, nullptr);
    curl_multi_cleanup(multi); // Closes its sockets through close_socket.
    ++timer_serial_;
    timer_.cancel();
    sockets_.clear();
    foreign_.clear();
}

curl_socket_t CurlLoop::open_socket(const curl_sockaddr& address)
{
    const int descriptor =
        ::socket(address.family, address.socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.protocol);
    if (descriptor < 0) {
        return CURL_SOCKET_BAD;
    }
    foreign_.erase(descriptor); // A number may come back.
    try {
        sockets_.try_emplace(descriptor, executor_, descriptor, ++next_serial_);
    } catch (const std::exception&) { // Must not pass through libcurl.
        ::close(descriptor);
        return CURL_SOCKET_BAD;
    }
    return descriptor;
}

int CurlLoop::close_socket(void* self, curl_socket_t socket)
{
    auto& loop = *static_cast<CurlLoop*>(self);
    if (loop.sockets_.erase(socket) == 0) { // Its destructor closes; waits end as aborted.
        return ::close(socket);
    }
    return 0;
}

int CurlLoop::on_timer(CURLM*, long timeout_ms, void* self) noexcept
{
    static_cast<CurlLoop*>(self)->set_timer(timeout_ms);
    return 0;
}

void CurlLoop::set_timer(long timeout_ms)
{
    const std::uint64_t serial = ++timer_serial_;
    const auto expire = [weak = weak_from_this(), serial] {
        const auto self = weak.lock();
        if (self && self->timer_serial_ == serial) {
            self->act(CURL_SOCKET_TIMEOUT, 0);
        }
    };
    if (timeout_ms < 0) {
        timer_.cancel();
    } else if (timeout_ms == 0) { // Not from inside libcurl, but without a timer's detour.
        asio::post(executor_, expire);
    } else {
        timer_.expires_after(std::chrono::milliseconds(timeout_ms));
        timer_.async_wait([expire](boost::system::error_code error) {
            if (!error) {
                expire();
            }
        });
    }
}

int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept
{
    static_cast<CurlLoop*>(self)->watch(socket, what);
    return 0;
}

void CurlLoop::watch(curl_socket_t socket, int what)
{
    const auto ours = sockets_.find(socket);
    if (ours != sockets_.end()) {
        ours->second.wanted = what == CURL_POLL_REMOVE ? CURL_POLL_NONE : what;
        arm(socket, ours->second);
        return;
    }
    if (what == CURL_POLL_REMOVE) {
        foreign_.erase(socket);
        return;
    }
    auto known = foreign_.find(socket);
    if (known == foreign_.end()) {
        const int copy = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
        if (copy < 0) {
            return; // libcurl's own timer still moves the transfer.
        }
        known = foreign_.try_emplace(socket, executor_, copy, ++next_serial_).first;
    }
    known->second.wanted = what;
    arm(socket, known->second);
}

void CurlLoop::arm(curl_socket_t descriptor, Socket& socket)
{
    if ((socket.wanted & CURL_POLL_IN) != 0 && !socket.reading) {
        socket.reading = true;
        wait(descriptor, socket, Direction::read);
    }
    if ((socket.wanted & CURL_POLL_OUT) != 0 && !socket.writing) {
        socket.writing = true;
        wait(descriptor, socket, Direction::write);
    }
}

void CurlLoop::wait(curl_socket_t descriptor, Socket& socket, Direction direction)
{
    const auto kind = direction == Direction::read ? asio::posix::descriptor_base::wait_read
                                                   : asio::posix::descriptor_base::wait_write;
    socket.stream.async_wait(kind, [weak = weak_from_this(), descriptor, serial = socket.serial,
                                    direction](boost::system::error_code error) {
        const auto self = weak.lock();
        if (self && error != asio::error::operation_aborted) {
            self->ready(descriptor, serial, direction, static_cast<bool>(error));
        }
    });
}

void CurlLoop::ready(curl_socket_t descriptor, std::uint64_t serial, Direction direction,
                     bool failed)
{
    const auto find = [this, descriptor, serial]() -> Socket* {
        for (auto* sockets : {&sockets_, &foreign_}) {
            const auto found = sockets->find(descriptor);
            if (found != sockets->end() && found->second.serial == serial) {
                return &found->second;
            }
        }
        return nullptr;
    };
    Socket* socket = find();
    if (socket == nullptr) {
        return;
    }
    const bool reading = direction == Direction::read;
    (reading ? socket->reading : socket->writing) = false;
    if ((socket->wanted & (reading ? CURL_POLL_IN : CURL_POLL_OUT)) == 0) {
        return; // Wanted once, no longer: it is armed again when it is.
    }
    act(descriptor, failed ? CURL_CSELECT_ERR : reading ? CURL_CSELECT_IN : CURL_CSELECT_OUT);
    socket = find(); // libcurl may have closed it.
    if (socket != nullptr) {
        arm(descriptor, *socket);
    }
}

void CurlLoop::act(curl_socket_t socket, int what)
{
    if (multi_ == nullptr) {
        return;
    }
    int running = 0;
    curl_multi_socket_action(multi_, socket, what, &running);
    report();
}

void CurlLoop::report()
{
    int left = 0;
    while (multi_ != nullptr) {
        const CURLMsg* message = curl_multi_info_read(multi_, &left);
        if (message == nullptr) {
            return;
        }
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        CURL* const easy = message->easy_handle;
        const CURLcode code = message->data.result; // Gone with the handle.
        curl_multi_remove_handle(multi_, easy);
        finished_(easy, code);
    }
}

} // namespace empathd::connectors
