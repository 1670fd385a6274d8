#include "tests/support/complaint_site.hpp"

namespace empathd::testing {

ComplaintSite::ComplaintSite(std::vector<std::string> texts) : texts_(std::move(texts))
{
    server_.on("/feed.json", [this](Exchange& exchange) {
        exchange.reply(200, {{"Content-Type", "application/feed+json"}}, page());
    });
}

std::string ComplaintSite::issue()
{
    const std::lock_guard lock(mutex_);
    const std::string number = std::to_string(ids_.size() + 1);
    std::string id = "https://forum.example/post/" + number;
    std::string text = texts_[ids_.size() % texts_.size()];
    const std::string mark = "{n}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
        text.replace(at, mark.size(), number);
    }
    issued_[id] = text;
    ids_.push_back(id);
    return id;
}

std::vector<std::string> ComplaintSite::issued() const
{
    const std::lock_guard lock(mutex_);
    return ids_;
}

std::string ComplaintSite::text_of(const std::string& id) const
{
    const std::lock_guard lock(mutex_);
    const auto found = issued_.find(id);
    return found == issued_.end() ? std::string() : found->second;
}

std::string ComplaintSite::page() const
{
    const std::lock_guard lock(mutex_);
    std::string items;
    for (const std::string& id : ids_) {
        items += (items.empty() ? "" : ",") + ("{\"id\":\"" + id) + "\",\"url\":\"" + id +
                 "\",\"content_text\":\"" + issued_.at(id) +
                 "\",\"date_published\":\"2026-03-02T08:00:00Z\",\"authors\":[{\"name\":\"author" +
                 id.substr(id.rfind('/') + 1) + "\"}]}";
    }
    return "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Forum\",\"items\":[" +
           items + "]}";
}

} // namespace empathd::testing
