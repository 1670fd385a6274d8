#include "analysis/training/head_trainer.hpp"

#include "analysis/training/copies.hpp"

#include <algorithm>
#include <cassert>
#include <map>

namespace empathd::training {
namespace {

/// Sum of the weights a label has after balancing, and how much heavier a text of a rare label may
/// become on the way.
constexpr double balanced_mass = 3000;
constexpr double balance_max = 3;

std::uint64_t hash_of(std::string_view text) noexcept
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return hash;
}

std::size_t index_in(const std::vector<std::string>& all, std::string_view one)
{
    return static_cast<std::size_t>(std::ranges::find(all, one) - all.begin());
}

std::string typed(const std::string& text, Typing typing)
{
    switch (typing) {
    case Typing::as_is: break;
    case Typing::stripped: return without_diacritics(text);
    case Typing::capitals: return in_capitals(text);
    }
    return text;
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
                              : static_cast<std::uint32_t>(hash_of(sample.group) % plan.folds);
        field.folds.push_back(static_cast<std::int32_t>(fold));
        const std::size_t language = index_in(plan.language.labels, sample.language);
        field.languages.push_back(
            static_cast<std::uint32_t>(std::min(language, plan.language.labels.size() - 1)));
        // A language without texts of our own has nothing else to take its bias from.
        field.sets.push_back(own || !in_corpus[sample.language] ? 0 : sets[sample.set]);
    }
    return field;
}

bool HeadTrainer::is_weak(const Sample& sample) const
{
    return weight_of(sample) < 1;
}

float HeadTrainer::weight_of(const Sample& sample) const
{
    for (const auto& [set, weight] : plan_.set_weights) {
        if (set == sample.set) {
            return weight;
        }
    }
    return 1;
}

/// The language head is sure of so much that two folds tell enough.
std::uint32_t HeadTrainer::folds() const
{
    return is_language_ ? std::min(2U, field_.plan->folds) : field_.plan->folds;
}

/// -1: always trained on, never asked.
std::int32_t HeadTrainer::fold_of(std::size_t sample) const
{
    if (is_weak(field_.samples[sample])) {
        return -1;
    }
    return field_.folds[sample] % static_cast<std::int32_t>(folds());
}

std::size_t HeadTrainer::label_index(const Sample& sample) const
{
    const std::string_view label = sample.label(plan_.name);
    if (label.empty()) {
        return plan_.labels.size();
    }
    const std::size_t index = index_in(plan_.labels, label);
    return is_language_ ? std::min(index, plan_.labels.size() - 1) : index;
}

void HeadTrainer::add(Encoder& encoder, std::string_view text, const Entry& entry, float weight)
{
    const Sample& sample = field_.samples[entry.sample];
    FitExample example;
    example.label = static_cast<std::uint32_t>(label_index(sample));
    example.language = is_language_ ? 0 : field_.languages[entry.sample];
    example.set = is_language_ ? 0 : field_.sets[entry.sample];
    example.weight = weight;
    encoder.append(problem_, text, example, !is_language_, entry.role == Role::taught);
    entries_.push_back(entry);
}

void HeadTrainer::encode_language()
{
    is_language_ = true;
    problem_.row_bits = field_.plan->row_bits;
    problem_.outputs = plan_.outputs;
    problem_.rule_count = analysis::rule_count;
    Encoder encoder(problem_.row_bits, field_.counts);
    for (std::size_t i = 0; i < field_.samples.size(); ++i) {
        const Sample& sample = field_.samples[i];
        if (label_index(sample) == plan_.labels.size()) {
            continue;
        }
        Sequence sequence(hash_of(sample.text));
        for (const Copy& copy : copies_for_language(sample.text, sample.language, sequence)) {
            add(encoder, copy.text, {i, Role::taught, Typing::as_is}, copy.weight);
        }
        for (const Typing typing : {Typing::as_is, Typing::stripped, Typing::capitals}) {
            add(encoder, typed(sample.text, typing), {i, Role::asked, typing}, 0);
        }
    }
    balance();
}

