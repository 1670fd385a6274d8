#pragma once

#include "analysis/model/alert.hpp"
#include "analysis/model/error.hpp"
#include "analysis/model/experience.hpp"
#include "analysis/model/incident.hpp"
#include "analysis/model/post.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::sqlite {

/// The JSON columns of the store. What is written comes back bit for bit, but for the probabilities
/// of labels (numbers in their shortest exact form; a number that is not finite becomes 0: it says
/// nothing). Short names, because there is one for every mention. Reading fails with `storage`:
/// only we write here, so a text that cannot be read means a damaged file.

/// What a mention has beside its columns: spans, terms, every probability, evidence.
struct MentionDetail {
    std::vector<Span> spans;
    std::vector<std::string> terms;
    std::array<Answer, facet_count> answers; ///< In the order of Facet; without their labels.
};

/// {"spans":[offset,length,..],"terms":[..],"p":[[..],..],"e":{"experience":[offset,length,weight,..]}}
///
/// `p` has a list for each facet in the order of Facet: the probabilities of its labels in the
/// order of labels_of(), in whole ten-thousandths (four places, as kept_probability() has it; a
/// label that the model's head has not is 0). One number more is the answer's own probability,
/// where it is not that of the likeliest label; one number alone is that without the labels'. `e`
/// has the facets for which there is evidence. So the label scheme is part of the schema: who
/// changes it migrates.
///
/// Written by schema 1 and still read: "s" and "c", [label, probability, ..] of sentiment and of a
/// complaint yes or no, with evidence "se" and "ce".
[[nodiscard]] std::string detail_json(const std::vector<Span>& spans,
                                      const std::vector<std::string>& terms,
                                      const Experience& experience);
[[nodiscard]] Result<MentionDetail> detail_from(std::string_view json);

[[nodiscard]] std::string links_json(const std::vector<std::string>& links);
[[nodiscard]] Result<std::vector<std::string>> links_from(std::string_view json);
[[nodiscard]] std::string media_json(const std::vector<Media>& media);
[[nodiscard]] Result<std::vector<Media>> media_from(std::string_view json);

[[nodiscard]] std::string incident_json(const Incident& incident);
[[nodiscard]] Result<Incident> incident_from(std::string_view json);
[[nodiscard]] std::string alert_json(const Alert& alert);
[[nodiscard]] Result<Alert> alert_from(std::string_view json);

} // namespace empathd::sqlite
