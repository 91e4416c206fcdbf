/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/net/impair: the impaired line. Everything else that is
 * measured over a bad line stands on these: a line that loses less than it
 * says would make every other test easier.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "tests/net/impair.h"
#include "tests/net/script.h"

#define SEEDS 5
#define MANY 100000
#define SLOTS 4096

static struct impair_script script;
static struct impair *line;

static void parse(const char *text)
{
    char why[SCRIPT_WHY_MAX] = "";

    if (script_parse(text, strlen(text), &script, why) != ERR_OK)
        fail_msg("%s", why);
}

/* A line that does what the text says, from time 0. */
static void open_line(const char *text, uint64_t seed)
{
    struct impair_config config = { .script = &script, .seed = seed, .slots = SLOTS };

    parse(text);
    assert_int_equal(impair_new(&line, &config), ERR_OK);
    impair_start(line, 0);
}

/* The sum of the header holds. */
static void close_line(void)
{
    for (int d = 0; d < IMPAIR_DIRECTIONS; d++) {
        const struct impair_counters *c = impair_counters(line, (enum impair_direction)d);

        assert_int_equal(c->full, 0);
        assert_int_equal(c->in + c->duplicated,
                         c->out + c->lost + c->lost_burst + c->lost_queue + c->lost_outage +
                             c->dropped + c->oversize +
                             (uint64_t)impair_inside(line, (enum impair_direction)d));
    }
    impair_free(line);
    line = NULL;
}

/* Packet number n of this size goes in. */
static void put(int64_t now_us, enum impair_direction d, uint32_t n, size_t len)
{
    uint8_t bytes[IMPAIR_PACKET_MAX + 1] = { 0 };

    memcpy(bytes, &n, sizeof n);
    impair_input(line, now_us, d, IMPAIR_UDP, bytes, len);
}

static bool get(int64_t now_us, uint32_t *n, int64_t *due_us)
{
    struct impair_out out;

    if (!impair_poll(line, now_us, &out))
        return false;
    memcpy(n, out.bytes, sizeof *n);
    *due_us = out.due_us;
    return true;
}

/* What became of a run of packets, one every gap_us. */
struct fate {
    int n;
    int came[MANY];     /* how often */
    int64_t late[MANY]; /* of the first copy: µs after it went in */
    int place[MANY];    /* among all that came */
    int reordered;      /* came after a later one */
};

static struct fate fate;

static void run(enum impair_direction d, int n, int64_t gap_us, size_t len)
{
    int64_t due, end = n * gap_us + 100 * US_PER_S;
    uint32_t i, next = 0, latest = 0;
    int place = 0;

    memset(&fate, 0, sizeof fate);
    fate.n = n;
    for (;;) {
        int64_t in = next < (uint32_t)n ? next * gap_us : NEVER_US;
        int64_t now = earlier_us(in, impair_deadline(line));

        if (now > end)
            return;
        while (get(now, &i, &due)) {
            assert_int_equal(due, now); /* the deadline was exact */
            if (fate.came[i]++ == 0) {
                fate.late[i] = now - i * gap_us;
                fate.place[i] = place++;
                fate.reordered += i < latest;
                latest = i > latest ? i : latest;
            }
        }
        if (now == in)
            put(now, d, next++, len);
    }
}

static double share_lost(void)
{
    int lost = 0;

    for (int i = 0; i < fate.n; i++)
        lost += fate.came[i] == 0;
    return (double)lost / fate.n;
}

static double mean_run_lost(void)
{
    int lost = 0, runs = 0;

    for (int i = 0; i < fate.n; i++) {
        lost += fate.came[i] == 0;
        runs += fate.came[i] == 0 && (i == 0 || fate.came[i - 1] > 0);
    }
    return runs ? (double)lost / runs : 0;
}

static void within(double x, double low, double high)
{
    if (!(x >= low && x <= high))
        fail_msg("%f is not within %f and %f", x, low, high);
}

