#pragma once

#include "analysis/experience/model.hpp"
#include "analysis/training/sample.hpp"
#include "analysis/training/scores.hpp"
#include "analysis/training/trainer.hpp"

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

namespace empathd::training {

/// One line of the evaluation table.
struct Line {
    std::string head;
    std::string set;
    std::string language;
    Typing typing = Typing::as_is;
    Scores scores;
};

/// Scores of a model for every head, set and language of the samples, each text in every typing.
/// The head "experience" also answers "complaint" (yes, no). Labels a set never holds are not among
/// the choices there. A head that does not know the text's true language counts as unsure, with the
/// probabilities it gave all the same.
[[nodiscard]] std::vector<Line> evaluate(const analysis::Model& model,
                                         std::span<const Sample> samples);

/// The same of what cross-validation said.
[[nodiscard]] std::vector<Line> summarize(std::span<const Sample> samples,
                                          std::span<const HeadResult> results);

/// A table in Markdown: which label of a set means which of ours.
void print(std::ostream& out, std::span<const Meaning> meanings);

/// A table in Markdown of the texts as they are: percent; the area under the curve and the
/// calibration error as fractions.
void print(std::ostream& out, std::span<const Line> lines);

/// A table in Markdown of macro-F1 in percent, one column for each typing. `lines` as `evaluate`
/// and `summarize` give them: all typings of a head, set and language one after the other.
void print_typings(std::ostream& out, std::span<const Line> lines);

} // namespace empathd::training
