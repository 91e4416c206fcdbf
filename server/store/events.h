/* SPDX-License-Identifier: Apache-2.0
 *
 * Events of a centre as rows (server/domain/event.h): what, when, where, the
 * agenda, who is invited and who came, the minutes. What was closed is never
 * changed; nobody's row is deleted. Desk thread.
 */
#ifndef PARTA_STORE_EVENTS_H
#define PARTA_STORE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/event.h"
#include "server/domain/zone.h"
#include "server/store/db.h"
#include "server/store/user.h"

/* bytes */
#define EVENT_TITLE_MAX 240
#define EVENT_ABOUT_MAX 2000
#define EVENT_PLACE_MAX 240
#define EVENT_REASON_MAX 400
#define EVENT_TEXT_MAX 16000
#define EVENT_DECISION_MAX 2000
#define EVENT_ADDENDUM_MAX 4000
/* items and decisions of one event */
#define EVENT_ITEMS_MAX 40

struct event {
    int64_t id;
    struct org_id centre;
    enum event_kind kind;
    char title[EVENT_TITLE_MAX + 1];
    char about[EVENT_ABOUT_MAX + 1];
    char place[EVENT_PLACE_MAX + 1];
    char tz[ZONE_NAME_MAX];
    struct event_facts facts;
    struct user_id chair, secretary;
    int64_t cancelled_ms;              /* 0: it is not */
    char reason[EVENT_REASON_MAX + 1]; /* of the last move, or why it was called off */
    int64_t frozen_ms;                 /* 0: the minutes are open */
    int quorum_needed;                 /* of closed minutes; 0: none asked */
    int64_t rev, change, changed_ms;
    struct user_id created_by;
};

struct event_item {
    char title[EVENT_TITLE_MAX + 1];
    struct user_id speaker;               /* 0: nobody of the centre */
    char speaker_name[USER_NAME_MAX + 1]; /* somebody else, "" : nobody */
    int minutes;
};
struct event_agenda {
    struct event_item items[EVENT_ITEMS_MAX];
    int n;
};

/* id, rev and the rest that is not given by a person are set by it. */
enum err event_add(struct db *db, const struct event *e, int64_t now_ms, struct user_id by,
                   int64_t *out_id) MUST_CHECK;
/* ERR_NOTFOUND */
enum err event_load(struct db *db, int64_t id, struct event *out) MUST_CHECK;
/* Kind, title, about, place, deadline, hosts. ERR_STATE: the minutes are closed. */
enum err event_save(struct db *db, const struct event *e, int64_t now_ms) MUST_CHECK;
/* Another time or place, of *e: one change more, and every answer is asked anew. */
enum err event_move(struct db *db, const struct event *e, int64_t now_ms) MUST_CHECK;
enum err event_cancel(struct db *db, int64_t id, const char *reason, int64_t now_ms) MUST_CHECK;
/* Another version: somebody's attendance, an invitation. */
enum err event_touch(struct db *db, int64_t id) MUST_CHECK;

enum err event_agenda_set(struct db *db, int64_t id, const struct event_agenda *a) MUST_CHECK;
enum err event_agenda_load(struct db *db, int64_t id, struct event_agenda *out) MUST_CHECK;

/* What a person may see: everything of centre (0: nothing), what user is invited to, and what its
 * children are asked for. A child sees what its guardian has agreed to. */
struct event_filter {
    struct org_id centre;
    struct user_id user;
    int64_t now_ms;         /* for guardianships */
    int64_t from_ms, to_ms; /* those that end in [from, to) */
    bool newest_first;
    size_t first, limit;
};
struct event_list {
    struct event *items; /* owned */
    size_t n;
};
enum err event_list(struct db *db, const struct event_filter *f, struct event_list *out) MUST_CHECK;
void event_list_free(struct event_list *l);

/* ---- invitations -------------------------------------------------------------------------- */

struct event_invite {
    struct user_id user;
    struct child_id child; /* 0: an adult */
    char exception[EVENT_REASON_MAX + 1];
    enum event_part part;
    enum event_via via;
    struct event_seat seat;
    char note[EVENT_REASON_MAX + 1];
    int64_t answered_ms; /* 0: not yet */
    struct user_id answered_by;
    enum event_mark mark;
    struct user_id marked_by;                                    /* 0: nobody has said */
    char name[USER_NAME_MAX + 1], short_name[USER_NAME_MAX + 1]; /* read only */
};
struct event_invites {
    struct event_invite *items; /* owned */
    size_t n;
};
/* By part and name, without those that were withdrawn. */
enum err event_invites(struct db *db, int64_t id, struct event_invites *out) MUST_CHECK;
/* Those of a person and of the children in its full guardianship. */
enum err event_invites_of(struct db *db, int64_t id, struct user_id user, int64_t now_ms,
                          struct event_invites *out) MUST_CHECK;
