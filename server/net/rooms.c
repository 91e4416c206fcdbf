/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of live lessons and the driver of their machines: call, drain,
 * carry out, re-arm. The machine decides; nothing here does. Net loop only.
 */
#include "server/net/rooms.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/net/conn.h"
#include "server/net/drive.h"

#define BOARD_US (2 * US_PER_S)

struct live_room {
    struct net_timer timer; /* first member */
    struct list in_bucket;  /* of rooms.buckets */
    struct list conns;      /* of ws.in_room: who is connected to it */
    struct lesson_id lesson;
    struct room *room;   /* owned */
    struct relay *relay; /* borrowed; NULL until the first media command */
    bool done;           /* the machine has said ROOM_DONE */
};

static void drain_effects(struct net *n, struct live_room *lr);

void rooms_init(struct rooms *r)
{
    for (size_t i = 0; i < ROOMS_BUCKETS; i++)
        list_init(&r->buckets[i]);
    list_init(&r->people);
}

static struct list *bucket_of(struct rooms *r, struct lesson_id lesson)
{
    return &r->buckets[(uint64_t)lesson.v % ROOMS_BUCKETS];
}

static struct live_room *find(struct net *n, struct lesson_id lesson)
{
    LIST_EACH (bucket_of(&n->rooms, lesson), node) {
        struct live_room *lr = LIST_OWNER(node, struct live_room, in_bucket);

        if (lesson_id_eq(lr->lesson, lesson))
            return lr;
    }
    return NULL;
}

static void unseat(struct conn *c)
{
    c->ws->room = NULL;
    c->ws->admitted = false;
    list_unlink(&c->ws->in_room);
}

static void free_room(struct net *n, struct live_room *lr)
{
    struct media_command cmd = { .kind = MEDIA_STAGE_CLOSE };

    LIST_EACH (&lr->conns, node)
        unseat(LIST_OWNER(node, struct ws, in_room)->conn);
    if (lr->relay)
        (void)relay_command(lr->relay, (struct stage_key){ .v = (uint64_t)lr->lesson.v }, &cmd);
    timerq_cancel(&n->timers, &lr->timer.timer);
    list_unlink(&lr->in_bucket);
    room_free(lr->room);
    mem_free(lr);
    n->rooms.n--;
}

void rooms_deinit(struct net *n)
{
    for (size_t i = 0; i < ROOMS_BUCKETS; i++) {
        LIST_EACH (&n->rooms.buckets[i], node)
            free_room(n, LIST_OWNER(node, struct live_room, in_bucket));
    }
}

/* ---- the driver: one way for every call on a machine ---- */

static void call_timeout(void *machine, struct now now)
{
    room_timeout(machine, now);
}

static int64_t ask_deadline(const void *machine)
{
    return room_deadline(machine);
}

static void drain_call(void *owner, void *context)
{
    drain_effects(context, owner);
}

static const struct machine room_machine = {
    .timeout = call_timeout,
    .deadline = ask_deadline,
    .drain = drain_call,
};

/* After any call on the machine. The room may be gone afterwards. */
static void settle(struct net *n, struct live_room *lr)
{
    int64_t at_us = drive(&room_machine, lr->room, lr, n, n->now);

    if (lr->done)
        free_room(n, lr);
    else
        net_timer_set(n, &lr->timer, at_us);
}

static void room_due(struct net *n, struct net_timer *t)
{
    struct live_room *lr = (struct live_room *)t;

    room_timeout(lr->room, n->now);
    settle(n, lr);
}

/* ---- effects ---- */

static char *own_text(const char *text)
{
    return text ? mem_strndup(text, strlen(text)) : NULL;
}

static const enum desk_fact_kind fact_kinds[] = {
    [FACT_SEEN] = DESK_FACT_SEEN,
    [FACT_LEFT] = DESK_FACT_LEFT,
    [FACT_LESSON_STATE] = DESK_FACT_LESSON_STATE,
    [FACT_CHAT] = DESK_FACT_CHAT,
    [FACT_EVENT] = DESK_FACT_EVENT,
    [FACT_SCREEN] = DESK_FACT_SCREEN,
    [FACT_LINK] = DESK_FACT_LINK,
};

static void post_fact(struct net *n, const struct room_fact *f)
{
    struct desk_request *r = desk_request_new(DESK_FACT, 0);
    struct desk_fact *to;

    if (!r) {
        log_error("rooms.fact", "lesson=%lld kind=%d error=nomem", (long long)f->lesson.v,
                  (int)f->kind);
        return;
    }
    to = &r->u.fact;
    to->kind = fact_kinds[f->kind];
    to->lesson = f->lesson;
    to->session = f->session;
    to->user = f->user;
    to->at_ms = f->at_ms;
    to->cause = f->cause;
    to->lesson_state = f->lesson_state;
    to->value = f->value;
    to->loss_permille = f->loss_permille;
    to->rtt_ms = f->rtt_ms;
    to->up_kbps = f->up_kbps;
    to->down_kbps = f->down_kbps;
    to->text = own_text(f->text);
    if ((f->event && !str_copy(to->event, sizeof to->event, f->event)) || (f->text && !to->text)) {
        log_error("rooms.fact", "lesson=%lld kind=%d error=nomem", (long long)f->lesson.v,
                  (int)f->kind);
        desk_request_free(r);
        return;
    }
    net_desk_post(n, r);
}

