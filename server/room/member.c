/* SPDX-License-Identifier: Apache-2.0
 *
 * The seats: whose they are, what each connection may send and get, and the
 * presence that is written down. The gates are never switched by an event;
 * room_settle computes them from the seats after every input and tells the
 * stage what differs, so no order of events can leave one open.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/room/inside.h"

/* A client pings every SIG_LIMIT_PING_S; one that was heard within this is there now. */
#define FRESH_US (SIG_LIMIT_PING_S * US_PER_S * 3 / 2)

struct member *member_by_conn(struct room *r, struct conn_id conn)
{
    EACH_SEATED(r, m)
    {
        if (conn.v && m->conn.v == conn.v)
            return m;
    }
    return NULL;
}

struct member *member_by_user(struct room *r, struct user_id user)
{
    EACH_SEATED(r, m)
    {
        if (user_id_eq(m->admit.user, user))
            return m;
    }
    return NULL;
}

struct member *member_by_number(struct room *r, uint16_t number)
{
    EACH_SEATED(r, m)
    {
        if (m->known->number == number)
            return m;
    }
    return NULL;
}

bool member_present(const struct member *m)
{
    return m->conn.v && !m->silent;
}

bool member_visitor(const struct member *m)
{
    return m->admit.seat == SEAT_GUARDIAN || m->admit.seat == SEAT_COORDINATOR;
}

static bool known_is_seated(struct room *r, const struct known *k)
{
    EACH_SEATED(r, m)
    {
        if (m->known == k)
            return true;
    }
    return false;
}

/* The person's place in the memory of the room: the old one, a free one, or that of the visitor
 * who has been away longest. A number is never given to a second person. */
static struct known *known_of(struct room *r, struct user_id user)
{
    struct known *place = NULL;

    for (struct known *k = r->known; k < r->known + r->size.known; k++) {
        if (k->number && user_id_eq(k->user, user))
            return k;
        if (known_is_seated(r, k))
            continue;
        if (!place || k->number < place->number)
            place = k;
    }
    if (!place || r->last_number == UINT16_MAX)
        return NULL;
    *place = (struct known){ .user = user, .number = ++r->last_number };
    return place;
}

/* People on the schedule have their seats for sure; visitors get what is over. */
static bool visitor_fits(struct room *r)
{
    int visitors = 0;

    EACH_SEATED(r, m)
    {
        visitors += member_visitor(m);
    }
    return visitors < r->size.people - (r->facts.children_n + r->facts.guests_n + 1);
}

struct member *member_seat(struct room *r, const struct room_person *p)
{
    bool visitor = p->admit.seat == SEAT_GUARDIAN || p->admit.seat == SEAT_COORDINATOR;
    struct known *known;

    if (visitor && !visitor_fits(r))
        return NULL;
    for (struct member *m = r->members; m < r->members + r->size.people; m++) {
        if (m->seated)
            continue;
        known = known_of(r, p->admit.user);
        if (!known)
            return NULL;
        *m = (struct member){ .seated = true, .admit = p->admit, .known = known };
        group_known(r, m);
        return m;
    }
    return NULL;
}

void member_connect(struct member *m, struct now now, struct conn_id conn,
                    const struct room_person *p)
{
    int64_t before_us = p->screen_used_ms * US_PER_MS;

    m->admit = p->admit;
    m->admit.refused_in_minute = 0; /* what kept somebody out does not throw out who is in */
    m->admit.no_seat_free = false;
    memcpy(m->name, p->name, sizeof m->name);
    memcpy(m->animal, p->animal, sizeof m->animal);
    memcpy(m->resume, p->resume, sizeof m->resume);
    m->conn = conn;
    m->session = p->session;
    m->session_open = true;
    m->silent = m->closing = m->voice_only = false;
    m->joined_us = m->heard_us = m->seen_us = now.mono_us;
    m->joined_ms = now.unix_ms;
    m->session_screen_us = m->screen_written_us = 0;
    if (m->known->screen_us < before_us)
        m->known->screen_us = before_us;
    m->tokens_milli = SIG_LIMIT_MESSAGE_BURST * 1000;
    m->tokens_us = now.mono_us;
    m->flood = 0;
    m->link_sent = false;
}

