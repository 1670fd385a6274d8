// Any bytes as a post: every head answers, evidence lies inside the text and on whole characters,
// and a text cut out of valid UTF-8 that slipped through does no harm either.
#include "analysis/experience/model.hpp"
#include "analysis/experience/shipped_model.hpp"
#include "analysis/text/normalize.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace {

void check(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

void analyse(const empathd::analysis::Model& model, std::string_view text)
{
    using namespace empathd;
    static analysis::Scratch scratch;
    const Experience says = model.analyse(text, {}, scratch, true);
    const Experience fast = model.analyse(text, {}, scratch, false);
    for (const Facet facet : all_facets()) {
        const Answer& answer = says.of(facet);
        float sum = 0;
        for (const auto& [label, probability] : answer.probabilities) {
            check(std::isfinite(probability));
            sum += probability;
        }
        check(std::abs(sum - 1) < 1e-3F);
        check(answer.label == fast.of(facet).label);
        for (const Evidence& evidence : answer.evidence) {
            check(evidence.span.length > 0 && evidence.weight > 0);
            check(std::size_t{evidence.span.offset} + evidence.span.length <= text.size());
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto model =
        empathd::analysis::Model::from_bytes(empathd::analysis::shipped_model());
    check(model.has_value());
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    analyse(**model, bytes);
    analyse(**model, empathd::analysis::to_nfc(bytes));
    return 0;
}
