#include "analysis/experience/model.hpp"

#include "analysis/experience/evidence.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <new>
#include <optional>

namespace empathd::analysis {
namespace {

constexpr std::align_val_t row_alignment{64};

float group_scale(std::size_t features) noexcept
{
    return features == 0 ? 0 : 1 / std::sqrt(static_cast<float>(features));
}

/// Marks what is taken out of a text; no byte of UTF-8.
constexpr char deleted_byte = '\xff';

/// Labels that only say what is usual or not there have no words to show for it.
bool says_something(const Answer& answer)
{
    constexpr std::array<std::string_view, 8> nothings = {
        unsure, "no", none, "neutral", "other", "unknown", "customer", "first_hand"};
    return std::ranges::find(nothings, answer.label) == nothings.end();
}

/// What is asked only of some texts: the reason of a complaint, the target of a feeling.
void leave_out_what_is_not_asked(Experience& experience)
{
    const Answer& kind = experience.of(Facet::experience);
    if (kind.probabilities.empty()) {
        return;
    }
    const auto set_none = [](Answer& answer, float probability) {
        answer.label = none;
        answer.probability = probability;
        answer.evidence.clear();
    };
    const float complaint = probability_of(kind, "complaint");
    const float felt = complaint + probability_of(kind, "praise");
    if (complaint < 0.5F) {
        set_none(experience.of(Facet::reason), 1 - complaint);
    }
    if (felt < 0.5F) {
        set_none(experience.of(Facet::target), 1 - felt);
    }
}

} // namespace

struct Model::Reading {
    std::array<std::int32_t, model_outputs_max> words{};
    std::array<std::int32_t, model_outputs_max> characters{};
    float words_scale = 0;
    float characters_scale = 0;
};

void Model::AlignedDelete::operator()(std::int8_t* rows) const noexcept
{
    ::operator delete[](rows, row_alignment);
}

Result<std::shared_ptr<const Model>> Model::from_bytes(std::string_view bytes)
{
    const Result<ModelParts> parts = read_model(bytes);
    if (!parts) {
        return parts.error();
    }
    for (const Head& head : parts->heads) {
        const std::optional<Facet> facet = facet_named(head.name);
        for (const std::string& label : head.labels) {
            if (facet && std::ranges::find(labels_of(*facet), label) == labels_of(*facet).end()) {
                return Error{ErrorKind::malformed, "model file: head " + head.name +
                                                       " has the label " + label +
                                                       ", which the label scheme has not"};
            }
        }
    }
    return from_parts(*parts);
}

std::shared_ptr<const Model> Model::from_parts(const ModelParts& parts)
{
    std::shared_ptr<Model> model(new Model());
    model->version_ = parts.version;
    model->heads_ = parts.heads;
    std::uint32_t output = 0;
    for (const Head& head : parts.heads) {
        model->first_output_.push_back(output);
        model->facets_.push_back(facet_named(head.name));
        output += head.outputs;
    }
    const auto& languages = parts.heads.front().labels;
    const auto unknown = std::ranges::find(languages, "und");
    model->unknown_language_ = static_cast<std::size_t>(unknown - languages.begin());
    model->outputs_ = output;
    model->scale_ = parts.scale;
    model->rules_ = parts.rules;
    model->table_.blocks = static_cast<std::uint32_t>((output + lane_block - 1) / lane_block);
    model->table_.shift = 32 - parts.row_bits;
    const std::size_t lanes = model->table_.blocks * lane_block;
    model->table_.stride = std::bit_ceil(lanes); // No row in two cache lines.
    const std::size_t stride = model->table_.stride;
    const std::size_t row_count = std::size_t{1} << parts.row_bits;
    model->rows_.reset(new (row_alignment) std::int8_t[row_count * stride]());
    for (std::size_t row = 0; row < row_count; ++row) {
        std::memcpy(model->rows_.get() + row * stride, parts.rows.data() + row * output, output);
    }
    model->table_.rows = model->rows_.get();
    return model;
}

Model::Reading Model::read_fast(const Extractor& features) const
{
    Reading reading;
    reading.words_scale = group_scale(features.words().size());
    reading.characters_scale = group_scale(features.characters().size());
    add_rows(table_, features.words(), reading.words.data());
    add_rows(table_, features.characters(), reading.characters.data());
    return reading;
}

Model::Reading Model::read_tokens(Scratch& scratch) const
{
    const Extractor& features = scratch.extractor;
    Reading reading;
    reading.words_scale = group_scale(features.words().size());
    reading.characters_scale = group_scale(features.characters().size());
    const std::size_t lanes = table_.blocks * lane_block;
    scratch.tokens.resize(std::max(scratch.tokens.size(), features.tokens().size()));
    std::size_t words_at = 0;
    std::size_t characters_at = 0;
    for (std::size_t i = 0; i < features.tokens().size(); ++i) {
        const Token& token = features.tokens()[i];
        TokenSums& sums = scratch.tokens[i];
        std::fill_n(sums.words.begin(), lanes, 0);
        std::fill_n(sums.pair.begin(), lanes, 0);
        std::fill_n(sums.characters.begin(), lanes, 0);
        const std::size_t pair_at = token.words_end - 1U;
        add_rows(table_, features.words().subspan(words_at, pair_at - words_at), sums.words.data());
        add_rows(table_, features.words().subspan(pair_at, token.words_end - pair_at),
                 sums.pair.data());
        add_rows(table_,
                 features.characters().subspan(characters_at, token.characters_end - characters_at),
                 sums.characters.data());
        words_at = token.words_end;
        characters_at = token.characters_end;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            reading.words[lane] += sums.words[lane] + sums.pair[lane];
            reading.characters[lane] += sums.characters[lane];
        }
    }
    return reading;
}

