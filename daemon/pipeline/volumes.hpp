#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/post.hpp"
#include "analysis/model/time.hpp"
#include "analysis/spread/volume.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd {

/// Series that are watched at most; complaints of further ones are not counted. About 5 KB each.
inline constexpr std::size_t volume_series_max = 2'000;
/// Authors of one hour and series that are told apart; enough to know that there are several.
inline constexpr std::size_t volume_authors_max = 100;

/// How many complaints each brand gets an hour, in all and by reason, and whether that is more than
/// usual (analysis/spread/volume.hpp). A series begins with its first complaint; from then on an
/// hour without any is a zero.
///
/// Used by the desk alone. No clock.
class Volumes {
public:
    /// What a series says of the hour that is over.
    struct Verdict {
        std::string brand;
        std::string reason; ///< Empty: complaints in all.
        analysis::VolumeVerdict volume;
    };

    /// A complaint that is no copy, in the hour of `at`. `reason`: the label; `none`, `unsure` and
    /// an empty one count in all only.
    void count(const Post& post, const std::string& brand, const std::string& reason, TimePoint at);

    /// The hour that ends at `end` (a full hour) is over. Skipped by all series, so not judged and
    /// not learned from, when a source was `blind` in it, or when it was not watched from its
    /// beginning: the one before was not closed here. Sorted by brand, each brand's series of all
    /// reasons first; nothing when it was skipped.
    std::vector<Verdict> close(TimePoint end, bool blind);

    /// The detectors, as of the last close(). With save_hour(), all state: a copy that loads both
    /// goes on to the last bit as this would.
    [[nodiscard]] std::string save() const;
    Result<> load(std::string_view bytes); ///< `storage` for bytes that save() did not write.

    /// The hour under way. `hour_changed` since it was saved last.
    [[nodiscard]] bool hour_changed() const noexcept { return hour_changed_; }
    [[nodiscard]] std::string save_hour();
    Result<> load_hour(std::string_view bytes); ///< As load().

    [[nodiscard]] std::size_t series() const noexcept { return detectors_.size(); }

private:
    using Series = std::pair<std::string, std::string>; ///< Brand and reason.

    struct Hour {
        std::uint64_t count = 0;
        std::set<std::string> authors; ///< Short digests.
    };
    struct Running {
        TimePoint start{};
        std::map<Series, Hour> hours;
    };

    void add(const Series& series, const std::string& author);

    std::map<Series, analysis::VolumeDetector> detectors_;
    TimePoint closed_at_{}; ///< Up to here hours are closed; zero: none yet.
    Running running_;
    bool hour_changed_ = false;
};

/// "14 complaints in an hour, usual are 2"; of a reason "14 complaints about staff in an hour,
/// ...".
[[nodiscard]] std::string title_of(const Volumes::Verdict& verdict);

} // namespace empathd
