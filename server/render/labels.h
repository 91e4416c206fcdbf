/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of printed documents, one table per language. Renderers hold no
 * text of their own; labels.c is the one file to translate.
 */
#ifndef PARTA_RENDER_LABELS_H
#define PARTA_RENDER_LABELS_H

#include "server/domain/report.h"

/* Every single word or phrase; the texts stand in labels.c under the same names. */
#define LABEL_LIST(X)                                                                              \
    X(TITLE)                                                                                       \
    X(VERSION)                                                                                     \
    X(DRAFT)                                                                                       \
    X(CENTRE)                                                                                      \
    X(SCHOOL)                                                                                      \
    X(MENTOR)                                                                                      \
    X(CHILD)                                                                                       \
    X(ORDER)                                                                                       \
    X(HOURS_WEEK)                                                                                  \
    X(REGISTER_NO)                                                                                 \
    X(GRADE)                                                                                       \
    X(TIMES_IN)                                                                                    \
    X(POLICY)                                                                                      \
    X(REGISTER_HASH)                                                                               \
    X(PRINTED)                                                                                     \
    X(PAGE)                                                                                        \
    X(OF)                                                                                          \
    X(MONTH)                                                                                       \
    X(NO)                                                                                          \
    X(DATE)                                                                                        \
    X(PLAN)                                                                                        \
    X(START)                                                                                       \
    X(END)                                                                                         \
    X(SUBJECT)                                                                                     \
    X(TOPIC)                                                                                       \
    X(HOMEWORK)                                                                                    \
    X(HOMEWORK_SHORT)                                                                              \
    X(TOGETHER)                                                                                    \
    X(FIRST_CONTACT)                                                                               \
    X(LAST_CONTACT)                                                                                \
    X(CONTACT_MIN)                                                                                 \
    X(PERCENT)                                                                                     \
    X(STATUS)                                                                                      \
    X(OUTCOME)                                                                                     \
    X(CODE)                                                                                        \
    X(CODES)                                                                                       \
    X(AMENDED)                                                                                     \
    X(AMENDED_NOTE)                                                                                \
    X(LATE_MIN)                                                                                    \
    X(EARLY_MIN)                                                                                   \
    X(MENTOR_LATE_MIN)                                                                             \
    X(GAPS)                                                                                        \
    X(GAPS_MIN)                                                                                    \
    X(GAPS_CAUSE)                                                                                  \
    X(UNCERTAIN_MIN)                                                                               \
    X(SCREEN_MIN)                                                                                  \
    X(CREDIT)                                                                                      \
    X(WAITED)                                                                                      \
    X(REASON)                                                                                      \
    X(DOCUMENT)                                                                                    \
    X(MARK)                                                                                        \
    X(MAKE_UP_OF)                                                                                  \
    X(MAKE_UP_BY)                                                                                  \
    X(DAYS_WORKED)                                                                                 \
    X(UNITS_TOTAL)                                                                                 \
    X(AS_SUBSTITUTE)                                                                               \
    X(NOT_COMPUTED)                                                                                \
    X(QUARTER_HOURS)                                                                               \
    X(MARK_SHEET)                                                                                  \
    X(TERM_QUARTER)                                                                                \
    X(TERM_HALF)                                                                                   \
    X(LESSONS_HELD)                                                                                \
    X(LESSONS_MISSED)                                                                              \
    X(CURRENT_MARKS)                                                                               \
    X(MEAN_MARK)                                                                                   \
    X(TERM_MARK)                                                                                   \
    X(PROPOSED_MARK)                                                                               \
    X(NOT_ATTESTED)                                                                                \
    X(RELEASED)                                                                                    \
    X(PASSED)                                                                                      \
    X(FAILED)                                                                                      \
    X(NO_SUBJECTS)                                                                                 \
    X(CURRENT_NOTE)                                                                                \
    X(FAMILY)                                                                                      \
    X(NOTES)                                                                                       \
    X(LATE)                                                                                        \
    X(LEFT_EARLY)                                                                                  \
    X(MENTOR_LATE)                                                                                 \
    X(GAP)                                                                                         \
    X(UNCERTAIN)                                                                                   \
    X(MENTOR_WAITED)                                                                               \
    X(MAKES_UP)                                                                                    \
    X(MADE_UP)                                                                                     \
    X(YES)                                                                                         \
    X(MIN)                                                                                         \
    X(HOUR)                                                                                        \
    X(TOTALS)                                                                                      \
    X(PLANNED)                                                                                     \
    X(HELD)                                                                                        \
    X(PARTIAL)                                                                                     \
    X(NOT_HELD)                                                                                    \
    X(CANCELLED)                                                                                   \
    X(MOVED)                                                                                       \
    X(AHEAD)                                                                                       \
    X(MAKE_UPS_DONE)                                                                               \
    X(MAKE_UPS_OWED)                                                                               \
    X(CONTACT_HOURS)                                                                               \
    X(SCREEN_TIME)                                                                                 \
    X(CREDIT_UNITS)                                                                                \
    X(WAITED_LESSONS)                                                                              \
    X(MISSED)                                                                                      \
    X(MISSED_ILL)                                                                                  \
    X(DAYS_MISSED)                                                                                 \
    X(LATE_LESSONS)                                                                                \
    X(EMPTY_MONTH)                                                                                 \
    X(PROGRESS)                                                                                    \
    X(DIFFICULTIES)                                                                                \
    X(NEXT_MONTH)                                                                                  \
    X(SIGN_HERE)                                                                                   \
    X(SIGNATURES)                                                                                  \
    X(CONNECTED_NOTE)                                                                              \
    X(WEEK_TITLE)                                                                                  \
    X(WEEK_HOLIDAY)                                                                                \
    X(WEEK_EMPTY)                                                                                  \
    X(EVENT_SEMINAR)                                                                               \
    X(EVENT_JOINT_MEETING)                                                                         \
    X(EVENT_CONFERENCE)                                                                            \
    X(EVENT_AGENDA)                                                                                \
    X(EVENT_MINUTES)                                                                               \
    X(EVENT_DRAFT)                                                                                 \
    X(EVENT_CALLED_OFF)                                                                            \
    X(EVENT_WHEN)                                                                                  \
    X(EVENT_PLACE)                                                                                 \
    X(EVENT_CHAIR)                                                                                 \
    X(EVENT_SECRETARY)                                                                             \
    X(EVENT_THERE)                                                                                 \
    X(EVENT_AWAY)                                                                                  \
    X(EVENT_QUORUM)                                                                                \
    X(EVENT_QUORUM_YES)                                                                            \
    X(EVENT_QUORUM_NO)                                                                             \
    X(EVENT_HEARD)                                                                                 \
    X(EVENT_DECIDED)                                                                               \
    X(EVENT_TILL)                                                                                  \
    X(EVENT_MIN)                                                                                   \
    X(EVENT_ADDENDA)                                                                               \
    X(EVENT_SIGNED)                                                                                \
    X(ORDER_TITLE)                                                                                 \
    X(ORDER_ABOUT)                                                                                 \
    X(ORDER_HIRE)                                                                                  \
    X(ORDER_AT)                                                                                    \
    X(ORDER_RATE)                                                                                  \
    X(ORDER_WEEK)                                                                                  \
    X(ORDER_FROM)                                                                                  \
    X(ORDER_TO)                                                                                    \
    X(ORDER_OPEN)                                                                                  \
    X(ORDER_PRINCIPAL)                                                                             \
    X(ORDER_READ)

