/* SPDX-License-Identifier: Apache-2.0
 *
 * Children, guardians, consents.
 */
#include "server/store/child.h"

#include "common/base/mem.h"

#define CHILD_COLUMNS                                                                              \
    "c.id, c.user_id, c.centre, c.org_school, c.grade, c.register_no, c.birth_date, u.name, "      \
    "u.short_name, u.animal, u.tz"
#define CHILD_FROM " FROM child c JOIN \"user\" u ON u.id = c.user_id "

static void read_child(struct query *q, struct child *c)
{
    *c = (struct child){ 0 };
    c->id.v = row_int(q);
    c->user.v = row_int(q);
    c->centre.v = row_int(q);
    c->school.v = row_int(q);
    c->grade = (int)row_int(q);
    row_text(q, c->register_no, sizeof c->register_no);
    row_text(q, c->birth_date, sizeof c->birth_date);
    row_text(q, c->name, sizeof c->name);
    row_text(q, c->short_name, sizeof c->short_name);
    row_text(q, c->animal, sizeof c->animal);
    row_text(q, c->tz, sizeof c->tz);
}

enum err child_load(struct db *db, struct child_id id, struct child *out)
{
    struct query q = query_on(db, "SELECT " CHILD_COLUMNS CHILD_FROM "WHERE c.id = $1");

    query_int(&q, id.v);
    if (query_row(&q))
        read_child(&q, out);
    return query_end_found(&q);
}

enum err child_by_user(struct db *db, struct user_id user, struct child *out)
{
    struct query q = query_on(db, "SELECT " CHILD_COLUMNS CHILD_FROM "WHERE c.user_id = $1");

    query_int(&q, user.v);
    if (query_row(&q))
        read_child(&q, out);
    return query_end_found(&q);
}

enum err child_save(struct db *db, const struct child *c, int64_t now_ms, struct user_id by,
                    struct child_id *out)
{
    struct query q;
    struct child_id id = c->id;
    enum err e;

    if (c->id.v == 0) {
        q = query_on(db, "INSERT INTO child (user_id, centre, org_school, grade, register_no, "
                         "birth_date, created_ms, created_by) "
                         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id");
        query_int(&q, c->user.v);
        query_int(&q, c->centre.v);
        query_int(&q, c->school.v);
        query_int(&q, c->grade);
        query_text(&q, c->register_no);
        query_text(&q, c->birth_date[0] ? c->birth_date : NULL);
        query_int(&q, now_ms);
        query_id_or_null(&q, by.v);
    } else {
        q = query_on(db, "UPDATE child SET org_school = $2, grade = $3 WHERE id = $1 "
                         "RETURNING id");
        query_int(&q, c->id.v);
        query_int(&q, c->school.v);
        query_int(&q, c->grade);
    }
    if (query_row(&q))
        id.v = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out = id;
    return e;
}

enum err child_list(struct db *db, const struct child_filter *f, struct child_list *out)
{
    struct query q = query_on(
        db, "SELECT " CHILD_COLUMNS CHILD_FROM "WHERE ($1 = 0 OR c.centre = $1) "
            "AND ($2 = 0 OR c.org_school = $2) "
            "AND ($3 = 0 OR EXISTS (SELECT 1 FROM guardian_link g WHERE g.child = c.id "
            "AND g.user_id = $3 AND g.from_ms <= $5 AND (g.to_ms IS NULL OR g.to_ms > $5))) "
            "AND ($4 = 0 OR EXISTS (SELECT 1 FROM assignment a JOIN mentor m ON m.id = a.mentor "
            "WHERE a.child = c.id AND m.user_id = $4 AND a.from_ms <= $5 "
            "AND (a.to_ms IS NULL OR a.to_ms > $5))) ORDER BY u.name, c.id");
    struct child_list l = { 0 };
    struct child *item;
    enum err e;

