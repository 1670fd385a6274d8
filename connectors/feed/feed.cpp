#include "connectors/feed/feed.hpp"

#include "connectors/feed/document.hpp"

#include <utility>

namespace empathd::connectors {
namespace {

constexpr std::string_view accepted =
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5";

HttpRequest conditional_request(const std::string& address, const FeedCursor& cursor)
{
    HttpRequest request{.url = address, .headers = {{"Accept", std::string(accepted)}}};
    request.body_bytes_max = feed_body_bytes_max;
    if (!cursor.etag.empty()) {
        request.headers.emplace_back("If-None-Match", cursor.etag);
    }
    if (!cursor.modified.empty()) {
        request.headers.emplace_back("If-Modified-Since", cursor.modified);
    }
    return request;
}

/// A 304 may leave a validator out, which then still holds. "Expires: 0" is sent by servers whose
/// validators are those of a cache in front of them, which never change.
void keep_validators(FeedCursor& cursor, const HttpResponse& response)
{
    const std::string_view etag = header(response, "etag");
    const std::string_view modified = header(response, "last-modified");
    const bool renewed = response.status != 304;
    if (renewed || !etag.empty()) {
        cursor.etag = etag;
    }
    if (renewed || !modified.empty()) {
        cursor.modified = modified;
    }
    if (header(response, "expires") == "0") {
        cursor.etag.clear();
        cursor.modified.clear();
    }
}

/// The transport tells 404 and 410 apart in its words only.
Error explained(Error error)
{
    if (error.kind == ErrorKind::not_found && error.message.find("HTTP 410") != std::string::npos) {
        error.message += ": the feed is gone for good";
    }
    return error;
}

class Feed final : public Connector {
public:
    Feed(FeedOptions options, Environment environment)
        : options_(std::move(options)), http_(environment.http), clock_(environment.clock)
    {
    }

    boost::asio::awaitable<Result<Page>> fetch(std::string cursor) override
    {
        FeedCursor known = read_cursor(cursor, options_.address);
        HttpRequest request = conditional_request(options_.address, known);
        const Result<HttpResponse> response = co_await http_.send(std::move(request));
        if (!response) {
            co_return explained(response.error());
        }
        co_return read(*response, std::move(known));
    }

    boost::asio::awaitable<Result<std::vector<Observation>>>
    observe(std::vector<std::string> /*native_ids*/) override
    {
        co_return std::vector<Observation>();
    }

    [[nodiscard]] std::size_t observe_ids_max() const noexcept override { return 0; }

private:
    Result<Page> read(const HttpResponse& response, FeedCursor known) const
    {
        Page page;
        const bool not_modified = response.status == 304;
        const std::string body = not_modified ? known.body : short_digest(response.body);
        keep_validators(known, response);
        page.unchanged = not_modified || body == known.body;
        if (!page.unchanged) {
            const std::string& url = response.url.empty() ? options_.address : response.url;
            auto document = parse_feed(
                response.body, {.content_type = header(response, "content-type"), .url = url});
            if (!document) {
                return document.error();
            }
            page = page_of(std::move(*document), options_, clock_.now(), known);
            known.body = body;
        }
        page.cursor = write_cursor(known, options_.address);
        return page;
    }

    const FeedOptions options_;
    HttpClient& http_;
    const Clock& clock_;
};

} // namespace

std::unique_ptr<Connector> make_feed(config::Section& section, const SourceIdentity& identity,
                                     Environment environment)
{
    FeedOptions options{.identity = identity};
    // The check drops a slash at the end, which to some servers is another address.
    const std::string checked = section.base_url("base_url", "");
    options.address =
        checked.empty() ? section.text_required("base_url") : section.text("base_url", "");
    options.network = section.text("network", "feed");
    if (options.network.empty()) {
        section.problem("network", "network must not be empty");
    }
    options.items = static_cast<std::size_t>(
        section.integer("items", 500, 1, static_cast<std::int64_t>(feed_items_max)));
    return std::make_unique<Feed>(std::move(options), environment);
}

} // namespace empathd::connectors
