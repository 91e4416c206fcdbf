/* SPDX-License-Identifier: Apache-2.0
 *
 * Letters about events: when, and a link; what it is about stands on the page,
 * behind the login. For a child its guardians are written to. Desk thread.
 */
#include <string.h>

#include "common/base/str.h"
#include "server/api/event.h"
#include "server/api/notify.h"
#include "server/store/child.h"
#include "server/store/consent.h"
#include "server/store/notification.h"

static enum err tell_one(struct call *c, const struct event *e, struct user_id user,
                         const char *what, const char *who, int64_t about)
{
    char path[40], key[NOTIFICATION_KEY_MAX + 1];
    struct notify_args said = { path, e->facts.start_ms, what, who };

    if (!str_format(path, sizeof path, "/event/%lld", (long long)e->id) ||
        !str_format(key, sizeof key, "event-%lld-%lld-%s-%lld", (long long)e->id,
                    (long long)e->change, what, (long long)about))
        return ERR_INVAL;
    return notify(c->db, user, NOTIFY_EVENT, key, &said, c->now.unix_ms);
}

static enum err tell_guardians(struct call *c, const struct event *e, const struct event_invite *i,
                               const char *what)
{
    bool asked = strcmp(what, "invited") == 0;
    struct user_list l = { 0 };
    enum err err = guardian_list(c->db, i->child, c->now.unix_ms, &l);

    for (size_t k = 0; !err && k < l.n; k++) {
        bool full = false;

        err = consent_giver(c->db, i->child, l.items[k].id, c->now.unix_ms, &full);
        if (!err && full)
            err = tell_one(c, e, l.items[k].id, asked ? "child" : what, asked ? i->short_name : "",
                           asked ? i->user.v : 0);
    }
    user_list_free(&l);
    return err;
}

enum err event_tell(struct call *c, const struct event *e, const struct event_invite *i,
                    const char *what)
{
    return i->child.v ? tell_guardians(c, e, i, what) : tell_one(c, e, i->user, what, "", 0);
}

enum err event_tell_all(struct call *c, const struct event *e, const char *what)
{
    struct event_invites l = { 0 };
    enum err err = event_invites(c->db, e->id, &l);

    for (size_t i = 0; !err && i < l.n; i++)
        err = event_tell(c, e, &l.items[i], what);
    event_invites_free(&l);
    return err;
}