    query_int(&q, f->centre.v);
    query_int(&q, f->school.v);
    query_int(&q, f->guardian.v);
    query_int(&q, f->mentor.v);
    query_int(&q, f->at_ms);
    while (QUERY_NEXT(&q, &l, item))
        read_child(&q, item);
    e = query_end(&q);
    if (e)
        child_list_free(&l);
    else
        *out = l;
    return e;
}

void child_list_free(struct child_list *l)
{
    mem_free(l->items);
    *l = (struct child_list){ 0 };
}

/* ---- guardians -------------------------------------------------------------------------- */

enum err guardian_add(struct db *db, struct user_id guardian, struct child_id child,
                      const char *rights, int64_t from_ms, struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO guardian_link (user_id, child, rights, from_ms, "
                                  "created_ms, created_by) VALUES ($1, $2, $3, $4, $4, $5) "
                                  "RETURNING id");

    query_int(&q, guardian.v);
    query_int(&q, child.v);
    query_text(&q, rights);
    query_int(&q, from_ms);
    query_id_or_null(&q, by.v);
    return query_insert(&q, out_id);
}

enum err guardian_end(struct db *db, struct user_id guardian, struct child_id child, int64_t at_ms)
{
    struct query q = query_on(db, "UPDATE guardian_link SET to_ms = "
                                  "CASE WHEN from_ms > $3 THEN from_ms ELSE $3 END "
                                  "WHERE user_id = $1 AND child = $2 "
                                  "AND (to_ms IS NULL OR to_ms > $3) RETURNING id");

    query_int(&q, guardian.v);
    query_int(&q, child.v);
    query_int(&q, at_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err guardian_stands(struct db *db, struct user_id guardian, struct child_id child,
                         int64_t at_ms, bool *out)
{
    struct query q = query_on(db, "SELECT 1 FROM guardian_link WHERE user_id = $1 AND child = $2 "
                                  "AND from_ms <= $3 AND (to_ms IS NULL OR to_ms > $3)");
    bool any;
    enum err e;

    query_int(&q, guardian.v);
    query_int(&q, child.v);
    query_int(&q, at_ms);
    any = query_row(&q);
    e = query_end(&q);
    if (!e)
        *out = any;
    return e;
}

enum err guardian_list(struct db *db, struct child_id child, int64_t at_ms, struct user_list *out)
{
    struct query q = query_on(db, "SELECT DISTINCT user_id FROM guardian_link WHERE child = $1 "
                                  "AND from_ms <= $2 AND (to_ms IS NULL OR to_ms > $2) "
                                  "ORDER BY user_id");
    struct user_list l = { 0 };
    struct user *item;
    enum err e;

    query_int(&q, child.v);
    query_int(&q, at_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        struct user_id id = { row_int(&q) };
        enum err loaded = user_load(db, id, item);

        if (loaded && !q.err)
            q.err = loaded;
    }
    e = query_end(&q);
    if (e)
        user_list_free(&l);
    else
        *out = l;
    return e;
}

/* ---- consents --------------------------------------------------------------------------- */

enum err consent_give(struct db *db, struct child_id child, const char *kind,
                      const char *text_version, struct user_id given_by, int64_t at_ms,
                      int64_t expires_ms)
{
    struct query q = query_on(db, "INSERT INTO consent (child, kind, text_version, given_by, "
                                  "given_ms, expires_ms, created_ms) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, $5)");

    query_int(&q, child.v);
    query_text(&q, kind);
    query_text(&q, text_version);
    query_int(&q, given_by.v);
    query_int(&q, at_ms);
    query_int_or_null(&q, expires_ms, FOREVER_MS);
    return query_run(&q);
}

enum err consent_withdraw(struct db *db, struct child_id child, const char *kind, struct user_id by,
                          int64_t at_ms)
{
    struct query q = query_on(db, "UPDATE consent SET withdrawn_ms = "
                                  "CASE WHEN given_ms > $3 THEN given_ms ELSE $3 END, "
                                  "withdrawn_by = $4 WHERE child = $1 AND kind = $2 "
                                  "AND withdrawn_ms IS NULL RETURNING id");

    query_int(&q, child.v);
    query_text(&q, kind);
    query_int(&q, at_ms);
    query_int(&q, by.v);
    query_row(&q);
    return query_end_found(&q);
}

enum err consent_stands(struct db *db, struct child_id child, const char *kind, int64_t at_ms,
                        bool *out)
{
    struct query q = query_on(db, "SELECT 1 FROM consent WHERE child = $1 AND kind = $2 "
                                  "AND given_ms <= $3 "
                                  "AND (withdrawn_ms IS NULL OR withdrawn_ms > $3) "
                                  "AND (expires_ms IS NULL OR expires_ms > $3)");
    bool any;
    enum err e;

    query_int(&q, child.v);
    query_text(&q, kind);
    query_int(&q, at_ms);
    any = query_row(&q);
    e = query_end(&q);
    if (!e)
        *out = any;
    return e;
}