void Model::compute_logits(const Reading& reading, const Extractor& features,
                           std::vector<float>& logits) const
{
    logits.resize(outputs_);
    for (std::size_t output = 0; output < outputs_; ++output) {
        logits[output] =
            scale_[output] *
            (static_cast<float>(reading.words[output]) * reading.words_scale +
             static_cast<float>(reading.characters[output]) * reading.characters_scale);
    }
    const auto& rules = features.rules();
    for (std::size_t rule = 0; rule < rule_count; ++rule) {
        if (rules[rule] != 0) {
            const float* weights = rules_.data() + rule * outputs_;
            for (std::size_t output = 0; output < outputs_; ++output) {
                logits[output] += rules[rule] * weights[output];
            }
        }
    }
}

/// Every label's probability into `probabilities`.
void Model::compute_probabilities(std::size_t head_index, std::size_t language,
                                  const Extractor& features, std::span<const float> logits,
                                  std::vector<float>& probabilities) const
{
    const Head& head = heads_[head_index];
    const HeadLanguage& reading = head.languages[language];
    const std::size_t first = first_output_[head_index];
    probabilities.assign(head.labels.size(), 0);
    for (std::size_t i = 0; i < head.outputs; ++i) {
        float logit = logits[first + i];
        if (!reading.answers) { // Only what needs no language.
            logit = 0;
            for (std::size_t rule = 0; rule < shape_rule_count; ++rule) {
                logit += features.rules()[rule] * rules_[rule * outputs_ + first + i];
            }
        }
        probabilities[i] = (logit + reading.bias[i]) / reading.temperature;
    }
    const float highest = *std::ranges::max_element(probabilities);
    float sum = 0;
    for (float& value : probabilities) {
        value = std::exp(value - highest);
        sum += value;
    }
    for (float& value : probabilities) {
        value /= sum;
    }
}

Answer Model::answer(std::size_t head_index, std::size_t language, Scratch& scratch) const
{
    const Head& head = heads_[head_index];
    const HeadLanguage& reading = head.languages[language];
    auto& probabilities = scratch.probabilities;
    compute_probabilities(head_index, language, scratch.extractor, scratch.logits, probabilities);
    Answer answer;
    answer.probabilities.reserve(head.labels.size());
    std::size_t best = 0;
    for (std::size_t i = 0; i < head.labels.size(); ++i) {
        answer.probabilities.emplace_back(head.labels[i], probabilities[i]);
        best = probabilities[i] > probabilities[best] ? i : best;
    }
    answer.probability = probabilities[best];
    if (reading.answers && answer.probability >= reading.threshold) {
        answer.label = head.labels[best];
    }
    return answer;
}

/// Weights of the head's outputs in the log-odds of the most likely label.
static std::array<float, model_outputs_max> direction(const Head& head, std::size_t best,
                                                      std::span<const float> probabilities)
{
    std::array<float, model_outputs_max> toward{};
    float others = 0;
    for (std::size_t i = 0; i < head.labels.size(); ++i) {
        others += i == best ? 0 : probabilities[i] + 1e-6F;
    }
    for (std::size_t i = 0; i < head.outputs; ++i) {
        toward[i] = i == best ? 1.0F : -(probabilities[i] + 1e-6F) / others;
    }
    return toward;
}

