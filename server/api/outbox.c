/* SPDX-License-Identifier: Apache-2.0
 *
 * What has been sent, waits, or failed and why. Never the words of a letter,
 * and no link. Desk thread.
 */
#include <string.h>

#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/store/notification.h"

static bool reach(const struct call *c, struct org_id *centre)
{
    struct grant g;
    enum scope s = call_scope(c, RIGHT_OUTBOX_VIEW, &g);

    *centre = s == SCOPE_OWN_CENTRE ? g.org : (struct org_id){ 0 };
    return s == SCOPE_OWN_CENTRE || s == SCOPE_ALL;
}

static enum err row_json(const struct call *c, const struct notification *n, json_t **out)
{
    json_t *to = NULL;
    enum err e = person_or_null(c, n->user, &to);

    if (e)
        return e;
    *out = json_pack("{s:I,s:s,s:o,s:s,s:s,s:i,s:I,s:o,s:o,s:i,s:s}", "id", (json_int_t)n->id,
                     "kind", n->kind, "to", to, "address", n->address, "state", n->state, "tries",
                     n->tries, "created", (json_int_t)n->created_ms, "next",
                     json_time_or_null(n->done_ms ? 0 : n->next_ms, 0), "done",
                     json_time_or_null(n->done_ms, 0), "code", n->code, "detail", n->detail);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err answer_page(struct call *c, const struct notification_list *l, const struct page *p)
{
    json_t *items = json_array();
    enum err e = items ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !e && i < l->n && i < p->limit; i++) {
        json_t *one = NULL;

        e = row_json(c, &l->items[i], &one);
        if (!e)
            e = json_push(items, one);
    }
    if (e) {
        json_decref(items);
        return e;
    }
    return call_answer(
        c, 200,
        json_pack("{s:b,s:o,s:o}", "mails", (int)desk_mails(c->ctx->desk), "items", items, "next",
                  l->n > p->limit ? json_sprintf("%zu", p->first + p->limit) : json_null()));
}

enum err outbox_get(struct call *c)
{
    struct notification_list l = { 0 };
    struct org_id centre;
    struct page p;
    enum json_fault fault = JSON_FAULT_NONE;
    char open[4] = "";
    bool refused = false;
    enum err e;

    if (!reach(c, &centre))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    (void)call_query(c, "open", open, sizeof open, &fault);
    if (fault != JSON_FAULT_NONE || (open[0] && strcmp(open, "1") != 0))
        return call_refuse_query(c, "open", fault ? fault : JSON_FAULT_RANGE);
    e = call_page(c, &p, &refused);
    if (e || refused)
        return e;
    e = notification_list(c->db, centre, open[0] != '\0', p.first, p.limit + 1, &l);
    if (!e)
        e = answer_page(c, &l, &p);
    notification_list_free(&l);
    return e;
}

enum err outbox_again_post(struct call *c)
{
    struct notification n;
    struct org_id centre;
    json_t *json = NULL;
    enum err e;

    if (!reach(c, &centre))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    e = notification_load(c->db, c->id, &n);
    if (!e && centre.v && !org_id_eq(n.centre, centre))
        e = ERR_NOTFOUND;
    if (e)
        return e;
    e = notification_again(c->db, c->id, c->now.unix_ms);
    if (e == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!e)
        e = call_audit(c, "notification.again", "notification", c->id, "", "");
    if (!e)
        e = notification_load(c->db, c->id, &n);
    if (!e)
        e = row_json(c, &n, &json);
    return e ? e : call_answer(c, 200, json);
}
