#include "tests/support/golden_case.hpp"

#include "analysis/experience/shipped_model.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace empathd::testing {
namespace {

using connectors::ReplayLine;
using rapidjson::Value;

std::string text_of(const Value& object, const char* name)
{
    const auto found = object.FindMember(name);
    const bool there = found != object.MemberEnd() && found->value.IsString();
    return there ? std::string(found->value.GetString(), found->value.GetStringLength()) : "";
}

Error wrong(const std::string& place, const std::string& what)
{
    return {ErrorKind::malformed, place + ": " + what};
}

Result<> read_lines(const std::string& path, std::vector<ReplayLine>& events)
{
    std::ifstream file(path);
    if (!file) {
        return wrong(path, "cannot be read");
    }
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        auto read = connectors::parse_replay_line(line, {.name = "golden"});
        if (!read) {
            return wrong(path + ':' + std::to_string(number), read.error().message);
        }
        if (!read->at) {
            return wrong(path + ':' + std::to_string(number), "has no time");
        }
        events.push_back(std::move(*read));
    }
    return {};
}

Result<> read_facts(const std::string& path, GoldenCase& golden)
{
    std::ifstream file(path);
    const std::string json{std::istreambuf_iterator<char>(file), {}};
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(json.c_str());
    if (document.HasParseError() || !document.IsObject()) {
        return wrong(path, "is no JSON object");
    }
    golden.brand = text_of(document, "brand");
    golden.what = text_of(document, "what");
    golden.crisis = text_of(document, "kind") == "crisis";
    const auto alerts = document.FindMember("alerts");
    if (golden.brand.empty() || alerts == document.MemberEnd() || !alerts->value.IsArray()) {
        return wrong(path, "needs brand and alerts");
    }
    const auto official = document.FindMember("official");
    if (official != document.MemberEnd() && official->value.IsArray()) {
        for (const Value& handle : official->value.GetArray()) {
            golden.official.push_back({.handle = handle.IsString() ? handle.GetString() : ""});
        }
    }
    std::set<std::string> ids;
    const auto story = document.FindMember("story");
    if (story != document.MemberEnd() && story->value.IsArray()) {
        for (const Value& id : story->value.GetArray()) {
            ids.emplace(id.IsString() ? id.GetString() : "");
        }
    }
    for (const ReplayLine& line : golden.events) {
        const Post* post = std::get_if<Post>(&line.what);
        if (post != nullptr && ids.contains(post->key.id)) {
            golden.story.insert(post->key);
        }
    }
    for (const Value& item : alerts->value.GetArray()) {
        GoldenCase::Expected expected;
        const std::string about = text_of(item, "about");
        const auto has = [&about](const ReplayLine& line) {
            const Post* post = std::get_if<Post>(&line.what);
            return post != nullptr && post->key.id == about;
        };
        const auto post = std::find_if(golden.events.begin(), golden.events.end(), has);
        const auto from = parse_rfc3339(text_of(item, "not_before"));
        const auto until = parse_rfc3339(text_of(item, "not_after"));
        const auto severity = severity_from(text_of(item, "severity_min"));
        if (post == golden.events.end() || !from || !until || !severity) {
            return wrong(path, "an alert needs a post of the case, two times and a severity");
        }
        expected = {std::get<Post>(post->what).key, *from, *until, *severity};
        golden.expected.push_back(expected);
    }
    return {};
}

const std::shared_ptr<const analysis::Model>& shipped()
{
    static const auto model = [] {
        auto loaded = analysis::Model::from_bytes(analysis::shipped_model());
        EXPECT_TRUE(loaded);
        return loaded ? *loaded : nullptr;
    }();
    return model;
}

/// One post as the stages see it, with its place in time.
void add_post(const ReplayLine& line, const Stages& stages, StageScratch& scratch, DeskInput& page)
{
    Post post = std::get<Post>(line.what);
    post.seen_at = *line.at;
    post.published_at = *line.at;
    if (auto analysed = analyse_post(std::move(post), stages, scratch)) {
        page.posts.push_back(std::move(*analysed));
    }
}

} // namespace

