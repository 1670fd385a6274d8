#include "analysis/training/evaluate.hpp"

#include "analysis/training/copies.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <map>
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

const char* name_of(Typing typing)
{
    switch (typing) {
    case Typing::as_is: return "as is";
    case Typing::stripped: return "stripped";
    case Typing::capitals: return "capitals";
    }
    return "";
}

} // namespace

std::vector<Line> evaluate(const analysis::Model& model, std::span<const Sample> samples)
{
    Judgements judgements;
    analysis::Scratch scratch;
    for (const Sample& sample : samples) {
        const std::array texts = {sample.text, without_diacritics(sample.text),
                                  in_capitals(sample.text)};
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const std::vector<Answer> answers = model.answer_all(texts[i], {}, scratch, false);
            for (std::size_t head = 0; head < answers.size(); ++head) {
                const analysis::Head& description = model.heads()[head];
                const auto truth =
                    std::ranges::find(description.labels, sample.label(description.name));
                if (truth == description.labels.end()) {
                    continue;
                }
                Judged judged;
                judged.truth = static_cast<std::size_t>(truth - description.labels.begin());
                for (const auto& [label, probability] : answers[head].probabilities) {
                    judged.probabilities.push_back(double{probability});
                }
                judged.answered = answers[head].label != (head == 0 ? "und" : unsure);
                judgements[{description.name, sample.set, sample.language, Typing(i)}].push_back(
                    std::move(judged));
            }
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
            judgements[{result.head, sample.set, language, one.typing}].push_back(one.judged);
            if (sample.set == "corpus") {
                judgements[{result.head, sample.set, "all", one.typing}].push_back(one.judged);
            }
        }
    }
    return lines_of(judgements);
}

void print(std::ostream& out, std::span<const Line> lines)
{
    out << "| head | set | language | typed | texts | macro-F1 | accuracy | ECE | answered | "
           "accuracy "
           "when answered |\n|---|---|---|---|---|---|---|---|---|---|\n";
    const auto percent = [](double share) { return share * 100; };
    for (const Line& line : lines) {
        out << std::fixed << std::setprecision(1) << "| " << line.head << " | " << line.set << " | "
            << line.language << " | " << name_of(line.typing) << " | " << line.scores.count << " | "
            << percent(line.scores.macro_f1) << " | " << percent(line.scores.accuracy) << " | "
            << std::setprecision(3) << line.scores.ece << std::setprecision(1) << " | "
            << percent(line.scores.answered) << " | " << percent(line.scores.answered_accuracy)
            << " |\n";
    }
}

} // namespace empathd::training
