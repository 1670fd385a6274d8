#include "analysis/training/head_trainer.hpp"

#include "analysis/training/copies.hpp"

#include <algorithm>
#include <map>

namespace empathd::training {
namespace {

/// Sum of the weights a label has after balancing, and how much heavier a text of a rare label may
/// become on the way.
constexpr double balanced_mass = 3000;
constexpr double balance_max = 3;

std::size_t index_in(const std::vector<std::string>& all, std::string_view one)
{
    return static_cast<std::size_t>(std::ranges::find(all, one) - all.begin());
}

} // namespace

Field make_field(std::span<const Sample> samples, const Plan& plan, const FeatureCounts& counts)
{
    Field field{.samples = samples, .plan = &plan, .counts = &counts};
    std::map<std::string, std::uint32_t> groups;
    std::map<std::string, std::uint32_t> sets;
    std::map<std::string, bool> in_corpus;
    for (const Sample& sample : samples) {
        if (sample.set == "corpus") {
            groups.emplace(sample.group, 0);
            in_corpus[sample.language] = true;
        } else {
            sets.emplace(sample.set, 0);
        }
    }
    std::uint32_t number = 0;
    for (auto& [group, fold] : groups) {
        fold = number++ % plan.folds;
    }
    for (auto& [set, index] : sets) {
        index = field.set_count++;
    }
    for (const Sample& sample : samples) {
        const bool own = sample.set == "corpus";
        const auto fold = own ? groups[sample.group]
                              : static_cast<std::uint32_t>(text_hash(sample.group) % plan.folds);
        field.folds.push_back(static_cast<std::int32_t>(fold));
        const std::size_t language = index_in(plan.language.labels, sample.language);
        field.languages.push_back(
            static_cast<std::uint32_t>(std::min(language, plan.language.labels.size() - 1)));
        // A language without texts of our own has nothing else to take its bias from.
        field.sets.push_back(
            own || sample.correction || !in_corpus[sample.language] ? 0 : sets[sample.set]);
    }
    return field;
}

HeadTrainer::HeadTrainer(const Field& field, std::span<const HeadPlan> plans)
    : field_(field), plans_(plans)
{
    problem_.row_bits = field.plan->row_bits;
    problem_.rule_count = analysis::rule_count;
    for (const HeadPlan& plan : plans) {
        problem_.heads.push_back({.first = problem_.outputs(),
                                  .outputs = plan.outputs,
                                  .l2_rows = plan.l2_rows,
                                  .l2_rules = plan.l2_rules});
    }
}

float HeadTrainer::weight_of(const HeadPlan& plan, const Sample& sample) const
{
    for (const auto& [set, weight] : plan.set_weights) {
        if (set == sample.set) {
            return weight;
        }
    }
    return 1;
}

/// Weak sets and corrections are always trained on, and never asked.
bool HeadTrainer::is_asked(const Sample& sample) const
{
    if (sample.correction) {
        return false;
    }
    for (std::size_t head = 0; head < plans_.size(); ++head) {
        if (label_index(head, sample) < plans_[head].labels.size() &&
            weight_of(plans_[head], sample) >= 1) {
            return true;
        }
    }
    return false;
}

/// The language head is sure of so much that two folds tell enough.
std::uint32_t HeadTrainer::folds() const
{
    return is_language_ ? std::min(2U, field_.plan->folds) : field_.plan->folds;
}

/// -1: always trained on, never asked.
std::int32_t HeadTrainer::fold_of(std::size_t sample) const
{
    return is_asked(field_.samples[sample])
               ? field_.folds[sample] % static_cast<std::int32_t>(folds())
               : -1;
}

std::size_t HeadTrainer::label_index(std::size_t head, const Sample& sample) const
{
    const std::vector<std::string>& labels = plans_[head].labels;
    const std::string_view label = sample.label(plans_[head].name);
    if (label.empty()) {
        return labels.size();
    }
    const std::size_t index = index_in(labels, label);
    return is_language_ ? std::min(index, labels.size() - 1) : index;
}

void HeadTrainer::add(Encoder& encoder, std::string_view text, const Entry& entry, float weight)
{
    const Sample& sample = field_.samples[entry.sample];
    FitExample example;
    example.answers_begin = problem_.answers.size();
    for (std::size_t head = 0; head < plans_.size(); ++head) {
        const std::size_t label = label_index(head, sample);
        if (label < plans_[head].labels.size()) {
            problem_.answers.push_back({static_cast<std::uint32_t>(head),
                                        static_cast<std::uint32_t>(label),
                                        weight * weight_of(plans_[head], sample)});
            ++example.answers;
        }
    }
    if (example.answers == 0) {
        return;
    }
    example.language = is_language_ ? 0 : field_.languages[entry.sample];
    example.set = is_language_ ? 0 : field_.sets[entry.sample];
    encoder.append(problem_, text, example, !is_language_, entry.role == Role::taught);
    entries_.push_back(entry);
}

void HeadTrainer::encode_language()
{
    is_language_ = true;
    Encoder encoder(problem_.row_bits, field_.counts);
    for (std::size_t i = 0; i < field_.samples.size(); ++i) {
        const Sample& sample = field_.samples[i];
        Sequence sequence(text_hash(sample.text));
        for (const Copy& copy : copies_for_language(sample.text, sample.language, sequence)) {
            add(encoder, copy.text, {i, Role::taught, Typing::as_is}, copy.weight);
        }
        for (const Typing typing : typings) {
            add(encoder, typed(sample.text, typing), {i, Role::asked, typing}, 0);
        }
    }
    balance();
}

void HeadTrainer::encode_meaning()
{
    problem_.language_count = static_cast<std::uint32_t>(field_.plan->language.labels.size());
    problem_.set_count = field_.set_count;
    Encoder encoder(problem_.row_bits, field_.counts);
    for (std::size_t i = 0; i < field_.samples.size(); ++i) {
        const Sample& sample = field_.samples[i];
        Sequence sequence(text_hash(sample.text));
        for (const Copy& copy : copies_for_meaning(sample.text, sample.language, sequence)) {
            add(encoder, copy.text, {i, Role::taught, Typing::as_is}, copy.weight);
        }
        for (const Typing typing : typings) {
            if (is_asked(sample)) {
                add(encoder, typed(sample.text, typing), {i, Role::asked, typing}, 0);
            }
        }
    }
    balance();
}

void HeadTrainer::balance()
{
    for (std::size_t head = 0; head < plans_.size(); ++head) {
        if (!plans_[head].balanced) {
            continue;
        }
        std::vector<double> mass(plans_[head].labels.size());
        for (const FitAnswer& answer : problem_.answers) {
            if (answer.head == head) {
                mass[answer.label] += double{answer.weight};
            }
        }
        for (FitAnswer& answer : problem_.answers) {
            if (answer.head == head) {
                answer.weight *=
                    static_cast<float>(std::min(balance_max, balanced_mass / mass[answer.label]));
            }
        }
    }
}

void HeadTrainer::fit_all(const Tools& tools)
{
    const auto used_for = [&](auto wanted) {
        std::vector<char> used(problem_.examples.size());
        for (std::size_t i = 0; i < used.size(); ++i) {
            used[i] =
                entries_[i].role == Role::taught && wanted(fold_of(entries_[i].sample)) ? 1 : 0;
        }
        return used;
    };
    const double rarity = is_language_ ? 0 : field_.plan->rarity;
    if (rarity > 0) {
        problem_.row_scales =
            rarity_scales(problem_, used_for([](std::int32_t) { return true; }), rarity);
    }
    const FitOptions& options = field_.plan->fit;
    outputs_.assign(problem_.examples.size() * problem_.outputs(), 0);
    std::vector<std::function<void()>> jobs;
    for (std::uint32_t fold = 0; fold <= folds(); ++fold) {
        jobs.emplace_back([&, fold] {
            const auto left_out = static_cast<std::int32_t>(fold);
            Weights weights =
                fit(problem_, options,
                    used_for([left_out](std::int32_t other) { return other != left_out; }));
            if (fold == folds()) {
                final_ = std::move(weights);
            } else {
                ask(weights, left_out);
            }
            if (tools.progress) {
                tools.progress(plans_.front().name + (plans_.size() > 1 ? " and others" : "") +
                               ": fit " + std::to_string(fold + 1) + " of " +
                               std::to_string(folds() + 1));
            }
        });
    }
    tools.run(jobs);
    if (!is_language_) {
        mix();
    }
}

/// What a fit that did not see the fold says of it.
void HeadTrainer::ask(const Weights& weights, std::int32_t fold)
{
    std::vector<double> outputs(problem_.outputs());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (fold_of(entries_[i].sample) == fold) {
            predict(problem_, weights, problem_.examples[i], outputs);
            std::ranges::transform(
                outputs, outputs_.begin() + static_cast<std::ptrdiff_t>(i * outputs.size()),
                [](double value) { return static_cast<float>(value); });
        }
    }
}

