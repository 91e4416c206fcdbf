/* SPDX-License-Identifier: Apache-2.0
 *
 * One person; see seat.h.
 */
#include "tests/peers/seat.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/protocol/protocol.gen.h"

#define VOICE_US (20 * US_PER_MS)
#define PICTURE_US (US_PER_S / PICTURE_FPS)
#define KEY_REQUEST_US (500 * US_PER_MS)
#define VOICE_LEVEL 15

/* As a page that cannot take the line for media, and so asks for media anew; none waits longer. */
#define SILENCE_US (10 * US_PER_S)
#define MEDIA_LOST_US (6500 * US_PER_MS) /* "disconnected" after 5 s, and then 1.5 s */

/* ---- what happens, for those who watch ---- */

static void event(const struct seat *s, const char *what, int64_t ms)
{
    if (s->world->events_us == 0)
        return;
    printf("{\"event\":\"%s\",\"seat\":%d,\"at\":%.3f,\"ms\":%lld}\n", what, s->number,
           (double)s->real_us / US_PER_MS, (long long)ms);
    fflush(stdout);
}

/* A voice or a picture came: the pause before it, if it was one. */
static void flows(struct seat *s, int kind)
{
    static const char *const names[] = { "voice", "picture" };
    struct seat_flow *f = &s->flow[kind];
    int64_t gap_us = f->last_us ? s->now.mono_us - f->last_us : 0;

    if (!f->last_us || gap_us >= s->world->events_us)
        event(s, names[kind], gap_us / US_PER_MS);
    f->last_us = s->now.mono_us;
}

/* ---- talking ---- */

static void say(struct seat *s, const struct sig_client *m)
{
    struct strbuf b;
    char *text = NULL;

    strbuf_init(&b);
    if (sig_client_write(m, &b) == ERR_OK && strbuf_take(&b, &text) == ERR_OK &&
        s->outbox_n < SEAT_OUTBOX) {
        s->outbox[s->outbox_n++] = text;
        return;
    }
    strbuf_deinit(&b);
    mem_free(text);
    (void)!str_copy(s->error, sizeof s->error, "cannot write a message");
    s->done = true;
}

char *seat_next_text(struct seat *s)
{
    char *text = s->outbox[0];

    if (s->outbox_n == 0)
        return NULL;
    s->outbox_n--;
    memmove(s->outbox, s->outbox + 1, (size_t)s->outbox_n * sizeof s->outbox[0]);
    return text;
}

/* ---- media ---- */

static void client_sends(void *arg, const uint8_t *data, size_t len)
{
    struct seat *s = arg;

    if (s->fd >= 0 && send(s->fd, data, len, MSG_DONTWAIT) == (ssize_t)len)
        s->datagrams_out++;
}

static void client_hears(void *arg, int slot, const struct rtp *p, int64_t seq, bool repeated)
{
    struct seat *s = arg;
    int64_t *first = s->client->slots[slot].video ? &s->t.first_picture : &s->t.first_voice;

    (void)repeated;
    if (!*first)
        *first = s->now.mono_us;
    if (!s->client->slots[slot].video)
        flows(s, 0);
    else if (!s->world->decode)
        flows(s, 1);
    if (!s->world->decode || p->payload_len == 0)
        return;
    if (s->client->slots[slot].video) {
        uint64_t before = s->eyes[slot].frames;

        eye_see(&s->eyes[slot], p, seq, s->real_us);
        if (s->eyes[slot].frames != before)
            flows(s, 1);
        if (s->eyes[slot].frames && !s->t.first_decoded)
            s->t.first_decoded = s->now.mono_us;
    } else {
        ear_hear(&s->ears[slot], p->payload, p->payload_len, s->real_us);
    }
}

/* A socket that talks to the server only. */
static bool open_socket(struct seat *s)
{
    const struct addr *at = client_server(s->client);
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(at->port) };
    int size = 1 << 20;

    memcpy(&sa.sin_addr, at->ip, 4);
    s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->fd < 0 || connect(s->fd, (struct sockaddr *)&sa, sizeof sa) != 0)
        return false;
    setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    return true;
}

/* ---- the conversation ---- */

