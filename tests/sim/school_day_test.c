/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole school day in eleven time zones, lived through on virtual time: real
 * rooms, the real door, the real fold. What is expected of each kind of lesson
 * was worked out by hand and stands beside its script.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "tests/sim/sim.h"

#define MIDNIGHT INT64_C(1790640000000) /* 2026-09-29T00:00:00Z */
#define MINUTES 40
#define T WHO_MENTOR
#define K WHO_CHILD
#define AT(min, s) ((min)*60000 + (s)*1000)
#define SCRIPT_MAX 16
#define CHILDREN_MAX 3

struct script_step {
    int at_ms; /* from the start of the lesson */
    int who;
    enum sim_act act;
};

struct expected {
    enum outcome outcome;
    char code;
    int contact_s;
    int late_s;
};

/* The script ends at the first step without a time of its own: use no step at 0:00 that is all
 * zero, which would be the mentor coming in at the start; write it as 1 ms early. */
#define START (-1)

struct kind {
    const char *name;
    struct script_step steps[SCRIPT_MAX];
    struct expected children[CHILDREN_MAX];
    int children_n;
    enum outcome lesson;
    enum lesson_state state; /* at the end of the day */
    int refusals;
};

enum {
    BOTH_EARLY,
    LATE_CHILD,
    GAP,
    TAKE_OVER,
    LATE_MENTOR,
    NO_OVERLAP,
    TIRED,
    LOST,
    CHILD_NO_SHOW,
    TEACHER_NO_SHOW,
    CRASH,
    LONG_OUTAGE,
    RESTART,
    OVERRUN,
    GROUP,
    TECH_CHILD,
    TECH_TEACHER,
    NOBODY,
    JUST_WITHIN_LIMITS,
    TEN_MINUTES_LATE,
    TEN_MINUTES_AND_A_SECOND,
    TOO_EARLY,
    STRANGER,
    MENTOR_LOST,
    BLINK,
    CONSENT,
    ENDED_EARLY,
    SUSPENDED,
    REST,
    VISITORS,
    FLAKY,
    BOTH_LATE,
    FIVE_MINUTES,
    KINDS
};

/* Unless a script says otherwise the mentor comes five and the child two minutes early, and both
 * leave at 40:00. */
