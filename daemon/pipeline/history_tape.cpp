#include "daemon/pipeline/history_tape.hpp"

#include "analysis/lineage/minhash.hpp"
#include "analysis/text/normalize.hpp"

#include <iterator>
#include <utility>

namespace empathd {

HistoryTape::HistoryTape(const analysis::Officials& officials, TimePoint until)
    : officials_(officials), until_(until)
{
}

/// What is held has all come: it goes into the step.
void HistoryTape::release(HistoryStep& step)
{
    std::vector<AnalysedPost>& posts = held_.input.posts;
    step.input.posts.insert(step.input.posts.end(), std::make_move_iterator(posts.begin()),
                            std::make_move_iterator(posts.end()));
    step.stored_incidents.insert(step.stored_incidents.end(),
                                 std::make_move_iterator(held_.stored_incidents.begin()),
                                 std::make_move_iterator(held_.stored_incidents.end()));
    held_ = {};
    index_.clear();
}

void HistoryTape::hold(HistoryItem item)
{
    StoredMention& mention = item.mention;
    std::vector<AnalysedPost>& posts = held_.input.posts;
    const auto [place, fresh] = index_.emplace(mention.post.key, posts.size());
    if (fresh) {
        AnalysedPost& analysed = posts.emplace_back();
        held_.stored_incidents.emplace_back();
        analysed.post = std::move(mention.post);
        analysed.signature =
            analysis::minhash(analysis::folded(analysed.post.text, analysis::Fold::stripped));
        if (!item.observations.empty()) { // The first of them is its first sight.
            analysed.post.engagement = item.observations.front().engagement;
        }
        for (std::size_t i = 1; i < item.observations.size(); ++i) {
            coming_.push({std::move(item.observations[i]), observations_++});
        }
    }
    AnalysedPost& analysed = posts[place->second];
    BrandHit hit;
    hit.official =
        officials_.speaks_for(mention.brand, analysed.post.key.network, analysed.post.author);
    hit.brand = std::move(mention.brand);
    hit.spans = std::move(mention.spans);
    hit.terms = std::move(mention.terms);
    hit.experience = std::move(mention.experience);
    analysed.hits.push_back(std::move(hit));
    held_.stored_incidents[place->second].push_back(std::move(mention.incident));
}

std::optional<HistoryStep> HistoryTape::add(std::vector<HistoryItem> page)
{
    HistoryStep step;
    for (HistoryItem& item : page) {
        const TimePoint at = item.mention.post.seen_at;
        if (at > until_) {
            break; // Nothing earlier comes behind it.
        }
        if (at > newest_) {
            release(step);
            newest_ = at;
        }
        hold(std::move(item));
    }
    if (newest_ == TimePoint{}) {
        return std::nullopt;
    }
    while (!coming_.empty() && coming_.top().observation.at < newest_) {
        step.input.observations.push_back(coming_.top().observation);
        coming_.pop();
    }
    step.input.at = newest_;
    return step;
}

HistoryStep HistoryTape::finish()
{
    HistoryStep step;
    release(step);
    while (!coming_.empty() && coming_.top().observation.at <= until_) {
        step.input.observations.push_back(coming_.top().observation);
        coming_.pop();
    }
    coming_ = {};
    step.input.at = until_;
    return step;
}

} // namespace empathd
