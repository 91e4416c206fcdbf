/* SPDX-License-Identifier: Apache-2.0
 *
 * The signalling WebSocket: frames in, messages parsed and handed to the
 * rooms, pings, rates, the ready check. Knows who is logged in on a
 * connection; what that person may do is decided elsewhere. Net loop only.
 */
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/protocol/protocol.gen.h"
#include "server/net/conn.h"

#define MESSAGE_TIMEOUT_US (10 * US_PER_S) /* from the first byte of a message to its last */
#define OVERRUN_PER_S 10 /* messages beyond the limit that are answered; then the line is cut */
#define OVERRUN_BURST 100
#define HEARD_EVERY_US (500 * US_PER_MS)
#define FRAMES_PER_S 200 /* voice 50, camera 30 and screen 30, and room for what waited */
#define FRAMES_BURST 400
#define NARROW_BPS 200000
#define FRAME_COST 12  /* of a message of media: head, its share of TLS */
#define PONG_BYTES 125 /* the most that a control frame may carry */
#define PONG_COST ((size_t)PONG_BYTES + 2)
#define TOGETHER_US                                                                                \
    (50 * US_PER_MS) /* three voices: one TCP segment instead of three saves 20 kbit/s */
#define TOGETHER_BYTES 1200u
#define PROBE_US (20 * US_PER_S)
#define PROBE_PAUSE_US (2 * US_PER_S)
#define PROBES_PER_USER 3
#define MEASURE_QUEUED_MAX (256u * 1024)

void ws_send_message(struct conn *c, const struct sig_server *m)
{
    struct strbuf b;

    strbuf_init(&b);
    if (sig_server_write(m, &b) == ERR_OK && strbuf_ok(&b))
        ws_send(c, b.s, b.len);
    else
        log_error("ws.write", "conn=%llu kind=%d", (unsigned long long)c->id.v, (int)m->kind);
    strbuf_deinit(&b);
}

static void send_error(struct conn *c, enum sig_error code, const char *re, const char *field,
                       const char *detail)
{
    struct sig_server m = {
        .kind = SIG_SERVER_ERROR,
        .u.error = { .code = code, .re = re, .field = field, .detail = detail },
    };

    ws_send_message(c, &m);
}

static void end_frames(struct ws *ws);

static bool send_frame(struct conn *c, enum ws_opcode op, const void *payload, size_t len)
{
    uint8_t header[WS_HEADER_MAX];

    return conn_send(c, header, ws_write_header(header, op, len)) && conn_send(c, payload, len);
}

bool ws_send(struct conn *c, const char *text, size_t len)
{
    return c->state == CONN_WS && send_frame(c, WS_OP_TEXT, text, len);
}

void ws_close(struct conn *c, int code)
{
    uint8_t payload[2] = { (uint8_t)(code >> 8), (uint8_t)code };

    if (c->state != CONN_WS)
        return;
    if (send_frame(c, WS_OP_CLOSE, payload, sizeof payload))
        conn_finish(c);
}

void ws_server_restart(struct conn *c)
{
    ws_say_closed(c, SIG_CLOSE_SERVER_RESTART);
    ws_close(c, WS_CLOSE_AWAY);
}

void ws_say_closed(struct conn *c, int code)
{
    struct sig_server m = { .kind = SIG_SERVER_CLOSED,
                            .u.closed = { .code = (enum sig_close)code } };

    ws_send_message(c, &m);
}

bool ws_user_fits(struct net *n, struct user_id user)
{
    int open = 0;

    LIST_EACH (&n->rooms.people, node) {
        if (user_id_eq(LIST_OWNER(node, struct ws, of_everybody)->user, user))
            open++;
    }
    return open < n->config.connections_per_user_max;
}

void ws_open(struct conn *c, const struct desk_reply *r)
{
    struct net *n = c->net;
    struct ws *ws = mem_zalloc(1, sizeof *ws);
    struct sig_server m = { .kind = SIG_SERVER_WELCOME };

    if (!ws) {
        conn_kill(c);
        return;
    }
    c->ws = ws;
    ws->conn = c;
    ws_reader_init(&ws->reader);
    list_init(&ws->in_room);
    list_append(&n->rooms.people, &ws->of_everybody);
    ws->user = r->u.connect.user;
    ws->login = r->u.connect.login;
    ws->heard_us = ws->pinged_us = n->now.mono_us;
    if (!str_copy(ws->name, sizeof ws->name, r->u.connect.name))
        ws->name[0] = '\0';
    n->counters.ws_opened++;
    conn_set_state(c, CONN_WS, NEVER_US);
    m.u.welcome = (struct sig_server_welcome){ .protocol = SIG_PROTOCOL,
                                               .now = n->now.unix_ms,
                                               .user = ws->user.v,
                                               .name = ws->name,
                                               .ping_s = SIG_LIMIT_PING_S };
    ws_send_message(c, &m);
    ws_input(c);
}

