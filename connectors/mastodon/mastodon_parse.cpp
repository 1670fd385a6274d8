#include "connectors/fields.hpp"
#include "connectors/mastodon/mastodon.hpp"
#include "connectors/transport/html_text.hpp"
#include "connectors/transport/json.hpp"
#include "connectors/transport/time_formats.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace empathd::connectors {
namespace {

constexpr std::string_view network = "mastodon";

std::string host_of(std::string_view base_url)
{
    const std::size_t start = base_url.find("://") + 3;
    return std::string(base_url.substr(start, base_url.find('/', start) - start));
}

/// The key: the ActivityPub uri, or the address on this instance where a server gives none.
std::string global_id(const Json& status, const MastodonReading& reading)
{
    const std::string_view uri = text_at(status, "uri");
    if (!uri.empty() && uri.size() <= id_bytes_max) {
        return std::string(uri);
    }
    const std::string id = id_at(status, "id");
    return id.empty() ? id : reading.base_url + "/statuses/" + id;
}

Engagement read_counts(const Json& status)
{
    Engagement counts{.likes = count_at(status, "favourites_count"),
                      .replies = count_at(status, "replies_count"),
                      .shares = count_at(status, "reblogs_count")};
    if (const auto quotes = count_at(status, "quotes_count")) {
        counts.shares = counts.shares.value_or(0) + *quotes;
    }
    return counts;
}

/// Public or unlisted, and by an author who lets it be read by machines.
bool is_wanted(const Json& status, const MastodonReading& reading)
{
    const std::string_view visibility = text_at(status, "visibility");
    if (!visibility.empty() && visibility != "public" && visibility != "unlisted") {
        return false;
    }
    const Json* account = object_at(status, "account");
    if (account == nullptr) {
        return true;
    }
    if (reading.respect_noindex && flag_at(*account, "noindex").value_or(false)) {
        return false;
    }
    return !reading.respect_discoverable || flag_at(*account, "discoverable").value_or(true);
}

void read_author(const Json& status, const MastodonReading& reading, Post& post)
{
    const Json* account = object_at(status, "account");
    if (account == nullptr) {
        return;
    }
    post.author = plain_line(text_at(*account, "acct"));
    if (!post.author.empty() && post.author.find('@') == std::string::npos) {
        post.author += '@' + host_of(reading.base_url);
    }
    post.author_name = plain_line(text_at(*account, "display_name"));
    post.author_followers = count_at(*account, "followers_count");
}

void read_media(const Json& status, Post& post)
{
    for (const Json& item : items_at(status, "media_attachments")) {
        Media media{.url = web_address(text_at(item, "url")),
                    .description = plain_text(text_at(item, "description"))};
        if (media.url.empty()) {
            media.url = web_address(text_at(item, "remote_url"));
        }
        if (!media.url.empty() || !media.description.empty()) {
            post.media.push_back(std::move(media));
        }
    }
}

void read_words(const Json& status, Post& post)
{
    HtmlText content = html_to_text(text_at(status, "content"));
    std::string text = plain_text(text_at(status, "spoiler_text"));
    if (!text.empty() && !content.text.empty()) {
        text += '\n';
    }
    text += content.text;
    post.truncated = content.truncated;
    set_text(post, std::move(text));
    for (const std::string& link : content.links) {
        add_link(post, link);
    }
    if (const Json* card = object_at(status, "card")) {
        add_link(post, text_at(*card, "url"));
    }
    if (const Json* quoted = find(status, {"quote", "quoted_status"})) {
        add_link(post, text_at(*quoted, "url"));
    }
    post.media = std::move(content.media);
    read_media(status, post);
}

/// The parent's uri as far as this status gives it away; see parse_mastodon_statuses().
std::string parent_of(const Json& status, const MastodonReading& reading)
{
    const std::string parent = id_at(status, "in_reply_to_id");
    if (parent.empty()) {
        return {};
    }
    const Json* account = object_at(status, "account");
    const std::string own_end = "/statuses/" + id_at(status, "id");
    const std::string_view uri = text_at(status, "uri");
    const std::string author = id_at(status, "in_reply_to_account_id");
    if (account != nullptr && !author.empty() && author == id_at(*account, "id") &&
        uri.starts_with(reading.base_url + '/') && uri.ends_with(own_end)) {
        return std::string(uri.substr(0, uri.size() - own_end.size())) + "/statuses/" + parent;
    }
    return reading.base_url + "/statuses/" + parent;
}

Post read_post(const Json& status, const MastodonReading& reading, TimePoint created)
{
    Post post;
    post.key = {.network = std::string(network), .id = global_id(status, reading)};
    post.native_id = id_at(status, "id");
    post.source = reading.identity.name;
    post.audience = reading.identity.audience;
    post.url = web_address(text_at(status, "url"));
    if (post.url.empty()) {
        post.url = web_address(post.key.id);
    }
    read_author(status, reading, post);
    read_words(status, post);
    post.language = language_tag(text_at(status, "language"));
    post.reply_to = parent_of(status, reading);
    post.published_at = created;
    post.published_text = std::string(text_at(status, "created_at"));
    post.edited_at = parse_time(text_at(status, "edited_at"));
    post.engagement = read_counts(status);
    return post;
}

MastodonStatus read_status(const Json& item, const MastodonReading& reading)
{
    MastodonStatus out;
    out.id = id_at(item, "id");
    out.created = parse_time(text_at(item, "created_at"));
    if (out.id.size() > id_bytes_max) {
        out.id.clear();
    }
    const Json* boosted = object_at(item, "reblog");
    const Json& status = boosted != nullptr ? *boosted : item;
    if (!item.IsObject() || out.id.empty() || id_at(status, "id").empty()) {
        out.reject = rejected("the status has no usable id", item);
        return out;
    }
    if (!is_wanted(status, reading)) {
        return out;
    }
    const auto created =
        boosted != nullptr ? parse_time(text_at(status, "created_at")) : out.created;
    if (!created) {
        out.reject = rejected("the status has no readable created_at", item);
        return out;
    }
    out.post = read_post(status, reading, *created);
    return out;
}

/// Parents that are on the same page are named by their key.
void join_answers(std::vector<MastodonStatus>& statuses, const MastodonReading& reading)
{
    std::map<std::string, std::string> keys; // By the reference that parent_of() makes.
    for (const MastodonStatus& status : statuses) {
        if (status.post) {
            keys.emplace(reading.base_url + "/statuses/" + status.post->native_id,
                         status.post->key.id);
        }
    }
    for (MastodonStatus& status : statuses) {
        if (!status.post || status.post->reply_to.empty()) {
            continue;
        }
        const auto parent = keys.find(status.post->reply_to);
        if (parent != keys.end()) {
            status.post->reply_to = parent->second;
        }
    }
}

} // namespace