void event_invites_free(struct event_invites *l);
/* ERR_NOTFOUND: not invited, or withdrawn. */
enum err event_invite_load(struct db *db, int64_t id, struct user_id user,
                           struct event_invite *out) MUST_CHECK;
/* user, child, exception, part, via. *added: false if the person is invited already; a part that
 * was listener may become another, via stays. Who was withdrawn begins anew. */
enum err event_invite_add(struct db *db, int64_t id, const struct event_invite *i, int64_t now_ms,
                          struct user_id by, bool *added) MUST_CHECK;
/* Chair and secretary of *e are invited as hosts; who was one before is a listener. */
enum err event_hosts_set(struct db *db, const struct event *e, int64_t now_ms, struct user_id by,
                         bool added[2]) MUST_CHECK;
enum err event_invite_withdraw(struct db *db, int64_t id, struct user_id user,
                               int64_t now_ms) MUST_CHECK;
enum err event_invite_answer(struct db *db, int64_t id, struct user_id user,
                             enum event_answer answer, const char *note, int64_t now_ms,
                             struct user_id by) MUST_CHECK;
enum err event_invite_mark(struct db *db, int64_t id, struct user_id user, enum event_mark mark,
                           int64_t now_ms, struct user_id by) MUST_CHECK;

/* Adults of a centre and its schools who may sign in, by name, each role of a person once. role
 * ROLE_NONE: guardian, mentor, coordinator and school officer; school 0: any; user 0: any. */
struct event_adult {
    struct user_id user;
    enum role role;
    char name[USER_NAME_MAX + 1];
};
struct event_adults {
    struct event_adult *items; /* owned */
    size_t n;
};
enum err event_adults(struct db *db, struct org_id centre, enum role role, struct org_id school,
                      struct user_id user, int64_t at_ms, struct event_adults *out) MUST_CHECK;
void event_adults_free(struct event_adults *l);

/* ---- minutes ------------------------------------------------------------------------------ */

struct event_decision {
    char text[EVENT_DECISION_MAX + 1];
    struct user_id who;               /* 0: nobody of the centre */
    char who_name[USER_NAME_MAX + 1]; /* somebody else, "" : nobody */
    char due[11];                     /* local day, "" : none */
};
struct event_decisions {
    struct event_decision *items; /* owned; at most EVENT_ITEMS_MAX */
    size_t n;
};
enum err event_minutes_save(struct db *db, int64_t id, const char *text,
                            const struct event_decisions *d) MUST_CHECK;
/* *text is owned (mem_free). */
enum err event_minutes_text(struct db *db, int64_t id, char **text) MUST_CHECK;
enum err event_decisions_load(struct db *db, int64_t id, struct event_decisions *out) MUST_CHECK;
void event_decisions_free(struct event_decisions *d);
/* quorum_needed 0: none asked. */
enum err event_freeze(struct db *db, int64_t id, int quorum_needed, int64_t now_ms,
                      struct user_id by) MUST_CHECK;

struct event_signatures {
    int64_t chair_ms, secretary_ms; /* 0: not yet */
};
enum err event_signatures(struct db *db, int64_t id, struct event_signatures *out) MUST_CHECK;
/* With the second of the two the minutes are signed. */
enum err event_sign(struct db *db, int64_t id, bool chair, struct user_id user,
                    int64_t now_ms) MUST_CHECK;

struct event_addendum {
    char text[EVENT_ADDENDUM_MAX + 1];
    int64_t added_ms;
    struct user_id added_by;
};
struct event_addenda {
    struct event_addendum *items; /* owned; in order of time */
    size_t n;
};
enum err event_addendum_add(struct db *db, int64_t id, const char *text, int64_t now_ms,
                            struct user_id by) MUST_CHECK;
enum err event_addenda(struct db *db, int64_t id, struct event_addenda *out) MUST_CHECK;
void event_addenda_free(struct event_addenda *l);

/* Keys in domain/event.c. */
enum err policy_event(struct db *db, struct org_id org, int64_t at_ms,
                      struct event_policy *out) MUST_CHECK;

#endif