static void stop_probe(struct conn *c)
{
    struct media_command cmd = { .kind = MEDIA_STAGE_CLOSE };
    struct ws *ws = c->ws;

    if (!ws->probe_leg.v)
        return;
    (void)relay_command(ws->probe_relay, (struct stage_key){ .v = ws->probe_leg.v, .probe = true },
                        &cmd);
    ws->probe_leg.v = 0;
}

void ws_free(struct conn *c)
{
    struct ws *ws = c->ws;

    if (!ws)
        return;
    rooms_conn_lost(c->net, c);
    stop_probe(c);
    end_frames(ws);
    list_unlink(&ws->in_room);
    list_unlink(&ws->of_everybody);
    ws_reader_deinit(&ws->reader);
    c->ws = NULL;
    mem_free(ws);
}

/* True if there is a token; else the sender is told, or cut off if it goes on regardless. */
static bool within_rate(struct conn *c, bool tell)
{
    int64_t now_us = c->net->now.mono_us;

    if (rate_take(&c->ws->messages, now_us, SIG_LIMIT_MESSAGE_PER_S, SIG_LIMIT_MESSAGE_BURST))
        return true;
    if (!rate_take(&c->ws->overruns, now_us, OVERRUN_PER_S, OVERRUN_BURST)) {
        c->net->counters.ws_faults++;
        ws_close(c, WS_CLOSE_POLICY);
    } else if (tell) {
        send_error(c, SIG_ERROR_TOO_FAST, "", "", "");
    }
    return false;
}

static void refuse_join(struct conn *c, enum sig_refusal code, int64_t lesson)
{
    struct sig_server m = { .kind = SIG_SERVER_REFUSED,
                            .u.refused = { .code = code, .lesson = lesson } };

    ws_send_message(c, &m);
}

static void join(struct conn *c, const struct sig_client_join *j)
{
    struct ws *ws = c->ws;
    struct desk_request *r;

    if (ws->room || ws->asked.v) {
        send_error(c, SIG_ERROR_NOT_NOW, "join", "", "");
        return;
    }
    r = c->net->draining ? NULL : desk_request_new(DESK_ADMIT, c->id.v);
    if (!r) {
        refuse_join(c, SIG_REFUSAL_UNAVAILABLE, j->lesson);
        return;
    }
    r->u.admit.user = ws->user;
    r->u.admit.login = ws->login;
    r->u.admit.lesson.v = j->lesson;
    r->u.admit.take_over = j->take_over;
    r->u.admit.conn = c->id.v;
    memcpy(r->u.admit.client_hash, c->client_hash, sizeof c->client_hash);
    if (j->resume && !str_copy(r->u.admit.resume, sizeof r->u.admit.resume, j->resume))
        r->u.admit.resume[0] = '\0';
    rooms_returns(c->net, c, r->u.admit.lesson);
    if (!net_desk_post(c->net, r)) {
        refuse_join(c, SIG_REFUSAL_UNAVAILABLE, j->lesson);
        return;
    }
    /* Until the answer, what follows waits in the input buffer (the offer comes right behind). */
    ws->asked.v = j->lesson;
    ws->asked_us = c->net->now.mono_us;
    conn_rearm(c);
}

/* The ready check: a leg on a stage of its own, heard by nobody. */
static void probe(struct conn *c, const struct sig_client_probe *p)
{
    struct net *n = c->net;
    struct ws *ws = c->ws;
    struct media_command cmd = { .kind = MEDIA_LEG_OPEN,
                                 .member = 1,
                                 .plan = { .audio = 2, .video = 2, .screen = 1 },
                                 .probe = true,
                                 .offer = p->sdp,
                                 .offer_len = strlen(p->sdp) };
    int running = 0;

    LIST_EACH (&n->rooms.people, node) {
        struct ws *other = LIST_OWNER(node, struct ws, of_everybody);

        running += other != ws && other->probe_leg.v && user_id_eq(other->user, ws->user);
    }
    if (ws->room || n->draining || n->relays_n == 0) {
        send_error(c, SIG_ERROR_NOT_NOW, "probe", "", "");
        return;
    }
    if (running >= PROBES_PER_USER || n->now.mono_us < ws->probe_next_us) {
        send_error(c, SIG_ERROR_TOO_FAST, "probe", "", "");
        return;
    }
    stop_probe(c);
    /* The top bit keeps these apart from the legs of lessons, which have their connection's id. */
    ws->probe_leg.v = UINT64_C(1) << 63 | ++n->probes;
    ws->probe_relay = net_next_relay(n);
    ws->probe_next_us = n->now.mono_us + PROBE_PAUSE_US;
    ws->probe_end_us = n->now.mono_us + PROBE_US;
    cmd.leg = ws->probe_leg;
    if (!relay_command(ws->probe_relay, (struct stage_key){ .v = ws->probe_leg.v, .probe = true },
                       &cmd)) {
        ws->probe_leg.v = 0;
        send_error(c, SIG_ERROR_NOT_NOW, "probe", "", "");
    }
    conn_rearm(c);
}

