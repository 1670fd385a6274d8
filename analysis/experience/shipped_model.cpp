#include "analysis/experience/shipped_model.hpp"

extern "C" {
extern const char empathd_shipped_model_begin[];
extern const char empathd_shipped_model_end[];
}

namespace empathd::analysis {

std::string_view shipped_model() noexcept
{
    return {empathd_shipped_model_begin, empathd_shipped_model_end};
}

} // namespace empathd::analysis
