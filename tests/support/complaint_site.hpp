#pragma once

#include "tests/support/http_server.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace empathd::testing {

/// A forum on loopback, as a JSON feed at /feed.json, that issues complaints and
/// remembers them: the oracle of what must arrive. Safe from any thread.
class ComplaintSite {
public:
    /// Each complaint is the next of `texts`, in turn, with its number in place of "{n}".
    explicit ComplaintSite(std::vector<std::string> texts);

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
    std::vector<std::string> ids_;
    std::map<std::string, std::string> issued_;
    HttpServer server_; ///< Last: its threads use what stands above.
};

} // namespace empathd::testing
