#include "daemon/store/store_json.hpp"

#include "tests/support/store_pages.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace empathd::sqlite {
namespace {

TEST(StoreJson, GivesProbabilitiesAndEvidenceBackBitForBit)
{
    Experience experience;
    float value = 0.1F;
    for (int i = 0; i < 200; ++i) {
        value = std::nextafter(value * 1.03F, 1.0F);
        experience.sentiment.probabilities.emplace_back("label " + std::to_string(i), value);
    }
    experience.sentiment.probabilities.emplace_back("least",
                                                    std::numeric_limits<float>::denorm_min());
    experience.sentiment.evidence = {{{0, 4'294'967'295U}, 1.5F}, {{7, 3}, 0.3333333F}};
    experience.complaint.probabilities = {{"yes", 1.0F}, {"no", 0.0F}};
    experience.complaint.evidence = {{{1, 2}, 16'777'217.0F}};

    const auto back = detail_from(detail_json({{3, 4}, {9, 1}}, {"phở \"24\"", ""}, experience));

    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->spans, (std::vector<Span>{{3, 4}, {9, 1}}));
    EXPECT_EQ(back->terms, (std::vector<std::string>{"phở \"24\"", ""}));
    EXPECT_EQ(back->sentiment, experience.sentiment.probabilities);
    EXPECT_EQ(back->complaint, experience.complaint.probabilities);
    ASSERT_EQ(back->sentiment_evidence.size(), 2u);
    EXPECT_EQ(back->sentiment_evidence[1].span, (Span{7, 3}));
    EXPECT_EQ(back->sentiment_evidence[1].weight, 0.3333333F);
    EXPECT_EQ(back->complaint_evidence[0].weight, 16'777'217.0F);
}

TEST(StoreJson, TakesANumberThatIsNotFiniteAsZero)
{
    Experience experience;
    experience.sentiment.probabilities = {{"negative", std::nanf("")},
                                          {"positive", std::numeric_limits<float>::infinity()}};

    const auto back = detail_from(detail_json({}, {}, experience));

    ASSERT_TRUE(back);
    EXPECT_EQ(back->sentiment[0].second, 0);
    EXPECT_EQ(back->sentiment[1].second, 0);
}

TEST(StoreJson, GivesAnAlertBackWhole)
{
    AlertRecord record = testing::an_alert("k1");
    Alert& alert = record.alert;
    alert.reason = AlertReason::faded;
    alert.raised_at = from_unix_ms(-5);
    alert.score_parts = {{"pace", 1.0 / 3}, {"voices", 1e-300}};
    Incident& incident = alert.incident;
    incident.episode = 4'294'967'295U;
    incident.revision = 3;
    incident.state = IncidentState::resolved;
    incident.severity = Severity::critical;
    incident.score = 0.1 + 0.2;
    incident.title = "Đã hỏng \n\t\"x\"";
    incident.lead = {"forum", "90071992547409931"};
    incident.networks = {"bluesky", "forum"};
    incident.reactions = 18'446'744'073'709'551'615U;
    incident.views = 9'007'199'254'740'993U;
    incident.outlook = {
        .rate_per_hour = 12.25, .peak_per_hour = 99.5, .calibrated = true, .method = "leaky-1"};

    const auto back = alert_from(alert_json(alert));

    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->key, "k1");
    EXPECT_EQ(back->reason, AlertReason::faded);
    EXPECT_EQ(back->raised_at, alert.raised_at);
    EXPECT_EQ(back->score_parts, alert.score_parts);
    EXPECT_EQ(back->network, alert.network);
    EXPECT_EQ(back->summary, alert.summary);
    EXPECT_EQ(back->incident.episode, incident.episode);
    EXPECT_EQ(back->incident.state, incident.state);
    EXPECT_EQ(back->incident.severity, incident.severity);
    EXPECT_EQ(back->incident.score, incident.score);
    EXPECT_EQ(back->incident.title, incident.title);
    EXPECT_EQ(back->incident.lead, incident.lead);
    EXPECT_EQ(back->incident.networks, incident.networks);
    EXPECT_EQ(back->incident.languages, incident.languages);
    EXPECT_EQ(back->incident.reactions, incident.reactions);
    EXPECT_EQ(back->incident.views, incident.views);
    EXPECT_EQ(back->incident.outlook.rate_per_hour, 12.25);
    EXPECT_TRUE(back->incident.outlook.calibrated);
    EXPECT_EQ(back->incident.outlook.method, "leaky-1");
}

TEST(StoreJson, GivesLinksAndMediaBack)
{
    const std::vector<std::string> links{"https://a.test/?x=\"y\"", "https://b.test/ở"};
    const std::vector<Media> media{{"https://a.test/1.jpg", "a cup"}, {"https://a.test/2.jpg", ""}};

    EXPECT_EQ(*links_from(links_json(links)), links);
    EXPECT_EQ(*media_from(media_json(media)), media);
}

TEST(StoreJson, RepairsTextThatIsNotUtf8)
{
    const auto back = links_from(links_json({"a\xFFz", std::string("b\0c", 3)}));

    ASSERT_TRUE(back);
    EXPECT_EQ(*back, (std::vector<std::string>{"a\uFFFDz", "b c"}));
}

TEST(StoreJson, TakesWhatItCannotReadAsDamage)
{
    for (const char* json :
         {"", "{", "[]", "null", R"({"spans":[1],"terms":[],"s":[],"se":[],"c":[],"ce":[]})",
          R"({"spans":[],"terms":[1],"s":[],"se":[],"c":[],"ce":[]})",
          R"({"spans":[],"terms":[],"s":["a"],"se":[],"c":[],"ce":[]})",
          R"({"spans":[],"terms":[],"s":[],"se":[1,2],"c":[],"ce":[]})",
          R"({"spans":[-1,2],"terms":[],"s":[],"se":[],"c":[],"ce":[]})"}) {
        const auto detail = detail_from(json);
        ASSERT_FALSE(detail) << json;
        EXPECT_EQ(detail.error().kind, ErrorKind::storage);
        EXPECT_FALSE(alert_from(json)) << json;
        EXPECT_FALSE(incident_from(json)) << json;
    }
}

} // namespace
} // namespace empathd::sqlite
