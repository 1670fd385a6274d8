#include "analysis/training/trainer.hpp"

namespace empathd::training {

Plan shipped_plan(std::string version)
{
    Plan plan;
    plan.version = std::move(version);
    plan.language = {.name = "language",
                     .labels = {"en", "fr", "vi", "es", "de", "it", "pt", "ar", "und"},
                     .outputs = 9,
                     .languages = {},
                     .fit = {.l2_rows = 0.3F, .iterations = 40},
                     .threshold = {.least = 0.6, .accuracy = 0.98, .answered = 0.9},
                     .set_weights = {},
                     .stacked = {},
                     .balanced = true};
    plan.heads = {
        {.name = "sentiment",
         .labels = {"negative", "neutral", "positive"},
         .outputs = 3,
         .languages = {"en", "fr", "vi", "es", "de", "it", "pt", "ar"},
         .fit = {.l2_rows = 2, .l2_rules = 1},
         .threshold = {.least = 0.45, .accuracy = 0.75, .answered = 0.65},
         .set_weights = {{"goemotions_ekman", 0.1F}, {"tweeteval_emotion", 0.1F}, {"corpus", 2.0F}},
         .stacked = {},
         .rarity = 0.5},
        {.name = "complaint",
         .labels = {"yes", "no"},
         .outputs = 1,
         .languages = {"en", "fr", "vi"},
         .fit = {.l2_rows = 1, .l2_rules = 0.3F},
         .threshold = {.least = 0.55, .accuracy = 0.85, .answered = 0.65},
         .set_weights = {{"fr_services_publics_complaint", 0.3F}},
         .stacked = {}},
    };
    return plan;
}

} // namespace empathd::training
