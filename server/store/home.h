/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows behind the home pages: how a person likes the screen, notices to the
 * centre, server outages, who is assigned to whom, what a lesson was moved
 * from or is made up by. Desk thread.
 */
#ifndef PARTA_STORE_HOME_H
#define PARTA_STORE_HOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/attendance.h"
#include "server/store/db.h"
#include "server/store/report.h"
#include "server/store/user.h"

#define FACE_PHONE_MAX 40

struct face {
    char theme[8]; /* "system", "light", "dark" */
    char hand[8];  /* "right", "left": where the tools are */
    char phone[FACE_PHONE_MAX + 1];
};

enum err face_load(struct db *db, struct user_id user, struct face *out) MUST_CHECK;
enum err face_save(struct db *db, struct user_id user, const struct face *f) MUST_CHECK;

#define NOTICE_DETAIL_MAX 400

struct notice {
    int64_t id;
    struct org_id centre;
    struct user_id user;     /* who said it */
    struct user_id about;    /* the child concerned, or the person itself */
    struct lesson_id lesson; /* 0: none */
    int64_t at_ms;
    char kind[17]; /* "help", "not_today", "ready" */
    char code[33];
    char detail[NOTICE_DETAIL_MAX + 1];
};
struct notice_list {
    struct notice *items; /* owned */
    size_t n;
};
enum err notice_add(struct db *db, const struct notice *n) MUST_CHECK;
/* Of a centre since since_ms, newest first, at most max. */
enum err notice_list(struct db *db, struct org_id centre, int64_t since_ms, int max,
                     struct notice_list *out) MUST_CHECK;
void notice_list_free(struct notice_list *l);

struct outage_list {
    struct outage *items; /* owned */
    size_t n;
};
/* Those that touch [from_ms, to_ms). */
enum err outage_list(struct db *db, int64_t from_ms, int64_t to_ms,
                     struct outage_list *out) MUST_CHECK;
void outage_list_free(struct outage_list *l);

struct lesson_ref {
    struct lesson_id id; /* 0: none */
    int64_t start_ms;
};
/* The lesson itself as a reference; id 0 if there is no such lesson. */
enum err lesson_ref_of(struct db *db, struct lesson_id id, struct lesson_ref *out) MUST_CHECK;
/* The lesson that became this one by a move. */
enum err lesson_moved_from(struct db *db, struct lesson_id id, struct lesson_ref *out) MUST_CHECK;
/* The newest lesson that makes up for this one and was not cancelled. */
enum err lesson_made_up_by(struct db *db, struct lesson_id id, struct lesson_ref *out) MUST_CHECK;

struct assigned {
    struct user_id mentor;
    char subject[81]; /* code; "" for the lead mentor */
    bool lead;
};
struct assigned_list {
    struct assigned *items; /* owned */
    size_t n;
};
enum err assigned_list(struct db *db, struct child_id child, int64_t at_ms,
                       struct assigned_list *out) MUST_CHECK;
void assigned_list_free(struct assigned_list *l);
/* Does this person teach the child at at_ms, or has it taught a lesson of it? */
enum err child_taught_by(struct db *db, struct child_id child, struct user_id user, int64_t at_ms,
                         bool *out) MUST_CHECK;

/* Subject codes a mentor is assigned for, and schools of employment, at at_ms. */
#define MENTOR_CARD_MAX 16
struct mentor_card {
    char subjects[MENTOR_CARD_MAX][81];
    int subjects_n;
    struct org_id schools[MENTOR_CARD_MAX];
    int schools_n;
};
enum err mentor_card(struct db *db, struct mentor_id mentor, int64_t at_ms,
                     struct mentor_card *out) MUST_CHECK;

/* State of a report's newest version: "draft", "submitted", "returned", "accepted"; "" : none. */
enum err report_state(struct db *db, const struct report_key *key, char out[16],
                      int *version) MUST_CHECK;

/* When and by whom a note was last written. ERR_NOTFOUND. */
struct note_stamp {
    int64_t at_ms;
    struct user_id by;
};
enum err note_stamp(struct db *db, struct lesson_id lesson, struct child_id child,
                    struct note_stamp *out) MUST_CHECK;

/* The newest note of a mentor is missing: over, held at least in part, no topic for a child. */
enum err lesson_note_due(struct db *db, struct lesson_id lesson, bool *out) MUST_CHECK;

#endif
