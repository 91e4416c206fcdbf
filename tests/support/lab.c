/* SPDX-License-Identifier: Apache-2.0
 *
 * See lab.h.
 */
#include "tests/support/lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"

#define PING_US (SIG_LIMIT_PING_S * US_PER_S)

static void begin(struct lab *g, const struct room_titles *titles)
{
    assert_int_equal(room_new(&g->room, &g->facts, titles, g->now), ERR_OK);
}

void lab_init_group(struct lab *g, int guests)
{
    static const struct room_titles titles = { "maths", "seminar", "Reading aloud" };

    lab_init(g, 0, 0);
    room_free(g->room);
    g->facts.gathering = true;
    g->facts.guests_n = guests;
    g->facts.screen_limit_ms = 0;
    begin(g, &titles);
}

void lab_init(struct lab *g, int children, int64_t from_start_ms)
{
    static const struct room_titles titles = { "maths", "lesson", "" };

    *g = (struct lab){ .now = { 7 * US_PER_S, LAB_START + from_start_ms },
                       .free_of_memory_faults = true };
    g->facts = (struct lesson_facts){
        .id = { 310 },
        .state = LESSON_SCHEDULED,
        .published = true,
        .start_ms = LAB_START,
        .end_ms = LAB_START + LAB_LONG_MS,
        .open_before_ms = 10 * MS_PER_MIN,
        .close_after_ms = 5 * MS_PER_MIN,
        .screen_limit_ms = 20 * MS_PER_MIN,
        .mentor = { LAB_MENTOR },
        .children_n = children,
    };
    for (int i = 0; i < children; i++)
        g->facts.children[i].v = LAB_CHILD + i;
    begin(g, &titles);
}

static void line_free(struct lab_line *l)
{
    sig_server_free(&l->msg);
    mem_free(l->text);
    *l = (struct lab_line){ 0 };
}

void lab_deinit(struct lab *g)
{
    room_free(g->room);
    g->room = NULL;
    for (int i = 0; i < LAB_LOG; i++)
        line_free(&g->log[i]);
}

static enum seat_role seat_of(int64_t user)
{
    if (user == LAB_MENTOR)
        return SEAT_MENTOR;
    if (user >= LAB_GUEST)
        return user < LAB_GUEST + LAB_SPEAKERS ? SEAT_SPEAKER : SEAT_LISTENER;
    if (user >= LAB_COORDINATOR)
        return SEAT_COORDINATOR;
    return user >= LAB_GUARDIAN ? SEAT_GUARDIAN : SEAT_CHILD;
}

struct room_person lab_person(const struct lab *g, int64_t user)
{
    struct room_person p = {
        .admit = { .user = { user },
                   .seat = seat_of(user),
                   .login_valid = true,
                   .active = true,
                   .may_teach = true,
                   .consent_ok = true,
                   .adult = user >= LAB_GUEST },
        .session = { g->rows_n + 1 },
        .login = user,
        .came_back = true,
    };

    assert_true(str_format(p.name, sizeof p.name, "Person %d", (int)user));
    assert_true(str_copy(p.animal, sizeof p.animal, "fox"));
    assert_true(str_format(p.resume, sizeof p.resume, "token-%d", (int)user));
    return p;
}

static struct lab_row *row_by_session(struct lab *g, int64_t session)
{
    assert_in_range(session, 1, g->rows_n);
    return &g->rows[session - 1];
}

static struct lab_conn *conn_at(struct lab *g, uint64_t id)
{
    assert_in_range(id, 1, LAB_CONNS - 1);
    return &g->conns[id];
}

static void take_fact(struct lab *g, const struct room_fact *f)
{
    struct lab_row *row;

    assert_int_equal(f->lesson.v, 310);
    switch (f->kind) {
    case FACT_SEEN:
        row = row_by_session(g, f->session.v);
        assert_int_equal(row->cause, LEAVE_STILL_IN);
        assert_true(f->at_ms >= row->seen_ms);
        row->seen_ms = f->at_ms;
        return;
    case FACT_LEFT:
        row = row_by_session(g, f->session.v);
        assert_int_equal(row->cause, LEAVE_STILL_IN); /* a row is closed once */
        assert_int_equal(row->user, f->user.v);
        assert_true(f->at_ms >= row->join_ms && f->at_ms <= g->now.unix_ms);
        row->cause = f->cause;
        row->left_ms = f->at_ms;
        return;
    case FACT_LESSON_STATE:
        assert_true(lesson_state_may_become(g->facts.state, f->lesson_state));
        g->facts.state = f->lesson_state;
        g->states[g->states_n++ % 64] = f->lesson_state;
        return;
    case FACT_CHAT:
        assert_non_null(f->text);
        g->chats++;
        return;
    case FACT_EVENT:
        assert_true(str_copy(g->events[g->events_n++ % 64], 16, f->event));
        return;
    case FACT_SCREEN:
        row_by_session(g, f->session.v)->screen_ms = f->value;
        return;
    case FACT_LINK:
        g->links++;
        return;
    }
    fail();
}

