#include "daemon/http/handlers.hpp"

#include "daemon/http/wire_foresight.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace empathd::http {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::hours backtest_default{30 * 24};

} // namespace

asio::awaitable<Response> show_calibration(Call& call)
{
    const auto& ask = call.services.calibration;
    co_return json_response(
        wire::calibration_page(ask ? ask() : std::vector<wire::PlatformCalibration>()));
}

asio::awaitable<Response> list_unanswered(Call& call)
{
    const std::string brand = call.query.text("brand");
    const std::size_t limit = call.query.limit();
    if (call.query.problem()) {
        co_return refusal(*call.query.problem());
    }
    const auto& ask = call.services.unanswered;
    std::vector<wire::UnansweredThread> threads =
        ask ? ask(brand) : std::vector<wire::UnansweredThread>();
    threads.resize(std::min(threads.size(), limit));
    co_return json_response(wire::unanswered_page(threads));
}

asio::awaitable<Response> list_journal(Call& call)
{
    JournalFilter filter;
    filter.incident = call.query.text("incident");
    filter.kind = call.query.text("kind");
    filter.since = call.query.time("since");
    filter.after = call.query.whole("after").value_or(0);
    filter.limit = call.query.limit();
    if (call.query.problem()) {
        co_return refusal(*call.query.problem());
    }
    const std::size_t limit = filter.limit;
    auto read = [filter = std::move(filter)](StoreReader& store) { return store.journal(filter); };
    const auto found = co_await call.services.reader.run(std::move(read));
    if (!found) {
        co_return store_refusal(call, found.error());
    }
    co_return json_response(wire::journal_page(*found, limit));
}

asio::awaitable<Response> run_backtest(Call& call)
{
    wire::BacktestQuestion question;
    question.budget = call.query.number("budget", 0, 1000);
    question.since =
        call.query.time("since").value_or(call.services.clock.now() - backtest_default);
    if (call.query.problem()) {
        co_return refusal(*call.query.problem());
    }
    if (!call.services.backtest) {
        co_return refusal(503, "There is nothing to test on.");
    }
    const auto found = co_await call.services.backtest(question);
    if (!found && found.error().kind == ErrorKind::rate_limited) {
        co_return refusal(503, "Another back test is running; ask again when it is done.");
    }
    if (!found && found.error().kind == ErrorKind::refused) {
        call.query.refuse("since", "is too early: " + found.error().message);
        co_return refusal(*call.query.problem());
    }
    if (!found) {
        co_return store_refusal(call, found.error());
    }
    co_return json_response(wire::backtest_json(*found));
}

} // namespace empathd::http
