#pragma once

#include "analysis/model/mention.hpp"
#include "analysis/model/post.hpp"
#include "config/section.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
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

struct WebhookConfig {
    std::string name;
    std::string url;
    std::string secret_file; ///< Signs the body (HMAC-SHA-256); empty: unsigned.
    std::chrono::seconds timeout{10};
};

struct FetchConfig {
    std::string contact; ///< Into the User-Agent: where the operator can be reached.
    std::vector<std::string> allowed_hosts; ///< Hosts or networks that may be non-public addresses.
    double requests_per_second = 2;         ///< Per host.
};

struct AlertConfig {
    std::uint32_t pages_per_day = 10; ///< The alert budget; `critical` is never held back by it.
    double score_warning = 45;        ///< Lowest score (0..100) of each severity.
    double score_error = 65;
    double score_critical = 85;
    std::chrono::hours story_window{72}; ///< How long after its last post a story can be joined.
};

struct SourceConfig {
    std::string name;
    std::string connector;
    Audience audience = Audience::customer;
    std::chrono::seconds poll{120}; ///< Between polls of a healthy source.
    Section section;                ///< What is left: the connector's own options.
};

/// The whole configuration. Holds the parsed file, which its sections point into.
struct Config {
    StoreConfig store;
    AnalysisConfig analysis;
    HttpConfig http;
    RedisConfig redis;
    std::vector<WebhookConfig> webhooks;
    FetchConfig fetch;
    AlertConfig alerts;
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