int64_t member_time(const struct member *m, int64_t us)
{
    return m->joined_ms + (us - m->joined_us) / US_PER_MS;
}

static struct room_fact fact_of(const struct member *m, enum room_fact_kind kind, int64_t at_ms)
{
    return (struct room_fact){
        .kind = kind, .session = m->session, .user = m->admit.user, .at_ms = at_ms
    };
}

static void write_screen(struct room *r, struct member *m, int64_t at_ms)
{
    struct room_fact f = fact_of(m, FACT_SCREEN, at_ms);

    if (m->session_screen_us == m->screen_written_us)
        return;
    m->screen_written_us = m->session_screen_us;
    f.value = m->session_screen_us / US_PER_MS;
    effect_fact(r, &f, NULL);
}

int64_t member_until(const struct member *m, struct now now)
{
    return now.mono_us - m->heard_us <= FRESH_US ? now.mono_us : m->heard_us;
}

void member_seen(struct room *r, struct member *m, int64_t until_us)
{
    struct room_fact f = fact_of(m, FACT_SEEN, member_time(m, until_us));

    if (!m->session_open || m->silent || until_us <= m->seen_us)
        return;
    m->seen_us = until_us;
    effect_fact(r, &f, NULL);
    write_screen(r, m, f.at_ms);
}

void member_leave_row(struct room *r, struct member *m, struct now now, enum leave_cause cause)
{
    struct room_fact f;

    if (!m->session_open)
        return;
    /* A line that had been dead for a while ended when it was last heard, whatever ended it. */
    if (now.mono_us - m->heard_us >= ROOM_SILENT_MS * US_PER_MS && cause == LEAVE_SOCKET_CLOSED)
        cause = LEAVE_TIMEOUT;
    f = fact_of(m, FACT_LEFT, member_time(m, member_until(m, now)));
    f.cause = cause;
    write_screen(r, m, f.at_ms);
    effect_fact(r, &f, NULL);
    m->session_open = false;
}

void member_event(struct room *r, const struct member *m, struct now now, const char *event,
                  int64_t value)
{
    struct room_fact f = fact_of(m, FACT_EVENT, now.unix_ms);

    f.event = event;
    f.value = value;
    effect_fact(r, &f, NULL);
}

struct leg_id member_leg(const struct member *m)
{
    return (struct leg_id){ m->conn.v | (uint64_t)m->leg_turn << LEG_CONN_BITS };
}

void member_end_leg(struct room *r, struct member *m)
{
    struct media_command close = { .kind = MEDIA_LEG_CLOSE, .leg = member_leg(m) };

    if (m->leg == LEG_OPENING || m->leg == LEG_OPEN || m->leg == LEG_DEAD)
        (void)effect_media(r, &close, NULL);
    mem_free(m->offer);
    m->offer = NULL;
    m->offer_len = 0;
    m->frames = false;
    m->leg = LEG_NONE;
    m->media_dead = false;
    m->gate = (struct leg_gate){ 0 };
}

void member_disconnect(struct room *r, struct member *m)
{
    member_end_leg(r, m);
    m->watching = false;
    m->leg_turn = 0;
    m->conn = (struct conn_id){ 0 };
    m->silent = false;
}

void member_lose(struct room *r, struct member *m, struct now now)
{
    int64_t from_us = m->silent ? m->heard_us : now.mono_us;

    member_leave_row(r, m, now, LEAVE_SOCKET_CLOSED);
    member_disconnect(r, m);
    m->keep_until_us = from_us + ROOM_KEEP_SEAT_MS * US_PER_MS;
    tell_member(r, m, m);
}

void member_drop(struct room *r, struct now now, struct member *m, enum sig_leave_cause cause)
{
    bool visitor = member_visitor(m);
    uint16_t number = m->known->number;

    group_hand(r, m, false);
    if (visitor)
        member_event(r, m, now, "visitor_out", 0);
    member_disconnect(r, m);
    tell_gone(r, m, cause);
    m->seated = false;
    if (visitor)
        tell_notice_all(r, SIG_NOTICE_VISITOR_OUT, number, NULL);
}

