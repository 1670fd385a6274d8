#include "daemon/doors/doors.hpp"

#include "config/load.hpp"
#include "connectors/registry.hpp"
#include "connectors/transport/curl_client.hpp"
#include "daemon/exits.hpp"
#include "daemon/http/output.hpp"
#include "daemon/notify/message.hpp"
#include "daemon/policy.hpp"
#include "daemon/sources.hpp"
#include "daemon/system_clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <ostream>
#include <utility>

namespace empathd {
namespace {

namespace asio = boost::asio;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void put(Writer& writer, std::string_view key, std::string_view text)
{
    if (!text.empty()) {
        writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
        writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    }
}

template <class Count>
void put_count(Writer& writer, const char* key, const std::optional<Count>& count)
{
    if (count) {
        writer.Key(key);
        writer.Int64(static_cast<std::int64_t>(*count));
    }
}

void put_key(Writer& writer, const PostKey& key)
{
    put(writer, "network", key.network);
    put(writer, "id", key.id);
}

void put_engagement(Writer& writer, const Engagement& engagement)
{
    writer.Key("engagement");
    writer.StartObject();
    put_count(writer, "likes", engagement.likes);
    put_count(writer, "replies", engagement.replies);
    put_count(writer, "shares", engagement.shares);
    put_count(writer, "views", engagement.views);
    put_count(writer, "score", engagement.score);
    writer.EndObject();
}

void put_post(Writer& writer, const Post& post)
{
    put_key(writer, post.key);
    put(writer, "native_id", post.native_id);
    put(writer, "url", post.url);
    put(writer, "author", post.author);
    put(writer, "author_name", post.author_name);
    put_count(writer, "author_followers", post.author_followers);
    put(writer, "title", post.title);
    put(writer, "text", post.text);
    if (post.truncated) {
        writer.Key("truncated");
        writer.Bool(true);
    }
    put(writer, "language", post.language);
    put(writer, "reply_to", post.reply_to);
    put(writer, "thread", post.thread);
    writer.Key("links");
    writer.StartArray();
    for (const std::string& link : post.links) {
        writer.String(link.data(), static_cast<rapidjson::SizeType>(link.size()));
    }
    writer.EndArray();
    writer.Key("media");
    writer.StartArray();
    for (const Media& media : post.media) {
        writer.StartObject();
        put(writer, "url", media.url);
        put(writer, "description", media.description);
        writer.EndObject();
    }
    writer.EndArray();
    put(writer, "published_at", to_rfc3339(post.published_at));
    put(writer, "published_text", post.published_text);
    if (post.edited_at) {
        put(writer, "edited_at", to_rfc3339(*post.edited_at));
    }
    put_engagement(writer, post.engagement);
}

/// One line: {"kind": {what `fill` writes}}.
template <class Fill>
void line(std::ostream& out, const char* kind, const Fill& fill)
{
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    writer.Key(kind);
    writer.StartObject();
    fill(writer);
    writer.EndObject();
    writer.EndObject();
    out << std::string_view(buffer.GetString(), buffer.GetSize()) << '\n';
}

void print(const connectors::Page& page, std::ostream& out)
{
    for (const Post& post : page.posts) {
        line(out, "post", [&post](Writer& writer) { put_post(writer, post); });
    }
    for (const Observation& observation : page.observations) {
        line(out, "observation", [&observation](Writer& writer) {
            put_key(writer, observation.key);
            put_engagement(writer, observation.engagement);
        });
    }
    for (const PostKey& key : page.deletions) {
        line(out, "deletion", [&key](Writer& writer) { put_key(writer, key); });
    }
    for (const connectors::Rejected& item : page.rejected) {
        line(out, "rejected", [&item](Writer& writer) {
            put(writer, "reason", item.reason);
            put(writer, "sample", item.sample);
        });
    }
    line(out, "page", [&page](Writer& writer) {
        put(writer, "cursor", page.cursor);
        writer.Key("more");
        writer.Bool(page.more);
        writer.Key("unchanged");
        writer.Bool(page.unchanged);
        put(writer, "lost", page.lost);
        writer.Key("posts");
        writer.Uint64(page.posts.size());
    });
}

/// True when there was none; otherwise they have been written.
bool no_problems(const config::Config& config, std::ostream& err)
{
    for (const config::Problem& problem : *config.problems) {
        err << to_string(problem) << '\n';
    }
    return config.problems->empty();
}

Result<connectors::Page> ask(asio::io_context& loop, connectors::Connector& connector,
                             const std::string& cursor)
{
    std::optional<Result<connectors::Page>> answer;
    std::exception_ptr failure;
    auto body = [&answer, &connector, cursor]() -> asio::awaitable<void> {
        answer.emplace(co_await connector.fetch(cursor));
    };
    asio::co_spawn(loop, std::move(body),
                   [&failure](std::exception_ptr error) { failure = error; });
    while (!answer && !failure && loop.run_one() != 0) {
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
    return std::move(*answer);
}

} // namespace

int check_config(const std::string& config_path, std::ostream& out, std::ostream& err)
{
    config::Config config = config::load(config_path);
    const SystemClock clock;
    asio::io_context loop(1);
    const auto http =
        connectors::make_curl_client(loop.get_executor(), fetch_policy(config), clock);
    const auto sources = make_sources(config, {.http = *http, .clock = clock});
    (void)load_templates(config.templates.folder, *config.problems);
    if (const auto problem = watch_problem(config)) {
        config.problems->push_back({.file = config_path, .message = *problem});
    }
    if (const auto problem = route_problem(config, sink_names(config))) {
        config.problems->push_back({.file = config_path, .message = *problem});
    }
    if (!no_problems(config, err)) {
        return exit_config;
    }
    out << config_path << ": ok, " << config.watches.size() << " brands, " << sources.size()
        << " sources\n";
    return 0;
}

int fetch_once(const std::string& config_path, const std::string& source, const std::string& cursor,
               std::ostream& out, std::ostream& err)
{
    config::Config config = config::load(config_path);
    const SystemClock clock;
    asio::io_context loop(1);
    const auto http =
        connectors::make_curl_client(loop.get_executor(), fetch_policy(config), clock);
    std::vector<MadeSource> sources = make_sources(config, {.http = *http, .clock = clock});
    if (!no_problems(config, err)) {
        return exit_config;
    }
    const auto found = std::find_if(sources.begin(), sources.end(),
                                    [&source](const MadeSource& s) { return s.name == source; });
    if (found == sources.end()) {
        err << config_path << ": no source is called \"" << source << "\"; there are:";
        for (const MadeSource& known : sources) {
            err << " \"" << known.name << '"';
        }
        err << '\n';
        return exit_no_input;
    }
    const Result<connectors::Page> page = ask(loop, *found->connector, cursor);
    if (!page) {
        err << "source " << source << ": " << to_string(page.error().kind) << ": "
            << term_text(page.error().message);
        if (page.error().retry_after_s != 0) {
            err << " (try again in " << page.error().retry_after_s << " s)";
        }
        err << '\n';
        return exit_unavailable;
    }
    print(*page, out);
    return 0;
}

} // namespace empathd
