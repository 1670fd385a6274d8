#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace empathd::testing {

inline const std::vector<std::string> complaints{
    "@auroraair my suitcase refund still has not arrived, I have called five times and nobody "
    "answers. Terrible customer service by Aurora Air",
    "Aurora Air cancelled my flight, no refund, no reply to my emails for weeks, absolutely "
    "terrible"};

/// A configuration for one feed; every complaint is told of. `exits`: further ways out.
inline std::string configuration(const TemporaryFolder& folder, const std::string& feed,
                                 const std::string& authority, const std::string& redis, int port,
                                 const std::string& exits)
{
    return "[store]\npath = \"" + folder.file("empathd.db") +
           "\"\n[http]\nlisten = \"127.0.0.1:" + std::to_string(port) +
           "\"\n"
           "[fetch]\nallowed_hosts = [\"" +
           authority +
           "\"]\nrequests_per_second = 1000\n"
           "[alerts]\ngroup_wait_s = 0\njoin_retold = false\npages_per_day = 10000\nscore_warning "
           "= 5\nscore_error = 95\n"
           "score_critical = 99\n" +
           (redis.empty() ? ""
                          : "[redis]\naddress = \"" + redis +
                                "\"\ngroups = [\"pager\"]\nredeliver_after_s = 1\n") +
           "[[watch]]\nname = \"Aurora Air\"\nterms = [\"Aurora Air\"]\n"
           "[[source]]\nname = \"forum\"\nconnector = \"feed\"\npoll_s = 1\nbase_url = \"" +
           feed + "\"\n" + exits;
}

/// The daemon with its configuration in a folder of its own.
class Running {
public:
    Running(const std::string& feed, const std::string& authority, const std::string& redis,
            const std::string& exits = {})
        : port_(free_port())
    {
        config_ = write_file(folder_.file("empathd.toml"),
                             configuration(folder_, feed, authority, redis, port_, exits));
        start();
    }
    void start()
    {
        process_ = std::make_unique<Process>(Process::Options{
            .arguments = {EMPATHD_BINARY, "run", config_}, .output = folder_.file("log")});
        if (!eventually(std::chrono::seconds{20},
                        [this] { return get("/readyz").starts_with("200"); })) {
            throw std::runtime_error("the daemon did not get ready:\n" + log());
        }
    }
    [[nodiscard]] std::string get(const std::string& path) const { return http_get(port_, path); }
    [[nodiscard]] std::string log() const
    {
        std::ifstream in(folder_.file("log"));
        return std::string(std::istreambuf_iterator<char>(in), {});
    }
    Process& process() { return *process_; }
    [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }
    [[nodiscard]] std::string server() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] const std::string& config() const { return config_; }

private:
    TemporaryFolder folder_;
    int port_;
    std::string config_;
    std::unique_ptr<Process> process_;
};

} // namespace empathd::testing
