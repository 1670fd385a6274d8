// What it costs to place one complaint while 10,000 stories are running.
#include "analysis/incident/tracker.hpp"
#include "analysis/text/normalize.hpp"

#include "tests/bench/generated.hpp"
#include "tests/bench/input.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace empathd::testing {
namespace {

using analysis::StoryPost;
using std::chrono::hours;
using std::chrono::seconds;

const TimePoint start = from_unix_ms(1'772'539'200'000);
constexpr std::size_t brands = 50;
constexpr std::size_t running = 10'000;

/// Texts of the common input with a place and a number each, as complaints have them.
Post made(std::size_t i, Dice& dice)
{
    const std::vector<std::string>& texts = bench_texts();
    Post post;
    post.key = {"chatter", std::to_string(i)};
    post.author = "author" + std::to_string(i);
    post.text = texts[i % texts.size()] + " in Town" + std::to_string(dice.ranked(20'000)) +
                " order " + std::to_string(1000 + dice.roll(90'000));
    return post;
}

StoryPost complaint(const Post& post, std::size_t i)
{
    return {.post = post,
            .brand = "Brand" + std::to_string(i % brands),
            .complaint = true,
            .complaint_probability = 0.9F,
            .language = "en",
            .signature = analysis::minhash(analysis::folded(post.text, analysis::Fold::stripped)),
            .telling = analysis::Telling::first_hand,
            .reason = "product_or_service",
            .need = "refund",
            .spans = {}};
}

/// Fills a tracker until so many stories run.
analysis::Tracker filled(Dice& dice, std::size_t& next, bool retold)
{
    // Nothing joins while it is filled, so that there are as many stories as wanted.
    analysis::Tracker tracker({.retold = retold, .retold_min = 1000, .retold_min_others = 1000});
    while (tracker.size() < running && next < 40 * running) {
        const Post post = made(next, dice);
        (void)tracker.place(complaint(post, next), start + seconds{next});
        ++next;
    }
    return tracker;
}

/// With the reading of the text; without its near-copy signature, which the pipeline has made.
void place_one(benchmark::State& state, bool retold)
{
    Dice dice(7);
    std::size_t next = 0;
    analysis::Tracker tracker = filled(dice, next, retold);
    state.counters["stories"] = static_cast<double>(tracker.size());
    for (auto _ : state) {
        state.PauseTiming();
        const Post post = made(next, dice);
        const StoryPost mention = complaint(post, next);
        state.ResumeTiming();
        benchmark::DoNotOptimize(tracker.place(mention, start + seconds{next}));
        state.PauseTiming();
        (void)tracker.remove(post.key);
        ++next;
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations());
}

void read_one(benchmark::State& state)
{
    Dice dice(7);
    std::vector<Post> posts;
    for (std::size_t i = 0; i < 1000; ++i) {
        posts.push_back(made(i, dice));
    }
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(analysis::read_account(posts[i++ % posts.size()], "Brand1", {}));
    }
    state.SetItemsProcessed(state.iterations());
}

BENCHMARK(read_one)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(place_one, retold, true)->Unit(benchmark::kMicrosecond)->Iterations(20'000);
BENCHMARK_CAPTURE(place_one, threads_copies_and_links_alone, false)
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(20'000);

} // namespace
} // namespace empathd::testing