static void send_media(struct net *n, struct live_room *lr, const struct media_command *cmd)
{
    if (!lr->relay && n->relays_n > 0)
        lr->relay = net_next_relay(n);
    if (lr->relay &&
        relay_command(lr->relay, (struct stage_key){ .v = (uint64_t)lr->lesson.v }, cmd))
        return;
    /* Out of memory, or going down. A leg without an answer makes its client come back. */
    log_error("rooms.media", "lesson=%lld error=no-relay", (long long)lr->lesson.v);
}

static void begin_frames(struct net *n, const struct media_command *cmd)
{
    struct conn *c;

    if (cmd->kind != MEDIA_LEG_OPEN || !cmd->websocket)
        return;
    c = conn_by_id(n, (struct conn_id){ leg_conn(cmd->leg) });
    if (!c || !c->ws)
        return;
    c->ws->frames_leg = cmd->leg;
    c->ws->wants_bps = 0;
    if (!ws_frames_begin(c))
        conn_kill(c);
}

void rooms_frame(struct net *n, struct conn *c, const void *message, size_t len)
{
    struct live_room *lr = c->ws->room;

    if (lr && lr->relay &&
        !relay_frame(lr->relay, (struct stage_key){ .v = (uint64_t)lr->lesson.v },
                     c->ws->frames_leg, message, len))
        log_error("rooms.frame", "lesson=%lld error=no-relay", (long long)lr->lesson.v);
    (void)n;
}

void rooms_want_key(struct net *n, struct conn *c, uint8_t slot)
{
    struct media_command cmd = { .kind = MEDIA_LEG_KEY, .leg = c->ws->frames_leg, .slot = slot };

    if (c->ws->room && c->ws->room->relay)
        send_media(n, c->ws->room, &cmd);
}

void rooms_takes(struct net *n, struct conn *c, int64_t bps)
{
    struct media_command cmd = { .kind = MEDIA_LEG_RATE, .leg = c->ws->frames_leg, .bps = bps };

    if (c->ws->room && c->ws->room->relay)
        send_media(n, c->ws->room, &cmd);
}

static void carry_out(struct net *n, struct live_room *lr, const struct room_effect *e)
{
    struct conn *c = e->conn.v ? conn_by_id(n, e->conn) : NULL;

    switch (e->kind) {
    case ROOM_SEND:
        if (c && c->ws)
            ws_send(c, e->text, e->text_len);
        break;
    case ROOM_CLOSE:
        if (c && c->ws) {
            if (c->ws->room == lr)
                unseat(c);
            ws_close(c, WS_CLOSE_NORMAL);
        }
        break;
    case ROOM_MEDIA:
        begin_frames(n, e->media);
        send_media(n, lr, e->media);
        break;
    case ROOM_FACT:
        post_fact(n, e->fact);
        break;
    case ROOM_DONE:
        lr->done = true;
        break;
    }
}

static void drain_effects(struct net *n, struct live_room *lr)
{
    struct room_effect e;

    while (room_poll(lr->room, &e))
        carry_out(n, lr, &e);
}

/* ---- joining ---- */

static void refuse(struct conn *c, enum sig_refusal code, struct lesson_id lesson, int64_t at_ms)
{
    struct sig_server m = {
        .kind = SIG_SERVER_REFUSED,
        .u.refused = { .code = code, .lesson = lesson.v, .has_at = at_ms > 0, .at = at_ms }
    };

    ws_send_message(c, &m);
}

static enum sig_refusal refusal_of(const struct desk_reply *r)
{
    enum sig_refusal code;

    if (r->u.admit.seat_taken)
        return SIG_REFUSAL_SEAT_TAKEN;
    /* Both lists come from DOMAIN's words; a verdict without a word is closed, not open. */
    return sig_refusal_parse(admit_name(r->u.admit.verdict), &code) ? code
                                                                    : SIG_REFUSAL_UNAVAILABLE;
}

/* The desk has written the session row, but the seat cannot be taken: the row is closed at once. */
static void give_back(struct net *n, const struct desk_reply *r)
{
    struct room_fact left = { .kind = FACT_LEFT,
                              .lesson = r->u.admit.facts.id,
                              .session = r->u.admit.session,
                              .user = r->u.admit.person.user,
                              .at_ms = n->now.unix_ms,
                              .cause = LEAVE_SOCKET_CLOSED };

    post_fact(n, &left);
}

