#pragma once

#include "analysis/incident/tracker.hpp"
#include "analysis/model/experience.hpp"
#include "analysis/model/post.hpp"

#include <optional>
#include <string>
#include <vector>

namespace empathd {

// What the desk takes from an experience. Everything by probabilities as the store keeps them, so
// that after a restart every story stands where it stood.

[[nodiscard]] float complaint_probability(const Experience& experience);

/// For stories, what is more likely a complaint than not, also where the answer is "unsure": a
/// story that spreads is worth a look before everybody is sure. How sure counts in the score.
[[nodiscard]] bool is_complaint(const Experience& experience);

/// How the post knows what it tells: what is more likely than not.
[[nodiscard]] analysis::Telling telling_of(const Experience& experience);

/// It wants something of the brand: a question, or a complaint with a need.
[[nodiscard]] bool asks(const Experience& experience);

/// Its reactions are the story's: a complaint, a copy, somebody who passes it on. Not the praise
/// or the chat in the same thread.
[[nodiscard]] bool carries(const Experience& experience, bool copy);

[[nodiscard]] analysis::StoryPost story_post(const Post& post, const std::string& brand,
                                             const Experience& experience,
                                             const std::vector<Span>& spans,
                                             const std::optional<analysis::MinHash>& signature);

} // namespace empathd
