#include "daemon/cli/http_get.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>

namespace empathd::cli {
namespace {

constexpr long connect_ms = 5'000;
constexpr long answer_s = 30;
constexpr long silence_s = 45; ///< Three of the server's heartbeats.
constexpr std::size_t problem_bytes_max = 64 * 1024;

struct FreeHandle {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;
using Headers = std::unique_ptr<curl_slist, FreeHandle>;

/// One transfer under way. An empty `take` keeps the body.
struct Transfer {
    CURL* handle = nullptr;
    const std::function<bool(std::string_view)>* take = nullptr;
    std::size_t bytes_max = answer_bytes_max;
    std::string body;
    bool too_large = false;
    bool stopped = false; ///< `take` has had enough.

    [[nodiscard]] long status() const
    {
        long value = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &value);
        return value;
    }
};

std::size_t on_bytes(char* bytes, std::size_t, std::size_t count, void* user)
{
    Transfer& transfer = *static_cast<Transfer*>(user);
    const std::string_view text(bytes, count);
    if (transfer.take != nullptr && transfer.status() == 200) {
        transfer.stopped = !(*transfer.take)(text);
        return transfer.stopped ? 0 : count;
    }
    if (transfer.body.size() + count > transfer.bytes_max) {
        transfer.too_large = true;
        return 0;
    }
    transfer.body += text;
    return count;
}

void set_up(CURL* handle, const ServerAddress& server, const std::string& url, Transfer& transfer)
{
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "*"); // What is on this machine stays on it.
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "empathctl");
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
    if (!server.unix_path.empty()) {
        curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, server.unix_path.c_str());
    }
}

Result<Answer> perform(CURL* handle, const ServerAddress& server, Transfer& transfer)
{
    std::array<char, CURL_ERROR_SIZE> reason{};
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, reason.data());
    const CURLcode code = curl_easy_perform(handle);
    if (transfer.too_large) {
        return Error{ErrorKind::unavailable, "the answer is larger than this program reads"};
    }
    if (code != CURLE_OK && !transfer.stopped) {
        const std::string what = reason[0] != '\0' ? reason.data() : curl_easy_strerror(code);
        const std::string where =
            server.unix_path.empty() ? server.base_url : "unix:" + server.unix_path;
        return Error{ErrorKind::unavailable, where + ": " + what};
    }
    return Answer{.status = static_cast<int>(transfer.status()), .body = std::move(transfer.body)};
}

} // namespace

Result<ServerAddress> parse_server(std::string_view text)
{
    constexpr std::string_view unix_prefix = "unix:";
    if (text.starts_with(unix_prefix) && text.substr(unix_prefix.size()).starts_with('/')) {
        return ServerAddress{.base_url = "http://localhost",
                             .unix_path = std::string(text.substr(unix_prefix.size()))};
    }
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (text.starts_with(scheme) && text.size() > scheme.size() &&
            text.find_first_of(" \t\r\n?#") == std::string_view::npos) {
            ServerAddress address{.base_url = std::string(text), .unix_path = {}};
            while (address.base_url.ends_with('/')) {
                address.base_url.pop_back();
            }
            return address;
        }
    }
    return Error{ErrorKind::invalid_config,
                 "the server \"" + std::string(text) +
                     "\" is neither http://host:port nor https://... nor unix:/path"};
}

Result<Answer> http_get(const ServerAddress& server, const std::string& target)
{
    const Handle handle(curl_easy_init());
    if (!handle) {
        return Error{ErrorKind::unavailable, "no memory for a connection"};
    }
    Transfer transfer{.handle = handle.get()};
    set_up(handle.get(), server, server.base_url + target, transfer);
    curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, answer_s);
    return perform(handle.get(), server, transfer);
}

Result<Answer> http_stream(const ServerAddress& server, const std::string& target,
                           const std::string& last_event_id,
                           const std::function<bool(std::string_view)>& take)
{
    const Handle handle(curl_easy_init());
    if (!handle) {
        return Error{ErrorKind::unavailable, "no memory for a connection"};
    }
    Transfer transfer{.handle = handle.get(), .take = &take, .bytes_max = problem_bytes_max};
    set_up(handle.get(), server, server.base_url + target, transfer);
    curl_easy_setopt(handle.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_LOW_SPEED_TIME, silence_s);
    curl_slist* list = curl_slist_append(nullptr, "Accept: text/event-stream");
    if (!last_event_id.empty()) {
        list = curl_slist_append(list, ("Last-Event-ID: " + last_event_id).c_str());
    }
    const Headers headers(list);
    curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    return perform(handle.get(), server, transfer);
}

} // namespace empathd::cli
