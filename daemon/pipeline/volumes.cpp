#include "daemon/pipeline/volumes.hpp"

#include "analysis/model/digest.hpp"
#include "analysis/model/experience.hpp"
#include "daemon/pipeline/byte_fields.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace empathd {
namespace {

using namespace bytes;
using std::chrono::hours;

constexpr std::size_t author_bytes = 16;
constexpr std::size_t detector_bytes_max = 64 * 1024;

/// One person on one network; a post without an author stands for itself.
std::string author_of(const Post& post)
{
    const std::string who = post.author.empty() ? "post " + post.key.id : "author " + post.author;
    return digest({post.key.network, who}).substr(0, author_bytes);
}

} // namespace

void Volumes::add(const Series& series, const std::string& author)
{
    if (detectors_.count(series) == 0) {
        if (detectors_.size() >= volume_series_max) {
            return;
        }
        detectors_.emplace(series, analysis::VolumeDetector{});
    }
    Hour& hour = running_.hours[series];
    ++hour.count;
    if (hour.authors.size() < volume_authors_max) {
        hour.authors.insert(author);
    }
    hour_changed_ = true;
}

void Volumes::count(const Post& post, const std::string& brand, const std::string& reason,
                    TimePoint at)
{
    const TimePoint start = std::chrono::floor<hours>(at);
    if (running_.start != start) {
        running_ = {.start = start, .hours = {}};
    }
    const std::string author = author_of(post);
    add({brand, std::string()}, author);
    if (!reason.empty() && reason != none && reason != unsure) {
        add({brand, reason}, author);
    }
}

std::vector<Volumes::Verdict> Volumes::close(TimePoint end, bool blind)
{
    const TimePoint start = end - hours{1};
    const bool whole = closed_at_ == start && !blind;
    std::vector<Verdict> out;
    for (auto& [series, detector] : detectors_) {
        if (!whole) {
            (void)detector.skip(
                start); // Fails for what is behind it already, which changes nothing.
            continue;
        }
        analysis::VolumeBin bin{.start = start, .count = 0, .authors = 0};
        const auto hour = running_.hours.find(series);
        if (running_.start == start && hour != running_.hours.end()) {
            bin.count = hour->second.count;
            bin.authors = hour->second.authors.size();
        }
        if (const auto verdict = detector.add(bin)) {
            out.push_back({.brand = series.first, .reason = series.second, .volume = *verdict});
        }
    }
    closed_at_ = end;
    if (running_.start < end && !running_.hours.empty()) {
        running_ = {};
        hour_changed_ = true;
    }
    return out;
}

std::string Volumes::save() const
{
    ByteWriter out;
    put(out, closed_at_);
    out.u32(detectors_.size());
    for (const auto& [series, detector] : detectors_) {
        put(out, series.first);
        put(out, series.second);
        put(out, detector.save());
    }
    return sealed(std::move(out));
}

Result<> Volumes::load(std::string_view bytes)
{
    struct Loaded {
        TimePoint closed_at{};
        std::map<Series, analysis::VolumeDetector> detectors;
    };
    const auto read = [](ByteReader& in, Loaded& loaded) {
        get(in, loaded.closed_at);
        for (std::size_t left = in.count(items_max, 12); left > 0 && in.good(); --left) {
            Series series;
            get(in, series.first);
            get(in, series.second);
            auto detector = analysis::VolumeDetector::load(in.text(detector_bytes_max));
            if (!detector) {
                in.fail();
                return;
            }
            loaded.detectors.insert_or_assign(std::move(series), std::move(*detector));
        }
    };
    auto loaded = unsealed<Loaded>(bytes, "usual volumes", read);
    if (!loaded) {
        return loaded.error();
    }
    closed_at_ = loaded->closed_at;
    for (auto& [series, detector] : loaded->detectors) {
        detectors_.insert_or_assign(series, std::move(detector));
    }
    return {};
}

std::string Volumes::save_hour()
{
    hour_changed_ = false;
    if (running_.hours.empty()) {
        return {};
    }
    ByteWriter out;
    put(out, running_.start);
    out.u32(running_.hours.size());
    for (const auto& [series, hour] : running_.hours) {
        put(out, series.first);
        put(out, series.second);
        out.u64(hour.count);
        put(out, std::vector<std::string>(hour.authors.begin(), hour.authors.end()));
    }
    return sealed(std::move(out));
}

Result<> Volumes::load_hour(std::string_view bytes)
{
    const auto read = [](ByteReader& in, Running& running) {
        get(in, running.start);
        for (std::size_t left = in.count(items_max, 20); left > 0 && in.good(); --left) {
            Series series;
            std::vector<std::string> authors;
            get(in, series.first);
            get(in, series.second);
            Hour& hour = running.hours[series];
            hour.count = in.u64();
            get(in, authors);
            hour.authors.insert(authors.begin(), authors.end());
        }
    };
    auto running = unsealed<Running>(bytes, "this hour's complaints", read);
    if (!running) {
        return running.error();
    }
    running_ = std::move(*running);
    for (const auto& [series, hour] : running_.hours) { // Those that began in this hour.
        detectors_.try_emplace(series);
    }
    return {};
}

std::string title_of(const Volumes::Verdict& verdict)
{
    std::string about = verdict.reason.empty() ? "" : " about " + verdict.reason;
    std::replace(about.begin(), about.end(), '_', ' ');
    const auto usual = std::llround(verdict.volume.expected);
    const std::uint64_t seen = verdict.volume.seen;
    return std::to_string(seen) + (seen == 1 ? " complaint" : " complaints") + about +
           " in an hour, " +
           (usual == 0   ? std::string("usual is less than one")
            : usual == 1 ? std::string("usual is 1")
                         : "usual are " + std::to_string(usual));
}

} // namespace empathd
