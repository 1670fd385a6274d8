#include "connectors/replay/replay.hpp"

#include "connectors/fields.hpp"
#include "connectors/replay/line_reader.hpp"
#include "connectors/transport/json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace empathd::connectors {
namespace {

using std::chrono::milliseconds;

/// Most bytes of the files read for one page, so that a page of long lines stays small as well.
constexpr std::uint64_t page_bytes_max = 8 * 1024 * 1024;

struct Options {
    std::vector<std::string> files;
    double speed = 1;
    bool to_now = true;
    std::size_t batch = 200;
};

/// The cursor: when the replay began, what span of time the files cover, how far each was played.
struct Progress {
    TimePoint start{};
    TimePoint first{};
    TimePoint last{};
    std::map<std::string, std::uint64_t> offsets; ///< By path; absent: from the beginning.
};

std::string to_cursor(const Progress& progress)
{
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> json(buffer);
    json.StartObject();
    json.Key("v");
    json.Int(1);
    json.Key("start");
    json.Int64(to_unix_ms(progress.start));
    json.Key("first");
    json.Int64(to_unix_ms(progress.first));
    json.Key("last");
    json.Int64(to_unix_ms(progress.last));
    json.Key("files");
    json.StartObject();
    for (const auto& [path, offset] : progress.offsets) {
        json.Key(path.c_str(), static_cast<rapidjson::SizeType>(path.size()));
        json.Uint64(offset);
    }
    json.EndObject();
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

Result<Progress> from_cursor(const std::string& cursor)
{
    const Error unreadable{ErrorKind::malformed, "the cursor is not one of replay, version 1"};
    const auto document = parse_json(cursor);
    if (!document || integer_at(*document, "v") != 1) {
        return unreadable;
    }
    const auto start = integer_at(*document, "start");
    const auto first = integer_at(*document, "first");
    const auto last = integer_at(*document, "last");
    const Json* files = object_at(*document, "files");
    if (!start || !first || !last || files == nullptr) {
        return unreadable;
    }
    Progress progress{
        .start = from_unix_ms(*start), .first = from_unix_ms(*first), .last = from_unix_ms(*last)};
    for (const auto& file : files->GetObject()) {
        if (!file.value.IsUint64()) {
            return unreadable;
        }
        progress.offsets.emplace(std::string(file.name.GetString(), file.name.GetStringLength()),
                                 file.value.GetUint64());
    }
    return progress;
}

/// Where the times of the recording lie in the real world.
class Timing {
public:
    Timing(const Options& options, const Progress& progress)
        : speed_(options.speed), to_now_(options.to_now), progress_(progress)
    {
    }

    /// When a line of the recording is handed out.
    [[nodiscard]] TimePoint due(TimePoint recorded) const
    {
        return progress_.start + played(recorded - progress_.first);
    }
    /// The time a line of the recording is given.
    [[nodiscard]] TimePoint moved(TimePoint recorded) const
    {
        return to_now_ ? due(progress_.last) + (recorded - progress_.last) : recorded;
    }
    /// The time it is in the replay at `now`; nothing when that is the real time.
    [[nodiscard]] std::optional<TimePoint> present(TimePoint now) const
    {
        if (now >= due(progress_.last)) {
            return to_now_ ? std::nullopt : std::optional{progress_.last};
        }
        const auto since = static_cast<double>((now - progress_.start).count()) * speed_;
        const milliseconds passed{std::max<std::int64_t>(0, std::llround(since))};
        return moved(progress_.first + passed);
    }

private:
    [[nodiscard]] milliseconds played(milliseconds span) const
    {
        return speed_ == 0 ? milliseconds{0}
                           : milliseconds{std::llround(static_cast<double>(span.count()) / speed_)};
    }

    double speed_;
    bool to_now_;
    const Progress& progress_;
};

/// One file with the next line that has not been handed out.
class Track {
public:
    Track(std::string path, LineReader reader, const SourceIdentity& identity)
        : path_(std::move(path)), reader_(std::move(reader)), identity_(&identity)
    {
        advance();
    }

    [[nodiscard]] bool done() const noexcept { return !line_.has_value(); }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] const LineReader::Line& line() const noexcept { return *line_; }
    [[nodiscard]] Result<ReplayLine>& parsed() noexcept { return *parsed_; }
    /// Nothing: at once.
    [[nodiscard]] std::optional<TimePoint> at() const
    {
        return *parsed_ ? (**parsed_).at : std::nullopt;
    }

    void advance()
    {
        do {
            line_ = reader_.next();
        } while (line_ && line_->text.find_first_not_of(" \t") == std::string::npos);
        if (!line_) {
            return;
        }
        if (line_->too_long) {
            parsed_ = Error{ErrorKind::malformed, "the line is longer than 1 MiB"};
        } else {
            parsed_ = parse_replay_line(line_->text, *identity_);
        }
    }

private:
    std::string path_;
    LineReader reader_;
    const SourceIdentity* identity_;
    std::optional<LineReader::Line> line_;
    std::optional<Result<ReplayLine>> parsed_;
};

/// The track whose next line comes first; nullptr when all are done.
Track* next_of(std::vector<Track>& tracks)
{
    Track* next = nullptr;
    for (Track& track : tracks) {
        if (!track.done() && (next == nullptr || track.at() < next->at())) {
            next = &track; // "No time" is less than every time.
        }
    }
    return next;
}

void put(ReplayLine line, TimePoint at, Page& page)
{
    if (auto* post = std::get_if<Post>(&line.what)) {
        post->published_at = at;
        post->seen_at = at;
        page.posts.push_back(std::move(*post));
    } else if (auto* observation = std::get_if<Observation>(&line.what)) {
        observation->at = at;
        page.observations.push_back(std::move(*observation));
    } else {
        page.deletions.push_back(std::get<PostKey>(std::move(line.what)));
    }
}

class Replay final : public Connector {
public:
    Replay(Options options, SourceIdentity identity, const Clock& clock)
        : options_(std::move(options)), identity_(std::move(identity)), clock_(clock)
    {
    }