static void take_media(struct lab *g, const struct media_command *c)
{
    struct lab_conn *k;

    if (c->kind == MEDIA_STAGE_CLOSE) {
        for (int i = 0; i < LAB_CONNS; i++) {
            g->conns[i].leg_open = false;
            g->conns[i].gate = (struct leg_gate){ 0 };
        }
        g->stage_closed = true;
        return;
    }
    k = conn_at(g, leg_conn(c->leg));
    switch (c->kind) {
    case MEDIA_LEG_OPEN:
        assert_false(k->leg_open);              /* one connection, one leg */
        assert_true(c->websocket == !c->offer); /* one or the other */
        if (c->offer)
            assert_int_equal(strlen(c->offer), c->offer_len);
        k->leg_open = true;
        k->leg = c->leg;
        k->media_dead = false;
        k->opened++;
        k->gate = c->gate;
        break;
    case MEDIA_LEG_GATE:
        assert_true(k->leg_open);
        k->gate = c->gate;
        break;
    case MEDIA_LEG_CLOSE:
        k->leg_open = false;
        k->gate = (struct leg_gate){ 0 };
        break;
    case MEDIA_LEG_VIEW:
        assert_true(k->leg_open);
        g->views++;
        g->view = c->view;
        g->view_leg = c->leg.v;
        break;
    case MEDIA_LEG_KEY:
    case MEDIA_LEG_RATE:
    case MEDIA_STAGE_CLOSE:
        break;
    }
}

/* Every message of the room must be one that a strict client accepts. */
static void take_send(struct lab *g, const struct room_effect *e)
{
    struct lab_line *l = &g->log[g->log_n % LAB_LOG];
    struct sig_fault fault;

    assert_true(conn_at(g, e->conn.v)->used);
    g->sent++;
    if (!g->free_of_memory_faults || (g->read_every > 1 && g->sent % g->read_every != 0))
        return;
    line_free(l);
    l->conn = e->conn.v;
    l->text = mem_strndup(e->text, e->text_len);
    assert_non_null(l->text);
    assert_int_equal(sig_server_parse(l->text, e->text_len, &l->msg, &fault), ERR_OK);
    g->log_n++;
}

/* The truth about the mentor, from what the bench did, not from what the room thinks. */
static bool mentor_is_there(const struct lab *g)
{
    for (int i = 1; i < LAB_CONNS; i++) {
        const struct lab_conn *k = &g->conns[i];

        if (k->used && k->seat == SEAT_MENTOR && !k->closed && !k->media_dead && k->heard_us >= 0 &&
            g->now.mono_us - k->heard_us < ROOM_SILENT_MS * US_PER_MS)
            return true;
    }
    return false;
}

static bool gate_any(const struct leg_gate *g)
{
    return g->mic || g->camera || g->screen || g->receive;
}

/* The promises that hold after every input, whatever it was. */
static void check(const struct lab *g)
{
    bool mentor = mentor_is_there(g);

    for (int i = 1; i < LAB_CONNS; i++) {
        const struct lab_conn *k = &g->conns[i];

        for (int other = 1; k->leg_open && other < i; other++)
            assert_false(g->conns[other].leg_open && g->conns[other].user == k->user);
        if (!gate_any(&k->gate))
            continue;
        assert_true(k->leg_open);
        assert_false(k->closed);
        assert_true(mentor); /* nobody's media flows without the mentor */
        if (k->seat != SEAT_MENTOR && k->seat != SEAT_SPEAKER)
            assert_false(k->gate.screen);
        if (k->seat == SEAT_GUARDIAN || k->seat == SEAT_COORDINATOR)
            assert_false(k->gate.camera);
        assert_true(lab_state(g) == SIG_ROOM_STATE_LIVE || lab_state(g) == SIG_ROOM_STATE_RESTING);
    }
}

