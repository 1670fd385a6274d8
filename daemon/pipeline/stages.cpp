#include "daemon/pipeline/stages.hpp"

#include "analysis/text/normalize.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace empathd {
namespace {

/// Title and text as one, the way people read them. The text begins at `text_at`.
struct Reading {
    std::string joined; ///< Empty when the text alone is read.
    std::uint32_t text_at = 0;
};

Reading reading_of(const Post& post)
{
    Reading reading;
    if (!post.title.empty()) {
        reading.joined.reserve(post.title.size() + 1 + post.text.size());
        reading.joined.append(post.title).append(1, '\n').append(post.text);
        reading.text_at = static_cast<std::uint32_t>(post.title.size() + 1);
    }
    return reading;
}

/// Moves evidence into the text's own bytes; what lies in the title cannot be pointed at.
void to_text_spans(Answer& answer, std::uint32_t text_at)
{
    std::erase_if(answer.evidence,
                  [text_at](const Evidence& evidence) { return evidence.span.offset < text_at; });
    for (Evidence& evidence : answer.evidence) {
        evidence.span.offset -= text_at;
    }
}

Experience experience_of(const Post& post, const Reading& reading, const std::vector<Span>& spans,
                         const analysis::Model& model, analysis::Scratch& scratch)
{
    if (reading.text_at == 0) {
        return model.analyse(post.text, spans, scratch, true);
    }
    std::vector<Span> mask = spans;
    for (Span& span : mask) {
        span.offset += reading.text_at;
    }
    Experience experience = model.analyse(reading.joined, mask, scratch, true);
    for (Answer& answer : experience.answers) {
        to_text_spans(answer, reading.text_at);
    }
    return experience;
}

/// A brand's own answers in a thread are about it, whatever their words.
void add_own_answers(const Post& post, const analysis::Officials& officials,
                     std::vector<Mention>& mentions)
{
    if (post.thread.empty() && post.reply_to.empty()) {
        return;
    }
    for (const std::uint32_t watch : officials.watches_of(post.key.network, post.author)) {
        const auto place = std::lower_bound(
            mentions.begin(), mentions.end(), watch,
            [](const Mention& mention, std::uint32_t w) { return mention.watch < w; });
        if (place == mentions.end() || place->watch != watch) {
            mentions.insert(place, Mention{.watch = watch});
        }
    }
}

} // namespace

std::optional<AnalysedPost> analyse_post(Post post, const Stages& stages, StageScratch& scratch)
{
    scratch.mentions.clear();
    stages.watches->match_post(post, scratch.match, scratch.mentions);
    const analysis::Officials& officials = stages.watches->officials();
    if (!officials.empty()) {
        add_own_answers(post, officials, scratch.mentions);
    }
    if (scratch.mentions.empty()) {
        return std::nullopt;
    }
    AnalysedPost out;
    const Reading reading = reading_of(post);
    for (Mention& mention : scratch.mentions) {
        const Watch& watch = stages.watches->watches()[mention.watch];
        BrandHit hit;
        hit.brand = watch.brand;
        hit.official = officials.speaks_for(watch.brand, post.key.network, post.author);
        for (const std::uint32_t term : mention.terms) {
            hit.terms.push_back(watch.terms[term].text);
        }
        hit.experience = experience_of(post, reading, mention.spans, *stages.model, scratch.model);
        hit.spans = std::move(mention.spans);
        out.hits.push_back(std::move(hit));
    }
    analysis::fold(post.text, analysis::Fold::stripped, scratch.folded);
    out.signature = analysis::minhash(scratch.folded);
    out.post = std::move(post);
    return out;
}

} // namespace empathd
