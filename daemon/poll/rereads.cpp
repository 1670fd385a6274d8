#include "daemon/poll/rereads.hpp"

#include <algorithm>

namespace empathd {

std::optional<TimePoint> next_reread(TimePoint seen_at, TimePoint now) noexcept
{
    for (std::chrono::milliseconds age = Rereads::first; age <= Rereads::last; age *= 2) {
        if (seen_at + age > now) {
            return seen_at + age;
        }
    }
    return std::nullopt;
}

void Rereads::schedule(const std::string& native_id, Followed& followed, TimePoint due)
{
    const auto range = queue_.equal_range(followed.due);
    for (auto it = range.first; it != range.second; ++it) {
        if (it->second == native_id) {
            queue_.erase(it);
            break;
        }
    }
    followed.due = due;
    queue_.emplace(due, native_id);
}

void Rereads::drop(const std::string& native_id)
{
    const auto found = posts_.find(native_id);
    if (found == posts_.end()) {
        return;
    }
    const auto range = queue_.equal_range(found->second.due);
    for (auto it = range.first; it != range.second; ++it) {
        if (it->second == native_id) {
            queue_.erase(it);
            break;
        }
    }
    posts_.erase(found);
}

void Rereads::add(const PostKey& key, const std::string& native_id, TimePoint seen_at,
                  TimePoint now)
{
    const auto due = next_reread(seen_at, now);
    if (!due || posts_.contains(native_id)) {
        return;
    }
    if (posts_.size() >= posts_max) {
        drop(std::prev(queue_.end())->second); // The latest due is the oldest, least telling post.
    }
    Followed& followed = posts_[native_id];
    followed = {.key = key, .seen_at = seen_at, .due = *due};
    queue_.emplace(*due, native_id);
}

void Rereads::forget(const PostKey& key)
{
    for (const auto& [native_id, followed] : posts_) {
        if (followed.key == key) {
            drop(std::string(native_id));
            return;
        }
    }
}

std::optional<TimePoint> Rereads::next_due() const
{
    return queue_.empty() ? std::nullopt : std::optional{queue_.begin()->first};
}

std::vector<std::string> Rereads::due(TimePoint now, std::size_t limit) const
{
    std::vector<std::string> out;
    for (const auto& [time, native_id] : queue_) {
        if (time > now || out.size() >= limit) {
            break;
        }
        out.push_back(native_id);
    }
    return out;
}

std::vector<PostKey> Rereads::settle(const std::vector<std::string>& asked,
                                     const std::vector<PostKey>& answered, TimePoint now)
{
    std::vector<PostKey> gone;
    for (const std::string& native_id : asked) {
        const auto found = posts_.find(native_id);
        if (found == posts_.end()) {
            continue;
        }
        Followed& followed = found->second;
        const bool came =
            std::find(answered.begin(), answered.end(), followed.key) != answered.end();
        if (!came && followed.missed) {
            gone.push_back(followed.key);
            drop(native_id);
        } else if (!came) {
            followed.missed = true;
            schedule(native_id, followed, now + first);
        } else if (const auto due = next_reread(followed.seen_at, now)) {
            followed.missed = false;
            schedule(native_id, followed, *due);
        } else {
            drop(native_id);
        }
    }
    return gone;
}

void Rereads::postpone(const std::vector<std::string>& asked, TimePoint now,
                       std::chrono::seconds wait)
{
    for (const std::string& native_id : asked) {
        const auto found = posts_.find(native_id);
        if (found != posts_.end()) {
            schedule(native_id, found->second, now + wait);
        }
    }
}

} // namespace empathd
