#include "connectors/transport/curl_mail.hpp"

#include "connectors/transport/curl_loop.hpp"
#include "connectors/transport/header_text.hpp"
#include "connectors/transport/smtp_talk.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <curl/curl.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <utility>

namespace empathd::connectors {
namespace {

namespace asio = boost::asio;

Error refused(std::string message)
{
    return {ErrorKind::refused, std::move(message)};
}

/// Nothing that could end the command it stands in.
bool is_plain_address(const std::string& address)
{
    return !address.empty() && address.size() <= 254 &&
           std::all_of(address.begin(), address.end(),
                       [](char c) { return c > ' ' && c <= '~' && c != '<' && c != '>'; });
}

Result<> check_mail(const MailRequest& request)
{
    if (request.to.empty() || request.to.size() > mail_recipients_max) {
        return refused("mail needs 1 to " + std::to_string(mail_recipients_max) + " recipients");
    }
    if (!is_plain_address(request.from) ||
        !std::all_of(request.to.begin(), request.to.end(), is_plain_address)) {
        return refused("mail has an address that is none");
    }
    if (request.message.size() > mail_bytes_max) {
        return refused("mail of more than " + std::to_string(mail_bytes_max) + " bytes");
    }
    return {};
}

/// Host and port of "smtp://host:port", by the parser that makes the connection.
Result<Target> parse_server(const std::string& server)
{
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
    const auto part = [&url](CURLUPart which) {
        char* text = nullptr;
        if (curl_url_get(url.get(), which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) {
            return std::string();
        }
        const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
        return std::string(text);
    };
    if (!url || curl_url_set(url.get(), CURLUPART_URL, server.c_str(), 0) != CURLUE_OK) {
        return refused("the mail server's address is none");
    }
    Target target{.url = server, .scheme = part(CURLUPART_SCHEME), .host = part(CURLUPART_HOST)};
    if (target.host.size() > 2 && target.host.front() == '[') {
        target.host = target.host.substr(1, target.host.size() - 2);
    }
    const std::string port = part(CURLUPART_PORT);
    target.port = port.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(std::stoi(port));
    const bool bare = part(CURLUPART_USER).empty() && part(CURLUPART_QUERY).empty();
    if ((target.scheme != "smtp" && target.scheme != "smtps") || target.host.empty() || !bare) {
        return refused("the mail server's address is none");
    }
    return target;
}

/// One message on its way, on one of the client's threads.
class Delivery {
public:
    Delivery(MailRequest request, std::shared_ptr<const FetchPolicy> policy,
             std::shared_ptr<const std::atomic<bool>> closing)
        : request_(std::move(request)), policy_(std::move(policy)), closing_(std::move(closing)),
          talk_(request_.to)
    {
    }

    /// To be called once, on a thread that may wait.
    void perform() noexcept
    {
        try {
            outcome_ = performed();
        } catch (...) {
            failure_ = std::current_exception();
        }
    }

    /// From any thread.
    void stop() noexcept { stopped_ = true; }

    /// After perform().
    Result<MailReceipt> take()
    {
        if (failure_) {
            std::rethrow_exception(failure_);
        }
        return std::move(outcome_);
    }

private:
    [[nodiscard]] bool is_stopped() const noexcept { return stopped_ || *closing_; }

    Result<MailReceipt> performed()
    {
        if (const Result<> good = check_mail(request_); !good) {
            return good.error();
        }
        Result<Target> target = parse_server(request_.server);
        if (!target) {
            return target.error();
        }
        target_ = std::move(*target);
        if (is_stopped()) {
            return error_of(CURLE_ABORTED_BY_CALLBACK);
        }
        const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(),
                                                                       &curl_easy_cleanup);
        std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> recipients(
            nullptr, &curl_slist_free_all);
        if (!easy) {
            throw std::bad_alloc();
        }
        for (const std::string& to : request_.to) {
            curl_slist* const longer =
                curl_slist_append(recipients.get(), ('<' + to + '>').c_str());
            if (longer == nullptr) {
                throw std::bad_alloc();
            }
            (void)recipients.release(); // The head stays the same once it exists.
            recipients.reset(longer);
        }
        set_up_connection(easy.get());
        set_up_message(easy.get(), recipients.get());
        set_up_callbacks(easy.get());
        const CURLcode code = curl_easy_perform(easy.get());
        if (talk_.accepted()) {
            return talk_.receipt();
        }
        return error_of(code);
    }

    void set_up_connection(CURL* easy) const
    {
        const auto set = [easy](CURLoption option, auto value) {
            curl_easy_setopt(easy, option, value);
        };
        set(CURLOPT_URL, target_.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_PROXY, "");
        set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_QUICK_EXIT, 1L);
        const long use = request_.tls == MailTls::required        ? CURLUSESSL_ALL
                         : request_.tls == MailTls::opportunistic ? CURLUSESSL_TRY
                                                                  : CURLUSESSL_NONE;
        set(CURLOPT_USE_SSL, use);
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        const std::string& ca_file = request_.ca_file.empty() ? policy_->ca_file : request_.ca_file;
        if (!ca_file.empty()) {
            set(CURLOPT_CAINFO, ca_file.c_str());
            set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        }
        if (!request_.user.empty()) {
            set(CURLOPT_USERNAME, request_.user.c_str());
            set(CURLOPT_PASSWORD, request_.password.c_str());
        }
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(policy_->connect_max.count()));
        set(CURLOPT_TIMEOUT_MS,
            static_cast<long>(std::max<std::int64_t>(1, request_.timeout.count())));
        set(CURLOPT_FORBID_REUSE, 1L); // So that QUIT is said in our hands, see on_debug.
    }

