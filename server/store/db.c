/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the database face that are the same for every driver.
 */
#include "server/store/db.h"

#include "common/base/mem.h"

void query_int_or_null(struct query *q, int64_t v, int64_t null_value)
{
    if (v == null_value)
        query_null(q);
    else
        query_int(q, v);
}

void query_id_or_null(struct query *q, int64_t id)
{
    query_int_or_null(q, id, 0);
}

int64_t row_int(struct query *q)
{
    return row_int_or(q, 0);
}

bool row_bool(struct query *q)
{
    return row_int(q) != 0;
}

enum err query_end_found(struct query *q)
{
    bool any = q->any;
    enum err e = query_end(q);

    return e ? e : any ? ERR_OK : ERR_NOTFOUND;
}

enum err query_run(struct query *q)
{
    while (query_row(q))
        ;
    return query_end(q);
}

enum err query_insert(struct query *q, int64_t *out_id)
{
    int64_t id = 0;
    enum err e;

    if (query_row(q))
        id = row_int(q);
    e = query_run(q);
    if (!e)
        *out_id = id;
    return e;
}

void *store_grow(void *items, size_t n, size_t size)
{
    /* The capacity is n rounded up to a power of two, so it need not be kept. */
    if (n == 0)
        return mem_regrow(items, 1, size);
    if ((n & (n - 1)) != 0)
        return items;
    return mem_regrow(items, 2 * n, size);
}

bool query_room(struct query *q, const void *grown)
{
    if (!grown)
        q->err = ERR_NOMEM;
    return grown != NULL;
}
