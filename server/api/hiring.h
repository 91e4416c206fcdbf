/* SPDX-License-Identifier: Apache-2.0
 *
 * What the endpoints of hiring share: whose file it is and whether the person
 * may touch it, the file as the answer to every change, bodies. Desk thread.
 */
#ifndef PARTA_API_HIRING_H
#define PARTA_API_HIRING_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/json.h"
#include "server/api/call.h"
#include "server/store/mentor.h"
#include "server/store/org.h"
#include "server/store/staff.h"

/* A mentor's file as the request met it. */
struct hiring {
    struct mentor mentor;
    struct org centre; /* its zone is that of every date */
    struct hiring_policy policy;
};

/* Does a right of the person reach this mentor? */
enum err hiring_reaches(const struct call *c, enum right right, struct mentor_id mentor,
                        bool *out) MUST_CHECK;

/* The file of this mentor, if the right reaches it. *refused: answered already, 404 for whom the
 * person may not even look at. */
enum err hiring_open(struct call *c, enum right right, struct mentor_id mentor, struct hiring *out,
                     bool *refused) MUST_CHECK;
/* The same of the user in the path. */
enum err hiring_open_path(struct call *c, enum right right, struct hiring *out,
                          bool *refused) MUST_CHECK;

/* can_teach about the papers alone, now. */
enum err hiring_papers(const struct call *c, const struct hiring *h,
                       struct teach_verdict *out) MUST_CHECK;

/* Answers with the whole file as it stands now. */
enum err hiring_answer(struct call *c, int status, const struct hiring *h) MUST_CHECK;

/* 409 gate "papers" with every gate that fails. */
enum err hiring_refuse_papers(struct call *c, const struct teach_verdict *papers) MUST_CHECK;

/* ---- dates: whole days of the centre's zone ------------------------------------------------ */

/* Zones are known in this year; in others a day is UTC's. */
bool hiring_zoned(int year);

/* First instant of the day "YYYY-MM-DD", and the first after it. False: no such day. */
bool hiring_day(const struct hiring *h, const char *text, int64_t *from_ms, int64_t *to_ms);

/* Why these dates of a paper cannot be: the name of the field, NULL if they can. Issued in the
 * future, over already or before it was issued, a certificate too old. */
const char *hiring_dates_fault(const struct hiring *h, enum document_kind kind, int64_t issued_ms,
                               int64_t expires_ms, int64_t now_ms);

#endif
