/* SPDX-License-Identifier: Apache-2.0
 *
 * A room on a bench: virtual time, people by their user id, and everything the
 * room says, checked as it comes out: each message must be a valid message of
 * the protocol, each presence row is closed once, and a child's media is open
 * only while its mentor is there. For unit tests and the simulated school.
 */
#ifndef PARTA_TESTS_LAB_H
#define PARTA_TESTS_LAB_H

#include <stdbool.h>

#include "server/room/room.h"

#define LAB_MENTOR 1
#define LAB_CHILD 2 /* children are 2, 3, 4, ... */
#define LAB_GUARDIAN 50
#define LAB_COORDINATOR 60
#define LAB_START INT64_C(1790000000000) /* start of the lesson */
#define LAB_LONG_MS (40 * MS_PER_MIN)
#define LAB_GUEST 100 /* guests of a gathering are 100, 101, ...; the first LAB_SPEAKERS speak */
#define LAB_SPEAKERS 3
#define LAB_CONNS 128
#define LAB_ROWS 4096
#define LAB_LOG 4096

/* One connection, 1-based; its leg has the same number. */
struct lab_conn {
    bool used, alive, closed; /* alive: it pings; closed: the room asked to close it */
    int64_t user;
    enum seat_role seat;
    bool leg_open;
    struct leg_id leg; /* opened last */
    struct leg_gate gate;
    int64_t heard_us;
    bool media_dead;
    int opened; /* LEG_OPEN commands */
};

struct lab_row {
    int64_t session, user;
    int64_t join_ms, seen_ms, left_ms;
    int64_t screen_ms;
    enum leave_cause cause; /* STILL_IN until left */
};

struct lab_line {
    uint64_t conn;
    struct sig_server msg;
    char *text;
};

struct lab {
    struct room *room;
    struct now now;
    struct lesson_facts facts;
    struct lab_conn conns[LAB_CONNS];
    struct lab_row rows[LAB_ROWS];
    int rows_n;
    struct lab_line log[LAB_LOG]; /* ring of what was said */
    long log_n;
    enum lesson_state states[64]; /* FACT_LESSON_STATE in order */
    int states_n;
    char events[64][16]; /* ring of FACT_EVENT */
    long events_n;
    int chats, links;
    int views; /* LEG_VIEW commands, and the last one */
    uint64_t view_leg;
    struct media_view view;
    bool done, stage_closed;
    int max_effects;            /* most effects of one input */
    bool free_of_memory_faults; /* false: the out-of-memory sweep is on, messages may be missing */
    int read_every;             /* read only every n-th message (long walks); 0 and 1 = each */
    long sent;
};

/* A lesson with so many children; now is `from_start_ms` after its start. */
void lab_init(struct lab *g, int children, int64_t from_start_ms);
/* A seminar with so many guests. */
void lab_init_group(struct lab *g, int guests);
void lab_deinit(struct lab *g);

struct room_person lab_person(const struct lab *g, int64_t user);

/* The person comes in on a new connection; returns its number. */
uint64_t lab_join(struct lab *g, int64_t user);
uint64_t lab_join_as(struct lab *g, const struct room_person *p);

/* A message of the client, as text. */
void lab_say(struct lab *g, uint64_t conn, const char *json);
void lab_lose(struct lab *g, uint64_t conn);
void lab_media(struct lab *g, uint64_t conn, enum media_event_kind kind);

/* Offer, answer, media live, camera and microphone on. */
void lab_talk(struct lab *g, uint64_t conn);

/* A new lab: mentor and one child, five minutes into the lesson, both talking. */
void lab_two(struct lab *g, uint64_t *mentor, uint64_t *child);

/* What the gates let through: from's voice and picture to another; shut: nothing of conn, and
 * nothing to it. */
bool lab_hears(const struct lab *g, uint64_t to, uint64_t from);
bool lab_sees(const struct lab *g, uint64_t to, uint64_t from);
bool lab_shut(const struct lab *g, uint64_t conn);

/* Time passes; living connections ping, due timers fire at their exact moment. */
void lab_run(struct lab *g, int64_t ms);

/* Takes everything out of the room. Called by all of the above. */
void lab_drain(struct lab *g);

/* What was said to conn (0 = anybody): how often, and the last one (NULL if never). */
int lab_count(const struct lab *g, uint64_t conn, enum sig_server_kind kind);
const struct sig_server *lab_last(const struct lab *g, uint64_t conn, enum sig_server_kind kind);
int lab_notices(const struct lab *g, uint64_t conn, enum sig_notice code);
bool lab_refused_with(const struct lab *g, uint64_t conn, enum sig_error code);
int lab_events(const struct lab *g, const char *event);
enum sig_room_state lab_state(const struct lab *g);
const struct lab_row *lab_row_of(const struct lab *g, int64_t user); /* the latest */
int lab_open_rows(const struct lab *g, int64_t user);

#endif
