#pragma once

#include "analysis/model/mention.hpp"
#include "analysis/model/post.hpp"
#include "config/exits.hpp"
#include "config/section.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace empathd::config {

struct StoreConfig {
    std::string path = "/var/lib/empathd/empathd.db"; ///< The SQLite file; its folder exists.
    std::chrono::hours keep_posts{90 * 24};           ///< Posts and mentions first seen before go.
    std::chrono::hours keep_ledger{400 * 24};
};

struct AnalysisConfig {
    std::string model; ///< File of a model of one's own; empty: the one that ships.
};

struct HttpConfig {
    std::string listen = "127.0.0.1:8642"; ///< "address:port", or "unix:/path/of/socket".
    std::vector<std::string>
        hosts; ///< Host headers answered beside the listen address and localhost.
};

struct RedisConfig {
    std::string address;                ///< "", "host:port", "tls://host:port" or "unix:/path".
    std::vector<std::string> sentinels; ///< "host:port" or "tls://host:port"; instead of `address`.
    std::string master;                 ///< Name by which the sentinels know the server.
    std::string sentinel_password_file;
    bool tls = false;        ///< With the server; a sentinel's own address says it of itself.
    std::string ca_file;     ///< PEM; empty: the system's authorities.
    std::string cert_file;   ///< PEM; our own certificate, with `key_file`.
    std::string key_file;    ///< PEM.
    std::string server_name; ///< Name in the server's certificate; empty: its host's.
    std::string stream = "empathd:alerts";
    std::vector<std::string> groups; ///< Consumer groups whose acknowledgement closes an alert.
    std::uint64_t stream_length = 100'000; ///< About this many entries are kept in the stream.
    std::string password_file;
    std::chrono::seconds redeliver_after{30};    ///< Unacknowledged and vanished entries are looked
                                                 ///< for this often.
    std::string commands = "empathd:commands";   ///< Stream that is obeyed; empty: none.
    std::string answers = "empathd:answers";     ///< Stream with what became of each command.
    std::string heartbeat = "empathd:heartbeat"; ///< Stream of signs of life; empty: none.
    std::string instance; ///< What this daemon calls itself there; empty: the host's name.

    /// There is a Redis to go to.
    [[nodiscard]] bool configured() const noexcept
    {
        return !address.empty() || !sentinels.empty();
    }
};

struct FetchConfig {
    std::string contact; ///< Into the User-Agent: where the operator can be reached.
    std::vector<std::string> allowed_hosts; ///< Hosts or networks that may be non-public addresses.
    double requests_per_second = 2;         ///< Per host.
};

struct AlertConfig {
    std::uint32_t pages_per_day = 10; ///< The alert budget; `critical` is never held back by it.
    double score_warning = 50;        ///< Lowest score (0..100) of each severity.
    double score_error = 65;
    double score_critical = 85;
    std::chrono::hours story_window{72}; ///< How long after its last post a story can be joined.
    bool join_retold = true; ///< Whether what people tell in other words joins the same story.

    // Where no route says otherwise. Times shrink with growth: analysis/decision/lifecycle.hpp.
    std::vector<std::string> receivers;       ///< Names of sinks; empty: all there are.
    std::vector<std::string> escalate_to;     ///< Sinks told beside them, one more each time.
    std::chrono::seconds group_wait{30};      ///< Before an incident is told first.
    std::chrono::seconds group_interval{300}; ///< Between tellings of new things.
    std::chrono::hours repeat_interval{4};    ///< Between tellings of the same.
    std::chrono::minutes escalate_warning_after{120}; ///< When nobody takes it; 0: never.
    std::chrono::minutes escalate_error_after{60};
    std::chrono::minutes escalate_critical_after{15};
    std::chrono::hours ack_default{8};     ///< How long somebody has it who does not say.
    std::chrono::hours reopen_window{48};  ///< How long a resolved one may come back.
    std::vector<std::string> mute_hours;   ///< Names of [[hours]] at which nobody is told,
    std::vector<std::string> active_hours; ///< and outside which nobody is.
};

/// One part of the week; several of one name are one. As written: daemon/policy.hpp reads it.
struct HoursConfig {
    std::string name;
    std::string zone = "UTC";      ///< IANA name.
    std::vector<std::string> days; ///< "mon", "mon-fri", "all".
    std::string from;              ///< "22:00"
    std::string to;                ///< "07:00": of the day after where it is not later.
};

/// A node of the routing tree. What it does not set is its parent's.
struct RouteConfig {
    std::string name;               ///< Unique.
    std::string parent;             ///< The name of a route above it in the file; empty: [alerts].
    std::vector<std::string> match; ///< Conditions, as "brand = Acme"; all must hold.
    bool goes_on = false;           ///< `continue`: later routes beside it are tried too.
    std::optional<std::vector<std::string>> receivers; ///< Empty: nobody is told.
    std::optional<std::vector<std::string>> escalate_to;
    std::optional<std::chrono::seconds> group_wait;
    std::optional<std::chrono::seconds> group_interval;
    std::optional<std::chrono::hours> repeat_interval;
    std::optional<std::chrono::minutes> escalate_warning_after;
    std::optional<std::chrono::minutes> escalate_error_after;
    std::optional<std::chrono::minutes> escalate_critical_after;
    std::optional<std::vector<std::string>> mute_hours;
    std::optional<std::vector<std::string>> active_hours;
};

/// A factor nobody knows exactly: its median, and the standard deviation of its logarithm.
struct FactorConfig {
    double median = 1;
    double spread = 0;
};

/// How reactions and followers become people: analysis/spread/exposure.hpp has the equations.
struct ExposureConfig {
    FactorConfig view_rate{0.1, 0.8};
    FactorConfig new_audience{0.7, 0.3};
    FactorConfig carrier_followers{1'000, 0.6};
    double carriers = 0.2;
    FactorConfig customers{0.1, 0.7};
    FactorConfig put_off{0.05, 1.0};
    double threshold = 0; ///< Reactions that count as spreading; 0: what is usual on a platform.
};

struct SourceConfig {
    std::string name;
    std::string connector;
    Audience audience = Audience::customer;
    std::chrono::seconds poll{120}; ///< Between polls of a healthy source.
    std::uint32_t reread_budget_per_hour =
        120;         ///< Most batches of looks at engagement in any hour.
    Section section; ///< What is left: the connector's own options.
};

/// The whole configuration. Holds the parsed file, which its sections point into.
struct Config {
    StoreConfig store;
    AnalysisConfig analysis;
    HttpConfig http;
    RedisConfig redis;
    std::vector<WebhookConfig> webhooks;
    std::vector<SlackConfig> slacks;
    std::vector<EmailConfig> emails;
    std::vector<AlertmanagerConfig> alertmanagers;
    std::vector<PagerDutyConfig> pagerduties;
    TemplatesConfig templates;
    FetchConfig fetch;
    AlertConfig alerts;
    ExposureConfig exposure;
    std::vector<HoursConfig> hours;
    std::vector<RouteConfig> routes; ///< In the order of the file.
    std::vector<Watch> watches;
    std::vector<SourceConfig> sources;

    struct File {
        std::string path;
        Table root;
    };
    std::vector<std::unique_ptr<File>> files;       ///< Keep the sections' tables alive.
    std::unique_ptr<std::vector<Problem>> problems; ///< Sections write into it; empty when good.
};

} // namespace empathd::config
