/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows that the figures (domain/figures.h) are made of: counted by kind,
 * or one by one. What a row counts in is the domain's to say. Made for a
 * worker with a reading connection: a month of a big centre takes tens of
 * milliseconds.
 */
#ifndef PARTA_STORE_FIGURES_H
#define PARTA_STORE_FIGURES_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/figures.h"
#include "server/domain/zone.h"
#include "server/store/db.h"

#define FIGURES_MONTHS_MAX 12 /* one school year */

/* Zero ids do not narrow; the centre is always asked for. */
struct figures_query {
    struct org_id centre;
    struct org_id school;
    struct mentor_id mentor;
    int64_t subject;
    int year, month; /* the first */
    int months;      /* 1..FIGURES_MONTHS_MAX */
    enum figures_by by;
};

struct figures_group {
    int64_t key; /* id of the centre, school, mentor or subject; year * 12 + month - 1 */
    struct figures figures;
};

struct figures_list {
    struct figures_group *items; /* owned; by key */
    size_t n;
    struct figures total;
};

/* Without rows: no groups and zeroes. ERR_INVAL: months out of range. ERR_NOTFOUND: unknown zone
 * of a school. */
enum err figures_load(struct db *db, const struct figures_query *q,
                      struct figures_list *out) MUST_CHECK;
void figures_list_free(struct figures_list *l);

struct figures_item {
    struct lesson_id lesson;
    struct child_id child;
    struct mentor_id mentor;
    struct org_id school;
    int64_t start_ms, end_ms;
    int64_t subject;
    char tz[ZONE_NAME_MAX]; /* of the school */
    char kind[FIGURE_KIND_MAX];
    struct figure_row row;
};

struct figures_items {
    struct figures_item *items; /* owned */
    size_t n;
    bool more; /* there are rows behind these */
};

/* The rows that the figure counts, by time, from the first-th on, at most limit. by is not looked
 * at. Errors as figures_load. */
enum err figures_rows(struct db *db, const struct figures_query *q, enum figure f, size_t first,
                      size_t limit, struct figures_items *out) MUST_CHECK;
void figures_items_free(struct figures_items *l);

/* The two statements, for the test that looks at how the database finds their rows. */
extern const char figures_count_sql[];
extern const char figures_rows_sql[];

#endif