bool room_mentor_in(const struct room *r)
{
    for (int i = 0; i < r->size.people; i++) {
        const struct member *m = &r->members[i];

        if (m->seated && m->admit.seat == SEAT_MENTOR)
            return member_present(m) && !m->media_dead;
    }
    return false;
}

bool room_child_seated(const struct room *r)
{
    for (int i = 0; i < r->size.people; i++) {
        if (r->members[i].seated && r->members[i].admit.seat == SEAT_CHILD)
            return true;
    }
    return false;
}

/* Of a gathering: its guests, who do not rest. */
static bool is_pupil(const struct member *m)
{
    return m->admit.seat == SEAT_CHILD || m->admit.seat == SEAT_SPEAKER ||
           m->admit.seat == SEAT_LISTENER;
}

static void count_children(const struct room *r, int *present, int *resting)
{
    *present = *resting = 0;
    for (int i = 0; i < r->size.people; i++) {
        const struct member *m = &r->members[i];

        if (!m->seated || !is_pupil(m) || !member_present(m))
            continue;
        ++*present;
        *resting += m->resting;
    }
}

enum sig_room_state room_state_of(const struct room *r)
{
    int present, resting;

    if (r->over)
        return SIG_ROOM_STATE_ENDED;
    if (!room_mentor_in(r))
        return r->mentor_was_in ? SIG_ROOM_STATE_FROZEN : SIG_ROOM_STATE_WAITING;
    count_children(r, &present, &resting);
    if (r->pause != SIG_BREAK_KIND_NONE || (present > 0 && present == resting))
        return SIG_ROOM_STATE_RESTING;
    return SIG_ROOM_STATE_LIVE;
}

/* In a gathering: what the floor allows, of what the client says it sends. */
static struct leg_gate group_gate(const struct room *r, const struct member *m)
{
    struct floor_rights may = floor_of(m);
    bool pictures = r->pause == SIG_BREAK_KIND_NONE;

    return (struct leg_gate){ .mic = may.mic && m->mic,
                              .camera = may.camera && m->camera && pictures,
                              .screen = may.screen && m->screen && pictures,
                              .receive = true,
                              .no_pictures = m->voice_only };
}

/* What may be forwarded of and to this seat now. Everything that is not said here stays shut. */
static struct leg_gate gate_of(const struct room *r, const struct member *m)
{
    struct leg_gate g = { 0 };
    bool pictures = r->pause == SIG_BREAK_KIND_NONE;

    if (r->over || !room_mentor_in(r) || !member_present(m))
        return g;
    if (r->facts.gathering)
        return group_gate(r, m);
    g.no_pictures = m->voice_only;
    switch (m->admit.seat) {
    case SEAT_CHILD:
        g.mic = m->mic && !m->resting;
        g.camera = m->camera && !m->resting && pictures;
        g.receive = true;
        break;
    case SEAT_MENTOR:
        g.mic = m->mic && room_child_seated(r);
        g.camera = m->camera && pictures && room_child_seated(r);
        g.screen = m->screen && pictures && room_child_seated(r);
        g.receive = true;
        break;
    case SEAT_GUARDIAN:
    case SEAT_COORDINATOR:
        g.mic = m->mic && room_child_seated(r);
        g.receive = room_child_seated(r);
        break;
    case SEAT_SPEAKER: /* of gatherings only */
    case SEAT_LISTENER:
    case SEAT_NONE:
        break;
    }
    return g;
}

static bool gate_same(const struct leg_gate *a, const struct leg_gate *b)
{
    return a->mic == b->mic && a->camera == b->camera && a->screen == b->screen &&
           a->receive == b->receive && a->no_pictures == b->no_pictures;
}

/* True if b has something open that a has not. */
static bool gate_opens(const struct leg_gate *a, const struct leg_gate *b)
{
    return (b->mic && !a->mic) || (b->camera && !a->camera) || (b->screen && !a->screen) ||
           (b->receive && !a->receive) || (a->no_pictures && !b->no_pictures);
}

