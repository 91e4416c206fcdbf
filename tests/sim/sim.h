/* SPDX-License-Identifier: Apache-2.0
 *
 * A school on virtual time: real rooms and the real door rule, a desk that
 * keeps its rows in memory, and people who follow a script (they come, drop,
 * fall silent, come back, change the device, get tired), while the server may
 * be killed or restarted. No socket, no thread, no clock: a day takes moments.
 */
#ifndef PARTA_TESTS_SIM_H
#define PARTA_TESTS_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/domain/attendance.h"
#include "server/room/room.h"

#define SIM_LESSONS 64
#define SIM_STEPS 1024
#define SIM_CLIENTS 1024
#define SIM_ROWS 2048
#define SIM_TRIES 256
#define SIM_OUTAGES 8

/* People of a lesson: the mentor, its children from WHO_CHILD on, and the others. */
enum { WHO_MENTOR = 0, WHO_CHILD = 1, WHO_GUARDIAN = 12, WHO_COORDINATOR = 13, WHO_STRANGER = 14 };

enum sim_act {
    ACT_COME,      /* a new client comes in; a client of this person that wants in is the one that
                      comes back (with its resume token) */
    ACT_TAKE_OVER, /* a second device comes in and takes over */
    ACT_KNOCK,     /* tries to come in and gives up whatever the answer is; expected: refused */
    ACT_FAIL,      /* tries and is turned away by a fault of its own (a logged try) */
    ACT_DROP,      /* the connection breaks and both sides know */
    ACT_SILENCE,   /* the line is dead and nobody knows yet */
    ACT_LEAVE,
    ACT_TIRED,
    ACT_REST,
    ACT_REST_END,
    ACT_END,        /* the mentor ends the lesson */
    ACT_NO_CONSENT, /* the consent is withdrawn */
    ACT_SUSPEND,    /* the mentor's right to teach ends */
};

struct sim_row {
    int lesson;
    struct presence presence;
    int64_t seen_ms;
};

struct sim;

struct sim *sim_new(int64_t unix_ms);
void sim_free(struct sim *w);

/* Adds a lesson; returns its number. Ids of its people are made from it (sim_user). */
int sim_lesson(struct sim *w, int64_t start_ms, int minutes, int children);
struct user_id sim_user(int lesson, int who);
const struct lesson_facts *sim_facts(const struct sim *w, int lesson);

/* Something a person does, at an instant. Steps may be added in any order before sim_run. */
void sim_step(struct sim *w, int64_t at_ms, int lesson, int who, enum sim_act act);

/* The server stops at down_ms (killed, or after draining) and serves again from up_ms on. People
 * that were in come back by themselves: mentors 5 s later, children 10 s. */
void sim_outage(struct sim *w, int64_t down_ms, int64_t up_ms, bool killed);

/* Lives through the time until until_ms. */
void sim_run(struct sim *w, int64_t until_ms);

/* What the desk has of a lesson, for the fold; arrays owned by the sim until the next call. */
void sim_attendance(struct sim *w, int lesson, struct attendance_input *out);

int sim_refusals(const struct sim *w, int lesson);
int sim_open_rows(const struct sim *w);
int sim_live_rooms(const struct sim *w);
/* Messages that clients were sent, and how often a child's media was open (sampled). */
long sim_messages(const struct sim *w);
long sim_open_gates(const struct sim *w);

#endif
