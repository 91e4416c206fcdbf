/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents on their way to the school (domain/report_flow.h): the rows of
 * their versions, who moved them, the frozen bytes of what was accepted, and
 * the copy for the school of registration. Decides no move. Desk thread.
 */
#ifndef PARTA_STORE_DELIVERY_H
#define PARTA_STORE_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/report_flow.h"
#include "server/store/db.h"
#include "server/store/report.h"
#include "server/store/user.h"

#define DOC_SHA_BYTES 32
#define DOC_NOTE_MAX 1000 /* characters */

enum doc_kind {
    DOC_REPORT, /* a row of month_report */
    DOC_SHEET,  /* a row of mark_sheet; sheet.h */
};

struct doc_ref {
    enum doc_kind kind;
    int64_t id;
};

/* ---- versions ---------------------------------------------------------------------------- */

struct doc_row {
    struct doc_ref ref; /* id 0: nothing is stored yet */
    int version;
    enum flow_row row;
    int64_t rev; /* 0: nothing is stored yet */
};

/* The version of a month report, 0 for the newest. Without a row: version 1, FLOW_ROW_NONE, rev 0;
 * ERR_NOTFOUND only for a version that was asked for by number. */
enum err report_row_load(struct db *db, const struct report_key *key, int version,
                         struct doc_row *out) MUST_CHECK;

/* The newest version of the report that a lesson of this child goes into; as report_row_load where
 * there is none, also for a lesson that is in no report. */
enum err report_row_of_lesson(struct db *db, struct lesson_id lesson, struct child_id child,
                              struct doc_row *out) MUST_CHECK;

/* A first draft without texts: for a report that is sent as the register made it. */
enum err report_row_make(struct db *db, const struct report_key *key, int64_t now_ms,
                         struct user_id by) MUST_CHECK;

/* Version n+1 as a draft with the texts of the accepted version. */
enum err report_row_correct(struct db *db, const struct doc_row *of, int64_t now_ms,
                            struct user_id by) MUST_CHECK;

/* ERR_STATE: rev is not the stored one, or the version is accepted. */
enum err doc_set_row(struct db *db, const struct doc_row *d, enum flow_row to,
                     int64_t now_ms) MUST_CHECK;

/* ---- steps ------------------------------------------------------------------------------- */

#define DOC_STEP_LIST(X)                                                                           \
    X(SUBMITTED, "submitted")                                                                      \
    X(RETURNED, "returned")                                                                        \
    X(ACCEPTED, "accepted")                                                                        \
    X(CORRECTED, "corrected") /* the next version was opened */

enum doc_step_kind {
#define X(code, name) DOC_STEP_##code,
    DOC_STEP_LIST(X)
#undef X
        DOC_STEP_COUNT
};

const char *doc_step_name(enum doc_step_kind k);

struct doc_step {
    enum doc_step_kind step;
    int64_t at_ms;
    struct user_id by;
    char *note; /* owned; NULL: none */
};
struct doc_step_list {
    struct doc_step *items; /* owned; oldest first */
    size_t n;
};

/* note: NULL or "" for none. */
enum err doc_step_add(struct db *db, struct doc_ref ref, enum doc_step_kind step, const char *note,
                      int64_t now_ms, struct user_id by) MUST_CHECK;
enum err doc_step_list(struct db *db, struct doc_ref ref, struct doc_step_list *out) MUST_CHECK;
void doc_step_list_free(struct doc_step_list *l);

/* ---- frozen bytes ------------------------------------------------------------------------ */

/* format: "json", "pdf", "csv", "xlsx"; each once. *sha (may be NULL) gets the digest. */
enum err frozen_add(struct db *db, struct doc_ref ref, const char *format, const char *locale,
                    const void *bytes, size_t len, int64_t now_ms,
                    uint8_t sha[DOC_SHA_BYTES]) MUST_CHECK;

struct frozen {
    uint8_t *bytes; /* owned (mem_free) */
    size_t len;
    uint8_t sha256[DOC_SHA_BYTES];
};
/* ERR_NOTFOUND: not accepted. ERR_DB: the bytes are not those of the digest. */
enum err frozen_load(struct db *db, struct doc_ref ref, const char *format,
                     struct frozen *out) MUST_CHECK;

/* ---- copies for the school --------------------------------------------------------------- */

struct delivery {
    int64_t id;
    struct doc_ref ref;
    int version;
    struct org_id to_org;
    uint8_t sha256[DOC_SHA_BYTES]; /* of the PDF */
    int64_t queued_ms;
    int64_t sent_ms, opened_ms, ack_ms; /* 0: not yet */
    struct user_id opened_by, ack_by;
};
struct delivery_list {
    struct delivery *items; /* owned */
    size_t n;
};

/* ERR_NOTFOUND: the PDF is not frozen. ERR_STATE "unique": queued already. */
enum err delivery_queue(struct db *db, const struct doc_row *d, struct org_id to_org,
                        int64_t now_ms) MUST_CHECK;

/* Of one version. ERR_NOTFOUND. */
enum err delivery_load(struct db *db, struct doc_ref ref, struct delivery *out) MUST_CHECK;

/* Sends what waits, at most max, oldest first: each after its bytes were found to be those of its
 * digest, and only to a school where somebody can open it. One that cannot be sent keeps no other
 * back. Inside a transaction; sent copies are counted in *sent. */
enum err delivery_send(struct db *db, int64_t now_ms, int max, int *sent) MUST_CHECK;

/* Notes the first opening; later ones change nothing. */
enum err delivery_opened(struct db *db, int64_t id, int64_t now_ms, struct user_id by) MUST_CHECK;

/* ERR_STATE: not sent, or acknowledged already. An unopened copy counts as opened by it. */
enum err delivery_acknowledge(struct db *db, int64_t id, int64_t now_ms,
                              struct user_id by) MUST_CHECK;

/* Copies of a centre's children that the school has not yet (waiting) or has not opened. */
enum err delivery_list_open(struct db *db, struct org_id centre,
                            struct delivery_list *out) MUST_CHECK;
void delivery_list_free(struct delivery_list *l);

/* The report a delivery is of. ERR_NOTFOUND: it is no report's. */
enum err report_key_load(struct db *db, int64_t report, struct report_key *out) MUST_CHECK;

/* ---- the wellbeing note (item 22): mentor to coordinator, in no document ------------------ */

struct wellbeing_note {
    char *text; /* owned; NULL: none yet */
    int64_t rev;
    int64_t at_ms;
};
enum err wellbeing_load(struct db *db, const struct report_key *key,
                        struct wellbeing_note *out) MUST_CHECK;
/* ERR_STATE: rev is not the stored one. */
enum err wellbeing_save(struct db *db, const struct report_key *key, const char *text, int64_t rev,
                        int64_t now_ms, struct user_id by) MUST_CHECK;

/* ---- settings ---------------------------------------------------------------------------- */

enum err policy_report(struct db *db, struct org_id org, int64_t at_ms,
                       struct report_policy *out) MUST_CHECK;

#endif