void ws_probe_event(struct net *n, const struct relay_event *ev)
{
    LIST_EACH (&n->rooms.people, node) {
        struct ws *ws = LIST_OWNER(node, struct ws, of_everybody);
        struct sig_server m = { .kind = SIG_SERVER_PROBE_ANSWER };

        if (ws->probe_leg.v != ev->stage.v)
            continue;
        if (ev->event.kind == MEDIA_ANSWER) {
            m.u.probe_answer.sdp = ev->sdp;
            ws_send_message(ws->conn, &m);
        } else if (ev->event.kind == MEDIA_REFUSED) {
            send_error(ws->conn, SIG_ERROR_BAD_OFFER, "probe", "sdp",
                       ev->event.why ? ev->event.why : "");
            stop_probe(ws->conn);
        } else if (ev->event.kind == MEDIA_DEAD) {
            stop_probe(ws->conn);
        }
        return;
    }
}

static bool in_a_lesson(const struct net *n, struct user_id user)
{
    LIST_EACH (&n->rooms.people, node) {
        const struct ws *ws = LIST_OWNER(node, struct ws, of_everybody);

        if (user_id_eq(ws->user, user) && (ws->room || ws->asked.v))
            return true;
    }
    return false;
}

/* Of a path test: takes filler, gives filler. The answer is never larger than the person's share
 * allows, and none is queued behind others that have not gone out. */
static void measure(struct conn *c, const struct sig_client_measure *m)
{
    static char filler[SIG_LIMIT_MEASURE_BYTES + 1];
    struct net *n = c->net;
    struct sig_server answer = { .kind = SIG_SERVER_MEASURED, .u.measured.id = m->id };
    size_t took = m->filler ? strlen(m->filler) : 0, gives = (size_t)m->bytes;

    if (n->draining || in_a_lesson(n, c->ws->user)) {
        send_error(c, SIG_ERROR_NOT_NOW, "measure", "", "");
        return;
    }
    if (c->out_bytes > MEASURE_QUEUED_MAX ||
        !measures_take(&n->measures, &c->perip->measures, c->ws->user, took + gives,
                       n->now.mono_us)) {
        send_error(c, SIG_ERROR_TOO_FAST, "measure", "", "");
        return;
    }
    if (!filler[0])
        memset(filler, '.', SIG_LIMIT_MEASURE_BYTES);
    answer.u.measured.filler = filler + SIG_LIMIT_MEASURE_BYTES - gives;
    ws_send_message(c, &answer);
}

static void dispatch(struct conn *c, const struct sig_client *msg)
{
    struct sig_server pong = { .kind = SIG_SERVER_PONG };

    switch (msg->kind) {
    case SIG_CLIENT_JOIN:
        join(c, &msg->u.join);
        break;
    case SIG_CLIENT_PROBE:
        probe(c, &msg->u.probe);
        break;
    case SIG_CLIENT_MEASURE:
        measure(c, &msg->u.measure);
        break;
    case SIG_CLIENT_PING:
        pong.u.pong = (struct sig_server_pong){ .id = msg->u.ping.id, .now = c->net->now.unix_ms };
        ws_send_message(c, &pong);
        rooms_heard(c->net, c);
        break;
    default:
        if (c->ws->room)
            rooms_message(c->net, c, msg);
        else
            send_error(c, SIG_ERROR_NOT_NOW, sig_client_shapes[msg->kind].name, "", "");
    }
}

static void text_message(struct conn *c, const char *text, size_t len)
{
    struct sig_client msg;
    struct sig_fault fault = { 0 };
    enum err e;

    if (!within_rate(c, true))
        return;
    c->net->counters.ws_messages++;
    e = sig_client_parse(text, len, &msg, &fault);
    if (e == ERR_PARSE)
        send_error(c, fault.code, fault.re, fault.field, "");
    else if (e)
        ws_close(c, WS_CLOSE_TRY_LATER);
    if (e)
        return;
    dispatch(c, &msg);
    sig_client_free(&msg);
}