enum label {
#define X(name) LABEL_##name,
    LABEL_LIST(X)
#undef X
        LABEL_COUNT
};

/* The human and automatic attendance codes, in the order in which they are explained. */
#define ATTENDANCE_CODES "PLETSWNIMCUXH"
#define ATTENDANCE_CODES_COUNT (sizeof ATTENDANCE_CODES - 1)

struct labels {
    const char *lang;    /* language tag */
    const char *decimal; /* "." or "," for people; never used in CSV */
    const char *text[LABEL_COUNT];
    const char *month[12];
    const char *weekday[7]; /* short, Monday first */
    const char *outcome[OUTCOME_COUNT];
    const char *status[LINE_MOVED + 1];
    const char *side[SIDE_COUNT]; /* "cancelled by": whose side */
    const char *family[FAMILY_DISPUTED + 1];
    const char *sign[SIGN_COUNT];
    const char *cause[LEAVE_WINDOW_END + 1]; /* why somebody was gone */
    const char *code[ATTENDANCE_CODES_COUNT];
};

/* The table of a language tag ("ru", "en", "ru-RU"). English for any other. Never NULL. */
const struct labels *labels_for(const char *lang);

/* Meaning of an attendance code, "" for an unknown one. */
const char *label_code(const struct labels *l, char code);

/* A comma-separated list of leave causes' stable names ("timeout, server_restart") in words, into
 * out[cap]; unknown names are kept. Cut at a whole word if it does not fit. */
void label_causes(const struct labels *l, const char *names, char *out, size_t cap);

#endif