static void a_line_without_script_changes_nothing(void **state)
{
    (void)state;
    open_line("", 1);
    run(IMPAIR_UP, 1000, 1000, 100);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(fate.came[i], 1);
        assert_int_equal(fate.late[i], 0);
    }
    assert_int_equal(impair_counters(line, IMPAIR_UP)->out_bytes, 100000);
    assert_int_equal(impair_counters(line, IMPAIR_DOWN)->in, 0);
    close_line();
}

/* 100000 packets: the share may be off by four standard deviations. */
static void random_loss_is_the_share_asked_for_and_comes_alone(void **state)
{
    static const int percents[] = { 1, 5, 10, 20, 30 };
    char text[64];

    (void)state;
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            double p = percents[i] / 100.0;

            assert_true(str_format(text, sizeof text, "at 0s up loss=%d%%\n", percents[i]));
            open_line(text, seed);
            run(IMPAIR_UP, MANY, 1000, 100);
            within(share_lost(), p - 0.006, p + 0.006);
            within(mean_run_lost(), 0.95 / (1 - p), 1.05 / (1 - p));
            close_line();
        }
    }
}

static void burst_loss_has_the_share_and_the_length_asked_for(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        open_line("at 0s down burst=5%/4\n", seed);
        run(IMPAIR_DOWN, MANY, 1000, 100);
        within(share_lost(), 0.044, 0.056);
        within(mean_run_lost(), 3.6, 4.4);
        close_line();
        open_line("at 0s down burst=20%/10\n", seed);
        run(IMPAIR_DOWN, MANY, 1000, 100);
        within(share_lost(), 0.175, 0.225);
        within(mean_run_lost(), 9, 11);
        close_line();
        /* Gilbert-Elliott: a burst that lets some through */
        open_line("at 0s down burst=10%/20/50% loss=1%\n", seed);
        run(IMPAIR_DOWN, MANY, 1000, 100);
        within(share_lost(), 0.09, 0.13);
        within(mean_run_lost(), 1.6, 2.2);
        close_line();
    }
}

/* Counted in packets a voice of 50 a second and its repeats seconds later meet the same burst;
 * interference is over by then. */
static void a_burst_of_a_time_passes_however_few_packets_there_are(void **state)
{
    static const struct {
        int64_t gap_us;
        double least, most;
    } cases[] = { { 4 * US_PER_MS, 19, 22 },  /* 1 / (0.8 (1 - e^(-4/64))) */
                  { 20 * US_PER_MS, 4.3, 5 }, /* 4.66 */
                  { US_PER_S, 1.15, 1.35 } }; /* as if by chance */

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            open_line("at 0s down burst=20%/80ms\n", seed);
            run(IMPAIR_DOWN, MANY, cases[i].gap_us, 100);
            within(share_lost(), 0.16, 0.24);
            within(mean_run_lost(), cases[i].least, cases[i].most);
            close_line();
        }
}

static void jitter_is_spread_evenly_around_the_delay(void **state)
{
    int64_t sum = 0, low = NEVER_US, high = 0;
    int quarters[4] = { 0 };

    (void)state;
    open_line("at 0s both delay=100ms jitter=20ms order=free\n", 7);
    run(IMPAIR_UP, MANY, 1000, 100);
    for (int i = 0; i < MANY; i++) {
        sum += fate.late[i];
        low = earlier_us(low, fate.late[i]);
        high = fate.late[i] > high ? fate.late[i] : high;
        quarters[(fate.late[i] - 80000) * 4 / 40001]++;
    }
    within((double)sum / MANY, 99700, 100300);
    within((double)low, 80000, 80010);
    within((double)high, 119990, 120000);
    for (int q = 0; q < 4; q++)
        within(quarters[q], MANY / 4 - 700, MANY / 4 + 700);
    assert_true(fate.reordered > MANY / 10); /* it was asked for */
    close_line();
}

