/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages of seated clients. One table says which seat may send what in
 * which state; a message that it does not allow is answered by an error and
 * changes nothing. Who sends is known from the connection alone.
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/room/inside.h"

#define SEAT(s) (1u << SEAT_##s)
#define ANY_SEAT                                                                                   \
    (SEAT(CHILD) | SEAT(MENTOR) | SEAT(GUARDIAN) | SEAT(COORDINATOR) | SEAT(SPEAKER) |             \
     SEAT(LISTENER))
#define IN(s) (1u << SIG_ROOM_STATE_##s)
#define ANY_STATE (IN(WAITING) | IN(LIVE) | IN(FROZEN) | IN(RESTING))
#define WITH_MENTOR (IN(LIVE) | IN(RESTING))

struct call {
    struct room *r;
    struct now now;
    struct member *m; /* the sender */
    const char *re;
};

static void fault(const struct call *c, enum sig_error code, const char *field)
{
    tell_error(c->r, c->m->conn, code, c->re, field, "");
}

/* A leg that was answered, or died, makes room for another one on the same connection: whoever
 * finds that UDP does not get through goes on over the WebSocket, and back, without losing the seat
 * for a moment. False: one is on its way already, or this has gone on for too long. */
static bool leg_place(const struct call *c)
{
    struct member *m = c->m;

    if (m->leg == LEG_NONE)
        return true;
    if (m->leg == LEG_HELD || m->leg == LEG_OPENING || m->leg_turn == LEG_TURNS_MAX) {
        fault(c, SIG_ERROR_NOT_NOW, "");
        return false;
    }
    member_end_leg(c->r, m);
    m->leg_turn++;
    return true;
}

static void on_offer(const struct call *c, const struct sig_client *msg)
{
    const char *sdp = msg->u.offer.sdp;

    if (!leg_place(c))
        return;
    c->m->offer_len = strlen(sdp);
    c->m->offer = mem_strndup(sdp, c->m->offer_len);
    if (c->m->offer)
        c->m->leg = LEG_HELD; /* room_settle passes it on when media may begin */
    else
        effect_close(c->r, c->m->conn);
}

static void on_frames(const struct call *c, const struct sig_client *msg)
{
    (void)msg;
    if (!leg_place(c))
        return;
    c->m->frames = true;
    c->m->leg = LEG_HELD;
}

/* Refuses what the seat may never send, or in a gathering not without the word. */
static bool state_refused(const struct call *c, const struct sig_client_state *s)
{
    struct floor_rights may = floor_of(c->m);

    if (c->r->facts.gathering) {
        bool screen_never = c->m->admit.seat != SEAT_MENTOR && c->m->admit.seat != SEAT_SPEAKER;

        if (s->screen && screen_never)
            fault(c, SIG_ERROR_NOT_ALLOWED, "screen");
        else if ((s->mic && !may.mic) || (s->camera && !may.camera) || (s->screen && !may.screen))
            fault(c, SIG_ERROR_NO_WORD, s->mic ? "mic" : s->camera ? "camera" : "screen");
        else
            return false;
        return true;
    }
    if (s->screen && c->m->admit.seat != SEAT_MENTOR) {
        fault(c, SIG_ERROR_NOT_ALLOWED, "screen");
        return true;
    }
    if (s->camera && member_visitor(c->m)) {
        fault(c, SIG_ERROR_NOT_ALLOWED, "camera");
        return true;
    }
    return false;
}

static void on_state(const struct call *c, const struct sig_client *msg)
{
    const struct sig_client_state *s = &msg->u.state;
    struct member *m = c->m;
    bool had_screen = m->screen;

    if (state_refused(c, s))
        return;
    if (m->mic == s->mic && m->camera == s->camera && m->screen == s->screen)
        return;
    m->mic = s->mic;
    m->camera = s->camera;
    m->screen = s->screen;
    if (m->screen != had_screen)
        member_event(c->r, m, c->now, m->screen ? "screen_on" : "screen_off", 0);
    tell_member(c->r, m, NULL);
}

