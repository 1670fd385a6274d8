#include "daemon/notify/redis_socket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace empathd {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::generic::stream_protocol::socket;

struct RedisSocket::State {
    explicit State(const asio::any_io_executor& executor) : socket(executor), resolver(executor) {}

    Socket socket;
    asio::ip::tcp::resolver resolver;
    std::optional<asio::ssl::context> context;
    std::optional<asio::ssl::stream<Socket&>> tls; ///< On `socket`, so gone before it.
    std::string name;                              ///< That the certificate must have.
    std::string bad_file;                          ///< A file of ours that cannot be used.
    bool heard = false;                            ///< Something was read.
    bool cancelled = false;                        ///< Also when nothing was under way just then.
};

namespace {

/// Completion token: an operation gives (error_code, ...) as a tuple and never throws.
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

bool is_ip_address(const std::string& host)
{
    error_code error;
    asio::ip::make_address(host, error);
    return !error;
}

/// Reads what the context needs from files. Leaves the name of the one that cannot be used.
error_code read_files(asio::ssl::context& context, const RedisTls& tls, std::string& bad_file)
{
    error_code error;
    const auto read = [&](const std::string& file, auto&& load) {
        if (!error && !file.empty()) {
            load(file);
            bad_file = error ? file : std::string();
        }
    };
    if (tls.ca_file.empty()) {
        context.set_default_verify_paths(error);
    }
    read(tls.ca_file, [&](const std::string& file) { context.load_verify_file(file, error); });
    read(tls.cert_file,
         [&](const std::string& file) { context.use_certificate_chain_file(file, error); });
    read(tls.key_file, [&](const std::string& file) {
        context.use_private_key_file(file, asio::ssl::context::pem, error);
    });
    return error;
}

/// From here on OpenSSL checks the name itself, so that a wrong one is told from other faults.
bool demand_name(SSL* ssl, const std::string& name)
{
    X509_VERIFY_PARAM* const wanted = SSL_get0_param(ssl);
    if (is_ip_address(name)) {
        return X509_VERIFY_PARAM_set1_ip_asc(wanted, name.c_str()) == 1;
    }
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(wanted, name.c_str(), name.size()) == 1 &&
           SSL_set_tlsext_host_name(ssl, name.c_str()) == 1; // SNI: RFC 6066 section 3, names only.
}

long verdict_of(const std::optional<asio::ssl::stream<Socket&>>& tls)
{
    // native_handle() is not const; asking changes nothing.
    auto& stream = const_cast<asio::ssl::stream<Socket&>&>(*tls);
    return SSL_get_verify_result(stream.native_handle());
}

bool is_of_tls(const error_code& error)
{
    return error.category() == asio::error::get_ssl_category();
}

/// The server has refused our certificate, or the want of one, by an alert.
bool is_refusal_of_ours(const error_code& error)
{
    if (!is_of_tls(error)) {
        return false;
    }
    switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA: return true;
    default: return false;
    }
}

std::string words_of_verdict(long verdict, const std::string& name)
{
    switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return "its certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID: return "its certificate is not valid yet";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return "its certificate is not for \"" + name + "\"";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "its certificate is signed by an unknown authority";
    default:
        return std::string("its certificate is not accepted: ") +
               X509_verify_cert_error_string(verdict);
    }
}

} // namespace

RedisSocket::RedisSocket(const asio::any_io_executor& executor)
    : state_(std::make_unique<State>(executor))
{
}

RedisSocket::~RedisSocket() = default;

asio::awaitable<error_code> RedisSocket::connect(RedisEndpoint endpoint)
{
    State& state = *state_;
    std::vector<Socket::endpoint_type> candidates;
    error_code error;
    const auto address = asio::ip::make_address(endpoint.host, error);
    if (!endpoint.path.empty()) {
        candidates.emplace_back(asio::local::stream_protocol::endpoint(endpoint.path));
    } else if (!error) {
        std::uint16_t port = 0;
        std::from_chars(endpoint.port.data(), endpoint.port.data() + endpoint.port.size(), port);
        candidates.emplace_back(asio::ip::tcp::endpoint(address, port));
    } else {
        auto resolved =
            co_await state.resolver.async_resolve(endpoint.host, endpoint.port, as_result);
        auto& [resolve_error, results] = resolved;
        if (resolve_error) {
            co_return resolve_error;
        }
        for (const auto& result : results) {
            candidates.emplace_back(result.endpoint());
        }
    }
    error = asio::error::host_not_found;
    for (const auto& candidate : candidates) {
        if (state.cancelled) {
            co_return asio::error::operation_aborted;
        }
        error_code ignored;
        state.socket.close(ignored);
        const auto connected = co_await state.socket.async_connect(candidate, as_result);
        error = std::get<0>(connected);
        if (!error && endpoint.path.empty()) {
            state.socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        }
        if (!error || error == asio::error::operation_aborted) {
            break;
        }
    }
    co_return error;
}

