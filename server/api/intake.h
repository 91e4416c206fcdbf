/* SPDX-License-Identifier: Apache-2.0
 *
 * What the endpoints of intake share: the settings and the day of a centre, a
 * referral in the path and who may do what with it, its JSON, and the words
 * that are sealed. Desk thread.
 */
#ifndef PARTA_API_INTAKE_H
#define PARTA_API_INTAKE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/domain/access.h"
#include "server/domain/referral.h"
#include "server/store/casefile.h"
#include "server/store/org.h"
#include "server/store/referral.h"

/* A centre today. */
struct intake {
    struct intake_policy policy;
    struct org centre;
    int64_t today; /* the day at the centre */
};

enum err intake_load(const struct call *c, struct org_id centre, struct intake *out) MUST_CHECK;

/* True if one of the person's grants reaches the referral. */
bool intake_may(const struct call *c, enum right right, const struct referral *r);

/* The referral in the path. What the person may not know of is 404 (what was never submitted is its
 * school's alone), what it may see and not do is 403. *refused: answered already. */
enum err intake_referral(struct call *c, enum right right, struct referral *out, struct intake *in,
                         bool *refused) MUST_CHECK;

/* Asks referral_decide in the person's name, with the facts of now. Refuses with the verdict's
 * name as gate. */
struct intake_wish {
    enum referral_move move;
    bool chose; /* MOVE_ACCEPT: which child it is, or that it is new */
};
enum err intake_decide(struct call *c, const struct referral *r, const struct intake *in,
                       const struct intake_wish *wish, enum referral_state *next,
                       bool *refused) MUST_CHECK;

/* The move is made: row, step, audit row "referral.MOVE"; answers with the referral. */
enum err intake_move(struct call *c, const struct referral *r, const struct intake *in,
                     const struct referral_change *change) MUST_CHECK;

/* Answers with the referral as it is now; ETag. */
enum err intake_answer(struct call *c, int status, struct referral_id id,
                       const struct intake *in) MUST_CHECK;

/* ---- JSON --------------------------------------------------------------------------------- */

enum err referral_json(const struct call *c, const struct referral *r, const struct intake *in,
                       json_t **out) MUST_CHECK;
/* A line of a list. */
enum err referral_line_json(const struct call *c, const struct referral *r, const struct intake *in,
                            json_t **out) MUST_CHECK;
/* {state, to, days_left, alert}; from DAY_NONE: absent. NULL: out of memory. */
json_t *validity_json(int64_t from_day, int64_t to_day, const struct intake *in);
/* Puts the limits' fields into object. */
enum err limits_put(json_t *object, const struct recommendation *l) MUST_CHECK;
/* A calendar day, or null. */
json_t *json_day(int64_t day);
/* Names of the bits set, of first .. n. */
json_t *json_bits(unsigned bits, unsigned n, const char *(*name)(unsigned));
/* {items, next} of a page; items is taken over. */
enum err intake_page(struct call *c, json_t *items, const struct page *page, bool more) MUST_CHECK;

/* ---- scans -------------------------------------------------------------------------------- */

/* Takes away scans that no paper names any more, with their files in folder. */
enum err scan_sweep(struct db *db, const char *folder) MUST_CHECK;

/* ---- sealed words ------------------------------------------------------------------------- */

/* Seals words (taken over; NULL is ERR_NOMEM) into the row's column. */
enum err words_seal(const struct call *c, enum medical m, int64_t row, json_t *words) MUST_CHECK;

/* Opens them for the person that asks, with the audit row of it and why; null if the row has none
 * or is 0. ERR_PARSE: they do not open (changed, moved, their key is not in the ring). */
enum err words_open(const struct call *c, enum medical m, int64_t row, const char *why,
                    json_t **out) MUST_CHECK;

#endif
