/* SPDX-License-Identifier: Apache-2.0
 *
 * Once a minute: a side that has not come to a lesson that is on is told to
 * the coordinators of its centre by mail, once a lesson and side. The live
 * board shows the same from the same minute on. Desk thread.
 */
#include "common/base/str.h"
#include "server/api/desk_internal.h"
#include "server/api/notify.h"
#include "server/store/noshow.h"
#include "server/store/user.h"

/* The one who is missing, by the name that a letter may say: a child's given name alone. */
static enum err tell_all(struct desk *d, const struct noshow_lesson *l, enum noshow who)
{
    struct user_list to = { 0 };
    struct user missing = { 0 };
    struct notify_args said = { .path = "/", .when_ms = l->facts.start_ms };
    char key[48];
    enum err e = user_load(d->db, who == NOSHOW_MENTOR ? l->mentor : l->child, &missing);

    said.what = noshow_name(who);
    said.who = who == NOSHOW_MENTOR ? missing.name : missing.short_name;
    if (!e && !str_format(key, sizeof key, "%lld:%s", (long long)l->lesson.v, said.what))
        e = ERR_INVAL;
    if (!e)
        e = user_list(d->db, ROLE_COORDINATOR, l->centre, d->now.unix_ms, &to);
    for (size_t i = 0; !e && i < to.n; i++)
        e = notify(d->db, to.items[i].id, NOTIFY_NO_SHOW, key, &said, d->now.unix_ms);
    user_list_free(&to);
    return e;
}

static enum err look(struct desk *d, const struct noshow_lesson *l)
{
    struct noshow_policy p;
    enum err e = policy_noshow(d->db, l->centre, d->now.unix_ms, &p);
    enum noshow who = e ? NOSHOW_NOBODY : noshow_now(&l->facts, &p, d->now.unix_ms);

    return e || who == NOSHOW_NOBODY ? e : tell_all(d, l, who);
}

/* In a savepoint of its own: a row that cannot be read here keeps no lesson from being closed. */
enum err desk_do_noshow(struct desk *d)
{
    struct noshow_lessons l = { 0 };
    enum err e = db_savepoint(d->db);

    if (e)
        return e;
    e = noshow_lessons(d->db, d->now.unix_ms, &l);
    for (size_t i = 0; !e && i < l.n; i++)
        e = look(d, &l.items[i]);
    noshow_lessons_free(&l);
    if (!e)
        return db_release(d->db);
    db_undo(d->db);
    if (!db_in_transaction(d->db))
        return e;
    if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
        log_error("desk.noshow", "error=%s", err_name(e));
    return ERR_OK;
}
