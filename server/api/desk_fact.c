/* SPDX-License-Identifier: Apache-2.0
 *
 * What happened in the rooms, written down; and the memory that keeps it while
 * it cannot be written (F3): the lesson goes on, nothing is lost until that
 * memory is full, and of presence, of which only the newest word matters, one
 * entry per seat is kept. Link measurements are not kept. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/api/desk_internal.h"
#include "server/store/event.h"
#include "server/store/lesson.h"
#include "server/store/session.h"

/* A kept fact that alone is refused so often, the disk being well, will never be written. */
#define KEPT_TRIES 10

/* ---- writing one ------------------------------------------------------------------------ */

enum err desk_do_fact(struct desk *d, const struct desk_fact *f)
{
    switch (f->kind) {
    case DESK_FACT_SEEN:
        return session_seen(d->db, f->session, f->at_ms);
    case DESK_FACT_LEFT:
        return session_leave(d->db, f->session, f->at_ms, f->cause, 0, d->now.unix_ms);
    case DESK_FACT_LESSON_STATE:
        return lesson_set_state(d->db, f->lesson, f->lesson_state, f->at_ms);
    case DESK_FACT_CHAT:
        return chat_add(d->db, f->lesson, f->user, f->text ? f->text : "", f->at_ms);
    case DESK_FACT_EVENT:
        return room_event_add(d->db, f->lesson, f->user, f->event, f->value, f->at_ms);
    case DESK_FACT_SCREEN:
        return session_screen(d->db, f->session, f->value);
    case DESK_FACT_LINK:
        return media_sample_add(d->db, f->session, f->at_ms, f->loss_permille, f->rtt_ms,
                                f->up_kbps, f->down_kbps);
    }
    return ERR_INVAL;
}

/* ---- keeping ---------------------------------------------------------------------------- */

static struct kept_seat *seat_of(struct kept *k, struct session_id session)
{
    struct kept_seat *grown;

    for (size_t i = 0; i < k->seats_n; i++)
        if (session_id_eq(k->seats[i].session, session))
            return &k->seats[i];
    if (k->seats_n == DESK_KEPT_SEATS_MAX)
        return NULL;
    grown = store_grow(k->seats, k->seats_n, sizeof *grown);
    if (!grown)
        return NULL;
    k->seats = grown;
    grown = &k->seats[k->seats_n++];
    *grown = (struct kept_seat){ .session = session };
    return grown;
}

void desk_keep(struct desk *d, struct desk_request *r)
{
    const struct desk_fact *f = &r->u.fact;
    struct kept *k = &d->kept;

    if (f->kind == DESK_FACT_SEEN || f->kind == DESK_FACT_SCREEN) {
        struct kept_seat *s = seat_of(k, f->session);

        if (!s)
            k->lost++;
        else if (f->kind == DESK_FACT_SEEN && f->at_ms > s->seen_ms)
            s->seen_ms = f->at_ms;
        else if (f->kind == DESK_FACT_SCREEN && f->value > s->screen_ms)
            s->screen_ms = f->value;
        desk_request_free(r);
        return;
    }
    if (f->kind == DESK_FACT_LINK || k->n == DESK_KEPT_MAX) {
        k->lost += f->kind != DESK_FACT_LINK;
        desk_request_free(r);
        return;
    }
    r->mail.next = NULL;
    *k->last = &r->mail;
    k->last = &r->mail.next;
    k->n++;
}

static enum err write_seats(struct desk *d)
{
    enum err e = db_begin(d->db);

    for (size_t i = 0; !e && i < d->kept.seats_n; i++) {
        const struct kept_seat *s = &d->kept.seats[i];

        e = session_seen(d->db, s->session, s->seen_ms);
        if (!e)
            e = session_screen(d->db, s->session, s->screen_ms);
    }
    if (!e)
        return db_commit(d->db);
    db_rollback(d->db);
    return e;
}

/* One kept fact in a transaction of its own: a refusal that is about it alone drops it. */
static enum err write_one(struct desk *d, const struct desk_fact *f)
{
    enum err e = db_begin(d->db);

    if (!e)
        e = desk_do_fact(d, f);
    if (!e)
        return db_commit(d->db);
    db_rollback(d->db);
    return e;
}

static bool disk_fault(enum err e)
{
    return e == ERR_IO || e == ERR_AGAIN || e == ERR_NOMEM;
}

bool desk_write_kept(struct desk *d)
{
    struct kept *k = &d->kept;
    size_t n = k->n;

    if (k->seats_n > 0 && write_seats(d) != ERR_OK)
        return false;
    mem_free(k->seats);
    k->seats = NULL;
    k->seats_n = 0;
    while (k->first) {
        struct desk_request *r = (struct desk_request *)k->first;
        enum err e = write_one(d, &r->u.fact);

        if (disk_fault(e) || (e == ERR_DB && r->tag++ < KEPT_TRIES))
            return false;
        if (e) {
            k->lost++;
            log_error("desk.fact", "kind=%d error=%s lost=1", (int)r->u.fact.kind, err_name(e));
        }
        k->first = r->mail.next;
        if (!k->first)
            k->last = &k->first;
        k->n--;
        desk_request_free(r);
    }
    log_info("desk.kept", "written=%zu lost=%zu", n, k->lost);
    return true;
}

void desk_kept_deinit(struct desk *d)
{
    while (d->kept.first) {
        struct desk_request *r = (struct desk_request *)d->kept.first;

        d->kept.first = r->mail.next;
        desk_request_free(r);
    }
    mem_free(d->kept.seats);
}
