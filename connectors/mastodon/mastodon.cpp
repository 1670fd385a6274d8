#include "connectors/mastodon/mastodon.hpp"

#include "connectors/fields.hpp"
#include "connectors/mastodon/timeline_cursor.hpp"
#include "connectors/mastodon/timeline_walk.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <utility>

namespace empathd::connectors {
namespace {

constexpr std::size_t page_limit = 40;    // The most a timeline gives.
constexpr std::size_t page_read_max = 80; // Of a server that gives more than it was asked for.
constexpr std::size_t requests_per_fetch_max = 12;
constexpr std::size_t requests_per_timeline_max = 4;
constexpr std::size_t observe_max = 20;
constexpr std::size_t tags_max = 200;
constexpr std::size_t token_bytes_max = 4096;

struct Timeline {
    std::string name; ///< In the cursor.
    std::string url;  ///< Ends so that "&key=value" can follow.
};

struct Options {
    MastodonReading reading;
    std::vector<Timeline> timelines;
    std::string token_file; ///< Empty: no token.
};

/// What a fetch has used and gathered so far.
struct Visit {
    Page page;
    std::set<PostKey> keys; ///< Of the page: one status may stand in several timelines.
    HttpHeaders headers;
    std::size_t requests = 0;
    bool exhausted = false; ///< The server says that no request is left.
    std::optional<Error> failure;
};

Result<std::string> read_token(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::array<char, token_bytes_max> bytes{};
    file.read(bytes.data(), bytes.size());
    std::string token(bytes.data(),
                      static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') {
        token.pop_back();
    }
    const auto bad = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    if (token.empty() || std::any_of(token.begin(), token.end(), bad)) {
        return Error{ErrorKind::unauthorized, "token_file " + path + " holds no readable token"};
    }
    return token;
}

std::string ask_url(const Timeline& timeline, const TimelineAsk& ask)
{
    switch (ask.where) {
    case TimelineAsk::Where::above: return timeline.url + "&min_id=" + percent_encoded(ask.id);
    case TimelineAsk::Where::below: return timeline.url + "&max_id=" + percent_encoded(ask.id);
    case TimelineAsk::Where::newest: break;
    }
    return timeline.url;
}

class Mastodon final : public Connector {
public:
    Mastodon(Options options, HttpClient& http) : options_(std::move(options)), http_(http) {}

    boost::asio::awaitable<Result<Page>> fetch(std::string cursor) override;
    boost::asio::awaitable<Result<std::vector<Observation>>>
    observe(std::vector<std::string> native_ids) override;
    [[nodiscard]] std::size_t observe_ids_max() const noexcept override { return observe_max; }

private:
    Result<HttpHeaders> headers() const;
    Error explained(Error error) const;
    Result<MastodonProgress> load(const std::string& cursor) const;
    std::vector<const Timeline*> visiting_order(const MastodonProgress& progress) const;
    boost::asio::awaitable<void> visit_timeline(const Timeline& timeline,
                                                TimelineProgress& progress, Visit& visit);
    boost::asio::awaitable<Result<std::vector<Observation>>>
    observe_one_by_one(std::vector<std::string> native_ids, HttpHeaders headers);

