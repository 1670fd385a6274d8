#include "analysis/experience/model.hpp"

#include "analysis/experience/evidence.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <new>

namespace empathd::analysis {
namespace {

constexpr std::align_val_t row_alignment{64};

float group_scale(std::size_t features) noexcept
{
    return features == 0 ? 0 : 1 / std::sqrt(static_cast<float>(features));
}

/// Head names and where their answers are kept in an Experience.
struct Place {
    std::string_view head;
    Answer Experience::*answer;
};
constexpr std::array places = {Place{"sentiment", &Experience::sentiment},
                               Place{"complaint", &Experience::complaint}};

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
    const std::size_t row_count = std::size_t{1} << parts.row_bits;
    model->rows_.reset(new (row_alignment) std::int8_t[row_count * lanes]());
    for (std::size_t row = 0; row < row_count; ++row) {
        std::memcpy(model->rows_.get() + row * lanes, parts.rows.data() + row * output, output);
    }
    model->table_.rows = model->rows_.get();
    return model;
}

void Model::read_fast(Reading& reading, const Extractor& features) const
{
    add_rows(table_, features.words(), reading.words.data());
    add_rows(table_, features.characters(), reading.characters.data());
}

void Model::read_tokens(Reading& reading, Scratch& scratch) const
{
    const Extractor& features = scratch.extractor;
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
        const std::size_t pair_at = token.words_end - (token.pair ? 1U : 0U);
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
}

void Model::compute_logits(const Reading& reading, Scratch& scratch) const
{
    scratch.logits.resize(outputs_);
    for (std::size_t output = 0; output < outputs_; ++output) {
        scratch.logits[output] =
            scale_[output] *
            (static_cast<float>(reading.words[output]) * reading.words_scale +
             static_cast<float>(reading.characters[output]) * reading.characters_scale);
    }
    const auto& rules = scratch.extractor.rules();
    for (std::size_t rule = 0; rule < rule_count; ++rule) {
        if (rules[rule] != 0) {
            const float* weights = rules_.data() + rule * outputs_;
            for (std::size_t output = 0; output < outputs_; ++output) {
                scratch.logits[output] += rules[rule] * weights[output];
            }
        }
    }
}

Answer Model::answer(std::size_t head_index, std::size_t language, Scratch& scratch) const
{
    const Head& head = heads_[head_index];
    const HeadLanguage& reading = head.languages[language];
    const std::size_t first = first_output_[head_index];
    auto& probabilities = scratch.probabilities;
    probabilities.assign(head.labels.size(), 0);
    for (std::size_t i = 0; i < head.outputs; ++i) {
        float logit = scratch.logits[first + i];
        if (!reading.answers) { // Only what needs no language.
            logit = 0;
            for (std::size_t rule = 0; rule < shape_rule_count; ++rule) {
                logit += scratch.extractor.rules()[rule] * rules_[rule * outputs_ + first + i];
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
    Answer answer;
    answer.probabilities.reserve(head.labels.size());
    std::size_t best = 0;
    for (std::size_t i = 0; i < head.labels.size(); ++i) {
        probabilities[i] /= sum;
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
    if (head.outputs == 1) {
        toward[0] = best == 0 ? 1.0F : -1.0F;
        return toward;
    }
    float others = 0;
    for (std::size_t i = 0; i < head.outputs; ++i) {
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
}

std::vector<Answer> Model::answer_all(std::string_view nfc_text, std::span<const Span> mask,
                                      Scratch& scratch, bool with_evidence) const
{
    Extractor& features = scratch.extractor;
    features.extract(nfc_text, mask, with_evidence);
    Reading reading;
    reading.words_scale = group_scale(features.words().size());
    reading.characters_scale = group_scale(features.characters().size());
    if (with_evidence) {
        read_tokens(reading, scratch);
    } else {
        read_fast(reading, features);
    }
    compute_logits(reading, scratch);

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
        } else if (with_evidence && heads_[head].languages[language].answers) {
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
        for (const Place& place : places) {
            if (heads_[head].name == place.head) {
                experience.*place.answer = std::move(answers[head]);
                break;
            }
        }
    }
    return experience;
}

} // namespace empathd::analysis
