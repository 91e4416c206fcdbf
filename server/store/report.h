/* SPDX-License-Identifier: Apache-2.0
 *
 * Fills the month report (domain/report) from the register, and keeps the
 * mentor's texts in it. Computes nothing itself: totals are the domain's.
 * Desk thread, or a worker with a reading connection.
 */
#ifndef PARTA_STORE_REPORT_H
#define PARTA_STORE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/report.h"
#include "server/store/db.h"
#include "server/store/user.h"

struct report_key {
    struct mentor_id mentor;
    struct child_id child;
    struct org_id school;
    int year;
    int month;
    char locale[9]; /* language of the subjects' names: "ru", "en"; "": their codes */
};

/* month_report_init is done here; month_report_deinit is the caller's, on success only. Closed
 * (sorted, numbered, totals). A month without lessons is a valid report with empty_reason.
 * ERR_NOTFOUND: this mentor was never assigned to this child and has no lesson of theirs for this
 * school (so that nobody reads a child's name out of an empty report). */
enum err report_load(struct db *db, const struct report_key *key, int64_t now_ms,
                     struct month_report *out) MUST_CHECK;

struct report_head {
    struct report_key key;
    char mentor[USER_NAME_MAX + 1];
    char child[USER_NAME_MAX + 1];
    char school[241];
    int lessons;  /* rows of the schedule that belong to it, not the moved ones */
    int ahead;    /* of them not computed yet */
    int disputed; /* of them */
};
struct report_head_list {
    struct report_head *items; /* owned */
    size_t n;
};
/* Zero fields do not narrow. The month is the local one of each school. */
struct report_filter {
    struct mentor_id mentor;
    struct child_id child;
    struct org_id school;
    struct org_id centre;
    int year, month;
    bool empty_too; /* also where a mentor is assigned to a child and no lesson is in the month */
};
enum err report_list(struct db *db, const struct report_filter *f,
                     struct report_head_list *out) MUST_CHECK;
void report_head_list_free(struct report_head_list *l);

#define REPORT_TEXT_MAX 4000

struct report_texts {
    char empty_reason[401];
    char progress[REPORT_TEXT_MAX + 1];
    char difficulties[REPORT_TEXT_MAX + 1];
    char next_month[REPORT_TEXT_MAX + 1];
    int64_t rev; /* 0: none yet */
};
enum err report_texts_load(struct db *db, const struct report_key *key,
                           struct report_texts *out) MUST_CHECK;
/* ERR_STATE: rev is not the one stored. */
enum err report_texts_save(struct db *db, const struct report_key *key,
                           const struct report_texts *t, int64_t now_ms,
                           struct user_id by) MUST_CHECK;

#endif
