/* SPDX-License-Identifier: Apache-2.0
 *
 * A child's choice of sections as rows: wishes, places, the waiting list with
 * its offers, the meetings that stand in the way of lessons, and the clashes
 * that a published schedule made. Desk thread.
 */
#ifndef PARTA_STORE_CHOICE_H
#define PARTA_STORE_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/section.h"
#include "server/store/db.h"
#include "server/store/section.h"

struct choice {
    int64_t id;
    struct child_id child;
    int64_t section, group;
    enum choice_state state;
    int64_t wished_ms, queue_ms, offer_to_ms;
};
struct choice_list {
    struct choice *items; /* owned */
    size_t n;
};

/* What is not over, in order of the wish. */
enum err choice_list(struct db *db, struct child_id child, struct choice_list *out) MUST_CHECK;
void choice_list_free(struct choice_list *l);
/* ERR_NOTFOUND */
enum err choice_load(struct db *db, int64_t id, struct choice *out) MUST_CHECK;
/* A number that every change of the child's choices raises, from 1 on. */
enum err choice_rev(struct db *db, struct child_id child, int64_t *out) MUST_CHECK;

/* The child's wishes become these groups; wishes that are not among them end. A group that the
 * child has or waits for stays as it is. */
enum err choice_wish(struct db *db, struct child_id child, const int64_t *groups, size_t n,
                     int64_t now_ms, struct user_id by) MUST_CHECK;
/* A wish that the guardian confirmed: a place, or the list. ERR_STATE: it is no wish. */
enum err choice_confirm(struct db *db, const struct choice *c, int capacity, int64_t now_ms,
                        struct user_id by) MUST_CHECK;
/* ERR_STATE: it is not offered, or the offer has ended. */
enum err choice_accept(struct db *db, const struct choice *c, int64_t now_ms) MUST_CHECK;
/* Ends it; whoever waits moves up. */
enum err choice_leave(struct db *db, const struct choice *c, const char *reason,
                      const struct section_policy *p, int64_t now_ms) MUST_CHECK;

/* Offers what is free in this group, and ends offers. */
enum err choice_settle(struct db *db, int64_t group, const struct section_policy *p,
                       int64_t now_ms) MUST_CHECK;
/* The same wherever an offer has ended; by time. */
enum err choice_settle_due(struct db *db, int64_t now_ms) MUST_CHECK;

/* The place in the list, 1 for the first; 0: it does not wait. */
enum err choice_rank(struct db *db, const struct choice *c, int *out) MUST_CHECK;

/* ---- meetings and clashes ----------------------------------------------------------------- */

struct section_blocks {
    struct section_block *items; /* owned */
    size_t n;
};
/* The meetings of one group that begin in [from_ms, to_ms). */
enum err section_blocks_of(const struct section *s, const struct section_group *g, int64_t from_ms,
                           int64_t to_ms, struct section_blocks *out) MUST_CHECK;
/* Those of every place the child has. */
enum err section_blocks_child(struct db *db, struct child_id child, int64_t from_ms, int64_t to_ms,
                              struct section_blocks *out) MUST_CHECK;
void section_blocks_free(struct section_blocks *b);

/* What R2 and R12 find between the lessons of the next weeks and one group's meetings. */
struct clash {
    struct lesson_id lesson;
    enum schedule_rule rule;
    int64_t limit, value;
    int64_t meeting_ms; /* which meeting */
};
struct clash_list {
    struct clash *items; /* owned */
    size_t n;
};
enum err clash_find(struct db *db, struct child_id child, const struct section *s,
                    const struct section_group *g, const struct section_policy *p, int64_t now_ms,
                    struct clash_list *out) MUST_CHECK;
void clash_list_free(struct clash_list *l);

/* Compares the places of the centre's children with their lessons: new clashes are written, those
 * that are gone end. version: only children with lessons in it; 0: all. *out: how many stand. */
enum err clash_recheck(struct db *db, struct org_id centre, int64_t version, int64_t now_ms,
                       int64_t *out) MUST_CHECK;

struct open_clash {
    int64_t choice;
    struct user_id child;
    struct lesson_id lesson;
    char rule[24];
    int64_t found_ms;
};
struct open_clash_list {
    struct open_clash *items; /* owned */
    size_t n;
};
/* Of places and lessons that still stand, in order of the lesson. */
enum err open_clash_list(struct db *db, struct org_id centre, int64_t now_ms,
                         struct open_clash_list *out) MUST_CHECK;
void open_clash_list_free(struct open_clash_list *l);

#endif