    void set_up_message(CURL* easy, curl_slist* recipients) const
    {
        curl_easy_setopt(easy, CURLOPT_MAIL_FROM, ('<' + request_.from + '>').c_str());
        curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients);
        curl_easy_setopt(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L); // libcurl 7.88's spelling.
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE,
                         static_cast<curl_off_t>(request_.message.size()));
    }

    void set_up_callbacks(CURL* easy)
    {
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Delivery::on_read);
        curl_easy_setopt(easy, CURLOPT_READDATA, this);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Delivery::on_write);
        curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &Delivery::on_progress);
        curl_easy_setopt(easy, CURLOPT_XFERINFODATA, this);
        curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L); // For on_debug; nothing is printed.
        curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, &Delivery::on_debug);
        curl_easy_setopt(easy, CURLOPT_DEBUGDATA, this);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Delivery::on_open);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
    }

    static std::size_t on_read(char* into, std::size_t size, std::size_t count, void* self) noexcept
    {
        auto& delivery = *static_cast<Delivery*>(self);
        const std::size_t left = delivery.request_.message.size() - delivery.sent_bytes_;
        const std::size_t bytes = std::min(size * count, left);
        std::memcpy(into, delivery.request_.message.data() + delivery.sent_bytes_, bytes);
        delivery.sent_bytes_ += bytes;
        return bytes;
    }

    static std::size_t on_write(char*, std::size_t size, std::size_t count, void*) noexcept
    {
        return size * count;
    }

    /// Called at least once a second, whatever libcurl waits for.
    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept
    {
        return static_cast<Delivery*>(self)->is_stopped() ? 1 : 0;
    }

    /// Hears every line of both sides. After QUIT libcurl would wait for its answer without asking
    /// on_progress; nobody needs it, so the socket is told that nothing more will be read.
    static int on_debug(CURL*, curl_infotype type, char* text, std::size_t size,
                        void* self) noexcept
    {
        auto& delivery = *static_cast<Delivery*>(self);
        const std::string_view line(text, size);
        if (type == CURLINFO_HEADER_OUT) {
            delivery.talk_.sent(line);
            if (lower(trimmed(line)) == "quit" && delivery.socket_ >= 0) {
                ::shutdown(delivery.socket_, SHUT_RD);
            }
        } else if (type == CURLINFO_HEADER_IN) {
            delivery.talk_.received(line);
        }
        return 0;
    }

    /// The address as it will be connected to, whatever the name meant before.
    static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* address) noexcept
    {
        auto& delivery = *static_cast<Delivery*>(self);
        const std::optional<Address> where = address_of(address->addr);
        if (!where || !may_connect(delivery.target_, *where, *delivery.policy_)) {
            delivery.refused_address_ = where ? to_string(*where) : "of another kind";
            return CURL_SOCKET_BAD;
        }
        delivery.socket_ =
            ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
        return delivery.socket_ < 0 ? CURL_SOCKET_BAD : delivery.socket_;
    }

    [[nodiscard]] Error error_of(CURLcode code) const
    {
        const std::string& host = target_.host;
        if (is_stopped()) {
            return {ErrorKind::cancelled, host + ": cancelled"};
        }
        if (auto said = talk_.refusal(host)) {
            return *said;
        }
        if (!refused_address_.empty() && code == CURLE_COULDNT_CONNECT) {
            return refused(host + ": address " + refused_address_ + " is not public");
        }
        switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return {ErrorKind::unavailable, host + ": its name has no address"};
        case CURLE_COULDNT_CONNECT: return {ErrorKind::unavailable, host + ": no connection"};
        case CURLE_OPERATION_TIMEDOUT:
            return {ErrorKind::unavailable, host + ": not finished in time"};
        case CURLE_USE_SSL_FAILED:
            return {ErrorKind::unavailable, host + ": offers no encryption (STARTTLS)"};
        case CURLE_LOGIN_DENIED:
            return {ErrorKind::unauthorized, host + ": offers no log-in that we know"};
        case CURLE_OK: return {ErrorKind::unavailable, host + ": did not take the message"};
        default: return {ErrorKind::unavailable, host + ": " + curl_easy_strerror(code)};
        }
    }

    const MailRequest request_;
    const std::shared_ptr<const FetchPolicy> policy_;
    const std::shared_ptr<const std::atomic<bool>> closing_;
    std::atomic<bool> stopped_ = false;
    Target target_;
    SmtpTalk talk_;
    std::size_t sent_bytes_ = 0;
    curl_socket_t socket_ = CURL_SOCKET_BAD;
    std::string refused_address_;
    Result<MailReceipt> outcome_ = MailReceipt{};
    std::exception_ptr failure_;
};