static void nothing_is_reordered_unless_asked_for(void **state)
{
    int64_t high = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        open_line("at 0s both delay=200ms jitter=200ms loss=5% duplicate=5% rate=2M\n", seed);
        run(IMPAIR_UP, MANY, 1000, 100);
        assert_int_equal(fate.reordered, 0);
        for (int i = 0; i < MANY; i++)
            high = fate.late[i] > high ? fate.late[i] : high;
        close_line();
    }
    within((double)high, 399000, 400500); /* with 400 µs for the rate */
}

/* One packet every 20 ms; held back by 30 ms it is behind its neighbour, unless that is, too. */
static void held_back_packets_are_overtaken(void **state)
{
    int held = 0, behind = 0;

    (void)state;
    open_line("at 0s up delay=10ms reorder=25%/30ms\n", 3);
    run(IMPAIR_UP, MANY, 20000, 100);
    for (int i = 0; i < MANY; i++) {
        bool late = fate.late[i] == 40000;

        assert_true(late || fate.late[i] == 10000);
        held += late;
        behind += late && i + 1 < MANY && fate.late[i + 1] == 10000;
    }
    within((double)held / MANY, 0.244, 0.256);
    assert_int_equal(impair_counters(line, IMPAIR_UP)->held_back, held);
    assert_int_equal(fate.reordered, behind);
    close_line();
}

static void duplicates_come_twice_and_no_more(void **state)
{
    int twice = 0;

    (void)state;
    open_line("at 0s up duplicate=10%\n", 3);
    run(IMPAIR_UP, MANY, 1000, 100);
    for (int i = 0; i < MANY; i++) {
        assert_true(fate.came[i] == 1 || fate.came[i] == 2);
        twice += fate.came[i] == 2;
    }
    within((double)twice / MANY, 0.096, 0.104);
    close_line();
}

/* 1250 bytes at 1000 kbit/s: 10 ms each. Offered every 5 ms: half is too much. */
static void a_rate_delays_up_to_the_queue_and_then_drops(void **state)
{
    int64_t high = 0;

    (void)state;
    open_line("at 0s up rate=1M queue=200ms\n", 1);
    run(IMPAIR_UP, 10000, 5000, 1250);
    for (int i = 0; i < 20; i++) /* 10, 15, 20 ... ms */
        assert_int_equal(fate.late[i], 10000 + 5000 * i);
    for (int i = 0; i < 10000; i++)
        high = fate.late[i] > high ? fate.late[i] : high;
    assert_int_equal(high, 200000);
    within(share_lost(), 0.495, 0.5);
    assert_int_equal(fate.reordered, 0);
    close_line();
}

static void a_queue_in_bytes_is_bounded_in_bytes(void **state)
{
    int64_t high = 0;

    (void)state;
    open_line("at 0s up rate=1M queue=25kB\n", 1); /* 20 packets: 200 ms */
    run(IMPAIR_UP, 10000, 5000, 1250);
    for (int i = 0; i < 10000; i++)
        high = fate.late[i] > high ? fate.late[i] : high;
    assert_int_equal(high, 200000);
    close_line();
}

/* A packet longer than the whole queue still passes an idle line. */
static void a_slow_line_carries_long_packets(void **state)
{
    (void)state;
    open_line("at 0s up rate=10k queue=100ms\n", 1);
    run(IMPAIR_UP, 10, 2000000, 1250); /* one second each */
    for (int i = 0; i < 10; i++)
        assert_int_equal(fate.late[i], 1000000);
    close_line();
}

static void the_rate_is_what_comes_through_whatever_the_script_changes(void **state)
{
    static const int64_t rates[] = { 1500, 300, 128, 64, 1500 };
    int64_t bytes[5] = { 0 }, at;

    (void)state;
    open_line("at 0s up rate=1500k\nat 20s up rate=300k\nat 40s up rate=128k\nat 60s up rate=64k\n"
              "at 80s up rate=1500k\n",
              1);
    run(IMPAIR_UP, 50000, 2000, 1000); /* 4000 kbit/s offered for 100 s */
    for (int i = 0; i < 50000; i++) {
        at = i * 2000 + fate.late[i];
        /* the last 15 s of each part: what came before still left its queue */
        if (fate.came[i] && at < 100 * US_PER_S && at % (20 * US_PER_S) >= 5 * US_PER_S)
            bytes[at / (20 * US_PER_S)] += 1000;
    }
    for (int i = 0; i < 5; i++)
        within((double)(bytes[i] * 8 / 15), (double)(rates[i] * 985), (double)(rates[i] * 1015));
    close_line();
}

