// The crash run: a scripted site issues complaints (it is the oracle), a consumer records the keys
// it got, and the daemon and Redis are killed with SIGKILL at random moments. When the killing
// stops, every complaint must have its alert, under one key, and no alert may be about anything
// else.
//
// With --control the outbox row is closed when Redis took the alert (no group is named) while Redis
// forgets everything at each kill. That must lose alerts: a run whose control loses nothing proves
// nothing and is void.

#include "tests/support/complaint_site.hpp"
#include "tests/support/process.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace empathd::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Options {
    int kills = 100;
    std::uint32_t seed = 1;
    bool control = false;
    milliseconds patience = 90s; ///< For the last alert, after the last kill.
};

/// What happened to the complaints.
struct Outcome {
    std::size_t issued = 0;
    std::size_t delivered = 0; ///< Complaints with at least one alert.
    std::size_t lost = 0;
    std::size_t doubled = 0;  ///< Complaints with more than one key.
    std::size_t invented = 0; ///< Alerts about nothing that was issued.
    std::size_t repeats = 0;  ///< The same key again: allowed, counted.
    int daemon_kills = 0;
    int redis_kills = 0;
};

/// Each complaint is about a brand of its own, so that each is a story of its own.
constexpr int brands = 2'000;
const std::vector<std::string> complaints{
    "Aurora{n} refund still has not arrived, I have called five times and nobody answers. Terrible "
    "customer service",
    "Aurora{n} cancelled my flight, no refund, no reply to my emails for weeks, absolutely "
    "terrible",
    "The app of Aurora{n} crashes every time, I cannot check in and support ignores me. Useless"};

std::string watches()
{
    std::string out;
    for (int n = 1; n <= brands; ++n) {
        const std::string name = "Aurora" + std::to_string(n);
        out += "[[watch]]\nname = \"" + name + "\"\nterms = [\"" + name + "\"]\n";
    }
    return out;
}

/// The post a body is about: the address of its leading post.
std::string post_in(const std::string& body)
{
    const std::size_t begin = body.find("https://forum.example/post/");
    if (begin == std::string::npos) {
        return {};
    }
    return body.substr(begin, body.find('"', begin) - begin);
}

class CrashRun {
public:
    explicit CrashRun(const Options& options)
        : options_(options), random_(options.seed), site_(complaints)
    {
        const int port = free_port();
        config_ = write_file(
            folder_.file("empathd.toml"),
            "[store]\npath = \"" + folder_.file("empathd.db") +
                "\"\n[http]\nlisten = \"127.0.0.1:" + std::to_string(port) +
                "\"\n[fetch]\nallowed_hosts = [\"" + site_.authority() +
                "\"]\nrequests_per_second = 1000\n[alerts]\ngroup_wait_s = 0\njoin_retold = "
                "false\npages_per_day = 10000\n"
                "score_warning = 5\nscore_error = 98\nscore_critical = 99\n[redis]\naddress = \"" +
                redis_.address() + "\"\nredeliver_after_s = 1\n" +
                (options.control ? "" : "groups = [\"pager\"]\n") + watches() +
                "[[source]]\nname = \"forum\"\nconnector = \"feed\"\npoll_s = 1\nitems = 1000\n"
                "base_url = \"" +
                site_.url() + "\"\n");
    }