    const Options options_;
    HttpClient& http_;
};

Result<HttpHeaders> Mastodon::headers() const
{
    HttpHeaders headers{{"Accept", "application/json"}};
    if (!options_.token_file.empty()) {
        auto token = read_token(options_.token_file);
        if (!token) {
            return token.error();
        }
        headers.emplace_back("Authorization", "Bearer " + *token);
    }
    return headers;
}

Error Mastodon::explained(Error error) const
{
    if (error.kind == ErrorKind::unauthorized) {
        error.message += options_.token_file.empty() ? ": this server wants a token, set token_file"
                                                     : ": the token of token_file is refused";
    }
    return error;
}

/// The configured timelines' progress, those that have to be visited open.
Result<MastodonProgress> Mastodon::load(const std::string& cursor) const
{
    auto read = mastodon_from_cursor(cursor);
    if (!read) {
        return read.error();
    }
    MastodonProgress progress{.turn = std::move(read->turn)};
    bool any_open = false;
    for (const Timeline& timeline : options_.timelines) {
        const auto known = read->timelines.find(timeline.name);
        TimelineProgress one{.open = true};
        if (known != read->timelines.end()) {
            one = std::move(known->second);
        }
        any_open = any_open || one.open;
        progress.timelines.emplace(timeline.name, std::move(one));
    }
    if (!any_open) {
        for (auto& [name, timeline] : progress.timelines) {
            timeline.open = true;
        }
    }
    return progress;
}

/// The open timelines, from the one whose turn it is.
std::vector<const Timeline*> Mastodon::visiting_order(const MastodonProgress& progress) const
{
    std::vector<const Timeline*> order;
    auto turn = order.size();
    for (const Timeline& timeline : options_.timelines) {
        if (timeline.name == progress.turn) {
            turn = order.size();
        }
        if (progress.timelines.at(timeline.name).open) {
            order.push_back(&timeline);
        }
    }
    if (turn < order.size()) {
        std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(turn), order.end());
    }
    return order;
}

/// Hands the new statuses of one answer over, oldest first.
void hand_over(std::vector<MastodonStatus> statuses, TimelineWalk& walk,
               const HttpResponse& response, Visit& visit)
{
    std::vector<TimelineEntry> entries;
    std::vector<std::size_t> places; // Of the entries among the statuses.
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        if (!statuses[i].id.empty()) {
            entries.push_back({.id = statuses[i].id, .created = statuses[i].created});
            places.push_back(i);
        } else if (statuses[i].reject) {
            visit.page.rejected.push_back(std::move(*statuses[i].reject));
        }
    }
    const auto fresh = walk.take(entries, mastodon_next_max_id(header(response, "link")));
    for (auto index = fresh.rbegin(); index != fresh.rend(); ++index) {
        MastodonStatus& status = statuses[places[*index]];
        if (status.post && visit.keys.insert(status.post->key).second) {
            visit.page.posts.push_back(std::move(*status.post));
        } else if (status.reject) {
            visit.page.rejected.push_back(std::move(*status.reject));
        }
    }
    std::string lost = walk.take_lost();
    if (!lost.empty()) {
        visit.page.lost += (visit.page.lost.empty() ? "" : "; ") + lost;
    }
    visit.exhausted = header(response, "x-ratelimit-remaining") == "0";
}

boost::asio::awaitable<void> Mastodon::visit_timeline(const Timeline& timeline,
                                                      TimelineProgress& progress, Visit& visit)
{
    TimelineWalk walk(progress.state);
    const std::size_t stop =
        std::min(requests_per_fetch_max, visit.requests + requests_per_timeline_max);
    while (!walk.done() && visit.requests < stop && !visit.exhausted) {
        HttpRequest request;
        request.url = ask_url(timeline, walk.ask());
        request.headers = visit.headers;
        const Result<HttpResponse> response = co_await http_.send(std::move(request));
        if (!response) {
            const ErrorKind kind = response.error().kind;
            const bool refused = kind == ErrorKind::not_found || kind == ErrorKind::malformed;
            if (refused && walk.refused()) {
                ++visit.requests;
                continue;
            }
            visit.failure = explained(response.error());
            co_return;
        }
        auto statuses = parse_mastodon_statuses(response->body, options_.reading);
        if (!statuses) {
            visit.failure = statuses.error();
            co_return;
        }
        if (statuses->size() > page_read_max) {
            statuses->resize(page_read_max); // The rest is found below, as after any hole.
        }
        hand_over(std::move(*statuses), walk, *response, visit);
        ++visit.requests;
    }
    progress.open = !walk.done();
}

boost::asio::awaitable<Result<Page>> Mastodon::fetch(std::string cursor)
{
    auto progress = load(cursor);
    if (!progress) {
        co_return progress.error();
    }
    Visit visit;
    auto sent = headers();
    if (!sent) {
        co_return sent.error();
    }
    visit.headers = std::move(*sent);
    for (const Timeline* timeline : visiting_order(*progress)) {
        progress->turn = timeline->name;
        if (visit.failure || visit.exhausted || visit.requests >= requests_per_fetch_max) {
            break;
        }
        co_await visit_timeline(*timeline, progress->timelines.at(timeline->name), visit);
    }
    if (visit.failure && visit.requests == 0) {
        co_return std::move(*visit.failure);
    }
    // After a failure what was read is kept and the next poll meets the failure, if it lasts.
    const auto open = [](const auto& item) { return item.second.open; };
    const bool unfinished =
        std::any_of(progress->timelines.begin(), progress->timelines.end(), open);
    visit.page.more = unfinished && !visit.failure && !visit.exhausted;
    visit.page.unchanged =
        visit.page.posts.empty() && visit.page.rejected.empty() && !visit.page.more;
    visit.page.cursor = to_cursor(*progress);
    co_return std::move(visit.page);
}