static const struct kind kinds[KINDS] = {
    [BOTH_EARLY] = { "both early, the mentor stays a minute",
                     { { AT(-5, 0), T, ACT_COME },
                       { AT(-2, 0), K, ACT_COME },
                       { AT(40, 0), K, ACT_LEAVE },
                       { AT(41, 0), T, ACT_LEAVE } },
                     { { OUTCOME_HELD, 'P', 2400, 0 } },
                     1,
                     OUTCOME_HELD,
                     LESSON_ENDED,
                     0 },
    [LATE_CHILD] = { "the child comes at 7:00",
                     { { AT(-5, 0), T, ACT_COME },
                       { AT(7, 0), K, ACT_COME },
                       { AT(40, 0), K, ACT_LEAVE },
                       { AT(40, 0), T, ACT_LEAVE } },
                     { { OUTCOME_HELD, 'L', 1980, 420 } },
                     1,
                     OUTCOME_HELD,
                     LESSON_ENDED,
                     0 },
    [GAP] = { "the child's connection breaks from 12:30 to 14:00",
              { { AT(-5, 0), T, ACT_COME },
                { AT(-2, 0), K, ACT_COME },
                { AT(12, 30), K, ACT_DROP },
                { AT(14, 0), K, ACT_COME },
                { AT(40, 0), K, ACT_LEAVE },
                { AT(40, 0), T, ACT_LEAVE } },
              { { OUTCOME_HELD, 'P', 2310, 0 } },
              1,
              OUTCOME_HELD,
              LESSON_ENDED,
              0 },
    [TAKE_OVER] = { "the child changes the device at 20:00",
                    { { AT(-5, 0), T, ACT_COME },
                      { AT(-1, 0), K, ACT_COME },
                      { AT(20, 0), K, ACT_TAKE_OVER },
                      { AT(40, 0), K, ACT_LEAVE },
                      { AT(40, 0), T, ACT_LEAVE } },
                    { { OUTCOME_HELD, 'P', 2400, 0 } },
                    1,
                    OUTCOME_HELD,
                    LESSON_ENDED,
                    0 },
    [LATE_MENTOR] = { "the mentor comes at 10:00",
                      { { AT(-1, 0), K, ACT_COME },
                        { AT(10, 0), T, ACT_COME },
                        { AT(40, 0), K, ACT_LEAVE },
                        { AT(40, 0), T, ACT_LEAVE } },
                      { { OUTCOME_HELD, 'P', 1800, 0 } },
                      1,
                      OUTCOME_HELD,
                      LESSON_ENDED,
                      0 },
    [NO_OVERLAP] = { "the mentor leaves at 15:00, the child comes at 20:00",
                     { { START, T, ACT_COME },
                       { AT(15, 0), T, ACT_LEAVE },
                       { AT(20, 0), K, ACT_COME },
                       { AT(40, 0), K, ACT_LEAVE } },
                     { { OUTCOME_NO_OVERLAP, 'L', 0, 1200 } },
                     1,
                     OUTCOME_NO_OVERLAP,
                     LESSON_ENDED,
                     0 },
    [TIRED] = { "the child is tired at 18:00",
                { { AT(-5, 0), T, ACT_COME },
                  { AT(-2, 0), K, ACT_COME },
                  { AT(18, 0), K, ACT_TIRED },
                  { AT(40, 0), T, ACT_LEAVE } },
                { { OUTCOME_PARTIAL, 'E', 1080, 0 } },
                1,
                OUTCOME_PARTIAL,
                LESSON_ENDED,
                0 },
    [LOST] = { "the child's line dies after 15:00, it tries again in vain",
               { { AT(-5, 0), T, ACT_COME },
                 { AT(-2, 0), K, ACT_COME },
                 { AT(15, 0) + 500, K, ACT_SILENCE },
                 { AT(16, 0), K, ACT_FAIL },
                 { AT(25, 0), K, ACT_FAIL },
                 { AT(40, 0), T, ACT_LEAVE } },
               { { OUTCOME_PARTIAL, 'T', 900, 0 } },
               1,
               OUTCOME_PARTIAL,
               LESSON_ENDED,
               0 },
    [CHILD_NO_SHOW] = { "the mentor waits 15 minutes",
                        { { START, T, ACT_COME }, { AT(15, 0), T, ACT_LEAVE } },
                        { { OUTCOME_CHILD_NO_SHOW, 'N', 0, 0 } },
                        1,
                        OUTCOME_CHILD_NO_SHOW,
                        LESSON_ENDED,
                        0 },
    [TEACHER_NO_SHOW] = { "the child waits 15 minutes",
                          { { AT(-1, 0), K, ACT_COME }, { AT(15, 0), K, ACT_LEAVE } },
                          { { OUTCOME_TEACHER_NO_SHOW, 'W', 0, 0 } },
                          1,
                          OUTCOME_TEACHER_NO_SHOW,
                          LESSON_ENDED,
                          0 },
    /* Killed at 20:02, when 20:00 was the last presence written; up at 21:30; mentor back 21:35,
     * child back 21:40. */
    [CRASH] = { "the server is killed and starts again",
                { { AT(-5, 0), T, ACT_COME },
                  { AT(-2, 0), K, ACT_COME },
                  { AT(40, 0), K, ACT_LEAVE },
                  { AT(40, 0), T, ACT_LEAVE } },
                { { OUTCOME_HELD, 'P', 2300, 0 } },
                1,
                OUTCOME_HELD,
                LESSON_ENDED,
                0 },
    /* Killed at 5:02, up at 41:00. */
    [LONG_OUTAGE] = { "the server is down past the end",
                      { { AT(-5, 0), T, ACT_COME }, { AT(-2, 0), K, ACT_COME } },
                      { { OUTCOME_TECH_SERVER, 'S', 300, 0 } },
                      1,
                      OUTCOME_TECH_SERVER,
                      LESSON_ENDED,
                      0 },
    /* Drained at 10:00, up at 10:03; mentor back 10:08, child back 10:13. */
    [RESTART] = { "the server restarts in good order",
                  { { AT(-5, 0), T, ACT_COME },
                    { AT(-2, 0), K, ACT_COME },
                    { AT(40, 0), K, ACT_LEAVE },
                    { AT(40, 0), T, ACT_LEAVE } },
                  { { OUTCOME_HELD, 'P', 2387, 0 } },
                  1,
                  OUTCOME_HELD,
                  LESSON_ENDED,
                  0 },
    [OVERRUN] = { "both stay until the window closes",
                  { { AT(-1, 0), T, ACT_COME }, { AT(-1, 0), K, ACT_COME } },
                  { { OUTCOME_HELD, 'P', 2400, 0 } },
                  1,
                  OUTCOME_HELD,
                  LESSON_ENDED,
                  0 },
    [GROUP] = { "three children, the third from 25:00",
                { { AT(-5, 0), T, ACT_COME },
                  { AT(-2, 0), K, ACT_COME },
                  { AT(-1, 0), K + 1, ACT_COME },
                  { AT(25, 0), K + 2, ACT_COME },
                  { AT(40, 0), K, ACT_LEAVE },
                  { AT(40, 0), K + 1, ACT_LEAVE },
                  { AT(40, 0), K + 2, ACT_LEAVE },
                  { AT(40, 0), T, ACT_LEAVE } },
                { { OUTCOME_HELD, 'P', 2400, 0 },
                  { OUTCOME_HELD, 'P', 2400, 0 },
                  { OUTCOME_PARTIAL, 'L', 900, 1500 } },
                3,
                OUTCOME_HELD,
                LESSON_ENDED,
                0 },
    [TECH_CHILD] = { "the child tries three times and never gets in",
                     { { AT(-5, 0), T, ACT_COME },
                       { AT(1, 0), K, ACT_FAIL },
                       { AT(5, 0), K, ACT_FAIL },
                       { AT(9, 0), K, ACT_FAIL },
                       { AT(40, 0), T, ACT_LEAVE } },
                     { { OUTCOME_TECH_CHILD, 'T', 0, 0 } },
                     1,
                     OUTCOME_TECH_CHILD,
                     LESSON_ENDED,
                     0 },
    [TECH_TEACHER] = { "the mentor tries and never gets in",
                       { { AT(-1, 0), K, ACT_COME },
                         { AT(2, 0), T, ACT_FAIL },
                         { AT(6, 0), T, ACT_FAIL },
                         { AT(20, 0), K, ACT_LEAVE } },
                       { { OUTCOME_TECH_TEACHER, 'W', 0, 0 } },
                       1,
                       OUTCOME_TECH_TEACHER,
                       LESSON_ENDED,
                       0 },
    [NOBODY] = { "nobody comes",
                 { { 0 } },
                 { { OUTCOME_BOTH_NO_SHOW, 'N', 0, 0 } },
                 1,
                 OUTCOME_BOTH_NO_SHOW,
                 LESSON_SCHEDULED,
                 0 },
    [JUST_WITHIN_LIMITS] = { "the child is 4:59 late and leaves 4:59 early",
                             { { AT(-5, 0), T, ACT_COME },
                               { AT(4, 59), K, ACT_COME },
                               { AT(35, 1), K, ACT_LEAVE },
                               { AT(40, 0), T, ACT_LEAVE } },
                             { { OUTCOME_HELD, 'P', 1802, 0 } },
                             1,
                             OUTCOME_HELD,
                             LESSON_ENDED,
                             0 },
    [TEN_MINUTES_LATE] = { "the child comes at 10:00",
                           { { AT(-5, 0), T, ACT_COME },
                             { AT(10, 0), K, ACT_COME },
                             { AT(40, 0), K, ACT_LEAVE },
                             { AT(40, 0), T, ACT_LEAVE } },
                           { { OUTCOME_HELD, 'L', 1800, 600 } },
                           1,
                           OUTCOME_HELD,
                           LESSON_ENDED,
                           0 },
    [TEN_MINUTES_AND_A_SECOND] = { "the child comes at 10:01",
                                   { { AT(-5, 0), T, ACT_COME },
                                     { AT(10, 1), K, ACT_COME },
                                     { AT(40, 0), K, ACT_LEAVE },
                                     { AT(40, 0), T, ACT_LEAVE } },
                                   { { OUTCOME_PARTIAL, 'L', 1799, 601 } },
                                   1,
                                   OUTCOME_PARTIAL,
                                   LESSON_ENDED,
                                   0 },
    [TOO_EARLY] = { "the child knocks before the door opens, then comes in time",
                    { { AT(-11, 0), K, ACT_KNOCK },
                      { AT(-9, 0), K, ACT_COME },
                      { AT(-5, 0), T, ACT_COME },
                      { AT(40, 0), K, ACT_LEAVE },
                      { AT(40, 0), T, ACT_LEAVE } },
                    { { OUTCOME_HELD, 'P', 2400, 0 } },
                    1,
                    OUTCOME_HELD,
                    LESSON_ENDED,
                    1 },
    [STRANGER] = { "a stranger knocks twice",
                   { { AT(-5, 0), T, ACT_COME },
                     { AT(-2, 0), K, ACT_COME },
                     { AT(5, 0), WHO_STRANGER, ACT_KNOCK },
                     { AT(6, 0), WHO_STRANGER, ACT_KNOCK },
                     { AT(40, 0), K, ACT_LEAVE },
                     { AT(40, 0), T, ACT_LEAVE } },
                   { { OUTCOME_HELD, 'P', 2400, 0 } },
                   1,
                   OUTCOME_HELD,
                   LESSON_ENDED,
                   2 },
    [MENTOR_LOST] = { "the mentor's line dies after 20:00, back at 21:00",
                      { { AT(-5, 0), T, ACT_COME },
                        { AT(-2, 0), K, ACT_COME },
                        { AT(20, 0) + 500, T, ACT_SILENCE },
                        { AT(21, 0), T, ACT_COME },
                        { AT(40, 0), K, ACT_LEAVE },
                        { AT(40, 0), T, ACT_LEAVE } },
                      { { OUTCOME_HELD, 'P', 2340, 0 } },
                      1,
                      OUTCOME_HELD,
                      LESSON_ENDED,
                      0 },
    [BLINK] = { "the child's line dies after 20:00, back at 20:08 in the kept seat",
                { { AT(-5, 0), T, ACT_COME },
                  { AT(-2, 0), K, ACT_COME },
                  { AT(20, 0) + 500, K, ACT_SILENCE },
                  { AT(20, 8), K, ACT_COME },
                  { AT(40, 0), K, ACT_LEAVE },
                  { AT(40, 0), T, ACT_LEAVE } },
                { { OUTCOME_HELD, 'P', 2392, 0 } },
                1,
                OUTCOME_HELD,
                LESSON_ENDED,
                0 },
    [CONSENT] = { "the consent is withdrawn at 20:00, the child may not come back",
                  { { AT(-5, 0), T, ACT_COME },
                    { AT(-2, 0), K, ACT_COME },
                    { AT(20, 0), K, ACT_NO_CONSENT },
                    { AT(40, 0), T, ACT_LEAVE } },
                  { { OUTCOME_PARTIAL, 'E', 1200, 0 } },
                  1,
                  OUTCOME_PARTIAL,
                  LESSON_ENDED,
                  0 },
    [ENDED_EARLY] = { "the mentor ends the lesson at 32:00",
                      { { AT(-5, 0), T, ACT_COME },
                        { AT(-2, 0), K, ACT_COME },
                        { AT(32, 0), T, ACT_END },
                        { AT(33, 0), K, ACT_KNOCK } },
                      { { OUTCOME_HELD, 'E', 1920, 0 } },
                      1,
                      OUTCOME_HELD,
                      LESSON_ENDED,
                      1 },
    [SUSPENDED] = { "the mentor's right ends at 25:00",
                    { { AT(-5, 0), T, ACT_COME },
                      { AT(-2, 0), K, ACT_COME },
                      { AT(25, 0), T, ACT_SUSPEND },
                      { AT(26, 0), T, ACT_KNOCK },
                      { AT(40, 0), K, ACT_LEAVE } },
                    { { OUTCOME_PARTIAL, 'P', 1500, 0 } },
                    1,
                    OUTCOME_PARTIAL,
                    LESSON_ENDED,
                    1 },
    [REST] = { "the child rests from 10:00 to 20:00 and stays",
               { { AT(-5, 0), T, ACT_COME },
                 { AT(-2, 0), K, ACT_COME },
                 { AT(10, 0), K, ACT_REST },
                 { AT(20, 0), K, ACT_REST_END },
                 { AT(40, 0), K, ACT_LEAVE },
                 { AT(40, 0), T, ACT_LEAVE } },
               { { OUTCOME_HELD, 'P', 2400, 0 } },
               1,
               OUTCOME_HELD,
               LESSON_ENDED,
               0 },
    [VISITORS] = { "a guardian sits by, a coordinator looks in",
                   { { AT(-5, 0), T, ACT_COME },
                     { AT(-2, 0), K, ACT_COME },
                     { AT(-1, 0), WHO_GUARDIAN, ACT_COME },
                     { AT(10, 0), WHO_COORDINATOR, ACT_COME },
                     { AT(15, 0), WHO_COORDINATOR, ACT_LEAVE },
                     { AT(40, 0), K, ACT_LEAVE },
                     { AT(40, 0), T, ACT_LEAVE } },
                   { { OUTCOME_HELD, 'P', 2400, 0 } },
                   1,
                   OUTCOME_HELD,
                   LESSON_ENDED,
                   0 },
    [FLAKY] = { "the child's connection breaks four times for 4 s",
                { { AT(-5, 0), T, ACT_COME },
                  { AT(-2, 0), K, ACT_COME },
                  { AT(5, 0), K, ACT_DROP },
                  { AT(5, 4), K, ACT_COME },
                  { AT(10, 0), K, ACT_DROP },
                  { AT(10, 4), K, ACT_COME },
                  { AT(15, 0), K, ACT_DROP },
                  { AT(15, 4), K, ACT_COME },
                  { AT(20, 0), K, ACT_DROP },
                  { AT(20, 4), K, ACT_COME },
                  { AT(40, 0), K, ACT_LEAVE },
                  { AT(40, 0), T, ACT_LEAVE } },
                { { OUTCOME_HELD, 'P', 2384, 0 } },
                1,
                OUTCOME_HELD,
                LESSON_ENDED,
                0 },
    [BOTH_LATE] = { "both come at 6:00",
                    { { AT(6, 0), T, ACT_COME },
                      { AT(6, 0), K, ACT_COME },
                      { AT(40, 0), K, ACT_LEAVE },
                      { AT(40, 0), T, ACT_LEAVE } },
                    { { OUTCOME_HELD, 'L', 2040, 360 } },
                    1,
                    OUTCOME_HELD,
                    LESSON_ENDED,
                    0 },
    [FIVE_MINUTES] = { "the child leaves after five minutes",
                       { { AT(-5, 0), T, ACT_COME },
                         { AT(-2, 0), K, ACT_COME },
                         { AT(5, 0), K, ACT_LEAVE },
                         { AT(40, 0), T, ACT_LEAVE } },
                       { { OUTCOME_NOT_HELD, 'E', 300, 0 } },
                       1,
                       OUTCOME_NOT_HELD,
                       LESSON_ENDED,
                       0 },
};

