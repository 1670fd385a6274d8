#pragma once

#include "analysis/model/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// How one head reads its outputs for texts of one language.
struct HeadLanguage {
    bool answers = false;    ///< False: the head was not trained for the language; always unsure.
    float temperature = 1;   ///< Logits are divided by it; 0.05..20.
    float threshold = 1;     ///< Unsure when the most likely label has less; 0..1.
    std::vector<float> bias; ///< Added to the head's outputs; one each.
    float score = 0;         ///< Macro-F1 on our own posts, held out; 0..1, 0 when not measured.
};

/// One question put to a text: the softmax over its labels. Every label has an output, or all but
/// the last, whose logit is then 0: with two labels, one output is the logit of the first.
struct Head {
    std::string name;                    ///< "sentiment"; lower case letters and '_'.
    std::vector<std::string> labels;     ///< 2..64, in the order of the outputs.
    std::uint32_t outputs = 0;           ///< Labels, or one less.
    std::vector<HeadLanguage> languages; ///< One for each label of the language head.
};

/// All of a model file, as plain values. The first head is "language"; its label "und" stands for
/// every other language. Heads take their outputs one after the other.
struct ModelParts {
    std::string version;        ///< Shown with every answer: letters, digits, ". _ -"; 1..64.
    std::uint32_t row_bits = 0; ///< 2^row_bits rows; 4..20.
    std::vector<Head> heads;
    std::vector<float> scale;      ///< One per output: logit of one step of a row's int8.
    std::vector<float> rules;      ///< rule_count x outputs, added as they are.
    std::vector<std::int8_t> rows; ///< 2^row_bits x outputs; row by row.

    [[nodiscard]] std::uint32_t outputs() const noexcept;
};

inline constexpr std::uint32_t model_format = 2;
inline constexpr std::uint32_t model_outputs_max = 64;
inline constexpr std::size_t model_bytes_max = 16 * 1024 * 1024;

/// The file: little-endian, no padding.
///
///     "EMPATHDM"  u32 format  u32 feature scheme  str version  u32 row bits  u32 outputs
///     u32 rules  u32 heads  { str name, u32 labels, { str }, u32 outputs,
///                             { u8 answers, f32 temperature, f32 threshold, f32 score,
///                               f32 bias[] } }
///     f32 scale[outputs]  f32 rules[rules x outputs]  i8 rows[2^row bits x outputs]  u64 checksum
///
/// str is u32 length and bytes; the checksum covers all that stands before it.
[[nodiscard]] std::string write_model(const ModelParts& parts);

/// Fails with `malformed` and says what is wrong: not a model, another format or feature scheme,
/// cut short, too long, wrong checksum, a value out of its range. Never reads beyond `bytes`; takes
/// no more memory than the file's size justifies.
[[nodiscard]] Result<ModelParts> read_model(std::string_view bytes);

} // namespace empathd::analysis
