// Any bytes as a feed: read, compared with a cursor and read again. Nothing new may be left then.
#include "connectors/feed/feed.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace empathd::connectors;
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const FeedOrigin origin{.content_type = "text/xml", .url = "https://x.test/feed"};
    const FeedOptions options{.address = "https://x.test/feed"};
    FeedCursor cursor;
    for (int round = 0; round < 2; ++round) {
        auto document = parse_feed(body, origin);
        if (!document) {
            return 0;
        }
        const Page page = page_of(std::move(*document), options, empathd::TimePoint{}, cursor);
        if (round == 1 && (!page.posts.empty() || !page.lost.empty())) {
            std::abort();
        }
        cursor = read_cursor(write_cursor(cursor, options.address), options.address);
    }
    return 0;
}
