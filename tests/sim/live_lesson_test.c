/* SPDX-License-Identifier: Apache-2.0
 *
 * One lesson with everything that carries it: the real room, the real stage
 * and three real WebRTC clients (DTLS, SRTP) on virtual time. What the room
 * promises about media is measured here in packets that reached a person.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/str.h"
#include "server/media/stage.h"
#include "server/room/room.h"
#include "tests/peers/peer_client.h"
#include "tests/support/virtual_time.h"

#define START_MS INT64_C(1790000000000)
#define DELAY_US (5 * US_PER_MS)
#define TICK_US (20 * US_PER_MS)
#define TX_CAP (128u * 1024)
#define PEOPLE 8
#define FLIGHTS 4096
#define DATAGRAM_MAX 2048
#define PICTURE_BYTES 3000

enum { MENTOR = 1, CHILD = 2, GUARDIAN = 50 };

/* A person on one connection; a person who comes back is another one of these. */
struct person {
    int64_t user;
    struct conn_id conn; /* place + 1 */
    bool connected;      /* signalling */
    struct client *client;
    struct addr addr;
    struct leg *leg;
    bool answered, closed;
    uint64_t voice, pictures; /* packets heard and seen */
    int64_t last_us;          /* the latest of them */
    uint16_t slots[SLOTS_MAX];
    int slots_n;
};

struct flight {
    int64_t at_us;
    int person;
    bool to_server;
    size_t len;
    uint8_t data[DATAGRAM_MAX];
};

struct lesson {
    struct now now;
    struct room *room;
    struct stage *stage;
    struct stage_shared shared;
    struct dtls_identity *server_identity, *client_identity;
    struct lesson_facts facts;
    struct person people[PEOPLE];
    int people_n;
    int64_t tick_us;
    uint64_t ticks;
    struct flight flights[FLIGHTS]; /* ring: the delay is the same for all */
    size_t flight_from, flight_n;
    bool over;
};

static struct lesson l; /* large */

static void pump(void);

/* --- network --- */

static void fly(int person, bool to_server, const uint8_t *data, size_t len)
{
    struct flight *f = &l.flights[(l.flight_from + l.flight_n++) % FLIGHTS];

    assert_true(l.flight_n <= FLIGHTS && len <= DATAGRAM_MAX);
    f->at_us = l.now.mono_us + DELAY_US;
    f->person = person;
    f->to_server = to_server;
    f->len = len;
    memcpy(f->data, data, len);
}

static void client_sends(void *arg, const uint8_t *data, size_t len)
{
    struct person *p = arg;

    fly((int)(p - l.people), true, data, len);
}

static void client_hears(void *arg, int slot, const struct rtp *packet, int64_t seq, bool repeated)
{
    struct person *p = arg;

    (void)packet;
    (void)seq;
    (void)repeated;
    if (p->client->slots[slot].video)
        p->pictures++;
    else
        p->voice++;
    p->last_us = l.now.mono_us;
}

static void land(void)
{
    while (l.flight_n > 0 && l.flights[l.flight_from].at_us <= l.now.mono_us) {
        struct flight *f = &l.flights[l.flight_from];
        struct person *p = &l.people[f->person];
        struct leg *leg = p->leg;
        const char *ufrag;
        size_t len;

        if (!f->to_server) {
            client_input(p->client, l.now, &l.shared.announce, f->data, f->len);
        } else {
            if (peer_stun_local_ufrag(f->data, f->len, &ufrag, &len))
                leg = stage_leg_by_ufrag(l.stage, ufrag, len);
            if (leg)
                stage_input(l.stage, l.now, leg, &p->addr, f->data, f->len);
        }
        l.flight_from = (l.flight_from + 1) % FLIGHTS;
        l.flight_n--;
    }
}

/* --- the driver: room and stage, each drained after each call --- */

static struct person *person_by_conn(uint64_t v)
{
    assert_in_range(v, 1, l.people_n);
    return &l.people[v - 1];
}

