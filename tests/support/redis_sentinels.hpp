#pragma once

#include "tests/support/process.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace empathd::testing {

/// The name by which the sentinels know the master.
inline const std::string sentinel_master_name = "alerts";

/// A redis-server with a replica, and three sentinels that watch over them and take half a second
/// without an answer for a death. All on loopback; they die with the test.
class RedisSentinels {
public:
    /// Waits until the sentinels know each other and the replica. Throws std::runtime_error when
    /// they do not within 20 s.
    RedisSentinels();

    [[nodiscard]] RedisServer& first() { return *first_; }   ///< The master in the beginning.
    [[nodiscard]] RedisServer& second() { return *second_; } ///< Its replica.
    [[nodiscard]] const std::string& first_address() const { return first_address_; }
    [[nodiscard]] const std::string& second_address() const { return second_address_; }
    /// Of the sentinels.
    [[nodiscard]] const std::vector<std::string>& addresses() const { return addresses_; }

    /// Waits until the replica has all that the master has.
    void replicate();
    void kill_sentinel(std::size_t which);

private:
    void watch();

    TemporaryFolder folder_;
    std::string first_address_;
    std::string second_address_;
    std::optional<RedisServer> first_;
    std::optional<RedisServer> second_;
    std::list<Process> sentinels_;
    std::vector<std::string> addresses_;
};

} // namespace empathd::testing