static void on_welcome(struct seat *s, const struct sig_server_welcome *m)
{
    struct sig_client join = { .kind = SIG_CLIENT_JOIN };

    s->ping_s = m->ping_s;
    s->ping_us = s->now.mono_us + m->ping_s * US_PER_S;
    join.u.join.lesson = s->lesson;
    join.u.join.take_over = s->world->take_over;
    join.u.join.resume = s->resume[0] ? s->resume : NULL;
    s->t.asked = s->now.mono_us;
    say(s, &join);
}

/* The media connection that there was is of no use any more. */
static void forget_media(struct seat *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    client_free(s->client);
    s->client = NULL;
    s->t.live = 0;
    for (int i = 0; s->world->decode && i < SLOTS_MAX; i++) {
        eye_deinit(&s->eyes[i]);
        memset(&s->eyes[i], 0, sizeof s->eyes[i]);
        if (eye_init(&s->eyes[i]) != ERR_OK)
            s->done = true;
    }
}

static void offer_media(struct seat *s, const struct client_config *c)
{
    struct sig_client offer = { .kind = SIG_CLIENT_OFFER };

    s->tell_us = s->now.mono_us + MEDIA_LOST_US;
    if (client_new(&s->client, c, s->now) != ERR_OK) {
        (void)!str_copy(s->error, sizeof s->error, "no client");
        s->done = true;
        return;
    }
    offer.u.offer.sdp = client_offer(s->client);
    say(s, &offer);
}

static void on_joined(struct seat *s, const struct sig_server_joined *m)
{
    struct client_config c = { .identity = s->world->identity,
                               .plan = { m->slots.audio, m->slots.video, m->slots.screen },
                               .seed = (uint64_t)s->real_us + (uint64_t)s->number,
                               .arg = s,
                               .send = client_sends,
                               .packet = client_hears };
    struct sig_client state = { .kind = SIG_CLIENT_STATE };

    s->t.joined = s->now.mono_us;
    s->member = m->you;
    (void)!str_copy(s->resume, sizeof s->resume, m->resume);
    s->seated = true;
    event(s, "seated", (int64_t)m->members_n);
    if (s->client)
        forget_media(s);
    s->config = c;
    offer_media(s, &c);
    state.u.state.mic = true;
    state.u.state.camera = !s->world->voice_only;
    state.u.state.screen = s->world->send_screen && s->number == 0;
    say(s, &state);
}

static void on_answer(struct seat *s, const char *sdp)
{
    s->t.answered = s->now.mono_us;
    if (!s->client || s->fd >= 0)
        return;
    if (client_answer(s->client, sdp, strlen(sdp), s->now) != ERR_OK || !open_socket(s)) {
        (void)!str_copy(s->error, sizeof s->error, "answer");
        s->done = true;
        return;
    }
    client_timeout(s->client, s->now);
}

static void on_slots(struct seat *s, const struct sig_server_slots *m)
{
    if (s->done) /* the others leave too: what counts is what it was */
        return;
    for (size_t i = 0; i < m->slots_n; i++)
        for (int k = 0; s->client && k < s->client->slots_n; k++)
            if (strcmp(s->client->slots[k].mid, m->slots[i].mid) == 0)
                s->carries[k] = (uint16_t)m->slots[i].member;
}

void seat_heard(struct seat *s, const char *text, size_t len)
{
    struct sig_fault fault;
    struct sig_server m;

    s->heard_us = s->now.mono_us;
    if (sig_server_parse(text, len, &m, &fault) != ERR_OK) {
        (void)!str_format(s->error, sizeof s->error, "message: %.20s %.20s", fault.re, fault.field);
        s->done = true;
        return;
    }
    switch (m.kind) {
    case SIG_SERVER_WELCOME:
        on_welcome(s, &m.u.welcome);
        break;
    case SIG_SERVER_JOINED:
        on_joined(s, &m.u.joined);
        break;
    case SIG_SERVER_ANSWER:
        on_answer(s, m.u.answer.sdp);
        break;
    case SIG_SERVER_SLOTS:
        on_slots(s, &m.u.slots);
        break;
    case SIG_SERVER_REFUSED:
        event(s, sig_refusal_name(m.u.refused.code), 0);
        (void)!str_copy(s->refused, sizeof s->refused, sig_refusal_name(m.u.refused.code));
        s->done = true;
        break;
    case SIG_SERVER_CLOSED:
        event(s, sig_close_name(m.u.closed.code), 0);
        (void)!str_copy(s->closed, sizeof s->closed, sig_close_name(m.u.closed.code));
        s->done = !s->world->stay || m.u.closed.code != SIG_CLOSE_SERVER_RESTART;
        break;
    case SIG_SERVER_ERROR:
        (void)!str_format(s->error, sizeof s->error, "%.20s %.20s", sig_error_name(m.u.error.code),
                          m.u.error.field ? m.u.error.field : "");
        break;
    default:
        break;
    }
    sig_server_free(&m);
}

