#include "analysis/incident/threads.hpp"

#include <algorithm>
#include <tuple>

namespace empathd::analysis {
namespace {

/// The first post of a mention's conversation, as far as it says.
PostKey root_of(const Post& post)
{
    const std::string& id = !post.thread.empty() ? post.thread : post.reply_to;
    return {post.key.network, id.empty() ? post.key.id : id};
}

bool waits(const ThreadStatus& status) noexcept
{
    return !status.answered_at;
}

/// Unanswered first, then by time, then by key so that the order is the same everywhere.
bool goes_first(const ThreadStatus& a, const ThreadStatus& b)
{
    if (waits(a) != waits(b)) {
        return waits(a);
    }
    return std::tie(a.asked_at, a.root, a.brand) < std::tie(b.asked_at, b.root, b.brand);
}

} // namespace

void Threads::add(const ThreadPost& mention)
{
    const Post& post = mention.post;
    Key key{mention.brand, root_of(post)};
    // A reply to a reply, where the source names no first post, is part of its parent's thread.
    const auto parent = by_post_.find({post.key.network, post.reply_to});
    if (post.thread.empty() && !post.reply_to.empty() && parent != by_post_.end()) {
        for (const Key& known : parent->second) {
            key = known.first == mention.brand ? known : key;
        }
    }
    if (!threads_.contains(key) && threads_.size() >= threads_max) {
        forget(Key(by_touch_.begin()->second));
    }
    Thread& thread = threads_[key];
    if (!thread.posts.insert(post.key.id).second) {
        return;
    }
    by_post_[post.key].push_back(key);
    by_touch_.erase({thread.touched_at, key});
    thread.touched_at = std::max(thread.touched_at, mention.at);
    by_touch_.emplace(thread.touched_at, key);

    ThreadStatus& status = thread.status;
    status.root = key.second;
    status.brand = mention.brand;
    status.incident = status.incident.empty() ? mention.incident : status.incident;
    const bool asked = !thread.question.id.empty();
    if (mention.official) {
        if (asked && !status.answered_at && mention.at >= status.asked_at) {
            status.answered_at = mention.at;
            status.answered_by = post.author;
        }
        return;
    }
    const bool again = asked && post.author == status.asked_by;
    if (mention.asks && (!asked || (again && status.answered_at))) {
        thread.question = post.key;
        status.url = post.url;
        status.asked_by = post.author;
        status.asked_at = mention.at;
        status.answered_at.reset();
        status.answered_by.clear();
    } else if (mention.complaint && !post.author.empty()) {
        thread.voices.emplace(post.key.id, post.author);
    }
    count_voices(thread);
}

void Threads::count_voices(Thread& thread)
{
    std::set<std::string> authors;
    for (const auto& [id, author] : thread.voices) {
        if (author != thread.status.asked_by) {
            authors.insert(author);
        }
    }
    thread.status.agreeing = static_cast<std::uint32_t>(authors.size());
}

void Threads::forget(const Key& key)
{
    const auto found = threads_.find(key);
    if (found == threads_.end()) {
        return;
    }
    for (const std::string& id : found->second.posts) {
        const auto posts = by_post_.find({key.second.network, id});
        if (posts != by_post_.end()) {
            std::erase(posts->second, key);
            if (posts->second.empty()) {
                by_post_.erase(posts);
            }
        }
    }
    by_touch_.erase({found->second.touched_at, key});
    threads_.erase(found);
}

void Threads::remove(const PostKey& key)
{
    const auto found = by_post_.find(key);
    if (found == by_post_.end()) {
        return;
    }
    const std::vector<Key> keys = found->second;
    for (const Key& name : keys) {
        Thread& thread = threads_.at(name);
        if (thread.question == key) {
            forget(name);
        } else if (thread.voices.erase(key.id) > 0) {
            count_voices(thread);
        }
    }
}

void Threads::expire(TimePoint now)
{
    while (!by_touch_.empty() && by_touch_.begin()->first < now - window) {
        forget(Key(by_touch_.begin()->second));
    }
}

std::string Threads::incident_of(const std::string& brand, const Post& post) const
{
    const PostKey parent{post.key.network, post.reply_to};
    for (const PostKey& key : {post.key, parent, root_of(post)}) {
        const auto found = by_post_.find(key);
        if (found == by_post_.end()) {
            continue;
        }
        for (const Key& thread : found->second) {
            if (thread.first == brand) {
                return threads_.at(thread).status.incident;
            }
        }
    }
    return {};
}

std::vector<ThreadStatus> Threads::of(const std::string& incident) const
{
    std::vector<ThreadStatus> out;
    for (const auto& [key, thread] : threads_) {
        if (thread.status.incident == incident && !thread.question.id.empty()) {
            out.push_back(thread.status);
        }
    }
    std::sort(out.begin(), out.end(), goes_first);
    return out;
}

std::vector<ThreadStatus> Threads::unanswered(const std::string& brand) const
{
    std::vector<ThreadStatus> out;
    for (const auto& [key, thread] : threads_) {
        const bool asked = !thread.question.id.empty();
        if (asked && waits(thread.status) && (brand.empty() || key.first == brand)) {
            out.push_back(thread.status);
        }
    }
    std::sort(out.begin(), out.end(), goes_first);
    return out;
}

} // namespace empathd::analysis
