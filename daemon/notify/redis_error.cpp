#include "daemon/notify/redis_error.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace empathd {
namespace {

struct Code {
    std::string_view word;
    ErrorKind kind;
    std::string_view message;
};

constexpr std::array codes{
    Code{"OOM", ErrorKind::unavailable, "redis is at its maxmemory and takes no writes (OOM)"},
    Code{"MISCONF", ErrorKind::unavailable, "redis cannot save to its disk (MISCONF)"},
    Code{"READONLY", ErrorKind::unavailable, "redis is a read-only replica (READONLY)"},
    Code{"LOADING", ErrorKind::unavailable, "redis is loading its data (LOADING)"},
    Code{"BUSY", ErrorKind::unavailable, "redis is busy with a script (BUSY)"},
    Code{"MASTERDOWN", ErrorKind::unavailable, "redis has lost its master (MASTERDOWN)"},
    Code{"NOREPLICAS", ErrorKind::unavailable, "redis has too few replicas (NOREPLICAS)"},
    Code{"CLUSTERDOWN", ErrorKind::unavailable, "the redis cluster is down (CLUSTERDOWN)"},
    Code{"TRYAGAIN", ErrorKind::unavailable, "the redis cluster is resharding (TRYAGAIN)"},
    Code{"NOAUTH", ErrorKind::unauthorized, "redis asks for a password (NOAUTH)"},
    Code{"WRONGPASS", ErrorKind::unauthorized, "redis refused the password (WRONGPASS)"},
    Code{"NOPERM", ErrorKind::unauthorized, "redis does not permit us a command (NOPERM)"},
    Code{"WRONGTYPE", ErrorKind::invalid_config,
         "the stream's key holds something else in redis (WRONGTYPE)"},
    Code{"MOVED", ErrorKind::invalid_config,
         "the stream's key belongs to another node of the redis cluster (MOVED)"},
    Code{"NOGROUP", ErrorKind::not_found, "the stream or its consumer group is gone (NOGROUP)"},
};

constexpr std::size_t shown_bytes_max = 120;

std::string printable(std::string_view line)
{
    std::string shown(line.substr(0, shown_bytes_max));
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return shown;
}

} // namespace

Error redis_error(std::string_view line)
{
    const std::string_view word = line.substr(0, line.find(' '));
    const auto* const code =
        std::find_if(codes.begin(), codes.end(), [word](const Code& c) { return c.word == word; });
    if (code != codes.end()) {
        return Error{code->kind, std::string(code->message)};
    }
    if (line.find("AUTH") != std::string_view::npos ||
        line.find("invalid password") != std::string_view::npos) { // Redis 5 and before.
        return Error{ErrorKind::unauthorized, "redis refused AUTH as it was sent"};
    }
    return Error{ErrorKind::unavailable, "redis answered: " + printable(line)};
}

bool says_read_only(const RespReply& reply) noexcept
{
    return reply.kind == RespReply::Kind::error && reply.text.compare(0, 8, "READONLY") == 0;
}

} // namespace empathd
