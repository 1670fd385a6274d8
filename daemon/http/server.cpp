// Long because Beast stays in this one file: including it costs seconds to compile.

#include "daemon/http/server.hpp"

#include "daemon/http/alert_stream.hpp"
#include "daemon/http/connection.hpp"
#include "daemon/http/host.hpp"
#include "daemon/http/listen.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <exception>
#include <utility>

#include <unistd.h>

namespace empathd::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace beast_http = boost::beast::http;

using boost::system::error_code;
using std::chrono::milliseconds;
using Socket = Connection::Socket;

constexpr milliseconds accept_pause{100}; ///< After EMFILE and its like.
constexpr milliseconds stop_rest{250};    ///< For frames to end once all is closed.

using Parser = beast_http::request_parser<beast_http::string_body>;

/// What became of reading a request.
struct Read {
    bool gone = false;                   ///< Nobody is there to be answered.
    std::optional<wire::Problem> refuse; ///< Answer this and close.
    Request request;
    unsigned version = 11;
    bool keep_alive = false;
};

std::string owned(beast::string_view text)
{
    return std::string(text.data(), text.size());
}

template <class Message>
void take_headers(Request& request, const Message& message)
{
    request.last_event_id = owned(message["Last-Event-ID"]);
    request.content_type = owned(message[beast_http::field::content_type]);
    request.authorization = owned(message[beast_http::field::authorization]);
    request.idempotency_key = owned(message["Idempotency-Key"]);
    request.if_none_match = owned(message[beast_http::field::if_none_match]);
    request.accept_encoding = owned(message[beast_http::field::accept_encoding]);
    request.origin = owned(message[beast_http::field::origin]);
    request.fetch_site = owned(message["Sec-Fetch-Site"]);
}

wire::Problem problem(std::uint32_t status, std::string detail)
{
    wire::Problem out;
    out.status = status;
    out.detail = std::move(detail);
    return out;
}

std::string bytes_of(std::size_t count, const char* what)
{
    return "At most " + std::to_string(count) + " bytes of " + what + '.';
}

/// HTTP/1.1 on one connection: requests in, responses out.
class Exchange {
public:
    explicit Exchange(Connection& connection)
        : connection_(connection), limits_(connection.shared().limits)
    {
    }

    /// False: the client has closed, or was silent for too long.
    asio::awaitable<bool> wait_for_request();
    asio::awaitable<Read> read_request();
    /// False: the client is gone.
    asio::awaitable<bool> write(const Response& response, const Read& read, bool keep_alive);
    /// The head of a response that goes on until the connection ends.
    asio::awaitable<bool> write_head(const Response& response, const Read& read);

private:
    asio::awaitable<Read> read_body(Parser& parser);
    [[nodiscard]] Read failed(error_code error, const Parser& parser, const char* what) const;
    void count(std::uint32_t status);

    Connection& connection_;
    const ServerLimits& limits_;
    beast::flat_buffer buffer_;
};

asio::awaitable<bool> Exchange::wait_for_request()
{
    if (buffer_.size() != 0) { // The next request came with the last one.
        co_return true;
    }
    constexpr std::size_t first_read = 4096;
    connection_.set_idle(true);
    connection_.arm(limits_.idle);
    const auto read =
        co_await connection_.socket().async_read_some(buffer_.prepare(first_read), as_result);
    connection_.disarm();
    buffer_.commit(std::get<1>(read));
    co_return !std::get<0>(read);
}

Read Exchange::failed(error_code error, const Parser& parser, const char* what) const
{
    Read read;
    const std::size_t target = parser.get().target().size(); // 0: its line has no end yet.
    if (connection_.expired()) {
        read.refuse = problem(408, std::string("The ") + what + " took too long to arrive.");
    } else if (error == beast_http::error::header_limit) {
        read.refuse = target == 0 || target > limits_.target_bytes
                          ? problem(414, bytes_of(limits_.target_bytes, "target"))
                          : problem(431, bytes_of(limits_.header_bytes, "header"));
    } else if (error == beast_http::error::body_limit) {
        read.refuse = problem(413, bytes_of(limits_.body_bytes, "body"));
    } else if (error == beast_http::error::end_of_stream ||
               error == beast_http::error::partial_message ||
               error.category() != make_error_code(beast_http::error::bad_method).category()) {
        read.gone = true;
    } else {
        read.refuse = problem(400, "This is not HTTP/1.1: " + error.message() + '.');
    }
    return read;
}

