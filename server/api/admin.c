/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands on the records. Every writing one takes the writing connection, so
 * it is refused while a server runs; looking and copying go beside it.
 */
#include "server/api/admin.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/zone.h"
#include "server/store/migrate.h"
#include "server/sys/clock.h"

#define LINK_VALID_MS MS_PER_DAY

static const struct user_id nobody = { 0 };

/* ---- writing ---------------------------------------------------------------------------- */

/* Opens for writing, in a transaction. */
static enum err open_writer(const char *path, struct db **out)
{
    struct db *db = NULL;
    enum err e = db_open(&db, path, DB_WRITER);

    if (!e)
        e = migrate(db, clock_now().unix_ms);
    if (!e)
        e = db_begin(db);
    if (e)
        db_close(db);
    else
        *out = db;
    return e;
}

static enum err close_writer(struct db *db, enum err e)
{
    if (e)
        db_rollback(db);
    else
        e = db_commit(db);
    db_close(db);
    return e;
}

static bool login_ok(const char *login)
{
    size_t len = strlen(login);

    if (len < 2 || len > USER_LOGIN_MAX)
        return false;
    return strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == len;
}

static enum err find_centre(struct db *db, const struct admin_coordinator *c, int64_t now_ms,
                            struct org_id *out)
{
    struct org o = { .type = ORG_CENTRE };
    enum err e = org_by_code(db, c->centre_code, &o.id);

    if (e == ERR_NOTFOUND) {
        if (!str_copy(o.code, sizeof o.code, c->centre_code) ||
            !str_copy(o.name, sizeof o.name, c->centre_name) || !str_copy(o.tz, sizeof o.tz, c->tz))
            return ERR_INVAL;
        e = org_save(db, &o, now_ms, nobody, &o.id);
    }
    if (!e)
        *out = o.id;
    return e;
}

static enum err give_role(struct db *db, struct user_id user, enum role role, struct org_id org,
                          int64_t now_ms)
{
    struct grant g = {
        .user = user, .role = role, .org = org, .from_ms = now_ms, .to_ms = FOREVER_MS
    };
    int64_t id;
    enum err e = grant_add(db, &g, now_ms, nobody, &id);

    return e ? e : audit_add(db, now_ms, nobody, "grant", "user", user.v, "", role_name(role));
}

enum err admin_create_coordinator(const char *db_path, const struct admin_coordinator *c,
                                  char token[ACCOUNT_TOKEN_CHARS + 1])
{
    struct user u = { .locale = "ru" };
    struct org_id centre;
    struct db *db = NULL;
    int64_t now_ms = clock_now().unix_ms;
    enum err e;

    if (!login_ok(c->login) || !zone_known(c->tz) || !str_name_ok(c->name, 80) ||
        !str_copy(u.name, sizeof u.name, c->name) ||
        !str_copy(u.short_name, sizeof u.short_name, c->name) ||
        !str_copy(u.login, sizeof u.login, c->login) || !str_copy(u.tz, sizeof u.tz, c->tz))
        return ERR_INVAL;
    e = open_writer(db_path, &db);
    if (e)
        return e;
    e = find_centre(db, c, now_ms, &centre);
    if (!e)
        e = user_save(db, &u, now_ms, nobody, &u.id);
    if (!e)
        e = give_role(db, u.id, ROLE_COORDINATOR, centre, now_ms);
    if (!e && c->also_admin)
        e = give_role(db, u.id, ROLE_ADMIN, centre, now_ms);
    if (!e)
        e = account_new_link(db, u.id, LINK_VALID_MS, now_ms, nobody, token);
    return close_writer(db, e);
}

enum err admin_new_link(const char *db_path, const char *login, char token[ACCOUNT_TOKEN_CHARS + 1])
{
    struct user u;
    struct db *db = NULL;
    enum err e = open_writer(db_path, &db);

    if (e)
        return e;
    e = user_by_login(db, login, &u);
    if (!e)
        e = account_new_link(db, u.id, LINK_VALID_MS, clock_now().unix_ms, nobody, token);
    return close_writer(db, e);
}

