/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of hiring: documents, courses with their topics, qualifications,
 * applications with their steps, orders. What may be done with them is decided
 * by domain/application and domain/hiring. Desk thread.
 */
#ifndef PARTA_STORE_STAFF_H
#define PARTA_STORE_STAFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/application.h"
#include "server/domain/hiring.h"
#include "server/domain/upload.h"
#include "server/store/db.h"

#define STAFF_FILE_CHARS 43 /* 32 random bytes as base64url */
#define STAFF_SHA_BYTES 32
#define STAFF_REASON_MAX 400
#define STAFF_TEXT_MAX 240

/* ---- documents ---------------------------------------------------------------------------- */

struct staff_document {
    int64_t id;
    struct mentor_id mentor;
    enum document_kind kind;
    enum upload_type type;
    char name[STAFF_FILE_CHARS + 1]; /* of the file */
    uint8_t sha256[STAFF_SHA_BYTES];
    int64_t bytes;
    int64_t issued_ms, expires_ms; /* TERM_OPEN_MS: never */
    bool original_seen;
    struct user_id verified_by, returned_by; /* 0: not */
    int64_t verified_ms, returned_ms;
    char reason[STAFF_REASON_MAX + 1]; /* of the return */
    int64_t created_ms;
};

struct staff_document_list {
    struct staff_document *items; /* owned */
    size_t n;
};

/* id, verified_*, returned_*, reason are not looked at. ERR_STATE: the mentor has this file. */
enum err staff_document_add(struct db *db, const struct staff_document *d, int64_t now_ms,
                            struct user_id by, int64_t *out_id) MUST_CHECK;
enum err staff_document_load(struct db *db, int64_t id, struct staff_document *out) MUST_CHECK;
/* The one with this content that was not returned. ERR_NOTFOUND. */
enum err staff_document_by_file(struct db *db, struct mentor_id mentor,
                                const uint8_t sha256[STAFF_SHA_BYTES],
                                struct staff_document *out) MUST_CHECK;
/* By kind, newest first. */
enum err staff_document_list(struct db *db, struct mentor_id mentor,
                             struct staff_document_list *out) MUST_CHECK;
void staff_document_list_free(struct staff_document_list *l);
/* ERR_STATE: it was verified or returned already, or is the verifier's own. */
enum err staff_document_verify(struct db *db, int64_t id, bool original_seen, int64_t now_ms,
                               struct user_id by) MUST_CHECK;
/* One that was verified may be returned, too: a mistake was found. ERR_STATE: returned already. */
enum err staff_document_return(struct db *db, int64_t id, const char *reason, int64_t now_ms,
                               struct user_id by) MUST_CHECK;

/* ---- courses and qualifications ------------------------------------------------------------- */

/* Topics, as bits. */
#define TRAINING_TOPIC_LIST(X)                                                                     \
    X(CONTACT_PSYCHOLOGY, "contact_psychology")                                                    \
    X(FIRST_AID, "first_aid")                                                                      \
    X(DISTANCE_TEACHING, "distance_teaching")                                                      \
    X(SAFEGUARDING, "safeguarding")

enum training_topic {
#define X(code, name) TOPIC_##code,
    TRAINING_TOPIC_LIST(X)
#undef X
        TOPIC_COUNT
};

const char *training_topic_name(enum training_topic t);
bool training_topic_parse(const char *name, enum training_topic *out);

struct training {
    int64_t id;
    struct mentor_id mentor;
    char course[STAFF_TEXT_MAX + 1];
    char provider[STAFF_TEXT_MAX + 1];
    int hours;
    int64_t issued_ms, expires_ms; /* TERM_OPEN_MS: never */
    unsigned topics;               /* 1 << enum training_topic */
    struct user_id verified_by;    /* 0: not */
};

struct training_list {
    struct training *items; /* owned */
    size_t n;
};

/* verified_by: whoever has seen the paper already, or 0. */
enum err training_add(struct db *db, const struct training *t, int64_t now_ms, struct user_id by,
                      int64_t *out_id) MUST_CHECK;