class CurlMailClient final : public MailClient {
public:
    CurlMailClient(FetchPolicy policy, std::size_t threads)
        : policy_(std::make_shared<const FetchPolicy>(std::move(policy))),
          closing_(std::make_shared<std::atomic<bool>>(false)), threads_(threads)
    {
    }
    ~CurlMailClient() override
    {
        *closing_ = true;
        threads_.join();
    }

    asio::awaitable<Result<MailReceipt>> send(MailRequest request) override
    {
        const auto delivery = std::make_shared<Delivery>(std::move(request), policy_, closing_);
        auto begin = [this, delivery](auto handler) { start(delivery, std::move(handler)); };
        co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(begin,
                                                                             asio::use_awaitable);
        co_return delivery->take();
    }

private:
    template <class Handler>
    void start(const std::shared_ptr<Delivery>& delivery, Handler handler)
    {
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            slot.assign([delivery](asio::cancellation_type) { delivery->stop(); });
        }
        const auto executor = asio::get_associated_executor(handler);
        auto work = [delivery, executor, back = std::move(handler)]() mutable {
            delivery->perform();
            asio::post(executor, std::move(back));
        };
        asio::post(threads_, std::move(work));
    }

    const std::shared_ptr<const FetchPolicy> policy_;
    const std::shared_ptr<std::atomic<bool>> closing_;
    asio::thread_pool threads_;
};

} // namespace

std::unique_ptr<MailClient> make_curl_mail_client(FetchPolicy policy, std::size_t threads)
{
    prepare_curl();
    return std::make_unique<CurlMailClient>(std::move(policy), std::max<std::size_t>(1, threads));
}

} // namespace empathd::connectors
