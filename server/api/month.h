/* SPDX-License-Identifier: Apache-2.0
 *
 * Month reports between the endpoints: who asks for which report and as what,
 * which version that person is shown, its content, the way it goes. Desk
 * thread.
 */
#ifndef PARTA_API_MONTH_H
#define PARTA_API_MONTH_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/domain/report_flow.h"
#include "server/store/delivery.h"

#define REPORT_ID_CHARS 80

/* A report as one person sees it. */
struct month {
    struct report_key key;
    bool mentors, centres, schools; /* the person is its mentor, of its centre, of its school */
    struct doc_row newest;
    bool has_copy; /* the newest version was queued for the school */
    struct delivery copy;
    struct flow_facts facts; /* of the newest version */
    struct report_policy policy;
    bool own; /* the mentor's own, whatever other role the person has */
};

/* The report of that id, if the person may know of it. *refused: answered already (404). */
enum err month_open(struct call *c, const char *id, struct month *out, bool *refused) MUST_CHECK;
/* The same without asking who: for what is decided elsewhere. */
enum err month_of_key(const struct call *c, const struct report_key *key,
                      struct month *out) MUST_CHECK;

/* True if one of the person's grants reaches the report. */
enum err month_may(const struct call *c, const struct report_key *key, enum right right,
                   bool *out) MUST_CHECK;

/* The newest version that the school has. ERR_NOTFOUND: none. */
enum err month_sent(const struct call *c, const struct month *m, struct doc_row *row,
                    struct delivery *copy) MUST_CHECK;

/* What the person is shown: a frozen version, or the newest as the register makes it now. The query
 * parameter "version" asks for an accepted one. A school is shown what it has, and no file of it
 * before it was opened. */
struct month_shown {
    struct doc_row row;
    bool frozen;
};
enum err month_shown(struct call *c, const struct month *m, struct month_shown *out,
                     bool *refused) MUST_CHECK;

/* From the register, checked, with version and signatures; the subjects by their names in the
 * locale, by their codes if it is "". ERR_DB: it contradicts itself (logged). */
enum err month_load(const struct call *c, const struct month *m, const char *locale,
                    struct month_report *out) MUST_CHECK;

/* What holds up the moves of the newest version. */
enum err month_content(const struct call *c, const struct month *m, const struct month_report *r,
                       struct flow_content *out) MUST_CHECK;

/* Report: the newest version live, or the frozen body of row; with ETag. */
enum err month_answer(struct call *c, int status, const struct month *m,
                      const struct month_shown *shown) MUST_CHECK;
/* The same of the report as it is now, read anew. */
enum err month_answer_now(struct call *c, int status, const struct report_key *key) MUST_CHECK;

/* The body that is frozen: everything that stands in the report, nothing of its way. before: the
 * body of the version before, NULL for none; its differences are listed. */
enum err month_body_json(const struct call *c, const struct month *m, const struct month_report *r,
                         const json_t *before, json_t **out) MUST_CHECK;

/* The frozen body of the version before the newest: what the school was told last. *out is NULL if
 * there is none. */
enum err month_body_before(const struct call *c, const struct month *m, json_t **out) MUST_CHECK;

/* Differences of two bodies: an array of { no, lesson, field, before, after }. */
enum err month_differences(const json_t *before, const json_t *after, json_t **out) MUST_CHECK;

/* The frozen body. ERR_NOTFOUND: of no accepted version. */
enum err month_frozen_json(const struct call *c, const struct doc_row *row,
                           json_t **out) MUST_CHECK;

/* The way of what is shown, of a mark sheet too (sheet.h): the newest version as it goes, or an
 * older one as it went. live: asked what holds it up; NULL: nothing is said of that. */
enum err month_way_json(struct call *c, const struct month *m, const struct month_shown *shown,
                        const struct month_report *live, json_t **out) MUST_CHECK;

/* ReportItem. */
enum err month_item_json(struct call *c, const struct month *m, json_t **out) MUST_CHECK;

#endif