/* The packet that is being sent when the rate falls takes its remaining half ten times as long. */
static void a_new_rate_holds_for_the_rest_of_a_packet(void **state)
{
    (void)state;
    open_line("at 0s up rate=1M\nat 5ms up rate=100k\n", 1);
    run(IMPAIR_UP, 1, 1000, 1250);
    assert_int_equal(fate.late[0], 5000 + 50000);
    close_line();
}

static void headers_that_were_not_handed_in_count_for_the_rate(void **state)
{
    struct impair_config config = {
        .script = &script, .seed = 1, .slots = 4, .overhead_bytes = 25
    };
    uint32_t n;
    int64_t due;

    (void)state;
    parse("at 0s both rate=1M\n");
    assert_int_equal(impair_new(&line, &config), ERR_OK);
    impair_start(line, 0);
    put(0, IMPAIR_UP, 1, 100);
    assert_true(get(NEVER_US - 1, &n, &due));
    assert_int_equal(due, 1000);
    close_line();
}

static void an_outage_lasts_exactly_as_long_as_the_script_says(void **state)
{
    (void)state;
    open_line("at 0s both delay=50ms\nat 10s both outage\nat 40s both outage=off\n", 1);
    run(IMPAIR_DOWN, 50000, 1000, 100);
    for (int i = 0; i < 50000; i++) {
        /* what was on its way when the line was cut is lost, too */
        assert_int_equal(fate.came[i], i <= 9950 || i >= 40000);
        assert_true(!fate.came[i] || fate.late[i] == 50000); /* the delay came back */
    }
    assert_int_equal(impair_counters(line, IMPAIR_DOWN)->lost_outage, 40000 - 9951);
    close_line();
}

static void an_outage_empties_the_queue(void **state)
{
    (void)state;
    open_line("at 0s up rate=100k queue=10s\nat 1s up outage\nat 2s up outage=off\n", 1);
    run(IMPAIR_UP, 9, 100000, 1250); /* each 100 ms: never more than one waits */
    assert_int_equal(fate.came[8], 1);
    close_line();
    open_line("at 0s up rate=100k queue=10s\nat 1s up outage\nat 2s up outage=off\n", 1);
    run(IMPAIR_UP, 300, 10000, 1250);
    for (int i = 0; i < 300; i++) /* 10 in the first second; nothing of the queue afterwards */
        assert_true(fate.came[i] == (i < 10 || (i >= 200 && i < 300)));
    close_line();
}

static void a_rule_drops_its_kind_only(void **state)
{
    struct impair_out out;
    uint8_t byte = 0;
    int came = 0;

    (void)state;
    open_line("at 0s up drop=udp\nat 1s up drop=stun\nat 2s up drop=none\n", 1);
    for (int s = 0; s < 3; s++) {
        int64_t now = s * US_PER_S;

        impair_input(line, now, IMPAIR_UP, IMPAIR_UDP, &byte, 1);
        impair_input(line, now, IMPAIR_UP, IMPAIR_UDP | IMPAIR_STUN, &byte, 1);
        impair_input(line, now, IMPAIR_UP, IMPAIR_TCP, &byte, 1);
        impair_input(line, now, IMPAIR_UP, 0, &byte, 1);
        impair_input(line, now, IMPAIR_DOWN, IMPAIR_UDP, &byte, 1);
        for (came = 0; impair_poll(line, now, &out);)
            came++;
        assert_int_equal(came, 3 + s);
    }
    close_line();
}

