/* SPDX-License-Identifier: Apache-2.0
 *
 * Retention: how long each kind of data is kept, a run's list before anything
 * is emptied, the second person who confirms it, and holds. A list tells
 * numbers; the name behind one is told to whoever may see it elsewhere.
 * Emptying itself is the desk's, in its rounds. Desk thread.
 */
#include <string.h>

#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/store/org.h"
#include "server/store/retention.h"

/* The centre whose data the person may decide about by this right. *refused: answered already. */
static enum err where(struct call *c, enum right right, struct org *centre, bool *refused)
{
    struct grant g;
    enum scope s = call_scope(c, right, &g);

    *refused = s != SCOPE_OWN_CENTRE && s != SCOPE_ALL;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    return s == SCOPE_OWN_CENTRE ? org_load(c->db, g.org, centre) : call_centre(c, centre);
}

/* The run in the path, of that centre; another's is not there. */
static enum err whose(struct call *c, enum right right, struct retention_run *r, bool *refused)
{
    struct org centre;
    enum err e = where(c, right, &centre, refused);

    if (e || *refused)
        return e;
    e = retention_run_load(c->db, c->id, r);
    return e ? e : org_id_eq(r->centre, centre.id) ? ERR_OK : ERR_NOTFOUND;
}

/* May the asker know who this is? Children and families are the coordinators' to know. */
static bool may_name(const struct call *c, enum retention_kind k)
{
    struct grant g;

    if (!retention_of_person(k))
        return false;
    return call_scope(c, k == RETENTION_STAFF ? RIGHT_USER_LIST : RIGHT_CHILD_REGISTER, &g) !=
           SCOPE_NONE;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static enum err counts_json(const struct call *c, int64_t run, json_t **out)
{
    struct retention_counts n;
    json_t *items = json_array();
    enum err e = items ? retention_count(c->db, run, &n) : ERR_NOMEM;

    for (int k = 0; !e && k < RETENTION_KINDS; k++)
        e = json_push(items, json_pack("{s:s,s:I,s:I,s:I,s:I}", "kind",
                                       retention_kind_name((enum retention_kind)k), "due",
                                       (json_int_t)n.due[k], "held", (json_int_t)n.held[k], "done",
                                       (json_int_t)n.done[k], "spared", (json_int_t)n.spared[k]));
    if (e)
        json_decref(items);
    else
        *out = items;
    return e;
}

static enum err run_json(struct call *c, const struct retention_run *r, json_t **out)
{
    json_t *asked = NULL, *confirmed = NULL, *counts = NULL;
    struct retention_policy p;
    enum err e = policy_retention(c->db, r->centre, c->now.unix_ms, &p);
    int64_t good = r->listed_ms + p.confirm_days * MS_PER_DAY;

    if (!e)
        e = person_json(c, r->asked_by, &asked);
    if (!e)
        e = person_or_null(c, r->confirmed_by, &confirmed);
    if (!e)
        e = counts_json(c, r->id, &counts);
    if (!e)
        *out =
            json_pack("{s:I,s:I,s:s,s:b,s:O,s:I,s:o,s:o,s:O,s:o,s:o,s:O}", "id", (json_int_t)r->id,
                      "rev", (json_int_t)r->rev, "state", retention_state_name(r->state), "more",
                      (int)r->more, "asked_by", asked, "asked", (json_int_t)r->asked_ms, "listed",
                      json_time_or_null(r->listed_ms, 0), "good_until",
                      json_time_or_null(r->state == RETENTION_STATE_LISTED ? good : 0, 0),
                      "confirmed_by", confirmed, "confirmed", json_time_or_null(r->confirmed_ms, 0),
                      "ended", json_time_or_null(r->ended_ms, 0), "counts", counts);
    json_decref(asked);
    json_decref(confirmed);
    json_decref(counts);
    return e ? e : *out ? ERR_OK : ERR_NOMEM;
}

static enum err answer_run(struct call *c, int status, int64_t id)
{
    struct retention_run r;
    json_t *json = NULL;
    enum err e = retention_run_load(c->db, id, &r);

    if (!e && !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)r.rev))
        e = ERR_INVAL;
    if (!e)
        e = run_json(c, &r, &json);
    return e ? e : call_answer(c, status, json);
}

