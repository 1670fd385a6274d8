#pragma once

#include "connectors/transport/mail_client.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::connectors {

/// Follows what client and server say to each other, because libcurl tells only that something
/// went wrong, and of recipients that were refused beside others nothing at all. Pure: it is told
/// every line.
/// Source: RFC 5321 sections 4.2 and 4.3.
class SmtpTalk {
public:
    /// Recipients in the order in which they will be named.
    explicit SmtpTalk(std::vector<std::string> recipients);

    /// A command of ours, with or without its line end.
    void sent(std::string_view line);
    /// One line of an answer; an answer of several lines counts when its last one is there.
    void received(std::string_view line);

    /// The message was taken: what is said after that does not matter.
    [[nodiscard]] bool accepted() const noexcept { return receipt_.has_value(); }
    /// Of a message that was taken.
    [[nodiscard]] MailReceipt receipt() const;
    /// Why it was not, after the server's last answer; nothing when that was no refusal.
    [[nodiscard]] std::optional<Error> refusal(const std::string& host) const;

private:
    enum class Stage : std::uint8_t {
        greeting,
        hello,
        starttls,
        log_in,
        sender,
        recipient,
        data,    ///< DATA was said.
        message, ///< The message is on its way.
        after,
    };

    void answered(int code, std::string_view text);

    std::vector<std::string> recipients_;
    Stage stage_ = Stage::greeting;
    std::size_t named_ = 0; ///< Recipients named so far.
    std::vector<RefusedRecipient> refused_;
    int code_ = 0; ///< Of the last answer.
    std::string text_;
    std::optional<MailReceipt> receipt_;
};

} // namespace empathd::connectors
