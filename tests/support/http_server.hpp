#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::testing {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

/// A request as the server read it.
struct SeenRequest {
    std::string method;
    std::string path;   ///< Without query.
    std::string query;  ///< Behind the '?', as it came.
    HttpFields headers; ///< Names in lower case, in their order.
    std::string body;

    /// The first value by lower-case name; empty when absent.
    [[nodiscard]] std::string header(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
};

/// One request on its connection, in the hands of a handler. Bytes go out as they are given: a
/// handler can break every rule of HTTP. Runs on the connection's own thread.
class Exchange {
public:
    virtual ~Exchange() = default;

    [[nodiscard]] virtual const SeenRequest& request() const = 0;

    /// Sends bytes; false when the client is gone or the server stops.
    virtual bool write(std::string_view bytes) = 0;

    /// Lets time pass; false at once when the client is gone or the server stops.
    virtual bool pause(std::chrono::milliseconds time) = 0;

    /// Ends the connection after the handler: with FIN, or with RST.
    virtual void close() = 0;
    virtual void reset() = 0;

    /// A whole response with Content-Length; the connection stays open for the next request.
    bool reply(int status, const HttpFields& headers, std::string_view body);
};

using Handler = std::function<void(Exchange&)>;

/// What TLS a server speaks; see tests/support/certificate.hpp for the files.
struct TlsFiles {
    std::string certificate; ///< PEM.
    std::string key;         ///< PEM.
    int version_max = 0;     ///< TLS1_1_VERSION and the like; 0 for the newest.
};

/// An HTTP server on loopback that does what a test tells it to, well-behaved or hostile.
///
/// Handlers are found by path; an unknown path answers 404. Every connection has a thread, handlers
/// run there. All members may be called from any thread. Its destructor closes all connections and
/// waits for the threads.
class HttpServer {
public:
    /// `address`: "127.0.0.1" or "::1". Throws std::system_error when it cannot listen.
    explicit HttpServer(const std::string& address = "127.0.0.1");
    HttpServer(const std::string& address, const TlsFiles& tls);
    ~HttpServer();

    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    void on(const std::string& path, Handler handler);
    void answer(const std::string& path, std::string body, HttpFields headers = {});
    void answer(const std::string& path, int status, HttpFields headers = {},
                std::string body = {});

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string authority() const;                  ///< "127.0.0.1:4711"
    [[nodiscard]] std::string url(const std::string& path) const; ///< "http://127.0.0.1:4711/path"

    [[nodiscard]] std::vector<SeenRequest> requests() const; ///< All, in the order they were read.
    [[nodiscard]] std::size_t hits(const std::string& path) const;
    [[nodiscard]] std::size_t hits() const;
    [[nodiscard]] std::size_t connections() const;  ///< Accepted so far.
    [[nodiscard]] std::size_t in_hand() const;      ///< Requests whose handler runs now.
    [[nodiscard]] std::size_t in_hand_max() const;  ///< Most at the same time so far.
    [[nodiscard]] std::uint64_t bytes_sent() const; ///< Taken by the system so far.

    /// Waits until all handlers have ended, so that counts are final; false after `limit`.
    [[nodiscard]] bool wait_until_idle(std::chrono::milliseconds limit) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// Ready-made misbehaviour.
namespace script {

/// 200 and a body without length and without end.
Handler endless_body();
/// 200 whose headers never end.
Handler endless_headers();
/// 200 with one header line of that size.
Handler long_header(std::size_t bytes);
/// The status line, then a byte of a header at each interval, for ever.
Handler slow_headers(std::chrono::milliseconds interval);
/// 200, the headers, then a byte of body at each interval, for ever.
Handler slow_body(std::chrono::milliseconds interval);
/// Reads the request and never answers.
Handler silence();
/// Promises `declared` bytes and sends `sent`, then closes or resets.
Handler cut_body(std::size_t declared, std::size_t sent, bool with_reset);
/// Closes without a word.
Handler hang_up();
/// 200 and a gzip body that inflates to `bytes` of the same letter, at about 158:1.
Handler gzip_bomb(std::size_t bytes);
/// These bytes and nothing else, then closes.
Handler raw(std::string bytes);

} // namespace script

/// A correct gzip file of `size` times `letter`. `run` 3 to 10: how much one code stands for, which
/// makes it about run * 0.67 times smaller; 258: about 158 times smaller.
[[nodiscard]] std::string gzip_of_letters(char letter, std::size_t size, unsigned run);

} // namespace empathd::testing
