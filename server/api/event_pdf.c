/* SPDX-License-Identifier: Apache-2.0
 *
 * Agenda and minutes of an event to print, in the reader's language. Names of
 * who came stand on the copy of those who keep the event or write its minutes.
 * A worker draws. Desk thread; draw on a worker.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/event.h"
#include "server/render/format.h"
#include "server/render/pdf_event.h"

struct drawing {
    struct event event;
    struct org centre;
    struct user chair, secretary;
    struct event_agenda agenda;
    char who[EVENT_ITEMS_MAX][USER_NAME_MAX + 1];
    struct printed_item items[EVENT_ITEMS_MAX];
    char *text, *there, *away;        /* owned */
    struct event_decisions decisions; /* owned */
    struct event_addenda addenda;     /* owned */
    char (*names)[USER_NAME_MAX + 1]; /* owned: of decisions, then of addenda */
    char (*days)[FORMAT_MAX];         /* owned: of addenda */
    struct printed_decision *lines;   /* owned: decisions, then addenda */
    struct printed_event printed;     /* of all above */
    const struct labels *labels;
    struct user_id reader;
    struct pdf pdf; /* owned */
    enum err err;
};

static void drawing_free(void *arg)
{
    struct drawing *d = arg;

    if (!d)
        return;
    pdf_deinit(&d->pdf);
    event_decisions_free(&d->decisions);
    event_addenda_free(&d->addenda);
    mem_free(d->text);
    mem_free(d->there);
    mem_free(d->away);
    mem_free(d->names);
    mem_free(d->days);
    mem_free(d->lines);
    mem_free(d);
}

