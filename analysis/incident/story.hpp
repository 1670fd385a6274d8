#pragma once

#include "analysis/model/incident.hpp"
#include "analysis/model/post.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace empathd::analysis {

/// One post of a story, as far as the story counts it.
struct Member {
    PostKey key;
    std::string url;
    std::string author;
    std::string language;
    bool complaint = false;
    bool copy = false;
    float probability = 0;
    std::uint64_t reactions = 0;
    std::uint64_t views = 0;
    TimePoint at{};
};

/// An incident with its members and where the tracker's indices point to it.
struct Story {
    Incident incident;
    std::vector<Member> members;
    std::map<std::pair<std::string, std::string>, std::uint32_t> authors; ///< Network and author.
    std::uint64_t lead_reactions = 0;
    float certainty = 0;
    // What to take out of the indices when the story is forgotten.
    std::vector<std::string> threads;
    std::vector<std::string> links;
    std::vector<std::uint64_t> bands;
};

/// Adds one member to the story's counts.
void count(Story& story, const Member& member);

/// Counts all members anew, after one has left or changed.
void recount(Story& story);

/// The post's first line, at most 140 bytes, cut between characters and marked when it goes on.
[[nodiscard]] std::string title_of(const Post& post);

} // namespace empathd::analysis
