#include "daemon/poll/rereads.hpp"

#include <algorithm>
#include <limits>

namespace empathd {

using std::chrono::seconds;

namespace {

constexpr std::size_t networks_max = 1'000; ///< Looked through one by one.
constexpr std::size_t table_min = 64;

std::uint32_t whole_seconds(TimePoint time)
{
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<seconds>(time.time_since_epoch()).count());
}

} // namespace

std::optional<TimePoint> next_reread(TimePoint seen_at, TimePoint now) noexcept
{
    for (std::chrono::milliseconds age = Rereads::first; age <= Rereads::last; age *= 2) {
        if (seen_at + age > now) {
            return seen_at + age;
        }
    }
    return std::nullopt;
}

/// The soonest due on top.
struct Rereads::ByDue {
    std::deque<Followed>& posts;

    bool before(std::uint32_t a, std::uint32_t b) const
    {
        return posts[a].due != posts[b].due ? posts[a].due < posts[b].due : a < b;
    }
    void place(std::uint32_t a, std::uint32_t at) const { posts[a].place = at; }
};

/// The hastened on top, then the youngest.
struct Rereads::ByTelling {
    std::deque<Followed>& posts;

    bool before(std::uint32_t a, std::uint32_t b) const
    {
        const Followed& one = posts[a];
        const Followed& other = posts[b];
        if (one.hastened != other.hastened) {
            return one.hastened;
        }
        return one.seen_at != other.seen_at ? one.seen_at > other.seen_at : a < b;
    }
    void place(std::uint32_t a, std::uint32_t at) const { posts[a].place = at; }
};

/// FNV-1a over network, a zero and id, its halves folded.
std::uint32_t Rereads::hash_of(const PostKey& key) const noexcept
{
    std::uint64_t sum = 14'695'981'039'346'656'037U;
    const auto add = [&sum](std::string_view bytes) {
        for (const char c : bytes) {
            sum = (sum ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
        }
    };
    add(key.network);
    add(std::string_view("\0", 1));
    add(key.id);
    return static_cast<std::uint32_t>(sum ^ (sum >> 32));
}

std::string_view Rereads::id_of(const Followed& post) const noexcept
{
    return ids_.at(post.ids, post.id_size + std::size_t{post.native_size}).substr(0, post.id_size);
}

bool Rereads::is(const Followed& post, const PostKey& key) const noexcept
{
    return id_of(post) == key.id && networks_[post.network] == key.network;
}

AskedPost Rereads::asked_of(const Followed& post) const
{
    const std::string_view both = ids_.at(post.ids, post.id_size + std::size_t{post.native_size});
    AskedPost out;
    out.key = {networks_[post.network], std::string(both.substr(0, post.id_size))};
    out.native_id = post.native_size == 0 ? out.key.id : std::string(both.substr(post.id_size));
    return out;
}

std::uint32_t Rereads::find(const PostKey& key) const noexcept
{
    if (table_.empty()) {
        return none;
    }
    const std::uint32_t hash = hash_of(key);
    const std::size_t mask = table_.size() - 1;
    for (std::size_t at = hash & mask; table_[at] != none; at = (at + 1) & mask) {
        const Followed& post = posts_[table_[at]];
        if (post.hash == hash && is(post, key)) {
            return table_[at];
        }
    }
    return none;
}

/// At most three quarters full.
void Rereads::table_insert(std::uint32_t index)
{
    if ((size_ + 1) * 4 > table_.size() * 3) {
        std::vector<std::uint32_t> larger(std::max(table_min, table_.size() * 2), none);
        for (const std::uint32_t old : table_) {
            std::size_t at = old == none ? 0 : posts_[old].hash & (larger.size() - 1);
            while (old != none && larger[at] != none) {
                at = (at + 1) & (larger.size() - 1);
            }
            larger[at] = old == none ? larger[at] : old;
        }
        table_ = std::move(larger);
    }
    std::size_t at = posts_[index].hash & (table_.size() - 1);
    while (table_[at] != none) {
        at = (at + 1) & (table_.size() - 1);
    }
    table_[at] = index;
}

/// What stood behind it moves up, so that no mark of the erased is needed.
void Rereads::table_erase(std::uint32_t index) noexcept
{
    const std::size_t mask = table_.size() - 1;
    std::size_t hole = posts_[index].hash & mask;
    while (table_[hole] != index) {
        hole = (hole + 1) & mask;
    }
    for (std::size_t at = (hole + 1) & mask; table_[at] != none; at = (at + 1) & mask) {
        const std::size_t home = posts_[table_[at]].hash & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            table_[hole] = table_[at];
            hole = at;
        }
    }
    table_[hole] = none;
}

std::optional<std::uint16_t> Rereads::network_number(const std::string& network)
{
    const auto found = std::find(networks_.begin(), networks_.end(), network);
    if (found == networks_.end() && networks_.size() >= networks_max) {
        return std::nullopt;
    }
    const auto number = static_cast<std::uint16_t>(found - networks_.begin());
    if (found == networks_.end()) {
        networks_.push_back(network);
    }
    return number;
}

std::uint32_t Rereads::new_index()
{
    if (unused_ == none) {
        posts_.emplace_back();
        return static_cast<std::uint32_t>(posts_.size() - 1);
    }
    const std::uint32_t index = unused_;
    unused_ = posts_[index].older;
    posts_[index] = {};
    return index;
}

