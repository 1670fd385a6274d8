#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace empathd {

// Doors for hands and scripts: the pipeline's own code without a running daemon. Results go to
// `out` as JSON lines, complaints to `err`. Each returns the process's exit code:
// 0 done; 65 a line could not be read (the others were done); 66 no such file or source;
// 69 the source did not answer; 78 the configuration is wrong.

inline constexpr int exit_data = 65;
inline constexpr int exit_no_input = 66;
inline constexpr int exit_unavailable = 69;
inline constexpr int exit_config = 78;

/// `empathd check-config FILE`: every problem, one a line, or "ok" with what would be run.
int check_config(const std::string& config_path, std::ostream& out, std::ostream& err);

/// `empathd fetch CONFIG SOURCE [--cursor C]`: asks one configured source once. Prints a line each
/// for {"post":..}, {"observation":..}, {"deletion":..}, {"rejected":..}, and last
/// {"page":{"cursor":..,"more":..,"unchanged":..,"lost":..,"posts":n}}.
int fetch_once(const std::string& config_path, const std::string& source, const std::string& cursor,
               std::ostream& out, std::ostream& err);

/// `empathd match CONFIG FILE|-`: one line for each text with the brands that match and where.
int match_texts(const std::string& config_path, const std::string& input, std::ostream& out,
                std::ostream& err);

/// `empathd analyse FILE|-`: one line for each text, in order, with the language and of every facet
/// the label, probabilities and evidence. `threads` of 0: one for each core.
int analyse_texts(const std::string& input, unsigned threads, std::ostream& out, std::ostream& err);

} // namespace empathd