static struct live_room *open_room(struct net *n, const struct desk_reply *r)
{
    struct live_room *lr = find(n, r->u.admit.facts.id);
    struct room_titles titles;

    if (lr)
        return lr;
    lr = mem_zalloc(1, sizeof *lr);
    if (!lr)
        return NULL;
    memcpy(titles.subject, r->u.admit.subject, sizeof titles.subject);
    memcpy(titles.kind, r->u.admit.kind, sizeof titles.kind);
    memcpy(titles.title, r->u.admit.title, sizeof titles.title);
    if (room_new(&lr->room, &r->u.admit.facts, &titles, n->now) != ERR_OK) {
        mem_free(lr);
        return NULL;
    }
    lr->timer.due = room_due;
    lr->lesson = r->u.admit.facts.id;
    list_init(&lr->conns);
    list_append(bucket_of(&n->rooms, lr->lesson), &lr->in_bucket);
    n->rooms.n++;
    return lr;
}

static void seat(struct net *n, struct conn *c, struct live_room *lr, const struct desk_reply *r)
{
    struct room_person p = { .admit = r->u.admit.person,
                             .session = r->u.admit.session,
                             .login = c->ws->login,
                             .came_back = r->u.admit.came_back,
                             .screen_used_ms = r->u.admit.screen_used_ms };

    memcpy(p.name, r->u.admit.name, sizeof p.name);
    memcpy(p.animal, r->u.admit.animal, sizeof p.animal);
    memcpy(p.resume, r->u.admit.resume, sizeof p.resume);
    c->ws->room = lr;
    c->ws->person = p.admit;
    c->ws->admitted = true;
    list_append(&lr->conns, &c->ws->in_room);
    room_join(lr->room, n->now, c->id, &p);
    settle(n, lr);
}

void rooms_admitted(struct net *n, struct conn *c, const struct desk_reply *r)
{
    bool ok = r->u.admit.verdict == ADMIT_OK && !r->u.admit.seat_taken;
    struct lesson_id asked = { 0 };
    struct live_room *lr;

    if (c) {
        asked = c->ws->asked;
        c->ws->asked.v = 0;
    }
    if (!c || c->state != CONN_WS || n->draining) {
        if (ok)
            give_back(n, r);
        return;
    }
    lr = ok ? open_room(n, r) : NULL;
    if (lr) {
        seat(n, c, lr, r);
    } else {
        if (ok)
            give_back(n, r);
        refuse(c, ok ? SIG_REFUSAL_UNAVAILABLE : refusal_of(r), asked, r->u.admit.at_ms);
    }
    ws_input(c); /* what was held back: the offer, usually */
}

/* ---- what comes in ---- */

void rooms_message(struct net *n, struct conn *c, const struct sig_client *msg)
{
    struct live_room *lr = c->ws->room;

    room_message(lr->room, n->now, c->id, msg);
    settle(n, lr);
}

void rooms_returns(struct net *n, const struct conn *c, struct lesson_id lesson)
{
    struct live_room *lr = find(n, lesson);

    if (!lr)
        return;
    room_returns(lr->room, n->now, c->ws->user);
    settle(n, lr);
}

void rooms_heard(struct net *n, struct conn *c)
{
    struct live_room *lr = c->ws->room;

    if (!lr)
        return;
    room_heard(lr->room, n->now, c->id);
    settle(n, lr);
}

void rooms_conn_lost(struct net *n, struct conn *c)
{
    struct live_room *lr = c->ws->room;

    if (!lr)
        return;
    unseat(c);
    room_conn_lost(lr->room, n->now, c->id);
    settle(n, lr);
}

static void frame_out(struct net *n, struct relay_event *ev)
{
    struct conn *c = conn_by_id(n, (struct conn_id){ leg_conn(ev->event.leg) });

    if (!c || !c->ws)
        return; /* gone meanwhile */
    ws_frame_out(c, ev->frame, ev->frame_len);
    ev->frame = NULL;
}

/* Of the link alone: the room need not know. */
static void wants(struct net *n, const struct media_event *ev)
{
    struct conn *c = conn_by_id(n, (struct conn_id){ leg_conn(ev->leg) });

    if (c && c->ws && c->ws->frames_leg.v == ev->leg.v)
        c->ws->wants_bps = ev->wants_bps;
}

void rooms_media(struct net *n, struct relay_event *ev)
{
    struct live_room *lr;

    if (ev->frame) {
        frame_out(n, ev);
        return;
    }
    if (ev->stage.probe) {
        ws_probe_event(n, ev);
        return;
    }
    if (ev->event.kind == MEDIA_WANTS) {
        wants(n, &ev->event);
        return;
    }
    lr = find(n, (struct lesson_id){ .v = (int64_t)ev->stage.v });
    if (!lr)
        return;
    room_media(lr->room, n->now, &ev->event);
    settle(n, lr);
}

