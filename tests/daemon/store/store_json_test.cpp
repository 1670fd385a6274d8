#include "daemon/store/store_json.hpp"

#include "tests/support/store_pages.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace empathd::sqlite {
namespace {

/// What one facet gives back.
Answer kept(Facet facet, const Answer& answer)
{
    Experience experience;
    experience.of(facet) = answer;
    const auto back = detail_from(detail_json({}, {}, experience));
    EXPECT_TRUE(back) << back.error().message;
    return back ? back->answers[static_cast<std::size_t>(facet)] : Answer{};
}

using Probabilities = std::vector<std::pair<std::string, float>>;

TEST(StoreJson, GivesSpansTermsAndEvidenceBackBitForBit)
{
    Experience experience;
    experience.of(Facet::sentiment).evidence = {{{0, 4'294'967'295U}, 1.5F}, {{7, 3}, 0.3333333F}};
    experience.of(Facet::offence).evidence = {{{1, 2}, 16'777'217.0F}};

    const auto back = detail_from(detail_json({{3, 4}, {9, 1}}, {"phở \"24\"", ""}, experience));

    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->spans, (std::vector<Span>{{3, 4}, {9, 1}}));
    EXPECT_EQ(back->terms, (std::vector<std::string>{"phở \"24\"", ""}));
    const auto& sentiment = back->answers[static_cast<std::size_t>(Facet::sentiment)].evidence;
    ASSERT_EQ(sentiment.size(), 2u);
    EXPECT_EQ(sentiment[0].span, (Span{0, 4'294'967'295U}));
    EXPECT_EQ(sentiment[1].span, (Span{7, 3}));
    EXPECT_EQ(sentiment[1].weight, 0.3333333F);
    const auto& offence = back->answers[static_cast<std::size_t>(Facet::offence)].evidence;
    ASSERT_EQ(offence.size(), 1u);
    EXPECT_EQ(offence[0].weight, 16'777'217.0F);
}

TEST(StoreJson, LooksLikeThis)
{
    Experience experience;
    experience.of(Facet::sentiment) = {
        .label = "negative",
        .probability = 0.7F,
        .probabilities = {{"negative", 0.7F}, {"neutral", 0.25F}, {"positive", 0.05F}},
        .evidence = {{{5, 6}, 1.5F}}};
    experience.of(Facet::emotion) = {.label = "anger", .probability = 0.5F};
    EXPECT_EQ(detail_json({{0, 4}}, {"Acme"}, experience),
              R"({"spans":[0,4],"terms":["Acme"],"p":[[7000,2500,500],[5000],[],[],[],[],[],[],)"
              R"([],[],[],[]],"e":{"sentiment":[5,6,1.5]}})");
}

TEST(StoreJson, GivesProbabilitiesBackToFourPlaces)
{
    const Answer back =
        kept(Facet::sentiment,
             {.label = "negative",
              .probability = 0.123456F,
              .probabilities = {{"positive", 0.00004F}, {"negative", 0.123456F}, {"neutral", 1.0F}},
              .evidence = {}});
    EXPECT_EQ(back.probabilities,
              (Probabilities{{"negative", 0.1235F}, {"neutral", 1.0F}, {"positive", 0.0F}}));
    EXPECT_EQ(back.probability, 0.1235F);
    EXPECT_EQ(back.probability, kept_probability(0.123456F));
}

TEST(StoreJson, GivesEveryTenThousandthBackAsItself)
{
    for (int steps = 0; steps <= 10'000; ++steps) {
        const float probability = static_cast<float>(steps) / probability_steps;
        EXPECT_EQ(kept_probability(probability), probability) << steps;
        if (steps % 100 == 0) {
            const Answer answer{.label = "yes",
                                .probability = probability,
                                .probabilities = {{"yes", probability}, {"no", 0}},
                                .evidence = {}};
            EXPECT_EQ(kept(Facet::irony, answer).probabilities, answer.probabilities) << steps;
        }
    }
}

TEST(StoreJson, KeepsTheProbabilityOfAnAnswerThatIsNoneOfTheLabels)
{
    const Probabilities probabilities{
        {"company", 0.5F}, {"product", 0.25F}, {"service", 0.25F}, {"interaction", 0}};
    const Answer target = kept(
        Facet::target,
        {.label = "none", .probability = 0.9F, .probabilities = probabilities, .evidence = {}});
    EXPECT_EQ(target.probabilities, probabilities);
    EXPECT_EQ(target.probability, 0.9F);
    const Answer alone = kept(Facet::target, {.label = "none", .probability = 0.9F});
    EXPECT_TRUE(alone.probabilities.empty());
    EXPECT_EQ(alone.probability, 0.9F);
}

TEST(StoreJson, TakesANumberThatIsNoProbabilityAsZero)
{
    const Answer back = kept(
        Facet::sentiment, {.label = "negative",
                           .probability = std::nanf(""),
                           .probabilities = {{"negative", std::nanf("")},
                                             {"neutral", -0.5F},
                                             {"positive", std::numeric_limits<float>::infinity()}},
                           .evidence = {}});
    EXPECT_EQ(back.probabilities,
              (Probabilities{{"negative", 0.0F}, {"neutral", 0.0F}, {"positive", 0.0F}}));
    EXPECT_EQ(back.probability, 0);
}

TEST(StoreJson, StillReadsWhatTheFirstSchemaWrote)
{
    const auto back =
        detail_from(R"({"spans":[0,4],"terms":["acme"],"s":["negative",0.7,"neutral",)"
                    R"(0.2,"positive",0.1],"se":[5,6,1.5],"c":["yes",0.9,"no",0.1],)"
                    R"("ce":[1,2,0.5]})");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->terms, (std::vector<std::string>{"acme"}));
    const Answer& sentiment = back->answers[static_cast<std::size_t>(Facet::sentiment)];
    EXPECT_EQ(sentiment.probability, 0.7F);
    EXPECT_EQ(probability_of(sentiment, "neutral"), 0.2F);
    EXPECT_EQ(sentiment.evidence.size(), 1u);
    const Answer& experience = back->answers[static_cast<std::size_t>(Facet::experience)];
    EXPECT_EQ(experience.probabilities, (Probabilities{{"complaint", 0.9F}}));
    EXPECT_EQ(experience.probability, 0.9F);
    EXPECT_EQ(experience.evidence.size(), 1u);
}

TEST(StoreJson, TakesNoEvidenceOfTheFirstSchemaForWhatWasNoComplaint)
{
    const auto back = detail_from(R"({"spans":[],"terms":[],"s":[],"se":[],)"
                                  R"("c":["yes",0.1,"no",0.9],"ce":[1,2,0.5]})");
    ASSERT_TRUE(back) << back.error().message;
    const Answer& experience = back->answers[static_cast<std::size_t>(Facet::experience)];
    EXPECT_EQ(probability_of(experience, "complaint"), 0.1F);
    EXPECT_TRUE(experience.evidence.empty());
}

TEST(StoreJson, ReadsAnAlertThatWasStoredWithoutCoverage)
{
    std::string json = alert_json(testing::an_alert("k1").alert);
    const std::string field = R"(,"coverage":"")";
    const auto at = json.find(field);
    ASSERT_NE(at, std::string::npos);
    json.erase(at, field.size());

    const auto back = alert_from(json);

    ASSERT_TRUE(back) << back.error().message;
    EXPECT_TRUE(back->coverage.empty());
}

TEST(StoreJson, GivesAnAlertBackWhole)
{
    AlertRecord record = testing::an_alert("k1");
    Alert& alert = record.alert;
    alert.reason = AlertReason::volume;
    alert.coverage = "we saw 93 to 97 % of this";
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
    incident.witnesses = 4'294'967'295U;
    incident.echoes = 12;
    incident.followers = 18'446'744'073'709'551'615U;
    incident.places = {"Đà Nẵng", "Nice"};
    incident.reasons = {{"overall", 1}, {"staff", 7}};
    incident.needs = {{"refund", 4'294'967'295U}};
    incident.reactions = 18'446'744'073'709'551'615U;
    incident.views = 9'007'199'254'740'993U;
    incident.outlook = {
        .rate_per_hour = 12.25, .peak_per_hour = 99.5, .calibrated = true, .method = "leaky-1"};

    const auto back = alert_from(alert_json(alert));

    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->key, "k1");
    EXPECT_EQ(back->reason, AlertReason::volume);
    EXPECT_EQ(back->coverage, alert.coverage);
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
    EXPECT_EQ(back->incident.witnesses, incident.witnesses);
    EXPECT_EQ(back->incident.echoes, incident.echoes);
    EXPECT_EQ(back->incident.followers, incident.followers);
    EXPECT_EQ(back->incident.places, incident.places);
    EXPECT_EQ(back->incident.reasons, incident.reasons);
    EXPECT_EQ(back->incident.needs, incident.needs);
    EXPECT_EQ(back->incident.reactions, incident.reactions);
    EXPECT_EQ(back->incident.views, incident.views);
    EXPECT_EQ(back->incident.outlook.rate_per_hour, 12.25);
    EXPECT_TRUE(back->incident.outlook.calibrated);
    EXPECT_EQ(back->incident.outlook.method, "leaky-1");
}

TEST(StoreJson, GivesBackWhatLiesAheadOfAnIncident)
{
    Incident incident{.id = "i1", .brand = "Acme"};
    incident.outlook.forecast = {.calibration = Calibration::own,
                                 .widened = true,
                                 .now = 7,
                                 .low = 7.5,
                                 .median = 1e9 / 3,
                                 .high = 1e10,
                                 .p_threshold = 1.0 / 7,
                                 .threshold = 200,
                                 .p_double = 0.25,
                                 .half_at = from_unix_ms(1'772'539'200'001)};
    incident.outlook.exposure = {.known = true,
                                 .from_views = true,
                                 .now = 10,
                                 .low = 11,
                                 .expected = 12.5,
                                 .high = 90,
                                 .future = 2.5};
    incident.gravity = {.safety = true, .press = true};
    incident.conversation = {.asked = 3,
                             .unanswered = 2,
                             .agreeing = 5,
                             .waiting_since = from_unix_ms(5),
                             .answered_at = from_unix_ms(9)};

    const auto back = incident_from(incident_json(incident));

    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->outlook.forecast, incident.outlook.forecast);
    EXPECT_EQ(back->outlook.exposure, incident.outlook.exposure);
    EXPECT_EQ(back->gravity, incident.gravity);
    EXPECT_EQ(back->conversation, incident.conversation);
}

TEST(StoreJson, ReadsAnIncidentOfBeforeThereWereForecasts)
{
    std::string json = incident_json(Incident{.id = "i1", .brand = "Acme"});
    const std::size_t ahead = json.find(",\"ahead\"");
    ASSERT_NE(ahead, std::string::npos);
    json = json.substr(0, ahead) + "}";

    const auto back = incident_from(json);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->outlook.forecast, Forecast{});
    EXPECT_EQ(back->conversation, Conversation{});
}

/// The incident without the fields that came later, as earlier versions wrote it.
std::string of_an_earlier_version(std::string json)
{
    const std::size_t from = json.find("\"witnesses\"");
    const std::size_t to = json.find("\"networks\"");
    EXPECT_TRUE(from < to && to != std::string::npos);
    return json.erase(from, to - from);
}

TEST(StoreJson, ReadsAnIncidentOfAnEarlierVersion)
{
    Incident incident = testing::an_alert("k1").alert.incident;
    incident.authors = 3;
    incident.witnesses = 2;
    incident.places = {"Nice"};

    const auto back = incident_from(of_an_earlier_version(incident_json(incident)));

    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->authors, 3u);
    EXPECT_EQ(back->witnesses, 0u);
    EXPECT_TRUE(back->places.empty());
}

TEST(StoreJson, TakesAWrongKindOfALaterFieldAsDamage)
{
    const std::string good = incident_json(testing::an_alert("k1").alert.incident);
    const std::string key = "\"echoes\":0";
    ASSERT_NE(good.find(key), std::string::npos);
    std::string bad = good;
    bad.replace(bad.find(key), key.size(), "\"echoes\":\"many\"");

    EXPECT_TRUE(incident_from(good));
    EXPECT_FALSE(incident_from(bad));
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
          R"({"spans":[-1,2],"terms":[],"s":[],"se":[],"c":[],"ce":[]})",
          R"({"spans":[],"terms":[],"p":[],"e":[]})", R"({"spans":[],"terms":[],"p":[]})",
          R"({"spans":[],"terms":[],"p":[[1,2]],"e":{}})",
          R"({"spans":[],"terms":[],"p":[[1,2,3,4,5]],"e":{}})",
          R"({"spans":[],"terms":[],"p":[["a"]],"e":{}})",
          R"({"spans":[],"terms":[],"p":[7],"e":{}})",
          R"({"spans":[],"terms":[],"p":[],"e":{"need":[1,2]}})",
          R"({"spans":[],"terms":[],"p":[[],[],[],[],[],[],[],[],[],[],[],[],[]],"e":{}})"}) {
        const auto detail = detail_from(json);
        ASSERT_FALSE(detail) << json;
        EXPECT_EQ(detail.error().kind, ErrorKind::storage);
        EXPECT_FALSE(alert_from(json)) << json;
        EXPECT_FALSE(incident_from(json)) << json;
    }
}

} // namespace
} // namespace empathd::sqlite
