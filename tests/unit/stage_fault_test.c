/* SPDX-License-Identifier: Apache-2.0
 *
 * server/media under loss, floods, rubbish, unusable offers and lack of memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "tests/support/stage_rig.h"

/* ---- loss ---- */

/* One in ten media packets is lost on the way up, on the way down, or on both. */
static bool lose_up(struct stage_rig *r, int i, bool to_server, const uint8_t *data, size_t len)
{
    (void)i;
    return !to_server || !stage_rig_is_rtp(data, len) || stage_rig_random(r, 10) != 0;
}

static bool lose_down(struct stage_rig *r, int i, bool to_server, const uint8_t *data, size_t len)
{
    (void)i;
    return to_server || !stage_rig_is_rtp(data, len) || stage_rig_random(r, 10) != 0;
}

static bool lose_both(struct stage_rig *r, int i, bool to_server, const uint8_t *data, size_t len)
{
    (void)i;
    (void)to_server;
    return !stage_rig_is_rtp(data, len) || stage_rig_random(r, 10) != 0;
}

static void lost_pictures_are_repeated(void **state)
{
    static stage_rig_filter *const filters[] = { lose_up, lose_down, lose_both };

    (void)state;
    for (int f = 0; f < 3; f++) {
        struct stage_rig r;
        int slot;

        stage_rig_init(&r);
        stage_rig_join(&r, 2, 2, 1);
        stage_rig_join(&r, 2, 2, 1);
        stage_rig_run_live(&r);
        stage_rig_run(&r, 500 * US_PER_MS);
        r.filter = filters[f];
        stage_rig_run(&r, 20 * US_PER_S);
        r.filter = NULL;
        stage_rig_run(&r, 2 * US_PER_S);
        slot = stage_rig_slot(&r, 1, 1, true);
        /* all of 22 s of pictures got through, most of the lost ones by repetition */
        assert_true(r.c[1].client->slots[slot].packets >= 3 * 25 * 22);
        assert_int_equal(r.c[1].client->slots[slot].nack.missing_n, 0);
        if (f != 1)
            assert_true(r.c[0].client->streams[CLIENT_CAMERA][0].resent > 100);
        if (f != 0)
            assert_true(stage_counters(r.stage)->resent > 200);
        assert_true(r.c[1].client->slots[slot].nack.gave_up + stage_counters(r.stage)->rtp_lost_in <
                    10);
        assert_int_equal(r.c[1].bad_starts[slot], 0);
        if (f != 1)
            assert_true(r.c[0].client->feedback_lost > 100);
        stage_rig_deinit(&r);
    }
}

/* A quarter is reordered by up to 8 ms, a tenth comes twice: nobody asks for anything, nothing
 * is forwarded twice. */
static bool shuffle(struct stage_rig *r, int i, bool to_server, const uint8_t *data, size_t len)
{
    if (r->busy || !to_server || !stage_rig_is_rtp(data, len))
        return true;
    r->busy = true; /* not again for the copies made here */
    if (stage_rig_random(r, 10) == 0) {
        struct stage_rig_client *c = &r->c[i];

        c->client->config.send(c->client->config.arg, data, len);
    }
    if (stage_rig_random(r, 4) == 0) {
        int64_t delay = r->delay_us;
        struct stage_rig_client *c = &r->c[i];

        r->delay_us += 8 * US_PER_MS;
        c->client->config.send(c->client->config.arg, data, len);
        r->delay_us = delay;
        r->busy = false;
        return false;
    }
    r->busy = false;
    return true;
}

static void reordering_and_doubles_cost_nothing(void **state)
{
    struct stage_rig r;
    int slot;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, 500 * US_PER_MS);
    r.filter = shuffle;
    stage_rig_run(&r, 5 * US_PER_S);
    r.filter = NULL;
    stage_rig_run(&r, US_PER_S);
    slot = stage_rig_slot(&r, 1, 1, true);
    assert_int_equal(stage_counters(r.stage)->nacks_out, 0);
    assert_int_equal(r.c[1].client->slots[slot].duplicates, 0);
    assert_int_equal(r.c[1].client->slots[slot].nack.missing_n, 0);
    assert_in_range(r.c[1].client->slots[slot].packets, 3 * 25 * 6.4, 3 * 25 * 6.6);
    stage_rig_deinit(&r);
}

