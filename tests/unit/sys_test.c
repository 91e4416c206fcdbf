/* SPDX-License-Identifier: Apache-2.0
 *
 * server/sys: mail between threads, the worker pool, randomness.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/sys/clock.h"
#include "server/sys/mailbox.h"
#include "server/sys/random.h"
#include "server/sys/worker.h"

#define POSTERS 8
#define EACH 5000

struct letter {
    struct mail mail;
    int poster;
    int number;
};

struct poster {
    struct mailbox *to;
    struct letter *letters;
    int id;
};

static void *post_all(void *arg)
{
    struct poster *p = arg;

    for (int i = 0; i < EACH; i++) {
        p->letters[i] = (struct letter){ .poster = p->id, .number = i };
        if (mailbox_post(p->to, &p->letters[i].mail) != ERR_OK)
            return p;
    }
    return NULL;
}

static void many_posters_lose_nothing_and_keep_their_order(void **state)
{
    static struct letter letters[POSTERS][EACH];
    struct poster posters[POSTERS];
    pthread_t threads[POSTERS];
    int next[POSTERS] = { 0 };
    struct mailbox box;

    (void)state;
    assert_int_equal(mailbox_init(&box, NULL, NULL), ERR_OK);
    for (int i = 0; i < POSTERS; i++) {
        posters[i] = (struct poster){ .to = &box, .letters = letters[i], .id = i };
        assert_int_equal(pthread_create(&threads[i], NULL, post_all, &posters[i]), 0);
    }
    for (int got = 0; got < POSTERS * EACH;) {
        struct mail *mail = mailbox_wait(&box, 10 * US_PER_S);

        assert_non_null(mail);
        for (; mail; mail = mail->next, got++) {
            struct letter *l = (struct letter *)mail;

            assert_int_equal(l->number, next[l->poster]);
            next[l->poster]++;
        }
    }
    for (int i = 0; i < POSTERS; i++) {
        void *failed = NULL;

        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_null(mailbox_take(&box));
    mailbox_deinit(&box);
}

static void count_wake(void *arg)
{
    (*(int *)arg)++;
}

static void wakes_only_when_the_box_was_empty(void **state)
{
    struct letter a = { 0 }, b = { 0 };
    struct mailbox box;
    int wakes = 0;

    (void)state;
    assert_int_equal(mailbox_init(&box, count_wake, &wakes), ERR_OK);
    assert_int_equal(mailbox_post(&box, &a.mail), ERR_OK);
    assert_int_equal(mailbox_post(&box, &b.mail), ERR_OK);
    assert_int_equal(wakes, 1);
    assert_ptr_equal(mailbox_take(&box), &a.mail);
    assert_int_equal(mailbox_post(&box, &a.mail), ERR_OK);
    assert_int_equal(wakes, 2);
    assert_ptr_equal(mailbox_take(&box), &a.mail);
    mailbox_deinit(&box);
}

static void a_closed_or_full_box_refuses(void **state)
{
    struct letter a = { 0 }, b = { 0 };
    struct mailbox box;

    (void)state;
    assert_int_equal(mailbox_init(&box, NULL, NULL), ERR_OK);
    mailbox_bound(&box, 1);
    assert_int_equal(mailbox_post(&box, &a.mail), ERR_OK);
    assert_int_equal(mailbox_post(&box, &b.mail), ERR_AGAIN);
    assert_int_equal(mailbox_count(&box), 1);
    mailbox_close(&box);
    assert_int_equal(mailbox_post(&box, &b.mail), ERR_STATE);
    assert_ptr_equal(mailbox_wait_one(&box), &a.mail); /* what was inside is still delivered */
    assert_null(mailbox_wait_one(&box));
    assert_null(mailbox_wait(&box, US_PER_S)); /* and nobody waits on a closed box */
    mailbox_deinit(&box);
}

struct sum_job {
    struct worker_job job;
    struct mailbox *hold; /* NULL, or where the worker waits to be let go */
    int in, out;
};

static void run_sum(struct worker_job *job)
{
    struct sum_job *s = (struct sum_job *)job;

    if (s->hold)
        (void)mailbox_wait_one(s->hold);
    s->out = s->in + 1;
}

static void drop_sum(struct worker_job *job)
{
    ((struct sum_job *)job)->out = -1;
}

