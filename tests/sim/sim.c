/* SPDX-License-Identifier: Apache-2.0
 *
 * See sim.h. Time goes from instant to instant: the next step of the script,
 * the next deadline of a room, or the next beat of the clients' pings, and at
 * one instant in that order. A step at x.5 s therefore follows the ping at x.
 */
#include "tests/sim/sim.h"

#include <setjmp.h>
#include <stdarg.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"

#define BEAT_MS (SIG_LIMIT_PING_S * MS_PER_S)
#define BACK_MENTOR_MS (5 * MS_PER_S)
#define BACK_CHILD_MS (10 * MS_PER_S)

struct step {
    int64_t at_ms;
    int order; /* steps of one instant stay in the order they were given */
    int lesson, who;
    enum sim_act act;
};

/* A device of a person. Its connection has the number of its place plus one, times 2^16, plus how
 * often it has connected: never used twice. */
struct client {
    int lesson, who;
    bool wants_in; /* comes back by itself after a restart */
    bool was_in;   /* was connected when the server went down */
    bool alive;    /* pings */
    struct conn_id conn;
    uint64_t times;
    int64_t back_ms; /* 0 = not waiting to come back */
    bool leg_open;
    struct leg_gate gate;
};

struct lesson {
    struct lesson_facts facts;
    struct room *room;
    bool consent_ok[LESSON_CHILDREN_MAX];
    bool may_teach;
    int refusals;
};

struct outage_plan {
    struct outage o;
    bool killed;
};

struct sim {
    struct now now;
    bool up;
    struct lesson lessons[SIM_LESSONS];
    int lessons_n;
    struct step steps[SIM_STEPS];
    int steps_n, steps_done;
    struct client clients[SIM_CLIENTS];
    int clients_n;
    struct sim_row rows[SIM_ROWS];
    int rows_n;
    struct join_try tries[SIM_TRIES];
    int try_lesson[SIM_TRIES];
    int tries_n;
    struct outage_plan plans[SIM_OUTAGES];
    int plans_n, plan_at;
    struct outage outages[SIM_OUTAGES]; /* as the desk wrote them at start */
    int outages_n;
    int64_t alive_ms; /* last seen of anybody when the server died */
    struct presence lent_presences[SIM_ROWS];
    struct join_try lent_tries[SIM_TRIES];
    long messages, open_gates;
};

struct sim *sim_new(int64_t unix_ms)
{
    struct sim *w = mem_zalloc(1, sizeof *w);

    assert_non_null(w);
    w->now = (struct now){ US_PER_S, unix_ms };
    w->up = true;
    return w;
}

void sim_free(struct sim *w)
{
    for (int i = 0; i < w->lessons_n; i++)
        room_free(w->lessons[i].room);
    mem_free(w);
}

struct user_id sim_user(int lesson, int who)
{
    return (struct user_id){ 1000 + lesson * 20 + who };
}

int sim_lesson(struct sim *w, int64_t start_ms, int minutes, int children)
{
    struct lesson *l = &w->lessons[w->lessons_n];

    assert_true(w->lessons_n < SIM_LESSONS);
    l->facts = (struct lesson_facts){
        .id = { w->lessons_n + 1 },
        .state = LESSON_SCHEDULED,
        .published = true,
        .start_ms = start_ms,
        .end_ms = start_ms + minutes * MS_PER_MIN,
        .open_before_ms = 10 * MS_PER_MIN,
        .close_after_ms = 5 * MS_PER_MIN,
        .screen_limit_ms = 25 * MS_PER_MIN,
        .mentor = sim_user(w->lessons_n, WHO_MENTOR),
        .children_n = children,
    };
    for (int i = 0; i < children; i++) {
        l->facts.children[i] = sim_user(w->lessons_n, WHO_CHILD + i);
        l->consent_ok[i] = true;
    }
    l->may_teach = true;
    return w->lessons_n++;
}

const struct lesson_facts *sim_facts(const struct sim *w, int lesson)
{
    return &w->lessons[lesson].facts;
}

