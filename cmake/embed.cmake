# SPDX-License-Identifier: Apache-2.0
#
# server/store/migrations/NNNN_name.sql → a C table `migrations[]` (number, name, text), in order.
file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/server/store/migrations/*.sql)
if(migrations AND TARGET parta_store)
  set(out ${CMAKE_BINARY_DIR}/migrations.gen.c)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DFILES=${migrations}"
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake
    DEPENDS ${migrations} ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake VERBATIM)
  target_sources(parta_store PRIVATE ${out})
endif()
