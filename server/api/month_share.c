/* SPDX-License-Identifier: Apache-2.0
 *
 * The school's side: it opens its copy (the read receipt), acknowledges one or
 * many; the centre sees what is not there yet. And the wellbeing note, which
 * goes from the mentor to the coordinator beside every report. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/month.h"
#include "server/api/month_json.h"
#include "server/api/owed.h"
#include "server/api/person.h"
#include "server/store/child.h"
#include "server/store/mentor.h"

#define ACKNOWLEDGE_MAX 100

/* The school's newest copy of the report. */
static enum err school_copy(struct call *c, const char *id, struct month *m, struct delivery *copy,
                            bool *refused)
{
    struct doc_row row;
    bool may = false;
    enum err err = month_open(c, id, m, refused);

    if (err || *refused)
        return err;
    err = month_may(c, &m->key, RIGHT_REPORT_ACKNOWLEDGE, &may);
    *refused = !err && !may;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (!err)
        err = month_sent(c, m, &row, copy);
    *refused = err == ERR_NOTFOUND;
    return *refused ? call_refuse(c, REFUSE_NOT_FOUND) : err;
}

enum err report_open_post(struct call *c)
{
    struct month m;
    struct delivery copy;
    bool refused = false;
    enum err err = school_copy(c, c->word, &m, &copy, &refused);

    if (err || refused)
        return err;
    err = delivery_opened(c->db, copy.id, c->now.unix_ms, c->user.id);
    if (!err && !copy.opened_ms)
        err = call_audit(c, "report.open", "delivery", copy.id, "", "");
    return err ? err : month_answer_now(c, 200, &m.key);
}

/* One of the school's. *refused: answered already. */
static enum err acknowledge(struct call *c, const char *id, struct month *m, bool *refused)
{
    struct flow_ask ask = { FLOW_ACKNOWLEDGE, FLOW_BY_SCHOOL, false, false };
    static const struct flow_content whole = { .totals_hold = true };
    struct flow_facts f;
    struct delivery copy;
    enum flow_row next;
    enum flow_verdict v;
    enum err err = school_copy(c, id, m, &copy, refused);

    if (err || *refused)
        return err;
    f = (struct flow_facts){ .row = FLOW_ROW_ACCEPTED, .sent = true };
    v = flow_decide(&f, &whole, &ask, c->now.unix_ms, &next);
    *refused = v != FLOW_MAY_OK || copy.ack_ms;
    if (*refused)
        return call_refuse_gate(c, flow_verdict_name(v == FLOW_MAY_OK ? FLOW_MAY_STATE : v));
    err = delivery_acknowledge(c->db, copy.id, c->now.unix_ms, c->user.id);
    return err ? err : call_audit(c, "report.acknowledge", "delivery", copy.id, "", "");
}

enum err report_acknowledge_post(struct call *c)
{
    struct month m;
    bool refused = false;
    enum err err = acknowledge(c, c->word, &m, &refused);

    return err || refused ? err : month_answer_now(c, 200, &m.key);
}

static enum err acknowledge_one(struct call *c, const char *id, bool *refused)
{
    struct month m;

    return acknowledge(c, id, &m, refused);
}

enum err report_acknowledgements_post(struct call *c)
{
    return call_acknowledge_all(c, "reports", ACKNOWLEDGE_MAX, acknowledge_one);
}

/* ---- what the schools have not --------------------------------------------------------------- */

static enum err delivery_json(const struct call *c, const struct delivery *d, json_t **out)
{
    struct report_key key;
    struct mentor mentor;
    struct child child;
    char id[REPORT_ID_CHARS];
    json_t *school = NULL, *by = NULL, *of = NULL;
    enum err err = report_key_load(c->db, d->ref.id, &key);

