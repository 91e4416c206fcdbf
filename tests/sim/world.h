/* SPDX-License-Identifier: Apache-2.0
 *
 * A school on virtual time: real rooms and the real door rule, a desk that
 * keeps its rows in memory, and people who follow a script (they come, drop,
 * fall silent, come back, change the device, get tired), while the server may
 * be killed or restarted. No socket, no thread, no clock: a day takes moments.
 */
#ifndef PARTA_TESTS_WORLD_H
#define PARTA_TESTS_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/domain/attendance.h"
#include "server/room/room.h"

#define WORLD_LESSONS 64
#define WORLD_STEPS 1024
#define WORLD_CLIENTS 1024
#define WORLD_ROWS 2048
#define WORLD_TRIES 256
#define WORLD_OUTAGES 8

/* People of a lesson: the mentor, its children from WHO_CHILD on, and the others. */
enum { WHO_MENTOR = 0, WHO_CHILD = 1, WHO_GUARDIAN = 12, WHO_COORDINATOR = 13, WHO_STRANGER = 14 };

enum world_act {
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

struct world_row {
    int lesson;
    struct presence presence;
    int64_t seen_ms;
};

struct world;

struct world *world_new(int64_t unix_ms);
void world_free(struct world *w);

/* Adds a lesson; returns its number. Ids of its people are made from it (world_user). */
int world_lesson(struct world *w, int64_t start_ms, int minutes, int children);
struct user_id world_user(int lesson, int who);
const struct lesson_facts *world_facts(const struct world *w, int lesson);

/* Something a person does, at an instant. Steps may be added in any order before world_run. */
void world_step(struct world *w, int64_t at_ms, int lesson, int who, enum world_act act);

/* The server stops at down_ms (killed, or after draining) and serves again from up_ms on. People
 * that were in come back by themselves: mentors 5 s later, children 10 s. */
void world_outage(struct world *w, int64_t down_ms, int64_t up_ms, bool killed);

/* Lives through the time until until_ms. */
void world_run(struct world *w, int64_t until_ms);

/* What the desk has of a lesson, for the fold; arrays owned by the world until the next call. */
void world_attendance(struct world *w, int lesson, struct attendance_input *out);

int world_refusals(const struct world *w, int lesson);
int world_open_rows(const struct world *w);
int world_live_rooms(const struct world *w);
/* Messages that clients were sent, and how often a child's media was open (sampled). */
long world_messages(const struct world *w);
long world_open_gates(const struct world *w);

#endif
