#pragma once

#include "analysis/incident/indices.hpp"
#include "analysis/incident/retold.hpp"
#include "analysis/incident/story.hpp"
#include "analysis/incident/tracker.hpp"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace empathd::analysis {

/// What a tracker knows; for tracker.cpp and corrections.cpp.
struct Tracker::State {
    explicit State(TrackerOptions given) : options(given), indices(given.candidates_max) {}

    TrackerOptions options;
    std::unordered_map<std::string, std::unique_ptr<Story>> stories;
    Indices indices;
    RetoldIndex retold;
    std::uint64_t order = 0;                    ///< Of the last member.
    std::map<std::string, std::string> aliases; ///< From, into; `into` is no alias.
    /// Where posts went that were split off, by brand and key.
    std::map<std::pair<std::string, PostKey>, std::string> moved;

    /// The story an id stands for; null when unknown.
    [[nodiscard]] Story* story(const std::string& id) const;
    /// The story of this brand the post is a member of already.
    [[nodiscard]] Story* holding(const StoryPost& mention) const;
    /// The story a member stored with this id is in by now; null when unknown.
    [[nodiscard]] Story* corrected(const StoryPost& mention, const std::string& id) const;

    [[nodiscard]] std::string split_id(const std::string& from, const PostKey& first) const;

    void add(Story& story, Member member);
    /// Takes the story out of every index, and puts it back, around a change of its members.
    void take_out(Story& story);
    void put_back(Story& story);
    /// Drops the corrections that lead to no story any more.
    void forget_corrections();
};

} // namespace empathd::analysis