    if (!err)
        err = report_id_text(c, &key, id, sizeof id);
    if (!err)
        err = mentor_load(c->db, key.mentor, &mentor);
    if (!err)
        err = child_load(c->db, key.child, &child);
    if (!err)
        err = person_json(c, mentor.user, &by);
    if (!err)
        err = person_json(c, child.user, &of);
    if (!err)
        err = school_json(c, d->to_org, &school);
    if (err) {
        json_decref(by);
        json_decref(of);
        return err;
    }
    *out = json_pack("{s:s,s:i,s:o,s:o,s:o,s:I,s:o,s:s}", "report", id, "version", d->version,
                     "mentor", by, "child", of, "school", school, "queued",
                     (json_int_t)d->queued_ms, "sent", json_time_or_null(d->sent_ms, 0), "why",
                     d->sent_ms ? "unopened" : "no_officer");
    return *out ? ERR_OK : ERR_NOMEM;
}

enum err deliveries_get(struct call *c)
{
    struct delivery_list l = { 0 };
    struct page page;
    struct grant g;
    bool refused = false;
    size_t seen = 0;
    json_t *items;
    enum err err;

    if (call_scope(c, RIGHT_REPORT_DECIDE, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = call_page(c, &page, &refused);
    if (err || refused)
        return err;
    items = json_array();
    err = items ? delivery_list_open(c->db, g.org, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *item = NULL;

        if (l.items[i].ref.kind != DOC_REPORT)
            continue;
        if (seen++ < page.first || json_array_size(items) == page.limit)
            continue;
        err = delivery_json(c, &l.items[i], &item);
        if (!err)
            err = json_push(items, item);
    }
    delivery_list_free(&l);
    if (err) {
        json_decref(items);
        return err;
    }
    return call_answer(
        c, 200,
        json_pack("{s:o,s:o}", "items", items, "next", page_next(page.first + page.limit, seen)));
}

/* ---- how the child is ------------------------------------------------------------------------ */

static enum err wellbeing_open(struct call *c, enum right right, struct month *m,
                               struct wellbeing_note *note, bool *refused)
{
    bool may = false;
    enum err err = month_open(c, c->word, m, refused);

    if (err || *refused)
        return err;
    err = month_may(c, &m->key, right, &may);
    *refused = !err && !may;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    return err ? err : wellbeing_load(c->db, &m->key, note);
}

static enum err wellbeing_answer(struct call *c, const struct wellbeing_note *n)
{
    enum err err = call_answer(c, 200,
                               json_pack("{s:o,s:o}", "text", json_text_or_null(n->text), "at",
                                         json_time_or_null(n->at_ms, 0)));

    if (!err && !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)n->rev))
        err = ERR_INVAL;
    return err;
}

/* Read by POST because each reading by the centre is written down. */
enum err wellbeing_post(struct call *c)
{
    struct wellbeing_note n = { 0 };
    struct month m;
    bool refused = false;
    enum err err = wellbeing_open(c, RIGHT_WELLBEING_VIEW, &m, &n, &refused);

    if (!err && !refused && !m.own)
        err = call_audit(c, "wellbeing.read", "child", m.key.child.v, "", "");
    if (!err && !refused)
        err = wellbeing_answer(c, &n);
    mem_free(n.text);
    return err;
}

enum err wellbeing_put(struct call *c)
{
    struct wellbeing_note n = { 0 };
    struct month m;
    const char *text;
    bool refused = false;
    enum err err = wellbeing_open(c, RIGHT_WELLBEING_EDIT, &m, &n, &refused);

    if (!err && !refused)
        err = call_match(c, n.rev, &refused);
    mem_free(n.text);
    if (err || refused)
        return err;
    text = body_text(&c->in, "text", REPORT_TEXT_MAX, 2000);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = wellbeing_save(c->db, &m.key, text, n.rev, c->now.unix_ms, c->user.id);
    if (err == ERR_STATE)
        return call_refuse(c, REFUSE_STALE);
    if (!err)
        err = call_audit(c, "wellbeing.write", "child", m.key.child.v, "", "");
    if (!err)
        err = wellbeing_load(c->db, &m.key, &n);
    if (!err)
        err = wellbeing_answer(c, &n);
    mem_free(n.text);
    return err;
}
