#include "analysis/spread/evaluation/volumes.hpp"

#include "analysis/spread/volume_evaluation.hpp"

#include <algorithm>
#include <charconv>
#include <iomanip>
#include <optional>
#include <ostream>

namespace empathd::spread_evaluation {
namespace {

constexpr std::chrono::minutes sample{5};

std::optional<analysis::VolumeBin> read_line(std::string_view line)
{
    constexpr std::size_t stamp = 19; // "2015-02-26 21:42:53"
    if (line.size() < stamp + 2 || line[stamp] != ',') {
        return std::nullopt;
    }
    std::string time(line.substr(0, stamp));
    time[10] = 'T';
    const auto at = parse_rfc3339(time + 'Z');
    analysis::VolumeBin bin;
    const char* const end = line.data() + line.size();
    const auto read = std::from_chars(line.data() + stamp + 1, end, bin.count);
    if (!at || read.ec != std::errc{}) {
        return std::nullopt;
    }
    bin.start = *at;
    return bin;
}

} // namespace

std::vector<analysis::VolumeBin> read_volume(std::string_view text)
{
    std::vector<analysis::VolumeBin> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const auto bin = read_line(text.substr(0, end));
        if (bin && (out.empty() || bin->start > out.back().start)) {
            out.push_back(*bin);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

void print_volume(std::ostream& out, const std::string& name,
                  const std::vector<analysis::VolumeBin>& samples)
{
    out << name << ": " << samples.size() << " samples;" << std::fixed << std::setprecision(2);
    for (const int minutes : {5, 15, 60}) {
        const std::chrono::minutes bin{minutes};
        analysis::VolumeOptions options;
        options.bin = bin;
        const auto measured =
            analysis::evaluate(analysis::to_bins(samples, sample, bin), {}, options);
        if (!measured) {
            out << ' ' << measured.error().message;
            continue;
        }
        out << ' ' << measured->detector.alarms_a_day << " alarms a day at " << minutes << " min;";
        if (minutes == 60) {
            out << ' ' << measured->sigma.alarms_a_day << " of the three-sigma rule";
        }
    }
    out << std::defaultfloat << std::setprecision(6) << '\n';
}

} // namespace empathd::spread_evaluation
