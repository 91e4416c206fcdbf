# SPDX-License-Identifier: Apache-2.0
#
# Run by CMakeLists.txt: writes the table of migrations as C. The text is emitted as bytes, so no
# quoting can go wrong and no string-length limit applies.
list(SORT FILES)
set(bodies "")
set(table "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  string(SUBSTRING ${name} 0 4 number)
  string(REGEX REPLACE "^0+" "" number ${number})
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND bodies "static const char sql_${number}[] = { ${bytes} 0 };\n")
  string(APPEND table "    { ${number}, \"${name}\", sql_${number} },\n")
endforeach()
file(WRITE ${OUT} "/* Generated from server/store/migrations. */
#include \"server/store/migrate.h\"

${bodies}
const struct migration migrations[] = {
${table}    { 0, 0, 0 },
};
")