asio::awaitable<error_code> RedisSocket::secure(RedisTls tls, std::string host)
{
    State& state = *state_;
    if (state.cancelled) {
        co_return asio::error::operation_aborted;
    }
    state.context.emplace(asio::ssl::context::tls_client);
    error_code error = read_files(*state.context, tls, state.bad_file);
    if (error) {
        co_return error;
    }
    state.name = tls.server_name.empty() ? host : tls.server_name;
    SSL_CTX_set_min_proto_version(state.context->native_handle(), TLS1_2_VERSION);
    state.tls.emplace(state.socket, *state.context);
    state.tls->set_verify_mode(asio::ssl::verify_peer, error);
    if (error || !demand_name(state.tls->native_handle(), state.name)) {
        co_return asio::error::invalid_argument;
    }
    const auto shaken =
        co_await state.tls->async_handshake(asio::ssl::stream_base::client, as_result);
    co_return std::get<0>(shaken);
}

asio::awaitable<RedisSocket::Read> RedisSocket::read_some(char* to, std::size_t size)
{
    const auto buffer = asio::buffer(to, size);
    std::tuple<error_code, std::size_t> read(asio::error::operation_aborted, 0);
    if (state_->cancelled) {
        // Nothing is begun that nobody would end.
    } else if (state_->tls) {
        read = co_await state_->tls->async_read_some(buffer, as_result);
    } else {
        read = co_await state_->socket.async_read_some(buffer, as_result);
    }
    state_->heard = state_->heard || std::get<1>(read) > 0;
    co_return Read{std::get<0>(read), std::get<1>(read)};
}

asio::awaitable<error_code> RedisSocket::write(std::string_view bytes)
{
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    std::tuple<error_code, std::size_t> written(asio::error::operation_aborted, 0);
    if (state_->cancelled) {
        // As above.
    } else if (state_->tls) {
        written = co_await asio::async_write(*state_->tls, buffer, as_result);
    } else {
        written = co_await asio::async_write(state_->socket, buffer, as_result);
    }
    co_return std::get<0>(written);
}

void RedisSocket::cancel()
{
    state_->cancelled = true;
    error_code ignored;
    state_->socket.cancel(ignored);
    state_->resolver.cancel();
}

void RedisSocket::close()
{
    error_code ignored;
    state_->socket.close(ignored); // No closing alert: every reply tells its own length.
}

bool RedisSocket::is_open() const
{
    return state_->socket.is_open();
}

std::string RedisSocket::words(const error_code& error) const
{
    if (!state_->bad_file.empty()) {
        return "the file " + state_->bad_file + " cannot be used: " + error.message();
    }
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
        return "the connection was closed";
    }
    const bool reset = error == asio::error::connection_reset || error == asio::error::broken_pipe;
    if (state_->tls && !state_->heard && reset) { // In TLS 1.3 the reset may overtake the alert.
        return error.message() + " before it said anything; it may ask for a certificate of ours";
    }
    if (state_->tls && is_of_tls(error)) {
        const long verdict = verdict_of(state_->tls);
        if (verdict != X509_V_OK) {
            return words_of_verdict(verdict, state_->name);
        }
        if (is_refusal_of_ours(error)) {
            return "it refuses our certificate, or that we show none (" + error.message() + ")";
        }
        return "TLS failed: " + error.message();
    }
    return error.message();
}

ErrorKind RedisSocket::kind(const error_code& error) const
{
    if (!state_->bad_file.empty()) {
        return ErrorKind::invalid_config;
    }
    const bool of_tls = state_->tls && is_of_tls(error);
    if (of_tls && (verdict_of(state_->tls) != X509_V_OK || is_refusal_of_ours(error))) {
        return ErrorKind::unauthorized;
    }
    return ErrorKind::unavailable;
}

} // namespace empathd