void seat_lost(struct seat *s)
{
    if (s->world->stay && !s->done) {
        event(s, "line_lost", 0);
        s->ping_s = 0;
        s->seated = false;
        while (s->outbox_n > 0)
            mem_free(s->outbox[--s->outbox_n]);
        return;
    }
    if (!s->done && !s->closed[0])
        (void)!str_copy(s->error, sizeof s->error, "connection lost");
    s->done = true;
}

bool seat_line_is_dead(const struct seat *s)
{
    return s->ping_s && s->now.mono_us - s->heard_us >= SILENCE_US;
}

/* ---- time ---- */

static void receive(struct seat *s)
{
    uint8_t data[2048];
    ssize_t n;

    while (s->fd >= 0 && (n = recv(s->fd, data, sizeof data, MSG_DONTWAIT)) > 0) {
        s->datagrams_in++;
        s->tell_us = s->now.mono_us + MEDIA_LOST_US;
        client_input(s->client, s->now, client_server(s->client), data, (size_t)n);
    }
}

static void send_picture(struct seat *s, enum client_source source, int *at)
{
    struct client_stream *stream = &s->client->streams[source][0];
    const uint8_t *frame;
    size_t len;

    if (stream->wants_key || stream->packets == 0) {
        stream->wants_key = false;
        *at = 0;
    }
    frame = reel_frame(&s->world->reel, *at, s->real_us, &len);
    client_send_picture(s->client, s->now, source, 0, frame, len, 90000 / PICTURE_FPS);
    *at = (*at + 1) % REEL_FRAMES;
}

static void send_media(struct seat *s)
{
    struct tone *tone = &s->world->tones[s->number % 4];

    if (!s->client->live)
        return;
    if (!s->t.live) {
        s->t.live = s->voice_us = s->picture_us = s->now.mono_us;
    }
    for (; s->voice_us <= s->now.mono_us; s->voice_us += VOICE_US) {
        size_t len;
        const uint8_t *packet = tone_packet(tone, s->voice_at, s->real_us, &len);

        client_send_voice(s->client, s->now, packet, len, VOICE_LEVEL, TONE_SAMPLES);
        s->voice_at = (s->voice_at + 1) % TONE_PACKETS;
    }
    for (; s->picture_us <= s->now.mono_us && !s->world->voice_only; s->picture_us += PICTURE_US) {
        send_picture(s, CLIENT_CAMERA, &s->picture_at);
        if (s->world->send_screen && s->number == 0)
            send_picture(s, CLIENT_SCREEN, &s->screen_at);
    }
}

/* A browser asks for a key frame when its decoder needs one. */
static void ask_pictures(struct seat *s)
{
    if (s->now.mono_us < s->key_us)
        return;
    for (int i = 0; i < s->client->slots_n; i++) {
        if (!s->client->slots[i].video || !s->eyes[i].wants_key)
            continue;
        s->eyes[i].wants_key = false;
        s->key_us = s->now.mono_us + KEY_REQUEST_US;
        client_ask_picture(s->client, i);
    }
}

/* Nothing comes any more, or nothing has ever come: as the protocol has it, a new offer on the same
 * line. Without a line that waits for the next one. */
static void renew_media(struct seat *s)
{
    if (!s->world->stay || !s->client || !s->seated || s->now.mono_us < s->tell_us)
        return;
    event(s, "media_lost", 0);
    forget_media(s);
    offer_media(s, &s->config);
}

void seat_turn(struct seat *s, struct now now, int64_t real_us)
{
    s->now = now;
    s->real_us = real_us;
    if (s->ping_s && now.mono_us >= s->ping_us && !s->done) {
        struct sig_client ping = { .kind = SIG_CLIENT_PING };

        ping.u.ping.id = s->pings++;
        s->ping_us = now.mono_us + s->ping_s * US_PER_S;
        say(s, &ping);
    }
    if (!s->client || s->done)
        return;
    receive(s);
    renew_media(s);
    if (!s->client)
        return;
    if (client_deadline(s->client) <= now.mono_us)
        client_timeout(s->client, now);
    send_media(s);
    ask_pictures(s);
}

