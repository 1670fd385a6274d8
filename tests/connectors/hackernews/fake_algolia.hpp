#pragma once

#include "connectors/transport/http_client.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::testing {

/// A search service with hits of one phrase, of which it shows a thousand at most.
class FakeAlgolia final : public connectors::HttpClient {
public:
    struct Hit {
        std::uint64_t id = 0;
        std::int64_t created_s = 0;
        std::int64_t indexed_s = 0; ///< From when on the search finds it.
    };
    enum class Total : std::uint8_t { exact, absent, too_large };

    std::vector<Hit> hits;
    std::int64_t now_s = 0;
    std::uint64_t page_size_max = 1000;
    Total total = Total::exact;
    bool filters = true;                 ///< By time, as it should.
    std::optional<std::size_t> fails_at; ///< The request, counted from 0, that breaks.
    std::size_t requests = 0;

    boost::asio::awaitable<Result<connectors::HttpResponse>>
    send(connectors::HttpRequest request) override
    {
        if (requests++ == fails_at) {
            co_return Error{ErrorKind::unavailable, "broken on purpose"};
        }
        connectors::HttpResponse response{.status = 200, .url = request.url};
        response.body = answer(request.url);
        co_return response;
    }

private:
    static std::int64_t number(std::string_view url, std::string_view key)
    {
        const std::size_t found = url.find(key);
        if (found == std::string_view::npos) {
            throw std::runtime_error("the request lacks " + std::string(key));
        }
        return std::stoll(std::string(url.substr(found + key.size(), 20)));
    }
    [[nodiscard]] std::string answer(const std::string& url) const
    {
        const std::int64_t from = number(url, "created_at_i%3E%3D");
        const std::int64_t until = number(url, "created_at_i%3C%3D");
        const auto page = static_cast<std::uint64_t>(number(url, "&page="));
        const std::uint64_t size = std::min<std::uint64_t>(
            page_size_max, static_cast<std::uint64_t>(number(url, "hitsPerPage=")));
        std::vector<Hit> found;
        for (const Hit& hit : hits) {
            const bool inside = hit.created_s >= from && hit.created_s <= until;
            if (hit.indexed_s <= now_s && (inside || !filters)) {
                found.push_back(hit);
            }
        }
        std::sort(found.begin(), found.end(), [](const Hit& a, const Hit& b) {
            return a.created_s != b.created_s ? a.created_s > b.created_s : a.id > b.id;
        });
        std::string body;
        const std::uint64_t end = std::min<std::uint64_t>({found.size(), (page + 1) * size, 1000});
        for (std::uint64_t i = page * size; i < end; ++i) {
            body += (body.empty() ? "" : ",") + to_json(found[i]);
        }
        body = R"({"hits":[)" + body + R"(],"hitsPerPage":)" + std::to_string(size);
        if (total != Total::absent) {
            const std::size_t extra = total == Total::too_large ? found.size() / 3 + 1 : 0;
            body += R"(,"nbHits":)" + std::to_string(found.size() + extra);
        }
        return body + "}";
    }
    static std::string to_json(const Hit& hit)
    {
        return R"({"objectID":")" + std::to_string(hit.id) + R"(","created_at_i":)" +
               std::to_string(hit.created_s) + R"(,"comment_text":"words","author":"a"})";
    }
};

} // namespace empathd::testing
