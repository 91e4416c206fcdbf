/* SPDX-License-Identifier: Apache-2.0
 *
 * The door: who a connection is, and whether a person may take a seat. The
 * verdict is domain/admission's alone; here the facts are gathered, the seat's
 * one-at-a-time rule is kept (J3), the row is written before the answer, and
 * every refusal is logged (J8). Whatever cannot be read is a refusal (T24).
 */
#include <openssl/crypto.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/protocol/protocol.gen.h"
#include "server/api/desk_internal.h"
#include "server/api/second.h"
#include "server/store/lesson.h"
#include "server/store/seat.h"
#include "server/store/session.h"
#include "server/sys/random.h"

/* A seat whose holder was seen this lately was still connected when another device took it over. */
#define FRESH_MS (6 * MS_PER_S)
#define ROOM_PEOPLE (LESSON_CHILDREN_MAX + 1) /* seats of a room, the scheduled people's first */
#define GATHERING_PEOPLE (LESSON_GUESTS_MAX + 1)
#define RESUME_BYTES 32

enum err desk_do_connect(struct desk *d, struct desk_run *run)
{
    struct login login;
    struct user user;
    struct grant_set grants;
    bool owed = false;
    enum err e = account_by_cookie(d->db, run->request->u.connect.cookie, d->now.unix_ms, &login);

    if (!e)
        e = user_load(d->db, login.user, &user);
    if (e == ERR_NOTFOUND || (!e && user.status != USER_ACTIVE)) {
        run->reply->u.connect.ok = false;
        return ERR_OK;
    }
    if (e)
        return e;
    e = grant_list(d->db, user.id, d->now.unix_ms, &grants);
    if (!e)
        e = second_owed(d->db, &login, &grants, d->now.unix_ms, &owed);
    if (e || owed) {
        run->reply->u.connect.ok = false;
        return e;
    }
    run->reply->u.connect.ok = true;
    run->reply->u.connect.user = user.id;
    run->reply->u.connect.login = login.id;
    return str_copy(run->reply->u.connect.name, sizeof run->reply->u.connect.name, user.short_name)
               ? ERR_OK
               : ERR_DB;
}

/* ---- facts ------------------------------------------------------------------------------ */

/* Is the sign-in behind a connection still this person's and alive? */
static enum err login_stands(struct desk *d, int64_t id, struct user_id user, bool inside,
                             bool *out)
{
    struct login l;
    enum err e = login_load(d->db, id, &l);

    *out = false;
    if (e == ERR_NOTFOUND)
        return ERR_OK;
    /* Nobody is cut because of the hour: only an ended sign-in counts against who is inside. */
    if (!e)
        *out = user_id_eq(l.user, user) && (inside ? !l.ended : login_valid(&l, d->now.unix_ms));
    return e;
}

enum err desk_person(struct desk *d, const struct lesson_facts *f, struct user_id user,
                     int64_t login, struct admit_person *out)
{
    struct admit_person p;
    enum err e = seat_facts(d->db, f, user, d->now.unix_ms, &p);

    if (!e)
        e = login_stands(d, login, user, true, &p.login_valid);
    if (!e)
        *out = p;
    return e;
}

/* The scheduled people always find a seat; visitors share what is left. */
static enum err seats_left(struct desk *d, const struct lesson_facts *f, struct admit_person *p)
{
    int visitors = 0;
    enum err e;

    if (p->seat != SEAT_GUARDIAN && p->seat != SEAT_COORDINATOR)
        return ERR_OK;
    e = session_visitors(d->db, f->id, p->user, &visitors);
    p->no_seat_free = visitors >= (f->gathering ? GATHERING_PEOPLE - 1 - f->guests_n
                                                : ROOM_PEOPLE - 1 - f->children_n);
    return e;
}

struct asked {
    const struct desk_admit *a;
    bool known; /* there is such a lesson */
    struct lesson_facts facts;
    struct admit_person person;
    int64_t fifth_ms; /* when the refusal that may be the fifth was */
};

static enum err gather(struct desk *d, struct asked *q)
{
    const struct desk_admit *a = q->a;
    enum err e = lesson_facts_load(d->db, a->lesson, &q->facts);

    q->known = !e;
    q->person.user = a->user;
    if (!e)
        e = seat_facts(d->db, &q->facts, a->user, d->now.unix_ms, &q->person);
    else if (e == ERR_NOTFOUND)
        e = ERR_OK;
    if (!e)
        e = login_stands(d, a->login, a->user, false, &q->person.login_valid);
    if (!e)
        e = join_refusals(d->db, a->user, d->now.unix_ms - MS_PER_MIN, &q->person.refused_in_minute,
                          &q->fifth_ms);
    if (!e && q->known)
        e = seats_left(d, &q->facts, &q->person);
    return e;
}

/* ---- refusing --------------------------------------------------------------------------- */

/* When to try again, for the verdicts that have such a time. */
static enum err retry_at(struct desk *d, const struct asked *q, enum admit verdict, int64_t *out)
{
    struct lesson l;
    enum err e;

    switch (verdict) {
    case ADMIT_TOO_EARLY:
        *out = lesson_opens_ms(&q->facts);
        return ERR_OK;
    case ADMIT_BACK_OFF:
        *out = q->fifth_ms + MS_PER_MIN;
        return ERR_OK;
    case ADMIT_MOVED:
        e = lesson_load(d->db, q->facts.id, &l);
        if (!e && l.moved_to.v)
            e = lesson_load(d->db, l.moved_to, &l);
        if (!e)
            *out = l.facts.start_ms;
        return e;
    default:
        *out = 0;
        return ERR_OK;
    }
}

static enum err refuse(struct desk *d, struct desk_run *run, const struct asked *q,
                       enum admit verdict)
{
    int64_t at_ms = 0;
    enum err e = retry_at(d, q, verdict, &at_ms);