enum err training_load(struct db *db, int64_t id, struct training *out) MUST_CHECK;
enum err training_list(struct db *db, struct mentor_id mentor,
                       struct training_list *out) MUST_CHECK;
void training_list_free(struct training_list *l);
/* ERR_STATE: verified already, or the verifier's own. */
enum err training_verify(struct db *db, int64_t id, int64_t now_ms, struct user_id by) MUST_CHECK;

struct qualification {
    int64_t id;
    struct mentor_id mentor;
    int64_t subject_id;
    char subject[81]; /* read only: its code */
    char level[81];
    int grade_from, grade_to;
    int64_t issued_ms;
    struct user_id verified_by;
};

struct qualification_list {
    struct qualification *items; /* owned */
    size_t n;
};

enum err qualification_add(struct db *db, const struct qualification *q, int64_t now_ms,
                           struct user_id by, int64_t *out_id) MUST_CHECK;
enum err qualification_load(struct db *db, int64_t id, struct qualification *out) MUST_CHECK;
enum err qualification_list(struct db *db, struct mentor_id mentor,
                            struct qualification_list *out) MUST_CHECK;
void qualification_list_free(struct qualification_list *l);
/* ERR_STATE: verified already, or the verifier's own. */
enum err qualification_verify(struct db *db, int64_t id, int64_t now_ms,
                              struct user_id by) MUST_CHECK;

/* ---- applications and orders ----------------------------------------------------------------- */

struct application {
    int64_t id;
    struct mentor_id mentor;
    struct org_id school;
    enum application_state state;
    int64_t state_ms;
    char reason[STAFF_REASON_MAX + 1]; /* of the last step that had one */
    int64_t rev;
};

struct application_list {
    struct application *items; /* owned */
    size_t n;
};

/* ERR_STATE: there is one at this school already. */
enum err application_add(struct db *db, struct mentor_id mentor, struct org_id school,
                         int64_t now_ms, struct user_id by, int64_t *out_id) MUST_CHECK;
enum err application_load(struct db *db, int64_t id, struct application *out) MUST_CHECK;
/* Newest first. */
enum err application_list(struct db *db, struct mentor_id mentor,
                          struct application_list *out) MUST_CHECK;
/* Those that are neither drafts nor ended, of a centre's mentors (0: all). */
enum err application_list_live(struct db *db, struct application_list *out) MUST_CHECK;
void application_list_free(struct application_list *l);
/* Goes to state `to` and writes the step down. by 0: the program. ERR_STATE: it has gone on
 * meanwhile (rev). */
enum err application_go(struct db *db, const struct application *a, enum application_step step,
                        enum application_state to, const char *reason, int64_t now_ms,
                        struct user_id by) MUST_CHECK;

struct employment_order {
    int64_t id;
    int64_t application; /* 0: none */
    struct mentor_id mentor;
    struct org_id school;
    int year; /* its number is unique within school and year */
    char number[41];
    int64_t signed_ms;
    int rate_percent;
    int64_t week_minutes;
    int64_t from_ms, to_ms; /* TERM_OPEN_MS: until further notice */
    int64_t acquainted_ms;  /* 0: not yet */
};

/* With the employment that follows from it. ERR_STATE: the number is taken. */
enum err order_add(struct db *db, const struct employment_order *o, int64_t now_ms,
                   struct user_id by, int64_t *out_id) MUST_CHECK;
/* The newest of an application. ERR_NOTFOUND. */
enum err order_of(struct db *db, int64_t application, struct employment_order *out) MUST_CHECK;
/* Minutes a week of the mentor's orders that touch [from_ms, to_ms). */
enum err order_minutes(struct db *db, struct mentor_id mentor, int64_t from_ms, int64_t to_ms,
                       int64_t *out) MUST_CHECK;
/* ERR_STATE: acquainted already. */
enum err order_acquaint(struct db *db, int64_t id, int64_t now_ms) MUST_CHECK;
/* The orders of an application, and the employment by them, end at at_ms if not before. */
enum err order_end(struct db *db, int64_t application, int64_t at_ms) MUST_CHECK;

#endif
