#include "daemon/http/listen.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace empathd::http {
namespace {

namespace asio = boost::asio;
using Protocol = asio::generic::stream_protocol;
using asio::ip::tcp;
using unix_socket = asio::local::stream_protocol;

constexpr mode_t socket_mode = 0660; // The daemon's group may ask; others may not.

Error bad_listen(const std::string& listen, const std::string& why)
{
    return Error{ErrorKind::invalid_config, "http.listen \"" + listen + "\" " + why};
}

/// "127.0.0.1:8642", "[::1]:8642", "localhost:8642". Nothing for other shapes.
std::optional<tcp::endpoint> tcp_endpoint(std::string_view listen)
{
    const std::size_t colon = listen.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    std::string host(listen.substr(0, colon));
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    if (host == "localhost") { // No resolver: what a name means here is not up for discussion.
        host = "127.0.0.1";
    }
    std::uint16_t port = 0;
    const char* const end = listen.data() + listen.size();
    const auto [stop, error] = std::from_chars(listen.data() + colon + 1, end, port);
    boost::system::error_code bad_address;
    const auto address = asio::ip::make_address(host, bad_address);
    if (bad_address || error != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return tcp::endpoint(address, port);
}

/// Opens, binds and listens; `before_bind` gets the descriptor.
template <class Prepare>
Result<Acceptor> bound(const asio::any_io_executor& executor, const Protocol::endpoint& endpoint,
                       const std::string& listen, Prepare before_bind)
{
    Acceptor acceptor(executor);
    boost::system::error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) {
        before_bind(acceptor);
        acceptor.bind(endpoint, error);
    }
    if (!error) {
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
        return bad_listen(listen, "cannot be listened on: " + error.message());
    }
    return acceptor;
}

/// Removes a socket nobody answers on any more. Anything else at the path is a mistake to be told.
Result<> clear_stale(const asio::any_io_executor& executor, const std::string& path,
                     const std::string& listen)
{
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0) {
        return {};
    }
    if (!S_ISSOCK(about.st_mode)) {
        return bad_listen(listen, "is a file that is no socket");
    }
    unix_socket::socket probe(executor);
    boost::system::error_code error;
    probe.connect(unix_socket::endpoint(path), error);
    if (!error) {
        return bad_listen(listen, "is in use by another process");
    }
    if (error != asio::error::connection_refused) {
        return bad_listen(listen, "cannot be looked at: " + error.message());
    }
    ::unlink(path.c_str());
    return {};
}

Result<Listener> open_unix(const asio::any_io_executor& executor, const std::string& path,
                           const std::string& listen)
{
    constexpr std::size_t path_bytes_max = 107; // sockaddr_un, with its NUL.
    if (!path.starts_with('/') || path.size() > path_bytes_max) {
        return bad_listen(listen, "must have an absolute path of at most 107 bytes");
    }
    if (const auto cleared = clear_stale(executor, path, listen); !cleared) {
        return cleared.error();
    }
    // Linux gives the new file the mode of the descriptor, less the umask: so it is never wider,
    // not even for a moment. The umask may have taken the group's bits; they come back afterwards.
    const auto narrow = [](Acceptor& acceptor) { ::fchmod(acceptor.native_handle(), socket_mode); };
    auto acceptor =
        bound(executor, Protocol::endpoint(unix_socket::endpoint(path)), listen, narrow);
    if (!acceptor) {
        return acceptor.error();
    }
    if (::chmod(path.c_str(), socket_mode) != 0) {
        return bad_listen(listen, "cannot be given mode 0660");
    }
    return Listener{.acceptor = std::move(*acceptor), .address = listen, .unix_path = path};
}

Result<Listener> open_tcp(const asio::any_io_executor& executor, const std::string& listen)
{
    const auto endpoint = tcp_endpoint(listen);
    if (!endpoint) {
        return bad_listen(listen, "is neither \"address:port\" nor \"unix:/path\"");
    }
    if (!endpoint->address().is_loopback()) {
        return bad_listen(listen, "is no loopback address: the API has no authentication, so put a "
                                  "proxy that has it in front");
    }
    const auto reuse = [](Acceptor& acceptor) { // Restarts do not wait for old connections.
        boost::system::error_code ignored;
        acceptor.set_option(asio::socket_base::reuse_address(true), ignored);
    };
    auto acceptor = bound(executor, Protocol::endpoint(*endpoint), listen, reuse);
    if (!acceptor) {
        return acceptor.error();
    }
    tcp::endpoint real;
    boost::system::error_code error;
    const Protocol::endpoint local = acceptor->local_endpoint(error);
    real.resize(local.size());
    std::copy_n(static_cast<const char*>(static_cast<const void*>(local.data())), local.size(),
                static_cast<char*>(static_cast<void*>(real.data())));
    const bool v6 = real.address().is_v6();
    const std::string host = real.address().to_string();
    return Listener{.acceptor = std::move(*acceptor),
                    .address = (v6 ? '[' + host + ']' : host) + ':' + std::to_string(real.port()),
                    .unix_path = {}};
}

} // namespace

Result<Listener> open_listener(const asio::any_io_executor& executor, const std::string& listen)
{
    constexpr std::string_view unix_prefix = "unix:";
    if (listen.starts_with(unix_prefix)) {
        return open_unix(executor, listen.substr(unix_prefix.size()), listen);
    }
    return open_tcp(executor, listen);
}

} // namespace empathd::http