/* The timetable: local time of the child, offset of its zone from UTC. */
static const struct {
    int utc_offset_h, hour, minute, kind;
} timetable[] = {
    { 12, 8, 0, BOTH_EARLY },
    { 12, 8, 50, LATE_CHILD },
    { 12, 9, 40, GAP },
    { 12, 10, 30, TAKE_OVER },
    { 11, 9, 30, LATE_MENTOR },
    { 10, 8, 30, NO_OVERLAP },
    { 10, 9, 20, TIRED },
    { 9, 9, 10, LOST },
    { 8, 8, 10, CHILD_NO_SHOW },
    { 9, 10, 0, TEACHER_NO_SHOW },
    { 7, 8, 0, OVERRUN },
    { 7, 8, 50, GROUP },
    { 5, 8, 0, CRASH },
    { 7, 10, 0, CRASH },
    { 12, 15, 0, CRASH },
    { 5, 9, 0, TECH_CHILD },
    { 6, 10, 0, TECH_TEACHER },
    { 7, 11, 0, NOBODY },
    { 5, 10, 0, TEN_MINUTES_LATE },
    { 4, 9, 0, STRANGER },
    { 3, 8, 0, TOO_EARLY },
    { 3, 9, 0, MENTOR_LOST },
    { 2, 8, 0, JUST_WITHIN_LIMITS },
    { 4, 10, 0, BLINK },
    { 3, 10, 0, CONSENT },
    { 2, 9, 0, TEN_MINUTES_AND_A_SECOND },
    { 3, 11, 0, ENDED_EARLY },
    { 2, 10, 0, SUSPENDED },
    { 5, 13, 0, REST },
    { 3, 11, 55, VISITORS },
    { 2, 10, 55, FLAKY },
    { 3, 13, 0, LONG_OUTAGE },
    { 5, 15, 0, LONG_OUTAGE },
    { 3, 14, 0, BOTH_LATE },
    { 2, 13, 0, FIVE_MINUTES },
    { 4, 15, 0, GROUP },
    { 3, 15, 0, TIRED },
    { 2, 14, 0, LATE_CHILD },
    { 5, 17, 0, LOST },
    { 3, 16, 0, RESTART },
    { 2, 15, 0, RESTART },
    { 3, 17, 0, BOTH_EARLY },
    { 2, 16, 0, NOBODY },
    { 4, 18, 0, TAKE_OVER },
};