void seat_leave(struct seat *s)
{
    struct sig_client leave = { .kind = SIG_CLIENT_LEAVE };

    if (s->done)
        return;
    leave.u.leave.reason = SIG_LEAVE_REASON_LEFT;
    say(s, &leave);
    if (s->client)
        client_close(s->client, s->now);
    s->done = true;
}

/* ---- beginning and end ---- */

enum err seat_init(struct seat *s, struct seat_world *world, int number)
{
    enum err e = ERR_OK;

    memset(s, 0, sizeof *s);
    s->world = world;
    s->number = number;
    s->fd = -1;
    for (int i = 0; e == ERR_OK && world->decode && i < SLOTS_MAX; i++) {
        e = eye_init(&s->eyes[i]);
        if (e == ERR_OK)
            e = ear_init(&s->ears[i]);
    }
    return e;
}

void seat_deinit(struct seat *s)
{
    if (s->fd >= 0)
        close(s->fd);
    client_free(s->client);
    for (int i = 0; i < s->outbox_n; i++)
        mem_free(s->outbox[i]);
    for (int i = 0; i < SLOTS_MAX; i++) {
        eye_deinit(&s->eyes[i]);
        ear_deinit(&s->ears[i]);
    }
}

static json_t *since(const struct seat *s, int64_t at)
{
    return at && s->t.asked ? json_real((double)(at - s->t.asked) / 1000) : json_null();
}

static json_t *slot_report(struct seat *s, int i)
{
    struct client_slot *slot = &s->client->slots[i];
    struct delays *delays;
    json_t *o = json_pack("{s:s, s:i, s:I, s:I, s:I, s:I}", "kind", slot->video ? "video" : "audio",
                          "member", (int)s->carries[i], "packets", (json_int_t)slot->packets,
                          "repeated", (json_int_t)slot->repeated, "lost",
                          (json_int_t)(slot->nack.gave_up + (uint64_t)slot->nack.missing_n),
                          "bytes", (json_int_t)slot->bytes);

    if (!s->world->decode)
        return o;
    if (slot->video) {
        struct eye *e = &s->eyes[i];

        json_object_set_new(o, "frames", json_integer((json_int_t)e->frames));
        json_object_set_new(o, "broken", json_integer((json_int_t)(e->broken + e->skipped)));
        json_object_set_new(o, "psnr_db", json_real(eye_psnr(e)));
    } else {
        json_object_set_new(o, "energy_db", json_real(ear_db(&s->ears[i])));
        json_object_set_new(o, "hz", json_real(ear_hz(&s->ears[i])));
    }
    delays = slot->video ? &s->eyes[i].delays : &s->ears[i].delays;
    json_object_set_new(o, "delay_ms_p50", json_real(delays_ms(delays, 0.5)));
    json_object_set_new(o, "delay_ms_p99", json_real(delays_ms(delays, 0.99)));
    return o;
}

json_t *seat_report(struct seat *s)
{
    json_t *slots = json_array();

    for (int i = 0; s->client && i < s->client->slots_n; i++)
        if (s->client->slots[i].packets > 0)
            json_array_append_new(slots, slot_report(s, i));
    return json_pack("{s:i, s:i, s:s, s:s, s:s, s:{s:o, s:o, s:o, s:o, s:o, s:o}, s:I, s:I, s:i, "
                     "s:o}",
                     "seat", s->number, "member", s->member, "refused", s->refused, "closed",
                     s->closed, "error", s->error, "ms", "joined", since(s, s->t.joined), "answer",
                     since(s, s->t.answered), "live", since(s, s->t.live), "first_voice",
                     since(s, s->t.first_voice), "first_picture", since(s, s->t.first_picture),
                     "first_decoded", since(s, s->t.first_decoded), "datagrams_in",
                     (json_int_t)s->datagrams_in, "datagrams_out", (json_int_t)s->datagrams_out,
                     "sends_hz", s->world->tone_hz[s->number % 4], "slots", slots);
}
