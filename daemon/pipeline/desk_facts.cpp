#include "daemon/pipeline/desk_facts.hpp"

#include "daemon/store/store.hpp"

namespace empathd {
namespace {

float kept(const Experience& experience, Facet facet, std::string_view label)
{
    return kept_probability(probability_of(experience.of(facet), label));
}

} // namespace

float complaint_probability(const Experience& experience)
{
    return kept(experience, Facet::experience, "complaint");
}

bool is_complaint(const Experience& experience)
{
    return complaint_probability(experience) >= 0.5F;
}

analysis::Telling telling_of(const Experience& experience)
{
    if (kept(experience, Facet::witness, "first_hand") >= 0.5F) {
        return analysis::Telling::first_hand;
    }
    return kept(experience, Facet::witness, "second_hand") >= 0.5F ? analysis::Telling::second_hand
                                                                   : analysis::Telling::none;
}

bool asks(const Experience& experience)
{
    const bool question = kept(experience, Facet::experience, "question") >= 0.5F;
    const bool no_need = kept(experience, Facet::need, none) >= 0.5F;
    return question || (is_complaint(experience) && !no_need);
}

bool carries(const Experience& experience, bool copy)
{
    return copy || is_complaint(experience) ||
           telling_of(experience) == analysis::Telling::second_hand;
}

analysis::StoryPost story_post(const Post& post, const std::string& brand,
                               const Experience& experience, const std::vector<Span>& spans,
                               const std::optional<analysis::MinHash>& signature)
{
    return {.post = post,
            .brand = brand,
            .complaint = is_complaint(experience),
            .complaint_probability = complaint_probability(experience),
            .language = experience.language,
            .signature = signature,
            .telling = telling_of(experience),
            .reason = experience.of(Facet::reason).label,
            .need = experience.of(Facet::need).label,
            .spans = spans};
}

} // namespace empathd
