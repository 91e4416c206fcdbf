/* SPDX-License-Identifier: Apache-2.0
 *
 * The stored facts about a mentor, a school and a child, and the question
 * can_teach over them: the one way to it for admission, timetable and
 * checklist. Decides nothing itself. Desk thread.
 */
#ifndef PARTA_STORE_HIRING_H
#define PARTA_STORE_HIRING_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/hiring.h"
#include "server/store/db.h"

/* Of whom the facts are. */
struct teach_who {
    struct mentor_id mentor;
    struct org_id school;  /* 0: none */
    struct child_id child; /* 0: none */
};

/* ERR_NOTFOUND: no such mentor. */
enum err teach_facts_load(struct db *db, const struct teach_who *who,
                          struct teach_facts *out) MUST_CHECK;

/* can_teach over the stored rows and the policy of the mentor's centre at at_ms; the grade is the
 * child's. ERR_NOTFOUND: no such mentor. */
enum err teach_ask(struct db *db, const struct teach_who *who, const struct teach_question *q,
                   int64_t at_ms, struct teach_verdict *out) MUST_CHECK;

/* The same for the mentor of a lesson and every child of it, but for the families' consents: a
 * child whose consent has ended is kept out itself, and the others go on. The school is the one
 * where the child is registered now: after a move the old one's order says nothing (item 26). *out:
 * nothing fails. */
enum err teach_ask_lesson(struct db *db, struct lesson_id lesson, int64_t at_ms,
                          bool *out) MUST_CHECK;

/* Scheduled lessons that start in [from_ms, to_ms), by start, behind one of them. */
struct upcoming {
    int64_t start_ms;
    struct lesson_id lesson;
};
enum err lesson_upcoming(struct db *db, const struct upcoming *after, int64_t from_ms,
                         int64_t to_ms, struct upcoming *out, int cap, int *n) MUST_CHECK;

/* The child and the mentor met without a lesson. ERR_STATE: they had met already. */
enum err introduction_add(struct db *db, struct mentor_id mentor, struct child_id child,
                          int64_t held_ms, int64_t now_ms, struct user_id by) MUST_CHECK;

/* Remembers a warning. *fresh: it had not been given before. */
enum err expiry_tell(struct db *db, struct mentor_id mentor, struct org_id school, const char *gate,
                     int64_t until_ms, int days, int64_t now_ms, bool *fresh) MUST_CHECK;

/* What a centre was told about and what has not run out yet: of each thing the last warning. */
struct expiry {
    struct user_id mentor;
    struct org_id school; /* 0: the papers, whatever the school */
    char gate[24];
    int64_t until_ms;
    int days;
    int64_t told_ms;
};
struct expiry_list {
    struct expiry *items; /* owned */
    size_t n;
};
enum err expiry_list(struct db *db, struct org_id centre, int64_t now_ms,
                     struct expiry_list *out) MUST_CHECK;
void expiry_list_free(struct expiry_list *l);

#endif