/* Worker thread. */
static void draw(void *arg)
{
    struct drawing *d = arg;

    d->err = pdf_event(&d->printed, d->labels, &d->pdf);
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

/* ---- filling ------------------------------------------------------------------------------ */

static enum err name_of(const struct call *c, struct user_id id, const char *other,
                        char out[USER_NAME_MAX + 1])
{
    struct user u;
    enum err err = id.v ? user_load(c->db, id, &u) : ERR_OK;

    if (err)
        return err;
    return str_copy(out, USER_NAME_MAX + 1, id.v ? u.name : other) ? ERR_OK : ERR_DB;
}

static enum err fill_agenda(const struct call *c, struct drawing *d)
{
    enum err err = event_agenda_load(c->db, d->event.id, &d->agenda);

    for (int i = 0; !err && i < d->agenda.n; i++) {
        const struct event_item *item = &d->agenda.items[i];

        err = name_of(c, item->speaker, item->speaker_name, d->who[i]);
        d->items[i] = (struct printed_item){ item->title, d->who[i], item->minutes };
    }
    d->printed.items = d->items;
    d->printed.items_n = d->agenda.n;
    return err;
}

/* Adults by name, a child by its given name. */
static void add_name(struct strbuf *b, const struct event_invite *i)
{
    strbuf_printf(b, "%s%s", b->len ? ", " : "", i->seat.child ? i->short_name : i->name);
}

static enum err fill_people(const struct call *c, const struct event_asked *a, struct drawing *d)
{
    bool named = event_may(c, a, RIGHT_EVENT_WRITE);
    struct event_invites l = { 0 };
    struct event_counts n;
    struct strbuf there, away;
    enum err err = event_invites(c->db, d->event.id, &l);

    strbuf_init(&there);
    strbuf_init(&away);
    for (size_t i = 0; named && i < l.n; i++) {
        enum event_mark m = l.items[i].mark;

        if (m != EVENT_MARK_NONE)
            add_name(m == EVENT_MARK_ABSENT ? &away : &there, &l.items[i]);
    }
    n = event_count(&l);
    event_invites_free(&l);
    d->printed.there = n.present + n.late;
    d->printed.invited = n.invited;
    d->printed.needed = event_needed(&d->event, &n, &a->policy);
    d->printed.holds = n.adults_there >= d->printed.needed;
    if (!err)
        err = strbuf_ok(&there) && strbuf_ok(&away) ? ERR_OK : ERR_NOMEM;
    if (!err && there.len)
        err = strbuf_take(&there, &d->there);
    if (!err && away.len)
        err = strbuf_take(&away, &d->away);
    strbuf_deinit(&there);
    strbuf_deinit(&away);
    return err;
}

static enum err fill_lines(const struct call *c, struct drawing *d)
{
    size_t n = d->decisions.n, all = n + d->addenda.n;
    enum err err = ERR_OK;

    d->names = mem_zalloc(all + 1, sizeof *d->names);
    d->days = mem_zalloc(d->addenda.n + 1, sizeof *d->days);
    d->lines = mem_zalloc(all + 1, sizeof *d->lines);
    if (!d->names || !d->days || !d->lines)
        return ERR_NOMEM;
    for (size_t i = 0; !err && i < n; i++) {
        const struct event_decision *one = &d->decisions.items[i];

        err = name_of(c, one->who, one->who_name, d->names[i]);
        d->lines[i] = (struct printed_decision){ one->text, d->names[i], one->due };
    }
    for (size_t i = 0; !err && i < d->addenda.n; i++) {
        const struct event_addendum *one = &d->addenda.items[i];

        err = name_of(c, one->added_by, "", d->names[n + i]);
        if (!err)
            err = format_date_time(d->days[i], d->event.tz, one->added_ms);
        d->lines[n + i] = (struct printed_decision){ one->text, d->names[n + i], d->days[i] };
    }
    return err;
}

static enum err fill_minutes(const struct call *c, const struct event_asked *a, struct drawing *d)
{
    struct printed_event *p = &d->printed;
    struct event_signatures s = { 0 };
    enum err err = fill_people(c, a, d);

    if (!err)
        err = event_minutes_text(c->db, d->event.id, &d->text);
    if (!err)
        err = event_decisions_load(c->db, d->event.id, &d->decisions);
    if (!err)
        err = event_addenda(c->db, d->event.id, &d->addenda);
    if (!err)
        err = event_signatures(c->db, d->event.id, &s);
    if (!err)
        err = fill_lines(c, d);
    p->names_there = d->there ? d->there : "";
    p->names_away = d->away ? d->away : "";
    p->text = d->text ? d->text : "";
    p->decisions = d->lines;
    p->decisions_n = (int)d->decisions.n;
    p->addenda = d->lines ? d->lines + d->decisions.n : NULL;
    p->addenda_n = (int)d->addenda.n;
    p->chair_ms = s.chair_ms;
    p->secretary_ms = s.secretary_ms;
    return err;
}

static enum err fill(const struct call *c, const struct event_asked *a, bool minutes,
                     struct drawing *d)
{
    enum err err;

    d->event = a->event;
    err = org_load(c->db, d->event.centre, &d->centre);
    if (!err)
        err = user_load(c->db, d->event.chair, &d->chair);
    if (!err)
        err = user_load(c->db, d->event.secretary, &d->secretary);
    d->printed = (struct printed_event){ .of_minutes = minutes,
                                         .kind = d->event.kind,
                                         .state = d->event.facts.minutes,
                                         .cancelled = d->event.facts.cancelled,
                                         .centre = d->centre.name,
                                         .title = d->event.title,
                                         .about = d->event.about,
                                         .place = d->event.place,
                                         .tz = d->event.tz,
                                         .chair = d->chair.name,
                                         .secretary = d->secretary.name,
                                         .start_ms = d->event.facts.start_ms,
                                         .end_ms = d->event.facts.end_ms,
                                         .printed_ms = c->now.unix_ms };
    d->labels = labels_for(c->user.locale);
    d->reader = c->user.id;
    if (!err)
        err = fill_agenda(c, d);
    return err || !minutes ? err : fill_minutes(c, a, d);
}

/* ---- asking ------------------------------------------------------------------------------- */

/* Minutes that are not closed yet are for those who write them. */
static enum err asked(struct call *c, bool minutes, struct event_asked *a, bool *refused)
{
    enum err err = event_ask(c, RIGHT_EVENT_VIEW, a, refused);

    if (err || *refused || !minutes)
        return err;
    *refused = a->event.facts.minutes == EVENT_MINUTES_DRAFT && !event_may(c, a, RIGHT_EVENT_WRITE);
    return *refused ? call_refuse(c, REFUSE_NOT_ALLOWED) : ERR_OK;
}

static enum api_answer print(struct call *c, bool minutes, struct desk_reply *reply)
{
    struct event_asked a = { 0 };
    struct drawing *d = NULL;
    bool refused = false;
    enum err err = asked(c, minutes, &a, &refused);

    if (!err && !refused) {
        d = mem_zalloc(1, sizeof *d);
        err = d ? fill(c, &a, minutes, d) : ERR_NOMEM;
    }
    event_asked_deinit(&a);
    if (!err && refused)
        return call_reply(c, reply) ? API_FAILED : API_DONE;
    if (err) {
        drawing_free(d);
        return API_FAILED;
    }
    err = api_defer(c->ctx, draw, drawn, d, drawing_free);
    if (err == ERR_AGAIN)
        return refuse_now(c, REFUSE_TOO_MANY, reply);
    return err ? API_FAILED : API_LATER;
}

enum api_answer event_agenda_pdf_get(struct call *c, struct desk_reply *reply)
{
    return print(c, false, reply);
}

enum api_answer event_minutes_pdf_get(struct call *c, struct desk_reply *reply)
{
    return print(c, true, reply);
}