enum err admin_lock_user(const char *db_path, const char *login, bool lock)
{
    struct user u;
    struct db *db = NULL;
    int64_t now_ms = clock_now().unix_ms;
    enum err e = open_writer(db_path, &db);

    if (e)
        return e;
    e = user_by_login(db, login, &u);
    if (!e)
        e = user_set_status(db, u.id, lock ? USER_LOCKED : USER_ACTIVE, now_ms);
    if (!e)
        e = audit_add(db, now_ms, nobody, lock ? "lock" : "unlock", "user", u.id.v,
                      user_status_name(u.status), lock ? "locked" : "active");
    return close_writer(db, e);
}

/* ---- looking ---------------------------------------------------------------------------- */

static void print_user(FILE *out, const struct user *u, const struct grant_set *g)
{
    fprintf(out, "%" PRId64 "\t%s\t%s\t", u->id.v, u->login[0] ? u->login : "-",
            user_status_name(u->status));
    for (size_t i = 0; i < g->n; i++)
        fprintf(out, "%s%s", i ? "," : "", role_name(g->items[i].role));
    fprintf(out, "%s\t%s\n", g->n ? "" : "-", u->name);
}

enum err admin_list_users(const char *db_path, FILE *out)
{
    struct user_list l = { 0 };
    struct db *db = NULL;
    int64_t now_ms = clock_now().unix_ms;
    enum err e = db_open(&db, db_path, DB_READER);

    if (e)
        return e;
    e = user_list(db, ROLE_NONE, (struct org_id){ 0 }, now_ms, &l);
    for (size_t i = 0; !e && i < l.n; i++) {
        struct grant_set g;

        e = grant_list(db, l.items[i].id, now_ms, &g);
        if (!e)
            print_user(out, &l.items[i], &g);
    }
    user_list_free(&l);
    db_close(db);
    return e;
}

static enum err verify_open(struct db *db, struct verify_result *out)
{
    struct verify_result r = { .database_ok = true };
    enum err e = db_check(db, r.database_fault, sizeof r.database_fault);

    if (e == ERR_DB) {
        r.database_ok = false;
        *out = r; /* a damaged file's chains are not worth walking */
        return ERR_OK;
    }
    if (!e)
        e = db_begin(db); /* one moment of the records, also beside a running server */
    if (e)
        return e;
    e = chain_verify(db, &r.chain);
    if (!e)
        e = chain_head(db, r.head);
    db_rollback(db);
    if (!e)
        *out = r;
    return e;
}

enum err admin_verify(const char *db_path, struct verify_result *out)
{
    struct db *db = NULL;
    enum err e = db_open(&db, db_path, DB_READER);

    if (e == ERR_DB) {
        *out = (struct verify_result){ .database_fault = "not a database" };
        return ERR_OK;
    }
    if (e)
        return e;
    e = verify_open(db, out);
    db_close(db);
    return e;
}

bool verify_clean(const struct verify_result *r)
{
    return r->database_ok && r->chain.bad_kind[0] == '\0';
}

/* By the writer if nobody else is; beside a running server by a reader, which neither writes nor
 * checkpoints (RELIABILITY section 0, point 3). */
static enum err copy_to(const char *db_path, const char *target)
{
    struct db *db = NULL;
    enum err e = access(db_path, R_OK) == 0 ? db_open(&db, db_path, DB_WRITER) : ERR_IO;

    if (e == ERR_AGAIN)
        e = db_open(&db, db_path, DB_READER);
    if (e)
        return e;
    e = db_copy(db, target);
    db_close(db);
    return e;
}

enum err admin_backup(const char *db_path, const char *target, struct verify_result *out)
{
    struct verify_result r;
    enum err e = copy_to(db_path, target);

    if (e)
        return e;
    e = admin_verify(target, &r);
    if (!e && !verify_clean(&r))
        e = ERR_DB;
    if (e)
        (void)unlink(target);
    else
        *out = r;
    return e;
}