static void settle_gates(struct room *r, bool opening)
{
    EACH_SEATED(r, m)
    {
        struct leg_gate want = gate_of(r, m);
        struct media_command c = { .kind = MEDIA_LEG_GATE, .leg = member_leg(m), .gate = want };

        if (m->leg != LEG_OPENING && m->leg != LEG_OPEN)
            continue;
        if (gate_same(&m->gate, &want) || gate_opens(&m->gate, &want) != opening)
            continue;
        if (effect_media(r, &c, NULL))
            m->gate = want;
    }
}

/* Offers that waited and need not wait any more. */
static void settle_legs(struct room *r)
{
    EACH_SEATED(r, m)
    {
        struct media_command c = {
            .kind = MEDIA_LEG_OPEN,
            .leg = member_leg(m),
            .member = m->known->number,
            .plan = room_slots(&r->facts),
            .gate = gate_of(r, m),
            .offer_len = m->offer_len,
            .websocket = m->frames,
            .group = r->facts.gathering,
            .host = m->admit.seat == SEAT_MENTOR,
            .view = m->view,
        };

        if (m->leg != LEG_HELD || !(m->admit.seat == SEAT_MENTOR || room_mentor_in(r)))
            continue;
        if (!effect_media(r, &c, m->offer))
            continue;
        m->offer = NULL;
        m->leg = LEG_OPENING;
        m->gate = c.gate;
    }
}

static bool sends_picture(const struct member *m)
{
    return m->leg == LEG_OPEN && (m->gate.camera || m->gate.screen);
}

/* R6 counts a child's time before a moving picture of somebody else. */
static void settle_watching(struct room *r)
{
    EACH_SEATED(r, m)
    {
        m->watching = false;
        if (m->admit.seat != SEAT_CHILD || r->state != SIG_ROOM_STATE_LIVE || m->resting ||
            m->leg != LEG_OPEN || !m->gate.receive || m->voice_only)
            continue;
        EACH_SEATED(r, other)
        {
            m->watching = m->watching || (other != m && sends_picture(other));
        }
    }
}

/* First contact makes the lesson running; losing contact interrupts it (DOMAIN 4.3). */
static void settle_lesson_state(struct room *r, struct now now)
{
    struct room_fact f = { .kind = FACT_LESSON_STATE, .at_ms = now.unix_ms };
    int present, resting;
    bool contact;

    count_children(r, &present, &resting);
    contact = room_mentor_in(r) && present > 0;
    f.lesson_state = contact ? LESSON_RUNNING : LESSON_INTERRUPTED;
    if (r->over || f.lesson_state == r->facts.state ||
        !lesson_state_may_become(r->facts.state, f.lesson_state))
        return;
    r->facts.state = f.lesson_state;
    effect_fact(r, &f, NULL);
}

/* Connections that the room has asked to close are gone for it; the net loop's word comes later. */
static bool lose_closing(struct room *r, struct now now)
{
    bool any = false;

    EACH_SEATED(r, m)
    {
        if (!m->closing || !m->conn.v)
            continue;
        member_lose(r, m, now);
        any = true;
    }
    return any;
}

static void settle_once(struct room *r, struct now now)
{
    enum sig_room_state state;

    r->mentor_was_in = r->mentor_was_in || room_mentor_in(r);
    state = room_state_of(r);
    if (state != r->state) {
        r->state = state;
        r->state_since_ms = now.unix_ms;
    }
    settle_gates(r, false);
    settle_gates(r, true);
    settle_legs(r);
    settle_watching(r);
    settle_lesson_state(r, now);
    if (r->told_state != r->state || r->told_pause != r->pause) {
        r->told_state = r->state;
        r->told_pause = r->pause;
        tell_room(r, now);
    }
}

/* What cannot be told closes a connection, and that is to be settled again: at most once a seat. */
void room_settle(struct room *r, struct now now)
{
    do {
        settle_once(r, now);
        group_batch(r, now);
    } while (lose_closing(r, now));
}

void room_account(struct room *r, struct now now)
{
    int64_t dt = now.mono_us - r->accounted_us;

    r->accounted_us = now.mono_us;
    if (dt <= 0)
        return;
    EACH_SEATED(r, m)
    {
        if (!m->watching)
            continue;
        m->known->screen_us += dt;
        m->session_screen_us += dt;
    }
}
