# SPDX-License-Identifier: Apache-2.0
#
# Compiler and linker flags of every target: warnings are errors, hardening as far as the compiler
# of Debian 12 accepts it, and the sanitizers of the presets.
add_library(parta_flags INTERFACE)

target_compile_definitions(parta_flags INTERFACE _GNU_SOURCE)
target_compile_options(parta_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2
  -Wimplicit-fallthrough -Wvla -Werror
  -fno-delete-null-pointer-checks -fno-strict-overflow
  -fstack-protector-strong -fcf-protection=full)

if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(parta_flags INTERFACE -ftrivial-auto-var-init=zero -fstack-clash-protection)
endif()

if(SANITIZE)
  target_compile_options(parta_flags INTERFACE
    -fsanitize=${SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  target_link_options(parta_flags INTERFACE -fsanitize=${SANITIZE})
else()
  target_compile_options(parta_flags INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
  target_link_options(parta_flags INTERFACE
    -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,nodlopen,--as-needed)
endif()