#define LESSONS ((int)(sizeof timetable / sizeof timetable[0]))

static int64_t start_of(int lesson)
{
    int hour = timetable[lesson].hour - timetable[lesson].utc_offset_h;

    return MIDNIGHT + hour * MS_PER_HOUR + timetable[lesson].minute * MS_PER_MIN;
}

static void plan_the_day(struct sim *w)
{
    int64_t hour = MS_PER_HOUR;

    for (int i = 0; i < LESSONS; i++) {
        const struct kind *k = &kinds[timetable[i].kind];
        int lesson = sim_lesson(w, start_of(i), MINUTES, k->children_n);

        for (int s = 0; s < SCRIPT_MAX; s++) {
            const struct script_step *step = &k->steps[s];

            if (step->at_ms || step->who || step->act)
                sim_step(w, start_of(i) + step->at_ms, lesson, step->who, step->act);
        }
    }
    sim_outage(w, MIDNIGHT + 3 * hour + AT(20, 2), MIDNIGHT + 3 * hour + AT(21, 30), true);
    sim_outage(w, MIDNIGHT + 10 * hour + AT(5, 2), MIDNIGHT + 10 * hour + AT(41, 0), true);
    sim_outage(w, MIDNIGHT + 13 * hour + AT(10, 0), MIDNIGHT + 13 * hour + AT(10, 3), false);
}

