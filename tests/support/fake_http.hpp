#pragma once

#include "connectors/transport/http_client.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace empathd::testing {

/// An HttpClient that answers from a table by address and writes down what it was asked. An
/// address with several answers gives them in turn; the last one stays.
class FakeHttp final : public connectors::HttpClient {
public:
    std::vector<connectors::HttpRequest> asked;

    void answer(const std::string& url, Result<connectors::HttpResponse> response)
    {
        answers_[url].push_back(std::move(response));
    }
    void answer(const std::string& url, std::string body, connectors::HttpHeaders headers = {})
    {
        answer(url, connectors::HttpResponse{.status = 200,
                                             .headers = std::move(headers),
                                             .body = std::move(body),
                                             .url = url});
    }

    boost::asio::awaitable<Result<connectors::HttpResponse>>
    send(connectors::HttpRequest request) override
    {
        const std::string url = request.url;
        asked.push_back(std::move(request));
        const auto found = answers_.find(url);
        if (found == answers_.end()) {
            co_return Error{ErrorKind::not_found, "no answer prepared for " + url};
        }
        auto& list = found->second;
        Result<connectors::HttpResponse> response = list.front();
        if (list.size() > 1) {
            list.erase(list.begin());
        }
        co_return response;
    }

private:
    std::map<std::string, std::vector<Result<connectors::HttpResponse>>> answers_;
};

} // namespace empathd::testing