asio::awaitable<Read> Exchange::read_request()
{
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
    parser.body_limit(limits_.body_bytes);
    connection_.set_idle(true); // Half a header is owed no answer when the server stops.
    connection_.arm(limits_.header);
    const auto header =
        co_await beast_http::async_read_header(connection_.socket(), buffer_, parser, as_result);
    connection_.disarm();
    connection_.set_idle(false);
    if (std::get<0>(header)) {
        co_return failed(std::get<0>(header), parser, "header");
    }
    Read read = co_await read_body(parser);
    if (read.gone || read.refuse) {
        co_return read;
    }
    auto& message = parser.get();
    read.request.method = owned(message.method_string());
    read.request.target = owned(message.target());
    if (message.count(beast_http::field::host) == 1) { // Two are as good as none.
        read.request.host = owned(message[beast_http::field::host]);
    }
    take_headers(read.request, message);
    read.request.body = std::move(message.body());
    read.version = message.version();
    read.keep_alive = message.keep_alive();
    if (read.request.target.size() > limits_.target_bytes) {
        read.refuse = problem(414, bytes_of(limits_.target_bytes, "target"));
    }
    co_return read;
}

asio::awaitable<Read> Exchange::read_body(Parser& parser)
{
    Read read;
    if (parser.is_done()) {
        co_return read;
    }
    if (beast::iequals(parser.get()[beast_http::field::expect], "100-continue")) {
        const bool written = co_await connection_.write("HTTP/1.1 100 Continue\r\n\r\n");
        if (!written) {
            read.gone = true;
            co_return read;
        }
    }
    connection_.arm(limits_.body);
    const auto body =
        co_await beast_http::async_read(connection_.socket(), buffer_, parser, as_result);
    connection_.disarm();
    if (std::get<0>(body)) {
        co_return failed(std::get<0>(body), parser, "body");
    }
    co_return read;
}

void Exchange::count(std::uint32_t status)
{
    HttpMetrics& counts = connection_.shared().counts;
    ++(status < 400 ? counts.answers_2xx : status < 500 ? counts.answers_4xx : counts.answers_5xx);
}

template <class Message>
void put_head(Message& message, const Response& response, const Read& read)
{
    message.version(read.version);
    message.result(response.status);
    message.reason(std::string(status_phrase(response.status)));
    message.set(beast_http::field::content_type, response.content_type);
    for (const auto& [name, value] : response.headers) {
        message.set(name, value);
    }
}

asio::awaitable<bool> Exchange::write(const Response& response, const Read& read, bool keep_alive)
{
    count(response.status);
    beast_http::response<beast_http::string_body> message;
    put_head(message, response, read);
    message.keep_alive(keep_alive);
    message.content_length(response.body.size());
    if (read.request.method != "HEAD") {
        message.body() = response.body;
    }
    connection_.arm(limits_.write);
    beast_http::response_serializer<beast_http::string_body> serializer(message);
    const auto written =
        co_await beast_http::async_write(connection_.socket(), serializer, as_result);
    connection_.disarm();
    co_return !std::get<0>(written);
}

asio::awaitable<bool> Exchange::write_head(const Response& response, const Read& read)
{
    count(response.status);
    beast_http::response<beast_http::empty_body> message;
    put_head(message, response, read);
    message.keep_alive(false); // Ends with the connection, so it needs no length and no chunks.
    beast_http::response_serializer<beast_http::empty_body> serializer(message);
    connection_.arm(limits_.write);
    const auto written =
        co_await beast_http::async_write_header(connection_.socket(), serializer, as_result);
    connection_.disarm();
    co_return !std::get<0>(written);
}

asio::awaitable<Response> answer(const Read& read, Shared& shared)
{
    const Clock& clock = shared.services.clock;
    if (read.refuse) {
        co_return problem_response(*read.refuse, read.request.target, clock);
    }
    std::string what;
    try {
        Response response = co_await handle(read.request, shared.services);
        if (response.stream_after && shared.counts.streams >= shared.limits.streams) {
            response = problem_response(problem(503, "All alert streams are taken."),
                                        read.request.target, clock);
        }
        co_return response;
    } catch (const std::exception& error) { // Out of memory, or a bug: this request's end only.
        what = error.what();
    }
    shared.report("api: a request failed: " + what);
    co_return problem_response(problem(500, {}), read.request.target, clock);
}

asio::awaitable<void> converse(std::shared_ptr<Connection> connection)
{
    Shared& shared = connection->shared();
    Exchange exchange(*connection);
    bool open = true;
    while (open && !shared.stopping) {
        const bool begun = co_await exchange.wait_for_request();
        if (!begun) {
            co_return;
        }
        const Read read = co_await exchange.read_request();
        if (read.gone) {
            co_return;
        }
        const Response response = co_await answer(read, shared);
        if (response.stream_after) {
            const bool begun_stream = co_await exchange.write_head(response, read);
            if (begun_stream && read.request.method != "HEAD") {
                co_await stream_events(connection, *response.stream_after);
            }
            co_return;
        }
        open = read.keep_alive && !read.refuse && !shared.stopping;
        const bool written = co_await exchange.write(response, read, open);
        if (!written) {
            co_return;
        }
    }
    co_await connection->linger();
}

