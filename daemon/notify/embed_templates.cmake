# Writes the template files of a folder into one C++ source.
# cmake -DFOLDER=... -DOUTPUT=... -P embed_templates.cmake
set(rows "")
foreach(name subject.txt plain.txt mail.html slack.txt)
  file(READ ${FOLDER}/${name} content)
  string(APPEND rows "    {\"${name}\", R\"--text--(${content})--text--\"},\n")
endforeach()
set(text "// Made from daemon/notify/templates.\n#include \"daemon/notify/built_in_templates.hpp\"\n\n")
string(APPEND text "namespace empathd {\n\n")
string(APPEND text "const std::array<BuiltInTemplate, 4>& built_in_templates() noexcept\n{\n")
string(APPEND text "    static constexpr std::array<BuiltInTemplate, 4> embedded{{\n${rows}    }};\n")
string(APPEND text "    return embedded;\n}\n\n} // namespace empathd\n")
file(WRITE ${OUTPUT} "${text}")
