#include "daemon/notify/webhook_sink.hpp"

#include "daemon/notify/secret_file.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace empathd {

namespace asio = boost::asio;

namespace {

/// Of the receiver's answer, which is read and forgotten.
constexpr std::size_t answer_bytes_max = 1024 * 1024;

using Receipts = std::vector<Result<std::string>>;

void replace_all(std::string& text, std::string_view what)
{
    constexpr std::string_view shown = "...";
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + shown.size())) {
        text.replace(at, what.size(), shown);
    }
}

class WebhookSink final : public Sink {
public:
    WebhookSink(config::WebhookConfig config, connectors::HttpClient& http)
        : config_(std::move(config)), http_(http)
    {
    }

    [[nodiscard]] const std::string& name() const noexcept override { return config_.name; }
    [[nodiscard]] bool awaits_confirmation() const noexcept override { return false; }
    [[nodiscard]] std::size_t batch_max() const noexcept override { return 1; }
    [[nodiscard]] bool outlasts_outages() const noexcept override { return false; }
    [[nodiscard]] std::uint64_t published_max() const noexcept override { return 0; }

    asio::awaitable<Receipts> deliver(const std::vector<OutboxRow>& rows) override
    {
        Receipts receipts;
        for (const OutboxRow& row : rows) {
            receipts.push_back(co_await post(row));
        }
        co_return receipts;
    }

    asio::awaitable<Result<std::vector<OutboxUpdate>>> confirm(std::vector<OutboxRow>) override
    {
        co_return std::vector<OutboxUpdate>();
    }

private:
    asio::awaitable<Result<std::string>> post(const OutboxRow& row)
    {
        auto request = request_for(row);
        if (!request) {
            co_return request.error();
        }
        const auto response = co_await http_.send(std::move(*request));
        if (!response) {
            Error error = response.error();
            error.message = "webhook " + config_.name + ": " +
                            without_address(std::move(error.message), config_.url);
            co_return error;
        }
        if (response->status < 200 || response->status > 299) {
            co_return Error{ErrorKind::malformed, "webhook " + config_.name + ": answered " +
                                                      std::to_string(response->status)};
        }
        co_return std::to_string(response->status);
    }

    [[nodiscard]] Result<connectors::HttpRequest> request_for(const OutboxRow& row) const
    {
        connectors::HttpRequest request{
            .method = "POST",
            .url = config_.url,
            .headers = {{"Content-Type", "application/json"},
                        {"Idempotency-Key", row.record.alert.key}},
            .body = row.record.body,
            .timeout = config_.timeout,
            .body_bytes_max = answer_bytes_max,
        };
        if (!config_.secret_file.empty()) {
            const auto secret = read_secret_file(config_.secret_file, "webhook " + config_.name);
            if (!secret) {
                return secret.error();
            }
            request.headers.emplace_back("X-Empathd-Signature",
                                         webhook_signature(secret->reveal(), request.body));
        }
        return request;
    }

    const config::WebhookConfig config_;
    connectors::HttpClient& http_;
};

} // namespace

std::string webhook_signature(std::string_view secret, std::string_view body)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int length = 0;
    const auto* const made =
        HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(body.data()), body.size(), mac.data(), &length);
    if (made == nullptr) {
        throw std::bad_alloc(); // SHA-256 is there; only memory can fail.
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "sha256=";
    for (unsigned int i = 0; i < length; ++i) {
        text += digits[mac[i] >> 4U];
        text += digits[mac[i] & 0xFU];
    }
    return text;
}

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

std::unique_ptr<Sink> make_webhook_sink(const config::WebhookConfig& config,
                                        connectors::HttpClient& http)
{
    return std::make_unique<WebhookSink>(config, http);
}

} // namespace empathd
