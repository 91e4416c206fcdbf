/* SPDX-License-Identifier: Apache-2.0
 *
 * Users and role grants.
 */
#include "server/store/user.h"

#include <string.h>

#include "common/base/mem.h"

static const char *const status_names[] = {
#define X(code, name) [USER_##code] = name,
    USER_STATUS_LIST(X)
#undef X
};

#define STATUSES (sizeof status_names / sizeof status_names[0])

const char *user_status_name(enum user_status s)
{
    return (size_t)s < STATUSES ? status_names[s] : "unknown";
}

#define USER_COLUMNS                                                                               \
    "u.id, u.status, u.pw_hash IS NOT NULL, u.login, u.name, u.short_name, u.animal, u.locale, "   \
    "u.tz"

static void read_user(struct query *q, struct user *u)
{
    char status[16];
    size_t i;

    *u = (struct user){ 0 };
    u->id.v = row_int(q);
    row_text(q, status, sizeof status);
    u->has_password = row_bool(q);
    row_text(q, u->login, sizeof u->login);
    row_text(q, u->name, sizeof u->name);
    row_text(q, u->short_name, sizeof u->short_name);
    row_text(q, u->animal, sizeof u->animal);
    row_text(q, u->locale, sizeof u->locale);
    row_text(q, u->tz, sizeof u->tz);
    for (i = 0; i < STATUSES && strcmp(status, status_names[i]) != 0; i++)
        ;
    if (i == STATUSES)
        query_blame(q);
    else
        u->status = (enum user_status)i;
}

enum err user_load(struct db *db, struct user_id id, struct user *out)
{
    struct query q = query_on(db, "SELECT " USER_COLUMNS " FROM \"user\" u WHERE u.id = $1");

    query_int(&q, id.v);
    if (query_row(&q))
        read_user(&q, out);
    return query_end_found(&q);
}

enum err user_by_login(struct db *db, const char *login, struct user *out)
{
    struct query q = query_on(db, "SELECT " USER_COLUMNS " FROM \"user\" u WHERE u.login = $1");

    query_text(&q, login);
    if (query_row(&q))
        read_user(&q, out);
    return query_end_found(&q);
}

static void bind_profile(struct query *q, const struct user *u)
{
    query_text(q, u->login[0] ? u->login : NULL);
    query_text(q, u->name);
    query_text(q, u->short_name[0] ? u->short_name : u->name);
    query_text(q, u->animal);
    query_text(q, u->locale[0] ? u->locale : "ru");
    query_text(q, u->tz);
}

enum err user_save(struct db *db, const struct user *u, int64_t now_ms, struct user_id by,
                   struct user_id *out)
{
    struct query q;
    struct user_id id = u->id;
    enum err e;

    if (u->id.v == 0) {
        q = query_on(db, "INSERT INTO \"user\" (login, name, short_name, animal, locale, tz, "
                         "created_ms, created_by) "
                         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id");
        bind_profile(&q, u);
        query_int(&q, now_ms);
        query_id_or_null(&q, by.v);
    } else {
        q = query_on(db, "UPDATE \"user\" SET login = $1, name = $2, short_name = $3, "
                         "animal = $4, locale = $5, tz = $6 WHERE id = $7 RETURNING id");
        bind_profile(&q, u);
        query_int(&q, u->id.v);
    }
    if (query_row(&q))
        id.v = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out = id;
    return e;
}

enum err user_set_status(struct db *db, struct user_id id, enum user_status s, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE \"user\" SET status = $2 WHERE id = $1 RETURNING id");
    enum err e;

    query_int(&q, id.v);
    query_text(&q, user_status_name(s));
    query_row(&q);
    e = query_end_found(&q);
    if (e || s == USER_ACTIVE)
        return e;
    q = query_on(db, "UPDATE login_session SET ended_ms = $2, end_reason = 'status' "
                     "WHERE user_id = $1 AND ended_ms IS NULL");
    query_int(&q, id.v);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err user_password(struct db *db, struct user_id id, char *out, size_t cap)
{
    struct query q = query_on(db, "SELECT pw_hash FROM \"user\" WHERE id = $1");

    query_int(&q, id.v);
    if (query_row(&q))
        row_text(&q, out, cap);
    return query_end_found(&q);
}

enum err user_set_password(struct db *db, struct user_id id, const char *encoded, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE \"user\" SET pw_hash = $2, pw_set_ms = $3 "
                                  "WHERE id = $1 RETURNING id");

