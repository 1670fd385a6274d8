#include "analysis/training/trainer.hpp"

namespace empathd::training {
namespace {

const std::vector<std::string> taught = {"en", "fr", "vi"};
constexpr float l2_rows = 0.1F;

HeadPlan several(std::string name, std::vector<std::string> labels, ThresholdRule threshold)
{
    const auto outputs = static_cast<std::uint32_t>(labels.size());
    return {.name = std::move(name),
            .labels = std::move(labels),
            .outputs = outputs,
            .languages = taught,
            .l2_rows = l2_rows,
            .threshold = threshold};
}

HeadPlan yes_or_no(std::string name, ThresholdRule threshold)
{
    return {.name = std::move(name),
            .labels = {"yes", "no"},
            .outputs = 1,
            .languages = taught,
            .l2_rows = l2_rows,
            .threshold = threshold};
}

HeadPlan sentiment()
{
    HeadPlan head = several("sentiment", {"negative", "neutral", "positive"},
                            {.least = 0.45, .accuracy = 0.85, .answered = 0.75});
    head.languages = {"en", "fr", "vi", "es", "de", "it", "pt", "ar"};
    head.set_weights = {{"goemotions_ekman", 0.1F},
                        {"tweeteval_emotion", 0.1F},
                        {"fr_services_publics_ressenti", 0.3F},
                        {"umsab_english", 0.3F},
                        {"umsab_french", 0.3F}};
    return head;
}

HeadPlan emotion()
{
    HeadPlan head =
        several("emotion", {"anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"},
                {.least = 0.4, .accuracy = 0.8, .answered = 0.7});
    head.set_weights = {{"goemotions_ekman", 0.1F}, {"tweeteval_emotion", 0.1F}};
    return head;
}

HeadPlan experience()
{
    HeadPlan head = several("experience", {"complaint", "praise", "question", "other"},
                            {.least = 0.5, .accuracy = 0.9, .answered = 0.75});
    head.set_weights = {{"fr_services_publics_complaint", 0.3F}};
    return head;
}

} // namespace

Plan shipped_plan(std::string version)
{
    Plan plan;
    plan.version = std::move(version);
    plan.rarity = 1;
    plan.l2_mix = 2;
    plan.fit = {.epochs = 12};
    plan.language = {.name = "language",
                     .labels = {"en", "fr", "vi", "es", "de", "it", "pt", "ar", "und"},
                     .outputs = 9,
                     .languages = {},
                     .l2_rows = 0.3F,
                     .threshold = {.least = 0.6, .accuracy = 0.98, .answered = 0.9},
                     .set_weights = {},
                     .balanced = true};
    constexpr ThresholdRule usual{.least = 0.4, .accuracy = 0.8, .answered = 0.7};
    constexpr ThresholdRule rare{.least = 0.6, .accuracy = 0.95, .answered = 0.85};
    plan.heads = {
        sentiment(),
        emotion(),
        experience(),
        several("reason", {"staff", "product_or_service", "no_interaction", "overall"}, usual),
        several("target", {"company", "product", "service", "interaction"}, usual),
        several("need",
                {"refund", "replacement_or_repair", "information", "delivery", "access", "apology",
                 "safety", "none"},
                usual),
        several("stage", {"before", "during", "after", "unknown"}, usual),
        several("witness", {"first_hand", "second_hand", "none"}, usual),
        yes_or_no("leaving", rare),
        yes_or_no("irony", rare),
        yes_or_no("offence", rare),
        several("audience", {"customer", "employee"}, rare),
    };
    plan.heads.back().outputs = 1;
    for (HeadPlan& head : plan.heads) {
        if (head.name == "irony") {
            head.set_weights = {{"isarcasm", 0.1F}};
        } else if (head.name == "offence") {
            head.set_weights = {{"tweeteval_offensive", 0.1F}};
        }
    }
    return plan;
}

} // namespace empathd::training