    Outcome run()
    {
        for (int kill = 0; kill < options_.kills; ++kill) {
            const int more = below(10);
            for (int i = 0; i < more; ++i) {
                site_.issue();
            }
            live_a_little();
            if (below(4) == 0) {
                redis_.kill();
                redis_.start();
                ++outcome_.redis_kills;
            }
        }
        settle();
        return judged();
    }

private:
    int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }

    std::unique_ptr<Process> start()
    {
        return std::make_unique<Process>(Process::Options{
            .arguments = {EMPATHD_BINARY, "run", config_}, .output = folder_.file("log")});
    }

    /// One life of the daemon, ended by SIGKILL somewhere in it; Redis may go first. The consumer
    /// looks now and then only, so that entries wait in Redis when it is killed.
    void live_a_little()
    {
        const std::unique_ptr<Process> daemon = start();
        const auto end = steady_clock::now() + milliseconds{50 + below(900)};
        const bool redis_too = below(6) == 0;
        const auto redis_end = steady_clock::now() + milliseconds{20 + below(500)};
        bool redis_gone = false;
        while (steady_clock::now() < end) {
            if (redis_too && !redis_gone && steady_clock::now() > redis_end) {
                redis_.kill();
                redis_gone = true;
                ++outcome_.redis_kills;
            }
            if (!redis_gone && below(10) == 0) {
                consume();
            }
            std::this_thread::sleep_for(15ms);
        }
        daemon->signal(SIGKILL);
        (void)daemon->wait(10s);
        ++outcome_.daemon_kills;
        if (redis_gone) {
            redis_.start();
        }
    }

    /// Takes what is there, records it, and acknowledges some of it: a consumer that is sometimes
    /// too slow to say so.
    void consume()
    {
        (void)redis_.command({"XGROUP", "CREATE", "empathd:alerts", "pager", "0", "MKSTREAM"});
        for (const ReceivedEntry& entry : read_group(redis_, "empathd:alerts", "pager", 100)) {
            record(entry);
            if (below(3) != 0) {
                (void)redis_.command({"XACK", "empathd:alerts", "pager", entry.id});
            } else {
                unacknowledged_.push_back(entry.id);
            }
        }
    }

    void record(const ReceivedEntry& entry)
    {
        const std::string post = post_in(entry.field("body"));
        if (post.empty() || site_.text_of(post).empty()) {
            ++outcome_.invented;
            return;
        }
        const std::string key = entry.field("key");
        if (!keys_[post].insert(key).second) {
            ++outcome_.repeats;
        }
    }

    /// Lets everything run undisturbed until the last alert is there.
    void settle()
    {
        const std::unique_ptr<Process> daemon = start();
        (void)eventually(options_.patience, [this] {
            for (const std::string& id : unacknowledged_) {
                (void)redis_.command({"XACK", "empathd:alerts", "pager", id});
            }
            unacknowledged_.clear();
            consume();
            std::this_thread::sleep_for(100ms);
            return keys_.size() >= site_.issued().size();
        });
        daemon->signal(SIGTERM);
        (void)daemon->wait(10s);
        if (!options_.control && keys_.size() < site_.issued().size()) {
            (void)std::system(("tail -n 20 " + folder_.file("log")).c_str());
        }
    }

    Outcome judged()
    {
        for (const std::string& post : site_.issued()) {
            ++outcome_.issued;
            const auto found = keys_.find(post);
            outcome_.lost += found == keys_.end() ? 1 : 0;
            outcome_.delivered += found == keys_.end() ? 0 : 1;
            outcome_.doubled += found != keys_.end() && found->second.size() > 1 ? 1 : 0;
        }
        return outcome_;
    }

    Options options_;
    std::mt19937 random_;
    TemporaryFolder folder_;
    ComplaintSite site_;
    RedisServer redis_; ///< Keeps nothing: each kill empties it.
    std::string config_;
    std::map<std::string, std::set<std::string>> keys_; ///< By post.
    std::vector<std::string> unacknowledged_;
    Outcome outcome_;
};

void print(const char* name, const Outcome& o)
{
    std::cout << name << ": daemon kills " << o.daemon_kills << ", redis kills " << o.redis_kills
              << ", issued " << o.issued << ", delivered " << o.delivered << ", LOST " << o.lost
              << ", DOUBLED " << o.doubled << ", INVENTED " << o.invented << ", repeats of a key "
              << o.repeats << '\n'
              << std::flush;
}

int run_all(const Options& options)
{
    if (!RedisServer::installed()) {
        std::cout << "redis-server is not installed: no crash run\n";
        return 77;
    }
    Outcome outcome = CrashRun(options).run();
    print("crash run", outcome);
    Options with_control = options;
    with_control.control = true;
    with_control.kills = std::max(20, options.kills / 4);
    with_control.patience = 5s;
    const Outcome control = CrashRun(with_control).run();
    print("control  ", control);
    const bool void_run = control.lost == 0 || outcome.issued == 0 || outcome.redis_kills == 0 ||
                          outcome.repeats == 0;
    if (void_run) {
        std::cout << "VOID: the control lost nothing, or too little was seen\n";
        return 2;
    }
    const bool good = outcome.lost == 0 && outcome.doubled == 0 && outcome.invented == 0;
    std::cout << (good ? "PASSED" : "FAILED") << " (seed " << options.seed << ")\n";
    return good ? 0 : 1;
}

} // namespace
} // namespace empathd::testing

int main(int argc, char** argv)
{
    empathd::testing::Options options;
    CLI::App cli{
        "Kills the daemon and Redis at random and counts what is lost, doubled, invented."};
    cli.add_option("--kills", options.kills, "Kills of the daemon")->check(CLI::Range(1, 100'000));
    cli.add_option("--seed", options.seed, "Seed of all chance in the run");
    CLI11_PARSE(cli, argc, argv);
    return empathd::testing::run_all(options);
}
