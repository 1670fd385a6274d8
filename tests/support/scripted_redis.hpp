#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace empathd::testing {

/// A Redis or sentinel on loopback that answers by a script, on the test's own loop. Commands are
/// told apart by a word in them; each read is taken for one command.
class ScriptedRedis {
public:
    /// What is answered to a command that holds this word; an empty answer closes the connection.
    using Script = std::vector<std::pair<std::string, std::string>>;

    ScriptedRedis(boost::asio::io_context& loop, Script script)
        : acceptor_(loop, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
          script_(std::move(script))
    {
        boost::asio::co_spawn(loop, listen(), boost::asio::detached);
    }

    [[nodiscard]] std::string port() const
    {
        return std::to_string(acceptor_.local_endpoint().port());
    }
    [[nodiscard]] std::string address() const { return "127.0.0.1:" + port(); }

    /// The answer of a sentinel that names this server.
    [[nodiscard]] std::string named() const
    {
        const std::string digits = port();
        return "*2\r\n$9\r\n127.0.0.1\r\n$" + std::to_string(digits.size()) + "\r\n" + digits +
               "\r\n";
    }

    void script(Script script) { script_ = std::move(script); }

    std::vector<std::string> received; ///< Every command, as it came.

private:
    using Tcp = boost::asio::ip::tcp;

    boost::asio::awaitable<void> listen()
    {
        for (;;) {
            Tcp::socket socket = co_await acceptor_.async_accept(boost::asio::use_awaitable);
            auto held = std::make_shared<Tcp::socket>(std::move(socket));
            boost::asio::co_spawn(acceptor_.get_executor(), serve(std::move(held)),
                                  boost::asio::detached);
        }
    }

    boost::asio::awaitable<void> serve(std::shared_ptr<Tcp::socket> socket)
    {
        std::array<char, 4096> bytes{};
        for (;;) {
            const auto buffer = boost::asio::buffer(bytes);
            const std::size_t length =
                co_await socket->async_read_some(buffer, boost::asio::use_awaitable);
            received.emplace_back(bytes.data(), length);
            const std::string answer = answer_to(received.back());
            if (answer.empty()) {
                co_return;
            }
            co_await boost::asio::async_write(*socket, boost::asio::buffer(answer),
                                              boost::asio::use_awaitable);
        }
    }

    [[nodiscard]] std::string answer_to(const std::string& command) const
    {
        for (const auto& [word, answer] : script_) {
            if (command.find(word) != std::string::npos) {
                return answer;
            }
        }
        return "-ERR unknown command\r\n";
    }

    Tcp::acceptor acceptor_;
    Script script_;
};

} // namespace empathd::testing
