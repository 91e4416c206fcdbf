/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may do what, as one table: role x right -> scope. What the table does
 * not grant is denied. It decides about screens and records; the door of a
 * lesson is decided by admission.h alone.
 */
#ifndef PARTA_DOMAIN_ACCESS_H
#define PARTA_DOMAIN_ACCESS_H

#include <stdbool.h>

/* The name is the one stored in role_grant and sent on the wire. */
#define ROLE_LIST(X)                                                                               \
    X(NONE, "none")                                                                                \
    X(CHILD, "child")                                                                              \
    X(GUARDIAN, "guardian")                                                                        \
    X(MENTOR, "mentor")                                                                            \
    X(COORDINATOR, "coordinator")                                                                  \
    X(SCHOOL_OFFICER, "school_officer")                                                            \
    X(ADMIN, "admin")

enum role {
#define X(code, name) ROLE_##code,
    ROLE_LIST(X)
#undef X
        ROLE_COUNT
};

/* How far a right reaches. The cells of the table. */
#define SCOPE_LIST(X)                                                                              \
    X(NONE, "none")                 /* denied */                                                   \
    X(OWN, "own")                   /* what the person takes part in, wrote or is */               \
    X(OWN_CHILDREN, "own_children") /* children in the person's guardianship */                    \
    X(OWN_SCHOOL, "own_school")     /* children registered at the person's school */               \
    X(OWN_CENTRE, "own_centre")     /* everything of the person's coordination centre */           \
    X(ALL, "all")

enum scope {
#define X(code, name) SCOPE_##code,
    SCOPE_LIST(X)
#undef X
        SCOPE_COUNT
};