Result<GoldenCase> read_golden_case(const std::string& folder)
{
    GoldenCase golden;
    golden.name = std::filesystem::path(folder).filename().string();
    for (const char* file : {"/posts.jsonl", "/engagement.jsonl"}) {
        if (const Result<> read = read_lines(folder + file, golden.events); !read) {
            return read.error();
        }
    }
    std::stable_sort(golden.events.begin(), golden.events.end(),
                     [](const ReplayLine& a, const ReplayLine& b) { return *a.at < *b.at; });
    if (const Result<> read = read_facts(folder + "/case.json", golden); !read) {
        return read.error();
    }
    return golden;
}

std::vector<GoldenCase> golden_cases(const std::string& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.is_directory()) {
            names.push_back(entry.path().string());
        }
    }
    std::sort(names.begin(), names.end());
    std::vector<GoldenCase> cases;
    for (const std::string& name : names) {
        auto golden = read_golden_case(name);
        EXPECT_TRUE(golden) << golden.error().message;
        if (golden) {
            cases.push_back(std::move(*golden));
        }
    }
    return cases;
}

GoldenRun run_golden_case(const GoldenCase& golden, const DeskOptions& options)
{
    const auto watches = analysis::MatchSet::build({{.brand = golden.brand,
                                                     .terms = {{.text = golden.brand}},
                                                     .official_accounts = golden.official}});
    EXPECT_TRUE(watches);
    const Stages stages{.watches = *watches, .model = shipped()};
    StageScratch scratch;
    StoryDesk desk(options);
    GoldenRun run;
    for (std::size_t i = 0; i < golden.events.size();) {
        DeskInput page;
        const auto minute = std::chrono::floor<std::chrono::minutes>(*golden.events[i].at);
        page.at = minute + std::chrono::minutes{1};
        for (; i < golden.events.size() && *golden.events[i].at < page.at; ++i) {
            const ReplayLine& line = golden.events[i];
            if (std::holds_alternative<Post>(line.what)) {
                add_post(line, stages, scratch, page);
            } else if (const auto* seen = std::get_if<Observation>(&line.what)) {
                Observation observation = *seen;
                observation.at = *line.at;
                page.observations.push_back(observation);
            } else {
                page.deletions.push_back(std::get<PostKey>(line.what));
            }
        }
        DeskOutput out = desk.take(page);
        for (const MentionRecord& mention : out.mentions) {
            if (!mention.incident.empty()) {
                run.incident_of[page.posts[mention.post].post.key] = mention.incident;
            }
        }
        run.alerts.insert(run.alerts.end(), out.alerts.begin(), out.alerts.end());
    }
    return run;
}

std::vector<TimePoint> sigma_alarms(const GoldenCase& golden, SigmaKind kind, double deviations)
{
    constexpr std::int64_t day = 24;
    std::map<std::int64_t, double> counts;
    for (const ReplayLine& line : golden.events) {
        if (std::holds_alternative<Post>(line.what)) {
            const auto hour = std::chrono::floor<std::chrono::hours>(*line.at);
            counts[hour.time_since_epoch().count()] += 1;
        }
    }
    std::vector<TimePoint> alarms;
    if (counts.empty()) {
        return alarms;
    }
    const std::int64_t length = kind == SigmaKind::daily ? day : 1;
    const auto sum_until = [&counts](std::int64_t end,
                                     std::int64_t span) { // Of the hours before.
        double sum = 0;
        for (std::int64_t hour = end - span; hour < end; ++hour) {
            const auto found = counts.find(hour);
            sum += found == counts.end() ? 0 : found->second;
        }
        return sum;
    };
    bool holds = false;
    for (std::int64_t end = counts.begin()->first + 7 * day; end <= counts.rbegin()->first + 1;
         ++end) {
        double mean = 0;
        double squares = 0;
        const std::int64_t stretches = 7 * day / length - (kind == SigmaKind::daily ? 1 : 0);
        // The published rule's days end now, with those it judges; the others' before them.
        const std::int64_t first = kind == SigmaKind::published ? 0 : 1;
        for (std::int64_t i = first; i < first + stretches; ++i) {
            const double n = sum_until(end - i * length, length);
            mean += n / static_cast<double>(stretches);
            squares += n * n / static_cast<double>(stretches);
        }
        const double deviation = std::sqrt(std::max(0.0, squares - mean * mean));
        const double judged = kind == SigmaKind::published
                                  ? sum_until(end, day) / static_cast<double>(day)
                                  : sum_until(end, length);
        const bool now = judged > mean + deviations * deviation;
        if (now && !holds) {
            alarms.emplace_back(std::chrono::hours{end});
        }
        holds = now;
    }
    return alarms;
}

} // namespace empathd::testing