static void told(const struct room_effect *e)
{
    struct person *p = person_by_conn(e->conn.v);
    struct sig_server m;
    struct sig_fault fault;

    assert_int_equal(sig_server_parse(e->text, e->text_len, &m, &fault), ERR_OK);
    if (m.kind == SIG_SERVER_ANSWER) {
        assert_int_equal(client_answer(p->client, m.u.answer.sdp, strlen(m.u.answer.sdp), l.now),
                         ERR_OK);
        p->answered = true;
    } else if (m.kind == SIG_SERVER_SLOTS) {
        p->slots_n = (int)m.u.slots.slots_n;
        for (int i = 0; i < p->slots_n; i++)
            p->slots[i] = (uint16_t)m.u.slots.slots[i].member;
    }
    sig_server_free(&m);
}

static void drain_room(void)
{
    struct room_effect e;

    while (room_poll(l.room, &e)) {
        if (e.kind == ROOM_SEND)
            told(&e);
        else if (e.kind == ROOM_CLOSE)
            person_by_conn(e.conn.v)->closed = true;
        else if (e.kind == ROOM_MEDIA)
            stage_command(l.stage, l.now, e.media);
        else if (e.kind == ROOM_DONE)
            l.over = true;
    }
}

static void stage_says(const struct stage_out *out)
{
    struct person *p = l.people;

    switch (out->kind) {
    case STAGE_OUT_DATAGRAMS:
        while (!addr_eq(&p->addr, &out->to))
            p++;
        for (size_t at = 0; at < out->len; at += out->segment)
            fly((int)(p - l.people), false, out->data + at,
                out->len - at < out->segment ? out->len - at : out->segment);
        return;
    case STAGE_OUT_EVENT:
        if (out->event->kind == MEDIA_ANSWER)
            person_by_conn(out->event->leg.v)->leg = out->leg;
        room_media(l.room, l.now, out->event);
        return;
    case STAGE_OUT_GONE:
        for (int i = 0; i < l.people_n; i++) {
            if (l.people[i].leg == out->leg)
                l.people[i].leg = NULL;
        }
        return;
    case STAGE_OUT_FULL:
        l.shared.tx_len = 0;
        return;
    case STAGE_OUT_ADDR:
    case STAGE_OUT_FRAME: /* nobody is on a WebSocket here */
        return;
    }
}

/* Until neither has anything to say. */
static void pump(void)
{
    struct stage_out out;
    bool busy = true;

    while (busy) {
        busy = false;
        drain_room();
        while (stage_poll(l.stage, &out)) {
            stage_says(&out);
            busy = true;
        }
        l.shared.tx_len = 0;
    }
}

/* --- people --- */

static void send_media(struct person *p)
{
    static const uint8_t voice[60] = { 7 };
    static uint8_t picture[PICTURE_BYTES];
    struct client_stream *s = &p->client->streams[CLIENT_CAMERA][0];

    if (!p->client->live)
        return;
    client_send_voice(p->client, l.now, voice, sizeof voice, 20, 960);
    if (l.ticks % 2)
        return;
    picture[0] = s->wants_key || s->packets == 0 ? 0 : 1;
    s->wants_key = false;
    client_send_picture(p->client, l.now, CLIENT_CAMERA, 0, picture, sizeof picture, 3600);
}

/* Everybody sends all the time, whatever the room says: what is heard is what the server let pass.
 */
static void tick(void)
{
    l.tick_us += TICK_US;
    l.ticks++;
    for (int i = 0; i < l.people_n; i++) {
        struct person *p = &l.people[i];

        send_media(p);
        client_timeout(p->client, l.now);
        if (p->connected && !p->closed)
            room_heard(l.room, l.now, p->conn);
    }
}

static void run(int64_t ms)
{
    int64_t end = l.now.mono_us + ms * US_PER_MS;

    while (l.now.mono_us < end) {
        l.now.mono_us += US_PER_MS;
        l.now.unix_ms++;
        virtual_time_set(l.now.mono_us);
        if (l.tick_us <= l.now.mono_us)
            tick();
        land();
        stage_timeout(l.stage, l.now);
        if (room_deadline(l.room) <= l.now.mono_us)
            room_timeout(l.room, l.now);
        pump();
    }
}

