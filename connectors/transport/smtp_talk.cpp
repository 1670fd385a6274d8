#include "connectors/transport/smtp_talk.hpp"

#include "connectors/transport/header_text.hpp"
#include "connectors/transport/utf8.hpp"

#include <algorithm>
#include <utility>

namespace empathd::connectors {
namespace {

constexpr std::size_t text_bytes_max = 200;

/// A stranger's words for a log: one line, printable.
std::string shown(std::string_view text)
{
    std::string out = repaired_utf8(trimmed(text).substr(0, 4 * text_bytes_max));
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    (void)cut_at_character(out, text_bytes_max);
    return out;
}

/// 0 when the line begins with no code.
int code_of(std::string_view line) noexcept
{
    if (line.size() < 3 || line[0] < '2' || line[0] > '5') {
        return 0;
    }
    int code = 0;
    for (const char c : line.substr(0, 3)) {
        if (c < '0' || c > '9') {
            return 0;
        }
        code = code * 10 + (c - '0');
    }
    return code;
}

/// RFC 4954 section 6: what says that a log-in is wanted or was refused.
bool speaks_of_log_in(int code) noexcept
{
    return code == 530 || code == 534 || code == 535 || code == 538;
}

} // namespace

SmtpTalk::SmtpTalk(std::vector<std::string> recipients) : recipients_(std::move(recipients)) {}

void SmtpTalk::sent(std::string_view line)
{
    if (stage_ == Stage::after) {
        return;
    }
    const std::string verb = lower(trimmed(line.substr(0, line.find_first_of(" \r\n"))));
    if (verb == "ehlo" || verb == "helo") {
        stage_ = Stage::hello;
    } else if (verb == "starttls") {
        stage_ = Stage::starttls;
    } else if (verb == "auth") {
        stage_ = Stage::log_in;
    } else if (stage_ == Stage::log_in && verb != "mail") {
        return; // What follows AUTH.
    } else if (verb == "mail") {
        stage_ = Stage::sender;
    } else if (verb == "rcpt") {
        stage_ = Stage::recipient;
        ++named_;
    } else if (verb == "data") {
        stage_ = Stage::data;
    } else if (verb == "quit") {
        stage_ = Stage::after;
    }
}

void SmtpTalk::received(std::string_view line)
{
    const int code = code_of(line);
    const bool goes_on = line.size() > 3 && line[3] == '-';
    if (code != 0 && !goes_on && stage_ != Stage::after) {
        answered(code, line.substr(3));
    }
}

void SmtpTalk::answered(int code, std::string_view text)
{
    code_ = code;
    text_ = shown(text);
    if (stage_ == Stage::recipient && code >= 400 && named_ <= recipients_.size()) {
        refused_.push_back({recipients_[named_ - 1], code, text_});
    } else if (stage_ == Stage::data && code == 354) {
        stage_ = Stage::message;
    } else if (stage_ == Stage::message) {
        if (code < 400) {
            receipt_ = MailReceipt{.code = code, .text = text_};
        }
        stage_ = Stage::after;
    }
}

MailReceipt SmtpTalk::receipt() const
{
    MailReceipt receipt = receipt_.value_or(MailReceipt{});
    receipt.refused = refused_;
    return receipt;
}

std::optional<Error> SmtpTalk::refusal(const std::string& host) const
{
    if (accepted() || code_ < 400) {
        return std::nullopt;
    }
    const std::string code = std::to_string(code_);
    if (stage_ == Stage::log_in || speaks_of_log_in(code_)) { // No words: they may quote us.
        return Error{code_ < 500 ? ErrorKind::unavailable : ErrorKind::unauthorized,
                     host + ": the log-in was answered " + code};
    }
    std::string what = host + ": answered " + code + ' ' + text_;
    if (!refused_.empty() && refused_.size() == named_) {
        what = host + ": took no recipient: " + refused_[0].address + ' ' +
               std::to_string(refused_[0].code) + ' ' + refused_[0].text;
        const bool for_now = std::any_of(refused_.begin(), refused_.end(),
                                         [](const auto& one) { return one.code < 500; });
        return Error{for_now ? ErrorKind::unavailable : ErrorKind::malformed, std::move(what)};
    }
    const bool of_the_message = stage_ >= Stage::sender;
    return Error{code_ >= 500 && of_the_message ? ErrorKind::malformed : ErrorKind::unavailable,
                 std::move(what)};
}

} // namespace empathd::connectors
