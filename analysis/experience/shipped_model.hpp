#pragma once

#include <string_view>

namespace empathd::analysis {

/// The bytes of `model.bin` as it was when the program was built; for `Model::from_bytes`.
[[nodiscard]] std::string_view shipped_model() noexcept;

} // namespace empathd::analysis
