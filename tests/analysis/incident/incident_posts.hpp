#pragma once

#include "analysis/incident/tracker.hpp"
#include "analysis/text/normalize.hpp"

#include <string>
#include <utility>

namespace empathd::analysis {

/// Posts about the invented airline Acme for the tests of this folder.
inline const TimePoint test_start = from_unix_ms(1'772'539'200'000);

inline Post test_post(const std::string& id, const std::string& text)
{
    Post out;
    out.key = {"chatter", id};
    out.author = "author-of-" + id;
    out.text = text;
    out.url = "https://chatter.example/" + id;
    return out;
}

/// A first-hand complaint unless told otherwise. `of` must outlive it.
inline StoryPost test_mention(const Post& of, bool complaint = true)
{
    return {.post = of,
            .brand = "Acme",
            .complaint = complaint,
            .complaint_probability = complaint ? 0.9F : 0.1F,
            .language = "en",
            .signature = minhash(folded(of.text, Fold::stripped)),
            .telling = complaint ? Telling::first_hand : Telling::none,
            .reason = complaint ? "product_or_service" : "none",
            .need = complaint ? "delivery" : "none",
            .spans = {}};
}

} // namespace empathd::analysis