/// True: one more post of this age may be followed.
bool Rereads::make_room(TimePoint seen_at)
{
    if (room_.used < room_.posts_max) {
        return true;
    }
    if (oldest_ == none || posts_[oldest_].seen_at > seen_at) {
        return false;
    }
    drop(oldest_);
    return true;
}

void Rereads::add(const PostKey& key, std::string_view native_id, TimePoint seen_at, TimePoint now)
{
    drop_expired(now);
    const bool same_id = native_id == key.id || native_id.empty();
    const std::string_view native = same_id ? std::string_view() : native_id;
    const auto due = next_reread(seen_at, now);
    if (!due || key.id.size() + native.size() > IdArena::bytes_max || find(key) != none) {
        return;
    }
    const auto network = network_number(key.network);
    if (!network || !make_room(seen_at)) {
        return;
    }
    const std::uint32_t index = new_index();
    Followed& post = posts_[index];
    post.seen_at = seen_at;
    post.ids = ids_.put(key.id, native);
    post.id_size = static_cast<std::uint16_t>(key.id.size());
    post.native_size = static_cast<std::uint16_t>(native.size());
    post.network = *network;
    post.hash = hash_of(key);
    post.older = newest_;
    (newest_ == none ? oldest_ : posts_[newest_].newer) = index;
    newest_ = index;
    table_insert(index);
    wait(index, *due);
    ++size_;
    ++room_.used;
}

void Rereads::wait(std::uint32_t index, TimePoint due)
{
    posts_[index].due = due;
    posts_[index].state = State::waiting;
    posts_[index].hastened = false;
    waiting_.push(index, ByDue{posts_});
}

void Rereads::leave_heap(std::uint32_t index)
{
    Followed& post = posts_[index];
    if (post.state == State::waiting) {
        waiting_.remove(post.place, ByDue{posts_});
    } else if (post.state == State::ready) {
        ready_.remove(post.place, ByTelling{posts_});
    }
    post.state = State::asked;
}

void Rereads::drop(std::uint32_t index)
{
    leave_heap(index);
    table_erase(index);
    Followed& post = posts_[index];
    ids_.give_back(post.ids, post.id_size + std::size_t{post.native_size});
    (post.older == none ? oldest_ : posts_[post.older].newer) = post.newer;
    (post.newer == none ? newest_ : posts_[post.newer].older) = post.older;
    post = {};
    post.older = unused_;
    unused_ = index;
    --size_;
    --room_.used;
}

/// Posts come nearly in the order of their age: the list's old end is looked at.
void Rereads::drop_expired(TimePoint now)
{
    while (oldest_ != none && posts_[oldest_].seen_at + last < now &&
           posts_[oldest_].state != State::asked) {
        drop(oldest_);
    }
}

void Rereads::forget(const PostKey& key)
{
    if (const std::uint32_t index = find(key); index != none) {
        drop(index);
    }
}

bool Rereads::hasten(const PostKey& key, TimePoint now)
{
    const std::uint32_t index = find(key);
    if (index == none || posts_[index].state == State::asked) {
        return false;
    }
    Followed& post = posts_[index];
    const auto pause_s = static_cast<std::uint32_t>(seconds{hasten_pause}.count());
    if (post.hastened_at_s != 0 && whole_seconds(now) < post.hastened_at_s + pause_s) {
        return false;
    }
    leave_heap(index);
    post.hastened_at_s = whole_seconds(now);
    post.hastened = true;
    post.due = now;
    post.state = State::ready;
    ready_.push(index, ByTelling{posts_});
    return true;
}

std::optional<TimePoint> Rereads::next_due() const
{
    if (!ready_.empty()) {
        return posts_[ready_.top()].due;
    }
    return waiting_.empty() ? std::nullopt : std::optional{posts_[waiting_.top()].due};
}

std::vector<AskedPost> Rereads::take(TimePoint now, std::size_t limit)
{
    drop_expired(now);
    while (!waiting_.empty() && posts_[waiting_.top()].due <= now) {
        const std::uint32_t index = waiting_.top();
        leave_heap(index);
        posts_[index].state = State::ready;
        ready_.push(index, ByTelling{posts_});
    }
    std::vector<AskedPost> out;
    while (!ready_.empty() && out.size() < limit) {
        const std::uint32_t index = ready_.top();
        leave_heap(index);
        out.push_back(asked_of(posts_[index]));
    }
    return out;
}

std::vector<PostKey> Rereads::settle(const std::vector<AskedPost>& asked,
                                     const std::vector<PostKey>& answered, TimePoint now)
{
    std::vector<PostKey> came = answered;
    std::sort(came.begin(), came.end());
    std::vector<PostKey> gone;
    for (const AskedPost& one : asked) {
        const std::uint32_t index = find(one.key);
        if (index == none || posts_[index].state != State::asked) {
            continue;
        }
        Followed& post = posts_[index];
        const bool missing = !std::binary_search(came.begin(), came.end(), one.key);
        if (missing && post.missed) {
            gone.push_back(one.key);
            drop(index);
        } else if (missing) {
            post.missed = true;
            wait(index, now + first);
        } else if (const auto due = next_reread(post.seen_at, now)) {
            post.missed = false;
            wait(index, *due);
        } else {
            drop(index);
        }
    }
    return gone;
}

void Rereads::postpone(const std::vector<AskedPost>& asked, TimePoint now, seconds wait_for)
{
    for (const AskedPost& one : asked) {
        const std::uint32_t index = find(one.key);
        if (index != none && posts_[index].state == State::asked) {
            wait(index, now + wait_for);
        }
    }
}

} // namespace empathd