void lab_drain(struct lab *g)
{
    struct room_effect e;
    int n = 0;

    while (room_poll(g->room, &e)) {
        n++;
        switch (e.kind) {
        case ROOM_SEND:
            take_send(g, &e);
            break;
        case ROOM_CLOSE:
            conn_at(g, e.conn.v)->closed = true;
            conn_at(g, e.conn.v)->alive = false;
            break;
        case ROOM_MEDIA:
            take_media(g, e.media);
            break;
        case ROOM_FACT:
            take_fact(g, e.fact);
            break;
        case ROOM_DONE:
            g->done = true;
            break;
        }
    }
    if (n > g->max_effects)
        g->max_effects = n;
    check(g);
}

uint64_t lab_join_as(struct lab *g, const struct room_person *p)
{
    uint64_t id = 1;

    while (id < LAB_CONNS - 1 && g->conns[id].used)
        id++;
    assert_false(g->conns[id].used);
    assert_true(g->rows_n < LAB_ROWS);
    g->conns[id] = (struct lab_conn){ .used = true,
                                      .alive = true,
                                      .user = p->admit.user.v,
                                      .seat = p->admit.seat,
                                      .heard_us = g->now.mono_us };
    g->rows[g->rows_n++] = (struct lab_row){ .session = p->session.v,
                                             .user = p->admit.user.v,
                                             .join_ms = g->now.unix_ms,
                                             .seen_ms = g->now.unix_ms };
    room_join(g->room, g->now, (struct conn_id){ id }, p);
    lab_drain(g);
    return id;
}

uint64_t lab_join(struct lab *g, int64_t user)
{
    struct room_person p = lab_person(g, user);

    return lab_join_as(g, &p);
}

void lab_say(struct lab *g, uint64_t conn, const char *json)
{
    struct sig_client msg;
    struct sig_fault fault;
    enum err e = sig_client_parse(json, strlen(json), &msg, &fault);

    if (e != ERR_OK && !g->free_of_memory_faults)
        return;
    assert_int_equal(e, ERR_OK);
    conn_at(g, conn)->heard_us = g->now.mono_us;
    room_message(g->room, g->now, (struct conn_id){ conn }, &msg);
    sig_client_free(&msg);
    lab_drain(g);
}

void lab_lose(struct lab *g, uint64_t conn)
{
    conn_at(g, conn)->alive = false;
    conn_at(g, conn)->heard_us = -1;
    room_conn_lost(g->room, g->now, (struct conn_id){ conn });
    lab_drain(g);
}

void lab_media(struct lab *g, uint64_t conn, enum media_event_kind kind)
{
    struct media_event ev = { .kind = kind, .leg = { conn }, .sdp = "v=0\r\n", .sdp_len = 5 };

    if (conn_at(g, conn)->leg.v)
        ev.leg = conn_at(g, conn)->leg;
    ev.why = kind == MEDIA_BAD_FRAME ? "bad_slot" : "no audio";
    ev.source = 1;
    ev.layers = 2;
    ev.rates = (struct media_rates){ .voice = 16000, .camera = 40000 };
    ev.slots_n = 1;
    assert_true(str_copy(ev.slots[0].mid, sizeof ev.slots[0].mid, "3"));
    for (uint16_t i = 0; i < 4; i++)
        ev.speaking[ev.speaking_n++] = (uint16_t)(i + 1);
    if (kind == MEDIA_DEAD && conn_at(g, conn)->leg_open)
        conn_at(g, conn)->media_dead = true;
    room_media(g->room, g->now, &ev);
    lab_drain(g);
}

void lab_talk(struct lab *g, uint64_t conn)
{
    bool visitor = seat_of(conn_at(g, conn)->user) == SEAT_GUARDIAN ||
                   seat_of(conn_at(g, conn)->user) == SEAT_COORDINATOR;

    lab_say(g, conn, "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\"}");
    lab_say(g, conn,
            visitor ? "{\"type\":\"state\",\"mic\":true,\"camera\":false,\"screen\":false}"
                    : "{\"type\":\"state\",\"mic\":true,\"camera\":true,\"screen\":false}");
    if (conn_at(g, conn)->leg_open) {
        lab_media(g, conn, MEDIA_ANSWER);
        lab_media(g, conn, MEDIA_LIVE);
    }
}

static void ping_all(struct lab *g)
{
    for (uint64_t i = 1; i < LAB_CONNS; i++) {
        struct lab_conn *k = &g->conns[i];

        if (!k->alive || g->now.mono_us - k->heard_us < PING_US)
            continue;
        k->heard_us = g->now.mono_us;
        room_heard(g->room, g->now, (struct conn_id){ i });
        lab_drain(g);
    }
}

