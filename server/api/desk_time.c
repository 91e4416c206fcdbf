/* SPDX-License-Identifier: Apache-2.0
 *
 * What is due by time alone: lessons that are over are closed and computed,
 * rights that ran out while somebody is inside are told to the room, the
 * server's own being alive is written down, old rows are swept. Desk thread.
 */
#include "server/api/desk_internal.h"
#include "server/api/intake.h"
#include "server/store/archive.h"
#include "server/store/attendance.h"
#include "server/store/choice.h"
#include "server/store/delivery.h"
#include "server/store/event.h"
#include "server/store/lesson.h"
#include "server/store/referral.h"
#include "server/store/session.h"
#include "server/store/webhook.h"

#define CLOSE_MAX 64                  /* lessons closed per tick */
#define COPIES_MAX 64                 /* copies sent to schools per round */
#define ALIVE_US (5 * US_PER_S)       /* DOMAIN 7 "Crash", while lessons run */
#define ALIVE_IDLE_US (60 * US_PER_S) /* while none does */
#define SWEEP_US (3600 * US_PER_S)
#define FORGOTTEN_MS MS_PER_MIN /* an open row so long after the window: its room has gone */
#define MINUTE_US (60 * US_PER_S)

bool desk_time_due(const struct desk *d)
{
    return d->now.mono_us >= d->next_tick_us;
}

/* A lesson that cannot be computed must not keep the others from it. */
static enum err close_one(struct desk *d, struct lesson_id id)
{
    enum err e = db_savepoint(d->db);

    if (e)
        return e;
    e = attendance_close(d->db, id, d->now.unix_ms);
    if (!e)
        return db_release(d->db);
    db_undo(d->db);
    if (!db_in_transaction(d->db))
        return e;
    if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
        log_error("desk.compute", "lesson=%lld error=%s", (long long)id.v, err_name(e));
    return ERR_OK;
}

static enum err close_lessons(struct desk *d)
{
    struct lesson_id due[CLOSE_MAX];
    int n = 0;
    enum err e = attendance_due(d->db, d->now.unix_ms, due, CLOSE_MAX, &n);

    for (int i = 0; !e && i < n; i++)
        e = close_one(d, due[i]);
    return e;
}

/* One person inside: told to the room if the verdict is bad. By the records the window may have
 * closed earlier than the room knows (a lesson was put behind it, J7), so that is told too. */
static enum err check_one(struct desk *d, struct desk_run *run, const struct session *s,
                          const struct lesson_facts *f)
{
    struct admit_person p;
    enum admit verdict;
    enum err e;

    if (d->now.unix_ms >= lesson_closes_ms(f) + FORGOTTEN_MS) {
        log_warn("desk.forgotten", "session=%lld", (long long)s->id.v);
        return session_leave(d->db, s->id, s->last_seen_ms, LEAVE_WINDOW_END, 0, d->now.unix_ms);
    }
    e = desk_person(d, f, s->user, s->login, &p);
    if (e)
        return e;
    verdict = admit(f, &p, d->now.unix_ms);
    if (verdict != ADMIT_OK) {
        desk_queue_lesson(d, run, s->lesson);
        desk_queue_person(d, run, s->lesson, &p);
    }
    return ERR_OK;
}

/* Everybody inside is asked about again: a grant, a consent, a course may have run out. */
static enum err check_rights(struct desk *d, struct desk_run *run, bool *anybody)
{
    struct session_list open = { 0 };
    struct lesson_facts f = { 0 };
    enum err e = session_list(d->db, (struct lesson_id){ 0 }, &open);

    for (size_t i = 0; !e && i < open.n; i++) {
        if (!lesson_id_eq(f.id, open.items[i].lesson))
            e = lesson_facts_load(d->db, open.items[i].lesson, &f);
        if (!e)
            e = check_one(d, run, &open.items[i], &f);
    }
    *anybody = open.n > 0;
    session_list_free(&open);
    return e;
}

enum err desk_do_time(struct desk *d, struct desk_run *run)
{
    int64_t now = d->now.mono_us;
    bool anybody = false;
    enum err e = close_lessons(d);

    if (!e) {
        e = check_rights(d, run, &anybody);
        /* Somebody came in: the pace changes at once. */
        if (anybody && d->next_alive_us > now + ALIVE_US)
            d->next_alive_us = now + ALIVE_US;
    }
    if (!e && now >= d->next_alive_us) {
        d->next_alive_us = now + (anybody ? ALIVE_US : ALIVE_IDLE_US);
        e = run_alive(d->db, d->boot, d->now.unix_ms);
    }
    if (!e && now >= d->next_hiring_us) {
        d->next_hiring_us = now + MINUTE_US;
        e = desk_do_hiring(d, run);
        if (!e)
            e = desk_do_noshow(d);
        if (!e)
            e = desk_do_reminders(d);
        if (!e)
            e = choice_settle_due(d->db, d->now.unix_ms);
        desk_do_files(d);
    }
    if (!e && now >= d->next_copies_us) {
        int sent = 0;

        d->next_copies_us = now + MINUTE_US;
        e = delivery_send(d->db, d->now.unix_ms, COPIES_MAX, &sent);
    }
    if (!e && now >= d->next_sweep_us) {
        d->next_sweep_us = now + SWEEP_US;
        e = store_sweep(d->db, d->now.unix_ms);
        if (!e)
            e = referral_sweep(d->db, d->now.unix_ms);
        if (!e)
            e = desk_post_sweep(d);
        if (!e)
            e = webhook_sweep(d->db, d->now.unix_ms);
        if (!e)
            e = scan_sweep(d->db, d->files);
        if (!e)
            e = archive_sweep(d->db, d->now.unix_ms);
    }
    if (!e)
        e = desk_do_retention(d);
    if (!e)
        e = desk_do_post(d);
    if (!e)
        e = desk_do_hooks(d);
    if (!e && d->every_minute && now >= d->next_minute_us) {
        d->next_minute_us = now + MINUTE_US;
        e = d->every_minute(d->db, d->now.unix_ms);
    }
    return e;
}
