// Who may include whom, as data. The first rule whose folder a file lies in holds.

#include "tests/house/source_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace empathd::house {
namespace {

using Prefixes = std::vector<std::string>;

struct Rule {
    std::string folder;
    Prefixes own;   ///< Beginnings of our own headers that it may include.
    Prefixes third; ///< Beginnings of other libraries' headers; the standard library is free.
};

const Prefixes json{"<rapidjson/"};
const Prefixes asio{"<boost/asio/", "<boost/system/"};

Prefixes with(Prefixes a, const Prefixes& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

const std::vector<Rule>& rules()
{
    static const std::vector<Rule> table{
        {"analysis/model/", {"analysis/model/"}, {"<boost/system/", "<boost/assert/", "<openssl/"}},
        {"analysis/text/", {"analysis/model/", "analysis/text/"}, {"<unicode/", "<emmintrin.h>"}},
        {"analysis/match/",
         {"analysis/model/", "analysis/text/", "analysis/match/"},
         {"<unicode/", "<emmintrin.h>"}},
        {"analysis/experience/",
         {"analysis/model/", "analysis/text/", "analysis/experience/"},
         {"<unicode/", "<emmintrin.h>", "<immintrin.h>"}},
        {"analysis/lineage/", {"analysis/model/", "analysis/text/", "analysis/lineage/"}, {}},
        {"analysis/incident/",
         {"analysis/model/", "analysis/text/", "analysis/lineage/", "analysis/incident/"},
         {}},
        // Programs beside the stages may read files.
        {"analysis/spread/evaluation/",
         {"analysis/model/", "analysis/spread/"},
         {"<CLI/", "<zlib.h>"}},
        {"analysis/spread/", {"analysis/model/", "analysis/spread/"}, {}},
        // Time zones only: std::chrono of g++ 12 has none.
        {"analysis/decision/",
         {"analysis/model/", "analysis/decision/"},
         {"<unicode/basictz.h>", "<unicode/timezone.h>", "<unicode/tztrans.h>"}},
        {"analysis/training/",
         {"analysis/model/", "analysis/text/", "analysis/experience/", "analysis/training/"},
         with(json, {"<CLI/"})},
        {"config/", {"analysis/model/", "config/"}, {"<toml++/"}},
        {"connectors/transport/",
         {"analysis/model/", "analysis/text/", "connectors/transport/"},
         with(with(json, asio),
              {"<curl/", "<libxml/", "<boost/beast/", "<openssl/", "<sys/", "<netinet/", "<arpa/",
               "<unistd.h>", "<fcntl.h>", "<iconv.h>", "<boost/"})},
        {"daemon/store/",
         {"analysis/model/", "analysis/text/", "daemon/store/"},
         with(with(json, asio), {"<sqlite3.h>", "<unistd.h>", "<fcntl.h>", "<sys/"})},
        {"daemon/notify/",
         {"analysis/model/", "config/", "connectors/transport/", "daemon/store/", "daemon/notify/"},
         with(with(json, asio), {"<hiredis/", "<openssl/", "<boost/", "<sys/un.h>"})},
        {"daemon/http/",
         {"analysis/model/", "analysis/text/", "daemon/store/", "daemon/http/",
          "daemon/notify/command.hpp"},
         with(with(json, asio),
              {"<boost/beast/", "<prometheus/", "<boost/", "<sys/", "<unistd.h>"})},
        {"daemon/pipeline/",
         {"analysis/", "connectors/connector.hpp", "daemon/store/", "daemon/pipeline/"},
         asio},
        {"daemon/poll/", {"analysis/model/", "connectors/connector.hpp", "daemon/poll/"}, asio},
        {"daemon/cli/",
         {"analysis/model/", "config/", "daemon/http/wire.hpp", "daemon/http/output.hpp",
          "daemon/http/wire_foresight.hpp", "daemon/cli/"},
         with(asio,
              {"<CLI/", "<boost/", "<sys/", "<unistd.h>", "<curl/", "<unicode/", "<wchar.h>"})},
        {"daemon/",
         {"analysis/", "config/", "connectors/", "daemon/"},
         with(with(json, asio), {"<CLI/", "<spdlog/", "<systemd/", "<unistd.h>"})},
    };
    return table;
}

bool begins_with_any(const std::string& text, const Prefixes& prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&text](const std::string& prefix) { return text.starts_with(prefix); });
}

