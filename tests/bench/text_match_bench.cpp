#include "analysis/match/matcher.hpp"
#include "analysis/text/normalize.hpp"

#include "tests/bench/input.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

namespace empathd::testing {
namespace {

using analysis::Fold;
using analysis::MatchScratch;
using analysis::MatchSet;

/// What no folding can be faster than: A to Z lowered, every other byte copied.
void lower_ascii(std::string_view text, std::string& out)
{
    out.resize(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        out[i] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
}

/// CPU seconds of this thread: on a busy machine the clock on the wall measures the others.
double cpu_seconds()
{
    std::timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Seconds that `work(text)` takes once over all texts.
template <class Work>
double seconds_once(Work& work)
{
    const double start = cpu_seconds();
    for (const std::string& text : bench_texts()) {
        work(text);
    }
    return cpu_seconds() - start;
}

/// The same, the best of nine.
template <class Work>
double seconds_of(Work work)
{
    double best = seconds_once(work);
    for (int round = 1; round < 9; ++round) {
        best = std::min(best, seconds_once(work));
    }
    return best;
}

double floor_seconds()
{
    static const double seconds =
        seconds_of([out = std::string()](const std::string& text) mutable {
            lower_ascii(text, out);
            benchmark::DoNotOptimize(out.data());
        });
    return seconds;
}

double fold_seconds()
{
    static const double seconds =
        seconds_of([out = std::string()](const std::string& text) mutable {
            analysis::fold(text, Fold::stripped, out);
            benchmark::DoNotOptimize(out.data());
        });
    return seconds;
}

/// Runs `work(text)` over all texts. `ns_per_post` is that of the best round; `ratio` says how many
/// times the floor it is, where the floor takes `floor_s` for all texts.
template <class Work>
void measure(benchmark::State& state, double floor_s, Work work)
{
    double best_s = seconds_once(work);
    for ([[maybe_unused]] auto _ : state) {
        best_s = std::min(best_s, seconds_once(work));
    }
    const auto texts = static_cast<double>(bench_texts().size());
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bench_texts().size()));
    state.counters["ns_per_post"] = 1e9 * best_s / texts;
    state.counters["ratio"] = best_s / floor_s;
}

void text_lower_ascii_floor(benchmark::State& state)
{
    std::string out;
    measure(state, floor_seconds(), [&out](const std::string& text) {
        lower_ascii(text, out);
        benchmark::DoNotOptimize(out.data());
    });
}
BENCHMARK(text_lower_ascii_floor)->Unit(benchmark::kMillisecond);

void text_fold(benchmark::State& state)
{
    const auto how = static_cast<Fold>(state.range(0));
    std::string out;
    measure(state, floor_seconds(), [&out, how](const std::string& text) {
        analysis::fold(text, how, out);
        benchmark::DoNotOptimize(out.data());
    });
}
BENCHMARK(text_fold)
    ->ArgName("stripped")
    ->Arg(static_cast<int>(Fold::letter_case))
    ->Arg(static_cast<int>(Fold::stripped))
    ->Unit(benchmark::kMillisecond);

void text_to_nfc(benchmark::State& state)
{
    measure(state, floor_seconds(),
            [](const std::string& text) { benchmark::DoNotOptimize(analysis::to_nfc(text)); });
}
BENCHMARK(text_to_nfc)->Unit(benchmark::kMillisecond);

void text_fold_with_origin(benchmark::State& state)
{
    measure(state, fold_seconds(), [](const std::string& text) {
        benchmark::DoNotOptimize(analysis::fold_with_origin(text, Fold::stripped));
    });
}
BENCHMARK(text_fold_with_origin)->Unit(benchmark::kMillisecond);

std::vector<Watch> watches_of(const std::vector<std::string>& brands)
{
    std::vector<Watch> watches;
    for (const std::string& brand : brands) {
        watches.push_back({brand, {{brand, false}}, {}});
    }
    return watches;
}

std::shared_ptr<const MatchSet> match_set(benchmark::State& state)
{
    auto set = MatchSet::build(watches_of(bench_brands(static_cast<std::size_t>(state.range(0)))));
    if (!set) {
        state.SkipWithError(set.error().message.c_str());
        return nullptr;
    }
    return *set;
}

/// With folding; `ratio` is against folding alone, `beside_fold_ns` what matching adds to it.
void match_texts(benchmark::State& state)
{
    const auto set = match_set(state);
    if (set == nullptr) {
        return;
    }
    MatchScratch scratch;
    std::vector<Mention> mentions;
    std::size_t found = 0;
    measure(state, fold_seconds(), [&](const std::string& text) {
        set->match(text, scratch, mentions);
        found += mentions.size();
    });
    const auto texts = static_cast<double>(bench_texts().size());
    state.counters["beside_fold_ns"] = state.counters["ns_per_post"] - 1e9 * fold_seconds() / texts;
    state.counters["mentions_per_100_posts"] =
        100.0 * static_cast<double>(found) / static_cast<double>(state.iterations() + 1) / texts;
    state.counters["index_KiB"] = static_cast<double>(set->index_bytes()) / 1024;
}
BENCHMARK(match_texts)
    ->ArgName("brands")
    ->Arg(10)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);

void match_build(benchmark::State& state)
{
    const std::vector<Watch> watches =
        watches_of(bench_brands(static_cast<std::size_t>(state.range(0))));
    for ([[maybe_unused]] auto _ : state) {
        auto set = MatchSet::build(watches);
        benchmark::DoNotOptimize(set);
    }
}
BENCHMARK(match_build)->ArgName("brands")->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace empathd::testing
