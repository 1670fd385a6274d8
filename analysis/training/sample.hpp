#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::training {

/// One line of a JSONL file: its string members, in order.
struct Record {
    std::vector<std::pair<std::string, std::string>> members;

    /// Empty when there is no such member.
    [[nodiscard]] std::string_view at(std::string_view name) const noexcept;
};

/// A labelled text, ready to learn from.
struct Sample {
    std::string text;     ///< NFC.
    std::string language; ///< BCP 47.
    std::string set;      ///< "corpus" for our own posts, else the file's name without ".jsonl".
    std::string group;    ///< Texts of one group are held out together: the industry, or the text.
    std::vector<std::pair<std::string, std::string>> labels; ///< Head and label; language included.
    bool correction = false; ///< A user's own: taught whatever is held out, never asked.

    /// Empty when the sample says nothing of the head.
    [[nodiscard]] std::string_view label(std::string_view head) const noexcept;
};

/// What a set's labels mean for one of our heads.
struct Meaning {
    std::string_view head;
    std::vector<std::pair<std::string_view, std::string_view>> labels; ///< Its label and ours.
};

/// A set that may train what ships, with its licence.
struct Source {
    std::string_view set;
    std::string_view language;
    std::string_view origin;
    std::string_view licence;
    std::vector<Meaning> meanings; ///< Empty: only its language is used.
    std::size_t language_step = 1; ///< Every n-th text teaches the language head; 0: none.
    std::size_t label_step = 1;    ///< Every n-th text teaches what it means.
};

/// All of them, in the order they are read.
[[nodiscard]] const std::vector<Source>& sources();

/// What the labels of measuring sets mean for our heads. Sets of two values say only "complaint"
/// and something else: they measure a head of that name, which is read from `experience`.
[[nodiscard]] const std::vector<Meaning>& measured_meanings();

/// Nothing when the line teaches nothing (a label without a meaning for us, no text).
[[nodiscard]] std::optional<Sample> sample_of_corpus(const Record& record);
/// A line of `languages.jsonl`: a text that teaches only its language.
[[nodiscard]] std::optional<Sample> sample_of_language(const Record& record);
[[nodiscard]] std::optional<Sample> sample_of_set(const Source& source, const Record& record,
                                                  std::size_t line);
/// A line of the measuring sets: `lang`, `label`, `text`; the head follows from the label. Nothing
/// when the label means nothing for us.
[[nodiscard]] std::optional<Sample> sample_of_measure(std::string_view set, const Record& record);

/// `text` with "\u2019" and the like, which some sets hold letter by letter, put right; in NFC.
[[nodiscard]] std::string clean_text(std::string_view text);

} // namespace empathd::training
