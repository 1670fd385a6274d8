#pragma once

#include "tests/support/http_server.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace empathd::testing {

/// A forum on loopback, as a JSON feed at /feed.json, that issues complaints about one brand and
/// remembers them: the oracle of what must arrive. Safe from any thread.
class ComplaintSite {
public:
    /// Each complaint is one of `texts` (which name the brand) with words of its own added, so that
    /// no two are near-copies.
    ComplaintSite(std::vector<std::string> texts, std::uint32_t seed);

    /// Issues one more complaint and gives its id.
    std::string issue();

    /// Ids of all complaints issued so far, in their order.
    [[nodiscard]] std::vector<std::string> issued() const;
    /// The text that was issued under an id; empty when none was.
    [[nodiscard]] std::string text_of(const std::string& id) const;

    [[nodiscard]] std::string url() const { return server_.url("/feed.json"); }
    [[nodiscard]] std::string authority() const { return server_.authority(); }
    [[nodiscard]] std::size_t polls() const { return server_.hits("/feed.json"); }

private:
    [[nodiscard]] std::string page() const;

    std::vector<std::string> texts_;
    mutable std::mutex mutex_;
    std::mt19937 random_;
    std::vector<std::string> ids_;
    std::map<std::string, std::string> issued_;
    HttpServer server_; ///< Last: its threads use what stands above.
};

} // namespace empathd::testing