std::vector<double> HeadTrainer::asked(std::size_t index, std::size_t example) const
{
    const FitHead& head = problem_.heads[index];
    const auto first =
        outputs_.begin() + static_cast<std::ptrdiff_t>(example * problem_.outputs() + head.first);
    return {first, first + head.outputs};
}

const FitAnswer* HeadTrainer::answer_of(std::size_t index, std::size_t example) const
{
    const FitExample& one = problem_.examples[example];
    for (std::uint32_t i = 0; i < one.answers; ++i) {
        const FitAnswer& answer = problem_.answers[one.answers_begin + i];
        if (answer.head == index) {
            const Sample& sample = field_.samples[entries_[example].sample];
            return weight_of(plans_[index], sample) >= 1 ? &answer : nullptr;
        }
    }
    return nullptr;
}

/// Our own posts where the language has some, as they are and stripped; for the language head all
/// that is asked and the pieces that were not trained on.
std::vector<HeldOutput> HeadTrainer::calibration_texts(std::size_t index,
                                                       std::size_t language) const
{
    std::vector<HeldOutput> own;
    std::vector<HeldOutput> others;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        const FitAnswer* const answer = answer_of(index, i);
        if (answer == nullptr ||
            (is_language_
                 ? entry.role != Role::taught
                 : field_.languages[entry.sample] != language || entry.role != Role::asked ||
                       (entry.typing != Typing::as_is && entry.typing != Typing::stripped))) {
            continue;
        }
        auto& to = field_.samples[entry.sample].set == "corpus" ? own : others;
        to.push_back({answer->label, asked(index, i)});
    }
    if (is_language_) {
        own.insert(own.end(), others.begin(), others.end());
    }
    return own.empty() ? others : own;
}