/// Holds the connection for as long as it is served.
asio::awaitable<void> serve(std::shared_ptr<Connection> connection)
{
    co_await converse(connection);
    connection->close();
}

/// Says why, as far as the fresh socket takes it at once, and closes.
void turn_away(Socket socket, Shared& shared)
{
    ++shared.counts.refused;
    const Response response =
        problem_response(problem(503, "All connections are taken."), {}, shared.services.clock);
    std::string text = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n";
    for (const auto& [name, value] : response.headers) {
        text += name + ": " + value + "\r\n";
    }
    text += "Content-Type: " + response.content_type +
            "\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n\r\n" +
            response.body;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(text), ignored);
    socket.shutdown(Socket::shutdown_send, ignored);
}

/// Never refers to the server, which may be gone: the acceptor is closed then.
asio::awaitable<void> accept_all(std::shared_ptr<Acceptor> acceptor, std::shared_ptr<Shared> shared)
{
    bool reported = false;
    while (acceptor->is_open() && !shared->stopping) {
        auto accepted = co_await acceptor->async_accept(as_result);
        auto& [error, socket] = accepted;
        if (error == asio::error::operation_aborted) {
            co_return;
        }
        if (error) { // Out of descriptors: what is open goes on, the rest waits in the backlog.
            if (!reported) {
                shared->report("api: cannot accept: " + error.message());
            }
            reported = true;
            asio::steady_timer pause(shared->executor, accept_pause);
            co_await pause.async_wait(as_result);
            continue;
        }
        reported = false;
        if (shared->connections.size() >= shared->limits.connections) {
            turn_away(std::move(socket), *shared);
            continue;
        }
        auto connection = std::make_shared<Connection>(std::move(socket), shared);
        asio::co_spawn(shared->executor, serve(std::move(connection)), asio::detached);
    }
}

asio::awaitable<void> wait_until_drained(std::shared_ptr<Shared> shared, milliseconds most)
{
    if (!shared->connections.empty()) {
        shared->drained.expires_after(most);
        co_await shared->drained.async_wait(as_result);
    }
}

class BeastServer final : public Server {
public:
    BeastServer(Listener listener, std::shared_ptr<Shared> shared)
        : shared_(std::move(shared)), address_(std::move(listener.address)),
          unix_path_(std::move(listener.unix_path)),
          acceptor_(std::make_shared<Acceptor>(std::move(listener.acceptor)))
    {
        asio::co_spawn(shared_->executor, accept_all(acceptor_, shared_), asio::detached);
    }
    BeastServer(const BeastServer&) = delete;
    BeastServer& operator=(const BeastServer&) = delete;
    ~BeastServer() override
    {
        shut();
        close_all(*shared_);
    }

    [[nodiscard]] const std::string& address() const noexcept override { return address_; }
    [[nodiscard]] HttpMetrics metrics() const override { return shared_->counts; }

    void notify_alerts() override
    {
        ++shared_->alerts_version;
        for (Connection* connection : shared_->connections) {
            connection->wake();
        }
    }

    asio::awaitable<void> stop() override
    {
        const auto shared = shared_;
        shut();
        for (Connection* connection : shared->connections) {
            connection->ask_to_stop();
        }
        co_await wait_until_drained(shared, shared->limits.grace);
        close_all(*shared);
        co_await wait_until_drained(shared, stop_rest);
    }

private:
    /// Closing only cancels; nothing leaves the list before the loop runs on.
    static void close_all(Shared& shared)
    {
        for (Connection* connection : shared.connections) {
            connection->close();
        }
    }

    void shut()
    {
        shared_->stopping = true;
        error_code ignored;
        acceptor_->close(ignored);
        if (!unix_path_.empty()) {
            ::unlink(unix_path_.c_str());
            unix_path_.clear();
        }
    }

    std::shared_ptr<Shared> shared_;
    std::string address_;
    std::string unix_path_;
    std::shared_ptr<Acceptor> acceptor_; ///< Shared with its coroutine, for the same reason.
};

} // namespace

Result<std::unique_ptr<Server>> make_server(asio::any_io_executor executor, ServerOptions options,
                                            Services services)
{
    auto listener = open_listener(executor, options.listen);
    if (!listener) {
        return listener.error();
    }
    services.hosts = answered_hosts(listener->address, options.hosts);
    auto shared =
        std::make_shared<Shared>(std::move(executor), options.limits, std::move(services));
    shared->services.server_metrics = [counts = &shared->counts] { return *counts; };
    return std::unique_ptr<Server>(
        std::make_unique<BeastServer>(std::move(*listener), std::move(shared)));
}

} // namespace empathd::http
