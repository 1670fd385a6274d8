#pragma once

#include "analysis/experience/accumulate.hpp"
#include "analysis/experience/features.hpp"
#include "analysis/experience/model_file.hpp"
#include "analysis/model/error.hpp"
#include "analysis/model/experience.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// What the parts of one token add to the outputs, in steps of int8.
struct TokenSums {
    std::array<std::int32_t, model_outputs_max> words{}; ///< Without its pair.
    std::array<std::int32_t, model_outputs_max> pair{};  ///< With the token before.
    std::array<std::int32_t, model_outputs_max> characters{};
};

/// Where evidence is put to the test: the text without it, read once more.
struct Proof {
    std::string text;
    Extractor extractor;
    std::vector<float> logits;
    std::vector<float> probabilities;
};

/// Buffers of one thread; grows to the longest text met.
struct Scratch {
    Extractor extractor;
    std::vector<TokenSums> tokens;
    std::vector<float> logits;
    std::vector<float> probabilities;
    std::string masked; ///< The text with names masked; only with evidence.
    Proof proof;
};

/// One table of hashed int8 weights that answers all its heads in one pass. Immutable: shared by
/// any number of threads, each with a Scratch of its own.
class Model {
public:
    /// Fails with `malformed` as `read_model` does.
    [[nodiscard]] static Result<std::shared_ptr<const Model>> from_bytes(std::string_view bytes);
    /// `parts` is what `read_model` would give: sizes fit.
    [[nodiscard]] static std::shared_ptr<const Model> from_parts(const ModelParts& parts);

    /// What the text says. `nfc_text`: valid NFC UTF-8 of any length (see feature_tokens_max);
    /// `mask`: the spans that name the brand. With evidence every answer carries the words that
    /// spoke for its most likely label, as whole words, neighbours joined, whose removal
    /// lowers its probability (each is put to the test); the probabilities are the same either way.
    /// When the language is unknown (always, without a word of the author's), or unknown to a head,
    /// the head answers `unsure` from what needs no language: emoji, punctuation, capitals.
    [[nodiscard]] Experience analyse(std::string_view nfc_text, std::span<const Span> mask,
                                     Scratch& scratch, bool with_evidence) const;

    /// The answers of all heads in the file's order, the language first (label "und" when unsure).
    [[nodiscard]] std::vector<Answer> answer_all(std::string_view nfc_text,
                                                 std::span<const Span> mask, Scratch& scratch,
                                                 bool with_evidence) const;

    [[nodiscard]] const std::string& version() const noexcept { return version_; }
    [[nodiscard]] const std::vector<Head>& heads() const noexcept { return heads_; }

private:
    struct AlignedDelete {
        void operator()(std::int8_t* rows) const noexcept;
    };

    Model() = default;

    struct Reading; ///< Sums of one text.
    [[nodiscard]] Reading read_fast(const Extractor& features) const;
    [[nodiscard]] Reading read_tokens(Scratch& scratch) const;
    void compute_logits(const Reading& reading, const Extractor& features,
                        std::vector<float>& logits) const;
    void compute_probabilities(std::size_t head, std::size_t language, const Extractor& features,
                               std::span<const float> logits,
                               std::vector<float>& probabilities) const;
    [[nodiscard]] Answer answer(std::size_t head, std::size_t language, Scratch& scratch) const;
    void add_evidence(std::size_t head, std::size_t language, Scratch& scratch,
                      Answer& answer) const;
    void keep_what_holds(std::size_t head, std::size_t language, std::size_t best, Scratch& scratch,
                         Answer& answer) const;

    std::string version_;
    std::vector<Head> heads_;
    std::vector<std::uint32_t> first_output_;  ///< Beside heads_.
    std::vector<std::optional<Facet>> facets_; ///< Beside heads_; none for the language.
    std::size_t unknown_language_ = 0;         ///< Index of "und" in the language head's labels.
    std::uint32_t outputs_ = 0;
    std::vector<float> scale_;
    std::vector<float> rules_; ///< rule_count x outputs.
    std::unique_ptr<std::int8_t[], AlignedDelete> rows_;
    RowTable table_;
};

} // namespace empathd::analysis
