#include "connectors/transport/curl_transfer.hpp"

#include "connectors/transport/header_text.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace empathd::connectors {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// "HTTP/1.1 200 OK" and "HTTP/2 200"; 0 when there is no number.
int status_of(std::string_view line) noexcept
{
    const std::size_t blank = line.find(' ');
    int status = 0;
    for (std::size_t i = blank + 1; blank != std::string_view::npos && i < line.size(); ++i) {
        if (line[i] < '0' || line[i] > '9' || status > 99) {
            break;
        }
        status = status * 10 + (line[i] - '0');
    }
    return status;
}

std::string too_many_headers(const FetchPolicy& policy)
{
    return "more than " + std::to_string(policy.header_bytes_max) + " bytes of headers";
}

std::string in_ms(milliseconds span)
{
    return std::to_string(span.count()) + " ms";
}

} // namespace

CurlTransfer::CurlTransfer(asio::any_io_executor executor, CurlLoop& loop,
                           const FetchPolicy& policy, const Target& target,
                           const HttpRequest& request, milliseconds total_max)
    : loop_(loop), policy_(policy), target_(target), body_sent_(request.body),
      body_bytes_max_(request.body_bytes_max), total_is_short_(total_max < policy.connect_max),
      timer_(std::move(executor)), easy_(curl_easy_init(), &curl_easy_cleanup),
      headers_sent_(nullptr, &curl_slist_free_all)
{
    if (!easy_) {
        throw std::bad_alloc();
    }
    set_up_easy(total_max);
    set_up_request(request);
    set_up_callbacks();
}

CurlTransfer::~CurlTransfer()
{
    if (running_) {
        loop_.abandon(easy_.get());
    }
}

/// The address as the resolver gave it and as it will be connected to: how the host was written,
/// and what its name meant a moment ago, no longer matters.
curl_socket_t CurlTransfer::on_open(void* self, curlsocktype, curl_sockaddr* address) noexcept
{
    auto& transfer = *static_cast<CurlTransfer*>(self);
    if (!transfer.address_allowed(address_of(address->addr))) {
        return CURL_SOCKET_BAD; // libcurl goes on to the host's next address.
    }
    return transfer.loop_.open_socket(*address);
}

/// The connection stands, new or kept, and nothing has been sent yet.
int CurlTransfer::on_connected(void* self, char* remote, char*, int, int) noexcept
{
    auto& transfer = *static_cast<CurlTransfer*>(self);
    if (!transfer.address_allowed(parse_address(remote))) { // The same once more: it costs nothing.
        return CURL_PREREQFUNC_ABORT;
    }
    transfer.connected_at_ = std::chrono::steady_clock::now();
    return CURL_PREREQFUNC_OK;
}

bool CurlTransfer::address_allowed(const std::optional<Address>& address)
{
    if (address && may_connect(target_, *address, policy_)) {
        return true;
    }
    refused_address_ = address ? to_string(*address) : "of another kind";
    return false;
}

std::size_t CurlTransfer::on_header(char* text, std::size_t, std::size_t size, void* self) noexcept
{
    return static_cast<CurlTransfer*>(self)->take_header({text, size}) ? size : 0;
}

std::size_t CurlTransfer::on_body(char* text, std::size_t, std::size_t size, void* self) noexcept
{
    return static_cast<CurlTransfer*>(self)->take_body({text, size}) ? size : 0;
}

bool CurlTransfer::fail(ErrorKind kind, std::string what)
{
    failure_ = Error{kind, target_.host + ": " + std::move(what)};
    return false;
}

bool CurlTransfer::take_header(std::string_view line)
{
    header_bytes_ += line.size();
    if (header_bytes_ > policy_.header_bytes_max) {
        return fail(ErrorKind::refused,
                    "more than " + std::to_string(policy_.header_bytes_max) + " bytes of headers");
    }
    if (window_start_) { // Trailers: counted, not kept.
        return true;
    }
    if (status_line_next_) {
        status_line_next_ = false;
        answer_.status = status_of(line);
        answer_.headers.clear();
        return true;
    }
    const std::string_view text = trimmed(line);
    if (text.empty()) {
        status_line_next_ = true;
        return answer_.status < 200 ||
               take_end_of_headers(); // Not for "100 Continue" and its like.
    }
    const std::size_t colon = text.find(':');
    if (line.front() == ' ' || line.front() == '\t') { // RFC 9112 section 5.2: a folded line.
        if (!answer_.headers.empty()) {
            answer_.headers.back().second.append(" ").append(text);
        }
    } else if (colon != std::string_view::npos) {
        answer_.headers.emplace_back(lower(trimmed(text.substr(0, colon))),
                                     trimmed(text.substr(colon + 1)));
    }
    return true;
}

/// Refuses what declares too long a body; what declares nothing, or lies, is stopped in take_body.
bool CurlTransfer::take_end_of_headers()
{
    window_start_ = std::chrono::steady_clock::now();
    curl_off_t declared = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &declared);
    const bool success = answer_.status <= 299;
    if (success && declared > 0 && static_cast<std::uint64_t>(declared) > body_bytes_max_) {
        return fail(ErrorKind::refused,
                    "body of more than " + std::to_string(body_bytes_max_) + " bytes");
    }
    return true;
}

