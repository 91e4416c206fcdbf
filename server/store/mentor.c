/* SPDX-License-Identifier: Apache-2.0
 *
 * Mentors and the gates of "may teach".
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

/* Runs an INSERT ... RETURNING id. */
static enum err insert_id(struct query *q, int64_t *out_id)
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

enum err mentor_add(struct db *db, struct user_id user, struct org_id centre, int64_t now_ms,
                    struct user_id by, struct mentor_id *out)
{
    struct query q = query_on(db, "INSERT INTO mentor (user_id, centre, created_ms, created_by) "
                                  "VALUES ($1, $2, $3, $4) RETURNING id");

    query_int(&q, user.v);
    query_int(&q, centre.v);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return insert_id(&q, &out->v);
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

enum err training_add(struct db *db, struct mentor_id mentor, const char *course, int64_t issued_ms,
                      int64_t expires_ms, struct user_id verified_by, int64_t now_ms)
{
    struct query q = query_on(db, "INSERT INTO training (mentor, course, issued_ms, expires_ms, "
                                  "verified_by, verified_ms, created_ms) "
                                  "VALUES ($1, $2, $3, $4, $5, "
                                  "CASE WHEN $5 IS NULL THEN NULL ELSE $6 END, $6)");

    query_int(&q, mentor.v);
    query_text(&q, course);
    query_int(&q, issued_ms);
    query_int_or_null(&q, expires_ms, FOREVER_MS);
    query_id_or_null(&q, verified_by.v);
    query_int(&q, now_ms);
    return query_run(&q);
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
    return insert_id(&q, out_id);
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
    return insert_id(&q, out_id);
}

enum err mentor_gates(struct db *db, struct mentor_id mentor, struct child_id child,
                      struct org_id school, int64_t at_ms, bool substitute, unsigned *out)
{
    struct query q = query_on(
        db, "SELECT "
            "EXISTS (SELECT 1 FROM mentor m JOIN \"user\" u ON u.id = m.user_id "
            "JOIN role_grant g ON g.user_id = u.id WHERE m.id = $1 AND u.status = 'active' "
            "AND g.role = 'mentor' AND g.from_ms <= $4 AND (g.to_ms IS NULL OR g.to_ms > $4)), "
            "EXISTS (SELECT 1 FROM training t WHERE t.mentor = $1 AND t.verified_by IS NOT NULL "
            "AND t.issued_ms <= $4 AND (t.expires_ms IS NULL OR t.expires_ms > $4)), "
            "EXISTS (SELECT 1 FROM employment e WHERE e.mentor = $1 AND e.school = $3 "
            "AND e.from_ms <= $4 AND (e.to_ms IS NULL OR e.to_ms > $4)), "
            "EXISTS (SELECT 1 FROM assignment a WHERE a.mentor = $1 AND a.child = $2 "
            "AND a.from_ms <= $4 AND (a.to_ms IS NULL OR a.to_ms > $4))");
    unsigned failed = 0;
    enum err e;

    query_int(&q, mentor.v);
    query_int(&q, child.v);
    query_int(&q, school.v);
    query_int(&q, at_ms);
    if (query_row(&q)) {
        failed |= row_bool(&q) ? 0 : GATE_USER;
        failed |= row_bool(&q) ? 0 : GATE_TRAINING;
        failed |= row_bool(&q) ? 0 : GATE_EMPLOYMENT;
        failed |= row_bool(&q) || substitute ? 0 : GATE_ASSIGNMENT;
    }
    e = query_end_found(&q);
    if (!e)
        *out = failed;
    return e;
}
