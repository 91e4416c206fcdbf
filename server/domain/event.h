/* SPDX-License-Identifier: Apache-2.0
 *
 * Events of a centre (DOMAIN 70): seminars, joint meetings and conferences.
 * Who may be invited, until when one answers, when one signs in, what a
 * quorum is, and when the minutes are closed. Adults only: a child comes by an
 * exception with a reason, and only by the yes of a guardian.
 *
 *   planned ──cancel──▶ cancelled
 *      └─ begun: minutes  draft ──freeze──▶ frozen ──chair and secretary──▶ signed
 *                                              └── from here on only addenda ──┘
 *
 * Pure. Instants are UTC ms. Numbers are settings of the centre.
 */
#ifndef PARTA_DOMAIN_EVENT_H
#define PARTA_DOMAIN_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* code, name in the database and on the wire */
#define EVENT_KIND_LIST(X)                                                                         \
    X(SEMINAR, "seminar")                                                                          \
    X(JOINT_MEETING, "joint_meeting") /* the one that decides: it has a quorum */                  \
    X(CONFERENCE, "conference")
#define EVENT_PART_LIST(X)                                                                         \
    X(HOST, "host") /* chair and secretary */                                                      \
    X(SPEAKER, "speaker")                                                                          \
    X(LISTENER, "listener")
#define EVENT_VIA_LIST(X)                                                                          \
    X(PERSON, "person")                                                                            \
    X(ROLE, "role")                                                                                \
    X(SCHOOL, "school")                                                                            \
    X(EXCEPTION, "exception") /* a child */
#define EVENT_ANSWER_LIST(X)                                                                       \
    X(NONE, "none") /* not said yet */                                                             \
    X(YES, "yes")                                                                                  \
    X(MAYBE, "maybe")                                                                              \
    X(NO, "no")
#define EVENT_MARK_LIST(X)                                                                         \
    X(NONE, "none") /* not said yet */                                                             \
    X(PRESENT, "present")                                                                          \
    X(LATE, "late")                                                                                \
    X(ABSENT, "absent")
#define EVENT_MINUTES_LIST(X)                                                                      \
    X(DRAFT, "draft")                                                                              \
    X(FROZEN, "frozen")                                                                            \
    X(SIGNED, "signed")

/* Why something is refused; the name is the gate of the refusal. */
#define EVENT_GATE_LIST(X)                                                                         \
    X(NONE, "")                                                                                    \
    X(CANCELLED, "event_cancelled")                                                                \
    X(BEGUN, "event_begun")                 /* too late to change, move, cancel or invite */       \
    X(PAST, "event_past")                   /* the time given lies behind us */                    \
    X(NOT_BEGUN, "event_not_begun")         /* too early for attendance and minutes */             \
    X(ADULTS, "event_adults")               /* a child, and no exception was made */               \
    X(NO_CHILD, "event_no_child")           /* an exception is for children alone */               \
    X(FULL, "event_full")                   /* more people than the centre's setting allows */     \
    X(ANSWER_LATE, "event_answer_late")     /* the deadline for answers has passed */              \
    X(GUARDIAN, "event_guardian")           /* for a child a guardian with full rights answers */  \
    X(NO_CONSENT, "event_no_consent")       /* a child without the guardian's yes */               \
    X(WINDOW, "event_window")               /* signing in is not open now */                       \
    X(AGENDA_LONG, "event_agenda_long")     /* the agenda takes longer than the event */           \
    X(SAME_PERSON, "event_same_person")     /* chair and secretary are two people */               \
    X(HOST, "event_host")                   /* chair and secretary stay invited */                 \
    X(UNMARKED, "event_unmarked")           /* of somebody it is not said who came */              \
    X(MINUTES_EMPTY, "event_minutes_empty") /* nothing was written */                              \
    X(FROZEN, "event_frozen")               /* closed: only an addendum is possible */             \
    X(NOT_FROZEN, "event_not_frozen")       /* to be closed before it is signed or added to */     \
    X(SIGNED, "event_signed_already")       /* by this person */

#define X(code, name) EVENT_##code,
enum event_kind { EVENT_KIND_LIST(X) EVENT_KINDS };
#undef X
#define X(code, name) EVENT_PART_##code,
enum event_part { EVENT_PART_LIST(X) EVENT_PARTS };
#undef X
#define X(code, name) EVENT_VIA_##code,
enum event_via { EVENT_VIA_LIST(X) EVENT_VIAS };
#undef X
#define X(code, name) EVENT_ANSWER_##code,
enum event_answer { EVENT_ANSWER_LIST(X) EVENT_ANSWERS };
#undef X
#define X(code, name) EVENT_MARK_##code,
enum event_mark { EVENT_MARK_LIST(X) EVENT_MARKS };
#undef X
#define X(code, name) EVENT_MINUTES_##code,
enum event_minutes { EVENT_MINUTES_LIST(X) EVENT_MINUTES_STATES };
#undef X
#define X(code, name) EVENT_GATE_##code,
enum event_gate { EVENT_GATE_LIST(X) EVENT_GATES };
#undef X