static int compare(struct sim *w, int lesson)
{
    const struct kind *k = &kinds[timetable[lesson].kind];
    struct attendance_input in;
    struct attendance_result r;
    int wrong = 0;

    sim_attendance(w, lesson, &in);
    assert_int_equal(attendance_compute(&in, &r), ERR_OK);
    wrong += r.outcome != k->lesson;
    wrong += sim_facts(w, lesson)->state != k->state;
    wrong += sim_refusals(w, lesson) != k->refusals;
    for (size_t c = 0; c < r.children_n; c++) {
        const struct expected *e = &k->children[c];
        const struct child_attendance *got = &r.children[c];

        if (got->outcome == e->outcome && got->code == e->code &&
            got->contact_ms == e->contact_s * MS_PER_S && got->at.late_ms == e->late_s * MS_PER_S)
            continue;
        wrong++;
        print_message(
            "%d %s, child %zu: %s %c %lld ms, late %lld ms; expected %s %c %d s, late %d s\n",
            lesson, k->name, c, outcome_name(got->outcome), got->code, (long long)got->contact_ms,
            (long long)got->at.late_ms, outcome_name(e->outcome), e->code, e->contact_s, e->late_s);
    }
    if (wrong)
        print_message("%d %s: lesson %s, state %s, %d refusals\n", lesson, k->name,
                      outcome_name(r.outcome), lesson_state_name(sim_facts(w, lesson)->state),
                      sim_refusals(w, lesson));
    attendance_deinit(&r);
    return wrong;
}

static void a_school_day(void **state)
{
    struct sim *w = sim_new(MIDNIGHT - 5 * MS_PER_HOUR);
    bool met[KINDS] = { false };
    int wrong = 0;

    (void)state;
    plan_the_day(w);
    sim_run(w, MIDNIGHT + 16 * MS_PER_HOUR);
    for (int i = 0; i < LESSONS; i++) {
        wrong += compare(w, i);
        met[timetable[i].kind] = true;
    }
    for (int k = 0; k < KINDS; k++)
        assert_true(met[k]);
    assert_int_equal(wrong, 0);
    assert_int_equal(sim_open_rows(w), 0);
    assert_int_equal(sim_live_rooms(w), 0);
    assert_true(sim_open_gates(w) > 10000); /* media did flow */
    print_message("%d lessons, %ld messages\n", LESSONS, sim_messages(w));
    sim_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_school_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