/* "legal,case" as a list */
static enum err holds_json(const char *holds, json_t **out)
{
    json_t *items = json_array();
    enum err e = items ? ERR_OK : ERR_NOMEM;

    while (!e && *holds) {
        size_t n = strcspn(holds, ",");

        e = json_push(items, json_stringn(holds, n));
        holds += n + (holds[n] == ',');
    }
    if (e)
        json_decref(items);
    else
        *out = items;
    return e;
}

static enum err item_json(const struct call *c, const struct retention_item *i, json_t **out)
{
    json_t *holds = NULL, *person = NULL;
    enum err e = holds_json(i->holds, &holds);

    if (!e)
        e = person_or_null(
            c, may_name(c, i->kind) ? (struct user_id){ i->item } : (struct user_id){ 0 }, &person);
    if (!e)
        *out =
            json_pack("{s:s,s:I,s:I,s:s,s:O,s:O,s:o}", "kind", retention_kind_name(i->kind), "item",
                      (json_int_t)i->item, "since", (json_int_t)i->since_ms, "state", i->state,
                      "holds", holds, "person", person, "done", json_time_or_null(i->done_ms, 0));
    json_decref(holds);
    json_decref(person);
    return e ? e : *out ? ERR_OK : ERR_NOMEM;
}

static enum err periods_json(const struct call *c, struct org_id centre, json_t **out)
{
    struct retention_policy p;
    struct policy_list rows = { 0 };
    json_t *items = json_array();
    enum err e = items ? policy_retention(c->db, centre, c->now.unix_ms, &p) : ERR_NOMEM;

    if (!e)
        e = policy_list(c->db, centre, c->now.unix_ms, &rows);
    for (int k = 0; !e && k < RETENTION_KINDS; k++) {
        const struct retention_setting *s = retention_setting((enum retention_kind)k);
        const struct policy_row *row = NULL;

        for (size_t i = 0; i < rows.n; i++)
            if (strcmp(rows.items[i].key, s->key) == 0)
                row = &rows.items[i];
        e = json_push(items,
                      json_pack("{s:s,s:I,s:s,s:o}", "kind",
                                retention_kind_name((enum retention_kind)k), "days",
                                (json_int_t)p.days[k], "source", row ? row->source : s->source,
                                "from", json_time_or_null(row ? row->from_ms : 0, 0)));
    }
    policy_list_free(&rows);
    if (e)
        json_decref(items);
    else
        *out = items;
    return e;
}

/* Somebody on hold is named to whoever may see the kind of person it is. */
static enum err ban_json(const struct call *c, const struct retention_ban *b, json_t **out)
{
    struct grant_set theirs;
    json_t *person = NULL, *by = NULL;
    bool staff = false;
    enum err e = grant_list(c->db, b->user, c->now.unix_ms, &theirs);

    for (size_t i = 0; !e && i < theirs.n; i++)
        staff =
            staff || (theirs.items[i].role != ROLE_CHILD && theirs.items[i].role != ROLE_GUARDIAN);
    if (!e)
        e = person_or_null(c,
                           may_name(c, staff ? RETENTION_STAFF : RETENTION_CHILD)
                               ? b->user
                               : (struct user_id){ 0 },
                           &person);
    if (!e)
        e = person_json(c, b->by, &by);
    if (!e)
        *out = json_pack("{s:I,s:I,s:O,s:s,s:O,s:I}", "id", (json_int_t)b->id, "user",
                         (json_int_t)b->user.v, "person", person, "reason", b->reason, "by", by,
                         "since", (json_int_t)b->created_ms);
    json_decref(person);
    json_decref(by);
    return e ? e : *out ? ERR_OK : ERR_NOMEM;
}

