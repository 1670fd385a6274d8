#include "connectors/transport/curl_client.hpp"

#include "connectors/transport/curl_loop.hpp"
#include "connectors/transport/curl_transfer.hpp"
#include "connectors/transport/host_gate.hpp"

#include <set>
#include <utility>

namespace empathd::connectors {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// What the client is made of. Shared between the client and the requests under way, because those
/// still hear of their end when the client is gone.
struct Core {
    Core(asio::any_io_executor executor_, FetchPolicy policy_, const Clock& clock_)
        : executor(executor_), policy(std::move(policy_)), clock(clock_),
          loop(CurlLoop::make(executor_, policy.connections_max, &CurlTransfer::finished)),
          gate(std::move(executor_), policy, clock_)
    {
        std::erase_if(policy.user_agent, [](char c) { return c < ' ' || c > '~'; });
    }

    void stop()
    {
        gate.stop();
        for (CurlTransfer* transfer : transfers) {
            transfer->stop();
        }
        loop->close();
    }

    asio::any_io_executor executor;
    FetchPolicy policy;
    const Clock& clock;
    std::shared_ptr<CurlLoop> loop;
    HostGate gate;
    std::set<CurlTransfer*> transfers; ///< Under way.
};

/// Its entry in Core::transfers, for as long as it runs.
class Registration {
public:
    Registration(Core& core, CurlTransfer& transfer) : core_(core), transfer_(&transfer)
    {
        core_.transfers.insert(transfer_);
    }
    ~Registration() { core_.transfers.erase(transfer_); }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

private:
    Core& core_;
    CurlTransfer* transfer_;
};

/// What a request has left of its time; only transfers use it up.
struct Budget {
    milliseconds left;
};

/// One hop: waits for the host's turn, asks, and remembers when the host wants to be left alone.
/// `core`, `request`, `target` and `budget` belong to the awaiting frame.
asio::awaitable<Result<Answer>> ask(Core& core, const HttpRequest& request, const Target& target,
                                    Budget& budget)
{
    const Result<HostGate::Pass> pass = co_await core.gate.enter(target);
    if (!pass) {
        co_return pass.error();
    }
    if (budget.left <= milliseconds{0}) {
        co_return Error{ErrorKind::unavailable,
                        target.host + ": not finished in the time of the request"};
    }
    const auto start = std::chrono::steady_clock::now();
    CurlTransfer transfer(core.executor, *core.loop, core.policy, target, request, budget.left);
    const Registration registration(core, transfer);
    Result<Answer> answer = co_await transfer.run();
    budget.left -=
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
    if (!answer || (answer->status != 429 && answer->status != 503)) {
        co_return answer;
    }
    const TimePoint now = core.clock.now();
    const auto wait_s = asked_wait_s(answer->status, answer->headers, now, core.policy);
    if (wait_s && *wait_s > 0) {
        core.gate.close_until(target, now + std::chrono::seconds{*wait_s});
    }
    if (auto error = error_of(answer->status, request, target.host, wait_s)) {
        co_return *error;
    }
    co_return answer;
}

/// Where the answer sends us; empty when nowhere.
std::string location_of(const Answer& answer)
{
    if (!is_redirect(answer.status)) {
        return {};
    }
    for (const auto& [name, value] : answer.headers) {
        if (name == "location") {
            return value;
        }
    }
    return {};
}

/// A request with all its hops. Holds the core alive; never touches the client.
asio::awaitable<Result<HttpResponse>> send_all(std::shared_ptr<Core> core, HttpRequest request)
{
    if (const Result<> good = check_request(request); !good) {
        co_return good.error();
    }
    Result<Target> target = check_url(request.url, core->policy);
    if (!target) {
        co_return target.error();
    }
    Budget budget{request.timeout};
    for (int redirects = 0;; ++redirects) {
        Result<Answer> answer = co_await ask(*core, request, *target, budget);
        if (!answer) {
            co_return answer.error();
        }
        const std::string location =
            request.follows_redirects ? location_of(*answer) : std::string();
        if (location.empty()) {
            if (auto error = error_of(answer->status, request, target->host, std::nullopt)) {
                co_return *error;
            }
            co_return HttpResponse{.status = answer->status,
                                   .headers = std::move(answer->headers),
                                   .body = std::move(answer->body),
                                   .url = target->url};
        }
        if (redirects == core->policy.redirects_max) {
            co_return Error{ErrorKind::refused, target->host + ": more than " +
                                                    std::to_string(core->policy.redirects_max) +
                                                    " redirects"};
        }
        Result<Target> next = check_location(*target, location, core->policy);
        if (!next) {
            co_return next.error();
        }
        Result<HttpRequest> following =
            redirected(std::move(request), answer->status, *target, *next);
        if (!following) {
            co_return following.error();
        }
        request = std::move(*following);
        target = std::move(next);
    }
}

class CurlClient final : public HttpClient {
public:
    CurlClient(asio::any_io_executor executor, FetchPolicy policy, const Clock& clock)
        : core_(std::make_shared<Core>(std::move(executor), std::move(policy), clock))
    {
    }
    ~CurlClient() override { core_->stop(); }

    asio::awaitable<Result<HttpResponse>> send(HttpRequest request) override
    {
        return send_all(core_, std::move(request));
    }

private:
    std::shared_ptr<Core> core_;
};

} // namespace

std::unique_ptr<HttpClient> make_curl_client(asio::any_io_executor executor, FetchPolicy policy,
                                             const Clock& clock)
{
    return std::make_unique<CurlClient>(std::move(executor), std::move(policy), clock);
}

} // namespace empathd::connectors
