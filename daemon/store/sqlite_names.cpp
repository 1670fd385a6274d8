#include "daemon/store/sqlite_names.hpp"

#include <utility>

namespace empathd::sqlite {

std::int64_t Names::id(std::string_view name)
{
    if (const auto known = find(name)) {
        return *known;
    }
    if (!connection_.run("INSERT INTO names (name) VALUES (?1)", name)) {
        return 0;
    }
    const std::int64_t id = connection_.last_id();
    remember(made_storable(name), id);
    return id;
}

std::optional<std::int64_t> Names::find(std::string_view name)
{
    if (const auto found = ids_.find(name); found != ids_.end()) {
        return found->second;
    }
    const auto id = connection_.number("SELECT id FROM names WHERE name = ?1", name);
    if (id) {
        remember(made_storable(name), *id);
    }
    return id;
}

const std::string& Names::name(std::int64_t id)
{
    static const std::string none;
    if (const auto found = names_.find(id); found != names_.end()) {
        return found->second;
    }
    Statement& row = connection_.prepared("SELECT name FROM names WHERE id = ?1").bind(id);
    if (!row.next()) {
        return none;
    }
    remember(row.text(0), id);
    row.reset();
    return names_.at(id);
}

void Names::forget()
{
    ids_.clear();
    names_.clear();
}

void Names::remember(std::string name, std::int64_t id)
{
    ids_.insert_or_assign(name, id);
    names_.insert_or_assign(id, std::move(name));
}

} // namespace empathd::sqlite
