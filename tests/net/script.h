/* SPDX-License-Identifier: Apache-2.0
 *
 * The script of an impaired line: a text file, one change per line. Parsing is
 * strict: what is not understood is refused with its line and a sentence.
 * Pure; reads no file. script_help is the description for people.
 */
#ifndef PARTA_TESTS_NET_SCRIPT_H
#define PARTA_TESTS_NET_SCRIPT_H

#include "tests/net/impair.h"

#define SCRIPT_STEPS_MAX 256
#define SCRIPT_LINE_MAX 512 /* characters */
#define SCRIPT_WHY_MAX 256
#define SCRIPT_TIME_MAX_US (24 * 3600 * US_PER_S)

struct impair_step {
    int64_t at_us; /* since the start; never before the step ahead of it */
    int line;
    bool rebind;                                        /* else settings hold from now on */
    struct impair_settings settings[IMPAIR_DIRECTIONS]; /* whole, not only what changed */
};

struct impair_script {
    struct impair_step steps[SCRIPT_STEPS_MAX];
    int n;
    int rebinds; /* steps that are one */
};

extern const char script_help[];

/* ERR_PARSE with a sentence such as "line 3: ..." in why; *out is then unspecified. */
enum err script_parse(const char *text, size_t len, struct impair_script *out,
                      char why[SCRIPT_WHY_MAX]) MUST_CHECK;

#endif
