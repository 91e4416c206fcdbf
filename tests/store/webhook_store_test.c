/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages to other programs: queued with what they tell of or not at all, for
 * whom wants them and nobody else; claimed by one, in turn, from receivers
 * that are on and do not rest; the same number at every try.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/attendance.h"
#include "server/store/delivery.h"
#include "server/store/version.h"
#include "server/store/webhook.h"
#include "tests/support/world.h"

#define NOW INT64_C(1796500000000) /* 5 December 2026 */
#define M(n) ((int64_t)(n)*MS_PER_MIN)
#define ALL ((1u << WEBHOOK_COUNT) - 1)
#define ok(call) assert_int_equal(call, ERR_OK)

static struct world w;

static int setup(void **state)
{
    (void)state;
    world_open(&w, NOW);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static int64_t receiver(struct org_id centre, unsigned kinds)
{
    struct webhook h = { .centre = centre, .kinds = kinds };

    assert_true(str_copy(h.url, sizeof h.url, "https://school.example/hook"));
    ok(webhook_add(w.db, &h, NOW, w.coordinator));
    return h.id;
}

static void tell(enum webhook_kind kind, int64_t at_ms)
{
    const struct webhook_event e = { .kind = kind, .at_ms = at_ms, .lesson = 7 };

    ok(webhook_tell(w.db, w.centre, &e, at_ms));
}

static int64_t told(const char *kind)
{
    struct query q = query_on(w.db, "SELECT count(*) FROM webhook_delivery WHERE kind = $1");
    int64_t n = -1;

    query_text(&q, kind);
    if (query_row(&q))
        n = row_int(&q);
    ok(query_end(&q));
    return n;
}

static void is(int64_t id, enum webhook_state to)
{
    struct webhook h;

    ok(webhook_load(w.db, id, &h));
    h.state = to;
    ok(webhook_save(w.db, &h));
}

/* ---- what is told ----------------------------------------------------------------------- */

static void whoever_wants_it_is_told_and_nobody_else(void **state)
{
    struct org other = { .type = ORG_CENTRE, .tz = "Europe/Moscow" };
    struct webhook_delivery d;
    struct webhook_event bad = { .kind = WEBHOOK_COUNT, .at_ms = NOW };
    int64_t all, some, paused, off;

    (void)state;
    assert_true(str_copy(other.code, sizeof other.code, "other"));
    assert_true(str_copy(other.name, sizeof other.name, "Other"));
    ok(org_save(w.db, &other, NOW, w.coordinator, &other.id));
    tell(WEBHOOK_LESSON_HELD, NOW); /* nobody listens: nothing is queued */
    all = receiver(w.centre, ALL);
    some = receiver(w.centre, 1u << WEBHOOK_LESSON_HELD);
    paused = receiver(w.centre, ALL);
    off = receiver(w.centre, ALL);
    receiver(other.id, ALL);
    is(paused, WEBHOOK_STATE_PAUSED);
    is(off, WEBHOOK_STATE_OFF);
    tell(WEBHOOK_LESSON_HELD, NOW);
    tell(WEBHOOK_SCHEDULE_PUBLISHED, NOW);
    assert_int_equal(told("lesson.held"), 4); /* paused and off gather */
    assert_int_equal(told("schedule.published"), 3);
    ok(webhook_claim(w.db, NOW, &d));
    assert_int_equal(d.webhook, all);
    assert_string_equal(d.body,
                        "{\"type\":\"lesson.held\",\"timestamp\":\"2026-12-05T19:46:40.000Z\","
                        "\"data\":{\"lesson\":7}}");
    ok(webhook_claim(w.db, NOW, &d));
    assert_int_equal(d.webhook, some);
    assert_int_equal(webhook_tell(w.db, w.centre, &bad, NOW), ERR_INVAL);
}

static void a_lesson_tells_what_it_came_to_once(void **state)
{
    struct lesson_id l = world_lesson(&w, 0, 0, NOW - M(90), NOW - M(50));
    struct amendment a = { .new_code = 'I', .reason = "a call", .by = w.coordinator, .at_ms = NOW };
    struct webhook_delivery d;
    int64_t id = 0;

    (void)state;
    receiver(w.centre, ALL);
    ok(attendance_close(w.db, l, NOW));
    assert_int_equal(told("lesson.no_show"), 1);
    ok(attendance_recompute(w.db, l, NOW + 1, NULL));
    assert_int_equal(told("lesson.no_show"), 1); /* as before */
    assert_true(str_copy(a.title, sizeof a.title, "Irina, coordinator"));
    ok(amendment_add(w.db, l, w.children[0], &a, &id));
    assert_int_equal(told("attendance.amended"), 1);
    ok(webhook_claim(w.db, NOW, &d));
    assert_string_equal(d.kind, "lesson.no_show");
    ok(webhook_claim(w.db, NOW, &d));
    assert_non_null(strstr(d.body, "\"amendment\":"));
    assert_null(strstr(d.body, "call")); /* no reason, no name */
}

static void a_published_version_is_told(void **state)
{
    struct version_report report = { 0 };
    struct version v;
    bool published = false;

    (void)state;
    receiver(w.centre, ALL);
    ok(version_draft(w.db, w.centre, NOW, w.coordinator, &v));
    ok(version_validate(w.db, v.id, NOW, &report));
    version_report_free(&report);
    assert_int_equal(told("schedule.published"), 0);
    ok(version_publish(w.db, v.id, NOW, &published, &report));
    version_report_free(&report);
    assert_true(published);
    assert_int_equal(told("schedule.published"), 1);
}

static void a_report_is_told_when_it_is_delivered_and_acknowledged(void **state)
{
    struct report_key key = { .mentor = w.mentors[0],
                              .child = w.children[0],
                              .school = w.schools[0],
                              .year = 2026,
                              .month = 11 };
    struct webhook_delivery m;
    struct delivery copy;
    struct doc_row d;
    int sent = 0;

    (void)state;
    receiver(w.centre, ALL);
    ok(report_row_make(w.db, &key, NOW, w.mentor_users[0]));
    ok(report_row_load(w.db, &key, 0, &d));
    ok(frozen_add(w.db, d.ref, "pdf", "ru", "%PDF", 4, NOW, NULL));
    ok(delivery_queue(w.db, &d, w.schools[0], NOW));
    ok(doc_set_row(w.db, &d, FLOW_ROW_ACCEPTED, NOW));
    ok(db_begin(w.db));
    ok(delivery_send(w.db, NOW, 10, &sent));
    db_rollback(w.db); /* as a kill before the commit: neither the copy nor its message */
    assert_int_equal(told("report.delivered"), 0);
    ok(db_begin(w.db));
    ok(delivery_send(w.db, NOW, 10, &sent));
    ok(db_commit(w.db));
    assert_int_equal(sent, 1);
    assert_int_equal(told("report.delivered"), 1);
    ok(delivery_load(w.db, d.ref, &copy));
    ok(delivery_acknowledge(w.db, copy.id, NOW, w.officer));
    assert_int_equal(told("report.acknowledged"), 1);
    assert_int_equal(delivery_acknowledge(w.db, copy.id, NOW, w.officer), ERR_STATE);
    assert_int_equal(told("report.acknowledged"), 1);
    assert_int_equal(told("sheet.acknowledged") + told("sheet.delivered"), 0);
    ok(webhook_claim(w.db, NOW, &m));
    assert_non_null(strstr(m.body, "\"school\":"));
}

/* ---- claiming --------------------------------------------------------------------------- */

static void what_was_claimed_is_settled_once(void **state)
{
    struct webhook_settled waits = {
        .end = NOTIFY_WAITS, .next_ms = NOW + M(1), .code = 500, .took_ms = 12, .why = "answer"
    };
    const struct webhook_settled sent = { .end = NOTIFY_SENT, .code = 204, .why = "" };
    struct webhook_delivery d, again;

    (void)state;
    receiver(w.centre, ALL);
    tell(WEBHOOK_LESSON_HELD, NOW);
    assert_int_equal(webhook_claim(w.db, NOW - 1, &d), ERR_NOTFOUND); /* not due */
    ok(webhook_claim(w.db, NOW, &d));
    assert_int_equal(d.tries, 1);
    assert_int_equal(webhook_claim(w.db, NOW, &again), ERR_NOTFOUND); /* one has it */
    ok(webhook_settle(w.db, d.id, &waits, NOW));
    assert_int_equal(webhook_settle(w.db, d.id, &waits, NOW), ERR_NOTFOUND);
    assert_int_equal(webhook_claim(w.db, NOW + M(1) - 1, &again), ERR_NOTFOUND);
    ok(webhook_claim(w.db, NOW + M(1), &again));
    assert_int_equal(again.id, d.id); /* the same message */
    assert_int_equal(again.tries, 2);
    assert_int_equal(again.code, 500);
    assert_string_equal(again.why, "answer");
    assert_string_equal(again.body, d.body);
    ok(webhook_settle(w.db, d.id, &sent, NOW + M(1)));
    ok(webhook_delivery_load(w.db, d.id, &d));
    assert_string_equal(d.state, "sent");
    assert_int_equal(d.done_ms, NOW + M(1));
    assert_int_equal(webhook_claim(w.db, NOW + M(99), &again), ERR_NOTFOUND);
}

static void a_kill_leaves_it_claimed_and_the_start_frees_it(void **state)
{
    struct webhook_delivery d, again;

    (void)state;
    receiver(w.centre, ALL);
    tell(WEBHOOK_LESSON_HELD, NOW);
    ok(webhook_claim(w.db, NOW, &d));
    world_let_go(&w);
    world_take_back(&w);
    assert_int_equal(webhook_claim(w.db, NOW, &again), ERR_NOTFOUND);
    ok(webhook_recover(w.db, NOW + 5));
    ok(webhook_claim(w.db, NOW + 5, &again));
    assert_int_equal(again.id, d.id);
    assert_int_equal(again.tries, 2);
}

/* A receiver that hangs must not take the turn of the others. */
static void a_receiver_that_rests_keeps_nobody_waiting(void **state)
{
    const struct webhook_health resting = { .fails = 1, .failing_ms = NOW, .rest_ms = NOW + M(1) };
    int64_t bad = receiver(w.centre, ALL), good = receiver(w.centre, ALL);
    struct webhook_delivery d;
    bool off = true;

    (void)state;
    tell(WEBHOOK_LESSON_HELD, NOW);
    tell(WEBHOOK_LESSON_NO_SHOW, NOW);
    ok(webhook_health_set(w.db, bad, &resting, &off));
    assert_false(off);
    for (int i = 0; i < 2; i++) {
        ok(webhook_claim(w.db, NOW, &d));
        assert_int_equal(d.webhook, good);
    }
    assert_int_equal(webhook_claim(w.db, NOW + M(1) - 1, &d), ERR_NOTFOUND);
    ok(webhook_claim(w.db, NOW + M(1), &d));
    assert_int_equal(d.webhook, bad);
    assert_string_equal(d.kind, "lesson.held"); /* the older one first */
}

static void off_is_said_once_and_on_is_as_new(void **state)
{
    struct webhook_health dead = {
        .fails = 40, .failing_ms = NOW - 5 * MS_PER_DAY, .rest_ms = NOW + M(15), .off = true
    };
    int64_t id = receiver(w.centre, ALL);
    struct webhook_delivery d;
    struct webhook h;
    bool off = false;

    (void)state;
    tell(WEBHOOK_LESSON_HELD, NOW);
    ok(webhook_health_set(w.db, id, &dead, &off));
    assert_true(off);
    ok(webhook_health_set(w.db, id, &dead, &off));
    assert_false(off); /* one letter */
    ok(webhook_load(w.db, id, &h));
    assert_int_equal(h.state, WEBHOOK_STATE_OFF);
    assert_int_equal(h.health.fails, 40);
    assert_int_equal(h.waiting, 1);
    assert_int_equal(webhook_claim(w.db, NOW + M(99), &d), ERR_NOTFOUND);
    is(id, WEBHOOK_STATE_ON);
    ok(webhook_load(w.db, id, &h));
    assert_int_equal(h.health.fails, 0);
    assert_int_equal(h.health.failing_ms, 0);
    ok(webhook_claim(w.db, NOW, &d)); /* what waited goes out */
}

/* ---- by hand, and the end --------------------------------------------------------------- */

static void a_dead_letter_goes_again_under_its_number(void **state)
{
    const struct webhook_settled failed = { .end = NOTIFY_FAILED, .code = 410, .why = "gone" };
    int64_t id = receiver(w.centre, ALL);
    struct webhook_deliveries l;
    struct webhook_delivery d, again;

    (void)state;
    tell(WEBHOOK_LESSON_HELD, NOW);
    tell(WEBHOOK_LESSON_NO_SHOW, NOW + 1);
    ok(webhook_claim(w.db, NOW, &d));
    assert_int_equal(webhook_again(w.db, d.id, NOW), ERR_NOTFOUND); /* it is under way */
    ok(webhook_settle(w.db, d.id, &failed, NOW));
    ok(webhook_deliveries(w.db, id, true, 0, 10, &l));
    assert_int_equal(l.n, 1);
    assert_int_equal(l.items[0].id, d.id);
    webhook_deliveries_free(&l);
    ok(webhook_deliveries(w.db, id, false, 0, 10, &l));
    assert_int_equal(l.n, 2);
    assert_string_equal(l.items[0].kind, "lesson.no_show"); /* newest first */
    webhook_deliveries_free(&l);
    ok(webhook_again(w.db, d.id, NOW));
    assert_int_equal(webhook_again(w.db, d.id, NOW), ERR_NOTFOUND); /* it waits */
    ok(webhook_claim(w.db, NOW, &again));
    assert_int_equal(again.id, d.id);
    assert_int_equal(again.tries, 1); /* fresh ones */
}

static void a_removed_receiver_forgets_its_secret_and_what_waits(void **state)
{
    const uint8_t sealed[40] = { 1 };
    const struct webhook_sealed secret = { .now = (uint8_t *)(uintptr_t)sealed,
                                           .now_len = sizeof sealed,
                                           .old = (uint8_t *)(uintptr_t)sealed,
                                           .old_len = sizeof sealed,
                                           .old_until_ms = NOW + 5 };
    const struct webhook_settled sent = { .end = NOTIFY_SENT, .code = 200, .why = "" };
    int64_t id = receiver(w.centre, ALL);
    struct webhook_sealed read;
    struct webhook_delivery d;
    struct webhook h;

    (void)state;
    ok(webhook_secret_set(w.db, id, &secret));
    ok(webhook_secret(w.db, id, &read));
    assert_int_equal(read.now_len, sizeof sealed);
    assert_int_equal(read.old_until_ms, NOW + 5);
    webhook_sealed_free(&read);
    tell(WEBHOOK_LESSON_HELD, NOW);
    tell(WEBHOOK_LESSON_HELD, NOW);
    ok(webhook_claim(w.db, NOW, &d));
    ok(webhook_settle(w.db, d.id, &sent, NOW));
    ok(webhook_remove(w.db, id));
    assert_int_equal(webhook_remove(w.db, id), ERR_NOTFOUND);
    assert_int_equal(webhook_load(w.db, id, &h), ERR_NOTFOUND);
    assert_int_equal(webhook_secret(w.db, id, &read), ERR_NOTFOUND);
    assert_int_equal(webhook_secret_set(w.db, id, &secret), ERR_NOTFOUND);
    assert_int_equal(webhook_again(w.db, d.id, NOW), ERR_NOTFOUND);
    assert_int_equal(told("lesson.held"), 1); /* what was sent stays a while */
    tell(WEBHOOK_LESSON_HELD, NOW);
    assert_int_equal(told("lesson.held"), 1);
}

static void old_messages_go_and_their_number_is_not_given_again(void **state)
{
    int64_t id = receiver(w.centre, ALL), last;
    struct webhook_delivery d;

    (void)state;
    ok(policy_set(w.db, w.centre, "webhook.keep_days", "2", 1, "test", NOW, w.coordinator));
    tell(WEBHOOK_LESSON_HELD, NOW - 3 * MS_PER_DAY);
    last = world_number(&w, "SELECT max(id) FROM webhook_delivery");
    is(id, WEBHOOK_STATE_PAUSED);
    ok(webhook_sweep(w.db, NOW - MS_PER_DAY - 1)); /* two days are not over */
    assert_int_equal(told("lesson.held"), 1);
    ok(webhook_sweep(w.db, NOW));
    assert_int_equal(told("lesson.held"), 0); /* nobody took it in time */
    is(id, WEBHOOK_STATE_ON);
    tell(WEBHOOK_LESSON_HELD, NOW);
    ok(webhook_claim(w.db, NOW, &d));
    assert_true(d.id > last);
    ok(webhook_remove(w.db, id));
    ok(webhook_recover(w.db, NOW));
    ok(webhook_sweep(w.db, NOW + 3 * MS_PER_DAY));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM webhook"), 0);
}

static void policy_rows_set_the_waits(void **state)
{
    struct webhook_policy p, d = webhook_policy_default();

    (void)state;
    ok(policy_webhook(w.db, w.centre, NOW, &p));
    assert_int_equal(p.tries_max, d.tries_max);
    assert_int_equal(p.first_wait_ms, d.first_wait_ms);
    assert_int_equal(p.most_wait_ms, d.most_wait_ms);
    assert_int_equal(p.rest_ms, d.rest_ms);
    assert_int_equal(p.most_rest_ms, d.most_rest_ms);
    assert_int_equal(p.off_after_ms, d.off_after_ms);
    assert_int_equal(p.keep_ms, d.keep_ms);
    assert_int_equal(p.old_secret_ms, d.old_secret_ms);
    ok(policy_set(w.db, w.centre, "webhook.tries", "3", 1, "test", NOW, w.coordinator));
    ok(policy_set(w.db, w.centre, "webhook.rest_s", "7", 1, "test", NOW, w.coordinator));
    ok(policy_set(w.db, w.centre, "webhook.off_after_days", "9", 1, "test", NOW, w.coordinator));
    ok(policy_webhook(w.db, w.centre, NOW, &p));
    assert_int_equal(p.tries_max, 3);
    assert_int_equal(p.rest_ms, 7 * MS_PER_S);
    assert_int_equal(p.off_after_ms, 9 * MS_PER_DAY);
    ok(policy_set(w.db, w.centre, "webhook.tries", "0", 1, "test", NOW, w.coordinator));
    assert_int_equal(policy_webhook(w.db, w.centre, NOW, &p), ERR_DB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        t(whoever_wants_it_is_told_and_nobody_else),
        t(a_lesson_tells_what_it_came_to_once),
        t(a_published_version_is_told),
        t(a_report_is_told_when_it_is_delivered_and_acknowledged),
        t(what_was_claimed_is_settled_once),
        t(a_kill_leaves_it_claimed_and_the_start_frees_it),
        t(a_receiver_that_rests_keeps_nobody_waiting),
        t(off_is_said_once_and_on_is_as_new),
        t(a_dead_letter_goes_again_under_its_number),
        t(a_removed_receiver_forgets_its_secret_and_what_waits),
        t(old_messages_go_and_their_number_is_not_given_again),
        t(policy_rows_set_the_waits),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
