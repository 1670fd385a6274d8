// Feeds that other projects recorded or wrote, with what their own readers make of them. They are
// not part of the tree: where ../shared/fixtures is absent these tests are skipped.
#include "connectors/feed/document.hpp"
#include "connectors/feed/feed.hpp"
#include "connectors/transport/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>

namespace empathd::connectors {
namespace {

namespace fs = std::filesystem;

const fs::path recorded = fs::path(EMPATHD_SOURCE_DIR).parent_path() / "shared/fixtures/feeds";
constexpr const char* address = "https://feeds.test/feed";

std::string content_of_file(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> files_below(const fs::path& folder)
{
    std::vector<fs::path> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            out.push_back(entry.path());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

/// ASCII letters and digits only, without tags and references. Written without the readers under
/// test, so that it cannot share their mistakes.
std::string words(const std::string& text)
{
    std::string plain = text;
    for (const auto& [from, to] : {std::pair("&lt;", "<"), std::pair("&gt;", ">")}) {
        for (auto at = plain.find(from); at != std::string::npos; at = plain.find(from, at)) {
            plain.replace(at, 4, to);
        }
    }
    std::string out;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const auto letter = [&plain](std::size_t at) {
            return at < plain.size() && std::isalpha(static_cast<unsigned char>(plain[at])) != 0;
        };
        const std::string_view rest = std::string_view(plain).substr(i);
        if (rest.starts_with("<!--")) {
            i += std::min(rest.find("-->"), rest.size());
        } else if (rest.starts_with("&amp;")) {
            i += 4;
        } else if (rest[0] == '&' && rest.find(';') < 10) {
            i += rest.find(';');
        } else if (rest[0] == '<' && (letter(i + 1) || rest.starts_with("</"))) {
            i += std::min(rest.find('>'), rest.size());
        } else if (static_cast<unsigned char>(rest[0]) < 0x80 &&
                   std::isalnum(static_cast<unsigned char>(rest[0])) != 0) {
            out += rest[0];
        }
    }
    return out;
}

/// One of the readers loses the order of text and elements, so the order is not compared.
std::string letters(const std::string& text)
{
    std::string out = words(text);
    std::sort(out.begin(), out.end());
    return out;
}

struct Tally {
    int same = 0;
    int all = 0;
};

/// Counts agreement field by field and remembers the first differences.
class Agreement {
public:
    void check(const std::string& field, bool same, const std::string& what)
    {
        Tally& tally = tallies_[field];
        ++tally.all;
        tally.same += same ? 1 : 0;
        if (!same) {
            differences_ << field << ": " << what << '\n';
        }
    }
    [[nodiscard]] double share() const
    {
        int same = 0;
        int all = 0;
        for (const auto& [field, tally] : tallies_) {
            same += tally.same;
            all += tally.all;
        }
        return all == 0 ? 0 : static_cast<double>(same) / all;
    }
    [[nodiscard]] std::string report(const std::string& name) const
    {
        std::ostringstream out;
        out << name << " agreement " << 100 * share() << " %:";
        for (const auto& [field, tally] : tallies_) {
            out << ' ' << field << ' ' << tally.same << '/' << tally.all;
        }
        return out.str();
    }
    [[nodiscard]] std::string differences() const { return differences_.str(); }

private:
    std::map<std::string, Tally> tallies_;
    std::ostringstream differences_;
};

std::string text_of_either(const Json& item, std::initializer_list<const char*> keys)
{
    for (const char* key : keys) {
        const std::string_view text = text_at(item, key);
        if (!text.empty()) {
            return std::string(text);
        }
    }
    return {};
}

std::string expected_id(const Json& item)
{
    const Json* guid = object_at(item, "guid");
    const std::string id = guid != nullptr ? std::string(text_at(*guid, "value"))
                                           : text_of_either(item, {"guid", "id"});
    const std::size_t first = id.find_first_not_of(" \n");
    return first == std::string::npos ? id : id.substr(first);
}

std::vector<std::string> expected_links(const Json& item)
{
    std::vector<std::string> out;
    for (const Json& link : items_at(item, "links")) {
        out.emplace_back(link.IsString() ? std::string(link.GetString())
                                         : std::string(text_at(link, "href")));
    }
    const std::string one = text_of_either(item, {"link", "url"});
    if (!one.empty()) {
        out.push_back(one);
    }
    return out;
}

/// `source`: the feed, in which the link that a link service hides is looked up.
void compare_item(const FeedItem& item, const Json& expected, const std::string& where,
                  const std::string& source, Agreement& agreement)
{
    const Post& post = item.post;
    if (const std::string id = expected_id(expected); !id.empty()) {
        agreement.check("id", item.id == id, where + ": " + item.id + " for " + id);
    }
    const auto links = expected_links(expected);
    if (!links.empty() && links.front().starts_with("http")) {
        const bool original = source.find("origLink>" + post.url + '<') != std::string::npos;
        agreement.check("link",
                        original || std::find(links.begin(), links.end(), post.url) != links.end(),
                        where + ": " + post.url + " for " + links.front());
    }
    if (const std::string_view title = text_at(expected, "title"); !title.empty()) {
        agreement.check("title", words(post.title) == words(std::string(title)),
                        where + ": " + post.title + " for " + std::string(title));
    }
    const std::string date =
        text_of_either(expected, {"publishedParsed", "pubDateParsed", "isoDate", "date_published"});
    if (const auto at = parse_rfc3339(date)) {
        const bool same =
            item.dated && std::chrono::abs(post.published_at - *at) < std::chrono::seconds{1};
        agreement.check("date", same, where + ": " + post.published_text + " for " + date);
    }
    std::string text = text_of_either(
        expected, {"content:encoded", "content_html", "content", "description", "summary"});
    if (const Json* content = object_at(expected, "content")) {
        text = text_at(*content, "value");
    }
    if (!words(text).empty() && text != "EMPTY") { // One reader was told to write that.
        agreement.check("text", letters(post.text) == letters(text),
                        where + ": " + post.text.substr(0, 300) + "\n   for " +
                            text.substr(0, 300));
    }
}

void compare(const fs::path& input, const fs::path& output, Agreement& agreement)
{
    const auto parsed = parse_json(content_of_file(output));
    const std::string source = content_of_file(input);
    const auto document = parse_feed(source, {.content_type = "", .url = address});
    const std::string where = input.filename().string();
    if (!parsed) {
        return; // Not every expectation is JSON in valid UTF-8.
    }
    const Json* feed = object_at(*parsed, "feed");
    const Json& root = feed == nullptr ? *parsed : *feed;
    auto expected = items_at(root, "items");
    expected = expected.empty() ? items_at(root, "entries") : expected;
    const std::size_t read =
        document ? document->items.size() + document->rejected.size() : std::size_t{0};
    agreement.check("count", read == expected.size(),
                    where + ": " + std::to_string(read) + " for " +
                        std::to_string(expected.size()) +
                        (document ? "" : ' ' + document.error().message));
    if (!document || document->items.size() != expected.size()) {
        return;
    }
    for (std::size_t i = 0; i < expected.size(); ++i) {
        compare_item(document->items[i], expected[i], where, source, agreement);
    }
}

#define SKIP_WITHOUT(folder)                                                                       \
    if (!fs::exists(folder)) {                                                                     \
        GTEST_SKIP() << folder << " is absent";                                                    \
    }

TEST(Recorded, PairsOfOneReaderAgree)
{
    const fs::path folder = recorded / "mmcdole_gofeed/testdata";
    SKIP_WITHOUT(folder);
    Agreement agreement;
    for (const fs::path& path : files_below(folder)) {
        fs::path output = path;
        if (path.extension() == ".xml" && fs::exists(output.replace_extension(".json"))) {
            compare(path, output, agreement);
        }
        const fs::path expected = path.parent_path() / (path.stem().string() + "_expected.json");
        if (path.extension() == ".json" && fs::exists(expected)) {
            compare(path, expected, agreement);
        }
    }
    std::cout << agreement.report("gofeed") << '\n';
    EXPECT_GE(agreement.share(), 0.99) << agreement.differences();
}

TEST(Recorded, PairsOfAnotherReaderAgree)
{
    const fs::path folder = recorded / "rbren_rss-parser/test";
    SKIP_WITHOUT(folder);
    Agreement agreement;
    for (const fs::path& path : files_below(folder / "input")) {
        const fs::path output = folder / "output" / (path.stem().string() + ".json");
        if (fs::exists(output)) {
            compare(path, output, agreement);
        }
    }
    std::cout << agreement.report("rss-parser") << '\n';
    EXPECT_GE(agreement.share(), 0.99) << agreement.differences();
}

TEST(Recorded, FilesOfAllKindsAreReadOrRefused)
{
    SKIP_WITHOUT(recorded);
    int feeds = 0;
    int refused = 0;
    for (const fs::path& path : files_below(recorded)) {
        const std::string body = content_of_file(path);
        auto document = parse_feed(body, {.content_type = "", .url = address});
        if (!document) {
            EXPECT_EQ(document.error().kind, ErrorKind::malformed) << path;
            ++refused;
            continue;
        }
        ++feeds;
        FeedCursor cursor;
        const Page page = page_of(std::move(*document), {.address = address}, TimePoint{}, cursor);
        for (const Post& post : page.posts) {
            EXPECT_FALSE(post.key.id.empty()) << path;
            EXPECT_LE(post.text.size(), post_text_bytes_max) << path;
        }
    }
    std::cout << feeds << " files read as feeds, " << refused << " refused\n";
    EXPECT_GT(feeds, 500);
}

} // namespace
} // namespace empathd::connectors
