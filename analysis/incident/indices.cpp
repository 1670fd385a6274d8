#include "analysis/incident/indices.hpp"

#include "analysis/incident/common_words.hpp"
#include "analysis/incident/link_identity.hpp"

#include <algorithm>

namespace empathd::analysis {
namespace {

constexpr char separator = '\x1f';

std::uint64_t band_key(const std::string& brand, std::uint64_t band) noexcept
{
    return band ^ word_hash(brand);
}

} // namespace

std::string joined(std::string_view a, std::string_view b, std::string_view c)
{
    std::string out;
    out.reserve(a.size() + b.size() + c.size() + 2);
    out.append(a).append(1, separator).append(b).append(1, separator).append(c);
    return out;
}

void Indices::claim(Claims& claims, const std::string& key, Claim claim)
{
    std::vector<Claim>& list = claims[key];
    const auto place =
        std::upper_bound(list.begin(), list.end(), claim.order,
                         [](std::uint64_t order, const Claim& c) { return order < c.order; });
    list.insert(place, claim);
}

void Indices::release(Claims& claims, const std::string& key, Claim claim)
{
    const auto found = claims.find(key);
    if (found == claims.end()) {
        return;
    }
    std::erase_if(found->second, [&claim](const Claim& c) {
        return c.order == claim.order && c.story == claim.story;
    });
    if (found->second.empty()) {
        claims.erase(found);
    }
}

Story* Indices::owner(const Claims& claims, const std::string& key)
{
    const auto found = claims.find(key);
    return found == claims.end() ? nullptr : found->second.front().story;
}

void Indices::add(Story& story, const Member& member)
{
    const std::string& brand = story.incident.brand;
    const Claim mine{member.order, &story};
    posts_[joined(member.key.network, member.key.id)].push_back(&story);
    for (const std::string& key : member.threads) {
        claim(threads_, key, mine);
    }
    for (const std::string& link : member.links) {
        claim(links_, joined(brand, link), mine);
    }
    if (!member.signature) {
        return;
    }
    for (const std::uint64_t band : bands(*member.signature)) {
        std::vector<Candidate>& list = bands_[band_key(brand, band)];
        const auto place = std::upper_bound(
            list.begin(), list.end(), member.order,
            [](std::uint64_t order, const Candidate& c) { return order < c.claim.order; });
        if (static_cast<std::size_t>(place - list.begin()) < candidates_max_) {
            list.insert(place, {mine, *member.signature});
            list.resize(std::min(list.size(), candidates_max_));
        }
    }
}

void Indices::add_threads(Story& story, const DeletedPost& post)
{
    for (const std::string& key : post.threads) {
        claim(threads_, key, {post.order, &story});
    }
}

void Indices::remove_threads(Story& story, const DeletedPost& post)
{
    for (const std::string& key : post.threads) {
        release(threads_, key, {post.order, &story});
    }
}

void Indices::remove(Story& story, const Member& member)
{
    const std::string& brand = story.incident.brand;
    const auto post = posts_.find(joined(member.key.network, member.key.id));
    if (post != posts_.end()) {
        std::erase(post->second, &story);
        if (post->second.empty()) {
            posts_.erase(post);
        }
    }
    const Claim mine{member.order, &story};
    for (const std::string& link : member.links) {
        release(links_, joined(brand, link), mine);
    }
    for (const std::string& key : member.threads) {
        release(threads_, key, mine);
    }
    if (!member.signature) {
        return;
    }
    for (const std::uint64_t band : bands(*member.signature)) {
        const auto found = bands_.find(band_key(brand, band));
        if (found == bands_.end()) {
            continue;
        }
        std::erase_if(found->second, [&mine](const Candidate& c) {
            return c.claim.order == mine.order && c.claim.story == mine.story;
        });
        if (found->second.empty()) {
            bands_.erase(found);
        }
    }
}

std::vector<Story*> Indices::holding(const PostKey& key) const
{
    const auto found = posts_.find(joined(key.network, key.id));
    return found == posts_.end() ? std::vector<Story*>{} : found->second;
}

Story* Indices::by_thread(const std::string& brand, const Post& post) const
{
    for (const std::string* id : {&post.reply_to, &post.thread}) {
        if (!id->empty()) {
            if (Story* story = owner(threads_, joined(brand, post.key.network, *id))) {
                return story;
            }
        }
    }
    return nullptr;
}

Story* Indices::by_link(const std::string& brand, const Post& post) const
{
    for (const std::string& link : post.links) {
        const std::string identity = link_identity(link);
        if (!identity.empty()) {
            if (Story* story = owner(links_, joined(brand, identity))) {
                return story;
            }
        }
    }
    return nullptr;
}

Story* Indices::by_copy(const std::string& brand, const MinHash& signature) const
{
    for (const std::uint64_t band : bands(signature)) {
        const auto found = bands_.find(band_key(brand, band));
        if (found == bands_.end()) {
            continue;
        }
        for (const Candidate& candidate : found->second) {
            if (candidate.claim.story->incident.brand == brand &&
                agreement(candidate.signature, signature) >= near_copy_agreement) {
                return candidate.claim.story;
            }
        }
    }
    return nullptr;
}

} // namespace empathd::analysis