static enum err bans_json(const struct call *c, struct org_id centre, json_t **out)
{
    struct retention_bans l = { 0 };
    json_t *items = json_array();
    enum err e = items ? retention_ban_list(c->db, centre, &l) : ERR_NOMEM;

    for (size_t i = 0; !e && i < l.n; i++) {
        json_t *one = NULL;

        e = ban_json(c, &l.items[i], &one);
        if (!e)
            e = json_push(items, one);
    }
    retention_bans_free(&l);
    if (e)
        json_decref(items);
    else
        *out = items;
    return e;
}

/* ---- endpoints ------------------------------------------------------------------------------ */

enum err retention_get(struct call *c)
{
    struct org centre;
    struct retention_run r;
    struct grant g;
    json_t *periods = NULL, *run = NULL, *holds = NULL, *json = NULL;
    bool refused = false, any;
    enum err e = where(c, RIGHT_RETENTION_VIEW, &centre, &refused);

    if (e || refused)
        return e;
    e = retention_run_newest(c->db, centre.id, &r);
    any = e == ERR_OK;
    if (any)
        e = run_json(c, &r, &run);
    else if (e == ERR_NOTFOUND)
        e = ERR_OK;
    if (!e)
        e = periods_json(c, centre.id, &periods);
    if (!e)
        e = bans_json(c, centre.id, &holds);
    if (!e)
        json = json_pack("{s:O,s:O,s:O,s:b,s:b}", "periods", periods, "run",
                         any ? run : json_null(), "holds", holds, "may_ask",
                         (int)(call_scope(c, RIGHT_RETENTION_ASK, &g) != SCOPE_NONE), "may_confirm",
                         (int)(call_scope(c, RIGHT_RETENTION_CONFIRM, &g) != SCOPE_NONE));
    json_decref(periods);
    json_decref(run);
    json_decref(holds);
    return e ? e : call_answer(c, 200, json);
}

enum err retention_run_post(struct call *c)
{
    struct org centre;
    int64_t id = 0;
    bool refused = false;
    enum err e = where(c, RIGHT_RETENTION_ASK, &centre, &refused);

    if (e || refused)
        return e;
    e = retention_run_add(c->db, centre.id, c->now.unix_ms, c->user.id, &id);
    if (e == ERR_STATE)
        return call_refuse_gate(c, "run_open");
    if (!e)
        e = call_audit(c, "retention.ask", "retention_run", id, "", "");
    return e ? e : answer_run(c, 201, id);
}

enum err retention_run_get(struct call *c)
{
    struct retention_run r;
    bool refused = false;
    enum err e = whose(c, RIGHT_RETENTION_VIEW, &r, &refused);

    return e || refused ? e : answer_run(c, 200, r.id);
}

enum err retention_items_get(struct call *c)
{
    struct retention_run r;
    struct retention_items l = { 0 };
    enum retention_kind kind = RETENTION_KINDS;
    enum json_fault fault = JSON_FAULT_NONE;
    char word[32] = "";
    struct page p;
    json_t *items;
    bool refused = false;
    enum err e = whose(c, RIGHT_RETENTION_VIEW, &r, &refused);

    if (e || refused)
        return e;
    if (call_query(c, "kind", word, sizeof word, &fault) && !retention_kind_parse(word, &kind))
        fault = JSON_FAULT_RANGE;
    if (fault != JSON_FAULT_NONE)
        return call_refuse_query(c, "kind", fault);
    e = call_page(c, &p, &refused);
    if (e || refused)
        return e;
    items = json_array();
    e = items ? retention_item_list(c->db, r.id, kind, p.first, p.limit + 1, &l) : ERR_NOMEM;
    for (size_t i = 0; !e && i < l.n && i < p.limit; i++) {
        json_t *one = NULL;

        e = item_json(c, &l.items[i], &one);
        if (!e)
            e = json_push(items, one);
    }
    refused = l.n > p.limit;
    retention_items_free(&l);
    if (e) {
        json_decref(items);
        return e;
    }
    return call_answer(c, 200,
                       json_pack("{s:o,s:o}", "items", items, "next",
                                 refused ? json_sprintf("%zu", p.first + p.limit) : json_null()));
}

