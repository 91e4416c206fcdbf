/* SPDX-License-Identifier: Apache-2.0
 *
 * The queues behind room_poll: media commands first, then facts, then
 * messages, so that gates are shut before anybody is told why. All bounded.
 * What does not fit is never silently wrong: a message that cannot be queued
 * closes its connection (the client comes back and is told everything), a
 * gate is compared again at the next poll, and a leg that cannot be closed
 * takes the whole stage with it.
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/room/inside.h"

static void text_unref(struct text *t)
{
    if (t && --t->refs == 0)
        mem_free(t);
}

/* The message as text, or NULL (lack of memory, or a value outside its limits). */
static struct text *text_of(const struct sig_server *m)
{
    struct strbuf b;
    struct text *t = NULL;

    strbuf_init(&b);
    if (sig_server_write(m, &b) == ERR_OK)
        t = mem_zalloc(1, sizeof *t + b.len + 1);
    if (t) {
        t->len = b.len;
        memcpy(t->s, b.s, b.len);
    }
    strbuf_deinit(&b);
    return t;
}

static bool wire_push(struct room *r, struct conn_id conn, struct text *text)
{
    size_t max = text ? r->size.wire - r->size.wire_reserve : r->size.wire;

    if (r->wire_n >= max) {
        r->effects_lost++;
        return false;
    }
    r->wire[(r->wire_from + r->wire_n++) % r->size.wire] = (struct wire_item){ conn, text };
    if (text)
        text->refs++;
    return true;
}

void effect_close(struct room *r, struct conn_id conn)
{
    struct member *m = member_by_conn(r, conn);

    if (m && m->closing)
        return;
    if (m)
        m->closing = true;          /* room_settle takes its media and its row */
    (void)wire_push(r, conn, NULL); /* the reserve holds more closes than there are seats */
}

static void send_text(struct room *r, struct conn_id conn, struct text *t)
{
    if (!conn.v)
        return;
    if (!t || !wire_push(r, conn, t))
        effect_close(r, conn);
}

void effect_send(struct room *r, struct conn_id conn, const struct sig_server *m)
{
    struct text *t = text_of(m);

    if (t)
        t->refs++;
    send_text(r, conn, t);
    text_unref(t);
}

void effect_to_receivers(struct room *r, const struct sig_server *m)
{
    struct text *t = text_of(m);

    if (t)
        t->refs++;
    EACH_SEATED(r, to)
    {
        if (to->gate.receive)
            send_text(r, to->conn, t);
    }
    text_unref(t);
}

void effect_broadcast(struct room *r, const struct sig_server *m, const struct member *except)
{
    struct text *t = text_of(m);

    if (t)
        t->refs++;
    EACH_SEATED(r, to)
    {
        if (to != except)
            send_text(r, to->conn, t);
    }
    text_unref(t);
}

static bool fact_precious(enum room_fact_kind k)
{
    return k == FACT_LEFT || k == FACT_LESSON_STATE || k == FACT_CHAT;
}

void effect_fact(struct room *r, const struct room_fact *fact, char *owned_text)
{
    size_t max = fact_precious(fact->kind) ? r->size.facts : r->size.facts - r->size.facts_reserve;
    struct fact_item *item;

    if (r->fact_n >= max) {
        r->effects_lost++;
        mem_free(owned_text);
        return;
    }
    item = &r->fact[(r->fact_from + r->fact_n++) % r->size.facts];
    *item = (struct fact_item){ *fact, owned_text };
    item->fact.lesson = r->facts.id;
    item->fact.text = owned_text;
}

static bool media_closes(const struct media_command *c)
{
    const struct leg_gate *g = &c->gate;

    switch (c->kind) {
    case MEDIA_LEG_OPEN:
    case MEDIA_LEG_VIEW:
    case MEDIA_LEG_KEY:
    case MEDIA_LEG_RATE:
        return false;
    case MEDIA_LEG_GATE:
        return !g->mic && !g->camera && !g->screen && !g->receive;
    case MEDIA_LEG_CLOSE:
    case MEDIA_STAGE_CLOSE:
        break;
    }
    return true;
}

bool effect_media(struct room *r, const struct media_command *command, char *owned_offer)
{
    bool closing = media_closes(command);
    struct media_item *item;

    if (r->media_n >= (closing ? r->size.media : r->size.media - r->size.media_reserve)) {
        r->media_lost = r->media_lost || closing;
        return false;
    }
    item = &r->media[(r->media_from + r->media_n++) % r->size.media];
    *item = (struct media_item){ *command, owned_offer };
    item->command.offer = owned_offer;
    return true;
}

/* Gives back what the last poll lent out. */
static void out_release(struct room *r)
{
    text_unref(r->out_text);
    r->out_text = NULL;
    mem_free(r->out_fact.text);
    r->out_fact.text = NULL;
    mem_free(r->out_media.offer);
    r->out_media.offer = NULL;
}

static bool poll_media(struct room *r, struct room_effect *out)
{
    if (r->media_lost) {
        r->media_lost = false;
        while (r->media_n > 0) {
            mem_free(r->media[r->media_from].offer);
            r->media_from = (r->media_from + 1) % r->size.media;
            r->media_n--;
        }
        EACH_SEATED(r, m)
        {
            m->leg = m->leg == LEG_NONE || m->leg == LEG_HELD ? m->leg : LEG_DEAD;
            effect_close(r, m->conn);
        }
        r->out_media = (struct media_item){ { .kind = MEDIA_STAGE_CLOSE }, NULL };
    } else if (r->media_n > 0) {
        r->out_media = r->media[r->media_from];
        r->media_from = (r->media_from + 1) % r->size.media;
        r->media_n--;
    } else {
        return false;
    }
    *out = (struct room_effect){ .kind = ROOM_MEDIA, .media = &r->out_media.command };
    return true;
}

static bool poll_fact(struct room *r, struct room_effect *out)
{
    if (r->fact_n == 0)
        return false;
    r->out_fact = r->fact[r->fact_from];
    r->fact_from = (r->fact_from + 1) % r->size.facts;
    r->fact_n--;
    *out = (struct room_effect){ .kind = ROOM_FACT, .fact = &r->out_fact.fact };
    return true;
}

static bool poll_wire(struct room *r, struct room_effect *out)
{
    struct wire_item item;

    if (r->wire_n == 0)
        return false;
    item = r->wire[r->wire_from];
    r->wire_from = (r->wire_from + 1) % r->size.wire;
    r->wire_n--;
    r->out_text = item.text;
    *out = (struct room_effect){ .kind = item.text ? ROOM_SEND : ROOM_CLOSE, .conn = item.conn };
    if (item.text) {
        out->text = item.text->s;
        out->text_len = item.text->len;
    }
    return true;
}

bool room_poll(struct room *r, struct room_effect *out)
{
    out_release(r);
    if (poll_media(r, out) || poll_fact(r, out) || poll_wire(r, out))
        return true;
    if (!r->done_due)
        return false;
    r->done_due = false;
    *out = (struct room_effect){ .kind = ROOM_DONE };
    return true;
}

void effects_free(struct room *r)
{
    struct room_effect e;

    r->done_due = false;
    while (room_poll(r, &e))
        ;
    out_release(r);
}
