#pragma once

#include "connectors/transport/curl_client.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace empathd::connectors {

/// A real client on a loop of its own beside a scripted server that the policy allows.
class ClientTest : public ::testing::Test {
protected:
    ClientTest()
    {
        policy.allowed.push_back(server.authority());
        policy.unmetered.push_back(server.authority());
    }

    /// The client under `policy` as it stands at the first call.
    HttpClient& client()
    {
        if (!client_) {
            client_ = make_curl_client(loop.get_executor(), policy, clock);
        }
        return *client_;
    }
    void destroy_client() { client_.reset(); }

    Result<HttpResponse> send(HttpRequest request)
    {
        return testing::run_on(loop, client().send(std::move(request)));
    }
    Result<HttpResponse> get(const std::string& path)
    {
        return send(HttpRequest{.url = server.url(path)});
    }

    /// The error of a request that must fail.
    Error error_of_get(const std::string& path)
    {
        auto response = get(path);
        EXPECT_FALSE(response);
        return response ? Error{ErrorKind::storage, "it did not fail"} : response.error();
    }

    testing::HttpServer server; // First: its threads end last.
    FetchPolicy policy;
    testing::FakeClock clock{from_unix_ms(1'714'566'896'000)}; // 2024-05-01T12:34:56Z
    boost::asio::io_context loop{1};

private:
    std::unique_ptr<HttpClient> client_;
};

inline bool names(const Error& error, std::string_view part)
{
    return error.message.find(part) != std::string::npos;
}

} // namespace empathd::connectors
