/* SPDX-License-Identifier: Apache-2.0
 *
 * Mentors; see mentor.h.
 */
#include "server/store/mentor.h"

#include "common/base/mem.h"

#define MENTOR_COLUMNS "m.id, m.user_id, m.centre, u.name, u.short_name, u.tz"
#define MENTOR_FROM " FROM mentor m JOIN \"user\" u ON u.id = m.user_id "

static void read_mentor(struct query *q, struct mentor *m)
{
    *m = (struct mentor){ 0 };
    m->id.v = row_int(q);
    m->user.v = row_int(q);
    m->centre.v = row_int(q);
    row_text(q, m->name, sizeof m->name);
    row_text(q, m->short_name, sizeof m->short_name);
    row_text(q, m->tz, sizeof m->tz);
}

enum err mentor_load(struct db *db, struct mentor_id id, struct mentor *out)
{
    struct query q = query_on(db, "SELECT " MENTOR_COLUMNS MENTOR_FROM "WHERE m.id = $1");

    query_int(&q, id.v);
    if (query_row(&q))
        read_mentor(&q, out);
    return query_end_found(&q);
}

enum err mentor_by_user(struct db *db, struct user_id user, struct mentor *out)
{
    struct query q = query_on(db, "SELECT " MENTOR_COLUMNS MENTOR_FROM "WHERE m.user_id = $1");

    query_int(&q, user.v);
    if (query_row(&q))
        read_mentor(&q, out);
    return query_end_found(&q);
}

enum err mentor_add(struct db *db, struct user_id user, struct org_id centre, int64_t now_ms,
                    struct user_id by, struct mentor_id *out)
{
    struct query q = query_on(db, "INSERT INTO mentor (user_id, centre, created_ms, created_by) "
                                  "VALUES ($1, $2, $3, $4) RETURNING id");

    query_int(&q, user.v);
    query_int(&q, centre.v);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return query_insert(&q, &out->v);
}

enum err mentor_after(struct db *db, struct mentor_id after, struct mentor *out)
{
    struct query q =
        query_on(db, "SELECT " MENTOR_COLUMNS MENTOR_FROM "WHERE m.id > $1 ORDER BY m.id LIMIT 1");

    query_int(&q, after.v);
    if (query_row(&q))
        read_mentor(&q, out);
    return query_end_found(&q);
}

enum err mentor_list(struct db *db, struct org_id centre, struct mentor_list *out)
{
    struct query q = query_on(db, "SELECT " MENTOR_COLUMNS MENTOR_FROM
                                  "WHERE $1 = 0 OR m.centre = $1 ORDER BY u.name, m.id");
    struct mentor_list l = { 0 };
    struct mentor *item;
    enum err e;

    query_int(&q, centre.v);
    while (QUERY_NEXT(&q, &l, item))
        read_mentor(&q, item);
    e = query_end(&q);
    if (e)
        mentor_list_free(&l);
    else
        *out = l;
    return e;
}

void mentor_list_free(struct mentor_list *l)
{
    mem_free(l->items);
    *l = (struct mentor_list){ 0 };
}

enum err employment_add(struct db *db, struct mentor_id mentor, struct org_id school,
                        const char *order_no, int week_minutes, int64_t from_ms, int64_t to_ms,
                        int64_t now_ms, struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO employment (mentor, school, order_no, "
                                  "week_minutes, from_ms, to_ms, created_ms, created_by) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id");

    query_int(&q, mentor.v);
    query_int(&q, school.v);
    query_text(&q, order_no);
    query_int(&q, week_minutes);
    query_int(&q, from_ms);
    query_int_or_null(&q, to_ms, FOREVER_MS);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return query_insert(&q, out_id);
}

enum err employment_end(struct db *db, struct mentor_id mentor, struct org_id school, int64_t at_ms)
{
    struct query q = query_on(db, "UPDATE employment SET to_ms = "
                                  "CASE WHEN from_ms > $3 THEN from_ms ELSE $3 END "
                                  "WHERE mentor = $1 AND school = $2 "
                                  "AND (to_ms IS NULL OR to_ms > $3) RETURNING id");

    query_int(&q, mentor.v);
    query_int(&q, school.v);
    query_int(&q, at_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err assignment_end_at(struct db *db, struct mentor_id mentor, struct org_id school,
                           int64_t at_ms)
{
    struct query q = query_on(db, "UPDATE assignment SET to_ms = "
                                  "CASE WHEN from_ms > $3 THEN from_ms ELSE $3 END "
                                  "WHERE mentor = $1 AND (to_ms IS NULL OR to_ms > $3) "
                                  "AND child IN (SELECT id FROM child WHERE org_school = $2)");

    query_int(&q, mentor.v);
    query_int(&q, school.v);
    query_int(&q, at_ms);
    return query_run(&q);
}

enum err assignment_add(struct db *db, struct child_id child, struct mentor_id mentor,
                        int64_t subject, int64_t from_ms, int64_t to_ms, int64_t now_ms,
                        struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO assignment (child, mentor, subject, role, from_ms, "
                                  "to_ms, created_ms, created_by) VALUES ($1, $2, $3, "
                                  "CASE WHEN $3 IS NULL THEN 'lead' ELSE 'subject' END, "
                                  "$4, $5, $6, $7) RETURNING id");

    query_int(&q, child.v);
    query_int(&q, mentor.v);
    query_id_or_null(&q, subject);
    query_int(&q, from_ms);
    query_int_or_null(&q, to_ms, FOREVER_MS);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return query_insert(&q, out_id);
}