/// A header of the C++ standard library: no slash and no ending.
bool is_standard(const std::string& header)
{
    return header.starts_with('<') && header.find('/') == std::string::npos &&
           header.find('.') == std::string::npos;
}

/// Nothing when the rule allows it.
std::string objection(const Rule& rule, const std::string& header)
{
    if (is_standard(header)) {
        return {};
    }
    const bool ours = !header.starts_with('<');
    return begins_with_any(header, ours ? rule.own : rule.third)
               ? std::string()
               : rule.folder + " may not include " + header;
}

/// A connector sees config/section.hpp, the shared headers beside it, and no other connector.
Rule connector_rule(const std::string& folder)
{
    return {folder,
            {"analysis/model/", "analysis/text/normalize.hpp", "config/section.hpp",
             "connectors/connector.hpp", "connectors/registry.hpp", "connectors/fields.hpp",
             "connectors/transport/", folder},
            with(with(json, asio), {"<libxml/"})};
}

Rule rule_for(const std::string& path)
{
    for (const Rule& rule : rules()) {
        if (path.starts_with(rule.folder)) {
            return rule;
        }
    }
    const std::size_t slash = path.find('/', std::string("connectors/").size());
    return connector_rule(slash == std::string::npos ? "connectors/" : path.substr(0, slash + 1));
}

TEST(IncludeRules, HoldInEveryFile)
{
    for (const SourceFile& file : source_tree()) {
        if (file.path.starts_with("tests/")) {
            continue;
        }
        const Rule rule = rule_for(file.path);
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string header = included(file.lines[i]);
            if (!header.empty()) {
                EXPECT_EQ(objection(rule, header), "") << file.path << ':' << i + 1;
            }
        }
    }
}

TEST(IncludeRules, KnowWhatIsForbidden)
{
    EXPECT_NE(objection(rule_for("analysis/match/x.cpp"), "analysis/incident/tracker.hpp"), "");
    EXPECT_NE(objection(rule_for("analysis/model/x.hpp"), "<boost/asio/awaitable.hpp>"), "");
    EXPECT_NE(objection(rule_for("analysis/spread/x.cpp"), "<rapidjson/document.h>"), "");
    EXPECT_NE(objection(rule_for("analysis/spread/x.cpp"), "<zlib.h>"), "");
    EXPECT_EQ(objection(rule_for("analysis/spread/evaluation/x.cpp"), "<zlib.h>"), "");
    EXPECT_NE(objection(rule_for("connectors/feed/x.cpp"), "connectors/mastodon/mastodon.hpp"), "");
    EXPECT_NE(objection(rule_for("connectors/feed/x.cpp"), "daemon/store/store.hpp"), "");
    EXPECT_NE(objection(rule_for("daemon/notify/x.cpp"), "daemon/http/wire.hpp"), "");
    EXPECT_NE(objection(rule_for("daemon/cli/x.cpp"), "daemon/store/store.hpp"), "");
    EXPECT_EQ(objection(rule_for("connectors/feed/x.cpp"), "connectors/feed/feed.hpp"), "");
    EXPECT_EQ(objection(rule_for("daemon/pipeline/x.cpp"), "analysis/match/matcher.hpp"), "");
}

TEST(IncludeRules, KeepBeastInAtMostThreeSourcesAndNoHeader)
{
    std::vector<std::string> users;
    for (const SourceFile& file : source_tree()) {
        const bool uses =
            std::any_of(file.lines.begin(), file.lines.end(), [](const std::string& line) {
                return included(line).starts_with("<boost/beast");
            });
        if (uses) {
            users.push_back(file.path);
            EXPECT_FALSE(file.path.ends_with(".hpp")) << file.path << " costs every user 10 s";
        }
    }
    EXPECT_LE(users.size(), 3u) << ::testing::PrintToString(users);
}

TEST(IncludeRules, KeepTomlAndSpdlogInOneSourceEach)
{
    for (const SourceFile& file : source_tree()) {
        for (const std::string& line : file.lines) {
            if (included(line).starts_with("<toml++/")) {
                EXPECT_EQ(file.path, "config/load.cpp");
            }
            if (included(line).starts_with("<spdlog/")) {
                EXPECT_EQ(file.path, "daemon/log.cpp");
            }
        }
    }
}

} // namespace
} // namespace empathd::house
