// How many posts a second are understood, beside what reading their features alone costs.
#include "analysis/experience/model.hpp"
#include "analysis/experience/shipped_model.hpp"

#include "tests/bench/input.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>

namespace empathd::testing {
namespace {

const analysis::Model& model()
{
    static const std::shared_ptr<const analysis::Model> shipped = [] {
        const auto loaded = analysis::Model::from_bytes(analysis::shipped_model());
        if (!loaded) {
            std::cerr << loaded.error().message << '\n';
            std::exit(EXIT_FAILURE);
        }
        return *loaded;
    }();
    return *shipped;
}

/// CPU seconds of this thread: on a busy machine the clock on the wall measures the others.
double thread_seconds()
{
    std::timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Seconds of one pass over all texts, the best of five.
template <class Work>
double best_pass(Work work)
{
    double best = 0;
    for (int round = 0; round < 5; ++round) {
        const double start = thread_seconds();
        for (const std::string& text : bench_texts()) {
            work(text);
        }
        const double seconds = thread_seconds() - start;
        best = round == 0 ? seconds : std::min(best, seconds);
    }
    return best;
}

/// One pass over all texts an iteration.
template <class Work>
void run(benchmark::State& state, Work work)
{
    for (auto _ : state) {
        for (const std::string& text : bench_texts()) {
            work(text);
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bench_texts().size()));
}

/// The floor: fold the text and hash its features.
double features_seconds()
{
    static const double seconds = [] {
        analysis::Extractor extractor;
        return best_pass([&](const std::string& text) {
            extractor.extract(text, {}, false);
            benchmark::DoNotOptimize(extractor.characters().data());
        });
    }();
    return seconds;
}

void understand_features(benchmark::State& state)
{
    analysis::Extractor extractor;
    run(state, [&](const std::string& text) {
        extractor.extract(text, {}, false);
        benchmark::DoNotOptimize(extractor.characters().data());
    });
}

void understand(benchmark::State& state, bool with_evidence)
{
    analysis::Scratch scratch;
    const auto work = [&](const std::string& text) {
        const Experience experience = model().analyse(text, {}, scratch, with_evidence);
        benchmark::DoNotOptimize(experience.of(Facet::experience).probability);
    };
    run(state, work);
    state.counters["times_features"] = best_pass(work) / features_seconds();
}

/// What the pipeline does: evidence only for complaints.
void understand_complaints(benchmark::State& state)
{
    analysis::Scratch scratch;
    const auto work = [&](const std::string& text) {
        Experience experience = model().analyse(text, {}, scratch, false);
        if (experience.of(Facet::experience).label == "complaint") {
            experience = model().analyse(text, {}, scratch, true);
        }
        benchmark::DoNotOptimize(experience.of(Facet::experience).probability);
    };
    run(state, work);
    state.counters["times_features"] = best_pass(work) / features_seconds();
}

BENCHMARK(understand_features)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(understand, all_heads, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(understand, all_heads_with_evidence, true)->Unit(benchmark::kMillisecond);
BENCHMARK(understand_complaints)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace empathd::testing