static void on_hand(const struct call *c, const struct sig_client *msg)
{
    if (c->m->hand == msg->u.hand.up)
        return;
    if (c->r->facts.gathering)
        group_hand(c->r, c->m, msg->u.hand.up);
    c->m->hand = msg->u.hand.up;
    if (c->m->hand)
        member_event(c->r, c->m, c->now, "hand_up", 0);
    tell_member(c->r, c->m, NULL);
}

/* The characters of valid UTF-8, or -1 if one is a control character other than line feed. */
static int chat_chars(const char *s)
{
    int n = 0;

    for (; *s; s++) {
        unsigned char b = (unsigned char)*s;

        if ((b < 0x20 && b != '\n') || b == 0x7f)
            return -1;
        if (b == 0xc2 && (unsigned char)s[1] >= 0x80 && (unsigned char)s[1] < 0xa0)
            return -1; /* U+0080 to U+009F */
        n += (b & 0xc0) != 0x80;
    }
    return n;
}

/* True if one more line fits into the window; counts it. */
static bool chat_pass(const struct call *c)
{
    int64_t *oldest = &c->m->chat_us[c->m->chat_next];

    if (*oldest && c->now.mono_us - (*oldest - 1) < SIG_LIMIT_CHAT_WINDOW_MS * US_PER_MS)
        return false;
    *oldest = c->now.mono_us + 1; /* 0 = never */
    c->m->chat_next = (c->m->chat_next + 1) % SIG_LIMIT_CHAT_BURST;
    return true;
}

static void on_chat(const struct call *c, const struct sig_client *msg)
{
    const char *text = msg->u.chat.text;
    int chars = chat_chars(text);
    char *copy;

    if (chars < 1) {
        fault(c, SIG_ERROR_BAD_FIELD, "text");
        return;
    }
    if (chars > SIG_LIMIT_CHAT_CHARS) {
        fault(c, SIG_ERROR_TOO_LONG, "text");
        return;
    }
    if (!chat_pass(c)) {
        fault(c, SIG_ERROR_TOO_FAST, "");
        return;
    }
    copy = mem_strndup(text, strlen(text));
    if (!copy || tell_chat(c->r, c->m, text, c->now.unix_ms) != ERR_OK) {
        mem_free(copy);
        effect_close(c->r, c->m->conn); /* the line was not taken: the client sees it missing */
        return;
    }
    effect_fact(c->r,
                &(struct room_fact){ .kind = FACT_CHAT,
                                     .session = c->m->session,
                                     .user = c->m->admit.user,
                                     .at_ms = c->now.unix_ms },
                copy);
}

static void on_rest(const struct call *c, const struct sig_client *msg)
{
    if (c->m->resting == msg->u.rest.on)
        return;
    c->m->resting = msg->u.rest.on;
    member_event(c->r, c->m, c->now, c->m->resting ? "rest_on" : "rest_off", 0);
    tell_member(c->r, c->m, NULL);
}

static void on_pictures(const struct call *c, const struct sig_client *msg)
{
    bool voice_only = !msg->u.pictures.want;

    if (c->m->voice_only == voice_only)
        return;
    c->m->voice_only = voice_only; /* room_settle tells the stage */
    tell_member(c->r, c->m, NULL);
}

static void on_break(const struct call *c, const struct sig_client *msg)
{
    bool on = msg->u.break_.kind != SIG_BREAK_KIND_NONE;

    if (c->r->pause == msg->u.break_.kind)
        return;
    c->r->pause = msg->u.break_.kind;
    c->r->pause_until_us = on ? c->now.mono_us + ROOM_BREAK_US : NEVER_US;
    member_event(c->r, c->m, c->now, on ? "break_on" : "break_off", 0);
}

static void on_quiet(const struct call *c, const struct sig_client *msg)
{
    const struct sig_client_quiet *q = &msg->u.quiet;
    struct member *to = member_by_number(c->r, (uint16_t)q->member);

    if (!to || (c->r->facts.gathering ? to == c->m : to->admit.seat != SEAT_CHILD)) {
        fault(c, to ? SIG_ERROR_NOT_ALLOWED : SIG_ERROR_BAD_FIELD, "member");
        return;
    }
    to->mic = to->mic && !q->mic;
    to->camera = to->camera && !q->camera;
    member_event(c->r, c->m, c->now, "quiet", to->admit.user.v);
    effect_send(
        c->r, to->conn,
        &(struct sig_server){ .kind = SIG_SERVER_QUIETED, .u.quieted = { q->mic, q->camera } });
    tell_member(c->r, to, NULL);
}

