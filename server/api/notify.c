/* SPDX-License-Identifier: Apache-2.0
 *
 * Into the queue; see notify.h. Desk thread.
 */
#include "server/api/notify.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/store/notification.h"
#include "server/store/user.h"

struct seal_place notify_place(int64_t id)
{
    return (struct seal_place){ .table = "notification", .column = "sealed", .row = id };
}

enum err notify_centre(struct db *db, struct user_id user, int64_t now_ms, struct org *out)
{
    struct grant_set grants;
    enum err e = grant_list(db, user, now_ms, &grants);

    for (size_t i = 0; !e && i < grants.n; i++) {
        struct org o;

        e = org_load(db, grants.items[i].org, &o);
        if (!e && o.type != ORG_CENTRE && o.parent.v)
            e = org_load(db, o.parent, &o);
        if (!e && o.type == ORG_CENTRE) {
            *out = o;
            return ERR_OK;
        }
    }
    return e ? e : ERR_NOTFOUND;
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

static enum err write_args(struct notification *n, const struct notify_args *a)
{
    json_t *json =
        json_pack("{s:s,s:I,s:s,s:s}", "path", or_empty(a->path), "when", (json_int_t)a->when_ms,
                  "what", or_empty(a->what), "who", or_empty(a->who));
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    enum err e = ERR_NOMEM;

    if (text)
        e = str_copy(n->args, sizeof n->args, text) ? ERR_OK : ERR_INVAL;
    free(text);
    json_decref(json);
    return e;
}

static enum err fill(struct notification *n, enum notify_kind kind, const char *key,
                     const struct notify_args *args)
{
    if (!str_copy(n->kind, sizeof n->kind, notify_name(kind)) ||
        !str_copy(n->key, sizeof n->key, key))
        return ERR_INVAL;
    return write_args(n, args);
}

static enum err add(struct db *db, const struct user *u, enum notify_kind kind, const char *key,
                    const struct notify_args *args, int64_t now_ms)
{
    struct notification *n = mem_zalloc(1, sizeof *n);
    struct notify_policy p;
    struct org centre;
    int64_t id = 0;
    enum err e = n ? notify_centre(db, u->id, now_ms, &centre) : ERR_NOMEM;

    if (!e)
        e = policy_notify(db, centre.id, now_ms, &p);
    if (!e)
        e = fill(n, kind, key, args);
    if (!e) {
        n->centre = centre.id;
        n->user = u->id;
        memcpy(n->locale, u->locale, sizeof n->locale);
        n->next_ms = notify_due_ms(&p, kind, u->tz, now_ms);
        e = notification_add(db, n, now_ms, &id);
    }
    mem_free(n);
    return e == ERR_NOTFOUND ? ERR_OK : e; /* of no centre: of nobody's business */
}

enum err notify(struct db *db, struct user_id user, enum notify_kind kind, const char *key,
                const struct notify_args *args, int64_t now_ms)
{
    char address[MAIL_ADDRESS_MAX + 1];
    struct user u;
    enum err e = user_load(db, user, &u);

    if (!e)
        e = mail_address_of(db, user, address);
    if (e || !address[0] || u.status != USER_ACTIVE)
        return e;
    return add(db, &u, kind, key, args, now_ms);
}

static enum err seal_token(struct db *db, const struct seal_ring *ring, int64_t id,
                           const char *token)
{
    struct seal_place at = notify_place(id);
    uint8_t *sealed = NULL;
    size_t len = 0;
    enum err e = seal_close(ring, &at, token, strlen(token), &sealed, &len);

    if (!e)
        e = notification_seal(db, id, sealed, len);
    mem_free(sealed);
    return e;
}

enum err notify_with_token(struct db *db, const struct seal_ring *ring,
                           const struct notify_secret *s, enum notify_kind kind, const char *key,
                           const struct notify_args *args, int64_t now_ms)
{
    struct notification *n = mem_zalloc(1, sizeof *n);
    int64_t id = 0;
    enum err e = n ? fill(n, kind, key, args) : ERR_NOMEM;

    if (!e && (!str_copy(n->address, sizeof n->address, s->user.v ? "" : s->address) ||
               !str_copy(n->locale, sizeof n->locale, s->locale)))
        e = ERR_INVAL;
    if (!e) {
        n->centre = s->centre;
        n->user = s->user;
        n->next_ms = now_ms;
        e = notification_add(db, n, now_ms, &id);
    }
    if (!e && id)
        e = seal_token(db, ring, id, s->token);
    mem_free(n);
    return e;
}
