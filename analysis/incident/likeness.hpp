#pragma once

#include "analysis/incident/retold.hpp"
#include "analysis/incident/story.hpp"

#include <cstddef>
#include <vector>

/// How likeness is reckoned; for retold.cpp alone.
namespace empathd::analysis {

/// A feature of a post and how many of the brand's stories have it.
struct Told {
    const Feature* feature = nullptr;
    std::size_t stories = 0;
    const std::vector<Story*>* with = nullptr; ///< Which; null for none.
};

/// How much a shared feature says before anything is known of the brand.
[[nodiscard]] float rough_weight(const Feature& feature) noexcept;

/// `told` has the post's features by hash; `stories` is how many stories of the brand are in.
[[nodiscard]] Likeness likeness(const Story& story, const Retelling& post,
                                const std::vector<Told>& told, std::size_t stories);

} // namespace empathd::analysis
