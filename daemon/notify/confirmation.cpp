#include "daemon/notify/confirmation.hpp"

#include <algorithm>
#include <charconv>

namespace empathd {
namespace {

std::optional<std::uint64_t> number(std::string_view digits) noexcept
{
    std::uint64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return value;
}

bool has_yet_to_come(const GroupFacts& group) noexcept
{
    return !group.reached || group.pending;
}

bool is_done(const GroupFacts& group) noexcept
{
    return group.witnessed && group.reached && !group.pending;
}

} // namespace

std::optional<EntryId> parse_entry_id(std::string_view text) noexcept
{
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto ms = number(text.substr(0, dash));
    const auto sequence = number(text.substr(dash + 1));
    if (!ms || !sequence) {
        return std::nullopt;
    }
    return EntryId{*ms, *sequence};
}

std::string to_text(const RedisReceipt& receipt)
{
    if (receipt.server.empty() || receipt.witness.empty()) {
        return receipt.entry;
    }
    return receipt.entry + ' ' + receipt.server + ' ' + receipt.witness;
}

std::optional<RedisReceipt> parse_redis_receipt(std::string_view text)
{
    const std::size_t first = text.find(' ');
    RedisReceipt receipt{.entry = std::string(text.substr(0, first))};
    if (!parse_entry_id(receipt.entry)) {
        return std::nullopt;
    }
    if (first == std::string_view::npos) {
        return receipt;
    }
    const std::size_t second = text.find(' ', first + 1);
    if (second == std::string_view::npos) {
        return std::nullopt;
    }
    receipt.server = text.substr(first + 1, second - first - 1);
    receipt.witness = text.substr(second + 1);
    if (receipt.server.empty() || receipt.witness.empty() ||
        receipt.witness.find(' ') != std::string::npos) {
        return std::nullopt;
    }
    return receipt;
}

Verdict judge(const EntryFacts& facts) noexcept
{
    const bool proven = facts.present || (facts.same_server && facts.in_reach && !facts.cut_off);
    if (proven && std::all_of(facts.groups.begin(), facts.groups.end(), is_done)) {
        return Verdict::acknowledged;
    }
    const bool still_ahead =
        std::all_of(facts.groups.begin(), facts.groups.end(), [](const GroupFacts& group) {
            return is_done(group) || has_yet_to_come(group);
        });
    return facts.present && still_ahead ? Verdict::under_way : Verdict::add_again;
}

} // namespace empathd