/* Only in a gathering there is a floor. */
static bool no_floor(const struct call *c)
{
    if (c->r->facts.gathering)
        return false;
    fault(c, SIG_ERROR_NOT_NOW, "");
    return true;
}

static void on_word(const struct call *c, const struct sig_client *msg)
{
    struct member *to = member_by_number(c->r, (uint16_t)msg->u.word.member);

    if (no_floor(c))
        return;
    if (!to || to == c->m) { /* nobody takes the word from the host */
        fault(c, to ? SIG_ERROR_NOT_ALLOWED : SIG_ERROR_BAD_FIELD, "member");
        return;
    }
    group_word(c->r, c->now, to, msg->u.word.give);
}

static void on_lower(const struct call *c, const struct sig_client *msg)
{
    uint16_t number = (uint16_t)msg->u.lower.member;

    if (no_floor(c))
        return;
    if (number && !member_by_number(c->r, number)) {
        fault(c, SIG_ERROR_BAD_FIELD, "member");
        return;
    }
    EACH_SEATED(c->r, m)
    {
        if (number == 0 || m->known->number == number)
            group_hand(c->r, m, false);
    }
}

static void on_view(const struct call *c, const struct sig_client *msg)
{
    const struct sig_client_view *v = &msg->u.view;
    struct media_command cmd = { .kind = MEDIA_LEG_VIEW, .leg = member_leg(c->m) };
    struct media_view view = { .page = v->page };

    if (no_floor(c))
        return;
    for (size_t i = 0; i < v->pins_n && i < VIEW_PINS_MAX; i++) {
        /* One who has left meanwhile is no fault, and takes no place. */
        if (member_by_number(c->r, v->pins[i]))
            view.pins[view.pins_n++] = v->pins[i];
    }
    cmd.view = view;
    if ((c->m->leg == LEG_OPENING || c->m->leg == LEG_OPEN) && !effect_media(c->r, &cmd, NULL)) {
        fault(c, SIG_ERROR_TOO_FAST, "");
        return;
    }
    c->m->view = view; /* a leg that opens later begins with it */
}

static void on_end(const struct call *c, const struct sig_client *msg)
{
    (void)msg;
    member_event(c->r, c->m, c->now, "mentor_end", 0);
    room_finish(c->r, c->now, SIG_CLOSE_MENTOR_ENDED);
}

static void on_leave(const struct call *c, const struct sig_client *msg)
{
    bool tired = msg->u.leave.reason == SIG_LEAVE_REASON_TIRED;

    if (tired && c->m->admit.seat != SEAT_CHILD) {
        fault(c, SIG_ERROR_NOT_ALLOWED, "reason");
        return;
    }
    member_leave_row(c->r, c->m, c->now, tired ? LEAVE_TIRED : LEAVE_LEFT);
    tell_closed(c->r, c->m, tired ? SIG_CLOSE_TIRED : SIG_CLOSE_LEFT);
    member_drop(c->r, c->now, c->m, tired ? SIG_LEAVE_CAUSE_TIRED : SIG_LEAVE_CAUSE_LEFT);
}

static void on_link(const struct call *c, const struct sig_client *msg)
{
    const struct sig_client_link *l = &msg->u.link;

    if (c->m->link_sent &&
        c->now.mono_us - c->m->link_us < SIG_LIMIT_LINK_INTERVAL_MS * US_PER_MS) {
        fault(c, SIG_ERROR_TOO_FAST, "");
        return;
    }
    c->m->link_sent = true;
    c->m->link_us = c->now.mono_us;
    c->m->loss_permille = l->loss_permille;
    c->m->rtt_ms = l->rtt_ms;
    effect_fact(c->r,
                &(struct room_fact){ .kind = FACT_LINK,
                                     .session = c->m->session,
                                     .user = c->m->admit.user,
                                     .at_ms = c->now.unix_ms,
                                     .loss_permille = l->loss_permille,
                                     .rtt_ms = l->rtt_ms,
                                     .up_kbps = l->up_kbps,
                                     .down_kbps = l->down_kbps },
                NULL);
}