void sim_step(struct sim *w, int64_t at_ms, int lesson, int who, enum sim_act act)
{
    assert_true(w->steps_n < SIM_STEPS);
    w->steps[w->steps_n] = (struct step){ at_ms, w->steps_n, lesson, who, act };
    w->steps_n++;
}

void sim_outage(struct sim *w, int64_t down_ms, int64_t up_ms, bool killed)
{
    assert_true(w->plans_n < SIM_OUTAGES);
    w->plans[w->plans_n++] = (struct outage_plan){ { down_ms, up_ms }, killed };
}

/* --- the desk --- */

static struct sim_row *open_row(struct sim *w, int lesson, struct user_id user)
{
    for (int i = 0; i < w->rows_n; i++) {
        struct sim_row *r = &w->rows[i];

        if (r->lesson == lesson && user_id_eq(r->presence.user, user) &&
            r->presence.cause == LEAVE_STILL_IN)
            return r;
    }
    return NULL;
}

/* A row that is closed stays as it is; the leave is kept within [join, now]. */
static void close_row(struct sim *w, struct sim_row *r, int64_t at_ms, enum leave_cause cause)
{
    if (r->presence.cause != LEAVE_STILL_IN)
        return;
    if (at_ms < r->presence.join_ms)
        at_ms = r->presence.join_ms;
    assert_true(at_ms <= w->now.unix_ms);
    r->presence.leave_ms = at_ms;
    r->presence.cause = cause;
}

static void desk_fact(struct sim *w, int lesson, const struct room_fact *f)
{
    struct sim_row *r;

    assert_int_equal(f->lesson.v, w->lessons[lesson].facts.id.v);
    switch (f->kind) {
    case FACT_SEEN:
        r = &w->rows[f->session.v - 1];
        assert_true(r->lesson == lesson && user_id_eq(r->presence.user, f->user));
        if (r->presence.cause == LEAVE_STILL_IN)
            r->seen_ms = r->presence.leave_ms = f->at_ms;
        return;
    case FACT_LEFT:
        r = &w->rows[f->session.v - 1];
        assert_true(r->lesson == lesson && user_id_eq(r->presence.user, f->user));
        close_row(w, r, f->at_ms, f->cause);
        return;
    case FACT_LESSON_STATE:
        assert_true(lesson_state_may_become(w->lessons[lesson].facts.state, f->lesson_state));
        w->lessons[lesson].facts.state = f->lesson_state;
        return;
    case FACT_CHAT:
    case FACT_EVENT:
    case FACT_SCREEN:
    case FACT_LINK:
        return;
    }
    fail();
}

static void log_try(struct sim *w, int lesson, struct user_id user)
{
    assert_true(w->tries_n < SIM_TRIES);
    w->try_lesson[w->tries_n] = lesson;
    w->tries[w->tries_n++] = (struct join_try){ user, w->now.unix_ms };
}

static struct admit_person rights_of(const struct sim *w, int lesson, int who)
{
    const struct lesson *l = &w->lessons[lesson];
    struct admit_person p = { .user = sim_user(lesson, who),
                              .login_valid = true,
                              .active = true,
                              .may_teach = true,
                              .consent_ok = true };

    if (who == WHO_MENTOR) {
        p.seat = SEAT_MENTOR;
        p.may_teach = l->may_teach;
    } else if (who == WHO_GUARDIAN) {
        p.seat = SEAT_GUARDIAN;
    } else if (who == WHO_COORDINATOR) {
        p.seat = SEAT_COORDINATOR;
    } else if (who == WHO_STRANGER) {
        p.seat = SEAT_NONE;
    } else {
        p.seat = SEAT_CHILD;
        p.consent_ok = l->consent_ok[who - WHO_CHILD];
    }
    return p;
}

static int64_t desk_new_row(struct sim *w, int lesson, struct user_id user)
{
    assert_true(w->rows_n < SIM_ROWS);
    w->rows[w->rows_n] = (struct sim_row){
        .lesson = lesson,
        .presence = { user, w->now.unix_ms, w->now.unix_ms, LEAVE_STILL_IN },
        .seen_ms = w->now.unix_ms,
    };
    return ++w->rows_n;
}

