/* SPDX-License-Identifier: Apache-2.0
 *
 * The school's side of mark sheets: it opens its copy (the read receipt) and
 * acknowledges one or many; the centre sees what is not there yet. Desk thread.
 */
#include "common/base/mem.h"
#include "server/api/endpoints.h"
#include "server/api/month_json.h"
#include "server/api/person.h"
#include "server/api/sheet.h"

#define ACKNOWLEDGE_MAX 100

/* The school's newest copy of the sheet. */
static enum err school_copy(struct call *c, const char *id, struct sheet_view *v,
                            struct delivery *copy, bool *refused)
{
    struct doc_row row;
    bool may = false;
    enum err err = sheet_open(c, id, v, refused);

    if (err || *refused)
        return err;
    err = month_may(c, &v->way.key, RIGHT_REPORT_ACKNOWLEDGE, &may);
    *refused = !err && !may;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (!err)
        err = sheet_sent(c, v, &row, copy);
    *refused = err == ERR_NOTFOUND;
    return *refused ? call_refuse(c, REFUSE_NOT_FOUND) : err;
}

enum err sheet_open_post(struct call *c)
{
    struct sheet_view v;
    struct delivery copy;
    bool refused = false;
    enum err err = school_copy(c, c->word, &v, &copy, &refused);

    if (err || refused)
        return err;
    err = delivery_opened(c->db, copy.id, c->now.unix_ms, c->user.id);
    if (!err && !copy.opened_ms)
        err = call_audit(c, "sheet.open", "delivery", copy.id, "", "");
    return err ? err : sheet_answer_now(c, 200, v.id);
}

/* One of the school's. *refused: answered already. */
static enum err acknowledge(struct call *c, const char *id, struct sheet_view *v, bool *refused)
{
    struct delivery copy;
    enum err err = school_copy(c, id, v, &copy, refused);

    if (err || *refused)
        return err;
    *refused = copy.ack_ms != 0;
    if (*refused)
        return call_refuse_gate(c, sheet_verdict_name(FLOW_MAY_STATE));
    err = delivery_acknowledge(c->db, copy.id, c->now.unix_ms, c->user.id);
    return err ? err : call_audit(c, "sheet.acknowledge", "delivery", copy.id, "", "");
}

enum err sheet_acknowledge_post(struct call *c)
{
    struct sheet_view v;
    bool refused = false;
    enum err err = acknowledge(c, c->word, &v, &refused);

    return err || refused ? err : sheet_answer_now(c, 200, v.id);
}

static enum err acknowledge_one(struct call *c, const char *id, bool *refused)
{
    struct sheet_view v;

    return acknowledge(c, id, &v, refused);
}

enum err sheet_acknowledgements_post(struct call *c)
{
    return call_acknowledge_all(c, "sheets", ACKNOWLEDGE_MAX, acknowledge_one);
}

/* ---- what the schools have not --------------------------------------------------------------- */

static enum err delivery_json(struct call *c, const struct delivery *d, json_t **out)
{
    struct sheet_key key;
    struct sheet_view v;
    json_t *item = NULL;
    enum err err = sheet_key_load(c->db, d->ref.id, &key);

    if (!err)
        err = sheet_of_key(c, &key, &v);
    if (!err)
        err = sheet_item_json(c, &v, &item);
    if (err)
        return err;
    *out = json_pack("{s:o,s:i,s:I,s:o,s:s}", "sheet", item, "version", d->version, "queued",
                     (json_int_t)d->queued_ms, "sent", json_time_or_null(d->sent_ms, 0), "why",
                     d->sent_ms ? "unopened" : "no_officer");
    return *out ? ERR_OK : ERR_NOMEM;
}

enum err sheet_deliveries_get(struct call *c)
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

        if (l.items[i].ref.kind != DOC_SHEET)
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
