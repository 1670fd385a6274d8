#include "daemon/notify/email_sink.hpp"

#include "daemon/notify/mail_text.hpp"
#include "daemon/notify/plain_text.hpp"
#include "daemon/notify/row_sink.hpp"
#include "daemon/notify/secret_file.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace empathd {

namespace asio = boost::asio;

namespace {

/// Alerts that some recipients have and others not yet. Beyond it one of them is forgotten: it may
/// then reach a recipient twice.
constexpr std::size_t partial_max = 1'000;
constexpr std::size_t subject_bytes_max = 400;

connectors::MailTls tls_of(config::Starttls starttls) noexcept
{
    switch (starttls) {
    case config::Starttls::required: return connectors::MailTls::required;
    case config::Starttls::opportunistic: return connectors::MailTls::opportunistic;
    case config::Starttls::never: return connectors::MailTls::never;
    }
    return connectors::MailTls::required;
}

std::string told(const connectors::RefusedRecipient& refused)
{
    return refused.address + " answered " + std::to_string(refused.code) + ' ' + refused.text;
}

class EmailSink final : public RowSink {
public:
    EmailSink(config::EmailConfig config, std::string public_url,
              std::shared_ptr<const Templates> templates, connectors::MailClient& client,
              Report report)
        : RowSink("email:" + config.name), config_(std::move(config)),
          who_("email " + config_.name), public_url_(std::move(public_url)),
          templates_(std::move(templates)), client_(client), report_(std::move(report))
    {
    }

private:
    asio::awaitable<Result<std::string>> deliver_one(const AlertRecord& record) override
    {
        auto request = request_for(record.alert);
        if (!request) {
            co_return request.error();
        }
        const std::vector<std::string> asked = request->to;
        const auto receipt = co_await client_.send(std::move(*request));
        if (!receipt) {
            co_return failed(record.alert.key, receipt.error());
        }
        co_return taken(record.alert.key, asked, *receipt);
    }

    [[nodiscard]] Result<connectors::MailRequest> request_for(const Alert& alert) const
    {
        connectors::MailRequest request{.server = config_.server,
                                        .tls = tls_of(config_.starttls),
                                        .ca_file = config_.ca_file,
                                        .user = config_.user,
                                        .from = config_.from,
                                        .to = left(alert.key),
                                        .timeout = config_.timeout};
        if (!config_.user.empty()) {
            const auto password = read_secret_file(config_.password_file, who_);
            if (!password) {
                return password.error();
            }
            request.password = password->reveal();
        }
        const Fields fields = fields_of(alert, public_url_);
        const std::string subject = templates_->subject.render(fields, Target::header);
        request.message = mail_text({.from = config_.from,
                                     .to = config_.to,
                                     .subject = plain_line(subject, subject_bytes_max),
                                     .plain = templates_->plain.render(fields, Target::plain),
                                     .html = templates_->html.render(fields, Target::html),
                                     .date = alert.raised_at,
                                     .key = alert.key,
                                     .thread = thread_of(alert)});
        return request;
    }

    /// Recipients that have not had this alert.
    [[nodiscard]] std::vector<std::string> left(const std::string& key) const
    {
        std::vector<std::string> to = config_.to;
        const auto known = partial_.find(key);
        if (known != partial_.end()) {
            std::erase_if(to, [&known](const auto& one) { return known->second.count(one) != 0; });
        }
        return to;
    }

    Result<std::string> failed(const std::string& key, Error error)
    {
        error.message = who_ + ": " + error.message;
        const auto known = partial_.find(key);
        if (error.kind == ErrorKind::malformed && known != partial_.end()) {
            partial_.erase(known); // The others have it; these never will.
            report_(error.message);
            return "some only: " + error.message;
        }
        return error;
    }

    Result<std::string> taken(const std::string& key, const std::vector<std::string>& asked,
                              const connectors::MailReceipt& receipt)
    {
        std::string text = std::to_string(receipt.code) + ' ' + receipt.text;
        std::set<std::string> done(asked.begin(), asked.end());
        std::string later;
        for (const connectors::RefusedRecipient& refused : receipt.refused) {
            if (refused.code < 500) {
                done.erase(refused.address);
                later += (later.empty() ? "" : ", ") + told(refused);
            } else {
                report_(who_ + ": " + told(refused) + ": this recipient gets no alerts");
                text += "; " + told(refused);
            }
        }
        if (later.empty()) {
            partial_.erase(key);
            return text;
        }
        if (partial_.count(key) == 0 && partial_.size() >= partial_max) {
            partial_.erase(partial_.begin()); // Most likely of an alert that was given up.
        }
        partial_[key].merge(done);
        return Error{ErrorKind::unavailable, who_ + ": " + later};
    }

    const config::EmailConfig config_;
    const std::string who_;
    const std::string public_url_;
    const std::shared_ptr<const Templates> templates_;
    connectors::MailClient& client_;
    const Report report_;
    std::map<std::string, std::set<std::string>> partial_; ///< By key: who is done with it.
};

} // namespace

std::unique_ptr<Sink> make_email_sink(const config::EmailConfig& config,
                                      const config::TemplatesConfig& told,
                                      std::shared_ptr<const Templates> templates,
                                      connectors::MailClient& client, Report report)
{
    return std::make_unique<EmailSink>(config, told.public_url, std::move(templates), client,
                                       std::move(report));
}

} // namespace empathd
