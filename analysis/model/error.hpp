#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace empathd {

/// What can be done about a failure. Callers branch on this alone; the message is for people.
enum class ErrorKind : std::uint8_t {
    cancelled,    ///< Shutdown is under way. Stop, and do not log.
    unavailable,  ///< Network, timeout, HTTP 5xx. Try again later.
    rate_limited, ///< HTTP 429 or its like. Try no sooner than `Error::retry_after_s`.
    unauthorized, ///< Credentials refused. Useless to retry before the configuration changes.
    malformed,    ///< The peer sent what cannot be read. Keep a sample, go on.
    refused,      ///< Our own policy forbids it (address, size, scheme). Retrying changes nothing.
    not_found,    ///< The thing asked for does not exist.
    invalid_config, ///< The operator must act. Seen at startup, on reload and by check-config only.
    storage,        ///< The local store failed. Fatal for the daemon.
};

/// The enumerator's own name, as logs and metrics show it.
[[nodiscard]] std::string_view to_string(ErrorKind kind) noexcept;

/// A failure on its way to whoever can act on it.
struct Error {
    ErrorKind kind;
    std::string message;             ///< One line, no trailing stop, never a secret.
    std::uint32_t retry_after_s = 0; ///< Seconds; meaningful for `rate_limited` and `unavailable`.
};

/// A value or an Error. Ignoring one is a compiler warning, which Boost's class does not give.
/// Behaves as std::expected does, so that it can become that one some day.
template <class T = void>
class [[nodiscard]] Result : public boost::system::result<T, Error> {
public:
    using boost::system::result<T, Error>::result;
};

/// Thrown by `Result::value()` on a failure: a bug of the caller, who should have asked first.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

} // namespace empathd