static struct room_person rights(int64_t user)
{
    struct room_person p = {
        .admit = { .user = { user },
                   .seat = user == MENTOR  ? SEAT_MENTOR
                           : user == CHILD ? SEAT_CHILD
                                           : SEAT_GUARDIAN,
                   .login_valid = true,
                   .active = true,
                   .may_teach = true,
                   .consent_ok = true },
        .session = { l.people_n + 1 },
        .came_back = true,
    };

    assert_true(str_format(p.name, sizeof p.name, "Person %d", (int)user));
    assert_true(str_copy(p.animal, sizeof p.animal, "owl"));
    assert_true(str_copy(p.resume, sizeof p.resume, "token"));
    return p;
}

static void say(struct person *p, const struct sig_client *m)
{
    room_message(l.room, l.now, p->conn, m);
    pump();
}

static struct person *come(int64_t user)
{
    struct person *p = &l.people[l.people_n];
    struct client_config config = { .identity = l.client_identity,
                                    .plan = { 2, 2, 1 },
                                    .seed = (uint64_t)l.people_n * 7919 + 13,
                                    .arg = p,
                                    .send = client_sends,
                                    .packet = client_hears };
    struct room_person who = rights(user);

    assert_true(l.people_n < PEOPLE);
    l.people_n++;
    *p = (struct person){ .user = user, .conn = { (uint64_t)l.people_n }, .connected = true };
    p->addr = (struct addr){ .family = 4, .ip = { 198, 51, 100, (uint8_t)l.people_n }, .port = 4 };
    assert_int_equal(client_new(&p->client, &config, l.now), ERR_OK);
    room_join(l.room, l.now, p->conn, &who);
    pump();
    say(p,
        &(struct sig_client){ .kind = SIG_CLIENT_OFFER, .u.offer.sdp = client_offer(p->client) });
    say(p, &(struct sig_client){ .kind = SIG_CLIENT_STATE,
                                 .u.state = { true, user < GUARDIAN, false } });
    return p;
}

static void begin(void)
{
    static const struct room_titles titles = { "maths", "lesson", "" };

    memset(&l, 0, sizeof l);
    l.now = (struct now){ 1000 * US_PER_S, START_MS };
    virtual_time_set(l.now.mono_us);
    l.facts = (struct lesson_facts){ .id = { 310 },
                                     .state = LESSON_SCHEDULED,
                                     .published = true,
                                     .start_ms = START_MS,
                                     .end_ms = START_MS + 40 * MS_PER_MIN,
                                     .open_before_ms = 10 * MS_PER_MIN,
                                     .close_after_ms = 5 * MS_PER_MIN,
                                     .mentor = { MENTOR },
                                     .children = { { CHILD } },
                                     .children_n = 1 };
    assert_int_equal(dtls_identity_new(&l.server_identity), ERR_OK);
    assert_int_equal(dtls_identity_new(&l.client_identity), ERR_OK);
    l.shared.identity = l.server_identity;
    l.shared.announce = (struct addr){ .family = 4, .ip = { 192, 0, 2, 1 }, .port = 3478 };
    l.shared.tx = malloc(TX_CAP);
    assert_non_null(l.shared.tx);
    l.shared.tx_cap = TX_CAP;
    l.tick_us = l.now.mono_us + TICK_US;
    assert_int_equal(stage_new(&l.stage, &l.shared, l.now), ERR_OK);
    assert_int_equal(room_new(&l.room, &l.facts, &titles, l.now), ERR_OK);
}

static void finish(void)
{
    for (int i = 0; i < l.people_n; i++)
        client_free(l.people[i].client);
    room_free(l.room);
    stage_free(l.stage);
    free(l.shared.tx);
    dtls_identity_free(l.server_identity);
    dtls_identity_free(l.client_identity);
    virtual_time_off();
}

/* What a person gets within ms: voice packets and picture packets. */
static void count(struct person *p, int64_t ms, uint64_t *voice, uint64_t *pictures)
{
    uint64_t v = p->voice, k = p->pictures;

    run(ms);
    *voice = p->voice - v;
    *pictures = p->pictures - k;
}

static void expect(struct person *p, bool voice, bool pictures)
{
    uint64_t v, k;

    count(p, 1000, &v, &k);
    if (voice)
        assert_in_range(v, 45, 110); /* 50 a second from each speaker */
    else
        assert_int_equal(v, 0);
    if (pictures)
        assert_true(k >= 60); /* 25 pictures of three packets */
    else
        assert_int_equal(k, 0);
}