/* At start: rows that were open end when they were last seen, and the gap is an outage. */
static void desk_recover(struct sim *w)
{
    int64_t alive_ms = 0;

    for (int i = 0; i < w->rows_n; i++) {
        struct sim_row *r = &w->rows[i];

        if (r->seen_ms > alive_ms)
            alive_ms = r->seen_ms;
        if (r->presence.cause == LEAVE_STILL_IN)
            close_row(w, r, r->seen_ms, LEAVE_SERVER_RESTART);
    }
    w->outages[w->outages_n++] = (struct outage){ alive_ms, w->now.unix_ms };
}

/* --- the net loop and the clients --- */

static struct client *client_by_conn(struct sim *w, struct conn_id conn)
{
    uint64_t place = conn.v >> 16;

    assert_true(place >= 1 && place <= (uint64_t)w->clients_n);
    return &w->clients[place - 1];
}

static void client_disconnected(struct client *c)
{
    c->conn.v = 0;
    c->alive = false;
    c->leg_open = false;
    c->gate = (struct leg_gate){ 0 };
}

/* What a client does with a message: only `closed` changes what it wants. */
static void client_told(struct sim *w, const struct room_effect *e)
{
    struct client *c = client_by_conn(w, e->conn);
    struct sig_server m;
    struct sig_fault fault;

    w->messages++;
    assert_int_equal(sig_server_parse(e->text, e->text_len, &m, &fault), ERR_OK);
    if (m.kind == SIG_SERVER_CLOSED && c->conn.v == e->conn.v &&
        m.u.closed.code != SIG_CLOSE_SERVER_RESTART)
        c->wants_in = false;
    sig_server_free(&m);
}

static void stage_command(struct sim *w, int lesson, const struct media_command *cmd)
{
    struct client *c;

    if (cmd->kind == MEDIA_STAGE_CLOSE) {
        for (int i = 0; i < w->clients_n; i++) {
            if (w->clients[i].lesson == lesson)
                w->clients[i].gate = (struct leg_gate){ 0 };
        }
        return;
    }
    c = client_by_conn(w, (struct conn_id){ cmd->leg.v });
    if (c->conn.v != cmd->leg.v)
        return; /* the close of a leg whose client is already elsewhere */
    c->leg_open = cmd->kind != MEDIA_LEG_CLOSE;
    c->gate = c->leg_open ? cmd->gate : (struct leg_gate){ 0 };
}

/* Nobody's media is open without a mentor that is connected and heard. */
static void check_gates(struct sim *w, int lesson)
{
    struct room_view view;
    bool live;

    if (!w->lessons[lesson].room)
        return;
    room_look(w->lessons[lesson].room, &view);
    live = view.state == SIG_ROOM_STATE_LIVE || view.state == SIG_ROOM_STATE_RESTING;
    for (int i = 0; i < w->clients_n; i++) {
        const struct client *c = &w->clients[i];

        if (c->lesson != lesson || !(c->gate.receive || c->gate.mic || c->gate.camera))
            continue;
        assert_true(live);
        w->open_gates++;
    }
}

/* The loop of production (server/net/drive.h): take out everything, then look at the deadline. */
static void drain(struct sim *w, int lesson)
{
    struct lesson *l = &w->lessons[lesson];
    struct room_effect e;
    bool done = false;

    while (room_poll(l->room, &e)) {
        switch (e.kind) {
        case ROOM_SEND:
            client_told(w, &e);
            break;
        case ROOM_CLOSE: {
            struct client *c = client_by_conn(w, e.conn);

            if (c->conn.v == e.conn.v)
                client_disconnected(c);
            break;
        }
        case ROOM_MEDIA:
            stage_command(w, lesson, e.media);
            break;
        case ROOM_FACT:
            desk_fact(w, lesson, e.fact);
            break;
        case ROOM_DONE:
            done = true;
            break;
        }
    }
    check_gates(w, lesson);
    if (done) {
        room_free(l->room);
        l->room = NULL;
    }
}