static int64_t next_ping(const struct lab *g)
{
    int64_t at = NEVER_US;

    for (int i = 1; i < LAB_CONNS; i++) {
        if (g->conns[i].alive)
            at = earlier_us(at, g->conns[i].heard_us + PING_US);
    }
    return at;
}

void lab_run(struct lab *g, int64_t ms)
{
    int64_t until = g->now.mono_us + ms * US_PER_MS;

    for (int guard = 0;; guard++) {
        int64_t due = room_deadline(g->room);
        int64_t at = earlier_us(earlier_us(due, next_ping(g)), until);

        assert_true(guard < 1000000); /* a deadline that never moves */
        if (at < g->now.mono_us)
            at = g->now.mono_us;
        g->now.unix_ms += (at - g->now.mono_us + 999) / US_PER_MS;
        g->now.mono_us = at;
        if (room_deadline(g->room) <= g->now.mono_us) {
            room_timeout(g->room, g->now);
            lab_drain(g);
            assert_true(room_deadline(g->room) > g->now.mono_us);
        }
        ping_all(g);
        if (at >= until)
            return;
    }
}

int lab_count(const struct lab *g, uint64_t conn, enum sig_server_kind kind)
{
    int n = 0;

    for (int i = 0; i < LAB_LOG; i++)
        n += g->log[i].text && (!conn || g->log[i].conn == conn) && g->log[i].msg.kind == kind;
    return n;
}

const struct sig_server *lab_last(const struct lab *g, uint64_t conn, enum sig_server_kind kind)
{
    for (long i = g->log_n - 1; i >= 0 && i >= g->log_n - LAB_LOG; i--) {
        const struct lab_line *l = &g->log[i % LAB_LOG];

        if ((!conn || l->conn == conn) && l->msg.kind == kind)
            return &l->msg;
    }
    return NULL;
}

int lab_notices(const struct lab *g, uint64_t conn, enum sig_notice code)
{
    int n = 0;

    for (int i = 0; i < LAB_LOG; i++) {
        const struct lab_line *l = &g->log[i];

        n += l->text && l->conn == conn && l->msg.kind == SIG_SERVER_NOTICE &&
             l->msg.u.notice.code == code;
    }
    return n;
}

bool lab_refused_with(const struct lab *g, uint64_t conn, enum sig_error code)
{
    const struct lab_line *l = &g->log[(g->log_n + LAB_LOG - 1) % LAB_LOG];

    return g->log_n > 0 && l->conn == conn && l->msg.kind == SIG_SERVER_ERROR &&
           l->msg.u.error.code == code;
}

int lab_events(const struct lab *g, const char *event)
{
    int n = 0;

    for (int i = 0; i < 64; i++)
        n += strcmp(g->events[i], event) == 0;
    return n;
}

enum sig_room_state lab_state(const struct lab *g)
{
    struct room_view v;

    room_look(g->room, &v);
    return v.state;
}

const struct lab_row *lab_row_of(const struct lab *g, int64_t user)
{
    for (int i = g->rows_n - 1; i >= 0; i--) {
        if (g->rows[i].user == user)
            return &g->rows[i];
    }
    return NULL;
}

int lab_open_rows(const struct lab *g, int64_t user)
{
    int n = 0;

    for (int i = 0; i < g->rows_n; i++)
        n += g->rows[i].user == user && g->rows[i].cause == LEAVE_STILL_IN;
    return n;
}

void lab_two(struct lab *g, uint64_t *mentor, uint64_t *child)
{
    lab_init(g, 1, 5 * MS_PER_MIN);
    *child = lab_join(g, LAB_CHILD);
    lab_talk(g, *child);
    *mentor = lab_join(g, LAB_MENTOR);
    lab_talk(g, *mentor);
    lab_media(g, *child, MEDIA_ANSWER);
}

bool lab_hears(const struct lab *g, uint64_t to, uint64_t from)
{
    return g->conns[to].gate.receive && g->conns[from].gate.mic;
}

bool lab_sees(const struct lab *g, uint64_t to, uint64_t from)
{
    return g->conns[to].gate.receive && !g->conns[to].gate.no_pictures &&
           g->conns[from].gate.camera;
}

bool lab_shut(const struct lab *g, uint64_t conn)
{
    const struct leg_gate *k = &g->conns[conn].gate;

    return !k->mic && !k->camera && !k->screen && !k->receive;
}
