/* SPDX-License-Identifier: Apache-2.0
 *
 * A room on a bench: virtual time, people by their user id, and everything the
 * room says, checked as it comes out: each message must be a valid message of
 * the protocol, each presence row is closed once, and a child's media is open
 * only while its mentor is there. For unit tests and the simulated school.
 */
#ifndef PARTA_TESTS_ROOM_RIG_H
#define PARTA_TESTS_ROOM_RIG_H

#include <stdbool.h>

#include "server/room/room.h"

#define RIG_MENTOR 1
#define RIG_CHILD 2 /* children are 2, 3, 4, ... */
#define RIG_GUARDIAN 50
#define RIG_COORDINATOR 60
#define RIG_START INT64_C(1790000000000) /* start of the lesson */
#define RIG_LONG_MS (40 * MS_PER_MIN)
#define RIG_CONNS 64
#define RIG_ROWS 4096
#define RIG_LOG 512

/* One connection, 1-based; its leg has the same number. */
struct rig_conn {
    bool used, alive, closed; /* alive: it pings; closed: the room asked to close it */
    int64_t user;
    enum seat_role seat;
    bool leg_open;
    struct leg_gate gate;
    int64_t heard_us;
    bool media_dead;
    int opened; /* LEG_OPEN commands */
};

struct rig_row {
    int64_t session, user;
    int64_t join_ms, seen_ms, left_ms;
    int64_t screen_ms;
    enum leave_cause cause; /* STILL_IN until left */
};

struct rig_line {
    uint64_t conn;
    struct sig_server msg;
    char *text;
};

struct rig {
    struct room *room;
    struct now now;
    struct lesson_facts facts;
    struct rig_conn conns[RIG_CONNS];
    struct rig_row rows[RIG_ROWS];
    int rows_n;
    struct rig_line log[RIG_LOG]; /* ring of what was said */
    long log_n;
    enum lesson_state states[64]; /* FACT_LESSON_STATE in order */
    int states_n;
    char events[64][16]; /* ring of FACT_EVENT */
    long events_n;
    int chats, links;
    bool done, stage_closed;
    int max_effects;            /* most effects of one input */
    bool free_of_memory_faults; /* false: the out-of-memory sweep is on, messages may be missing */
    int read_every;             /* read only every n-th message (long walks); 0 and 1 = each */
    long sent;
};

/* A lesson with so many children; now is `from_start_ms` after its start. */
void rig_init(struct rig *g, int children, int64_t from_start_ms);
void rig_deinit(struct rig *g);

struct room_person rig_person(const struct rig *g, int64_t user);

/* The person comes in on a new connection; returns its number. */
uint64_t rig_join(struct rig *g, int64_t user);
uint64_t rig_join_as(struct rig *g, const struct room_person *p);

/* A message of the client, as text. */
void rig_say(struct rig *g, uint64_t conn, const char *json);
void rig_lose(struct rig *g, uint64_t conn);
void rig_media(struct rig *g, uint64_t conn, enum media_event_kind kind);

/* Offer, answer, media live, camera and microphone on. */
void rig_talk(struct rig *g, uint64_t conn);

/* Time passes; living connections ping, due timers fire at their exact moment. */
void rig_run(struct rig *g, int64_t ms);

/* Takes everything out of the room. Called by all of the above. */
void rig_drain(struct rig *g);

/* What was said to conn (0 = anybody): how often, and the last one (NULL if never). */
int rig_count(const struct rig *g, uint64_t conn, enum sig_server_kind kind);
const struct sig_server *rig_last(const struct rig *g, uint64_t conn, enum sig_server_kind kind);
int rig_notices(const struct rig *g, uint64_t conn, enum sig_notice code);
bool rig_refused_with(const struct rig *g, uint64_t conn, enum sig_error code);
int rig_events(const struct rig *g, const char *event);
enum sig_room_state rig_state(const struct rig *g);
const struct rig_row *rig_row_of(const struct rig *g, int64_t user); /* the latest */
int rig_open_rows(const struct rig *g, int64_t user);

#endif