static void say(struct sim *w, struct client *c, const struct sig_client *m)
{
    struct lesson *l = &w->lessons[c->lesson];

    if (!w->up || !l->room || !c->conn.v)
        return;
    room_message(l->room, w->now, c->conn, m);
    drain(w, c->lesson);
}

/* A seat asked of the desk, then of the room. False: refused. */
static bool come_in(struct sim *w, struct client *c, bool take_over, bool came_back)
{
    static const struct room_titles titles = { "maths", "lesson", "" };
    struct lesson *l = &w->lessons[c->lesson];
    struct admit_person rights = rights_of(w, c->lesson, c->who);
    struct room_person p = { .admit = rights, .came_back = came_back };
    struct sim_row *old = open_row(w, c->lesson, rights.user);

    if (!w->up)
        return false;
    if (admit(&l->facts, &rights, w->now.unix_ms) != ADMIT_OK) {
        l->refusals++; /* by a rule: proves no failed link, so it is no try */
        return false;
    }
    if (old && !take_over && !came_back)
        return false; /* seat_taken: no failure of anybody */
    if (!l->room)
        assert_int_equal(room_new(&l->room, &l->facts, &titles, w->now), ERR_OK);
    room_returns(l->room, w->now, rights.user);
    drain(w, c->lesson);
    if (old && !came_back)
        close_row(w, old, w->now.unix_ms, LEAVE_TAKEN_OVER);
    else if (old)
        close_row(w, old, old->seen_ms,
                  w->now.unix_ms - old->seen_ms < ROOM_SILENT_MS ? LEAVE_SOCKET_CLOSED
                                                                 : LEAVE_TIMEOUT);
    p.session.v = desk_new_row(w, c->lesson, rights.user);
    assert_true(str_format(p.name, sizeof p.name, "Person %d", c->who));
    assert_true(str_copy(p.animal, sizeof p.animal, "fox"));
    assert_true(str_format(p.resume, sizeof p.resume, "token-%d", w->rows_n));
    c->conn.v = (uint64_t)(c - w->clients + 1) << 16 | ++c->times;
    c->alive = c->wants_in = true;
    c->back_ms = 0;
    room_join(l->room, w->now, c->conn, &p);
    drain(w, c->lesson);
    assert_true(c->conn.v != 0);
    say(w, c, &(struct sig_client){ .kind = SIG_CLIENT_OFFER, .u.offer.sdp = "v=0\r\n" });
    say(w, c,
        &(struct sig_client){ .kind = SIG_CLIENT_STATE,
                              .u.state = { true, c->who < WHO_GUARDIAN, false } });
    return true;
}

/* The device this person uses: the one that wants in, or its last one. */
static struct client *client_of(struct sim *w, int lesson, int who)
{
    struct client *found = NULL;

    for (int i = 0; i < w->clients_n; i++) {
        struct client *c = &w->clients[i];

        if (c->lesson == lesson && c->who == who && (!found || c->wants_in))
            found = c;
    }
    return found;
}

static struct client *client_new(struct sim *w, int lesson, int who)
{
    struct client *c = &w->clients[w->clients_n];

    assert_true(w->clients_n < SIM_CLIENTS);
    w->clients_n++;
    *c = (struct client){ .lesson = lesson, .who = who };
    return c;
}

static void act_come(struct sim *w, const struct step *s)
{
    struct client *c = client_of(w, s->lesson, s->who);
    bool came_back = c && c->wants_in;

    if (!came_back)
        c = client_new(w, s->lesson, s->who);
    assert_true(come_in(w, c, false, came_back));
}

static void act_drop(struct sim *w, struct client *c)
{
    struct conn_id conn = c->conn;

    client_disconnected(c);
    if (!w->up || !w->lessons[c->lesson].room)
        return;
    room_conn_lost(w->lessons[c->lesson].room, w->now, conn);
    drain(w, c->lesson);
}