    boost::asio::awaitable<Result<Page>> fetch(std::string cursor) override
    {
        co_return read_page(cursor, clock_.now());
    }

    boost::asio::awaitable<Result<std::vector<Observation>>>
    observe(std::vector<std::string>) override
    {
        co_return std::vector<Observation>();
    }

    [[nodiscard]] std::size_t observe_ids_max() const noexcept override { return 0; }

private:
    Result<Page> read_page(const std::string& cursor, TimePoint now) const;
    Result<Progress> begin(TimePoint now) const;
    Result<std::vector<Track>> open(const Progress& progress) const;

    const Options options_;
    const SourceIdentity identity_;
    const Clock& clock_;
};

Result<Progress> Replay::begin(TimePoint now) const
{
    const auto time_of = [this](std::string_view line) -> std::optional<TimePoint> {
        const auto parsed = parse_replay_line(line, identity_);
        return parsed ? parsed->at : std::nullopt;
    };
    std::optional<TimePoint> first;
    std::optional<TimePoint> last;
    for (const std::string& path : options_.files) {
        auto reader = LineReader::open(path, 0);
        if (!reader) {
            return reader.error();
        }
        std::optional<TimePoint> start;
        auto line = reader->next();
        while (line && line->end <= page_bytes_max && !(start = time_of(line->text))) {
            line = reader->next();
        }
        if (start && (!first || *start < *first)) {
            first = start;
        }
        last = std::max(last, last_time(path, time_of));
    }
    const TimePoint from = first.value_or(now);
    return Progress{.start = now, .first = from, .last = std::max(last.value_or(from), from)};
}

Result<std::vector<Track>> Replay::open(const Progress& progress) const
{
    std::vector<Track> tracks;
    for (const std::string& path : options_.files) {
        const auto played = progress.offsets.find(path);
        auto reader = LineReader::open(path, played == progress.offsets.end() ? 0 : played->second);
        if (!reader) {
            return reader.error();
        }
        tracks.emplace_back(path, std::move(*reader), identity_);
    }
    return tracks;
}

Result<Page> Replay::read_page(const std::string& cursor, TimePoint now) const
{
    auto progress = cursor.empty() ? begin(now) : from_cursor(cursor);
    if (!progress) {
        return progress.error();
    }
    auto tracks = open(*progress);
    if (!tracks) {
        return tracks.error();
    }
    const Timing timing(options_, *progress);
    Page page;
    std::size_t lines = 0;
    std::uint64_t bytes = 0;
    Track* track = next_of(*tracks);
    const auto is_due = [&] {
        return track != nullptr && (!track->at() || timing.due(*track->at()) <= now);
    };
    while (lines < options_.batch && bytes < page_bytes_max && is_due()) {
        const TimePoint at = track->at() ? timing.moved(*track->at()) : now;
        if (track->parsed()) {
            put(std::move(*track->parsed()), at, page);
            page.as_of = at;
        } else {
            page.rejected.push_back(
                rejected(track->parsed().error().message, std::string_view(track->line().text)));
        }
        ++lines;
        bytes += track->line().text.size();
        progress->offsets[track->path()] = track->line().end;
        track->advance();
        track = next_of(*tracks);
    }
    page.unchanged = lines == 0;
    page.more = is_due();
    if (!page.as_of) {
        page.as_of = timing.present(now);
    }
    page.cursor = to_cursor(*progress);
    return page;
}

} // namespace

std::unique_ptr<Connector> make_replay(config::Section& section, const SourceIdentity& identity,
                                       Environment environment)
{
    Options options;
    const std::string file = section.text("file", "");
    if (!file.empty()) {
        options.files.push_back(file);
    }
    for (std::string& path : section.texts("files")) {
        if (std::find(options.files.begin(), options.files.end(), path) != options.files.end()) {
            section.problem("files", "files names \"" + path + "\" twice");
        }
        options.files.push_back(std::move(path));
    }
    if (options.files.empty()) {
        section.problem("file", "file is missing: the recording to play");
    }
    options.speed = section.number("speed", 1, 0, 1'000'000);
    if (options.speed > 0 && options.speed < 1) {
        section.problem("speed", "speed is below 1, which would put posts into the future: use 1 "
                                 "or more, or 0 for as fast as possible");
    }
    options.to_now = section.choice("shift", "to_now", {"to_now", "none"}) == "to_now";
    options.batch = static_cast<std::size_t>(
        section.integer("batch", 200, 1, static_cast<std::int64_t>(page_posts_max)));
    return std::make_unique<Replay>(std::move(options), identity, environment.clock);
}

} // namespace empathd::connectors
