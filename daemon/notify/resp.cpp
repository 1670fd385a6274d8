#include "daemon/notify/resp.hpp"

#include <hiredis/hiredis.h>
#include <openssl/crypto.h>

#include <cassert>
#include <initializer_list>
#include <new>
#include <utility>

namespace empathd {
namespace {

/// What is under construction, seen by hiredis' callbacks as `privdata`.
struct Building {
    RespLimits limits;
    std::size_t items = 0;     ///< Announced so far in the reply under way.
    const char* why = nullptr; ///< The limit that was met.
};

Building& building_of(const redisReadTask* task) noexcept
{
    return *static_cast<Building*>(task->privdata);
}

/// The place the next value goes to: in its parent, which was sized when it was announced, or a
/// new root. hiredis frees roots only, through `free_reply`.
RespReply* place_of(const redisReadTask* task)
{
    if (task->parent == nullptr) {
        building_of(task).items = 0;
        return new RespReply;
    }
    auto* parent = static_cast<RespReply*>(task->parent->obj);
    return &parent->items[static_cast<std::size_t>(task->idx)];
}

RespReply::Kind kind_of(int type) noexcept
{
    switch (type) {
    case REDIS_REPLY_STATUS: return RespReply::Kind::status;
    case REDIS_REPLY_ERROR: return RespReply::Kind::error;
    default: return RespReply::Kind::text;
    }
}

// The callbacks are called from C: no exception may leave them. A null pointer stops the reader.

void* create_string(const redisReadTask* task, char* bytes, std::size_t length) noexcept
{
    try {
        std::string text(bytes, length);
        RespReply* const reply = place_of(task);
        reply->kind = kind_of(task->type);
        reply->text = std::move(text);
        return reply;
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void* create_array(const redisReadTask* task, int elements) noexcept
{
    Building& building = building_of(task);
    std::size_t depth = 1;
    for (const redisReadTask* at = task->parent; at != nullptr; at = at->parent) {
        ++depth;
    }
    if (depth > building.limits.depth_max) {
        building.why = "a reply is nested too deeply";
        return nullptr;
    }
    const auto count = static_cast<std::size_t>(elements);
    const std::size_t before = task->parent == nullptr ? 0 : building.items;
    if (count > building.limits.items_max - before) {
        building.why = "a reply has too many items";
        return nullptr;
    }
    try {
        std::vector<RespReply> items(count);
        RespReply* const reply = place_of(task);
        reply->kind = RespReply::Kind::array;
        reply->items = std::move(items);
        building.items = before + count;
        return reply;
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void* create_integer(const redisReadTask* task, long long value) noexcept
{
    try {
        RespReply* const reply = place_of(task);
        reply->kind = RespReply::Kind::integer;
        reply->integer = value;
        return reply;
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void* create_nil(const redisReadTask* task) noexcept
{
    try {
        return place_of(task);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void free_reply(void* reply) noexcept
{
    delete static_cast<RespReply*>(reply);
}

redisReplyObjectFunctions callbacks{create_string, create_array, create_integer, create_nil,
                                    free_reply};

struct FreeReader {
    void operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }
};

} // namespace

void RespCommands::add(std::span<const std::string_view> arguments)
{
    assert(!arguments.empty());
    std::vector<const char*> starts;
    std::vector<std::size_t> lengths;
    starts.reserve(arguments.size());
    lengths.reserve(arguments.size());
    for (const std::string_view argument : arguments) {
        starts.push_back(argument.data() == nullptr ? "" : argument.data());
        lengths.push_back(argument.size());
    }
    char* command = nullptr;
    const int length = redisFormatCommandArgv(&command, static_cast<int>(arguments.size()),
                                              starts.data(), lengths.data());
    if (length < 0) {
        throw std::bad_alloc(); // Its only failure.
    }
    const std::unique_ptr<char, decltype(&redisFreeCommand)> owner(command, &redisFreeCommand);
    bytes_.append(command, static_cast<std::size_t>(length));
    ++count_;
}

void RespCommands::add(std::initializer_list<std::string_view> arguments)
{
    add(std::span(arguments.begin(), arguments.size()));
}

void RespCommands::wipe() noexcept
{
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
    bytes_.clear();
    count_ = 0;
}

struct RespReader::State {
    Building building;
    std::unique_ptr<redisReader, FreeReader> reader;
    std::size_t pending_bytes = 0; ///< Received since the last whole reply.
    bool broken = false;
};

RespReader::RespReader(RespLimits limits) : state_(std::make_unique<State>())
{
    state_->building.limits = limits;
    state_->reader.reset(redisReaderCreateWithFunctions(&callbacks));
    if (!state_->reader) {
        throw std::bad_alloc();
    }
    state_->reader->privdata = &state_->building;
}

RespReader::~RespReader() = default;
RespReader::RespReader(RespReader&&) noexcept = default;
RespReader& RespReader::operator=(RespReader&&) noexcept = default;

void RespReader::feed(std::string_view bytes)
{
    if (state_->broken) {
        return;
    }
    state_->pending_bytes += bytes.size();
    if (redisReaderFeed(state_->reader.get(), bytes.data(), bytes.size()) != REDIS_OK) {
        state_->broken = true;
    }
}

Result<std::optional<RespReply>> RespReader::next()
{
    State& state = *state_;
    void* raw = nullptr;
    if (state.broken || redisReaderGetReply(state.reader.get(), &raw) != REDIS_OK) {
        state.broken = true;
        const char* const why = state.building.why;
        return Error{ErrorKind::malformed, why != nullptr ? std::string("redis: ") + why
                                                          : "redis: the answer is no RESP"};
    }
    if (raw == nullptr) {
        if (state.pending_bytes > state.building.limits.reply_bytes_max) {
            state.broken = true;
            state.building.why = "a reply is too long";
            return next();
        }
        return std::optional<RespReply>();
    }
    const std::unique_ptr<RespReply> reply(static_cast<RespReply*>(raw));
    state.pending_bytes = state.reader->len - state.reader->pos;
    return std::optional<RespReply>(std::move(*reply));
}

const RespReply* field(const RespReply& reply, std::string_view name) noexcept
{
    if (reply.kind != RespReply::Kind::array) {
        return nullptr;
    }
    for (std::size_t i = 0; i + 1 < reply.items.size(); i += 2) {
        if (reply.items[i].kind == RespReply::Kind::text && reply.items[i].text == name) {
            return &reply.items[i + 1];
        }
    }
    return nullptr;
}

} // namespace empathd
