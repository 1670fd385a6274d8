#include "analysis/training/sample.hpp"

#include "analysis/text/normalize.hpp"

#include <algorithm>
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
            .head = "sentiment",
            .labels = same_sentiments};
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
         .head = "complaint",
         .labels = {{"complaint", "yes"}, {"no", "no"}}},
        {.set = "fr_services_publics_ressenti",
         .language = "fr",
         .origin = "Services Publics + (French state), the same stories",
         .licence = "Licence Ouverte 2.0",
         .head = "sentiment",
         .labels = same_sentiments,
         .language_step = 0},
        {.set = "goemotions_ekman",
         .language = "en",
         .origin = "GoEmotions (Demszky et al. 2020), Reddit comments",
         .licence = "Apache-2.0",
         .head = "sentiment",
         .labels = {{"joy", "positive"},
                    {"neutral", "neutral"},
                    {"anger", "negative"},
                    {"disgust", "negative"},
                    {"sadness", "negative"},
                    {"fear", "negative"}},
         .language_step = 16,
         .label_step = 4},
        {.set = "tweeteval_emotion",
         .language = "en",
         .origin = "TweetEval emotion (Barbieri et al. 2020), tweets",
         .licence = "no restriction stated; the task's own terms",
         .head = "sentiment",
         .labels = {{"joy", "positive"},
                    {"optimism", "positive"},
                    {"anger", "negative"},
                    {"sadness", "negative"}},
         .language_step = 4},
        {.set = "isarcasm",
         .language = "en",
         .origin = "iSarcasmEval (Abu Farha et al. 2022), tweets",
         .licence = "MIT",
         .head = "",
         .labels = {},
         .language_step = 4},
    };
    return all;
}

std::optional<Sample> sample_of_corpus(const Record& record)
{
    if (record.at("text").empty() || record.at("lang").empty()) {
        return std::nullopt;
    }
    Sample sample =
        make_sample(record.at("text"), record.at("lang"), "corpus", record.at("industry"));
    sample.labels.emplace_back("language", sample.language);
    if (const std::string_view sentiment = record.at("sentiment"); !sentiment.empty()) {
        sample.labels.emplace_back("sentiment", sentiment);
    }
    if (const std::string_view experience = record.at("experience"); !experience.empty()) {
        sample.labels.emplace_back("complaint", experience == "complaint" ? "yes" : "no");
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
    for (const auto& [theirs, ours] : source.labels) {
        if (record.at("label") == theirs && line % source.label_step == 0) {
            sample.labels.emplace_back(source.head, ours);
        }
    }
    return sample.labels.empty() ? std::nullopt : std::optional{std::move(sample)};
}

std::optional<Sample> sample_of_measure(std::string_view set, const Record& record)
{
    const std::string_view label = record.at("label");
    Sample sample = make_sample(record.at("text"), record.at("lang"), set, {});
    sample.labels.emplace_back("language", sample.language);
    if (std::ranges::find(same_sentiments, label, &Labels::value_type::first) !=
        same_sentiments.end()) {
        sample.labels.emplace_back("sentiment", label);
    } else if (label == "complaint" || label == "no" || label == "other") {
        sample.labels.emplace_back("complaint", label == "complaint" ? "yes" : "no");
    }
    return sample.text.empty() ? std::nullopt : std::optional{std::move(sample)};
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
