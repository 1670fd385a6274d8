#pragma once

namespace empathd {

/// How many people see a story: so far, and by the time it has run its course. An order of
/// magnitude, made from views or followers; analysis/spread/exposure.hpp says how.
struct Exposure {
    bool known = false;      ///< False: no views and no followers are known; there are no figures.
    bool from_views = false; ///< True: from the networks' own view counts; false: from followers.
    double now = 0;
    double low = 0; ///< 80 % interval of the total: low <= expected <= high.
    double expected = 0;
    double high = 0;
    double future = 0; ///< expected - now.

    friend bool operator==(const Exposure&, const Exposure&) = default;
};

} // namespace empathd
