#include "daemon/cli/foresight.hpp"

#include "daemon/http/wire_foresight.hpp"
#include "daemon/store/store.hpp"
#include "tests/daemon/cli/fake_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace empathd::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Foresight : public ::testing::Test {
protected:
    Exit run(Options options) { return run_command(options, fake.context); }
    void on_terminal()
    {
        fake.context.terminal = {.is_terminal = true, .colour = false, .width = 140};
    }
    Options parsed(std::vector<const char*> words)
    {
        words.insert(words.begin(), "empathctl");
        std::ostringstream out;
        std::ostringstream err;
        const auto result = parse_options(static_cast<int>(words.size()), words.data(), out, err);
        EXPECT_TRUE(std::holds_alternative<Options>(result)) << err.str();
        return std::holds_alternative<Options>(result) ? std::get<Options>(result) : Options{};
    }

    FakeApi fake;
};

TEST_F(Foresight, AsksForTheCalibrationAndSaysWhatIsNotCalibratedYet)
{
    on_terminal();
    fake.answer(wire::calibration_page(
        {{.platform = "fedi",
          .matured = 400,
          .own = true,
          .intervals = 900,
          .coverage = 0.79,
          .median_error = 0.3,
          .threshold = 120,
          .reaches = {{.predicted = 0.07, .observed = 0.05, .posts = 700}, {.posts = 0}},
          .doubles = {}},
         {.platform = "forum", .matured = 3}}));

    EXPECT_EQ(run(parsed({"spread", "calibration"})), Exit::ok);
    EXPECT_THAT(fake.asked, ElementsAre("/v1/spread/calibration"));
    const std::string out = fake.out.str();
    EXPECT_THAT(out, HasSubstr("fedi: calibrated on 400"));
    EXPECT_THAT(out, HasSubstr("80% intervals held 79% of 900, median error 30%"));
    EXPECT_THAT(out, HasSubstr("said 7%, came true 5% of 700"));
    EXPECT_THAT(out, HasSubstr("forum: not calibrated yet, 3"));
    EXPECT_EQ(out.find("said 0%"), std::string::npos);
}

TEST_F(Foresight, ListsTheUnansweredWithTheirDeadline)
{
    on_terminal();
    fake.answer(wire::unanswered_page({{.brand = "Acme",
                                        .network = "fedi",
                                        .url = "https://a.test/\x1b[31m1",
                                        .asked_by = "ana",
                                        .asked_at = from_unix_ms(1'700'000'000'000),
                                        .agreeing = 3,
                                        .reply_by = from_unix_ms(1'700'003'600'000),
                                        .waiting_min = 125}}));

    EXPECT_EQ(run(parsed({"unanswered", "--brand", "Acme", "-n", "5"})), Exit::ok);
    EXPECT_THAT(fake.asked, ElementsAre("/v1/unanswered?brand=Acme&limit=5"));
    EXPECT_THAT(fake.out.str(), HasSubstr("2 h 05 min"));
    EXPECT_THAT(fake.out.str(), HasSubstr("2023-11-14 23:13"));
    EXPECT_THAT(fake.out.str(), Not(HasSubstr("\x1b")));
}

TEST_F(Foresight, ShowsTheJournal)
{
    on_terminal();
    fake.answer(wire::journal_page({{.seq = 4,
                                     .at = from_unix_ms(1'700'000'000'000),
                                     .kind = "acknowledge",
                                     .incident = "abc",
                                     .who = "Ann",
                                     .detail = R"({"note":"mine"})"}},
                                   50));

    EXPECT_EQ(run(parsed({"journal", "--incident", "abc"})), Exit::ok);
    EXPECT_THAT(fake.asked, ElementsAre("/v1/journal?incident=abc&limit=50"));
    EXPECT_THAT(fake.out.str(), HasSubstr("acknowledge"));
    EXPECT_THAT(fake.out.str(), HasSubstr(R"({"note":"mine"})"));
}

wire::Backtest a_backtest()
{
    wire::Backtest test;
    test.since = from_unix_ms(1'700'000'000'000);
    test.until = test.since + std::chrono::hours{24 * 30};
    test.budget = 3;
    test.mentions = 900;
    test.score_warning_now = 45;
    test.score_warning_found = 50;
    test.rows = {{.score_warning = 45, .stories = 9, .per_day = 4},
                 {.score_warning = 50, .stories = 5, .per_day = 2}};
    test.alerts = {{.raised_at = test.since,
                    .severity = "error",
                    .score = 71,
                    .summary = "Acme: fire",
                    .verdict = "good",
                    .lead_min = 95}};
    return test;
}

TEST_F(Foresight, TakesABudgetADayAndShowsWhatItWouldHaveSent)
{
    on_terminal();
    fake.answer(wire::backtest_json(a_backtest()));

    EXPECT_EQ(run(parsed({"backtest", "--budget", "3/day", "--since", "30d"})), Exit::ok);
    EXPECT_THAT(fake.asked, ElementsAre("/v1/backtest?budget=3&since=30d"));
    const std::string out = fake.out.str();
    EXPECT_THAT(out, HasSubstr("fits the budget"));
    EXPECT_THAT(out, HasSubstr("(as configured)"));
    EXPECT_THAT(out, HasSubstr("For 3.0 alerts a day: score_warning = 50"));
    EXPECT_THAT(out, HasSubstr("precision unknown (nothing marked)"));
    EXPECT_THAT(out, HasSubstr("1 h 35 min"));
    EXPECT_THAT(out, HasSubstr("Acme: fire"));
}

TEST_F(Foresight, GivesProgramsTheAnswerAsItIs)
{
    fake.answer(wire::backtest_json(a_backtest()));

    EXPECT_EQ(run(parsed({"backtest"})), Exit::ok);
    EXPECT_THAT(fake.out.str(), HasSubstr(R"("score_warning_found":50)"));
}

TEST_F(Foresight, TellsWhyThereIsNoAnswer)
{
    fake.answer(R"({"title":"Service Unavailable","status":503,"detail":"Another one runs."})",
                503);

    EXPECT_EQ(run(parsed({"backtest"})), Exit::refused);
    EXPECT_THAT(fake.err.str(), HasSubstr("Another one runs."));
}

} // namespace
} // namespace empathd::cli