/* ---- offers ---- */

static void other_browsers_habits(void **state)
{
    static const struct client_config habits[] = {
        { .plan = { 2, 2, 1 }, .no_rsize = true },
        { .plan = { 2, 2, 1 }, .no_mid = true },
        { .plan = { 2, 2, 1 }, .no_rtx = true },
    };

    (void)state;
    for (size_t n = 0; n < sizeof habits / sizeof habits[0]; n++) {
        struct stage_rig r;

        stage_rig_init(&r);
        stage_rig_add(&r, &habits[n], NULL);
        stage_rig_join(&r, 2, 2, 1);
        r.c[0].screen = true;
        stage_rig_run_live(&r);
        stage_rig_run(&r, US_PER_S);
        for (int i = 0; i < 2; i++) {
            assert_true(r.c[i].rtp_in[stage_rig_slot(&r, i, 2 - i, true)] > 3 * 20);
            assert_true(r.c[i].rtp_in[stage_rig_slot(&r, i, 2 - i, false)] > 40);
        }
        assert_int_equal(r.c[0].client->refused, 0);
        assert_true(r.c[1].rtp_in[4] > 3 * 20);
        stage_rig_assert_unbroken(&r);
        stage_rig_deinit(&r);
    }
}

static void refused(const char *offer, size_t len, struct slot_plan plan, const char *why)
{
    struct stage_rig r;
    struct stage_out out;
    struct media_command cmd = { .kind = MEDIA_LEG_OPEN,
                                 .leg = { 7 },
                                 .member = 1,
                                 .plan = plan,
                                 .offer = offer,
                                 .offer_len = len };

    stage_rig_init(&r);
    stage_command(r.stage, r.now, &cmd);
    assert_true(stage_poll(r.stage, &out));
    assert_int_equal(out.kind, STAGE_OUT_EVENT);
    assert_int_equal(out.event->kind, MEDIA_REFUSED);
    assert_int_equal(out.event->leg.v, 7);
    assert_string_equal(out.event->why, why);
    assert_false(stage_poll(r.stage, &out));
    assert_true(stage_empty(r.stage));
    stage_rig_deinit(&r);
}

static void unusable_offers_are_refused_by_name(void **state)
{
    struct dtls_identity *identity;
    struct client_config config = { .plan = { 2, 2, 1 } };
    struct client *c;
    char text[16384], *at;

    (void)state;
    assert_int_equal(dtls_identity_new(&identity), ERR_OK);
    config.identity = identity;
    assert_int_equal(client_new(&c, &config, (struct now){ 0 }), ERR_OK);
    refused("", 0, config.plan, "no media");
    refused("v=1\r\n", 5, config.plan, "version");
    refused(client_offer(c), strlen(client_offer(c)), (struct slot_plan){ 2, 3, 1 },
            "too few media lines");
    refused(client_offer(c), strlen(client_offer(c)), (struct slot_plan){ 1, 2, 1 },
            "order of media lines");
    refused(client_offer(c), strlen(client_offer(c)), (struct slot_plan){ 9, 9, 1 }, "slot plan");
    assert_true(str_copy(text, sizeof text, client_offer(c)));
    memcpy(strstr(text, "a=sendonly"), "a=recvonly", 10);
    refused(text, strlen(text), config.plan, "direction of a media line");
    assert_true(str_copy(text, sizeof text, client_offer(c)));
    for (at = text; (at = strstr(at, "VP8"));)
        memcpy(at, "VP9", 3);
    refused(text, strlen(text), config.plan, "no VP8");
    assert_true(str_copy(text, sizeof text, client_offer(c)));
    for (at = text; (at = strstr(at, "actpass"));)
        memcpy(at, "passive", 7);
    refused(text, strlen(text), config.plan, "setup must allow active");
    client_free(c);
    dtls_identity_free(identity);
}