static void act_rights(struct sim *w, const struct step *s)
{
    struct lesson *l = &w->lessons[s->lesson];
    struct admit_person p;

    if (s->act == ACT_NO_CONSENT)
        l->consent_ok[s->who - WHO_CHILD] = false;
    else
        l->may_teach = false;
    p = rights_of(w, s->lesson, s->who);
    room_person_changed(l->room, w->now, &p);
    drain(w, s->lesson);
}

static void do_step(struct sim *w, const struct step *s)
{
    struct client *c = client_of(w, s->lesson, s->who);
    struct sig_client m = { .kind = SIG_CLIENT_LEAVE, .u.leave.reason = SIG_LEAVE_REASON_LEFT };

    switch (s->act) {
    case ACT_COME:
        act_come(w, s);
        return;
    case ACT_TAKE_OVER:
        assert_false(come_in(w, client_new(w, s->lesson, s->who), false, false)); /* seat taken */
        assert_true(come_in(w, client_new(w, s->lesson, s->who), true, false));
        return;
    case ACT_KNOCK:
        assert_false(come_in(w, client_new(w, s->lesson, s->who), false, false));
        return;
    case ACT_FAIL:
        log_try(w, s->lesson, sim_user(s->lesson, s->who));
        return;
    case ACT_NO_CONSENT:
    case ACT_SUSPEND:
        act_rights(w, s);
        return;
    case ACT_DROP:
        act_drop(w, c);
        return;
    case ACT_SILENCE:
        c->alive = false;
        return;
    case ACT_LEAVE:
        break;
    case ACT_TIRED:
        m.u.leave.reason = SIG_LEAVE_REASON_TIRED;
        break;
    case ACT_REST:
    case ACT_REST_END:
        m = (struct sig_client){ .kind = SIG_CLIENT_REST, .u.rest.on = s->act == ACT_REST };
        break;
    case ACT_END:
        m = (struct sig_client){ .kind = SIG_CLIENT_END };
        break;
    }
    assert_non_null(c);
    if (m.kind == SIG_CLIENT_LEAVE)
        c->wants_in = false;
    say(w, c, &m);
}

/* --- time --- */

static int by_time(const void *a, const void *b)
{
    const struct step *x = a, *y = b;

    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return x->order - y->order;
}

static void server_down(struct sim *w, const struct outage_plan *p)
{
    for (int i = 0; i < w->clients_n; i++)
        w->clients[i].was_in = w->clients[i].conn.v && w->clients[i].wants_in;
    for (int i = 0; i < w->lessons_n; i++) {
        struct lesson *l = &w->lessons[i];

        if (!l->room)
            continue;
        if (!p->killed) {
            room_drain(l->room, w->now);
            drain(w, i);
        }
        room_free(l->room);
        l->room = NULL;
    }
    for (int i = 0; i < w->clients_n; i++) {
        client_disconnected(&w->clients[i]);
    }
    w->up = false;
}

static void server_up(struct sim *w)
{
    w->up = true;
    desk_recover(w);
    for (int i = 0; i < w->clients_n; i++) {
        struct client *c = &w->clients[i];

        if (c->was_in)
            c->back_ms = w->now.unix_ms + (c->who == WHO_MENTOR ? BACK_MENTOR_MS : BACK_CHILD_MS);
    }
}

/* Due moments of the server's life; returns the next one. */
static int64_t server_life(struct sim *w)
{
    struct outage_plan *p = &w->plans[w->plan_at];

    if (w->plan_at >= w->plans_n)
        return INT64_MAX;
    if (w->up && p->o.from_ms <= w->now.unix_ms)
        server_down(w, p);
    if (!w->up && p->o.to_ms <= w->now.unix_ms) {
        server_up(w);
        w->plan_at++;
        return server_life(w);
    }
    return w->up ? p->o.from_ms : p->o.to_ms;
}

static int64_t clients_back(struct sim *w)
{
    int64_t next = INT64_MAX;

    for (int i = 0; i < w->clients_n; i++) {
        struct client *c = &w->clients[i];

        if (c->back_ms && c->back_ms <= w->now.unix_ms) {
            c->back_ms = 0;
            /* The window may have closed meanwhile: then it is refused and gives up. */
            if (!come_in(w, c, false, true))
                c->wants_in = false;
        }
        if (c->back_ms && c->back_ms < next)
            next = c->back_ms;
    }
    return next;
}

