#include "daemon/http/wire_foresight.hpp"

#include "daemon/http/json_reader.hpp"
#include "daemon/http/json_writer.hpp"
#include "daemon/store/store.hpp"

namespace empathd::wire {
namespace {

void put_bins(Json& json, std::string_view name, const std::vector<ReliabilityBin>& bins)
{
    json.begin_list(name);
    for (const ReliabilityBin& bin : bins) {
        json.begin();
        json.number("predicted", bin.predicted);
        json.number("observed", bin.observed);
        json.count("posts", bin.posts);
        json.end();
    }
    json.end_list();
}

template <class Item, class Convert>
std::vector<Item> list_of(const Value& parent, const char* key, Convert convert)
{
    std::vector<Item> out;
    const Value& list = object(parent, key);
    if (list.IsArray()) {
        for (const Value& item : list.GetArray()) {
            out.push_back(convert(item));
        }
    }
    return out;
}

ReliabilityBin to_bin(const Value& item)
{
    return {number(item, "predicted"), number(item, "observed"), count(item, "posts")};
}

PlatformCalibration to_calibration(const Value& item)
{
    return {.platform = text(item, "platform"),
            .matured = count(item, "matured"),
            .own = flag(item, "calibrated", false),
            .intervals = count(item, "intervals"),
            .coverage = number(item, "coverage"),
            .median_error = number(item, "median_error"),
            .threshold = number(item, "threshold"),
            .reaches = list_of<ReliabilityBin>(item, "reaches_threshold", to_bin),
            .doubles = list_of<ReliabilityBin>(item, "doubles", to_bin),
            .json = one_line(item)};
}

std::optional<double> number_if_any(const Value& object, const char* key)
{
    const Value* value = member(object, key);
    return value != nullptr && value->IsNumber() ? std::optional(value->GetDouble()) : std::nullopt;
}

void put_if_any(Json& json, std::string_view key, const std::optional<double>& value)
{
    if (value) {
        json.number(key, *value);
    }
}

TimePoint time_of(const Value& object, const char* key)
{
    return parse_rfc3339(text(object, key)).value_or(TimePoint{});
}

BacktestRow to_row(const Value& item)
{
    return {.score_warning = number(item, "score_warning"),
            .stories = count(item, "stories"),
            .per_day = number(item, "per_day"),
            .good = count(item, "good"),
            .bad = count(item, "bad"),
            .missed = count(item, "missed")};
}

BacktestAlert to_backtest_alert(const Value& item)
{
    return {.raised_at = time_of(item, "raised_at"),
            .severity = text(item, "severity"),
            .score = number(item, "score"),
            .reason = text(item, "reason"),
            .incident = text(item, "incident"),
            .summary = text(item, "summary"),
            .verdict = text(item, "verdict"),
            .lead_min = number_if_any(item, "lead_min")};
}

void put_rows(Json& json, const std::vector<BacktestRow>& rows)
{
    json.begin_list("rows");
    for (const BacktestRow& row : rows) {
        json.begin();
        json.number("score_warning", row.score_warning);
        json.count("stories", row.stories);
        json.number("per_day", row.per_day);
        json.count("good", row.good);
        json.count("bad", row.bad);
        json.count("missed", row.missed);
        json.end();
    }
    json.end_list();
}

void put_alerts(Json& json, const std::vector<BacktestAlert>& alerts)
{
    json.begin_list("alerts");
    for (const BacktestAlert& alert : alerts) {
        json.begin();
        json.time("raised_at", alert.raised_at);
        json.text("severity", alert.severity);
        json.number("score", alert.score);
        json.text("reason", alert.reason);
        json.text("incident", alert.incident);
        json.text("summary", alert.summary);
        json.text("verdict", alert.verdict);
        put_if_any(json, "lead_min", alert.lead_min);
        json.end();
    }
    json.end_list();
}

} // namespace

std::string calibration_page(const std::vector<PlatformCalibration>& platforms)
{
    Json json;
    json.begin();
    json.begin_list("items");
    for (const PlatformCalibration& platform : platforms) {
        json.begin();
        json.text("platform", platform.platform);
        json.count("matured", platform.matured);
        json.flag("calibrated", platform.own);
        if (!platform.own) {
            json.text("note", "not calibrated yet");
        }
        json.count("intervals", platform.intervals);
        if (platform.intervals > 0) {
            json.number("coverage", platform.coverage);
            json.number("coverage_meant", 0.8);
            json.number("median_error", platform.median_error);
        }
        json.number("threshold", platform.threshold);
        put_bins(json, "reaches_threshold", platform.reaches);
        put_bins(json, "doubles", platform.doubles);
        json.end();
    }
    json.end_list();
    json.end();
    return json.take();
}

Result<Page<PlatformCalibration>> read_calibration_page(std::string_view json)
{
    return read_page<PlatformCalibration>(json, to_calibration);
}

std::string unanswered_page(const std::vector<UnansweredThread>& threads)
{
    Json json;
    json.begin();
    json.begin_list("items");
    for (const UnansweredThread& thread : threads) {
        json.begin();
        json.text("brand", thread.brand);
        json.text_if_any("incident", thread.incident);
        json.text("network", thread.network);
        json.text_if_any("url", thread.url);
        json.text("asked_by", thread.asked_by);
        json.time("asked_at", thread.asked_at);
        json.number("waiting_min", thread.waiting_min);
        json.count("agreeing", thread.agreeing);
        json.time_if_any("reply_by", thread.reply_by.value_or(TimePoint{}));
        json.end();
    }
    json.end_list();
    json.end();
    return json.take();
}

Result<Page<UnansweredThread>> read_unanswered_page(std::string_view json)
{
    return read_page<UnansweredThread>(json, [](const Value& item) {
        return UnansweredThread{.brand = text(item, "brand"),
                                .incident = text(item, "incident"),
                                .network = text(item, "network"),
                                .url = text(item, "url"),
                                .asked_by = text(item, "asked_by"),
                                .asked_at = time_of(item, "asked_at"),
                                .agreeing = count(item, "agreeing"),
                                .reply_by = parse_rfc3339(text(item, "reply_by")),
                                .waiting_min = number(item, "waiting_min"),
                                .json = one_line(item)};
    });
}

std::string journal_page(const std::vector<JournalEntry>& entries, std::size_t limit)
{
    Json json;
    json.begin();
    json.begin_list("items");
    for (const JournalEntry& entry : entries) {
        json.begin();
        json.integer("seq", entry.seq);
        json.time("at", entry.at);
        json.text("kind", entry.kind);
        json.text_if_any("incident", entry.incident);
        json.text_if_any("who", entry.who);
        json.raw("detail", entry.detail);
        json.end();
    }
    json.end_list();
    if (!entries.empty() && entries.size() >= limit) {
        json.text("next", std::to_string(entries.back().seq));
    }
    json.end();
    return json.take();
}

Result<Page<JournalLine>> read_journal_page(std::string_view json)
{
    return read_page<JournalLine>(json, [](const Value& item) {
        return JournalLine{.seq = integer(item, "seq"),
                           .at = parse_rfc3339(text(item, "at")),
                           .kind = text(item, "kind"),
                           .incident = text(item, "incident"),
                           .who = text(item, "who"),
                           .detail = one_line(object(item, "detail")),
                           .json = one_line(item)};
    });
}

std::string backtest_json(const Backtest& backtest)
{
    Json json;
    json.begin();
    json.time("since", backtest.since);
    json.time("until", backtest.until);
    json.number("budget_per_day", backtest.budget);
    json.count("mentions", backtest.mentions);
    json.count("stories", backtest.stories);
    json.count("marked_good", backtest.marked_good);
    json.count("marked_bad", backtest.marked_bad);
    json.number("score_warning_now", backtest.score_warning_now);
    json.number("score_warning_found", backtest.score_warning_found);
    put_if_any(json, "precision", backtest.precision);
    put_if_any(json, "recall", backtest.recall);
    put_if_any(json, "median_lead_min", backtest.median_lead_min);
    put_rows(json, backtest.rows);
    put_alerts(json, backtest.alerts);
    json.end();
    return json.take();
}

Result<Backtest> read_backtest(std::string_view json)
{
    const auto document = parse_object(json);
    if (!document) {
        return document.error();
    }
    const Value& root = *document;
    return Backtest{.since = time_of(root, "since"),
                    .until = time_of(root, "until"),
                    .budget = number(root, "budget_per_day"),
                    .mentions = count(root, "mentions"),
                    .stories = count(root, "stories"),
                    .marked_good = count(root, "marked_good"),
                    .marked_bad = count(root, "marked_bad"),
                    .score_warning_now = number(root, "score_warning_now"),
                    .score_warning_found = number(root, "score_warning_found"),
                    .precision = number_if_any(root, "precision"),
                    .recall = number_if_any(root, "recall"),
                    .median_lead_min = number_if_any(root, "median_lead_min"),
                    .rows = list_of<BacktestRow>(root, "rows", to_row),
                    .alerts = list_of<BacktestAlert>(root, "alerts", to_backtest_alert),
                    .json = one_line(root)};
}

} // namespace empathd::wire
