/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of staff, and a person's sign-ins as the person knows them; see
 * invite.h.
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/store/invite.h"
#include "server/store/login.h"

/* Roles as a comma-separated list, so that a person is one row. */
#define ROLES_OF                                                                                   \
    "(SELECT group_concat(DISTINCT g.role) FROM role_grant g WHERE g.user_id = u.id "              \
    "AND g.from_ms <= $2 AND (g.to_ms IS NULL OR g.to_ms > $2))"

static void read_roles(const char *text, bool roles[ROLE_COUNT])
{
    for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++) {
        const char *name = role_name((enum role)r), *at = strstr(text, name);
        size_t n = strlen(name);

        roles[r] = at && (at == text || at[-1] == ',') && (at[n] == ',' || !at[n]);
    }
}

static void read_line(struct query *q, struct staff_line *l)
{
    char status[16], roles[160];

    *l = (struct staff_line){ 0 };
    l->user.v = row_int(q);
    row_text(q, status, sizeof status);
    row_text(q, l->name, sizeof l->name);
    row_text(q, l->login, sizeof l->login);
    row_text(q, l->address, sizeof l->address);
    row_text(q, roles, sizeof roles);
    l->second = row_bool(q);
    l->seen_ms = row_int(q);
    l->open_logins = (int)row_int(q);
    read_roles(roles, l->roles);
    l->status = strcmp(status, "active") == 0   ? USER_ACTIVE
                : strcmp(status, "locked") == 0 ? USER_LOCKED
                                                : USER_ENDED;
}

enum err staff_lines(struct db *db, struct org_id centre, int64_t now_ms, size_t first,
                     size_t limit, struct staff_lines *out)
{
    struct query q = query_on(
        db,
        "SELECT u.id, u.status, u.name, u.login, m.address, " ROLES_OF ", "
        "EXISTS (SELECT 1 FROM second_step s WHERE s.user_id = u.id "
        "AND s.confirmed_ms IS NOT NULL), "
        "(SELECT max(l.seen_ms) FROM login_session l WHERE l.user_id = u.id), "
        "(SELECT count(*) FROM login_session l WHERE l.user_id = u.id AND l.ended_ms IS NULL "
        "AND l.expires_ms > $2) "
        "FROM \"user\" u LEFT JOIN mail_address m ON m.user_id = u.id "
        "WHERE EXISTS (SELECT 1 FROM role_grant g JOIN org o ON o.id = g.org "
        "WHERE g.user_id = u.id AND g.role IN ('mentor', 'coordinator', 'school_officer', 'admin') "
        "AND ($1 = 0 OR o.id = $1 OR o.parent = $1) AND g.from_ms <= $2 "
        "AND (g.to_ms IS NULL OR g.to_ms > $2)) "
        "ORDER BY u.name, u.id LIMIT $3 OFFSET $4");
    struct staff_lines l = { 0 };
    struct staff_line *item;
    enum err e;

    query_int(&q, centre.v);
    query_int(&q, now_ms);
    query_int(&q, (int64_t)limit);
    query_int(&q, (int64_t)first);
    while (QUERY_NEXT(&q, &l, item))
        read_line(&q, item);
    e = query_end(&q);
    if (e)
        staff_lines_free(&l);
    else
        *out = l;
    return e;
}

void staff_lines_free(struct staff_lines *l)
{
    mem_free(l->items);
    *l = (struct staff_lines){ 0 };
}

/* ---- sign-ins --------------------------------------------------------------------------- */

enum err login_lines(struct db *db, struct user_id user, int64_t now_ms, struct login_lines *out)
{
    struct query q = query_on(db, "SELECT id, created_ms, seen_ms, via, device, net "
                                  "FROM login_session WHERE user_id = $1 AND ended_ms IS NULL "
                                  "AND expires_ms > $2 AND seen_ms > $3 ORDER BY seen_ms DESC, id "
                                  "DESC LIMIT 100");
    struct login_lines l = { 0 };
    struct login_line *item;
    enum err e;

    query_int(&q, user.v);
    query_int(&q, now_ms);
    query_int(&q, now_ms - LOGIN_ABSOLUTE_MS);
    while (QUERY_NEXT(&q, &l, item)) {
        *item = (struct login_line){ 0 };
        item->id = row_int(&q);
        item->created_ms = row_int(&q);
        item->seen_ms = row_int(&q);
        row_text(&q, item->via, sizeof item->via);
        row_text(&q, item->device, sizeof item->device);
        row_text(&q, item->net, sizeof item->net);
    }
    e = query_end(&q);
    if (e)
        login_lines_free(&l);
    else
        *out = l;
    return e;
}

void login_lines_free(struct login_lines *l)
{
    mem_free(l->items);
    *l = (struct login_lines){ 0 };
}

enum err login_describe(struct db *db, int64_t login, const char *device, const char *net)
{
    struct query q = query_on(db, "UPDATE login_session SET device = $2, net = $3 WHERE id = $1");

    query_int(&q, login);
    query_text(&q, device);
    query_text(&q, net);
    return query_run(&q);
}