void HeadTrainer::encode_meaning(const HeadTrainer* stacked)
{
    problem_.row_bits = field_.plan->row_bits;
    problem_.outputs = plan_.outputs;
    problem_.rule_count = analysis::rule_count;
    problem_.language_count = static_cast<std::uint32_t>(field_.plan->language.labels.size());
    problem_.set_count = field_.set_count;
    problem_.dense_count = stacked == nullptr ? 0 : stacked->plan_.outputs;
    Encoder encoder(problem_.row_bits, field_.counts);
    for (std::size_t i = 0; i < field_.samples.size(); ++i) {
        const Sample& sample = field_.samples[i];
        if (label_index(sample) == plan_.labels.size()) {
            continue;
        }
        Sequence sequence(hash_of(sample.text));
        for (const Copy& copy : copies_for_meaning(sample.text, sample.language, sequence)) {
            add(encoder, copy.text, {i, Role::taught, Typing::as_is},
                copy.weight * weight_of(sample));
        }
        for (const Typing typing : {Typing::as_is, Typing::stripped, Typing::capitals}) {
            if (!is_weak(sample)) {
                add(encoder, typed(sample.text, typing), {i, Role::asked, typing}, 0);
            }
        }
    }
    if (plan_.balanced) {
        balance();
    }
    if (stacked != nullptr) {
        add_stacked(*stacked);
    }
}

void HeadTrainer::balance()
{
    std::vector<double> mass(plan_.labels.size());
    for (const FitExample& example : problem_.examples) {
        mass[example.label] += double{example.weight};
    }
    for (FitExample& example : problem_.examples) {
        example.weight *=
            static_cast<float>(std::min(balance_max, balanced_mass / mass[example.label]));
    }
}

/// Every text gets the outputs of a head that never saw it.
void HeadTrainer::add_stacked(const HeadTrainer& stacked)
{
    std::vector<double> outputs(stacked.plan_.outputs);
    for (std::size_t i = 0; i < problem_.examples.size(); ++i) {
        FitExample& example = problem_.examples[i];
        const Weights& weights = stacked.weights_without(stacked.fold_of(entries_[i].sample));
        predict(problem_, weights, example, outputs);
        example.dense = static_cast<std::int64_t>(problem_.dense.size());
        for (const double value : outputs) {
            problem_.dense.push_back(static_cast<float>(value));
        }
    }
}

const Weights& HeadTrainer::weights_without(std::int32_t fold) const
{
    return fold < 0 ? final_ : without_fold_[static_cast<std::size_t>(fold)];
}

void HeadTrainer::fit_all(const Progress& progress)
{
    std::vector<char> used(problem_.examples.size());
    const auto use = [&](auto wanted) {
        for (std::size_t i = 0; i < used.size(); ++i) {
            used[i] =
                entries_[i].role == Role::taught && wanted(fold_of(entries_[i].sample)) ? 1 : 0;
        }
    };
    if (plan_.rarity > 0) {
        use([](std::int32_t) { return true; });
        problem_.row_scales = rarity_scales(problem_, used, plan_.rarity);
    }
    Weights start;
    use([](std::int32_t fold) { return fold < 0; });
    const bool has_start = std::ranges::count(used, char{1}) > 0;
    if (has_start) {
        start = fit(problem_, plan_.fit, used);
    }
    for (std::uint32_t fold = 0; fold < folds(); ++fold) {
        if (progress) {
            progress(plan_.name + ": fold " + std::to_string(fold + 1) + " of " +
                     std::to_string(folds()));
        }
        use([&](std::int32_t other) { return other != static_cast<std::int32_t>(fold); });
        without_fold_.push_back(fit(problem_, plan_.fit, used, has_start ? &start : nullptr));
    }
    use([](std::int32_t) { return true; });
    final_ = fit(problem_, plan_.fit, used, has_start ? &start : nullptr);
}

