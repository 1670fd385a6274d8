#include "analysis/training/evaluate.hpp"

#include <algorithm>
#include <iomanip>
#include <map>
#include <optional>
#include <ostream>
#include <tuple>

namespace empathd::training {
namespace {

using Key = std::tuple<std::string, std::string, std::string, Typing>;
using Judgements = std::map<Key, std::vector<Judged>>;

std::vector<Line> lines_of(const Judgements& judgements)
{
    std::vector<Line> lines;
    for (const auto& [key, judged] : judgements) {
        const auto& [head, set, language, typing] = key;
        lines.push_back({head, set, language, typing, score(judged)});
    }
    return lines;
}

bool is_brief(std::string_view text)
{
    std::size_t words = 0;
    bool inside = false;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\n';
        words += !blank && !inside ? 1 : 0;
        inside = !blank;
    }
    return words <= 5;
}

/// A complaint or not, from the four kinds of experience.
Judged as_complaint(std::size_t truth, double complaint, bool answered)
{
    return {.truth = truth, .probabilities = {complaint, 1 - complaint}, .answered = answered};
}

/// What the head said of a text whose label is known; nothing when it is not one of the head's.
std::optional<Judged> judge(const analysis::Head& head, const Answer& answer,
                            std::string_view label)
{
    const auto truth = std::ranges::find(head.labels, label);
    if (truth == head.labels.end()) {
        return std::nullopt;
    }
    Judged judged;
    judged.truth = static_cast<std::size_t>(truth - head.labels.begin());
    for (const auto& [name, probability] : answer.probabilities) {
        judged.probabilities.push_back(double{probability});
    }
    judged.answered = answer.label != (head.name == "language" ? "und" : unsure);
    return judged;
}

} // namespace

/// A set of two labels cannot prove a third right: what it never holds is not among the choices.
static void choose_among_present(std::vector<Judged>& judged)
{
    if (judged.empty()) {
        return;
    }
    std::vector<char> present(judged.front().probabilities.size());
    for (const Judged& one : judged) {
        present[one.truth] = 1;
    }
    for (Judged& one : judged) {
        double sum = 0;
        for (std::size_t label = 0; label < present.size(); ++label) {
            one.probabilities[label] *= present[label];
            sum += one.probabilities[label];
        }
        for (double& probability : one.probabilities) {
            probability = sum > 0 ? probability / sum : 0;
        }
    }
}

std::vector<Line> evaluate(const analysis::Model& model, std::span<const Sample> samples)
{
    Judgements judgements;
    analysis::Scratch scratch;
    for (const Sample& sample : samples) {
        for (const Typing typing : typings) {
            const std::vector<Answer> answers =
                model.answer_all(typed(sample.text, typing), {}, scratch, false);
            for (std::size_t head = 0; head < answers.size(); ++head) {
                const analysis::Head& description = model.heads()[head];
                const auto key = [&](std::string_view name) {
                    return Key{name, sample.set, sample.language, typing};
                };
                if (auto judged =
                        judge(description, answers[head], sample.label(description.name))) {
                    judgements[key(description.name)].push_back(std::move(*judged));
                }
                const std::string_view complaint = sample.label("complaint");
                if (description.name == "experience" && !complaint.empty()) {
                    judgements[key("complaint")].push_back(
                        as_complaint(complaint == "yes" ? 0 : 1,
                                     double{answers[head].probabilities.front().second},
                                     answers[head].label != unsure));
                }
            }
        }
    }
    for (auto& [key, judged] : judgements) {
        if (std::get<0>(key) != "language") {
            choose_among_present(judged);
        }
    }
    return lines_of(judgements);
}

std::vector<Line> summarize(std::span<const Sample> samples, std::span<const HeadResult> results)
{
    Judgements judgements;
    for (const HeadResult& result : results) {
        for (const HeldOut& one : result.held_out) {
            const Sample& sample = samples[one.sample];
            const std::string language = sample.set == "languages" ? "other" : sample.language;
            const auto add = [&](const std::string& head, const Judged& judged) {
                judgements[{head, sample.set, language, one.typing}].push_back(judged);
                if (sample.set == "corpus") {
                    judgements[{head, sample.set, "all", one.typing}].push_back(judged);
                }
                if (sample.set == "corpus" && head == "language" && is_brief(sample.text)) {
                    judgements[{head, "corpus, 5 words or fewer", language, one.typing}].push_back(
                        judged);
                }
            };
            add(result.head, one.judged);
            if (result.head == "experience") {
                add("complaint",
                    as_complaint(one.judged.truth == 0 ? 0 : 1, one.judged.probabilities.front(),
                                 one.judged.answered));
            }
        }
    }
    return lines_of(judgements);
}

void print(std::ostream& out, std::span<const Meaning> meanings)
{
    out << "| label of a set | head | ours |\n|---|---|---|\n";
    for (const Meaning& meaning : meanings) {
        for (const auto& [theirs, ours] : meaning.labels) {
            out << "| " << theirs << " | " << meaning.head << " | " << ours << " |\n";
        }
    }
}

void print(std::ostream& out, std::span<const Line> lines)
{
    out << "| head | set | language | posts | macro-F1 | F1 of the first label | macro recall | "
           "AUC | "
           "accuracy | calibration error | answered | right of these |\n"
           "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    const auto percent = [](double share) { return share * 100; };
    for (const Line& line : lines) {
        if (line.typing != Typing::as_is) {
            continue;
        }
        const Scores& scores = line.scores;
        out << std::fixed << std::setprecision(1) << "| " << line.head << " | " << line.set << " | "
            << line.language << " | " << scores.count << " | " << percent(scores.macro_f1) << " | "
            << percent(scores.first_f1) << " | " << percent(scores.macro_recall) << " | "
            << std::setprecision(3) << scores.auc << " | " << std::setprecision(1)
            << percent(scores.accuracy) << " | " << std::setprecision(3) << scores.ece << " | "
            << std::setprecision(1) << percent(scores.answered) << " | "
            << percent(scores.answered_accuracy) << " |\n";
    }
}

void print_typings(std::ostream& out, std::span<const Line> lines)
{
    out << "| head | set | language |";
    for (const Typing typing : typings) {
        out << ' ' << name_of(typing) << " |";
    }
    out << "\n|---|---|---|---|---|---|---|---|\n" << std::fixed << std::setprecision(1);
    for (std::size_t i = 0; i + typing_count <= lines.size(); i += typing_count) {
        out << "| " << lines[i].head << " | " << lines[i].set << " | " << lines[i].language << " |";
        for (std::size_t typing = 0; typing < typing_count; ++typing) {
            out << ' ' << lines[i + typing].scores.macro_f1 * 100 << " |";
        }
        out << '\n';
    }
}

} // namespace empathd::training
