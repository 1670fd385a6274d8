#include "analysis/match/officials.hpp"

#include <algorithm>

namespace empathd::analysis {
namespace {

std::string handle_of(std::string_view author)
{
    author.remove_prefix(author.starts_with('@') ? 1 : 0);
    std::string out(author);
    for (char& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

} // namespace

Officials::Officials(const std::vector<Watch>& watches)
{
    for (std::uint32_t i = 0; i < watches.size(); ++i) {
        brands_.push_back(watches[i].brand);
        for (const OfficialAccount& account : watches[i].official_accounts) {
            accounts_[handle_of(account.handle)].push_back({account.network, i});
        }
    }
}

std::vector<std::uint32_t> Officials::watches_of(std::string_view network,
                                                 std::string_view author) const
{
    std::vector<std::uint32_t> out;
    if (accounts_.empty() || author.empty()) {
        return out;
    }
    const auto found = accounts_.find(handle_of(author));
    if (found == accounts_.end()) {
        return out;
    }
    for (const Account& account : found->second) {
        const bool here = account.network.empty() || account.network == network;
        if (here && (out.empty() || out.back() != account.watch)) {
            out.push_back(account.watch); // Ascending, as they were put in.
        }
    }
    return out;
}

bool Officials::speaks_for(std::string_view brand, std::string_view network,
                           std::string_view author) const
{
    const std::vector<std::uint32_t> watches = watches_of(network, author);
    return std::any_of(watches.begin(), watches.end(),
                       [this, brand](std::uint32_t watch) { return brands_[watch] == brand; });
}

} // namespace empathd::analysis