/* A ready check: connects with every gate open, and carries nothing to anybody. */
static void probe_connects_and_carries_nothing(void **state)
{
    struct client_config config = { .plan = { 1, 1, 0 } };
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 1, 1, 0);
    r.next_is_probe = true;
    stage_rig_add(&r, &config, NULL);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(r.c[1].lives, 1);
    assert_int_equal(r.c[1].firsts, 1);
    assert_int_equal(stage_rig_rtp_in(&r, 0) + stage_rig_rtp_in(&r, 1), 0);
    assert_int_equal(stage_rig_slot(&r, 0, 2, true), -1);
    stage_rig_deinit(&r);
}

/* ---- floods and rubbish ---- */

static void rtp_flood_is_limited(void **state)
{
    static const uint8_t payload[100];
    struct stage_rig r;
    uint64_t out;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    r.c[0].voice = r.c[0].camera = false;
    out = stage_rig_rtp_in(&r, 1);
    for (int ms = 0; ms < 2000; ms++) { /* ten thousand packets a second, for two */
        for (int n = 0; n < 10; n++)
            client_send_voice(r.c[0].client, r.now, payload, sizeof payload, 0, 960);
        stage_rig_run(&r, US_PER_MS);
    }
    assert_true(stage_rig_rtp_in(&r, 1) - out < 2 * 2000 + 1000 + 10);
    assert_true(stage_counters(r.stage)->refused > 14000);
    assert_true(r.c[1].client->live && r.c[0].client->live);
    stage_rig_deinit(&r);
}

/* A new SSRC with every packet, hundreds in one batch: the list of what is to be forwarded must not
 * overrun. */
static void ssrc_storm_in_one_batch(void **state)
{
    static const uint8_t payload[20];
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    r.hold = true;
    for (int n = 0; n < 600; n++) { /* back and forth between few: SRTP knows only so many */
        r.c[0].client->streams[CLIENT_MIC][0].ssrc = 1000 + (uint32_t)n % 30;
        client_send_voice(r.c[0].client, r.now, payload, sizeof payload, 20, 960);
        stage_rig_run(&r, 0);
    }
    stage_rig_run(&r, 20 * US_PER_MS);
    r.hold = false;
    stage_rig_run(&r, US_PER_S);
    assert_true(r.c[0].client->live && r.c[1].client->live);
    stage_rig_deinit(&r);
}

/* Any bytes, from anywhere, at a running lesson: it goes on, and memory does not grow. */
static void rubbish_disturbs_nobody(void **state)
{
    struct stage_rig r;
    long before;
    uint64_t heard;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, 2 * US_PER_S);
    before = mem_live();
    heard = stage_rig_rtp_in(&r, 1);
    for (int n = 0; n < 20000; n++) {
        uint8_t junk[64];
        struct addr from = r.c[0].addr;

        for (size_t k = 0; k < sizeof junk; k++)
            junk[k] = (uint8_t)stage_rig_random(&r, 256);
        if (n & 1)
            from.port = (uint16_t)stage_rig_random(&r, 65536);
        stage_input(r.stage, r.now, r.c[0].leg, &from, junk, (size_t)stage_rig_random(&r, 65));
        if (n % 10 == 0)
            stage_rig_run(&r, US_PER_MS);
    }
    assert_true(stage_rig_rtp_in(&r, 1) - heard > 100);
    assert_true(mem_live() <= before + 4);
    stage_rig_assert_unbroken(&r);
    stage_rig_deinit(&r);
}

/* The slab is smaller than what one batch makes: the driver is told, nothing is lost. */
static void small_slab_only_costs_more_calls(void **state)
{
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    r.shared.tx_cap = 4000;
    for (int i = 0; i < 6; i++)
        stage_rig_join(&r, 3, 5, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, 2 * US_PER_S);
    for (int i = 0; i < 6; i++)
        for (int other = 1; other <= 6; other++)
            if (other != i + 1)
                assert_true(r.c[i].rtp_in[stage_rig_slot(&r, i, other, true)] > 3 * 40);
    assert_true(r.fulls > 100);
    stage_rig_assert_unbroken(&r);
    stage_rig_deinit(&r);
}