    query_int(&q, id.v);
    query_text(&q, encoded);
    query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err user_list(struct db *db, enum role role, struct org_id org, int64_t at_ms,
                   struct user_list *out)
{
    struct query q = query_on(
        db, "SELECT " USER_COLUMNS " FROM \"user\" u WHERE ($1 = 'none' AND $2 = 0) OR EXISTS ("
            "SELECT 1 FROM role_grant g WHERE g.user_id = u.id AND ($1 = 'none' OR g.role = $1) "
            "AND ($2 = 0 OR g.org = $2) AND g.from_ms <= $3 "
            "AND (g.to_ms IS NULL OR g.to_ms > $3)) ORDER BY u.name, u.id");
    struct user_list l = { 0 };
    struct user *item;
    enum err e;

    query_text(&q, role_name(role));
    query_int(&q, org.v);
    query_int(&q, at_ms);
    while (QUERY_NEXT(&q, &l, item))
        read_user(&q, item);
    e = query_end(&q);
    if (e)
        user_list_free(&l);
    else
        *out = l;
    return e;
}

void user_list_free(struct user_list *l)
{
    mem_free(l->items);
    *l = (struct user_list){ 0 };
}

/* ---- grants ----------------------------------------------------------------------------- */

enum err grant_list(struct db *db, struct user_id user, int64_t at_ms, struct grant_set *out)
{
    struct query q = query_on(db, "SELECT id, role, org, from_ms, to_ms FROM role_grant "
                                  "WHERE user_id = $1 AND from_ms <= $2 "
                                  "AND (to_ms IS NULL OR to_ms > $2) ORDER BY id LIMIT $3");
    struct grant_set set = { .n = 0 };
    enum err e;

    query_int(&q, user.v);
    query_int(&q, at_ms);
    query_int(&q, USER_GRANTS_MAX);
    while (set.n < USER_GRANTS_MAX && query_row(&q)) {
        struct grant *g = &set.items[set.n++];
        char role[24];

        g->id = row_int(&q);
        row_text(&q, role, sizeof role);
        g->user = user;
        g->org.v = row_int(&q);
        g->from_ms = row_int(&q);
        g->to_ms = row_int_or(&q, FOREVER_MS);
        if (!role_parse(role, &g->role))
            query_blame(&q);
    }
    e = query_end(&q);
    if (!e)
        *out = set;
    return e;
}

enum err grant_add(struct db *db, const struct grant *g, int64_t now_ms, struct user_id by,
                   int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO role_grant (user_id, role, org, from_ms, to_ms, "
                                  "created_ms, created_by) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id");
    int64_t id = 0;
    enum err e;

    query_int(&q, g->user.v);
    query_text(&q, role_name(g->role));
    query_int(&q, g->org.v);
    query_int(&q, g->from_ms);
    query_int_or_null(&q, g->to_ms, FOREVER_MS);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    if (query_row(&q))
        id = row_int(&q);
    e = query_run(&q);
    if (!e)
        *out_id = id;
    return e;
}

enum err grant_end(struct db *db, int64_t id, int64_t at_ms)
{
    /* A grant that has not begun ends when it begins: an empty period, but its row stays. */
    struct query q = query_on(db, "UPDATE role_grant SET to_ms = "
                                  "CASE WHEN from_ms > $2 THEN from_ms ELSE $2 END "
                                  "WHERE id = $1 AND (to_ms IS NULL OR to_ms > $2) RETURNING id");

    query_int(&q, id);
    query_int(&q, at_ms);
    query_row(&q);
    return query_end_found(&q);
}

bool grant_has(const struct grant_set *s, enum role role, struct org_id org)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->items[i].role == role && (org.v == 0 || org_id_eq(s->items[i].org, org)))
            return true;
    return false;
}
