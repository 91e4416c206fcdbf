/* SPDX-License-Identifier: Apache-2.0
 *
 * The join rules as one function. The first line that fits is the verdict:
 *
 *   1 UNAVAILABLE  the person's facts are missing, or the clock is not set (T24)
 *   2 NO_LOGIN     no live session
 *   3 BACK_OFF     too many refused tries; nothing about any lesson is told any more (J8)
 *   4 NOT_YOURS    no such lesson, or no seat in it: the same answer (T1). From here on the
 *                  person is known to belong to the lesson and may learn about it
 *   5 UNAVAILABLE  the lesson's facts contradict themselves
 *   6 NOT_YOURS    the claimed seat is not what the schedule says
 *   7 RIGHT_ENDED  account locked, role over, or a mentor without the right to teach (J1, J6)
 *   8 CONSENT      a child without the consent the lesson needs (J6)
 *   9 CANCELLED, MOVED
 *  10 NOT_READY    unpublished or without a mentor
 *  11 ENDED        over by state (ended early) or by the clock
 *  12 TOO_EARLY
 *  13 FULL
 *  14 OK
 *
 * The person comes before the lesson, the lesson before the clock, the clock before the room: so
 * a refusal names the thing that would still be wrong at any other time. Everybody with a seat,
 * guardian, coordinator and guest too, has the same window and the same cancellations (J2, J4, J5).
 * A refusal is never widened by anything unknown: an unknown enum value is a refusal.
 */
#include "server/domain/admission.h"

#include <stddef.h>

/* 2020-01-01T00:00:00Z. A server whose clock stands before it has not been set. */
#define CLOCK_SANE_MS INT64_C(1577836800000)

static bool lesson_sane(const struct lesson_facts *l)
{
    return l->end_ms > l->start_ms && l->open_before_ms >= 0 && l->close_after_ms >= 0 &&
           l->children_n >= 0 && l->children_n <= LESSON_CHILDREN_MAX && l->guests_n >= 0 &&
           l->guests_n <= LESSON_GUESTS_MAX &&
           (l->gathering ? l->children_n == 0 : l->guests_n == 0);
}

/* Does the schedule itself give this user that seat? Guardians and coordinators are not on it:
 * their seat comes from rights that the store has read; so does a guest's, from the invitation, and
 * there is none but to a gathering of adults. */
static bool seat_on_schedule(const struct lesson_facts *l, const struct admit_person *p)
{
    switch (p->seat) {
    case SEAT_MENTOR:
        return user_id_eq(l->mentor, p->user);
    case SEAT_CHILD:
        for (int i = 0; i < l->children_n; i++)
            if (user_id_eq(l->children[i], p->user))
                return true;
        return false;
    case SEAT_GUARDIAN:
        return !l->gathering; /* of no child in it */
    case SEAT_COORDINATOR:
        return true;
    case SEAT_SPEAKER:
    case SEAT_LISTENER:
        return l->gathering && p->adult;
    default: /* SEAT_NONE has been refused before; a seat that nobody knows is none */
        return false;
    }
}

/* Line 9 to 11 of the list: what the lesson's state alone says. */
static enum admit by_state(const struct lesson_facts *l)
{
    switch (l->state) {
    case LESSON_CANCELLED:
        return ADMIT_CANCELLED;
    case LESSON_RESCHEDULED:
        return ADMIT_MOVED;
    case LESSON_PLANNED:
    case LESSON_NEEDS_SUBSTITUTE:
        return ADMIT_NOT_READY;
    case LESSON_SCHEDULED:
    case LESSON_OPEN:
    case LESSON_RUNNING:
    case LESSON_INTERRUPTED:
        return l->published ? ADMIT_OK : ADMIT_NOT_READY;
    case LESSON_ENDED:
    case LESSON_COMPUTED:
    case LESSON_DISPUTED:
    case LESSON_CONFIRMED:
    case LESSON_LOCKED:
        return ADMIT_ENDED;
    }
    return ADMIT_UNAVAILABLE;
}

enum admit admit(const struct lesson_facts *lesson, const struct admit_person *person,
                 int64_t unix_ms)
{
    enum admit state;

    if (!person || unix_ms < CLOCK_SANE_MS)
        return ADMIT_UNAVAILABLE;
    if (!person->login_valid || person->user.v <= 0)
        return ADMIT_NO_LOGIN;
    if (person->refused_in_minute >= ADMIT_TRIES_PER_MINUTE)
        return ADMIT_BACK_OFF;
    if (!lesson || person->seat == SEAT_NONE)
        return ADMIT_NOT_YOURS;
    if (!lesson_sane(lesson))
        return ADMIT_UNAVAILABLE;
    if (!seat_on_schedule(lesson, person))
        return ADMIT_NOT_YOURS;
    if (!person->active || (person->seat == SEAT_MENTOR && !person->may_teach))
        return ADMIT_RIGHT_ENDED;
    if (person->seat == SEAT_CHILD && !person->consent_ok)
        return ADMIT_CONSENT;
    state = by_state(lesson);
    if (state != ADMIT_OK)
        return state;
    if (unix_ms >= lesson_closes_ms(lesson))
        return ADMIT_ENDED;
    if (unix_ms < lesson_opens_ms(lesson))
        return ADMIT_TOO_EARLY;
    if (person->no_seat_free)
        return ADMIT_FULL;
    return ADMIT_OK;
}

const char *admit_name(enum admit a)
{
    static const char *const names[] = {
#define X(code, name, text) [ADMIT_##code] = name,
        ADMIT_LIST(X)
#undef X
    };

    return (size_t)a < sizeof names / sizeof names[0] ? names[a] : "unavailable";
}
