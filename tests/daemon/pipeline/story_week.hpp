#pragma once

#include "analysis/model/post.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace empathd::test {

/// One line of tests/golden/stories/*.jsonl: a post and what a person says of it.
struct LabelledPost {
    Post post;
    std::string brand;
    std::string language;
    std::string witness;
    bool complaint = false;
    std::string reason;
    std::string need;
    std::string story; ///< Empty: belongs to none.
};

/// In the file's order, which is that of time. Empty, with a failure noted, when a line cannot be
/// read.
[[nodiscard]] std::vector<LabelledPost> read_story_week(const std::string& path);

/// Pairs of posts that belong to a story each, in the same one by label (`wanted`) or by us.
struct PairScore {
    std::size_t right = 0;
    std::size_t wrong = 0;
    std::size_t missed = 0;

    [[nodiscard]] double precision() const;
    [[nodiscard]] double recall() const;
    [[nodiscard]] double f1() const;
};

/// By brand, and of all under "". `stories[i]` is where post i went; empty: it stayed alone.
[[nodiscard]] std::map<std::string, PairScore> score_pairs(const std::vector<LabelledPost>& posts,
                                                           const std::vector<std::string>& stories);

} // namespace empathd::test
