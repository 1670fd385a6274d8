// What the store does in a second, and how long a question waits.
//
// Writing is measured against its floor in the same process: the same posts into one table without
// any index, in the same batches, with the same synchronisation. `ratio` says how many times the
// floor a mention costs with mentions, indices, full text, roll-ups and counts.
#include "daemon/store/sqlite_connection.hpp"
#include "daemon/store/sqlite_schema.hpp"
#include "daemon/store/store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace empathd {
namespace {

using testing::TemporaryFolder;

constexpr std::size_t batch = 1'000;
constexpr int brands = 200;
constexpr int day_mentions = 333'000; ///< Of a busy day, in the database that is asked.

constexpr std::array words{
    "the",     "it",       "broke",  "again",    "waiting", "phở",     "điện",    "thoại",
    "service", "refund",   "never",  "commande", "livrée",  "retard",  "support", "application",
    "battery", "screen",   "cold",   "tea",      "không",   "được",    "hàng",    "giao",
    "merci",   "jamais",   "please", "why",      "worst",   "manager", "order",   "still",
    "nothing", "happened", "week",   "month",    "called",  "answer",  "email",   "charged"};

/// Posts as they come: some 170 bytes, words of very different frequency, some found nowhere else.
class Posts {
public:
    PageCommit page(TimePoint at)
    {
        PageCommit commit{.source = "bench", .cursor = std::to_string(count_), .at = at};
        for (std::size_t i = 0; i < batch; ++i) {
            commit.posts.push_back(post(at));
            commit.mentions.push_back(mention(i));
        }
        commit.conservation = {.fetched = batch, .stored = batch};
        return commit;
    }

private:
    Post post(TimePoint at)
    {
        const std::string id = std::to_string(++count_);
        std::string text;
        while (text.size() < 160) {
            const auto rank = static_cast<std::size_t>(zipf_(random_) * zipf_(random_) *
                                                       static_cast<double>(words.size()));
            text += words[std::min(rank, words.size() - 1)];
            text += ' ';
        }
        text += "w" + std::to_string(random_() % 50'000);
        return {.key = {"forum", "https://forum.test/objects/" + id},
                .native_id = id,
                .source = "bench",
                .url = "https://forum.test/p/" + id,
                .author = "author" + std::to_string(random_() % 100'000),
                .author_name = "Somebody",
                .text = std::move(text),
                .published_at = at,
                .published_text = "2026-03-02T10:00:00Z",
                .seen_at = at,
                .engagement = {.likes = random_() % 50, .replies = random_() % 10}};
    }

    MentionRecord mention(std::size_t post)
    {
        const auto brand = static_cast<int>(zipf_(random_) * zipf_(random_) * brands);
        MentionRecord record{.post = post,
                             .brand = "Brand " + std::to_string(brand),
                             .spans = {{4, 9}},
                             .terms = {"brand"}};
        static constexpr std::array languages{"en", "fr", "vi"};
        Experience& said = record.experience;
        said.language = languages[random_() % 3];
        said.language_probability = 0.93F;
        for (const Facet facet : all_facets()) {
            said.of(facet) = answer(facet);
        }
        said.model = "2026.03";
        return record;
    }

    /// Any label; evidence for half of them, as a model gives it.
    Answer answer(Facet facet)
    {
        const auto labels = labels_of(facet);
        const std::size_t chosen = random_() % labels.size();
        Answer answer{.label = std::string(labels[chosen]), .probability = 0.71F};
        const float rest = 0.29F / static_cast<float>(labels.size() - 1);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            answer.probabilities.emplace_back(labels[i], i == chosen ? 0.71F : rest);
        }
        if (random_() % 2 == 0) {
            answer.evidence = {{{3, 5}, 1.1F}, {{20, 7}, 0.6F}};
        }
        return answer;
    }

    std::mt19937 random_{7};
    std::uniform_real_distribution<double> zipf_{0, 1};
    std::uint64_t count_ = 0;
};

TimePoint start()
{
    return from_unix_ms(1'772'445'600'000);
}

/// Of this thread: what a commit costs when the machine is shared, beside what it takes.
double cpu_seconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double seconds_since(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void stop(benchmark::State& state, const Error& error)
{
    state.SkipWithError(error.message.c_str());
}

/// Seconds per post into the plainest table there is.
double floor_seconds(const std::vector<PageCommit>& pages)
{
    const TemporaryFolder folder;
    auto db = sqlite::Connection::open(folder.file("floor.db"), sqlite::Access::write);
    sqlite::set_up_writer(**db);
    (*db)->execute("CREATE TABLE posts (key, source, url, author, name, text, at, seen, likes, "
                   "replies, brand, sentiment)");
    const auto begin = std::chrono::steady_clock::now();
    for (const PageCommit& page : pages) {
        sqlite::Transaction transaction(**db);
        for (std::size_t i = 0; i < page.posts.size(); ++i) {
            const Post& post = page.posts[i];
            (*db)->run(
                "INSERT INTO posts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                post.key.id, post.source, post.url, post.author, post.author_name, post.text,
                post.published_at, post.seen_at, post.engagement.likes, post.engagement.replies,
                page.mentions[i].brand, page.mentions[i].experience.of(Facet::sentiment).label);
        }
        transaction.commit();
    }
    const double seconds = seconds_since(begin);
    const std::size_t posts = pages.size() * batch;
    return (*db)->ok() ? seconds / static_cast<double>(posts) : 0;
}

void store_commit(benchmark::State& state)
{
    Posts posts;
    std::vector<PageCommit> pages;
    for (int i = 0; i < 50; ++i) {
        pages.push_back(posts.page(start() + std::chrono::seconds{i}));
    }
    const double floor = floor_seconds(pages);
    const TemporaryFolder folder;
    auto store = open_sqlite_store({.path = folder.file("store.db"), .sinks = {"redis"}});
    if (!store) {
        return stop(state, store.error());
    }
    double seconds = 0;
    double cpu = 0;
    std::size_t next = 0;
    for (auto _ : state) {
        const std::vector<PageCommit> one{pages[next++ % pages.size()]};
        const double cpu_begin = cpu_seconds();
        const auto begin = std::chrono::steady_clock::now();
        if (const auto done = (*store)->commit(one); !done) {
            return stop(state, done.error());
        }
        const double took = seconds_since(begin);
        cpu += cpu_seconds() - cpu_begin;
        state.SetIterationTime(took);
        seconds += took;
    }
    const auto mentions = static_cast<double>(state.iterations()) * static_cast<double>(batch);
    state.counters["mentions/s"] = mentions / seconds;
    state.counters["cpu_us/mention"] = cpu / mentions * 1e6;
    state.counters["floor/s"] = 1 / floor;
    state.counters["ratio"] = seconds / mentions / floor;
}
BENCHMARK(store_commit)->Iterations(50)->UseManualTime()->Unit(benchmark::kMillisecond);

/// One million mentions over three days, built once. EMPATHD_BENCH_MENTIONS changes the number.
class Million {
public:
    static Million& get()
    {
        static Million database;
        return database;
    }

    StoreReader& reader() { return *reader_; }
    [[nodiscard]] TimePoint end() const { return end_; }
    [[nodiscard]] const std::string& error() const { return error_; }

private:
    Million()
    {
        const char* wanted = std::getenv("EMPATHD_BENCH_MENTIONS");
        const std::size_t mentions =
            wanted == nullptr ? 1'000'000 : std::strtoull(wanted, nullptr, 10);
        auto store = open_sqlite_store({.path = folder_.file("million.db")});
        if (!store) {
            error_ = store.error().message;
            return;
        }
        Posts posts;
        const auto step =
            std::chrono::milliseconds{std::int64_t{86'400'000} * batch / day_mentions};
        for (std::size_t i = 0; i < mentions; i += batch) {
            end_ += step;
            if (const auto done = (*store)->commit({posts.page(end_)}); !done) {
                error_ = done.error().message;
                return;
            }
        }
        store->reset();
        auto reader = open_sqlite_reader(folder_.file("million.db"));
        error_ = reader ? "" : reader.error().message;
        reader_ = reader ? std::move(*reader) : nullptr;
    }

    TemporaryFolder folder_;
    std::unique_ptr<StoreReader> reader_;
    TimePoint end_ = start();
    std::string error_;
};

template <class Make>
void ask(benchmark::State& state, Make make)
{
    Million& database = Million::get();
    if (!database.error().empty()) {
        state.SkipWithError(database.error().c_str());
        return;
    }
    std::mt19937 random{11};
    std::vector<double> times;
    std::size_t rows = 0;
    for (auto _ : state) {
        const MentionFilter filter = make(random, database.end());
        const auto begin = std::chrono::steady_clock::now();
        const auto found = database.reader().mentions(filter);
        const double took = seconds_since(begin);
        state.SetIterationTime(took);
        times.push_back(took * 1e3);
        if (!found) {
            return stop(state, found.error());
        }
        rows += found->size();
    }
    std::sort(times.begin(), times.end());
    state.counters["p50_ms"] = times[times.size() / 2];
    state.counters["p99_ms"] = times[times.size() * 99 / 100];
    state.counters["rows"] = static_cast<double>(rows) / static_cast<double>(times.size());
}

std::string some_brand(std::mt19937& random)
{
    return "Brand " + std::to_string(random() % brands);
}

void newest_of_a_brand(benchmark::State& state)
{
    ask(state,
        [](std::mt19937& random, TimePoint) { return MentionFilter{.brand = some_brand(random)}; });
}

void newest_of_a_brand_by_labels(benchmark::State& state)
{
    ask(state, [](std::mt19937& random, TimePoint) {
        return MentionFilter{
            .brand = some_brand(random),
            .language = "vi",
            .labels = {{Facet::sentiment, "negative"}, {Facet::experience, "complaint"}}};
    });
}

void word_in_a_day(benchmark::State& state)
{
    ask(state, [](std::mt19937& random, TimePoint end) {
        return MentionFilter{.query = words[random() % words.size()],
                             .since = end - std::chrono::hours{24}};
    });
}

void rare_word_in_a_day(benchmark::State& state)
{
    ask(state, [](std::mt19937& random, TimePoint end) {
        return MentionFilter{.query = "w" + std::to_string(random() % 50'000),
                             .since = end - std::chrono::hours{24}};
    });
}

void word_in_the_first_day(benchmark::State& state)
{
    ask(state, [](std::mt19937& random, TimePoint) {
        return MentionFilter{.query = words[random() % words.size()],
                             .since = start(),
                             .until = start() + std::chrono::hours{24}};
    });
}

void word_of_a_brand(benchmark::State& state)
{
    ask(state, [](std::mt19937& random, TimePoint end) {
        return MentionFilter{.brand = some_brand(random),
                             .query = words[random() % words.size()],
                             .since = end - std::chrono::hours{24}};
    });
}

void two_words_and_a_prefix(benchmark::State& state)
{
    ask(state, [](std::mt19937& random, TimePoint end) {
        return MentionFilter{.query = std::string(words[random() % words.size()]) + " batt* OR " +
                                      words[random() % words.size()],
                             .since = end - std::chrono::hours{24}};
    });
}

#define EMPATHD_ASK(name)                                                                          \
    BENCHMARK(name)->Iterations(1'000)->UseManualTime()->Unit(benchmark::kMillisecond)
EMPATHD_ASK(newest_of_a_brand);
EMPATHD_ASK(newest_of_a_brand_by_labels);
EMPATHD_ASK(word_in_a_day);
EMPATHD_ASK(rare_word_in_a_day);
EMPATHD_ASK(word_in_the_first_day);
EMPATHD_ASK(word_of_a_brand);
EMPATHD_ASK(two_words_and_a_prefix);

} // namespace
} // namespace empathd
