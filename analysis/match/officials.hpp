#pragma once

#include "analysis/model/mention.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace empathd::analysis {

/// Which brands an author speaks for. Immutable; any number of threads.
///
/// Handles are compared without regard to ASCII case and to a leading '@'; an account without a
/// network holds in every network.
class Officials {
public:
    explicit Officials(const std::vector<Watch>& watches);

    /// Indices of the watches whose official account this is, ascending; usually none.
    [[nodiscard]] std::vector<std::uint32_t> watches_of(std::string_view network,
                                                        std::string_view author) const;

    [[nodiscard]] bool speaks_for(std::string_view brand, std::string_view network,
                                  std::string_view author) const;

    [[nodiscard]] bool empty() const noexcept { return accounts_.empty(); }

private:
    struct Account {
        std::string network; ///< Empty: any.
        std::uint32_t watch = 0;
    };

    std::unordered_map<std::string, std::vector<Account>> accounts_; ///< By handle.
    std::vector<std::string> brands_;                                ///< By watch.
};

} // namespace empathd::analysis
