/* SPDX-License-Identifier: Apache-2.0
 *
 * The live lesson as a machine without I/O: who is in, which state it is in,
 * what each person may send and get, what is told to whom, and which facts
 * are written down. Connections, messages, media events, schedule changes and
 * the time go in; effects come out. One room per lesson, on the net loop.
 *
 *   WAITING ──mentor in──▶ LIVE ◀──────────mentor back────── FROZEN
 *      │                    │ ▲ └──mentor dropped──────────────▲
 *      │            rest/break│ │back
 *      │                    ▼ │
 *      │                  RESTING
 *      └───────────┬────────┴── window over · mentor ends · cancelled ──▶ ENDED
 *
 * A seminar or meeting (lesson_facts.gathering) is the same machine for up to
 * ROOM_PEOPLE_MAX adults: the mentor is its host, nobody sends without the
 * word, hands stand in a queue, and changes of people are told in batches.
 *
 * Admission is asked of domain/admission once a second for everyone inside
 * and at every change of the facts; a verdict that turns bad cuts that person
 * at once. A child's media is never forwarded unless its mentor is in.
 */
#ifndef PARTA_ROOM_ROOM_H
#define PARTA_ROOM_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "common/base/now.h"
#include "common/protocol/protocol.gen.h"
#include "server/domain/admission.h"
#include "server/domain/attendance.h"
#include "server/domain/lesson.h"
#include "server/media/message.h"

#define ROOM_PEOPLE_MAX SIG_LIMIT_GROUP_MEMBERS /* in a seminar or meeting */
#define ROOM_LESSON_PEOPLE SIG_LIMIT_MEMBERS    /* in a lesson */
#define ROOM_NAME_MAX 160
#define ROOM_TITLE_MAX 160
#define ROOM_TOKEN_MAX 64
#define ROOM_SILENT_MS SIG_LIMIT_SILENT_MS       /* unheard so long: shown to the others as lost */
#define ROOM_KEEP_SEAT_MS SIG_LIMIT_KEEP_SEAT_MS /* a lost connection is a leave after this */
#define ROOM_SEEN_MS                                                                               \
    (4 * MS_PER_S) /* presence is confirmed this often, up to the last ping: a crash costs 5 s at  \
                      most */

/* A signalling connection of the net loop: slot and generation, never reused while the process
 * runs. 0 = none. The leg of a connection has the same number (leg_id.v == conn_id.v). */
struct conn_id {
    uint64_t v;
};

/* Who comes in, as the desk found it; the session row is already written. */
struct room_person {
    struct admit_person admit;
    struct session_id session; /* presence row of this connection */
    int64_t login;             /* login session, for logout; never sent */
    char name[ROOM_NAME_MAX + 1];
    char animal[17];
    char resume[ROOM_TOKEN_MAX + 1]; /* token of the seat, random, given by the desk */
    bool came_back;         /* the client held this seat (right resume token): no take-over */
    int64_t screen_used_ms; /* screen time in this lesson already written down, 0 = none (R6) */
};

/* What the lesson is called; fixed while the room lives, except by room_facts. */
struct room_titles {
    char subject[81];
    char kind[25];
    char title[ROOM_TITLE_MAX + 1]; /* of a seminar or meeting, else "" */
};

enum room_effect_kind {
    ROOM_SEND,  /* conn, text: one signalling message */
    ROOM_CLOSE, /* conn: close after what was sent */
    ROOM_MEDIA, /* media: a command for the stage of this lesson */
    ROOM_FACT,  /* fact: to be written by the desk */
    ROOM_DONE,  /* the lesson is over (or the process goes down) and all is told: free the room */
};