bool CurlTransfer::take_body(std::string_view bytes)
{
    inflated_bytes_ += bytes.size();
    if (answer_.status < 200 || answer_.status > 299) {
        enough_ = inflated_bytes_ > error_body_bytes_max;
        return !enough_;
    }
    if (inflated_bytes_ > body_bytes_max_) {
        return fail(ErrorKind::refused,
                    "body of more than " + std::to_string(body_bytes_max_) + " bytes");
    }
    const std::uint64_t granted =
        policy_.compression_ratio_max * (wire_bytes() + curl_buffer_bytes);
    if (inflated_bytes_ > policy_.inflated_bytes_free && inflated_bytes_ > granted) {
        return fail(ErrorKind::refused, "body compressed more than " +
                                            std::to_string(policy_.compression_ratio_max) + ":1");
    }
    answer_.body.append(bytes);
    return true;
}

std::uint64_t CurlTransfer::wire_bytes() const noexcept
{
    curl_off_t bytes = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    return static_cast<std::uint64_t>(std::max<curl_off_t>(bytes, 0));
}

/// Never later than a deadline: one that is not known yet begins after `now`.
CurlTransfer::Instant CurlTransfer::next_look(Instant now) const noexcept
{
    Instant look = now + std::min(policy_.first_byte_max, policy_.low_speed_window);
    if (window_start_) {
        look = std::min(look, *window_start_ + policy_.low_speed_window);
    } else if (connected_at_) {
        look = std::min(look, *connected_at_ + policy_.first_byte_max);
    }
    return look;
}

void CurlTransfer::look_at_deadlines(Instant now)
{
    if (!window_start_) {
        if (connected_at_ && now >= *connected_at_ + policy_.first_byte_max) {
            fail(ErrorKind::unavailable, "no answer within " + in_ms(policy_.first_byte_max));
        }
        return;
    }
    if (now < *window_start_ + policy_.low_speed_window) {
        return;
    }
    const std::uint64_t wire = wire_bytes();
    const double span_s = std::chrono::duration<double>(now - *window_start_).count();
    const auto wanted = static_cast<double>(policy_.low_speed_bytes_per_s) * span_s;
    if (static_cast<double>(wire - window_bytes_) < wanted) {
        fail(ErrorKind::unavailable,
             "body slower than " + std::to_string(policy_.low_speed_bytes_per_s) +
                 " bytes per second for " + in_ms(policy_.low_speed_window));
    }
    window_start_ = now;
    window_bytes_ = wire;
}

void CurlTransfer::finished(CURL* easy, CURLcode code)
{
    char* self = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
    auto& transfer = *reinterpret_cast<CurlTransfer*>(self);
    transfer.running_ = false;
    transfer.end(code);
}

void CurlTransfer::end(CURLcode code)
{
    done_ = true;
    code_ = code;
    timer_.cancel();
}

void CurlTransfer::stop()
{
    if (std::exchange(running_, false)) {
        loop_.abandon(easy_.get());
    }
    fail(ErrorKind::cancelled, "the client is gone");
    end(CURLE_ABORTED_BY_CALLBACK);
}

Error CurlTransfer::error_of_code(CURLcode code) const
{
    const auto error = [this](ErrorKind kind, const std::string& what) {
        return Error{kind, target_.host + ": " + what};
    };
    if (!refused_address_.empty() &&
        (code == CURLE_COULDNT_CONNECT || code == CURLE_ABORTED_BY_CALLBACK)) {
        return error(ErrorKind::refused, "address " + refused_address_ + " is not public");
    }
    switch (code) {
    case CURLE_OK: return error(ErrorKind::unavailable, "cut off in the headers");
    case CURLE_OUT_OF_MEMORY: // What libcurl says of one header line beyond its own 100 KiB.
        return connected_at_ && !window_start_
                   ? error(ErrorKind::refused, too_many_headers(policy_))
                   : error(ErrorKind::unavailable, curl_easy_strerror(code));
    case CURLE_COULDNT_RESOLVE_HOST:
        return error(ErrorKind::unavailable, "its name has no address");
    case CURLE_COULDNT_CONNECT: return error(ErrorKind::unavailable, "no connection");
    case CURLE_OPERATION_TIMEDOUT:
        return connected_at_ || total_is_short_
                   ? error(ErrorKind::unavailable, "not finished in the time of the request")
                   : error(ErrorKind::unavailable,
                           "no connection within " + in_ms(policy_.connect_max));
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: return error(ErrorKind::malformed, "the answer is not HTTP");
    case CURLE_BAD_CONTENT_ENCODING:
        return error(ErrorKind::malformed, "the body cannot be decompressed");
    default: return error(ErrorKind::unavailable, curl_easy_strerror(code));
    }
}

asio::awaitable<Result<Answer>> CurlTransfer::run()
{
    running_ = loop_.start(easy_.get());
    if (!running_) {
        co_return Error{ErrorKind::unavailable, target_.host + ": no transfer could be started"};
    }
    while (!done_ && !failure_) {
        timer_.expires_at(next_look(std::chrono::steady_clock::now()));
        co_await timer_.async_wait(as_result);
        const auto state = co_await asio::this_coro::cancellation_state;
        if (!done_ && state.cancelled() != asio::cancellation_type::none) {
            co_return Error{ErrorKind::cancelled, target_.host + ": cancelled"};
        }
        if (!done_) {
            look_at_deadlines(std::chrono::steady_clock::now());
        }
    }
    if (failure_) {
        co_return *failure_;
    }
    const bool whole =
        code_ == CURLE_OK && window_start_; // libcurl takes half the headers for all.
    if (!whole && !enough_) {
        co_return error_of_code(code_);
    }
    co_return std::move(answer_);
}

} // namespace empathd::connectors
