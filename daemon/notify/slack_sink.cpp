#include "daemon/notify/slack_sink.hpp"

#include "connectors/transport/utf8.hpp"
#include "daemon/notify/http_delivery.hpp"
#include "daemon/notify/json_text.hpp"
#include "daemon/notify/row_sink.hpp"
#include "daemon/notify/secret_file.hpp"

#include <utility>

namespace empathd {

namespace asio = boost::asio;

namespace {

/// Slack takes 40,000 characters, Mattermost 16,383.
constexpr std::size_t text_bytes_max = 12'000;

class SlackSink final : public RowSink {
public:
    SlackSink(config::SlackConfig config, std::string public_url,
              std::shared_ptr<const Templates> templates, connectors::HttpClient& http)
        : RowSink("slack:" + config.name), config_(std::move(config)),
          who_("slack " + config_.name), public_url_(std::move(public_url)),
          templates_(std::move(templates)), http_(http)
    {
    }

private:
    asio::awaitable<Result<std::string>> deliver_one(const AlertRecord& record) override
    {
        const auto url = address();
        if (!url) {
            co_return url.error();
        }
        const Fields fields = fields_of(record.alert, public_url_);
        std::string body =
            slack_body(templates_->slack.render(fields, Target::slack), config_.channel);
        auto request = alert_request(*url, record.alert.key, std::move(body), config_.timeout);
        co_return co_await send_alert(http_, std::move(request), who_);
    }

    [[nodiscard]] Result<std::string> address() const
    {
        if (config_.url_file.empty()) {
            return config_.url;
        }
        const auto secret = read_secret_file(config_.url_file, who_);
        if (!secret) {
            return secret.error();
        }
        const std::string& url = secret->reveal();
        if (!url.starts_with("https://") && !url.starts_with("http://")) {
            return Error{ErrorKind::unauthorized,
                         who_ + ": the file " + config_.url_file + " holds no http(s) address"};
        }
        return url;
    }

    const config::SlackConfig config_;
    const std::string who_;
    const std::string public_url_;
    const std::shared_ptr<const Templates> templates_;
    connectors::HttpClient& http_;
};

} // namespace

std::string slack_body(std::string text, const std::string& channel)
{
    while (text.ends_with('\n')) {
        text.pop_back();
    }
    if (connectors::cut_at_character(text, text_bytes_max)) {
        text += "...";
    }
    JsonText json;
    json.begin();
    json.text("text", text);
    json.text_if_any("channel", channel);
    json.text("parse", "none");
    json.flag("link_names", false);
    json.flag("unfurl_links", false);
    json.flag("unfurl_media", false);
    json.end();
    return json.take();
}

std::unique_ptr<Sink> make_slack_sink(const config::SlackConfig& config,
                                      const config::TemplatesConfig& told,
                                      std::shared_ptr<const Templates> templates,
                                      connectors::HttpClient& http)
{
    return std::make_unique<SlackSink>(config, told.public_url, std::move(templates), http);
}

} // namespace empathd