Result<std::vector<MastodonStatus>> parse_mastodon_statuses(std::string_view json,
                                                            const MastodonReading& reading)
{
    const auto document = parse_json(json);
    if (!document) {
        return document.error();
    }
    if (!document->IsArray()) {
        return Error{ErrorKind::malformed, "the timeline is not a list of statuses"};
    }
    std::vector<MastodonStatus> statuses;
    for (const Json& item : items_of(*document)) {
        statuses.push_back(read_status(item, reading));
    }
    join_answers(statuses, reading);
    return statuses;
}

Result<std::vector<Observation>> parse_mastodon_counts(std::string_view json,
                                                       const MastodonReading& reading)
{
    const auto document = parse_json(json);
    if (!document) {
        return document.error();
    }
    std::vector<Observation> out;
    const auto add = [&](const Json& status) {
        std::string id = global_id(status, reading);
        if (!id.empty() && !id_at(status, "id").empty()) {
            out.push_back({.key = {.network = std::string(network), .id = std::move(id)},
                           .engagement = read_counts(status)});
        }
    };
    if (document->IsObject()) {
        add(*document);
    } else if (document->IsArray()) {
        for (const Json& status : items_of(*document)) {
            add(status);
        }
    } else {
        return Error{ErrorKind::malformed, "the answer holds no statuses"};
    }
    return out;
}

std::string mastodon_next_max_id(std::string_view link_header)
{
    // <https://host/path?limit=40&max_id=5>; rel="next", <...>; rel="prev" (RFC 8288)
    while (!link_header.empty()) {
        const std::size_t open = link_header.find('<');
        const std::size_t close = link_header.find('>', open == std::string_view::npos ? 0 : open);
        if (open == std::string_view::npos || close == std::string_view::npos) {
            return {};
        }
        const std::string_view url = link_header.substr(open + 1, close - open - 1);
        const std::size_t next = link_header.find('<', close);
        const std::string_view parameters = link_header.substr(close + 1, next - close - 1);
        link_header =
            next == std::string_view::npos ? std::string_view() : link_header.substr(next);
        if (parameters.find("rel=\"next\"") == std::string_view::npos &&
            parameters.find("rel=next") == std::string_view::npos) {
            continue;
        }
        for (const std::string_view key : {"?max_id=", "&max_id="}) {
            const std::size_t found = url.find(key);
            if (found != std::string_view::npos) {
                const std::string_view value = url.substr(found + key.size());
                return std::string(value.substr(0, value.find('&')));
            }
        }
    }
    return {};
}

} // namespace empathd::connectors
