#include "config/load.hpp"

#include "config/load_alerts.hpp"
#include "config/load_exits.hpp"
#include "config/read_redis.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace empathd::config {
namespace {

/// Largest configuration file read, in bytes.
constexpr std::size_t file_bytes_max = 4 * 1024 * 1024;

Value to_value(const toml::node& node);

Table to_table(const toml::table& table)
{
    Table out;
    for (const auto& [key, node] : table) {
        Value value = to_value(node);
        value.line = key.source().begin.line;
        value.column = key.source().begin.column;
        out.emplace(std::string(key.str()), std::move(value));
    }
    return out;
}

/// Dates, which no option takes, become their text, so that the option's own check reports them.
Value to_value(const toml::node& node)
{
    Value value;
    value.line = node.source().begin.line;
    value.column = node.source().begin.column;
    if (const auto* flag = node.as_boolean()) {
        value.data = flag->get();
    } else if (const auto* whole = node.as_integer()) {
        value.data = whole->get();
    } else if (const auto* real = node.as_floating_point()) {
        value.data = real->get();
    } else if (const auto* text = node.as_string()) {
        value.data = text->get();
    } else if (const auto* list = node.as_array()) {
        std::vector<Value> items;
        for (const toml::node& item : *list) {
            items.push_back(to_value(item));
        }
        value.data = std::move(items);
    } else if (const auto* table = node.as_table()) {
        value.data = to_table(*table);
    } else {
        std::ostringstream date;
        node.visit([&date](const auto& any) { date << any; });
        value.data = date.str();
    }
    return value;
}

void read_store(Section section, StoreConfig& store)
{
    store.path = section.text("path", store.path);
    store.keep_posts = std::chrono::hours{24 * section.integer("keep_posts_days", 90, 1, 3650)};
    store.keep_ledger = std::chrono::hours{24 * section.integer("keep_ledger_days", 400, 1, 3650)};
    section.finish();
}

/// "address:port" or "unix:/path".
bool is_endpoint(const std::string& text)
{
    if (text.starts_with("unix:")) {
        return text.size() > 6 && text[5] == '/';
    }
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) {
        return false;
    }
    const std::string port = text.substr(colon + 1);
    return port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos &&
           std::stoi(port) <= 65535;
}

void read_http(Section section, HttpConfig& http)
{
    http.listen = section.text("listen", http.listen);
    if (!is_endpoint(http.listen)) {
        section.problem("listen", "listen is \"" + http.listen +
                                      "\", must be \"address:port\" or \"unix:/path\"");
    }
    http.hosts = section.texts("hosts");
    section.finish();
}

void read_analysis(Section section, AnalysisConfig& analysis)
{
    analysis.model = section.text("model", "");
    section.finish();
}

void read_fetch(Section section, FetchConfig& fetch)
{
    fetch.contact = section.text("contact", "");
    fetch.allowed_hosts = section.texts("allowed_hosts");
    fetch.requests_per_second = section.number("requests_per_second", 2, 0.01, 1000);
    section.finish();
}

/// "handle" or "network:handle"; a handle may itself have a colon ("@acme:server" of Matrix).
OfficialAccount official_account(std::string text)
{
    const std::size_t colon = text.starts_with('@') ? std::string::npos : text.find(':');
    if (colon == std::string::npos) {
        return {.handle = std::move(text)};
    }
    return {.network = text.substr(0, colon), .handle = text.substr(colon + 1)};
}

FactorConfig read_factor(Section& section, const std::string& name, FactorConfig factor,
                         double most)
{
    factor.median = section.number(name, factor.median, 1e-6, most);
    factor.spread = section.number(name + "_spread", factor.spread, 0, 3);
    return factor;
}

void read_exposure(Section section, ExposureConfig& exposure)
{
    exposure.view_rate = read_factor(section, "view_rate", exposure.view_rate, 100);
    exposure.new_audience = read_factor(section, "new_audience", exposure.new_audience, 1);
    exposure.carrier_followers =
        read_factor(section, "carrier_followers", exposure.carrier_followers, 1e9);
    exposure.carriers = section.number("carriers", exposure.carriers, 0, 1);
    exposure.customers = read_factor(section, "customers", exposure.customers, 1);
    exposure.put_off = read_factor(section, "put_off", exposure.put_off, 1);
    exposure.threshold = section.number("threshold", exposure.threshold, 0, 1e9);
    section.finish();
}

