#include "daemon/app.hpp"

#include "analysis/match/matcher.hpp"
#include "config/load.hpp"
#include "daemon/daemon.hpp"
#include "daemon/model_choice.hpp"

#include <utility>

namespace empathd {
namespace {

std::vector<std::string> sink_names(const config::Config& config)
{
    std::vector<std::string> names;
    if (config.redis.configured()) {
        names.emplace_back("redis");
    }
    for (const config::WebhookConfig& webhook : config.webhooks) {
        names.push_back("webhook:" + webhook.name);
    }
    return names;
}

} // namespace

Result<std::unique_ptr<App>> make_app(const AppOptions& options, const Clock& clock, Log& log)
{
    Opened opened;
    opened.config = config::load(options.config_path);
    if (!opened.config.problems->empty()) {
        return Error{ErrorKind::invalid_config, problems_of(opened.config)};
    }
    const auto watches = analysis::MatchSet::build(opened.config.watches);
    if (!watches) {
        return Error{ErrorKind::invalid_config,
                     options.config_path + ": " + watches.error().message};
    }
    const auto model = choose_model(opened.config.analysis.model, log);
    if (!model) {
        return model.error();
    }
    opened.stages = {.watches = *watches, .model = *model};
    auto store =
        open_sqlite_store({.path = opened.config.store.path, .sinks = sink_names(opened.config)});
    if (!store) {
        return store.error();
    }
    auto reader = open_sqlite_reader(opened.config.store.path);
    if (!reader) {
        return reader.error();
    }
    opened.store = std::move(*store);
    opened.reader = std::move(*reader);
    auto daemon = std::make_unique<Daemon>(options, std::move(opened), clock, log);
    const Result<> prepared = daemon->prepare();
    if (!prepared) {
        return prepared.error();
    }
    return std::unique_ptr<App>(std::move(daemon));
}

} // namespace empathd