/* Who may send what, when. A message without a row is for the connection, not for the room. */
static const struct rule {
    unsigned seats;
    unsigned states;
    void (*act)(const struct call *c, const struct sig_client *msg);
} rules[SIG_CLIENT_KINDS] = {
    [SIG_CLIENT_OFFER] = { ANY_SEAT, ANY_STATE, on_offer },
    [SIG_CLIENT_FRAMES] = { ANY_SEAT, ANY_STATE, on_frames },
    [SIG_CLIENT_STATE] = { ANY_SEAT, ANY_STATE, on_state },
    [SIG_CLIENT_HAND] = { ANY_SEAT, ANY_STATE, on_hand },
    [SIG_CLIENT_CHAT] = { ANY_SEAT, WITH_MENTOR | IN(FROZEN), on_chat },
    [SIG_CLIENT_REST] = { SEAT(CHILD), ANY_STATE, on_rest },
    [SIG_CLIENT_BREAK] = { SEAT(MENTOR), WITH_MENTOR, on_break },
    [SIG_CLIENT_QUIET] = { SEAT(MENTOR), WITH_MENTOR, on_quiet },
    [SIG_CLIENT_WORD] = { SEAT(MENTOR), WITH_MENTOR, on_word },
    [SIG_CLIENT_LOWER] = { SEAT(MENTOR), WITH_MENTOR, on_lower },
    [SIG_CLIENT_PICTURES] = { ANY_SEAT, ANY_STATE, on_pictures },
    [SIG_CLIENT_VIEW] = { ANY_SEAT, ANY_STATE, on_view },
    [SIG_CLIENT_END] = { SEAT(MENTOR), WITH_MENTOR | IN(FROZEN), on_end },
    [SIG_CLIENT_LEAVE] = { ANY_SEAT, ANY_STATE, on_leave },
    [SIG_CLIENT_LINK] = { ANY_SEAT, ANY_STATE, on_link },
};

/* A bucket of SIG_LIMIT_MESSAGE_BURST that fills by SIG_LIMIT_MESSAGE_PER_S. */
static bool rate_pass(const struct call *c)
{
    struct member *m = c->m;
    int64_t full = SIG_LIMIT_MESSAGE_BURST * 1000;
    int64_t gained = (c->now.mono_us - m->tokens_us) * SIG_LIMIT_MESSAGE_PER_S / US_PER_MS;

    if (gained > 0) {
        m->tokens_us = c->now.mono_us;
        m->tokens_milli = m->tokens_milli + gained < full ? m->tokens_milli + gained : full;
    }
    if (m->tokens_milli < 1000)
        return false;
    m->tokens_milli -= 1000;
    m->flood = 0;
    return true;
}

static void handle(const struct call *c, const struct sig_client *msg)
{
    const struct rule *rule = &rules[msg->kind];

    if (!rate_pass(c)) {
        if (++c->m->flood > ROOM_FLOOD_MAX)
            effect_close(c->r, c->m->conn);
        else
            fault(c, SIG_ERROR_TOO_FAST, "");
        return;
    }
    if (!rule->act || !(rule->states >> c->r->state & 1u)) {
        fault(c, SIG_ERROR_NOT_NOW, "");
        return;
    }
    if (!(rule->seats >> c->m->admit.seat & 1u)) {
        fault(c, SIG_ERROR_NOT_ALLOWED, "");
        return;
    }
    rule->act(c, msg);
}

void room_message(struct room *r, struct now now, struct conn_id conn, const struct sig_client *msg)
{
    struct call c = { .r = r, .now = now, .re = sig_client_shapes[msg->kind].name };

    room_watch(r, now);
    room_heard(r, now, conn);
    c.m = member_by_conn(r, conn);
    if (c.m)
        handle(&c, msg);
    else
        tell_error(r, conn, SIG_ERROR_NOT_NOW, c.re, "", "");
    room_settle(r, now);
}