/* Action and object, with the stable name used in refusals and in the audit. */
#define RIGHT_LIST(X)                                                                              \
    X(PROFILE_VIEW, "profile_view")           /* name, roles, zone, language of a user */          \
    X(PROFILE_EDIT, "profile_edit")           /* language, zone, own PIN or password */            \
    X(MY_DAY, "my_day")                       /* the person's lessons of a day */                  \
    X(FEED_KEEP, "feed_keep")                 /* a calendar's secret address of own lessons */     \
    X(NOTICE_GIVE, "notice_give")             /* say that a child cannot come today */             \
    X(LESSON_VIEW, "lesson_view")             /* row of the schedule: when, subject, who */        \
    X(LESSON_JOIN_INFO, "lesson_join_info")   /* what is needed to knock at the door */            \
    X(LESSON_CREATE, "lesson_create")         /* put a lesson on the schedule */                   \
    X(LESSON_MOVE, "lesson_move")             /* another time: a new lesson, the old one moved */  \
    X(LESSON_CANCEL, "lesson_cancel")         /* with reason and side */                           \
    X(LESSON_SUBSTITUTE, "lesson_substitute") /* another mentor */                                 \
    X(LESSON_END, "lesson_end")               /* end a running lesson early, with reason */        \
    X(LESSON_NOTE_VIEW, "lesson_note_view")   /* topic, homework, mark */                          \
    X(LESSON_NOTE_EDIT, "lesson_note_edit")                                                        \
    X(BOARD_VIEW, "board_view")             /* the live board: who is in, link quality */          \
    X(TIMETABLE_VIEW, "timetable_view")     /* the timetable of a day or week */                   \
    X(EVENT_VIEW, "event_view")             /* an event: agenda, place, closed minutes */          \
    X(EVENT_ANSWER, "event_answer")         /* an invitation: one's own, one's child's */          \
    X(EVENT_KEEP, "event_keep")             /* call it, change it, invite */                       \
    X(EVENT_WRITE, "event_write")           /* who came, and the minutes; own: as secretary */     \
    X(EVENT_SIGN, "event_sign")             /* closed minutes, as chair or secretary */            \
    X(PLAN, "plan")                         /* have a week proposed, as a draft */                 \
    X(CHILD_LIST, "child_list")             /* choose a child for a lesson, see its card */        \
    X(MENTOR_LIST, "mentor_list")           /* choose a mentor, see the card */                    \
    X(ATTENDANCE_VIEW, "attendance_view")   /* computed attendance and its facts */                \
    X(ATTENDANCE_AMEND, "attendance_amend") /* a human code by amendment */                        \
    X(LESSON_LOG_VIEW, "lesson_log_view")   /* the family's log of lessons */                      \
    X(CONSENT_VIEW, "consent_view")         /* what a child's family agreed to */                  \
    X(CONSENT_ANSWER, "consent_answer")     /* give, refuse and withdraw, for one's own child */   \
    X(SECTION_VIEW, "section_view")         /* the catalogue of sections */                        \
    X(SECTION_EDIT, "section_edit")         /* keep it; visits, papers, clashes */                 \
    X(CHOICE_VIEW, "choice_view")           /* which sections a child has or wants */              \
    X(CHOICE_WISH, "choice_wish")           /* choose, sign up for a visit */                      \
    X(CHOICE_CONFIRM, "choice_confirm")     /* confirm, take a place, give it up */                \
    X(CONSENT_ENTER, "consent_enter")       /* ask for it, enter what was signed on paper */       \
    X(LESSON_LOG_CONFIRM, "lesson_log_confirm") /* confirm or dispute a line of it */              \
    X(JOIN_ATTEMPT_VIEW, "join_attempt_view")   /* who knocked and was refused */                  \
    X(PATH_VIEW, "path_view")                   /* the last path test of a person */               \
    X(REPORT_LIST, "report_list")               /* which month reports exist */                    \
    X(REPORT_VIEW, "report_view")               /* on screen, CSV and PDF */                       \
    X(REPORT_EDIT, "report_edit")               /* the mentor's texts in it */                     \
    X(REPORT_DECIDE, "report_decide") /* accept, return, open a correction; the centre's files */  \
    X(REPORT_ACKNOWLEDGE, "report_acknowledge") /* open and acknowledge the school's copy */       \
    X(WELLBEING_VIEW, "wellbeing_view")         /* how the child is: in no report */               \
    X(WELLBEING_EDIT, "wellbeing_edit")                                                            \
    X(TIMESHEET_VIEW, "timesheet_view")     /* a mentor's hours of a month */                      \
    X(FIGURES_VIEW, "figures_view")         /* planned, held, not held and why; the rows */        \
    X(NEED_RETURN_VIEW, "need_return_view") /* a school's return of numbers */                     \
    X(NEED_RETURN_EDIT, "need_return_edit")                                                        \
    X(REFERRAL_VIEW, "referral_view")         /* without a medical word */                         \
    X(REFERRAL_WRITE, "referral_write")       /* write, submit, withdraw */                        \
    X(REFERRAL_REVIEW, "referral_review")     /* take, ask for completion, decide */               \
    X(MEDICAL_READ, "medical_read")           /* what doctors wrote; each read is audited */       \
    X(CHILD_REGISTER, "child_register")       /* all children of the centre, who may be whom */    \
    X(LIMITS_VIEW, "limits_view")             /* of the recommendation, never its reasons */       \
    X(CASE_VIEW, "case_view")                 /* where the case stands and who owes what */        \
    X(PROGRAMME_VIEW, "programme_view")       /* a child's programme; the catalogue */             \
    X(PROGRAMME_PROPOSE, "programme_propose") /* write and propose one */                          \
    X(PROGRAMME_DECIDE, "programme_decide")   /* approve, return; enter into the catalogue */      \
    X(CHILD_HOURS_VIEW, "child_hours_view")   /* free times, treatment, rest */                    \
    X(CHILD_HOURS_EDIT, "child_hours_edit")                                                        \
    X(MENTOR_HOURS_VIEW, "mentor_hours_view") /* when a mentor is free to teach */                 \
    X(MENTOR_HOURS_EDIT, "mentor_hours_edit")                                                      \
    X(CALENDAR_VIEW, "calendar_view") /* working hours, holidays, terms of a school */             \
    X(CALENDAR_EDIT, "calendar_edit")                                                              \
    X(CANDIDATES_VIEW, "candidates_view") /* ranked mentors; children who wait for one */          \
    X(ASSIGNMENT_EDIT, "assignment_edit") /* choose and end mentors; their interviews */           \
    X(CASE_CLOSE, "case_close")           /* recovered, left, finished */                          \
    X(USER_LIST, "user_list")                                                                      \
    X(USER_MANAGE, "user_manage")             /* create, lock, end a user; grant a role */         \
    X(LINK_ISSUE, "link_issue")               /* a one-time sign-in link for somebody */           \
    X(SESSION_REVOKE, "session_revoke")       /* sign somebody's devices out */                    \
    X(SECOND_STEP_RESET, "second_step_reset") /* take a lost second step away */                   \
    X(OUTBOX_VIEW, "outbox_view")             /* what was sent, waits or failed; send again */     \
    X(WEBHOOK_KEEP, "webhook_keep")           /* which other programs are told of what happens */  \
    X(RETENTION_VIEW, "retention_view")       /* what is kept how long; the lists of runs */       \
    X(RETENTION_ASK, "retention_ask")         /* have a list drawn up */                           \
    X(RETENTION_CONFIRM, "retention_confirm") /* let another's list be emptied; withdraw one */    \
    X(RETENTION_HOLD, "retention_hold")       /* forbid emptying somebody, lift it */              \
    X(POLICY_VIEW, "policy_view")                                                                  \
    X(POLICY_EDIT, "policy_edit")                                                                  \
    X(AUDIT_VIEW, "audit_view")       /* the hash-chained register */                              \
    X(HIRING_VIEW, "hiring_view")     /* a mentor's hiring file with its documents */              \
    X(HIRING_LIST, "hiring_list")     /* whose papers lack what */                                 \
    X(HIRING_EDIT, "hiring_edit")     /* send documents, enter courses, apply at a school */       \
    X(HIRING_VERIFY, "hiring_verify") /* verify or return what was sent */                         \
    X(HIRING_STEP, "hiring_step")     /* lead an application on; whose step, says its machine */   \
    X(TEACH_ASK, "teach_ask")         /* may this mentor teach this child? */                      \
    X(DATA_IMPORT, "data_import")     /* whole lists of people and lessons */                      \
    X(DATA_EXPORT, "data_export")                                                                  \
    X(SYSTEM_VIEW, "system_view") /* state of the program, backups */

enum right {
#define X(code, name) RIGHT_##code,
    RIGHT_LIST(X)
#undef X
        RIGHT_COUNT
};

/* How the person asking stands to the object asked for; filled by the store from rows, never
 * from a message. More than one may be true. All false for a stranger. */
struct relation {
    bool own;        /* takes part in it, wrote it, or is it */
    bool own_child;  /* it is of a child in the person's guardianship */
    bool own_school; /* it is of a child registered at the person's school */
    bool own_centre; /* it belongs to the person's centre */
};

/* The cell of the table. SCOPE_NONE for anything outside it. */
enum scope access_scope(enum role role, enum right right);

/* True if the cell reaches an object in this relation. */
bool access_may(enum role role, enum right right, struct relation to);

/* True if the scope covers the relation. Scopes do not contain one another, save ALL: a guardian
 * scope says nothing about a school. */
bool scope_covers(enum scope scope, struct relation to);

const char *role_name(enum role r);
bool role_parse(const char *name, enum role *out); /* never yields ROLE_NONE */
const char *right_name(enum right r);
const char *scope_name(enum scope s);

#endif
