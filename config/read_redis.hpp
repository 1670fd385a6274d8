#pragma once

#include "config/config.hpp"
#include "config/section.hpp"

namespace empathd::config {

/// The [redis] table. What is wrong goes into the section's problems.
void read_redis(Section section, RedisConfig& redis);

} // namespace empathd::config