/* ---- memory ---- */

static void stage_survives_lack_of_memory(void **state)
{
    (void)state;
    for (long n = 0; n < 8; n++) {
        long before = mem_live();
        struct stage_shared shared = { 0 };
        struct stage *s = NULL;
        enum err e;

        mem_fail_after(n);
        e = stage_new(&s, &shared, (struct now){ 0 });
        mem_fail_after(-1);
        if (e == ERR_OK)
            stage_free(s);
        else
            assert_null(s);
        assert_int_equal(mem_live(), before);
        if (e == ERR_OK) {
            assert_true(n >= 6);
            return;
        }
    }
    fail();
}

/* Opening a leg, every allocation failing in turn: refused or opened, never half. */
static void open_survives_lack_of_memory(void **state)
{
    struct client_config config = { .plan = { 2, 2, 1 } };
    struct client *c;
    struct stage_rig r;
    bool opened = false;

    (void)state;
    stage_rig_init(&r);
    config.identity = r.client_identity;
    assert_int_equal(client_new(&c, &config, r.now), ERR_OK);
    for (long n = 0; n < 60 && !opened; n++) {
        struct media_command cmd = { .kind = MEDIA_LEG_OPEN,
                                     .leg = { 9 },
                                     .member = 1,
                                     .plan = config.plan,
                                     .offer = client_offer(c),
                                     .offer_len = strlen(client_offer(c)) };
        long before = mem_live();
        struct stage_out out;
        int answers = 0, refusals = 0;

        mem_fail_after(n);
        stage_command(r.stage, r.now, &cmd);
        mem_fail_after(-1);
        while (stage_poll(r.stage, &out)) {
            answers += out.kind == STAGE_OUT_EVENT && out.event->kind == MEDIA_ANSWER;
            refusals += out.kind == STAGE_OUT_EVENT && out.event->kind == MEDIA_REFUSED;
        }
        assert_int_equal(answers + refusals, 1);
        opened = answers == 1;
        if (!opened) {
            assert_true(stage_empty(r.stage));
            assert_int_equal(mem_live(), before);
        }
    }
    assert_true(opened);
    client_free(c);
    stage_rig_deinit(&r);
}

/* A whole join and a second of lesson, the n-th allocation failing: no crash, no leak, and the
 * lesson works or says that it does not. */
static void lesson_survives_lack_of_memory(void **state)
{
    (void)state;
    for (long n = 1; n < 400; n += 7) {
        long before = mem_live();
        struct stage_rig r;

        stage_rig_init(&r);
        stage_rig_join(&r, 2, 2, 1);
        stage_rig_join(&r, 2, 2, 1);
        stage_rig_run(&r, 15 * US_PER_MS);
        mem_fail_after(n);
        stage_rig_run(&r, US_PER_S);
        mem_fail_after(-1);
        stage_rig_run(&r, US_PER_S);
        stage_rig_deinit(&r);
        assert_int_equal(mem_live(), before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_pictures_are_repeated),
        cmocka_unit_test(reordering_and_doubles_cost_nothing),
        cmocka_unit_test(other_browsers_habits),
        cmocka_unit_test(unusable_offers_are_refused_by_name),
        cmocka_unit_test(probe_connects_and_carries_nothing),
        cmocka_unit_test(rtp_flood_is_limited),
        cmocka_unit_test(ssrc_storm_in_one_batch),
        cmocka_unit_test(rubbish_disturbs_nobody),
        cmocka_unit_test(small_slab_only_costs_more_calls),
        cmocka_unit_test(stage_survives_lack_of_memory),
        cmocka_unit_test(open_survives_lack_of_memory),
        cmocka_unit_test(lesson_survives_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
