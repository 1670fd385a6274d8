#include "connectors/hackernews/hackernews.hpp"

#include "connectors/fields.hpp"
#include "connectors/hackernews/search_round.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace empathd::connectors {
namespace {

constexpr std::size_t requests_per_fetch_max = 10;
constexpr std::size_t observe_max = 30;
constexpr std::size_t queries_max = 100;

struct Options {
    std::string base_url;
    std::string firebase_url;
    std::vector<std::string> queries; ///< Without quotes, each once.
    std::int64_t first_s = 0;
    std::int64_t overlap_s = 0;
    std::uint64_t hits_per_page = 0;
};

std::string search_url(const Options& options, const std::string& phrase,
                       const SearchWindow& window)
{
    const std::string filters = "created_at_i>=" + std::to_string(window.from) +
                                ",created_at_i<=" + std::to_string(window.until);
    return options.base_url + "/search_by_date?query=" + percent_encoded('"' + phrase + '"') +
           "&tags=" + percent_encoded("(story,comment)") +
           "&typoTolerance=false&advancedSyntax=true&numericFilters=" + percent_encoded(filters) +
           "&hitsPerPage=" + std::to_string(options.hits_per_page) +
           "&page=" + std::to_string(window.page);
}

bool in_round(const SearchStates& states)
{
    return std::any_of(states.begin(), states.end(),
                       [](const auto& item) { return item.second.next.has_value(); });
}

class HackerNews final : public Connector {
public:
    HackerNews(Options options, SourceIdentity identity, Environment environment)
        : options_(std::move(options)), identity_(std::move(identity)), environment_(environment)
    {
    }

    boost::asio::awaitable<Result<Page>> fetch(std::string cursor) override;
    boost::asio::awaitable<Result<std::vector<Observation>>>
    observe(std::vector<std::string> native_ids) override;
    [[nodiscard]] std::size_t observe_ids_max() const noexcept override { return observe_max; }

private:
    Result<SearchStates> load(const std::string& cursor, std::int64_t now_s) const;
    boost::asio::awaitable<Result<HackernewsHits>> search(std::string phrase, SearchWindow window);

    const Options options_;
    const SourceIdentity identity_;
    const Environment environment_;
};

/// The states of the configured phrases, all of them in a round.
Result<SearchStates> HackerNews::load(const std::string& cursor, std::int64_t now_s) const
{
    auto read = states_from_cursor(cursor);
    if (!read) {
        return read.error();
    }
    SearchStates states;
    for (const std::string& phrase : options_.queries) {
        const auto known = read->find(phrase);
        if (known != read->end()) {
            states.emplace(phrase, std::move(known->second));
        } else {
            SearchState fresh;
            fresh.from = now_s - options_.first_s;
            enter_round(fresh, now_s);
            states.emplace(phrase, std::move(fresh));
        }
    }
    if (!in_round(states)) {
        for (auto& [phrase, state] : states) {
            enter_round(state, now_s);
        }
    }
    return states;
}

boost::asio::awaitable<Result<HackernewsHits>> HackerNews::search(std::string phrase,
                                                                  SearchWindow window)
{
    HttpRequest request;
    request.url = search_url(options_, phrase, window);
    request.headers.emplace_back("Accept", "application/json");
    const Result<HttpResponse> response = co_await environment_.http.send(std::move(request));
    if (!response) {
        co_return response.error();
    }
    co_return parse_hackernews_hits(response->body, identity_);
}

boost::asio::awaitable<Result<Page>> HackerNews::fetch(std::string cursor)
{
    const auto now_s = std::chrono::floor<std::chrono::seconds>(environment_.clock.now())
                           .time_since_epoch()
                           .count();
    auto states = load(cursor, now_s);
    if (!states) {
        co_return states.error();
    }
    Page page;
    std::size_t requests = 0;
    std::optional<Error> failure;
    for (auto& [phrase, state] : *states) {
        if (!state.next) {
            continue;
        }
        SearchRound round(state, options_.overlap_s, options_.hits_per_page);
        while (!round.done() && !failure && requests < requests_per_fetch_max &&
               page.posts.size() + options_.hits_per_page <= page_posts_max) {
            auto answer = co_await search(phrase, round.window());
            if (!answer) {
                failure = answer.error();
                break;
            }
            const Result<> taken = round.take(std::move(*answer), page);
            if (!taken) {
                failure = taken.error();
                break;
            }
            ++requests;
        }
    }
    if (failure && requests == 0) {
        co_return std::move(*failure);
    }
    // After a failure what was read is kept and the next poll meets the failure, if it lasts.
    page.more = !failure && in_round(*states);
    page.unchanged = page.posts.empty() && page.rejected.empty() && !page.more;
    page.cursor = to_cursor(*states);
    co_return page;
}

boost::asio::awaitable<Result<std::vector<Observation>>>
HackerNews::observe(std::vector<std::string> native_ids)
{
    std::vector<Observation> out;
    for (const std::string& id : native_ids) {
        if (id.empty() || id.find_first_not_of("0123456789") != std::string::npos) {
            continue; // Never an item number: nothing of that name exists.
        }
        HttpRequest request;
        request.url = options_.firebase_url + "/item/" + id + ".json";
        const Result<HttpResponse> response = co_await environment_.http.send(std::move(request));
        if (!response && response.error().kind == ErrorKind::not_found) {
            continue;
        }
        if (!response) {
            co_return response.error();
        }
        auto item = parse_hackernews_item(response->body);
        if (!item) {
            co_return item.error();
        }
        if (*item) {
            out.push_back(std::move(**item));
        }
    }
    co_return out;
}

/// A phrase is put in quotes, so quotes inside it would end it.
std::string unquoted(const std::string& query)
{
    std::string phrase;
    for (const char c : query) {
        phrase += c == '"' ? ' ' : c;
    }
    return plain_line(phrase);
}

std::vector<std::string> read_queries(config::Section& section)
{
    std::vector<std::string> phrases;
    for (const std::string& query : section.texts("queries")) {
        std::string phrase = unquoted(query);
        if (phrase.empty()) {
            section.problem("queries", "queries holds an empty phrase");
        } else if (std::find(phrases.begin(), phrases.end(), phrase) == phrases.end()) {
            phrases.push_back(std::move(phrase));
        }
    }
    if (phrases.empty()) {
        section.problem("queries", "queries is missing: the phrases to search for");
    }
    if (phrases.size() > queries_max) {
        section.problem("queries", "queries holds " + std::to_string(phrases.size()) +
                                       " phrases, at most " + std::to_string(queries_max) +
                                       " are searched for");
    }
    return phrases;
}

} // namespace

std::unique_ptr<Connector> make_hackernews(config::Section& section, const SourceIdentity& identity,
                                           Environment environment)
{
    Options options;
    options.base_url = section.base_url("base_url", "https://hn.algolia.com/api/v1");
    options.firebase_url =
        section.base_url("firebase_url", "https://hacker-news.firebaseio.com/v0");
    options.queries = read_queries(section);
    options.first_s = section.integer("first_hours", 24, 1, 24 * 365) * 3600;
    options.overlap_s = section.integer("overlap_minutes", 15, 1, 24 * 60) * 60;
    options.hits_per_page =
        static_cast<std::uint64_t>(section.integer("hits_per_page", 200, 1, 1000));
    return std::make_unique<HackerNews>(std::move(options), identity, environment);
}

} // namespace empathd::connectors
