#pragma once

#include "analysis/experience/features.hpp"
#include "analysis/experience/model_file.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::test {

/// A model of 4096 rows that knows nothing until told, for tests: languages en and und, and heads
/// that answer in English. Reason and target know two labels each, with one output.
class TinyModel {
public:
    static constexpr std::uint32_t row_bits = 12;
    static constexpr std::uint32_t outputs = 11;
    enum Output : std::uint32_t {
        en,
        und,
        negative,
        neutral,
        positive,
        complaint,
        praise,
        question,
        other,
        staff,
        company
    };

    TinyModel()
    {
        parts_.version = "tiny-1";
        parts_.row_bits = row_bits;
        add_head("language", {"en", "und"}, 2, {false, true});
        add_head("sentiment", {"negative", "neutral", "positive"}, 3, {true, false});
        add_head("experience", {"complaint", "praise", "question", "other"}, 4, {true, false});
        add_head("reason", {"staff", "overall"}, 1, {true, false});
        add_head("target", {"company", "product"}, 1, {true, false});
        parts_.scale.assign(outputs, 0.1F);
        parts_.rules.assign(analysis::rule_count * outputs, 0);
        parts_.rows.assign((std::size_t{1} << row_bits) * outputs, 0);
    }

    /// Gives the first word of `word` (its whole-word feature) a weight toward an output.
    TinyModel& teach(std::string_view word, Output output, std::int8_t weight)
    {
        analysis::Extractor extractor;
        extractor.extract(word, {}, false);
        const std::uint32_t row = extractor.words().front() >> (32 - row_bits);
        parts_.rows[std::size_t{row} * outputs + output] = weight;
        return *this;
    }

    TinyModel& bias(std::size_t head, std::size_t language, std::size_t output, float value)
    {
        parts_.heads[head].languages[language].bias[output] = value;
        return *this;
    }

    [[nodiscard]] analysis::ModelParts& parts() noexcept { return parts_; }
    [[nodiscard]] std::string bytes() const { return analysis::write_model(parts_); }

private:
    void add_head(std::string name, std::vector<std::string> labels, std::uint32_t count,
                  std::vector<bool> answers)
    {
        analysis::Head head{.name = std::move(name), .labels = std::move(labels), .outputs = count};
        for (const bool one : answers) {
            head.languages.push_back({.answers = one,
                                      .temperature = 1,
                                      .threshold = 0.6F,
                                      .bias = std::vector<float>(count, 0)});
        }
        parts_.heads.push_back(std::move(head));
    }

    analysis::ModelParts parts_;
};

} // namespace empathd::test