static void jobs_come_back_done(void **state)
{
    struct sum_job jobs[200];
    struct worker_pool pool;
    struct mailbox done;
    int got = 0;

    (void)state;
    assert_int_equal(mailbox_init(&done, NULL, NULL), ERR_OK);
    assert_int_equal(worker_open(&pool, 3, 200), ERR_OK);
    for (int i = 0; i < 200; i++) {
        jobs[i] =
            (struct sum_job){ .job = { .run = run_sum, .done = &done, .drop = drop_sum }, .in = i };
        assert_int_equal(worker_submit(&pool, &jobs[i].job), ERR_OK);
    }
    worker_close(&pool);
    for (struct mail *m = mailbox_take(&done); m; m = m->next) {
        struct sum_job *s = (struct sum_job *)m;

        assert_int_equal(s->out, s->in + 1);
        got++;
    }
    assert_int_equal(got, 200);
    mailbox_deinit(&done);
}

static void a_full_pool_refuses_and_a_closed_taker_drops(void **state)
{
    struct sum_job first, second, third;
    struct worker_pool pool;
    struct mailbox done, hold;
    struct letter go = { 0 };

    (void)state;
    assert_int_equal(mailbox_init(&done, NULL, NULL), ERR_OK);
    assert_int_equal(mailbox_init(&hold, NULL, NULL), ERR_OK);
    assert_int_equal(worker_open(&pool, 1, 1), ERR_OK);
    first = (struct sum_job){ .job = { .run = run_sum, .done = &done, .drop = drop_sum },
                              .hold = &hold };
    second = third = first;
    second.hold = third.hold = NULL;
    assert_int_equal(worker_submit(&pool, &first.job), ERR_OK);
    /* The worker takes the first one in its own time; then the queue has room for one more. */
    while (worker_submit(&pool, &second.job) == ERR_AGAIN)
        ;
    assert_int_equal(worker_submit(&pool, &third.job), ERR_AGAIN);
    mailbox_close(&done);
    assert_int_equal(mailbox_post(&hold, &go.mail), ERR_OK);
    worker_close(&pool);
    assert_int_equal(first.out, -1);
    assert_int_equal(second.out, -1);
    mailbox_deinit(&done);
    mailbox_deinit(&hold);
}

static void tokens_are_base64url_and_differ(void **state)
{
    char a[RANDOM_TOKEN_CHARS(32) + 1], b[RANDOM_TOKEN_CHARS(32) + 1], text[8];
    int64_t x = 0, y = 0;

    (void)state;
    assert_int_equal(random_token(32, a, sizeof a), ERR_OK);
    assert_int_equal(random_token(32, b, sizeof b), ERR_OK);
    assert_int_equal(strlen(a), 43);
    assert_int_equal(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                     43);
    assert_string_not_equal(a, b);
    assert_int_equal(random_token(32, a, sizeof a - 1), ERR_INVAL);
    base64url((const uint8_t *)"\xfb\xff\xfe\x01", 4, text);
    assert_string_equal(text, "-__-AQ"); /* RFC 4648 section 5 alphabet */
    assert_int_equal(random_id(&x), ERR_OK);
    assert_int_equal(random_id(&y), ERR_OK);
    assert_true(x > 0 && y > 0 && x != y);
}

static void clocks_do_not_run_backwards(void **state)
{
    struct now a = clock_now(), b = clock_now();

    (void)state;
    assert_true(b.mono_us >= a.mono_us);
    assert_true(a.unix_ms > INT64_C(1600000000000));
}

/* Only the wall clock goes elsewhere: timers and durations do not notice. */
static void the_wall_clock_begins_where_it_is_told(void **state)
{
    const int64_t there = INT64_C(1801634400000); /* 2027-02-03T06:00:00Z */
    struct now before = clock_now(), after;

    (void)state;
    clock_begin_at(there);
    after = clock_now();
    assert_in_range(after.unix_ms, there, there + 60000);
    assert_true(after.mono_us >= before.mono_us && after.mono_us < before.mono_us + 60000000);
    clock_begin_at(there - MS_PER_DAY); /* and back again: no shift on top of a shift */
    assert_in_range(clock_now().unix_ms, there - MS_PER_DAY, there - MS_PER_DAY + 60000);
    clock_begin_at(before.unix_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_posters_lose_nothing_and_keep_their_order),
        cmocka_unit_test(wakes_only_when_the_box_was_empty),
        cmocka_unit_test(a_closed_or_full_box_refuses),
        cmocka_unit_test(jobs_come_back_done),
        cmocka_unit_test(a_full_pool_refuses_and_a_closed_taker_drops),
        cmocka_unit_test(tokens_are_base64url_and_differ),
        cmocka_unit_test(clocks_do_not_run_backwards),
        cmocka_unit_test(the_wall_clock_begins_where_it_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
