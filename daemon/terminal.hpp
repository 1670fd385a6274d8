#pragma once

#include "analysis/model/alert.hpp"
#include "daemon/store/store.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>

namespace empathd {

/// What `empathd run --show` prints for a person who watches: where to look, how far it is, and
/// alerts as they come. Everything from strangers is made harmless for the terminal.
class Terminal {
public:
    /// `colours`: with escape sequences for severities. `out` outlives the terminal.
    Terminal(std::ostream& out, bool colours) : out_(out), colours_(colours) {}

    /// The three lines to try; `client` is how empathctl is called from here.
    void where_to_look(const std::string& api_address, const std::string& client);
    /// One line, only when something changed since the last.
    void progress(const Conservation& totals, std::size_t stories, TimePoint heard_until);
    void alert(const Alert& alert);
    /// A source's first error, and its recovery, in plain words.
    void source_trouble(const std::string& source, const std::string& error);

private:
    std::ostream& out_;
    bool colours_;
    std::string last_progress_;
};

} // namespace empathd