static void logout(struct net *n, int64_t login)
{
    LIST_EACH (&n->rooms.people, node) {
        struct ws *ws = LIST_OWNER(node, struct ws, of_everybody);
        struct conn *c = ws->conn;

        if (ws->login != login || c->state != CONN_WS)
            continue;
        if (ws->room && ws->admitted) {
            struct live_room *lr = ws->room;

            ws->person.login_valid = false;
            room_person_changed(lr->room, n->now, &ws->person);
            settle(n, lr);
        }
        /* The room has closed it, with a word; if it was in none, it is told here. */
        if (c->state == CONN_WS) {
            ws_say_closed(c, SIG_CLOSE_LOGGED_OUT);
            ws_close(c, WS_CLOSE_NORMAL);
        }
    }
}

void rooms_push(struct net *n, const struct desk_reply *r)
{
    struct room_titles titles;
    struct live_room *lr;

    switch (r->kind) {
    case DESK_PUSH_LESSON:
        lr = find(n, r->u.lesson.facts.id);
        if (!lr)
            return;
        memcpy(titles.subject, r->u.lesson.subject, sizeof titles.subject);
        memcpy(titles.kind, r->u.lesson.kind, sizeof titles.kind);
        memcpy(titles.title, r->u.lesson.title, sizeof titles.title);
        room_facts(lr->room, n->now, &r->u.lesson.facts, &titles);
        settle(n, lr);
        break;
    case DESK_PUSH_PERSON:
        lr = find(n, r->u.person.lesson);
        if (!lr)
            return;
        room_person_changed(lr->room, n->now, &r->u.person.person);
        settle(n, lr);
        break;
    case DESK_PUSH_LOGOUT:
        logout(n, r->u.logout.login);
        break;
    default:
        break;
    }
}

/* ---- the live board ---- */

static void add_seats(struct live_room *lr, struct desk_board_seat *seats, size_t *at, size_t max)
{
    struct room_view v;

    room_look(lr->room, &v);
    for (int i = 0; i < v.people_n && *at < max; i++) {
        const struct room_person_view *p = &v.people[i];
        struct desk_board_seat *s = &seats[(*at)++];

        *s = (struct desk_board_seat){
            .lesson = v.lesson,
            .user = p->user,
            .seat = p->seat,
            .present = p->present,
            .mic = p->mic,
            .camera = p->camera,
            .screen = p->screen,
            .hand = p->hand,
            .resting = p->resting,
            .since_ms = p->since_ms,
            .loss_permille = p->loss_permille,
            .rtt_ms = p->rtt_ms,
        };
        if (!str_copy(s->room_state, sizeof s->room_state, sig_room_state_name(v.state)))
            s->room_state[0] = '\0';
    }
}

void rooms_tick(struct net *n)
{
    struct desk_request *r;
    size_t max = 0;

    if (n->now.mono_us < n->rooms.board_next_us || n->draining)
        return;
    n->rooms.board_next_us = n->now.mono_us + BOARD_US;
    /* An empty house is told once, so that the board does not keep showing the last lesson. */
    if (n->rooms.n == 0 && n->rooms.board_empty)
        return;
    r = desk_request_new(DESK_BOARD, 0);
    if (!r)
        return; /* the next tick tries again */
    for (size_t i = 0; i < ROOMS_BUCKETS; i++) {
        LIST_EACH (&n->rooms.buckets[i], node)
            max += (size_t)room_places(LIST_OWNER(node, struct live_room, in_bucket)->room);
    }
    r->u.board.at_ms = n->now.unix_ms;
    r->u.board.seats = max ? mem_zalloc(max, sizeof *r->u.board.seats) : NULL;
    for (size_t i = 0; r->u.board.seats && i < ROOMS_BUCKETS; i++) {
        LIST_EACH (&n->rooms.buckets[i], node)
            add_seats(LIST_OWNER(node, struct live_room, in_bucket), r->u.board.seats,
                      &r->u.board.n, max);
    }
    n->rooms.board_empty = net_desk_post(n, r) && n->rooms.n == 0;
}

void rooms_drain(struct net *n)
{
    for (size_t i = 0; i < ROOMS_BUCKETS; i++) {
        LIST_EACH (&n->rooms.buckets[i], node) {
            struct live_room *lr = LIST_OWNER(node, struct live_room, in_bucket);

            room_drain(lr->room, n->now);
            settle(n, lr);
        }
    }
}

size_t rooms_people(const struct net *n)
{
    size_t people = 0;

    for (const struct list *l = n->rooms.people.next; l != &n->rooms.people; l = l->next)
        people++;
    return people;
}
