// What a poll, a forecast and a learned post cost, each beside a floor in the same run: for an
// update the five exponentials it cannot do without, for the rest a quadratic form of the heads'
// width.

#include "analysis/spread/features.hpp"
#include "analysis/spread/forecaster.hpp"
#include "analysis/spread/gaussian.hpp"
#include "analysis/spread/regression.hpp"
#include "analysis/spread/simulate.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <string>
#include <vector>

namespace empathd::testing {
namespace {

using namespace analysis;

const TimePoint start = from_unix_ms(1'772'000'000'000);
constexpr std::size_t posts = 2'000;
constexpr const char* platform = "mastodon";

double thread_seconds()
{
    std::timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Seconds of one call of `work`, the best of nine.
template <class Work>
double best_of_nine(Work work)
{
    double best = 0;
    for (int round = 0; round < 9; ++round) {
        const double from = thread_seconds();
        work();
        const double seconds = thread_seconds() - from;
        best = round == 0 ? seconds : std::min(best, seconds);
    }
    return best;
}

const std::vector<SimulatedPost>& simulated()
{
    static const std::vector<SimulatedPost> out = [] {
        Chance chance(1);
        std::vector<SimulatedPost> made;
        for (std::size_t i = 0; i < posts; ++i) {
            made.push_back(poll(simulate(draw(PriorKind::microblog, chance), chance), chance));
        }
        return made;
    }();
    return out;
}

/// Shows every post to its end.
void live_through(Forecaster& forecaster, std::vector<Track>* tracks)
{
    for (std::size_t i = 0; i < posts; ++i) {
        const SimulatedPost& post = simulated()[i];
        const std::string id = std::to_string(i);
        const TimePoint published_at = start + std::chrono::minutes{10 * i};
        Track track = begin(post, published_at);
        forecaster.observe(platform, id, track);
        for (std::size_t k = 1; k + 1 < post.polls_s.size(); ++k) {
            update(track, post, k, published_at);
            forecaster.observe(platform, id, track);
            if (tracks != nullptr) {
                tracks->push_back(track);
            }
        }
    }
}

/// `per` pieces of work each call; ns_each that of the best round, ratio how many times the floor.
template <class Work>
void measure(benchmark::State& state, double per, double floor_s, Work work)
{
    const double best = best_of_nine(work);
    for ([[maybe_unused]] auto _ : state) {
        work();
    }
    state.counters["ns_each"] = 1e9 * best / per;
    state.counters["floor_ns"] = 1e9 * floor_s;
    state.counters["ratio"] = best / per / floor_s;
}

double five_exponentials_s()
{
    static const double seconds = best_of_nine([] {
        double sum = 0;
        for (int i = 0; i < 100'000; ++i) {
            for (const double time_constant_s : LeakyCounters::time_constants_s) {
                sum += std::exp(-(300.0 + i % 7) / time_constant_s);
            }
        }
        benchmark::DoNotOptimize(sum);
    });
    return seconds / 100'000;
}

double quadratic_form_s()
{
    static const double seconds = best_of_nine([] {
        Matrix<row_width> matrix{};
        Row z{};
        z.fill(0.5);
        double sum = 0;
        for (int i = 0; i < 100'000; ++i) {
            matrix[static_cast<std::size_t>(i) % matrix.size()] += 0.1;
            sum += dot<row_width>(z, times<row_width>(matrix, z));
        }
        benchmark::DoNotOptimize(sum);
    });
    return seconds / 100'000;
}

void spread_update(benchmark::State& state)
{
    std::vector<Track> tracks(20'000, begin(3, start));
    int minute = 0;
    double count = 3;
    measure(state, static_cast<double>(tracks.size()), five_exponentials_s(), [&] {
        minute += 5;
        count += 2;
        for (Track& track : tracks) {
            update(track, count, start + std::chrono::minutes{minute});
        }
        benchmark::DoNotOptimize(tracks.data());
    });
}
BENCHMARK(spread_update)->Unit(benchmark::kMillisecond);

/// learned 0: as it ships; else after all posts, with the errors of its last forecasts.
void spread_forecast(benchmark::State& state)
{
    Forecaster forecaster;
    std::vector<Track> tracks;
    live_through(forecaster, &tracks);
    if (state.range(0) != 0) {
        forecaster.mature_due(start + std::chrono::hours{24 * 60});
    }
    const std::string name = platform;
    measure(state, static_cast<double>(tracks.size()), quadratic_form_s(), [&] {
        double sum = 0;
        for (const Track& track : tracks) {
            sum += forecaster.forecast(name, track, track.last_at()).median;
        }
        benchmark::DoNotOptimize(sum);
    });
}
BENCHMARK(spread_forecast)->ArgName("learned")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

/// A matured post: up to seven rows, each for three heads and the errors.
void spread_learn(benchmark::State& state)
{
    double seconds = 0;
    double best = 0;
    std::size_t rounds = 0;
    for ([[maybe_unused]] auto _ : state) {
        state.PauseTiming();
        Forecaster forecaster;
        live_through(forecaster, nullptr);
        state.ResumeTiming();
        const double from = thread_seconds();
        forecaster.mature_due(start + std::chrono::hours{24 * 60});
        seconds = thread_seconds() - from;
        best = rounds++ == 0 ? seconds : std::min(best, seconds);
    }
    state.counters["ns_each"] = 1e9 * best / static_cast<double>(posts);
    state.counters["floor_ns"] = 1e9 * quadratic_form_s();
    state.counters["ratio"] = best / static_cast<double>(posts) / quadratic_form_s();
}
BENCHMARK(spread_learn)->Unit(benchmark::kMillisecond);

void spread_save_and_load(benchmark::State& state)
{
    Forecaster forecaster;
    live_through(forecaster, nullptr);
    forecaster.mature_due(start + std::chrono::hours{24 * 60});
    std::size_t size = 0;
    for ([[maybe_unused]] auto _ : state) {
        const std::string bytes = forecaster.save();
        size = bytes.size();
        const auto loaded = Forecaster::load(bytes);
        benchmark::DoNotOptimize(loaded.has_value());
    }
    state.counters["KiB"] = static_cast<double>(size) / 1024;
}
BENCHMARK(spread_save_and_load)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace empathd::testing