enum err retention_confirm_post(struct call *c)
{
    struct retention_run r;
    struct retention_policy p;
    struct retention_counts n;
    struct retention_ask a = { 0 };
    enum retention_answer answer;
    bool refused = false;
    enum err e = whose(c, RIGHT_RETENTION_CONFIRM, &r, &refused);

    if (!e && !refused)
        e = call_match(c, r.rev, &refused);
    if (e || refused)
        return e;
    e = policy_retention(c->db, r.centre, c->now.unix_ms, &p);
    if (!e)
        e = retention_count(c->db, r.id, &n);
    if (e)
        return e;
    a = (struct retention_ask){ r.state, r.asked_by.v, c->user.id.v, r.listed_ms, 0 };
    for (int k = 0; k < RETENTION_KINDS; k++)
        a.due += n.due[k];
    answer = retention_confirm(&p, &a, c->now.unix_ms);
    if (answer == RETENTION_ANSWER_NOT_NOW)
        return call_refuse(c, REFUSE_NOT_NOW);
    if (answer != RETENTION_ANSWER_OK)
        return call_refuse_gate(c, retention_answer_name(answer));
    e = retention_run_confirm(c->db, r.id, c->now.unix_ms, c->user.id);
    if (!e)
        e = call_audit(c, "retention.confirm", "retention_run", r.id, "", "");
    return e ? e : answer_run(c, 200, r.id);
}

enum err retention_withdraw_post(struct call *c)
{
    struct retention_run r;
    bool refused = false;
    enum err e = whose(c, RIGHT_RETENTION_CONFIRM, &r, &refused);

    if (e || refused)
        return e;
    if (!retention_may_withdraw(r.state))
        return call_refuse(c, REFUSE_NOT_NOW);
    e = retention_run_end(c->db, r.id, RETENTION_STATE_WITHDRAWN, c->now.unix_ms);
    if (!e)
        e = call_audit(c, "retention.withdraw", "retention_run", r.id, "", "");
    return e ? e : answer_run(c, 200, r.id);
}

enum err retention_hold_post(struct call *c)
{
    struct retention_ban b = { .by = c->user.id };
    struct org centre;
    const char *reason;
    json_t *json = NULL;
    bool refused = false, ours = false;
    enum err e = where(c, RIGHT_RETENTION_HOLD, &centre, &refused);

    if (e || refused)
        return e;
    b.centre = centre.id;
    b.user.v = body_id(&c->in, "user");
    reason = body_reason(&c->in);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    if (!str_copy(b.reason, sizeof b.reason, reason))
        return ERR_INVAL;
    e = retention_of_centre(c->db, b.user, centre.id, &ours);
    if (!e && !ours)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!e)
        e = retention_ban_add(c->db, &b, c->now.unix_ms, &b.id);
    if (e == ERR_STATE)
        return call_refuse_gate(c, "held_already");
    if (!e)
        e = call_audit(c, "retention.hold", "user", b.user.v, "", "");
    if (!e)
        e = retention_ban_load(c->db, b.id, &b);
    if (!e)
        e = ban_json(c, &b, &json);
    return e ? e : call_answer(c, 201, json);
}

enum err retention_lift_post(struct call *c)
{
    struct retention_ban b;
    struct org centre;
    bool refused = false;
    enum err e = where(c, RIGHT_RETENTION_HOLD, &centre, &refused);

    if (e || refused)
        return e;
    e = retention_ban_load(c->db, c->id, &b);
    if (!e && !org_id_eq(b.centre, centre.id))
        e = ERR_NOTFOUND;
    if (!e && b.lifted)
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!e)
        e = retention_ban_lift(c->db, c->id, c->now.unix_ms, c->user.id);
    if (!e)
        e = call_audit(c, "retention.lift", "user", b.user.v, "", "");
    return e ? e : call_answer(c, 200, json_object());
}