static struct person *lesson_for_two(struct person **child)
{
    struct person *mentor;

    begin();
    *child = come(CHILD);
    run(200);
    mentor = come(MENTOR);
    run(800);
    return mentor;
}

static void a_child_gets_no_packet_before_its_mentor(void **state)
{
    struct person *child, *mentor;

    (void)state;
    begin();
    child = come(CHILD);
    run(3000);
    assert_false(child->answered);
    assert_true(stage_empty(l.stage)); /* not even a door for packets */
    mentor = come(MENTOR);
    run(500);
    assert_true(child->client->live && mentor->client->live);
    run(500);
    expect(child, true, true);
    expect(mentor, true, true);
    assert_int_equal(child->slots_n, 5);
    assert_int_equal(child->slots[0], 2); /* the mentor, member 2, in the first audio slot */
    finish();
}

/* T2, T3: signalling is gone, SRTP goes on: nothing passes in either direction any more. */
static void no_packet_passes_when_the_mentor_dropped(void **state)
{
    struct person *child, *mentor;
    int64_t cut_us;

    (void)state;
    mentor = lesson_for_two(&child);
    expect(child, true, true);
    mentor->connected = false;
    cut_us = l.now.mono_us;
    room_conn_lost(l.room, l.now, mentor->conn);
    pump();
    run(20);
    assert_true(child->last_us <= cut_us + DELAY_US + US_PER_MS);
    expect(child, false, false);
    expect(mentor, false, false);

    mentor = come(MENTOR);
    run(800);
    expect(child, true, true);
    expect(mentor, true, true);
    finish();
}

static void rest_and_break_stop_what_they_should(void **state)
{
    struct person *child, *mentor;

    (void)state;
    mentor = lesson_for_two(&child);
    say(child, &(struct sig_client){ .kind = SIG_CLIENT_REST, .u.rest.on = true });
    run(20);
    expect(mentor, false, false);
    expect(child, true, true);
    say(child, &(struct sig_client){ .kind = SIG_CLIENT_REST, .u.rest.on = false });
    run(100);
    expect(mentor, true, true);
    say(mentor,
        &(struct sig_client){ .kind = SIG_CLIENT_BREAK, .u.break_.kind = SIG_BREAK_KIND_SCREEN });
    run(20);
    expect(child, true, false);
    expect(mentor, true, false);
    finish();
}

static void a_guardian_hears_and_is_heard_and_is_not_seen(void **state)
{
    struct person *child, *mentor, *guardian;

    (void)state;
    mentor = lesson_for_two(&child);
    guardian = come(GUARDIAN);
    run(800);
    expect(guardian, true, true);
    mentor->connected = false;
    room_conn_lost(l.room, l.now, mentor->conn);
    pump();
    run(20);
    expect(guardian, false, false);
    expect(child, false, false); /* nor does the guardian reach the child alone */
    finish();
}

static void a_withdrawn_consent_cuts_within_a_tick(void **state)
{
    struct person *child, *mentor;
    struct admit_person p;

    (void)state;
    mentor = lesson_for_two(&child);
    p = rights(CHILD).admit;
    p.consent_ok = false;
    room_person_changed(l.room, l.now, &p);
    pump();
    assert_true(child->closed);
    run(20);
    expect(mentor, false, false);
    expect(child, false, false);
    finish();
}

static void the_end_leaves_no_leg(void **state)
{
    struct person *child, *mentor;

    (void)state;
    mentor = lesson_for_two(&child);
    say(mentor, &(struct sig_client){ .kind = SIG_CLIENT_END });
    run(20);
    assert_true(l.over && child->closed);
    assert_true(stage_empty(l.stage));
    expect(child, false, false);
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_gets_no_packet_before_its_mentor),
        cmocka_unit_test(no_packet_passes_when_the_mentor_dropped),
        cmocka_unit_test(rest_and_break_stop_what_they_should),
        cmocka_unit_test(a_guardian_hears_and_is_heard_and_is_not_seen),
        cmocka_unit_test(a_withdrawn_consent_cuts_within_a_tick),
        cmocka_unit_test(the_end_leaves_no_leg),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
