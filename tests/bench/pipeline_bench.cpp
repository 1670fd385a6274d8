// The whole pipeline on one thread: JSON bytes to decided alert, 10,000 brands. The floor is the
// parse stage alone, measured in the same process on the same lines.

#include "analysis/experience/shipped_model.hpp"
#include "connectors/replay/replay.hpp"
#include "daemon/pipeline/story_desk.hpp"
#include "tests/bench/input.hpp"

#include <benchmark/benchmark.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace empathd::testing {
namespace {

constexpr std::size_t posts_max = 50'000;
constexpr std::size_t brands = 10'000;
constexpr std::size_t page_posts = 200;

std::string json_line(std::size_t number, const std::string& text)
{
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    const auto put = [&writer](const char* key, const std::string& value) {
        writer.Key(key);
        writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    };
    writer.StartObject();
    put("type", "post");
    put("at", "2026-03-02T06:05:00Z");
    put("network", "bench");
    put("id", "at://did:plc:abcdefgh/app.bsky.feed.post/" + std::to_string(number));
    put("author", "author" + std::to_string(number % 5'000));
    put("lang", "en");
    put("text", text);
    for (const char* count : {"likes", "replies", "shares", "views"}) {
        writer.Key(count);
        writer.Uint64((number * 7) % 100);
    }
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

const std::vector<std::string>& lines()
{
    static const std::vector<std::string> made = [] {
        std::vector<std::string> out;
        for (const std::string& text : bench_texts()) {
            out.push_back(json_line(out.size(), text));
            if (out.size() == posts_max) {
                break;
            }
        }
        return out;
    }();
    return made;
}

Stages stages()
{
    std::vector<Watch> watches;
    for (const std::string& brand : bench_brands(brands)) {
        watches.push_back({.brand = brand, .terms = {{.text = brand}}});
    }
    return {.watches = analysis::MatchSet::build(std::move(watches)).value(),
            .model = analysis::Model::from_bytes(analysis::shipped_model()).value()};
}

double seconds_since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

const connectors::SourceIdentity identity{.name = "bench"};

double parse_all()
{
    const auto start = std::chrono::steady_clock::now();
    for (const std::string& line : lines()) {
        auto parsed = connectors::parse_replay_line(line, identity);
        benchmark::DoNotOptimize(parsed);
    }
    return seconds_since(start);
}

struct Counts {
    std::size_t mentions = 0;
    std::size_t stories = 0;
    std::size_t alerts = 0;
};

double pipeline_all(const Stages& stages, Counts& counts)
{
    StoryDesk desk({});
    StageScratch scratch;
    DeskInput page;
    const auto start = std::chrono::steady_clock::now();
    TimePoint now = from_unix_ms(1'772'539'200'000);
    for (std::size_t i = 0; i < lines().size(); ++i) {
        auto parsed = connectors::parse_replay_line(lines()[i], identity);
        Post post = std::get<Post>(std::move(parsed->what));
        post.seen_at = now;
        if (auto analysed = analyse_post(std::move(post), stages, scratch)) {
            page.posts.push_back(std::move(*analysed));
        }
        if ((i + 1) % page_posts == 0 || i + 1 == lines().size()) {
            page.at = now;
            const DeskOutput out = desk.take(page);
            counts.mentions += out.mentions.size();
            counts.alerts += out.alerts.size();
            page = {};
            now += std::chrono::seconds{1};
        }
    }
    counts.stories = desk.open_stories();
    return seconds_since(start);
}

void pipeline(benchmark::State& state)
{
    const Stages made = stages();
    double floor = 0;
    double whole = 0;
    Counts counts;
    for (auto _ : state) {
        floor += parse_all();
        counts = {};
        const double seconds = pipeline_all(made, counts);
        whole += seconds;
        state.SetIterationTime(seconds);
    }
    const auto posts =
        static_cast<double>(lines().size()) * static_cast<double>(state.iterations());
    state.counters["posts_per_s"] = posts / whole;
    state.counters["parse_per_s"] = posts / floor;
    state.counters["ratio"] = whole / floor;
    state.counters["mentions"] = static_cast<double>(counts.mentions);
    state.counters["stories"] = static_cast<double>(counts.stories);
    state.counters["alerts"] = static_cast<double>(counts.alerts);
}

BENCHMARK(pipeline)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(3);

} // namespace
} // namespace empathd::testing
