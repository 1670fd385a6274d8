#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <curl/curl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

namespace empathd::connectors {

/// Once per process, before libcurl is used. OpenSSL writes to sockets without MSG_NOSIGNAL and
/// libcurl, told to leave signals alone, does not guard it: a peer that hangs up at the wrong
/// moment would end the process. So SIGPIPE is ignored, unless the process has decided otherwise.
void prepare_curl();

/// Runs libcurl's multi interface on an Asio loop.
///
/// Sockets are opened here and stay registered with Asio for as long as the connection lives:
/// registering them for each request, as most examples do, costs two to four times as much.
///
/// One thread. libcurl's callbacks never run a coroutine and never reach a user: the end of a
/// transfer is reported from the loop, outside of libcurl.
class CurlLoop : public std::enable_shared_from_this<CurlLoop> {
public:
    /// Told of a transfer's end; the handle is out of libcurl's hands by then.
    using Finished = std::function<void(CURL* easy, CURLcode code)>;

    /// Most connections kept for reuse. Shared, because what waits in the loop may outlive the
    /// owner; those hold it weakly.
    static std::shared_ptr<CurlLoop> make(boost::asio::any_io_executor executor,
                                          std::size_t connections_max, Finished finished);
    ~CurlLoop();

    CurlLoop(const CurlLoop&) = delete;
    CurlLoop& operator=(const CurlLoop&) = delete;

    /// Takes a handle in; false when libcurl refuses.
    [[nodiscard]] bool start(CURL* easy);

    /// Takes a handle out, whatever it was doing; its connection is closed unless it had finished.
    void abandon(CURL* easy) noexcept;

    /// Closes every connection. No transfer may be under way; none can be started after.
    void close() noexcept;

    /// For CURLOPT_CLOSESOCKETFUNCTION, with this object as its data.
    static int close_socket(void* self, curl_socket_t socket);

    /// Opens a socket as libcurl asks for; CURL_SOCKET_BAD when the system has none.
    [[nodiscard]] curl_socket_t open_socket(const curl_sockaddr& address);

private:
    enum class Direction : std::uint8_t { read, write };

    /// A socket that libcurl uses.
    struct Socket {
        Socket(const boost::asio::any_io_executor& executor, int descriptor, std::uint64_t serial_)
            : stream(executor, descriptor), serial(serial_)
        {
        }
        boost::asio::posix::stream_descriptor stream;
        std::uint64_t serial; ///< Tells it from a later one with the same number.
        int wanted = CURL_POLL_NONE;
        bool reading = false; ///< A wait for that direction is out.
        bool writing = false;
    };

    CurlLoop(boost::asio::any_io_executor executor, Finished finished);

    static int on_timer(CURLM* multi, long timeout_ms, void* self) noexcept;
    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void*) noexcept;

    void set_timer(long timeout_ms);
    void watch(curl_socket_t socket, int what);
    void arm(curl_socket_t descriptor, Socket& socket);
    void wait(curl_socket_t descriptor, Socket& socket, Direction direction);
    void ready(curl_socket_t descriptor, std::uint64_t serial, Direction direction, bool failed);
    void act(curl_socket_t socket, int what);
    void report();

    boost::asio::any_io_executor executor_;
    Finished finished_;
    boost::asio::steady_timer timer_;
    std::uint64_t timer_serial_ = 0; ///< An older timer's end means nothing.
    std::uint64_t next_serial_ = 0;
    std::unordered_map<curl_socket_t, Socket> sockets_;
    /// Descriptors libcurl made by itself (its resolver's): copies of them, so that ours stay valid
    /// whenever it closes its own.
    std::unordered_map<curl_socket_t, Socket> foreign_;
    CURLM* multi_ = nullptr;
};

} // namespace empathd::connectors