std::vector<double> HeadTrainer::ask(std::size_t example) const
{
    std::vector<double> outputs(plan_.outputs);
    predict(problem_, weights_without(fold_of(entries_[example].sample)),
            problem_.examples[example], outputs);
    return outputs;
}

/// Our own posts where the language has some, as they are and stripped; for the language head all
/// that is asked and the pieces that were not trained on.
std::vector<HeldOutput> HeadTrainer::calibration_texts(std::size_t language) const
{
    std::vector<HeldOutput> own;
    std::vector<HeldOutput> others;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Sample& sample = field_.samples[entries_[i].sample];
        if (is_language_
                ? entries_[i].role != Role::taught
                : field_.languages[entries_[i].sample] != language ||
                      entries_[i].role != Role::asked || entries_[i].typing == Typing::capitals) {
            continue;
        }
        auto& to = sample.set == "corpus" ? own : others;
        to.push_back({problem_.examples[i].label, ask(i)});
    }
    if (is_language_) {
        own.insert(own.end(), others.begin(), others.end());
    }
    return own.empty() ? others : own;
}

analysis::Head HeadTrainer::head() const
{
    analysis::Head head{.name = plan_.name, .labels = plan_.labels, .outputs = plan_.outputs};
    const std::vector<std::string>& languages = field_.plan->language.labels;
    const std::size_t unknown = languages.size() - 1;
    for (std::size_t language = 0; language < languages.size(); ++language) {
        analysis::HeadLanguage reading;
        reading.bias.assign(plan_.outputs, 0);
        reading.answers = is_language_ ? language == unknown
                                       : std::ranges::find(plan_.languages, languages[language]) !=
                                             plan_.languages.end();
        if (reading.answers) {
            const std::size_t from = is_language_ ? 0 : language;
            std::copy_n(final_.all.begin() +
                            static_cast<std::ptrdiff_t>(final_.languages_at + from * plan_.outputs),
                        plan_.outputs, reading.bias.begin());
            const std::vector<HeldOutput> held = calibration_texts(language);
            const double temperature = fit_temperature(held);
            reading.temperature = static_cast<float>(temperature);
            reading.threshold =
                static_cast<float>(fit_threshold(held, temperature, plan_.threshold));
        }
        head.languages.push_back(std::move(reading));
    }
    return head;
}

std::vector<HeldOut> HeadTrainer::held_out(const analysis::Head& head) const
{
    std::vector<HeldOut> result;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const std::size_t sample = entries_[i].sample;
        const analysis::HeadLanguage& reading =
            head.languages[is_language_ ? head.labels.size() - 1 : field_.languages[sample]];
        if (entries_[i].role != Role::asked || !reading.answers) {
            continue;
        }
        Judged judged{.truth = problem_.examples[i].label,
                      .probabilities = softmax(ask(i), double{reading.temperature})};
        judged.answered =
            *std::ranges::max_element(judged.probabilities) >= double{reading.threshold};
        result.push_back({sample, entries_[i].typing, std::move(judged)});
    }
    return result;
}

std::vector<float> HeadTrainer::table(const HeadTrainer* stacked) const
{
    std::vector<float> table(final_.all.begin(),
                             final_.all.begin() + static_cast<std::ptrdiff_t>(final_.dense_at));
    for (std::size_t i = 0; i < final_.row_scales.size() * plan_.outputs; ++i) {
        table[i] *= final_.row_scales[i / plan_.outputs];
    }
    if (stacked == nullptr) {
        return table;
    }
    const std::vector<float> below = stacked->table(nullptr);
    const std::size_t inputs = stacked->plan_.outputs;
    for (std::size_t row = 0; row < table.size() / plan_.outputs; ++row) {
        for (std::size_t output = 0; output < plan_.outputs; ++output) {
            for (std::size_t input = 0; input < inputs; ++input) {
                table[row * plan_.outputs + output] +=
                    final_.all[final_.dense_at + input * plan_.outputs + output] *
                    below[row * inputs + input];
            }
        }
    }
    return table;
}

} // namespace empathd::training
