#include "daemon/notify/webhook_sink.hpp"

#include "daemon/notify/http_delivery.hpp"
#include "daemon/notify/row_sink.hpp"
#include "daemon/notify/secret_file.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <new>
#include <utility>

namespace empathd {

namespace asio = boost::asio;

namespace {

class WebhookSink final : public RowSink {
public:
    WebhookSink(config::WebhookConfig config, connectors::HttpClient& http)
        : RowSink("webhook:" + config.name), config_(std::move(config)),
          who_("webhook " + config_.name), http_(http)
    {
    }

private:
    asio::awaitable<Result<std::string>> deliver_one(const AlertRecord& record) override
    {
        auto request = alert_request(config_.url, record.alert.key, record.body, config_.timeout);
        if (!config_.secret_file.empty()) {
            const auto secret = read_secret_file(config_.secret_file, who_);
            if (!secret) {
                co_return secret.error();
            }
            request.headers.emplace_back("X-Empathd-Signature",
                                         webhook_signature(secret->reveal(), request.body));
        }
        co_return co_await send_alert(http_, std::move(request), who_);
    }

    const config::WebhookConfig config_;
    const std::string who_;
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

std::unique_ptr<Sink> make_webhook_sink(const config::WebhookConfig& config,
                                        connectors::HttpClient& http)
{
    return std::make_unique<WebhookSink>(config, http);
}

} // namespace empathd
