/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/path: from figures to a verdict, one line a case.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "server/domain/path.h"

#define UNKNOWN PATH_DEVICE_UNKNOWN
#define PRESENT PATH_DEVICE_PRESENT
#define BLOCKED PATH_DEVICE_BLOCKED
#define MISSING PATH_DEVICE_MISSING

struct row {
    const char *what;
    struct path_figures f; /* udp, websocket, rtt, loss, up, down, microphone, camera, speaker */
    enum path_verdict verdict;
    enum path_cause cause;
};

static const struct row rows[] = {
    { "a wide way", { 1, 1, 38, 2, 9000, 9000, 1, 1, 1 }, PATH_GOOD, PATH_CAUSE_NONE },
    { "a perfect way", { 1, 1, 0, 0, 1000000, 1000000, 1, 1, 1 }, PATH_GOOD, PATH_CAUSE_NONE },
    { "no UDP: as good", { 0, 1, 60, -1, 900, 900, 1, 1, 1 }, PATH_GOOD, PATH_CAUSE_NONE },
    { "loss unknown", { 1, 1, 38, -1, 900, 900, 1, 1, 1 }, PATH_GOOD, PATH_CAUSE_NONE },
    { "devices unknown",
      { 1, 1, 38, 2, 900, 900, UNKNOWN, UNKNOWN, UNKNOWN },
      PATH_GOOD,
      PATH_CAUSE_NONE },
    { "no camera", { 1, 1, 38, 2, 900, 900, 1, MISSING, 1 }, PATH_GOOD, PATH_CAUSE_NONE },
    { "camera shut", { 1, 1, 38, 2, 900, 900, 1, BLOCKED, 1 }, PATH_GOOD, PATH_CAUSE_NONE },

    { "nothing reached", { 0, 0, -1, -1, -1, -1, 1, 1, 1 }, PATH_CALL_US, PATH_CAUSE_WAY },
    { "the way counts before the microphone",
      { 0, 0, -1, -1, -1, -1, MISSING, 1, 1 },
      PATH_CALL_US,
      PATH_CAUSE_WAY },
    { "no microphone",
      { 1, 1, 38, 2, 900, 900, MISSING, 1, 1 },
      PATH_CALL_US,
      PATH_CAUSE_MICROPHONE },
    { "microphone shut",
      { 1, 1, 38, 2, 900, 900, BLOCKED, 1, 1 },
      PATH_CALL_US,
      PATH_CAUSE_MICROPHONE },
    { "no loudspeaker",
      { 1, 1, 38, 2, 900, 900, 1, 1, MISSING },
      PATH_CALL_US,
      PATH_CAUSE_LOUDSPEAKER },

    { "up, last good", { 1, 1, 38, 2, 500, 900, 1, 1, 1 }, PATH_GOOD, PATH_CAUSE_NONE },
    { "up, less", { 1, 1, 38, 2, 499, 900, 1, 1, 1 }, PATH_VOICE_SURE, PATH_CAUSE_RATE_UP },
    { "up, last sure", { 1, 1, 38, 2, 150, 900, 1, 1, 1 }, PATH_VOICE_SURE, PATH_CAUSE_RATE_UP },
    { "up, narrow", { 1, 1, 38, 2, 149, 900, 1, 1, 1 }, PATH_VOICE_ONLY, PATH_CAUSE_RATE_UP },
    { "up, last voice", { 1, 1, 38, 2, 45, 900, 1, 1, 1 }, PATH_VOICE_ONLY, PATH_CAUSE_RATE_UP },
    { "up, too narrow", { 1, 1, 38, 2, 44, 900, 1, 1, 1 }, PATH_CALL_US, PATH_CAUSE_RATE_UP },
    { "up, none", { 1, 1, 38, 2, 0, 900, 1, 1, 1 }, PATH_CALL_US, PATH_CAUSE_RATE_UP },
    { "down, less", { 1, 1, 38, 2, 900, 499, 1, 1, 1 }, PATH_VOICE_SURE, PATH_CAUSE_RATE_DOWN },
    { "down, narrow", { 1, 1, 38, 2, 900, 149, 1, 1, 1 }, PATH_VOICE_ONLY, PATH_CAUSE_RATE_DOWN },
    { "down, too narrow", { 1, 1, 38, 2, 900, 44, 1, 1, 1 }, PATH_CALL_US, PATH_CAUSE_RATE_DOWN },
    { "the worse of both ways",
      { 1, 1, 38, 2, 300, 100, 1, 1, 1 },
      PATH_VOICE_ONLY,
      PATH_CAUSE_RATE_DOWN },
    { "narrow over WebSocket",
      { 0, 1, 38, -1, 300, 900, 1, 1, 1 },
      PATH_VOICE_SURE,
      PATH_CAUSE_RATE_UP },

    { "loss, last good", { 1, 1, 38, 50, 900, 900, 1, 1, 1 }, PATH_GOOD, PATH_CAUSE_NONE },
    { "loss, more", { 1, 1, 38, 51, 900, 900, 1, 1, 1 }, PATH_VOICE_SURE, PATH_CAUSE_LOSS },
    { "loss of 10 %", { 1, 1, 38, 100, 900, 900, 1, 1, 1 }, PATH_VOICE_SURE, PATH_CAUSE_LOSS },
    { "loss over 10 %", { 1, 1, 38, 101, 900, 900, 1, 1, 1 }, PATH_VOICE_ONLY, PATH_CAUSE_LOSS },
    { "loss of 20 %", { 1, 1, 38, 200, 900, 900, 1, 1, 1 }, PATH_VOICE_ONLY, PATH_CAUSE_LOSS },
    { "loss over 20 %", { 1, 1, 38, 201, 900, 900, 1, 1, 1 }, PATH_CALL_US, PATH_CAUSE_LOSS },
    { "all lost", { 1, 1, 38, 1000, 900, 900, 1, 1, 1 }, PATH_CALL_US, PATH_CAUSE_LOSS },

    { "delay, last good", { 1, 1, 400, 2, 900, 900, 1, 1, 1 }, PATH_GOOD, PATH_CAUSE_NONE },
    { "delay, more", { 1, 1, 401, 2, 900, 900, 1, 1, 1 }, PATH_VOICE_SURE, PATH_CAUSE_DELAY },
    { "delay, far", { 1, 1, 801, 2, 900, 900, 1, 1, 1 }, PATH_VOICE_ONLY, PATH_CAUSE_DELAY },
    { "delay, too far", { 1, 1, 1501, 2, 900, 900, 1, 1, 1 }, PATH_CALL_US, PATH_CAUSE_DELAY },
    { "the first of equals is named",
      { 1, 1, 500, 60, 300, 300, 1, 1, 1 },
      PATH_VOICE_SURE,
      PATH_CAUSE_RATE_UP },
};

