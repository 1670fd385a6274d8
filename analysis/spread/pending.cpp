#include "analysis/spread/pending.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace empathd::analysis {
namespace {

/// The finaliser of splitmix64: every bit of the input moves half of the output's.
std::uint64_t stirred(std::uint64_t x) noexcept
{
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

/// FNV-1a, 64 bits.
std::uint64_t hash_of(const std::string& text, std::uint64_t hash) noexcept
{
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return hash;
}

std::uint64_t name_hash(const std::string& platform, const std::string& id) noexcept
{
    const std::uint64_t hash = hash_of(platform, 0xcbf29ce484222325U);
    return stirred(hash_of(id, (hash ^ 0x1f) * 0x100000001b3U));
}

std::uint64_t lot_of(std::uint64_t name, std::size_t bucket, TimePoint at) noexcept
{
    return stirred(stirred(name ^ bucket) ^ static_cast<std::uint64_t>(to_unix_ms(at)));
}

/// Drops every second poll, but for the first.
void thin(PendingPost& post)
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < post.history.size(); i += 2) {
        post.history[kept++] = post.history[i];
    }
    post.history.resize(kept);
    post.every *= 2;
}

void remember(PendingPost& post, const Track& track)
{
    if (post.polls++ % post.every == 0) {
        post.history.push_back({.at = track.last_at(), .count = static_cast<float>(track.count)});
        if (post.history.size() > PendingPost::history_max) {
            thin(post);
        }
    }
    post.count = track.count;
    post.last_at = track.last_at();
}

void offer(PendingPost& post, std::uint64_t name, const Track& track)
{
    const std::size_t bucket = age_bucket(track);
    const std::uint64_t lot = lot_of(name, bucket, track.last_at());
    std::optional<Snapshot>& held = post.snapshots[bucket];
    if (!held || lot < held->lot) {
        held = Snapshot{.track = track, .lot = lot};
    }
}

double seconds_between(TimePoint from, TimePoint to) noexcept
{
    return std::chrono::duration<double>(to - from).count();
}

} // namespace

std::optional<double> PendingPost::half_time_s(const Track& from) const
{
    if (!(count > from.count)) {
        return std::nullopt;
    }
    const double half = (from.count + count) / 2;
    double before_s = 0;
    double before = from.count;
    const auto reached = [&](const Poll& poll) -> std::optional<double> {
        const double at_s = seconds_between(from.last_at(), poll.at);
        if (at_s <= 0) {
            return std::nullopt;
        }
        if (poll.count >= half) {
            return before_s + (at_s - before_s) * (half - before) / (poll.count - before);
        }
        before_s = at_s;
        before = poll.count;
        return std::nullopt;
    };
    for (const Poll& poll : history) {
        if (const std::optional<double> found = reached(poll)) {
            return found;
        }
    }
    return reached({.at = last_at, .count = static_cast<float>(count)});
}

Pending::Key Pending::key_of(const std::string& platform, const std::string& id)
{
    return {.hash = name_hash(platform, id), .platform = platform, .id = id};
}

void Pending::observe(const std::string& platform, const std::string& id, const Track& track,
                      bool teaches)
{
    Key key = key_of(platform, id);
    const std::uint64_t name = key.hash;
    auto found = posts_.find(key);
    if (found == posts_.end()) {
        if (posts_.size() >= max_) {
            const auto last = std::prev(posts_.end());
            if (last->first < key) {
                return;
            }
            posts_.erase(last);
        }
        found = posts_.emplace(std::move(key), PendingPost{}).first;
        found->second.platform = platform;
        found->second.id = id;
        found->second.first_at = track.first_at;
    }
    PendingPost& post = found->second;
    if (post.polls > 0 && track.last_at() <= post.last_at) {
        return;
    }
    remember(post, track);
    if (teaches) {
        offer(post, name, track);
    }
}

std::optional<PendingPost> Pending::take(const std::string& platform, const std::string& id)
{
    auto node = posts_.extract(key_of(platform, id));
    if (node.empty()) {
        return std::nullopt;
    }
    return std::move(node.mapped());
}

std::vector<PendingPost> Pending::take_first_seen_by(TimePoint until)
{
    std::vector<PendingPost> out;
    for (auto it = posts_.begin(); it != posts_.end();) {
        if (it->second.first_at <= until) {
            out.push_back(std::move(it->second));
            it = posts_.erase(it);
        } else {
            ++it;
        }
    }
    std::sort(out.begin(), out.end(), [](const PendingPost& a, const PendingPost& b) {
        return std::tie(a.first_at, a.platform, a.id) < std::tie(b.first_at, b.platform, b.id);
    });
    return out;
}

} // namespace empathd::analysis
