#include "analysis/model/post.hpp"

#include <algorithm>

namespace empathd {

std::uint64_t reactions(const Engagement& engagement) noexcept
{
    const std::int64_t score = std::max<std::int64_t>(0, engagement.score.value_or(0));
    return engagement.likes.value_or(static_cast<std::uint64_t>(score)) +
           engagement.replies.value_or(0) + engagement.shares.value_or(0);
}

} // namespace empathd
