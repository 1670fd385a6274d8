#include "analysis/training/sample.hpp"

#include "analysis/experience/features.hpp"
#include "analysis/text/normalize.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace empathd::training {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

const Labels same_sentiments = {
    {"negative", "negative"}, {"neutral", "neutral"}, {"positive", "positive"}};

Source umsab(std::string_view set, std::string_view language)
{
    return {.set = set,
            .language = language,
            .origin = "UMSAB of XLM-T (Barbieri et al. 2022), tweets",
            .licence = "Apache-2.0",
            .meanings = {{"sentiment", same_sentiments}}};
}

void append_utf8(std::string& out, std::uint32_t letter)
{
    if (letter < 0x80) {
        out.push_back(static_cast<char>(letter));
    } else if (letter < 0x800) {
        out.push_back(static_cast<char>(0xc0U | letter >> 6));
        out.push_back(static_cast<char>(0x80U | (letter & 0x3fU)));
    } else if (letter < 0x10000) {
        out.push_back(static_cast<char>(0xe0U | letter >> 12));
        out.push_back(static_cast<char>(0x80U | (letter >> 6 & 0x3fU)));
        out.push_back(static_cast<char>(0x80U | (letter & 0x3fU)));
    } else {
        out.push_back(static_cast<char>(0xf0U | letter >> 18));
        out.push_back(static_cast<char>(0x80U | (letter >> 12 & 0x3fU)));
        out.push_back(static_cast<char>(0x80U | (letter >> 6 & 0x3fU)));
        out.push_back(static_cast<char>(0x80U | (letter & 0x3fU)));
    }
}

/// The four hexadecimal digits of "\uXXXX" at `at`; nothing when they are not there.
std::optional<std::uint32_t> escape_at(std::string_view text, std::size_t at)
{
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    const char* const begin = text.data() + at + 2;
    const auto [end, error] = std::from_chars(begin, begin + 4, value, 16);
    return error == std::errc{} && end == begin + 4 ? std::optional{value} : std::nullopt;
}

Sample make_sample(std::string_view text, std::string_view language, std::string_view set,
                   std::string_view group)
{
    Sample sample;
    sample.text = clean_text(text);
    sample.language = language;
    sample.set = set;
    sample.group = group.empty() ? std::string(sample.text) : std::string(group);
    return sample;
}

constexpr std::array<std::string_view, 12> corpus_heads = {
    "sentiment", "emotion", "experience", "reason",  "target",  "need",
    "stage",     "leaving", "irony",      "witness", "offence", "audience"};

/// Puts the sign for a masked name where a name of a company stands: what is learned must not hang
/// on it. `names`: apart by '|'.
void mask_names(std::string& text, std::string_view names)
{
    for (std::size_t begin = 0; begin < names.size();) {
        const std::size_t end = std::min(names.find('|', begin), names.size());
        const std::string name = analysis::to_nfc(names.substr(begin, end - begin));
        begin = end + 1;
        for (std::size_t at = text.find(name); !name.empty() && at != std::string::npos;
             at = text.find(name, at + 1)) {
            text.replace(at, name.size(), 1, analysis::masked_name);
        }
    }
}

} // namespace