static void a_rebind_is_told_once_and_at_its_time(void **state)
{
    struct impair_out out;

    (void)state;
    open_line("at 5s rebind\nat 6s rebind\n", 1);
    assert_int_equal(impair_deadline(line), 5 * US_PER_S);
    assert_false(impair_poll(line, 5 * US_PER_S - 1, &out));
    assert_int_equal(impair_rebinds(line), 0);
    assert_false(impair_poll(line, 5 * US_PER_S, &out));
    assert_int_equal(impair_rebinds(line), 1);
    assert_false(impair_poll(line, 60 * US_PER_S, &out));
    assert_int_equal(impair_rebinds(line), 2);
    assert_true(impair_deadline(line) == NEVER_US);
    close_line();
}

/* Before the start only 0 s holds; the script's time then begins where it was told. */
static void a_held_script_waits(void **state)
{
    struct impair_config config = { .script = &script, .seed = 1, .slots = 16 };
    uint32_t n;
    int64_t due;

    (void)state;
    parse("at 0s both delay=10ms\nat 1s both outage\n");
    assert_int_equal(impair_new(&line, &config), ERR_OK);
    put(100 * US_PER_S, IMPAIR_UP, 1, 10);
    assert_true(get(100 * US_PER_S + 10000, &n, &due));
    assert_true(impair_deadline(line) == NEVER_US);
    impair_start(line, 200 * US_PER_S);
    put(201 * US_PER_S - 11000, IMPAIR_UP, 2, 10);
    put(201 * US_PER_S, IMPAIR_UP, 3, 10);
    assert_true(get(202 * US_PER_S, &n, &due));
    assert_int_equal(n, 2);
    assert_false(get(202 * US_PER_S, &n, &due));
    close_line();
}

static void oversize_and_a_full_memory_are_counted(void **state)
{
    struct impair_config config = { .script = &script, .seed = 1, .slots = 4 };

    (void)state;
    parse("at 0s both delay=10ms\n");
    assert_int_equal(impair_new(&line, &config), ERR_OK);
    put(0, IMPAIR_UP, 1, IMPAIR_PACKET_MAX + 1);
    for (uint32_t i = 0; i < 6; i++)
        put(0, IMPAIR_UP, i, 10);
    assert_int_equal(impair_counters(line, IMPAIR_UP)->oversize, 1);
    assert_int_equal(impair_counters(line, IMPAIR_UP)->full, 2);
    assert_int_equal(impair_inside(line, IMPAIR_UP), 4);
    impair_free(line);
    config.slots = 0;
    assert_int_equal(impair_new(&line, &config), ERR_INVAL);
}

static const char everything[] = "at 0s both loss=3% burst=5%/4/80% delay=50ms jitter=30ms "
                                 "reorder=2%/30ms duplicate=2% rate=900k queue=100ms\n"
                                 "at 20s down order=free\nat 30s both outage\nat 31s both clear "
                                 "loss=10%\n";

static void the_same_seed_gives_the_same_line_and_another_another(void **state)
{
    static struct fate first;

    (void)state;
    open_line(everything, 11);
    run(IMPAIR_DOWN, 40000, 1000, 100);
    close_line();
    first = fate;
    open_line(everything, 11);
    run(IMPAIR_DOWN, 40000, 1000, 100);
    close_line();
    assert_memory_equal(&first, &fate, sizeof fate);
    open_line(everything, 12);
    run(IMPAIR_DOWN, 40000, 1000, 100);
    close_line();
    assert_memory_not_equal(&first, &fate, sizeof fate);
}

/* Else a question and its answer would be lost together. */
static void the_directions_have_chances_of_their_own(void **state)
{
    static int up[MANY];

    (void)state;
    open_line("at 0s both loss=10%\n", 11);
    run(IMPAIR_UP, 20000, 1000, 100);
    close_line();
    memcpy(up, fate.came, sizeof up);
    open_line("at 0s both loss=10%\n", 11);
    run(IMPAIR_DOWN, 20000, 1000, 100);
    close_line();
    assert_memory_not_equal(up, fate.came, sizeof up);
}

