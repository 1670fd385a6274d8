#include "daemon/notify/http_delivery.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace empathd {

namespace asio = boost::asio;

namespace {

/// Of the receiver's answer, which is read and forgotten.
constexpr std::size_t answer_bytes_max = 1024 * 1024;

void replace_all(std::string& text, std::string_view what)
{
    constexpr std::string_view shown = "...";
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + shown.size())) {
        text.replace(at, what.size(), shown);
    }
}

} // namespace

std::string without_address(std::string message, const std::string& url)
{
    const std::size_t scheme = url.find("://");
    const std::size_t authority = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t target = std::min(url.find_first_of("/?#", authority), url.size());
    const std::string_view whole = url;
    std::string_view path = whole.substr(target);
    if (path.size() > 1) {
        replace_all(message, path);
        const std::size_t query = path.find_first_of("?#");
        if (query != std::string_view::npos && query + 1 < path.size()) {
            replace_all(message, path.substr(query + 1));
            path = path.substr(0, query);
        }
        if (path.size() > 1) {
            replace_all(message, path);
        }
    }
    const std::size_t at = whole.substr(authority, target - authority).rfind('@');
    if (at != std::string_view::npos && at > 0) {
        replace_all(message, whole.substr(authority, at));
    }
    return message;
}

Result<std::string> receipt_of(const Result<connectors::HttpResponse>& answer,
                               const std::string& who, const std::string& url)
{
    if (!answer) {
        Error error = answer.error();
        error.message = who + ": " + without_address(std::move(error.message), url);
        return error;
    }
    if (answer->status < 200 || answer->status > 299) {
        return Error{ErrorKind::malformed, who + ": answered " + std::to_string(answer->status)};
    }
    return std::to_string(answer->status);
}

connectors::HttpRequest alert_request(std::string url, const std::string& key, std::string body,
                                      std::chrono::seconds timeout)
{
    return {.method = "POST",
            .url = std::move(url),
            .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", key}},
            .body = std::move(body),
            .timeout = timeout,
            .body_bytes_max = answer_bytes_max,
            .follows_redirects = false};
}

asio::awaitable<Result<std::string>> send_alert(connectors::HttpClient& http,
                                                connectors::HttpRequest request, std::string who)
{
    const std::string url = request.url;
    const auto answer = co_await http.send(std::move(request));
    co_return receipt_of(answer, who, url);
}

} // namespace empathd
