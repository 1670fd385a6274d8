#pragma once

#include "analysis/model/error.hpp"
#include "connectors/transport/curl_loop.hpp"
#include "connectors/transport/fetch_policy.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace empathd::connectors {

/// Read of the body of an answer that is no success before the connection is given up: enough to
/// keep it for the next request in the usual case.
inline constexpr std::size_t error_body_bytes_max = 64 * 1024;

/// libcurl reads this much at once, and counts it only after it was inflated.
inline constexpr std::size_t curl_buffer_bytes = 16 * 1024;

/// What one hop brought.
struct Answer {
    int status = 0;
    HttpHeaders headers; ///< Names in lower case.
    std::string body;    ///< Of a 2xx only.
};

/// One exchange with one host, without redirects, under every limit of the policy. It stays where
/// it is while it runs, as libcurl points to it; going away ends it at any time.
class CurlTransfer {
public:
    /// `loop` and `policy` must outlive it; `request` and `target` only the constructor.
    /// `total_max`: for the whole exchange.
    CurlTransfer(boost::asio::any_io_executor executor, CurlLoop& loop, const FetchPolicy& policy,
                 const Target& target, const HttpRequest& request,
                 std::chrono::milliseconds total_max);
    ~CurlTransfer();

    CurlTransfer(const CurlTransfer&) = delete;
    CurlTransfer& operator=(const CurlTransfer&) = delete;

    /// Runs it to its end, whatever the status. To be called once.
    boost::asio::awaitable<Result<Answer>> run();

    /// Ends it from outside: `run` gives `cancelled`.
    void stop();

    /// To be called by the loop that ran it.
    static void finished(CURL* easy, CURLcode code);

private:
    using Instant = std::chrono::steady_clock::time_point;

    void set_up_easy(std::chrono::milliseconds total_max);
    void set_up_request(const HttpRequest& request);
    void set_up_callbacks();

    static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
    static int on_connected(void* self, char* remote, char* local, int, int) noexcept;
    static std::size_t on_header(char* text, std::size_t, std::size_t size, void* self) noexcept;
    static std::size_t on_body(char* text, std::size_t, std::size_t size, void* self) noexcept;

    [[nodiscard]] bool address_allowed(const std::optional<Address>& address);
    bool take_header(std::string_view line);
    bool take_end_of_headers();
    bool take_body(std::string_view bytes);
    bool fail(ErrorKind kind, std::string what);
    [[nodiscard]] std::uint64_t wire_bytes() const noexcept;
    [[nodiscard]] Instant next_look(Instant now) const noexcept;
    void look_at_deadlines(Instant now);
    void end(CURLcode code);
    [[nodiscard]] Error error_of_code(CURLcode code) const;

    CurlLoop& loop_;
    const FetchPolicy& policy_;
    const Target target_;
    const std::string body_sent_;
    const std::size_t body_bytes_max_;
    const bool total_is_short_; ///< The total limit strikes before the one for connecting.
    boost::asio::steady_timer timer_;
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_sent_;

    Answer answer_;
    std::optional<Error> failure_; ///< Named by us; libcurl's own code then says less.
    std::string refused_address_;  ///< Last one that the policy forbade; empty for none.
    std::optional<Instant> connected_at_;
    std::optional<Instant> window_start_; ///< Of the low-speed limit: since the headers ended.
    std::uint64_t window_bytes_ = 0;      ///< On the wire when the window began.
    std::size_t header_bytes_ = 0;
    std::size_t inflated_bytes_ = 0;
    bool status_line_next_ = true;
    bool enough_ = false;  ///< An error's body is too long to be read to its end.
    bool running_ = false; ///< libcurl has it.
    bool done_ = false;
    CURLcode code_ = CURLE_OK;
};

} // namespace empathd::connectors