std::string_view Record::at(std::string_view name) const noexcept
{
    for (const auto& [key, value] : members) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::string_view Sample::label(std::string_view head) const noexcept
{
    for (const auto& [name, value] : labels) {
        if (name == head) {
            return value;
        }
    }
    return {};
}

const std::vector<Source>& sources()
{
    static const std::vector<Source> all = {
        umsab("umsab_english", "en"),
        umsab("umsab_french", "fr"),
        umsab("umsab_german", "de"),
        umsab("umsab_spanish", "es"),
        umsab("umsab_italian", "it"),
        umsab("umsab_portuguese", "pt"),
        umsab("umsab_arabic", "ar"),
        {.set = "fr_services_publics_complaint",
         .language = "fr",
         .origin = "Services Publics + (French state), long stories",
         .licence = "Licence Ouverte 2.0",
         .meanings = {{"experience", {{"complaint", "complaint"}}}}},
        {.set = "fr_services_publics_ressenti",
         .language = "fr",
         .origin = "Services Publics + (French state), the same stories",
         .licence = "Licence Ouverte 2.0",
         .meanings = {{"sentiment", same_sentiments}},
         .language_step = 0},
        {.set = "goemotions_ekman",
         .language = "en",
         .origin = "GoEmotions (Demszky et al. 2020), Reddit comments",
         .licence = "Apache-2.0",
         .meanings = {{"sentiment",
                       {{"joy", "positive"},
                        {"neutral", "neutral"},
                        {"anger", "negative"},
                        {"disgust", "negative"},
                        {"sadness", "negative"},
                        {"fear", "negative"}}},
                      {"emotion",
                       {{"joy", "joy"},
                        {"neutral", "neutral"},
                        {"anger", "anger"},
                        {"disgust", "disgust"},
                        {"sadness", "sadness"},
                        {"fear", "fear"},
                        {"surprise", "surprise"}}}},
         .language_step = 16,
         .label_step = 4},
        {.set = "tweeteval_emotion",
         .language = "en",
         .origin = "TweetEval emotion (Barbieri et al. 2020), tweets",
         .licence = "no restriction stated; the task's own terms",
         .meanings =
             {{"sentiment",
               {{"joy", "positive"},
                {"optimism", "positive"},
                {"anger", "negative"},
                {"sadness", "negative"}}},
              {"emotion",
               {{"joy", "joy"}, {"optimism", "joy"}, {"anger", "anger"}, {"sadness", "sadness"}}}},
         .language_step = 4},
        {.set = "isarcasm",
         .language = "en",
         .origin = "iSarcasmEval (Abu Farha et al. 2022), tweets",
         .licence = "MIT",
         .meanings = {{"irony", {{"sarcastic", "yes"}, {"no", "no"}}}},
         .language_step = 4},
        {.set = "tweeteval_offensive",
         .language = "en",
         .origin = "TweetEval offensive (Barbieri et al. 2020), tweets",
         .licence = "no restriction stated; the task's own terms",
         .meanings = {{"offence", {{"offensive", "yes"}, {"not-offensive", "no"}}}},
         .language_step = 0,
         .label_step = 3},
    };
    return all;
}

const std::vector<Meaning>& measured_meanings()
{
    static const std::vector<Meaning> all = {
        {"sentiment", same_sentiments},
        {"complaint", {{"complaint", "yes"}, {"no", "no"}, {"other", "no"}}},
        {"emotion",
         {{"Enjoyment", "joy"},
          {"Other", "neutral"},
          {"Anger", "anger"},
          {"Disgust", "disgust"},
          {"Fear", "fear"},
          {"Sadness", "sadness"},
          {"Surprise", "surprise"}}},
        {"offence", {{"clean", "no"}, {"offensive", "yes"}, {"hate", "yes"}}}};
    return all;
}

std::optional<Sample> sample_of_corpus(const Record& record)
{
    if (record.at("text").empty() || record.at("lang").empty()) {
        return std::nullopt;
    }
    Sample sample =
        make_sample(record.at("text"), record.at("lang"), "corpus", record.at("industry"));
    mask_names(sample.text, record.at("names"));
    sample.labels.emplace_back("language", sample.language);
    const bool complaint = record.at("experience") == "complaint";
    for (const std::string_view head : corpus_heads) {
        const std::string_view label = record.at(head);
        const bool nothing = label.empty() || (head == "target" && label == "none") ||
                             (head == "reason" && !complaint);
        if (!nothing) {
            sample.labels.emplace_back(head, label);
        }
    }
    return sample;
}

std::optional<Sample> sample_of_language(const Record& record)
{
    if (record.at("text").empty() || record.at("lang").empty()) {
        return std::nullopt;
    }
    Sample sample = make_sample(record.at("text"), record.at("lang"), "languages", {});
    sample.labels.emplace_back("language", sample.language);
    return sample;
}

std::optional<Sample> sample_of_set(const Source& source, const Record& record, std::size_t line)
{
    if (record.at("text").empty()) {
        return std::nullopt;
    }
    Sample sample = make_sample(record.at("text"), source.language, source.set, {});
    if (source.language_step > 0 && line % source.language_step == 0) {
        sample.labels.emplace_back("language", sample.language);
    }
    for (const Meaning& meaning : source.meanings) {
        for (const auto& [theirs, ours] : meaning.labels) {
            if (record.at("label") == theirs && line % source.label_step == 0) {
                sample.labels.emplace_back(meaning.head, ours);
            }
        }
    }
    return sample.labels.empty() ? std::nullopt : std::optional{std::move(sample)};
}

std::optional<Sample> sample_of_measure(std::string_view set, const Record& record)
{
    const std::string_view label = record.at("label");
    Sample sample = make_sample(record.at("text"), record.at("lang"), set, {});
    sample.labels.emplace_back("language", sample.language);
    for (const Meaning& meaning : measured_meanings()) {
        for (const auto& [theirs, ours] : meaning.labels) {
            if (label == theirs) {
                sample.labels.emplace_back(meaning.head, ours);
            }
        }
    }
    const bool known = sample.labels.size() > 1;
    return known && !sample.text.empty() ? std::optional{std::move(sample)} : std::nullopt;
}

std::string clean_text(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto first = escape_at(text, at);
        if (!first) {
            out.push_back(text[at++]);
            continue;
        }
        at += 6;
        if (*first >= 0xd800 && *first < 0xdc00) {
            const auto second = escape_at(text, at);
            if (second && *second >= 0xdc00 && *second < 0xe000) {
                append_utf8(out, 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00));
                at += 6;
            }
        } else if (*first < 0xdc00 || *first > 0xdfff) {
            append_utf8(out, *first);
        }
    }
    return analysis::to_nfc(out);
}

} // namespace empathd::training