/* ---- media ---- */

bool ws_frames_begin(struct conn *c)
{
    struct ws *ws = c->ws;

    if (ws->frames)
        return true;
    ws->frames = mem_zalloc(1, sizeof *ws->frames);
    if (!ws->frames)
        return false;
    sendq_init(ws->frames, c->net->now);
    intake_init(&ws->intake, c->net->now);
    /* A picture that is a little too large is refused by name; only far beyond it the line closes.
     */
    ws->reader.binary_max = SIG_MEDIA_HEADER_BYTES + 2 * SIG_MEDIA_PICTURE_BYTES;
    conn_keep_fresh(c);
    return true;
}

static void end_frames(struct ws *ws)
{
    if (ws->frames)
        sendq_deinit(ws->frames);
    mem_free(ws->frames);
    ws->frames = NULL;
}

static void binary_message(struct conn *c, const char *data, size_t len)
{
    struct ws *ws = c->ws;

    if (rate_take(&ws->frames_in, c->net->now.mono_us, FRAMES_PER_S, FRAMES_BURST)) {
        rooms_frame(c->net, c, data, len);
    } else if (!rate_take(&ws->overruns, c->net->now.mono_us, OVERRUN_PER_S, OVERRUN_BURST)) {
        c->net->counters.ws_faults++;
        ws_close(c, WS_CLOSE_POLICY);
    }
}

/* A pong that nobody asked for is thrown away by every client (RFC 6455 section 5.5.3). */
static void send_filler(struct conn *c, size_t bytes)
{
    static const char nothing[PONG_BYTES];

    for (; bytes > 0; bytes -= bytes < PONG_COST ? bytes : PONG_COST)
        send_frame(c, WS_OP_PONG, nothing, bytes < PONG_BYTES ? bytes : PONG_BYTES);
}

/* How much the socket takes. What is sent is paced a little above it, lest a queue fill on the way;
 * and where little goes through, voices travel together. */
static void look_at_intake(struct conn *c)
{
    struct ws *ws = c->ws;
    struct sendq_pressure p;
    struct intake_seen seen;
    struct tcp_seen tcp = { 0 };
    bool news;

    if (!intake_due(&ws->intake, c->net->now))
        return;
    p = sendq_pressure(ws->frames);
    (void)conn_look(c, &tcp);
    seen = (struct intake_seen){ .oldest_us = p.oldest_us,
                                 .acked = tcp.acked,
                                 .rtt_us = tcp.rtt_us,
                                 .least_us = tcp.least_us,
                                 .repeats = tcp.repeats,
                                 .given = ws->frames_bytes,
                                 .wants_bps = ws->wants_bps };
    news = intake_look(&ws->intake, &seen, c->net->now);
    send_filler(c, ws->intake.filler);
    if (!news)
        return;
    conn_pace(c, intake_pace(&ws->intake));
    ws->together_us = ws->intake.bps < NARROW_BPS ? TOGETHER_US : 0;
    rooms_takes(c->net, c, ws->intake.bps);
}

/* What the queue has to say after any call on it. */
static void settle_frames(struct conn *c)
{
    uint8_t slot;

    look_at_intake(c);

    while (sendq_wants_key(c->ws->frames, &slot))
        rooms_want_key(c->net, c, slot);
}

void ws_frame_out(struct conn *c, uint8_t *message, size_t len)
{
    if (c->state != CONN_WS || !c->ws->frames) {
        mem_free(message);
        return;
    }
    sendq_input(c->ws->frames, c->net->now, message, len);
    settle_frames(c);
    conn_wants_write(c);
    conn_rearm(c);
}

/* False while the voices that wait may wait for the next ones. */
static bool ripe(const struct ws *ws)
{
    struct sendq_pressure p = sendq_pressure(ws->frames);

    return p.oldest_us >= ws->together_us || p.bytes >= TOGETHER_BYTES;
}

void ws_pull(struct conn *c)
{
    size_t len, sum = 0;

    if (!c->ws->frames || !ripe(c->ws))
        return;
    do {
        uint8_t *message = sendq_poll(c->ws->frames, c->net->now, &len);

        if (!message)
            break;
        send_frame(c, WS_OP_BINARY, message, len);
        c->ws->frames_bytes += len + FRAME_COST;
        mem_free(message);
        sum += len;
    } while (sum < TOGETHER_BYTES);
    settle_frames(c);
}

static void heard(struct conn *c)
{
    c->ws->heard_us = c->net->now.mono_us;
    rooms_heard(c->net, c);
}