const char *event_kind_name(enum event_kind k);
bool event_kind_parse(const char *name, enum event_kind *out);
const char *event_part_name(enum event_part p);
bool event_part_parse(const char *name, enum event_part *out);
const char *event_via_name(enum event_via v);
bool event_via_parse(const char *name, enum event_via *out);
const char *event_answer_name(enum event_answer a);
bool event_answer_parse(const char *name, enum event_answer *out);
const char *event_mark_name(enum event_mark m);
bool event_mark_parse(const char *name, enum event_mark *out);
const char *event_minutes_name(enum event_minutes m);
bool event_minutes_parse(const char *name, enum event_minutes *out);
const char *event_gate_name(enum event_gate g); /* "" for NONE */

/* ---- settings ----------------------------------------------------------------------------- */

struct event_policy {
    int quorum_percent; /* more than so many of a hundred invited adults make a quorum */
    int answer_hours;   /* the deadline for answers, so long before the beginning, if none is set */
    int check_in_minutes; /* signing in opens so long before the beginning */
    int late_minutes;     /* who signs in more than so long after the beginning is late */
    int invited_most;     /* people of one event */
};
struct event_setting {
    const char *key;
    size_t offset; /* of the int in struct event_policy */
    int fallback, min, max;
    const char *source;
};
const struct event_setting *event_settings(size_t *n);
struct event_policy event_policy_default(void);

/* ---- rules -------------------------------------------------------------------------------- */

struct event_facts {
    int64_t start_ms, end_ms, answer_by_ms;
    bool cancelled;
    enum event_minutes minutes;
};

/* One invitation, as far as the rules ask. */
struct event_seat {
    bool child;
    enum event_answer answer; /* of a child: its guardian's */
    int64_t invited_ms;
};

/* When it is to be: not in the past; chair and secretary are two; the agenda fits. ids of people, 0
 * never. */
enum event_gate event_plan_check(int64_t start_ms, int64_t end_ms, int agenda_minutes,
                                 int64_t chair, int64_t secretary, int64_t now_ms);
/* May time, place, agenda, hosts and invitations still be changed, may it be called off? */
enum event_gate event_may_change(const struct event_facts *f, int64_t now_ms);
/* One more: child, and whether this is the explicit exception for one; invited: those there are. */
enum event_gate event_may_invite(const struct event_facts *f, bool child, bool exception,
                                 int invited, const struct event_policy *p, int64_t now_ms);
/* guardian: the one who answers is the child's guardian with full rights. The deadline holds but
 * for who was invited behind it and for a guardian who takes a yes back: they have until the
 * beginning. */
enum event_gate event_may_answer(const struct event_facts *f, const struct event_seat *s,
                                 enum event_answer answer, bool guardian, int64_t now_ms);
/* May this person see the event and be there? An adult who is invited always, a child by its
 * guardian's yes. */
bool event_admits(const struct event_seat *s);
/* One's own attendance: from check_in_minutes before the beginning to the end. *mark: present or
 * late. */
enum event_gate event_may_check_in(const struct event_facts *f, const struct event_seat *s,
                                   const struct event_policy *p, int64_t now_ms,
                                   enum event_mark *mark);
/* The organiser's word about somebody, once it has begun and until the minutes are closed. */
enum event_gate event_may_mark(const struct event_facts *f, const struct event_seat *s,
                               enum event_mark mark, int64_t now_ms);
enum event_gate event_may_write(const struct event_facts *f, int64_t now_ms);
/* unmarked: people of whom nobody has said whether they came; written: there is a text. */
enum event_gate event_may_freeze(const struct event_facts *f, int unmarked, bool written,
                                 int64_t now_ms);
/* signed_already: by this part. */
enum event_gate event_may_sign(const struct event_facts *f, bool signed_already);
enum event_gate event_may_add(const struct event_facts *f);

/* The least number of adults present; 0: this kind decides nothing and asks for none. Without a
 * quorum the minutes say so; nothing is blocked. */
int event_quorum(enum event_kind kind, int adults_invited, const struct event_policy *p);

/* Without a wish: answer_hours before the beginning, but never in the past. */
int64_t event_answer_by(int64_t start_ms, int64_t now_ms, const struct event_policy *p);

#endif
