// How fast an alert reaches a consumer, and what handing alerts to Redis costs us.
//
// Latency is from before the sink's call to the moment at which a consumer that waits in
// XREADGROUP has the entry, over a private redis-server on a Unix socket, one alert a millisecond.
// Cost is CPU time of this process per alert, in lots of 256, against its floor: the same bytes,
// formatted beforehand, written and answered in one piece on a plain socket. `ratio` is ours
// divided by the floor. The wall time of both is mostly the server's.
#include "daemon/notify/redis_sink.hpp"
#include "daemon/notify/redis_stream.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/run.hpp"
#include "tests/support/store_pages.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/io_context.hpp>
#include <hiredis/hiredis.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <ctime>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace empathd {
namespace {

using Clock = std::chrono::steady_clock;
using testing::RedisServer;

const std::string stream = "empathd:alerts";
constexpr std::size_t lot = 256;
constexpr std::size_t body_bytes = 1'024;
constexpr int paced_alerts = 5'000;

OutboxRow row_of(const std::string& key)
{
    OutboxRow row{.id = 1, .sink = "redis", .record = testing::an_alert(key)};
    row.record.body.assign(body_bytes, 'x');
    return row;
}

config::RedisConfig config_of(const RedisServer& server)
{
    config::RedisConfig config;
    config.address = server.address();
    config.groups = {"ops"};
    return config;
}

std::int64_t nanoseconds_now()
{
    return std::chrono::nanoseconds(Clock::now().time_since_epoch()).count();
}

double thread_cpu_s()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Waits in XREADGROUP, and takes the time of each entry, whose key is the time of its sending.
class Consumer {
public:
    Consumer(const RedisServer& server, int alerts) : alerts_(alerts)
    {
        context_.reset(redisConnectUnix(server.socket().c_str()));
        thread_ = std::thread([this] { read(); });
    }
    ~Consumer() { thread_.join(); }

    std::vector<double> microseconds; ///< Complete when `done`.
    std::atomic<bool> done = false;

private:
    void read()
    {
        while (static_cast<int>(microseconds.size()) < alerts_) {
            const std::unique_ptr<void, decltype(&freeReplyObject)> owner(
                redisCommand(context_.get(),
                             "XREADGROUP GROUP ops c NOACK COUNT 100 BLOCK 10000 STREAMS %s >",
                             stream.c_str()),
                &freeReplyObject);
            const auto arrived = nanoseconds_now();
            const auto* const reply = static_cast<const redisReply*>(owner.get());
            if (reply == nullptr || reply->type != REDIS_REPLY_ARRAY) {
                break;
            }
            const redisReply& entries = *reply->element[0]->element[1];
            for (std::size_t i = 0; i < entries.elements; ++i) {
                const redisReply& key = *entries.element[i]->element[1]->element[1];
                std::int64_t sent = 0;
                std::from_chars(key.str, key.str + key.len, sent);
                microseconds.push_back(static_cast<double>(arrived - sent) / 1e3);
            }
        }
        done = true;
    }

    int alerts_;
    std::unique_ptr<redisContext, decltype(&redisFree)> context_{nullptr, &redisFree};
    std::thread thread_;
};

void AlertToConsumer(benchmark::State& state)
{
    if (!RedisServer::installed()) {
        state.SkipWithError("redis-server is not installed");
        return;
    }
    for (auto _ : state) {
        RedisServer server;
        boost::asio::io_context loop(1);
        const auto sink = make_redis_sink(config_of(server));
        if (!testing::run_on(loop, sink->confirm({}))) { // Connects and makes the group.
            state.SkipWithError("the sink cannot connect");
            return;
        }
        Consumer consumer(server, paced_alerts);
        auto next = Clock::now();
        for (int i = 0; i < paced_alerts; ++i) {
            next += std::chrono::milliseconds{1};
            std::this_thread::sleep_until(next);
            const std::vector<OutboxRow> rows{row_of(std::to_string(nanoseconds_now()))};
            if (!testing::run_on(loop, sink->deliver(rows)).front()) {
                state.SkipWithError("an alert was refused");
                break;
            }
        }
        while (!consumer.done) {
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        auto& times = consumer.microseconds;
        std::sort(times.begin(), times.end());
        if (times.empty()) {
            state.SkipWithError("nothing arrived");
            return;
        }
        state.counters["p50_us"] = times[times.size() / 2];
        state.counters["p99_us"] = times[times.size() * 99 / 100];
        state.counters["max_us"] = times.back();
    }
}
BENCHMARK(AlertToConsumer)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The floor: bytes out, answers back, nothing else.
class RawSocket {
public:
    explicit RawSocket(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0))
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof(address.sun_path) - 1);
        connected =
            ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    }
    ~RawSocket() { ::close(socket_); }
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;

    /// An id is two lines: its length and itself.
    bool exchange(const std::string& bytes, std::size_t replies)
    {
        for (std::size_t sent = 0; sent < bytes.size();) {
            const ssize_t n = ::write(socket_, bytes.data() + sent, bytes.size() - sent);
            if (n <= 0) {
                return false;
            }
            sent += static_cast<std::size_t>(n);
        }
        for (std::size_t lines = 0; lines < 2 * replies;) {
            const ssize_t n = ::read(socket_, buffer_.data(), buffer_.size());
            if (n <= 0) {
                return false;
            }
            lines += static_cast<std::size_t>(std::count(buffer_.data(), buffer_.data() + n, '\n'));
        }
        return true;
    }

    bool connected = false;

private:
    int socket_;
    std::array<char, 64 * 1024> buffer_{};
};

void AlertsInLots(benchmark::State& state)
{
    if (!RedisServer::installed()) {
        state.SkipWithError("redis-server is not installed");
        return;
    }
    RedisServer server;
    boost::asio::io_context loop(1);
    const auto config = config_of(server);
    const auto sink = make_redis_sink(config);
    std::vector<OutboxRow> rows;
    RespCommands commands;
    for (std::size_t i = 0; i < lot; ++i) {
        rows.push_back(row_of("0123456789abcdef0123456789ab" + std::to_string(1'000 + i)));
        add_entry_command(commands, stream, config.stream_length, rows.back());
    }
    RawSocket raw(server.socket());
    double ours = 0;
    double floor = 0;
    std::size_t alerts = 0;
    for (auto _ : state) {
        const double start = thread_cpu_s();
        const auto receipts = testing::run_on(loop, sink->deliver(rows));
        const double middle = thread_cpu_s();
        const bool went = raw.connected && raw.exchange(commands.bytes(), lot);
        floor += thread_cpu_s() - middle;
        ours += middle - start;
        alerts += lot;
        if (!receipts.front() || !receipts.back() || !went) {
            state.SkipWithError("an alert was refused");
            break;
        }
    }
    const auto count = static_cast<double>(std::max<std::size_t>(alerts, 1));
    state.SetItemsProcessed(static_cast<std::int64_t>(alerts));
    state.counters["cpu_us_per_alert"] = ours / count * 1e6;
    state.counters["floor_us_per_alert"] = floor / count * 1e6;
    state.counters["ratio"] = floor > 0 ? ours / floor : 0;
}
BENCHMARK(AlertsInLots)->Unit(benchmark::kMillisecond)->MinTime(3);

} // namespace
} // namespace empathd