/* A program on a busy machine is late; what the script says happens at its time all the same. */
static void a_late_call_changes_nothing(void **state)
{
    uint32_t n;
    int64_t due;

    (void)state;
    open_line("at 0s both delay=2s\nat 1s both outage\nat 2500ms both outage=off\n", 1);
    put(0, IMPAIR_UP, 1, 10);
    assert_false(get(60 * US_PER_S, &n, &due)); /* cut at 1 s, though nobody looked */
    close_line();
    open_line("at 0s both delay=1s rate=100k\nat 150ms both rate=off delay=0ms\n", 1);
    put(0, IMPAIR_UP, 1, 1250); /* 100 ms each */
    put(0, IMPAIR_UP, 2, 1250);
    assert_true(get(60 * US_PER_S, &n, &due));
    assert_int_equal(due, 1100 * US_PER_MS);
    assert_true(get(60 * US_PER_S, &n, &due));
    assert_int_equal(due, 1100 * US_PER_MS); /* set out at 150 ms, and did not overtake */
    close_line();
}

/* So that two runs differ in the one thing that was changed. */
static void a_changed_delay_loses_the_same_packets(void **state)
{
    static int first[MANY];

    (void)state;
    open_line("at 0s up loss=10% burst=5%/3\n", 5);
    run(IMPAIR_UP, 20000, 1000, 100);
    close_line();
    memcpy(first, fate.came, sizeof first);
    open_line("at 0s up loss=10% burst=5%/3 delay=80ms jitter=40ms reorder=5%/30ms\n", 5);
    run(IMPAIR_UP, 20000, 1000, 100);
    close_line();
    assert_memory_equal(first, fate.came, sizeof first);
}

static void an_exhausted_memory_leaves_nothing_behind(void **state)
{
    struct impair_config config = { .seed = 1, .slots = 8 };
    long before = mem_live();
    int failures = 0;
    enum err e;

    (void)state;
    for (long n = 0;; n++) {
        mem_fail_after(n);
        e = impair_new(&line, &config);
        mem_fail_after(-1);
        if (e == ERR_OK)
            break;
        assert_int_equal(e, ERR_NOMEM);
        assert_int_equal(mem_live(), before);
        failures++;
    }
    impair_free(line);
    assert_int_equal(mem_live(), before);
    assert_true(failures >= 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_without_script_changes_nothing),
        cmocka_unit_test(random_loss_is_the_share_asked_for_and_comes_alone),
        cmocka_unit_test(burst_loss_has_the_share_and_the_length_asked_for),
        cmocka_unit_test(a_burst_of_a_time_passes_however_few_packets_there_are),
        cmocka_unit_test(jitter_is_spread_evenly_around_the_delay),
        cmocka_unit_test(nothing_is_reordered_unless_asked_for),
        cmocka_unit_test(held_back_packets_are_overtaken),
        cmocka_unit_test(duplicates_come_twice_and_no_more),
        cmocka_unit_test(a_rate_delays_up_to_the_queue_and_then_drops),
        cmocka_unit_test(a_queue_in_bytes_is_bounded_in_bytes),
        cmocka_unit_test(a_slow_line_carries_long_packets),
        cmocka_unit_test(the_rate_is_what_comes_through_whatever_the_script_changes),
        cmocka_unit_test(a_new_rate_holds_for_the_rest_of_a_packet),
        cmocka_unit_test(headers_that_were_not_handed_in_count_for_the_rate),
        cmocka_unit_test(an_outage_lasts_exactly_as_long_as_the_script_says),
        cmocka_unit_test(an_outage_empties_the_queue),
        cmocka_unit_test(a_rule_drops_its_kind_only),
        cmocka_unit_test(a_rebind_is_told_once_and_at_its_time),
        cmocka_unit_test(a_held_script_waits),
        cmocka_unit_test(oversize_and_a_full_memory_are_counted),
        cmocka_unit_test(the_same_seed_gives_the_same_line_and_another_another),
        cmocka_unit_test(the_directions_have_chances_of_their_own),
        cmocka_unit_test(a_late_call_changes_nothing),
        cmocka_unit_test(a_changed_delay_loses_the_same_packets),
        cmocka_unit_test(an_exhausted_memory_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
