#pragma once

#include "analysis/model/alert.hpp"
#include "analysis/model/error.hpp"
#include "analysis/model/experience.hpp"
#include "analysis/model/incident.hpp"
#include "analysis/model/post.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace empathd::sqlite {

/// The JSON columns of the store. What is written comes back bit for bit (numbers in their shortest
/// exact form; a number that is not finite becomes 0: it says nothing). Short names, because there
/// is one for every mention. Reading fails with `storage`: only we write here, so a text that
/// cannot be read means a damaged file.

/// What a mention has beside its columns: spans, terms, every probability, evidence.
struct MentionDetail {
    std::vector<Span> spans;
    std::vector<std::string> terms;
    std::vector<std::pair<std::string, float>> sentiment;
    std::vector<Evidence> sentiment_evidence;
    std::vector<std::pair<std::string, float>> complaint;
    std::vector<Evidence> complaint_evidence;
};

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