    if (!e)
        e = join_attempt_add(d->db, q->a->lesson, q->known, q->a->user, d->now.unix_ms,
                             admit_name(verdict), q->a->client_hash);
    if (e)
        return e;
    /* Nothing else: "not yours" and "no such lesson" must be the same bytes (T1). */
    run->reply->u.admit.verdict = verdict;
    run->reply->u.admit.at_ms = at_ms;
    return ERR_OK;
}

static enum err refuse_taken(struct desk *d, struct desk_run *run, const struct asked *q)
{
    enum err e = join_attempt_add(d->db, q->a->lesson, true, q->a->user, d->now.unix_ms,
                                  "seat_taken", q->a->client_hash);

    run->reply->u.admit.verdict = ADMIT_OK;
    run->reply->u.admit.seat_taken = true;
    return e;
}

/* ---- seating ---------------------------------------------------------------------------- */

struct seating {
    char conn[SESSION_CONN_MAX + 1];
    char resume[RANDOM_TOKEN_CHARS(RESUME_BYTES) + 1];
    uint8_t resume_hash[SESSION_HASH_BYTES];
    bool came_back;
    int64_t screen_ms;
    struct session_id session;
};

/* Frees the seat of the other device: it was there until now, or until it was last seen. */
static enum err take_over(struct desk *d, const struct session_seat *old, bool came_back)
{
    int64_t unseen_ms = d->now.unix_ms - old->last_seen_ms;
    bool fresh = !came_back && unseen_ms <= FRESH_MS;
    enum leave_cause lost = unseen_ms < SIG_LIMIT_SILENT_MS ? LEAVE_SOCKET_CLOSED : LEAVE_TIMEOUT;

    return session_leave(d->db, old->id, fresh ? d->now.unix_ms : old->last_seen_ms,
                         came_back ? lost : LEAVE_TAKEN_OVER, 0, d->now.unix_ms);
}

/* Sets *taken if the seat is somebody's and stays so; else the seat is this connection's. */
static enum err sit_down(struct desk *d, const struct asked *q, struct seating *s, bool *taken)
{
    struct session_seat old;
    struct session_new fresh = { .lesson = q->a->lesson,
                                 .user = q->a->user,
                                 .seat = q->person.seat,
                                 .login = q->a->login,
                                 .conn = s->conn,
                                 .resume = s->resume_hash,
                                 .join_ms = d->now.unix_ms,
                                 .ip_hash = q->a->client_hash };
    enum err e = session_find_open(d->db, q->a->lesson, q->a->user, &old);

    *taken = false;
    if (e == ERR_NOTFOUND)
        return session_open(d->db, &fresh, &s->session);
    if (e)
        return e;
    if (strcmp(old.conn, s->conn) == 0) { /* the same question twice (F10): the same row */
        s->session = old.id;
        return session_set_resume(d->db, old.id, s->resume_hash);
    }
    if (!s->came_back && !q->a->take_over) {
        *taken = true;
        return ERR_OK;
    }
    e = take_over(d, &old, s->came_back);
    return e ? e : session_open(d->db, &fresh, &s->session);
}

static enum err prepare(struct desk *d, const struct asked *q, struct seating *s)
{
    uint8_t held[SESSION_HASH_BYTES];
    enum err e = random_token(RESUME_BYTES, s->resume, sizeof s->resume);

    if (e)
        return e;
    account_token_hash(s->resume, s->resume_hash);
    account_token_hash(q->a->resume, held);
    if (!str_format(s->conn, sizeof s->conn, "%s:%llu", d->boot, (unsigned long long)q->a->conn))
        return ERR_INVAL;
    return session_last(d->db, q->a->lesson, q->a->user, held, &s->came_back, &s->screen_ms);
}

static enum err tell(struct desk *d, struct desk_run *run, const struct asked *q,
                     const struct seating *s)
{
    struct lesson l;
    struct user u;
    enum err e = lesson_load(d->db, q->a->lesson, &l);

    if (!e)
        e = user_load(d->db, q->a->user, &u);
    if (e)
        return e;
    run->reply->u.admit.verdict = ADMIT_OK;
    run->reply->u.admit.facts = q->facts;
    run->reply->u.admit.person = q->person;
    run->reply->u.admit.person.refused_in_minute = 0;
    run->reply->u.admit.person.no_seat_free = false;
    run->reply->u.admit.session = s->session;
    run->reply->u.admit.came_back = s->came_back;
    run->reply->u.admit.screen_used_ms = s->screen_ms;
#define COPY(field, from)                                                                          \
    str_copy(run->reply->u.admit.field, sizeof run->reply->u.admit.field, from)
    return COPY(name, u.short_name) && COPY(animal, u.animal) && COPY(resume, s->resume) &&
                   COPY(subject, l.subject) && COPY(kind, l.kind) && COPY(title, l.title)
               ? ERR_OK
               : ERR_DB;
#undef COPY
}

enum err desk_do_admit(struct desk *d, struct desk_run *run)
{
    struct asked q = { .a = &run->request->u.admit };
    struct seating s = { .came_back = false };
    enum admit verdict;
    bool taken = false;
    enum err e = gather(d, &q);

    if (e)
        return e;
    verdict = admit(q.known ? &q.facts : NULL, &q.person, d->now.unix_ms);
    if (verdict != ADMIT_OK)
        return refuse(d, run, &q, verdict);
    e = prepare(d, &q, &s);
    if (!e)
        e = sit_down(d, &q, &s, &taken);
    if (!e)
        e = taken ? refuse_taken(d, run, &q) : tell(d, run, &q, &s);
    OPENSSL_cleanse(&s, sizeof s);
    return e;
}
