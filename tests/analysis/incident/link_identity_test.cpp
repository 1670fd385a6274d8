#include "analysis/incident/tracker.hpp"

#include <gtest/gtest.h>

namespace empathd::analysis {
namespace {

struct Pair {
    const char* url;
    const char* identity;
};

TEST(LinkIdentity, DropsWhatDoesNotTellPagesApart)
{
    const Pair table[] = {
        {"https://www.News.example/a/B/", "news.example/a/B"},
        {"http://news.example/a/B#top", "news.example/a/B"},
        {"https://news.example/a?utm_source=x&id=7&fbclid=1", "news.example/a?id=7"},
        {"https://news.example/?p=12", "news.example?p=12"},
        {"https://news.example/", ""},
        {"https://news.example", ""},
        {"https://news.example/?utm_medium=x", ""},
        {"mailto:a@b.example", ""},
        {"", ""},
        {"https://", ""},
    };
    for (const Pair& pair : table) {
        EXPECT_EQ(link_identity(pair.url), pair.identity) << pair.url;
    }
}

} // namespace
} // namespace empathd::analysis