static void take_event(struct conn *c, enum ws_got got, const struct ws_event *ev)
{
    if (got == WS_GOT_NOTHING)
        return;
    /* Frames come 75 times a second: the room need not hear of each. */
    if (got != WS_GOT_FAULT &&
        (got != WS_GOT_BINARY || c->net->now.mono_us - c->ws->heard_us >= HEARD_EVERY_US))
        heard(c);
    switch (got) {
    case WS_GOT_TEXT:
        text_message(c, ev->data, ev->len);
        break;
    case WS_GOT_BINARY:
        binary_message(c, ev->data, ev->len);
        break;
    case WS_GOT_PING:
        if (within_rate(c, false))
            send_frame(c, WS_OP_PONG, ev->data, ev->len);
        break;
    case WS_GOT_PONG:
    case WS_GOT_FRAME:
        (void)within_rate(c, false);
        break;
    case WS_GOT_CLOSE:
        ws_close(c, ev->code);
        break;
    case WS_GOT_FAULT:
        c->net->counters.ws_faults++;
        ws_close(c, ev->code);
        break;
    case WS_GOT_NOTHING:
        break;
    }
}

void ws_input(struct conn *c)
{
    struct ws *ws = c->ws;
    size_t at = 0;

    /* A pending admission holds everything back: what is said next is said to the room. */
    while (c->state == CONN_WS && !ws->asked.v && at < c->in_len) {
        struct ws_event ev = { 0 };
        size_t used = 0;
        enum ws_got got =
            ws_read(&ws->reader, (const uint8_t *)c->in + at, c->in_len - at, &used, &ev);

        at += used;
        if (!ws_reader_busy(&ws->reader))
            ws->message_since_us = 0;
        else if (!ws->message_since_us)
            ws->message_since_us = c->net->now.mono_us;
        take_event(c, got, &ev);
    }
    if (c->state != CONN_WS)
        at = c->in_len;
    conn_drop_input(c, at);
    conn_rearm(c);
}

int64_t ws_next_timer_us(const struct conn *c)
{
    const struct ws *ws = c->ws;
    const struct net_config *config = &c->net->config;
    int64_t at = ws->heard_us + config->hangup_us;

    at = earlier_us(at, ws->pinged_us + config->ping_us);
    if (ws->message_since_us)
        at = earlier_us(at, ws->message_since_us + MESSAGE_TIMEOUT_US);
    if (ws->asked.v)
        at = earlier_us(at, ws->asked_us + config->answer_timeout_us);
    if (ws->probe_leg.v)
        at = earlier_us(at, ws->probe_end_us);
    if (ws->frames) {
        struct sendq_pressure p = sendq_pressure(ws->frames);

        at = earlier_us(at, sendq_deadline(ws->frames));
        if (p.bytes > 0 && p.oldest_us < ws->together_us)
            at = earlier_us(at, c->net->now.mono_us + ws->together_us - p.oldest_us);
        if (p.bytes > 0 || ws->intake.met)
            at = earlier_us(at, ws->intake.looked_us + INTAKE_LOOK_US);
    }
    return at;
}

void ws_timer(struct conn *c)
{
    struct ws *ws = c->ws;
    const struct net_config *config = &c->net->config;
    int64_t now_us = c->net->now.mono_us;

    if (now_us >= ws->heard_us + config->hangup_us) {
        c->net->counters.timeouts++;
        conn_kill(c); /* nobody is there to read a goodbye */
        return;
    }
    if (ws->message_since_us && now_us >= ws->message_since_us + MESSAGE_TIMEOUT_US) {
        c->net->counters.ws_faults++;
        ws_close(c, WS_CLOSE_POLICY);
        return;
    }
    if (ws->asked.v && now_us >= ws->asked_us + config->answer_timeout_us) {
        /* The desk does not answer: fail closed (T24). A late answer finds nobody and gives the
         * seat back. */
        refuse_join(c, SIG_REFUSAL_UNAVAILABLE, ws->asked.v);
        ws_close(c, WS_CLOSE_TRY_LATER);
        return;
    }
    if (ws->probe_leg.v && now_us >= ws->probe_end_us)
        stop_probe(c);
    if (ws->frames) {
        sendq_timeout(ws->frames, c->net->now);
        if (sendq_dead(ws->frames)) {
            c->net->counters.ws_slow++;
            conn_kill(c);
            return;
        }
        settle_frames(c);
        conn_wants_write(c);
    }
    if (now_us >= ws->pinged_us + config->ping_us) {
        ws->pinged_us = now_us;
        send_frame(c, WS_OP_PING, "", 0);
    }
}