enum room_fact_kind {
    FACT_SEEN,         /* session: still connected at at_ms */
    FACT_LEFT,         /* session, cause, at_ms (last seen for a lost connection) */
    FACT_LESSON_STATE, /* lesson_state at at_ms */
    FACT_CHAT,         /* user, text */
    FACT_EVENT,  /* user, event: rest_on rest_off break_on break_off screen_on screen_off quiet
                    hand_up visitor_in visitor_out mentor_end word_on word_off */
    FACT_SCREEN, /* session, value: screen milliseconds of this session so far */
    FACT_LINK,   /* session, link: what the client measured */
};

struct room_fact {
    enum room_fact_kind kind;
    struct lesson_id lesson;
    struct session_id session;
    struct user_id user;
    int64_t at_ms;
    enum leave_cause cause;
    enum lesson_state lesson_state;
    const char *event; /* static text */
    const char *text;  /* CHAT: borrowed until the next poll */
    int64_t value;
    int loss_permille, rtt_ms, up_kbps, down_kbps; /* LINK */
};

struct room_effect {
    enum room_effect_kind kind;
    struct conn_id conn;
    const char *text; /* SEND: borrowed until the next poll */
    size_t text_len;
    const struct media_command *media; /* borrowed until the next poll */
    const struct room_fact *fact;      /* borrowed until the next poll */
};

struct room;

/* A room for this lesson, empty and WAITING. ERR_NOMEM. */
enum err room_new(struct room **out, const struct lesson_facts *facts,
                  const struct room_titles *titles, struct now now) MUST_CHECK;
void room_free(struct room *r);

/* The desk has admitted this person on this connection. Seats it: a new seat, the person's own seat
 * after a lost connection, or a take-over that closes the older connection. If it is refused after
 * all (the facts have changed, or no seat is free) the person is told and its row is closed; the
 * connection stays open and unseated. */
void room_join(struct room *r, struct now now, struct conn_id conn,
               const struct room_person *person);

/* A parsed message of a seated connection (join, probe, measure and ping never reach a room). */
void room_message(struct room *r, struct now now, struct conn_id conn,
                  const struct sig_client *msg);

/* Anything at all came over this connection (a message, a ping or pong). Must be called for each:
 * presence is confirmed up to the last call, silence of ROOM_SILENT_MS shows the person as lost,
 * and silence of ROOM_KEEP_SEAT_MS closes the connection. room_message and room_join imply it. */
void room_heard(struct room *r, struct now now, struct conn_id conn);

/* The person wants its seat again (before the desk is asked): its presence is written up to when it
 * was last heard, so that its old row, which the desk closes there, ends where it did. */
void room_returns(struct room *r, struct now now, struct user_id user);

/* The connection is gone. The seat is kept ROOM_KEEP_SEAT_MS for a return; the presence row is
 * closed at once: now, or when it was last heard if that is longer ago than a ping and a half. */
void room_conn_lost(struct room *r, struct now now, struct conn_id conn);

/* The schedule changed: verdicts are asked again at once. */
void room_facts(struct room *r, struct now now, const struct lesson_facts *facts,
                const struct room_titles *titles);

/* A person's rights changed (right ended, consent withdrawn, logged out). */
void room_person_changed(struct room *r, struct now now, const struct admit_person *person);

/* From the stage. */
void room_media(struct room *r, struct now now, const struct media_event *ev);

/* The process is going down: everyone is told server_restart; seats stay open in the records. */
void room_drain(struct room *r, struct now now);

void room_timeout(struct room *r, struct now now);
bool room_poll(struct room *r, struct room_effect *out);
int64_t room_deadline(const struct room *r);

/* For the live board and metrics. */
struct room_person_view {
    struct user_id user;
    enum seat_role seat;
    bool present, mic, camera, screen, hand, resting;
    int64_t since_ms;
    int loss_permille, rtt_ms;
};
struct room_view {
    struct lesson_id lesson;
    enum sig_room_state state;
    int64_t state_since_ms;
    int people_n;
    struct room_person_view people[ROOM_PEOPLE_MAX];
};
void room_look(const struct room *r, struct room_view *out);
/* How many people it can hold: a bound of people_n. */
int room_places(const struct room *r);

#endif