analysis::Head HeadTrainer::head(std::size_t index) const
{
    const HeadPlan& plan = plans_[index];
    analysis::Head head{.name = plan.name, .labels = plan.labels, .outputs = plan.outputs};
    const std::vector<std::string>& languages = field_.plan->language.labels;
    const std::size_t unknown = languages.size() - 1;
    for (std::size_t language = 0; language < languages.size(); ++language) {
        analysis::HeadLanguage reading;
        reading.bias.assign(plan.outputs, 0);
        reading.answers = is_language_ ? language == unknown
                                       : std::ranges::find(plan.languages, languages[language]) !=
                                             plan.languages.end();
        if (reading.answers) {
            const std::size_t from = is_language_ ? 0 : language;
            std::copy_n(final_.all.begin() +
                            static_cast<std::ptrdiff_t>(final_.languages_at + from * final_.stride +
                                                        problem_.heads[index].first),
                        plan.outputs, reading.bias.begin());
            const std::vector<HeldOutput> held = calibration_texts(index, language);
            const double temperature = fit_temperature(held);
            reading.temperature = static_cast<float>(temperature);
            reading.threshold =
                static_cast<float>(fit_threshold(held, temperature, plan.threshold));
        }
        head.languages.push_back(std::move(reading));
    }
    return head;
}

std::vector<HeldOut> HeadTrainer::held_out(std::size_t index, const analysis::Head& head) const
{
    std::vector<HeldOut> result;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const std::size_t sample = entries_[i].sample;
        const analysis::HeadLanguage& reading =
            head.languages[is_language_ ? head.labels.size() - 1 : field_.languages[sample]];
        const FitAnswer* const answer = answer_of(index, i);
        if (answer == nullptr || entries_[i].role != Role::asked || !reading.answers) {
            continue;
        }
        Judged judged{.truth = answer->label,
                      .probabilities = softmax(asked(index, i), double{reading.temperature})};
        judged.answered =
            *std::ranges::max_element(judged.probabilities) >= double{reading.threshold};
        result.push_back({sample, entries_[i].typing, std::move(judged)});
    }
    return result;
}

std::vector<float> HeadTrainer::table(std::size_t index) const
{
    const FitHead& head = problem_.heads[index];
    const std::size_t rows = std::size_t{1} << problem_.row_bits;
    std::vector<float> table;
    table.reserve((rows + problem_.rule_count) * head.outputs);
    for (std::size_t row = 0; row < rows + problem_.rule_count; ++row) {
        const float scale = row < final_.row_scales.size() ? final_.row_scales[row] : 1;
        for (std::size_t output = 0; output < head.outputs; ++output) {
            table.push_back(scale * final_.all[row * final_.stride + head.first + output]);
        }
    }
    return table;
}

} // namespace empathd::training