void read_watches(Section& root, std::vector<Watch>& watches)
{
    for (Section& section : root.tables("watch", "watch")) {
        Watch watch;
        watch.brand = section.text_required("name");
        for (std::string& term : section.texts("terms")) {
            watch.terms.push_back({.text = std::move(term)});
        }
        for (std::string& term : section.texts("accent_sensitive_terms")) {
            watch.terms.push_back({.text = std::move(term), .accent_sensitive = true});
        }
        if (watch.terms.empty()) {
            section.problem("terms", "terms is missing: the names by which people call the brand");
        }
        watch.exclusions = section.texts("exclusions");
        for (std::string& account : section.texts("official_accounts")) {
            watch.official_accounts.push_back(official_account(std::move(account)));
        }
        const auto same = [&watch](const Watch& other) { return other.brand == watch.brand; };
        if (std::any_of(watches.begin(), watches.end(), same)) {
            section.problem("name", "another watch has this name");
        }
        section.finish();
        watches.push_back(std::move(watch));
    }
}

void read_sources(Section& root, std::vector<SourceConfig>& sources)
{
    for (Section& section : root.tables("source", "source")) {
        std::string name = section.text_required("name");
        std::string connector = section.text_required("connector");
        const std::string audience =
            section.choice("audience", "customer", {"customer", "employee"});
        const std::chrono::seconds poll{section.integer("poll_s", 120, 1, 86'400)};
        const auto budget =
            static_cast<std::uint32_t>(section.integer("reread_budget_per_hour", 120, 0, 36'000));
        const auto same = [&name](const SourceConfig& other) { return other.name == name; };
        if (std::any_of(sources.begin(), sources.end(), same)) {
            section.problem("name", "another source has this name");
        }
        sources.push_back(
            {.name = std::move(name),
             .connector = std::move(connector),
             .audience = audience == "employee" ? Audience::employee : Audience::customer,
             .poll = poll,
             .reread_budget_per_hour = budget,
             .section = std::move(section)});
    }
}

void read_root(Config& config, const Config::File& file, bool is_main)
{
    Section root(file.root, file.path, "the file", 0, *config.problems);
    read_watches(root, config.watches);
    read_sources(root, config.sources);
    if (is_main) {
        read_store(root.table("store"), config.store);
        read_analysis(root.table("analysis"), config.analysis);
        read_http(root.table("http"), config.http);
        read_redis(root.table("redis"), config.redis);
        read_fetch(root.table("fetch"), config.fetch);
        read_exposure(root.table("exposure"), config.exposure);
        read_hours(root, config.hours);
        read_alerts(root.table("alerts"), config);
        read_routes(root, config);
        read_exits(root, config);
    }
    root.finish();
}

void add(Config& config, const std::string& text, const std::string& name, bool is_main)
{
    auto file = std::make_unique<Config::File>();
    file->path = name;
    try {
        file->root = to_table(toml::parse(text, name));
    } catch (const toml::parse_error& error) {
        config.problems->push_back({.file = name,
                                    .line = error.source().begin.line,
                                    .column = error.source().begin.column,
                                    .message = std::string(error.description())});
        return;
    }
    config.files.push_back(std::move(file));
    read_root(config, *config.files.back(), is_main);
}

void add_file(Config& config, const std::string& path, bool is_main)
{
    std::ifstream in(path, std::ios::binary);
    std::string text;
    std::array<char, 64 * 1024> buffer{};
    while (in && text.size() <= file_bytes_max) {
        in.read(buffer.data(), buffer.size());
        text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (!in.eof()) {
        config.problems->push_back({.file = path,
                                    .message = text.size() > file_bytes_max
                                                   ? "larger than 4 MiB: not a configuration"
                                                   : "cannot be read"});
        return;
    }
    add(config, text, path, is_main);
}

Config empty_config()
{
    Config config;
    config.problems = std::make_unique<std::vector<Problem>>();
    return config;
}

} // namespace

Config load_text(const std::string& text, const std::string& name)
{
    Config config = empty_config();
    add(config, text, name, true);
    return config;
}

Config load(const std::string& path)
{
    Config config = empty_config();
    add_file(config, path, true);
    std::error_code ignored;
    std::vector<std::string> more;
    const auto folder = std::filesystem::path(path).parent_path() / "conf.d";
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        if (entry.path().extension() == ".toml") {
            more.push_back(entry.path().string());
        }
    }
    std::sort(more.begin(), more.end());
    for (const std::string& file : more) {
        add_file(config, file, false);
    }
    return config;
}

} // namespace empathd::config
