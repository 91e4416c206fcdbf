/* SPDX-License-Identifier: Apache-2.0
 *
 * What a missed lesson asks of the office: who is missing, the cause, and its
 * make-up. Desk thread.
 */
#ifndef PARTA_API_NOSHOW_H
#define PARTA_API_NOSHOW_H

#include <jansson.h>
#include <stdbool.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/domain/makeup.h"
#include "server/store/home.h"
#include "server/store/lesson.h"

struct noshow_sheet {
    enum noshow missing; /* now, or by the outcome */
    int64_t after_ms;    /* policy */
    bool computed;
    enum outcome outcome;   /* if computed */
    struct lesson_ref made; /* its make-up; id 0: none */
    struct make_up_policy policy;
    int64_t day, today; /* local days in the lesson's zone: of the lesson, of now */
};

enum err noshow_sheet_load(const struct call *c, const struct lesson *l,
                           struct noshow_sheet *out) MUST_CHECK;

/* For the board's row: null, or who is missing, the first child's newest cause and the make-up. */
enum err noshow_brief_json(const struct call *c, const struct lesson *l, json_t **out) MUST_CHECK;

/* May there be a make-up that begins on the local day wanted? */
enum make_up noshow_make_up(const struct noshow_sheet *s, int64_t wanted);

/* make_up.c: what is proposed, as MakeUp. */
enum err make_up_json(struct call *c, const struct lesson *l, const struct noshow_sheet *s,
                      json_t **out) MUST_CHECK;

#endif
