#pragma once

#include "analysis/incident/story.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace empathd::analysis {

/// Where posts, threads, links and near-copies lead. Which story a key leads to depends on its
/// members alone: to the one that the earliest member with this key is in.
class Indices {
public:
    explicit Indices(std::size_t candidates_max) : candidates_max_(candidates_max) {}

    void add(Story& story, const Member& member);
    void remove(Story& story, const Member& member);
    /// The threads of a post that was deleted: who answers it answers the story.
    void add_threads(Story& story, const DeletedPost& post);
    void remove_threads(Story& story, const DeletedPost& post);

    /// The stories a post is in, one for each brand.
    [[nodiscard]] std::vector<Story*> holding(const PostKey& key) const;
    [[nodiscard]] Story* by_thread(const std::string& brand, const Post& post) const;
    [[nodiscard]] Story* by_link(const std::string& brand, const Post& post) const;
    [[nodiscard]] Story* by_copy(const std::string& brand, const MinHash& signature) const;

private:
    struct Claim {
        std::uint64_t order = 0;
        Story* story = nullptr;
    };
    using Claims = std::unordered_map<std::string, std::vector<Claim>>;
    struct Candidate {
        Claim claim;
        MinHash signature{};
    };

    static void claim(Claims& claims, const std::string& key, Claim claim);
    static void release(Claims& claims, const std::string& key, Claim claim);
    static Story* owner(const Claims& claims, const std::string& key);

    std::size_t candidates_max_;
    std::unordered_map<std::string, std::vector<Story*>> posts_; ///< By network and id.
    Claims threads_;                                             ///< By brand, network and id.
    Claims links_;                                               ///< By brand and link_identity.
    std::unordered_map<std::uint64_t, std::vector<Candidate>> bands_; ///< By brand and band.
};

/// Parts joined by a byte that stands in none of them.
[[nodiscard]] std::string joined(std::string_view a, std::string_view b, std::string_view c = {});

} // namespace empathd::analysis
