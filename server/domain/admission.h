/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may be in a lesson, now: the join rules J1-J8 as one pure function. The
 * stored facts come in, a verdict comes out. It is asked at entry, every
 * second while the person is inside, and at each change of the schedule;
 * nothing else in Parta decides about access to a lesson.
 */
#ifndef PARTA_DOMAIN_ADMISSION_H
#define PARTA_DOMAIN_ADMISSION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/ids.h"
#include "server/domain/lesson.h"

/* What a person is in this lesson, from the schedule and the rights, never from a message. */
enum seat_role {
    SEAT_NONE,        /* no relation to this lesson */
    SEAT_CHILD,       /* on the schedule as a child */
    SEAT_MENTOR,      /* on the schedule as its mentor (or substitute) */
    SEAT_GUARDIAN,    /* guardian of a child of this lesson; visible (J4) */
    SEAT_COORDINATOR, /* coordinator of the centre; visible and announced (J5) */
    SEAT_SPEAKER,     /* invited to a seminar or meeting, to speak (DOMAIN 70) */
    SEAT_LISTENER,    /* invited to a seminar or meeting, to listen */
};

/* One line per verdict: code for the wire and the database, meaning. */
#define ADMIT_LIST(X)                                                                              \
    X(OK, "ok", "come in")                                                                         \
    X(NO_LOGIN, "no_login", "no valid login session")                                              \
    X(NOT_YOURS, "not_yours", "no seat in this lesson, or no such lesson (told alike, T1)")        \
    X(TOO_EARLY, "too_early", "before the door opens")                                             \
    X(ENDED, "ended", "after the window closed")                                                   \
    X(CANCELLED, "cancelled", "the lesson is cancelled")                                           \
    X(MOVED, "moved", "the lesson has been moved to another time")                                 \
    X(RIGHT_ENDED, "right_ended", "the person's right to be here has ended (J6)")                  \
    X(CONSENT, "consent", "a consent the lesson needs is missing or withdrawn (J6)")               \
    X(BACK_OFF, "back_off", "too many refused tries within a minute (J8)")                         \
    X(FULL, "full", "every seat of the room is taken")                                             \
    X(NOT_READY, "not_ready", "the lesson needs a substitute or is not published")                 \
    X(UNAVAILABLE, "unavailable", "the facts could not be read: fail closed (T24)")

enum admit {
#define X(code, name, text) ADMIT_##code,
    ADMIT_LIST(X)
#undef X
};

/* Everything the decision needs about the person, at the moment of asking. */
struct admit_person {
    struct user_id user;
    enum seat_role seat;
    bool login_valid;      /* a live server-side session */
    bool active;           /* user not locked or ended, role grant covers now */
    bool may_teach;        /* mentors: every gate of can_teach holds (J1, J6) */
    bool consent_ok;       /* children: consent for distance lessons stands */
    bool adult;            /* is nobody's pupil: only these may be guests (DOMAIN 70) */
    int refused_in_minute; /* refusals of this person within the last minute; 0 when the question
                              is about someone who is already inside (J8 slows tries, it cuts
                              nobody) */
    bool no_seat_free;     /* the room is full and this person has no seat in it */
};

#define ADMIT_TRIES_PER_MINUTE 5 /* J8 */

/* May this person be in this lesson at unix_ms? Total and deterministic.
 * The window is [start - open_before, end + close_after), half-open, in UTC.
 * lesson NULL: there is no such lesson (NOT_YOURS, told alike). person NULL: the facts about
 * the person or the lesson could not be read (UNAVAILABLE: fail closed, T24). The order in
 * which refusals are given stands in admission.c. */
enum admit admit(const struct lesson_facts *lesson, const struct admit_person *person,
                 int64_t unix_ms);

/* Wire and database code of a verdict, for example "too_early". */
const char *admit_name(enum admit a);

#endif
