/* SPDX-License-Identifier: Apache-2.0
 *
 * Consents of a child's family as rows: what was asked, agreed to, signed on
 * paper, refused and withdrawn (server/domain/consent.h). Rows are added and
 * ended, never changed. Desk thread.
 */
#ifndef PARTA_STORE_CONSENT_H
#define PARTA_STORE_CONSENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/consent.h"
#include "server/domain/upload.h"
#include "server/store/db.h"

#define CONSENT_FILE_NAME 43 /* characters of a stored file's name */

/* How a kind stands for a child, with the newest rows behind it. */
struct consent_record {
    struct consent_facts facts;
    struct user_id given_by, entered_by, withdrawn_by, asked_by; /* 0: nobody */
    int64_t paper;                                               /* 0: none */
};

enum err consent_load(struct db *db, struct child_id child, enum consent_kind kind,
                      struct consent_record *out) MUST_CHECK;

/* The kinds that stand at at_ms, as bits (consent_permits). */
enum err consent_standing(struct db *db, struct child_id child, int64_t at_ms,
                          unsigned *out) MUST_CHECK;

/* May this person agree in the child's name: a guardian with full rights, at at_ms? */
enum err consent_giver(struct db *db, struct child_id child, struct user_id user, int64_t at_ms,
                       bool *out) MUST_CHECK;

/* A number that every change of the child's consents raises, from 1 on. */
enum err consent_rev(struct db *db, struct child_id child, int64_t *out) MUST_CHECK;

/* A consent that was given. What stood before ends with it. */
struct consent_new {
    struct child_id child;
    enum consent_kind kind;
    int version; /* of the words */
    struct user_id given_by;
    int64_t given_ms, expires_ms;
    struct user_id entered_by; /* with paper; else 0 */
    int64_t paper;
};
enum err consent_add(struct db *db, const struct consent_new *n, int64_t *out_id) MUST_CHECK;

enum err consent_ask(struct db *db, struct child_id child, enum consent_kind kind, int version,
                     int64_t now_ms, struct user_id by) MUST_CHECK;
/* Answers the newest question with no. ERR_NOTFOUND: there is none that is open. */
enum err consent_refuse(struct db *db, struct child_id child, enum consent_kind kind,
                        int64_t now_ms, struct user_id by) MUST_CHECK;
/* reason: "" from a guardian. ERR_NOTFOUND: nothing was given. */
enum err consent_end(struct db *db, struct child_id child, enum consent_kind kind, int64_t now_ms,
                     struct user_id by, const char *reason) MUST_CHECK;

struct consent_paper {
    int64_t id;
    struct child_id child;
    enum upload_type type;
    char name[CONSENT_FILE_NAME + 1];
    uint8_t sha256[32];
    int64_t bytes;
    char signed_on[11];
};
enum err consent_paper_add(struct db *db, const struct consent_paper *p, int64_t now_ms,
                           struct user_id by, int64_t *out_id) MUST_CHECK;
/* ERR_NOTFOUND */
enum err consent_paper_load(struct db *db, int64_t id, struct consent_paper *out) MUST_CHECK;

/* Lessons of the child that are on or ahead until to_ms; group: only those of several children. */
struct consent_lesson {
    struct lesson_id id;
    int64_t start_ms, end_ms;
    char subject[81];
};
struct consent_lessons {
    struct consent_lesson *items; /* owned */
    size_t n;
};
enum err consent_lessons(struct db *db, struct child_id child, bool group, int64_t now_ms,
                         int64_t to_ms, struct consent_lessons *out) MUST_CHECK;
void consent_lessons_free(struct consent_lessons *l);

/* The settings of a centre, valid at at_ms; keys in domain/consent.c. */
enum err policy_consent(struct db *db, struct org_id org, int64_t at_ms,
                        struct consent_policy *out) MUST_CHECK;

#endif
