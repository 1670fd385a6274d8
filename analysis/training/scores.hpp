#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace empathd::training {

/// What a head said of one text, and what is right.
struct Judged {
    std::size_t truth = 0;
    std::vector<double> probabilities; ///< Of every label.
    bool answered = true;              ///< False: the head said "unsure".
};

struct Scores {
    std::size_t count = 0;
    double accuracy = 0;     ///< Of the most likely label, unsure or not.
    double macro_f1 = 0;     ///< Mean F1 of the labels that occur in the truth.
    double macro_recall = 0; ///< Mean recall of the labels that occur in the truth.
    double first_f1 = 0;     ///< F1 of the first label: of "yes", where there are two.
    double auc = 0;          ///< Area under the ROC curve of the first label; 0.5 when undefined.
    double ece = 0;          ///< Expected calibration error, 10 bins of equal width.
    double answered = 0;     ///< Share that is not unsure.
    double answered_accuracy = 0; ///< Accuracy among these.
};

[[nodiscard]] Scores score(std::span<const Judged> judged);

} // namespace empathd::training
