/* SPDX-License-Identifier: Apache-2.0
 *
 * Weekly series as rows (domain/series.h): what was meant, how much of it lies
 * ahead, and its end. Their lessons are lessons like any other; they come in
 * through a draft (version_add_series). Desk thread.
 */
#ifndef PARTA_STORE_SERIES_H
#define PARTA_STORE_SERIES_H

#include "server/domain/series.h"
#include "server/store/lesson.h"

struct series_row {
    int64_t id;
    struct org_id org;
    char subject[81];
    struct mentor_id mentor;
    struct child_id children[LESSON_CHILDREN_MAX];
    int children_n;
    char tz[ZONE_NAME_MAX];
    char rule[SERIES_RULE_MAX + 1];
    int64_t first_day;
    int hour, minute, minutes;
    int64_t end_day; /* it ends before this day; INT64_MAX: as its rule says */
    int64_t rev;
    int64_t ahead;            /* planned or scheduled lessons that begin after the question */
    int64_t next_ms, last_ms; /* the first and last of them; 0: none */
};

struct series_rows {
    struct series_row *items; /* owned */
    size_t n;
};

enum err series_load(struct db *db, int64_t id, int64_t now_ms, struct series_row *out) MUST_CHECK;
/* Those of a centre that have lessons ahead, by the next one. */
enum err series_list(struct db *db, struct org_id org, int64_t now_ms,
                     struct series_rows *out) MUST_CHECK;
void series_rows_free(struct series_rows *l);

/* Which lessons ahead start at another instant than the series now means (DOMAIN 6: zones move).
 * Writes the first cap; *n: how many there are. */
enum err series_moved(struct db *db, const struct series_row *row, int64_t now_ms,
                      struct series_shift *out, size_t cap, size_t *n) MUST_CHECK;

/* From that day on there is nothing of it: published lessons are cancelled, for the centre's side;
 * planned ones leave their drafts, and a validated draft is a draft again. Lessons that have begun
 * stay. *out: those that were published (owned, mem_free). ERR_STATE: its rev is another now. */
struct series_gone {
    struct lesson_id *items;
    size_t n;
    int64_t planned;
};
enum err series_end(struct db *db, const struct series_row *row, int64_t from_day,
                    const char *reason, int64_t now_ms, struct series_gone *out) MUST_CHECK;

#endif
