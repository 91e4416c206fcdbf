/* SPDX-License-Identifier: Apache-2.0
 *
 * A question for figures on its way from the query over a worker to the
 * answer. Desk thread.
 */
#ifndef PARTA_API_FIGURES_H
#define PARTA_API_FIGURES_H

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/store/figures.h"

enum asked_as { AS_TABLE, AS_CSV, AS_ROWS };

struct figures_asked {
    struct figures_query query;
    enum asked_as as;
    enum figure figure; /* AS_ROWS */
    struct page page;   /* AS_ROWS */
    char path[600];     /* of the database */
    struct user_id reader;
    struct figures_list list;   /* owned */
    struct figures_items items; /* owned */
    enum err err;
};

/* The table, its CSV or the rows, as asked. */
enum err figures_answer(struct call *c, const struct figures_asked *a) MUST_CHECK;

#endif
