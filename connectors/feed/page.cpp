#include "connectors/feed/feed.hpp"

#include "analysis/model/digest.hpp"
#include "connectors/fields.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

namespace empathd::connectors {
namespace {

constexpr std::string_view gone = "00000000"; ///< SeenItem::content of a tombstone.

std::string_view trimmed(std::string_view text) noexcept
{
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Whether an id means the same wherever it stands: an address, a URN or a tag URI (RFC 4151).
bool is_global(std::string_view id) noexcept
{
    if (id.find_first_of(" \t\r\n") != std::string_view::npos) {
        return false;
    }
    const auto starts = [id](std::string_view scheme) {
        return id.size() > scheme.size() &&
               std::equal(scheme.begin(), scheme.end(), id.begin(),
                          [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
    };
    if (starts("urn:") || starts("tag:")) {
        return true;
    }
    const std::size_t separator = id.find("://");
    return separator != std::string_view::npos && separator > 0 && id.size() > separator + 3 &&
           id.substr(0, separator)
                   .find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789+-.") == std::string_view::npos;
}

std::string global_id(std::string_view id, const FeedOptions& options)
{
    id = trimmed(id);
    if (id.empty()) {
        return {};
    }
    const std::string kept = id.size() > id_bytes_max / 2 ? digest({id}) : std::string(id);
    return is_global(kept) ? kept : options.address + '#' + kept;
}

/// The newest items, oldest first. Feeds list the newest first; where dates say otherwise they
/// win. Items without a date count as published now.
void put_in_order(std::vector<FeedItem>& items, const FeedOptions& options, TimePoint now)
{
    for (FeedItem& item : items) {
        if (!item.dated) {
            item.post.published_at = now;
        }
    }
    std::reverse(items.begin(), items.end());
    std::stable_sort(items.begin(), items.end(), [](const FeedItem& a, const FeedItem& b) {
        return a.post.published_at < b.post.published_at;
    });
    if (items.size() > options.items) {
        items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(options.items));
    }
}

/// The id as the feed has it, without what tells items apart that share it.
std::string base_id(const FeedItem& item, const FeedOptions& options)
{
    std::string id = global_id(item.id, options);
    if (id.empty()) {
        id = global_id(item.post.url, options);
    }
    if (id.empty()) {
        id = options.address + '#' + digest({item.post.title, item.post.text});
    }
    return id;
}

/// What tells an item from others with the same id.
std::string difference(const FeedItem& item)
{
    const Post& post = item.post;
    if (!item.id.empty()) {
        return short_digest(post.url);
    }
    const std::string_view when = item.dated ? std::string_view(post.published_text) : post.text;
    return digest({post.author_name, when, post.title}).substr(0, 16);
}

/// Gives every item its key. Of items with the same key the newest stays.
void give_keys(std::vector<FeedItem>& items, const FeedOptions& options, FeedCursor& cursor)
{
    std::map<std::string, std::string> first; // Id, and the difference of the first item with it.
    for (FeedItem& item : items) {
        item.post.key = {options.network, base_id(item, options)};
        const auto [known, added] = first.emplace(item.post.key.id, difference(item));
        const std::string hash = short_digest(item.post.key.id);
        const bool noted =
            std::find(cursor.shared.begin(), cursor.shared.end(), hash) != cursor.shared.end();
        if (!added && known->second != difference(item) && !noted) {
            if (cursor.shared.size() == feed_shared_ids_max) {
                cursor.shared.erase(cursor.shared.begin());
            }
            cursor.shared.push_back(hash);
        }
    }
    std::map<std::string, std::size_t> last;
    for (std::size_t i = 0; i < items.size(); ++i) {
        Post& post = items[i].post;
        const std::string hash = short_digest(post.key.id);
        if (std::find(cursor.shared.begin(), cursor.shared.end(), hash) != cursor.shared.end()) {
            post.key.id += '#' + difference(items[i]);
        }
        post.native_id = post.key.id;
        last[post.key.id] = i;
    }
    std::vector<FeedItem> kept;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (last[items[i].post.key.id] == i) {
            kept.push_back(std::move(items[i]));
        }
    }
    items = std::move(kept);
}

/// Turns references into keys and finds each thread's first post as far as the page names it.
void join_threads(std::vector<FeedItem>& items, const FeedOptions& options)
{
    std::unordered_map<std::string, std::string> parent_of;
    for (FeedItem& item : items) {
        item.post.reply_to = global_id(item.post.reply_to, options);
        if (item.post.reply_to == item.post.key.id) {
            item.post.reply_to.clear();
        }
        parent_of.emplace(item.post.key.id, item.post.reply_to);
    }
    constexpr int steps_max = 64; // A ring of replies must not lead round for ever.
    for (FeedItem& item : items) {
        std::string root = item.post.reply_to;
        for (int step = 0; step < steps_max; ++step) {
            const auto parent = parent_of.find(root);
            if (parent == parent_of.end() || parent->second.empty()) {
                break;
            }
            root = parent->second;
        }
        item.post.thread = root == item.post.key.id ? std::string() : std::move(root);
    }
}

class SeenBefore {
public:
    explicit SeenBefore(const FeedCursor& cursor)
    {
        for (const auto* list : {&cursor.seen, &cursor.before}) { // The later page wins.
            for (const SeenItem& item : *list) {
                content_.emplace(item.id, item.content);
            }
        }
    }

    [[nodiscard]] bool empty() const noexcept { return content_.empty(); }
    [[nodiscard]] bool has(const SeenItem& item) const { return content_.count(item.id) != 0; }
    [[nodiscard]] bool has_unchanged(const SeenItem& item) const
    {
        const auto found = content_.find(item.id);
        return found != content_.end() && found->second == item.content;
    }

private:
    std::unordered_map<std::string, std::string> content_;
};

SeenItem mark_of(const Post& post)
{
    std::string content = digest({post.title, post.text}).substr(0, gone.size());
    if (content == gone) {
        content.back() = '1';
    }
    return {.id = short_digest(post.key.id), .content = std::move(content)};
}

void add_deletions(const std::vector<std::string>& ids, const FeedOptions& options,
                   const SeenBefore& before, std::vector<SeenItem>& seen, Page& page)
{
    for (const std::string& id : ids) {
        PostKey key{options.network, global_id(id, options)};
        SeenItem mark{.id = short_digest(key.id), .content = std::string(gone)};
        if (key.id.empty() || page.deletions.size() == feed_items_max) {
            continue;
        }
        if (!before.has_unchanged(mark)) {
            page.deletions.push_back(std::move(key));
        }
        if (seen.size() < feed_items_max) {
            seen.push_back(std::move(mark));
        }
    }
}

} // namespace

Page page_of(FeedDocument document, const FeedOptions& options, TimePoint now, FeedCursor& cursor)
{
    Page page;
    put_in_order(document.items, options, now);
    give_keys(document.items, options, cursor);
    join_threads(document.items, options);
    const SeenBefore before(cursor);
    std::vector<SeenItem> seen;
    bool overlaps = false;
    for (FeedItem& item : document.items) {
        Post& post = item.post;
        post.source = options.identity.name;
        post.audience = options.identity.audience;
        SeenItem mark = mark_of(post);
        overlaps = overlaps || before.has(mark);
        if (!before.has_unchanged(mark)) {
            page.posts.push_back(std::move(post));
        } else if (post.engagement != Engagement{}) {
            page.observations.push_back(
                {.key = post.key, .at = now, .engagement = post.engagement});
        }
        seen.push_back(std::move(mark));
    }
    if (!overlaps && !before.empty() && !document.items.empty()) {
        page.lost = "all items of the feed are new: older ones may have come and gone between "
                    "two polls";
    } else if (document.cut) {
        page.lost = "the feed has more elements than are read: its end is missing";
    }
    add_deletions(document.deleted, options, before, seen, page);
    page.rejected = std::move(document.rejected);
    if (page.rejected.size() > page_posts_max) {
        page.rejected.resize(page_posts_max);
    }
    cursor.before = std::exchange(cursor.seen, std::move(seen));
    return page;
}

} // namespace empathd::connectors
