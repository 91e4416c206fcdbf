/* SPDX-License-Identifier: Apache-2.0
 *
 * The principal's order as a document to print and sign. A worker draws it.
 * Desk thread; draw on a worker.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/hiring.h"
#include "server/render/pdf_order.h"

struct drawing {
    char school[ORG_NAME_MAX + 1], centre[ORG_NAME_MAX + 1], mentor[USER_NAME_MAX + 1];
    char number[41], date[11], from[11], to[11], acquainted[11];
    struct printed_order order; /* of the texts above */
    const struct labels *labels;
    struct user_id reader;
    struct pdf pdf; /* owned */
    enum err err;
};

static void drawing_free(void *arg)
{
    struct drawing *d = arg;

    pdf_deinit(&d->pdf);
    mem_free(d);
}

/* Worker thread. */
static void draw(void *arg)
{
    struct drawing *d = arg;

    d->err = pdf_order(&d->order, d->labels, &d->pdf);
}

static enum api_answer refuse_now(struct call *c, enum refusal r, struct desk_reply *reply)
{
    enum err err = call_refuse(c, r);

    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}

static enum api_answer drawn(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    const struct drawing *d = arg;
    enum api_answer answer;
    struct call c;

    if (ctx->session.valid && user_id_eq(ctx->session.user.id, d->reader) && !d->err) {
        api_reply(reply, 200, "application/pdf", (const char *)d->pdf.bytes, d->pdf.len);
        return API_DONE;
    }
    call_init(&c, ctx, &ctx->request->u.http);
    answer = refuse_now(&c, d->err ? REFUSE_INTERNAL : REFUSE_NO_LOGIN, reply);
    call_deinit(&c);
    return answer;
}

static enum err day_text(const struct hiring *h, int64_t ms, char out[11])
{
    struct day_range day;
    enum err err = call_day_at(h->centre.tz, ms, &day);

    if (!err)
        memcpy(out, day.text, sizeof day.text);
    return err;
}

static enum err fill(const struct call *c, const struct hiring *h, const struct employment_order *o,
                     struct drawing *d)
{
    struct org school;
    enum err err = org_load(c->db, o->school, &school);

    if (!err)
        err = day_text(h, o->signed_ms, d->date);
    if (!err)
        err = day_text(h, o->from_ms, d->from);
    if (!err && o->to_ms != TERM_OPEN_MS)
        err = day_text(h, o->to_ms - 1, d->to);
    if (!err && o->acquainted_ms)
        err = day_text(h, o->acquainted_ms, d->acquainted);
    if (!err && (!str_copy(d->school, sizeof d->school, school.name) ||
                 !str_copy(d->centre, sizeof d->centre, h->centre.name) ||
                 !str_copy(d->mentor, sizeof d->mentor, h->mentor.name) ||
                 !str_copy(d->number, sizeof d->number, o->number)))
        err = ERR_DB;
    d->order = (struct printed_order){ .school = d->school,
                                       .centre = d->centre,
                                       .mentor = d->mentor,
                                       .number = d->number,
                                       .date = d->date,
                                       .from = d->from,
                                       .to = d->to,
                                       .rate_percent = o->rate_percent,
                                       .week_minutes = o->week_minutes,
                                       .acquainted = d->acquainted,
                                       .printed_ms = c->now.unix_ms };
    d->labels = labels_for(c->user.locale);
    d->reader = c->user.id;
    return err;
}

/* The order of the application in the path. A school sees its own; to anybody who may not know of
 * it there is none. */
static enum err order_asked(struct call *c, struct hiring *h, struct employment_order *o,
                            bool *refused)
{
    struct application a;
    struct grant g;
    enum err err = application_load(c->db, c->id, &a);

    *refused = err == ERR_NOTFOUND;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = hiring_open(c, RIGHT_HIRING_VIEW, a.mentor, h, refused);
    if (err || *refused)
        return err;
    err = order_of(c->db, a.id, o);
    *refused =
        err == ERR_NOTFOUND || (!err && call_scope(c, RIGHT_HIRING_VIEW, &g) == SCOPE_OWN_SCHOOL &&
                                !org_id_eq(g.org, a.school));
    return *refused ? call_refuse(c, REFUSE_NOT_FOUND) : err;
}

enum api_answer order_pdf_get(struct call *c, struct desk_reply *reply)
{
    struct hiring h;
    struct employment_order o;
    struct drawing *d = NULL;
    bool refused = false;
    enum err err = order_asked(c, &h, &o, &refused);

    if (!err && refused)
        return call_reply(c, reply) ? API_FAILED : API_DONE;
    if (!err) {
        d = mem_zalloc(1, sizeof *d);
        err = d ? fill(c, &h, &o, d) : ERR_NOMEM;
    }
    if (err) {
        mem_free(d);
        return API_FAILED;
    }
    err = api_defer(c->ctx, draw, drawn, d, drawing_free);
    if (err == ERR_AGAIN)
        return refuse_now(c, REFUSE_TOO_MANY, reply);
    return err ? API_FAILED : API_LATER;
}