static int64_t steps_due(struct sim *w)
{
    while (w->steps_done < w->steps_n && w->steps[w->steps_done].at_ms <= w->now.unix_ms)
        do_step(w, &w->steps[w->steps_done++]);
    return w->steps_done < w->steps_n ? w->steps[w->steps_done].at_ms : INT64_MAX;
}

static int64_t rooms_due(struct sim *w)
{
    int64_t next_us = NEVER_US;

    for (int i = 0; i < w->lessons_n; i++) {
        struct lesson *l = &w->lessons[i];

        if (l->room && room_deadline(l->room) <= w->now.mono_us) {
            room_timeout(l->room, w->now);
            drain(w, i);
        }
        if (l->room)
            next_us = earlier_us(next_us, room_deadline(l->room));
    }
    assert_true(next_us > w->now.mono_us);
    if (next_us == NEVER_US)
        return INT64_MAX;
    return w->now.unix_ms + (next_us - w->now.mono_us + US_PER_MS - 1) / US_PER_MS;
}

static void beat(struct sim *w)
{
    for (int i = 0; i < w->clients_n; i++) {
        struct client *c = &w->clients[i];

        if (!c->alive || !c->conn.v || !w->lessons[c->lesson].room)
            continue;
        room_heard(w->lessons[c->lesson].room, w->now, c->conn);
        drain(w, c->lesson);
    }
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void sim_run(struct sim *w, int64_t until_ms)
{
    qsort(w->steps, (size_t)w->steps_n, sizeof w->steps[0], by_time);
    while (w->now.unix_ms < until_ms) {
        int64_t next = sooner(server_life(w), steps_due(w));

        next = sooner(next, clients_back(w));
        if (w->now.unix_ms % BEAT_MS == 0)
            beat(w);
        next = sooner(next, rooms_due(w));
        next = sooner(next, (w->now.unix_ms / BEAT_MS + 1) * BEAT_MS);
        next = sooner(next, until_ms);
        assert_true(next > w->now.unix_ms);
        w->now.mono_us += (next - w->now.unix_ms) * US_PER_MS;
        w->now.unix_ms = next;
    }
}

/* --- results --- */

void sim_attendance(struct sim *w, int lesson, struct attendance_input *out)
{
    const struct lesson_facts *f = &w->lessons[lesson].facts;

    *out = (struct attendance_input){
        .opens_ms = lesson_opens_ms(f),
        .start_ms = f->start_ms,
        .end_ms = f->end_ms,
        .mentor = f->mentor,
        .children = f->children,
        .children_n = (size_t)f->children_n,
        .presences = w->lent_presences,
        .tries = w->lent_tries,
        .outages = w->outages,
        .outages_n = (size_t)w->outages_n,
        .policy = attendance_policy_default(),
    };
    for (int i = 0; i < w->rows_n; i++) {
        if (w->rows[i].lesson == lesson)
            w->lent_presences[out->presences_n++] = w->rows[i].presence;
    }
    for (int i = 0; i < w->tries_n; i++) {
        if (w->try_lesson[i] == lesson)
            w->lent_tries[out->tries_n++] = w->tries[i];
    }
}

int sim_refusals(const struct sim *w, int lesson)
{
    return w->lessons[lesson].refusals;
}

int sim_open_rows(const struct sim *w)
{
    int n = 0;

    for (int i = 0; i < w->rows_n; i++)
        n += w->rows[i].presence.cause == LEAVE_STILL_IN;
    return n;
}

int sim_live_rooms(const struct sim *w)
{
    int n = 0;

    for (int i = 0; i < w->lessons_n; i++)
        n += w->lessons[i].room != NULL;
    return n;
}

long sim_messages(const struct sim *w)
{
    return w->messages;
}

long sim_open_gates(const struct sim *w)
{
    return w->open_gates;
}
