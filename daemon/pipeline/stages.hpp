#pragma once

#include "analysis/experience/model.hpp"
#include "analysis/lineage/minhash.hpp"
#include "analysis/match/matcher.hpp"
#include "analysis/model/experience.hpp"
#include "analysis/model/mention.hpp"
#include "analysis/model/post.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace empathd {

/// What the pure stages read with. Immutable; a reload swaps in another.
struct Stages {
    std::shared_ptr<const analysis::MatchSet> watches;
    std::shared_ptr<const analysis::Model> model;
};

/// Buffers of one thread.
struct StageScratch {
    analysis::MatchScratch match;
    analysis::Scratch model;
    std::vector<Mention> mentions;
    std::string folded;
};

/// One brand in a post, and what the post says of it.
struct BrandHit {
    std::string brand;
    std::vector<Span> spans;
    std::vector<std::string> terms; ///< The watch's words, beside spans.
    Experience experience;
    bool official = false; ///< Written by one of the brand's own accounts.
};

/// A post that concerns at least one watch.
struct AnalysedPost {
    Post post;
    std::vector<BrandHit> hits;
    std::optional<analysis::MinHash> signature;
};

/// Matching first, which drops nearly everything; then, for what is left, the experience of each
/// brand (title and text read together, evidence in the text's bytes) and the near-copy signature.
/// An official account's reply in a thread concerns its brand also where it does not name it.
/// Nothing when no watch is concerned. Pure, for any thread with a scratch of its own.
[[nodiscard]] std::optional<AnalysedPost> analyse_post(Post post, const Stages& stages,
                                                       StageScratch& scratch);

} // namespace empathd
