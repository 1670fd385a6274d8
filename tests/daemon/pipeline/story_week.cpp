#include "tests/daemon/pipeline/story_week.hpp"

#include "analysis/text/normalize.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <fstream>

namespace empathd::test {
namespace {

std::string text_of(const rapidjson::Document& line, const char* key)
{
    const auto found = line.FindMember(key);
    return found != line.MemberEnd() && found->value.IsString() ? found->value.GetString()
                                                                : std::string();
}

LabelledPost labelled(const rapidjson::Document& line)
{
    LabelledPost out;
    Post& post = out.post;
    post.key = {text_of(line, "network"), text_of(line, "id")};
    post.native_id = post.key.id;
    post.author = text_of(line, "author");
    post.title = analysis::to_nfc(text_of(line, "title"));
    post.text = analysis::to_nfc(text_of(line, "text"));
    post.reply_to = text_of(line, "reply_to");
    post.thread = text_of(line, "thread");
    if (line.HasMember("links")) {
        for (const auto& link : line["links"].GetArray()) {
            post.links.emplace_back(link.GetString());
        }
    }
    const auto at = parse_rfc3339(text_of(line, "at"));
    EXPECT_TRUE(at) << post.key.id;
    post.seen_at = post.published_at = at.value_or(TimePoint{});
    out.brand = text_of(line, "brand");
    out.language = text_of(line, "lang");
    out.witness = text_of(line, "witness");
    out.complaint = line.HasMember("complaint") && line["complaint"].IsTrue();
    out.reason = text_of(line, "reason");
    out.need = text_of(line, "need");
    out.story = text_of(line, "story");
    return out;
}

double share(std::size_t part, std::size_t rest)
{
    return part == 0 ? 0 : static_cast<double>(part) / static_cast<double>(part + rest);
}

} // namespace

std::vector<LabelledPost> read_story_week(const std::string& path)
{
    std::ifstream file(path);
    EXPECT_TRUE(file) << path;
    std::vector<LabelledPost> out;
    for (std::string text; std::getline(file, text);) {
        rapidjson::Document line;
        line.Parse(text.data(), text.size());
        if (line.HasParseError() || !line.IsObject()) {
            ADD_FAILURE() << path << " line " << out.size() + 1;
            return {};
        }
        out.push_back(labelled(line));
    }
    return out;
}

double PairScore::precision() const
{
    return share(right, wrong);
}

double PairScore::recall() const
{
    return share(right, missed);
}

double PairScore::f1() const
{
    return share(2 * right, wrong + missed);
}

std::map<std::string, PairScore> score_pairs(const std::vector<LabelledPost>& posts,
                                             const std::vector<std::string>& stories)
{
    std::map<std::string, PairScore> out;
    for (std::size_t i = 0; i < posts.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (posts[i].story.empty() || posts[j].story.empty()) {
                continue;
            }
            const bool wanted = posts[i].story == posts[j].story;
            const bool got = !stories[i].empty() && stories[i] == stories[j];
            for (const std::string& brand : {posts[i].brand, std::string()}) {
                PairScore& score = out[brand];
                score.right += wanted && got ? 1 : 0;
                score.wrong += !wanted && got ? 1 : 0;
                score.missed += wanted && !got ? 1 : 0;
            }
        }
    }
    return out;
}

} // namespace empathd::test