boost::asio::awaitable<Result<std::vector<Observation>>>
Mastodon::observe(std::vector<std::string> native_ids)
{
    if (native_ids.empty()) {
        co_return std::vector<Observation>();
    }
    auto sent = headers();
    if (!sent) {
        co_return sent.error();
    }
    HttpRequest request;
    request.url = options_.reading.base_url + "/api/v1/statuses";
    char separator = '?';
    for (const std::string& id : native_ids) {
        request.url += separator + percent_encoded("id[]") + '=' + percent_encoded(id);
        separator = '&';
    }
    request.headers = *sent;
    const Result<HttpResponse> response = co_await http_.send(std::move(request));
    if (response) {
        co_return parse_mastodon_counts(response->body, options_.reading);
    }
    const ErrorKind kind = response.error().kind;
    if (kind != ErrorKind::not_found && kind != ErrorKind::malformed) {
        co_return explained(response.error());
    }
    co_return co_await observe_one_by_one(std::move(native_ids), std::move(*sent));
}

/// For servers that do not know the list: Mastodon before 4.3 and most others.
boost::asio::awaitable<Result<std::vector<Observation>>>
Mastodon::observe_one_by_one(std::vector<std::string> native_ids, HttpHeaders headers)
{
    std::vector<Observation> out;
    for (const std::string& id : native_ids) {
        HttpRequest request;
        request.url = options_.reading.base_url + "/api/v1/statuses/" + percent_encoded(id);
        request.headers = headers;
        const Result<HttpResponse> response = co_await http_.send(std::move(request));
        if (!response && response.error().kind == ErrorKind::not_found) {
            continue;
        }
        if (!response) {
            co_return explained(response.error());
        }
        auto counts = parse_mastodon_counts(response->body, options_.reading);
        if (!counts) {
            co_return counts.error();
        }
        std::move(counts->begin(), counts->end(), std::back_inserter(out));
    }
    co_return out;
}

/// Hashtags without '#', each once.
std::vector<std::string> read_tags(config::Section& section)
{
    std::vector<std::string> tags;
    for (const std::string& written : section.texts("tags")) {
        std::string tag = plain_line(written.starts_with('#') ? written.substr(1) : written);
        if (tag.empty() || tag.find_first_of(" #/?,") != std::string::npos) {
            section.problem("tags", "tags holds \"" + written + "\", which is no hashtag");
        } else if (std::find(tags.begin(), tags.end(), tag) == tags.end()) {
            tags.push_back(std::move(tag));
        }
    }
    if (tags.size() > tags_max) {
        section.problem("tags", "tags holds " + std::to_string(tags.size()) +
                                    " hashtags, at most " + std::to_string(tags_max) + " are read");
    }
    return tags;
}

/// Hashtags in groups, each one timeline.
void add_tags(const std::vector<std::string>& tags, std::size_t group, Options& options)
{
    for (std::size_t start = 0; start < tags.size(); start += group) {
        Timeline timeline{.name = "tag:" + tags[start],
                          .url = options.reading.base_url + "/api/v1/timelines/tag/" +
                                 percent_encoded(tags[start]) +
                                 "?limit=" + std::to_string(page_limit)};
        for (std::size_t i = start + 1; i < std::min(tags.size(), start + group); ++i) {
            timeline.name += ',' + tags[i];
            timeline.url += '&' + percent_encoded("any[]") + '=' + percent_encoded(tags[i]);
        }
        options.timelines.push_back(std::move(timeline));
    }
}

} // namespace

std::unique_ptr<Connector> make_mastodon(config::Section& section, const SourceIdentity& identity,
                                         Environment environment)
{
    Options options;
    options.reading.identity = identity;
    options.reading.base_url = section.base_url("base_url", "");
    if (options.reading.base_url.empty()) {
        section.problem("base_url", "base_url is missing: the address of the instance");
    }
    options.reading.respect_noindex = section.flag("respect_noindex", true);
    options.reading.respect_discoverable = section.flag("respect_discoverable", false);
    const auto tags = read_tags(section);
    const auto group = static_cast<std::size_t>(section.integer("tags_per_request", 1, 1, 5));
    const std::string timeline = section.choice("timeline", "", {"", "public", "local"});
    options.token_file = section.text("token_file", "");
    if (tags.empty() && timeline.empty()) {
        section.problem("tags", "tags is missing: name hashtags or set timeline");
    }
    add_tags(tags, group, options);
    if (!timeline.empty()) {
        options.timelines.push_back(
            {.name = timeline,
             .url = options.reading.base_url + "/api/v1/timelines/public?limit=" +
                    std::to_string(page_limit) + (timeline == "local" ? "&local=true" : "")});
    }
    return std::make_unique<Mastodon>(std::move(options), environment.http);
}

} // namespace empathd::connectors
