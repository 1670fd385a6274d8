// What a million followed posts cost: bytes each, and nanoseconds for each step of their lives.
//
// The floor, in the same process: for each post its key is hashed and one cache line, found by that
// hash among a million, is read and written. Nothing that finds a post by its key does less.
#include "daemon/poll/rereads.hpp"

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace empathd {
namespace {

constexpr int posts = 1'000'000;
constexpr std::size_t batch = 100;
const TimePoint seen = from_unix_ms(1'772'539'200'000);

struct Named {
    PostKey key;
    std::string native_id;
};

/// As long as ActivityPub uris, in the order in which they were published.
const std::vector<Named>& names()
{
    static const std::vector<Named> all = [] {
        std::vector<Named> out;
        for (int i = 0; i < posts; ++i) {
            const std::string number = std::to_string(111'000'000'000'000'000 + i * 7'919LL);
            out.push_back(
                {{"mastodon", "https://social.example/users/somebody/statuses/" + number}, number});
        }
        return out;
    }();
    return all;
}

double since(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin)
               .count() /
           posts;
}

double bytes_in_use()
{
    const struct mallinfo2 info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
}

/// Nanoseconds a post.
double floor_ns()
{
    struct alignas(64) Line {
        std::uint64_t value = 0;
    };
    std::vector<Line> lines(1 << 20);
    const auto begin = std::chrono::steady_clock::now();
    for (const Named& one : names()) {
        ++lines[std::hash<std::string>{}(one.key.id) & (lines.size() - 1)].value;
    }
    benchmark::DoNotOptimize(lines.data());
    return since(begin);
}

/// Every step is timed over all posts; `ratio_x` says how many floors it costs.
void follow_a_million_posts(benchmark::State& state)
{
    const double floor = (void(names()), floor_ns());
    double add = 0;
    double due = 0;
    double hasten = 0;
    double forget = 0;
    double bytes = 0;
    for (auto _ : state) {
        const double before = bytes_in_use();
        FollowedRoom room;
        Rereads rereads(room);
        auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < posts; ++i) {
            const Named& one = names()[static_cast<std::size_t>(i)];
            rereads.add(one.key, one.native_id, seen + std::chrono::milliseconds{i}, seen);
        }
        add = since(begin);
        bytes = (bytes_in_use() - before) / posts;

        const TimePoint later = seen + std::chrono::hours{1};
        std::vector<PostKey> answered;
        begin = std::chrono::steady_clock::now();
        for (int i = 0; i < posts; i += batch) {
            const auto asked = rereads.take(later, batch);
            answered.clear();
            for (const AskedPost& post : asked) {
                answered.push_back(post.key);
            }
            benchmark::DoNotOptimize(rereads.settle(asked, answered, later));
        }
        due = since(begin);

        begin = std::chrono::steady_clock::now();
        for (const Named& one : names()) {
            benchmark::DoNotOptimize(rereads.hasten(one.key, later));
        }
        hasten = since(begin);

        begin = std::chrono::steady_clock::now();
        for (const Named& one : names()) {
            rereads.forget(one.key);
        }
        forget = since(begin);
    }
    state.counters["bytes_per_post"] = bytes;
    state.counters["floor_ns"] = floor;
    state.counters["add_ns"] = add;
    state.counters["take_settle_ns"] = due;
    state.counters["hasten_ns"] = hasten;
    state.counters["forget_ns"] = forget;
    state.counters["ratio_add"] = add / floor;
    state.counters["ratio_take_settle"] = due / floor;
}
BENCHMARK(follow_a_million_posts)->Iterations(3)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace empathd
