#pragma once

#include "analysis/model/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <string>

namespace empathd::http {

/// TCP and Unix sockets through one type, so that the server has one path for both.
using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

struct Listener {
    Acceptor acceptor;
    std::string address;   ///< With the real port.
    std::string unix_path; ///< To remove when done; empty for TCP.
};

/// Opens the listening socket of `make_server` (server.hpp), with its rules and errors.
[[nodiscard]] Result<Listener> open_listener(const boost::asio::any_io_executor& executor,
                                             const std::string& listen);

} // namespace empathd::http