static void figures_have_their_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct path_judgement j = path_judge(&rows[i].f);

        if (path_fault(&rows[i].f))
            fail_msg("%s: %s cannot be", rows[i].what, path_fault(&rows[i].f));
        if (j.verdict != rows[i].verdict || j.cause != rows[i].cause)
            fail_msg("%s: %s, %s", rows[i].what, path_verdict_name(j.verdict),
                     path_cause_name(j.cause));
    }
}

/* A better figure never makes the verdict worse. */
static void verdicts_are_monotonous(void **state)
{
    enum path_verdict last = PATH_CALL_US;

    (void)state;
    for (int kbps = 0; kbps <= 1000; kbps++) {
        struct path_figures f = { 1, 1, 10, 0, kbps, kbps, PRESENT, PRESENT, PRESENT };
        enum path_verdict v = path_judge(&f).verdict;

        assert_true(v <= last);
        assert_int_equal(path_judge(&f).cause == PATH_CAUSE_NONE, v == PATH_GOOD);
        last = v;
    }
    assert_int_equal(last, PATH_GOOD);
}

static void impossible_figures_are_named(void **state)
{
    static const struct {
        struct path_figures f;
        const char *fault;
    } bad[] = {
        { { 1, 0, -1, -1, -1, -1, 1, 1, 1 }, "udp" },
        { { 1, 1, -1, 0, 1, 1, 1, 1, 1 }, "rtt_ms" },
        { { 1, 1, 60001, 0, 1, 1, 1, 1, 1 }, "rtt_ms" },
        { { 0, 0, 5, -1, -1, -1, 1, 1, 1 }, "rtt_ms" },
        { { 1, 1, 5, 0, -1, 1, 1, 1, 1 }, "up_kbps" },
        { { 1, 1, 5, 0, 1000001, 1, 1, 1, 1 }, "up_kbps" },
        { { 1, 1, 5, 0, 1, -2, 1, 1, 1 }, "down_kbps" },
        { { 0, 0, -1, -1, -1, 7, 1, 1, 1 }, "down_kbps" },
        { { 1, 1, 5, 1001, 1, 1, 1, 1, 1 }, "loss_permille" },
        { { 1, 1, 5, -2, 1, 1, 1, 1, 1 }, "loss_permille" },
        { { 0, 1, 5, 3, 1, 1, 1, 1, 1 }, "loss_permille" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_string_equal(path_fault(&bad[i].f), bad[i].fault);
}

static void words_go_there_and_back(void **state)
{
    enum path_verdict v;
    enum path_cause c;
    enum path_device d;

    (void)state;
    for (int i = PATH_GOOD; i <= PATH_CALL_US; i++)
        assert_true(path_verdict_parse(path_verdict_name((enum path_verdict)i), &v) && (int)v == i);
    for (int i = PATH_CAUSE_NONE; i <= PATH_CAUSE_DELAY; i++)
        assert_true(path_cause_parse(path_cause_name((enum path_cause)i), &c) && (int)c == i);
    for (int i = UNKNOWN; i <= MISSING; i++)
        assert_true(path_device_parse(path_device_name((enum path_device)i), &d) && (int)d == i);
    assert_false(path_verdict_parse("fine", &v));
    assert_false(path_cause_parse("", &c));
    assert_false(path_device_parse(NULL, &d));
    assert_string_equal(path_verdict_name((enum path_verdict)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_have_their_verdict),
        cmocka_unit_test(verdicts_are_monotonous),
        cmocka_unit_test(impossible_figures_are_named),
        cmocka_unit_test(words_go_there_and_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