void Model::add_evidence(std::size_t head_index, std::size_t language, Scratch& scratch,
                         Answer& answer) const
{
    const Head& head = heads_[head_index];
    const auto tokens = scratch.extractor.tokens();
    const std::size_t first = first_output_[head_index];
    const auto best = static_cast<std::size_t>(std::ranges::max_element(scratch.probabilities) -
                                               scratch.probabilities.begin());
    const auto toward = direction(head, best, scratch.probabilities);
    const float cooling = 1 / head.languages[language].temperature;
    const auto& counted = scratch.extractor.rules();
    std::array<float, rule_count> occurrences{};
    for (const Token& token : tokens) {
        for (const std::uint8_t rule : {token.rule, token.pair_rule}) {
            if (rule != no_rule) {
                occurrences[rule] += 1;
                occurrences[index_of_all(rule)] += 1;
            }
        }
    }
    // What one word adds to a rule whose count is capped: its share of it.
    const auto rule_weight = [&](std::size_t rule, std::size_t output) {
        return rules_[rule * outputs_ + output] * counted[rule] / occurrences[rule];
    };
    std::vector<TokenWeight> weights(tokens.size());
    for (std::size_t t = 0; t < tokens.size(); ++t) {
        const TokenSums& sums = scratch.tokens[t];
        for (std::size_t i = 0; i < head.outputs; ++i) {
            const float step = toward[i] * scale_[first + i] * cooling;
            weights[t].words += step * static_cast<float>(sums.words[first + i]);
            weights[t].pair += step * static_cast<float>(sums.pair[first + i]);
            weights[t].characters += step * static_cast<float>(sums.characters[first + i]);
            for (const std::uint8_t rule : {tokens[t].rule, tokens[t].pair_rule}) {
                if (rule != no_rule) {
                    weights[t].rules +=
                        toward[i] * cooling *
                        (rule_weight(rule, first + i) + rule_weight(index_of_all(rule), first + i));
                }
            }
        }
    }
    answer.evidence = choose_evidence(tokens, weights);
    // What is no UTF-8 folds to signs that stand for no bytes.
    std::erase_if(answer.evidence, [](const Evidence& one) { return one.span.length == 0; });
    keep_what_holds(head_index, language, best, scratch, answer);
}

/// Evidence must stand the test: without its words the label is less likely. The sums it was chosen
/// by know nothing of the pairs that form where words go, so the rest is read again.
void Model::keep_what_holds(std::size_t head, std::size_t language, std::size_t best,
                            Scratch& scratch, Answer& answer) const
{
    Proof& proof = scratch.proof;
    while (!answer.evidence.empty()) {
        proof.text = scratch.masked;
        for (const Evidence& one : answer.evidence) {
            std::fill_n(proof.text.begin() + one.span.offset, one.span.length, deleted_byte);
        }
        std::erase(proof.text, deleted_byte);
        proof.extractor.extract(proof.text, {}, false);
        const Reading reading = read_fast(proof.extractor);
        compute_logits(reading, proof.extractor, proof.logits);
        compute_probabilities(head, language, proof.extractor, proof.logits, proof.probabilities);
        if (proof.probabilities[best] < answer.probability) {
            return;
        }
        answer.evidence.pop_back(); // The lightest.
    }
}

std::vector<Answer> Model::answer_all(std::string_view nfc_text, std::span<const Span> mask,
                                      Scratch& scratch, bool with_evidence) const
{
    Extractor& features = scratch.extractor;
    features.extract(nfc_text, mask, with_evidence);
    compute_logits(with_evidence ? read_tokens(scratch) : read_fast(features), features,
                   scratch.logits);
    if (with_evidence) {
        scratch.masked.assign(nfc_text);
        mask_names(scratch.masked, mask);
    }

    std::vector<Answer> answers;
    answers.reserve(heads_.size());
    std::size_t language = unknown_language_;
    for (std::size_t head = 0; head < heads_.size(); ++head) {
        Answer answer = this->answer(head, language, scratch);
        if (head == 0) {
            const auto& labels = heads_.front().labels;
            const auto found = std::ranges::find(labels, answer.label);
            // Links, handles, numbers and emoji alone are in no language, whatever is likely.
            if (found != labels.end() && !features.characters().empty()) {
                language = static_cast<std::size_t>(found - labels.begin());
            } else {
                answer.label = "und";
            }
        } else if (with_evidence && says_something(answer)) {
            add_evidence(head, language, scratch, answer);
        }
        answers.push_back(std::move(answer));
    }
    return answers;
}

Experience Model::analyse(std::string_view nfc_text, std::span<const Span> mask, Scratch& scratch,
                          bool with_evidence) const
{
    std::vector<Answer> answers = answer_all(nfc_text, mask, scratch, with_evidence);
    Experience experience;
    experience.language = std::move(answers.front().label);
    experience.language_probability = answers.front().probability;
    experience.model = version_;
    for (std::size_t head = 1; head < answers.size(); ++head) {
        if (facets_[head]) {
            experience.of(*facets_[head]) = std::move(answers[head]);
        }
    }
    leave_out_what_is_not_asked(experience);
    return experience;
}

} // namespace empathd::analysis
