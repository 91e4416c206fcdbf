/* SPDX-License-Identifier: Apache-2.0
 *
 * What the endpoints of events share: the event in the path with how the
 * person stands to it, its JSON, its letters, its bodies. Desk thread.
 */
#ifndef PARTA_API_EVENT_H
#define PARTA_API_EVENT_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/store/events.h"
#include "server/store/org.h"

/* ---- who asks ----------------------------------------------------------------------------- */

struct event_asked {
    struct event event;
    struct event_policy policy;
    struct event_invites mine; /* owned: of the person, and of the children in its guardianship */
    bool centre;               /* the person is of the event's centre by a grant there */
};

/* The event in the path, for this right: 404 where the person may not see it, else 403 where the
 * right does not reach. Always event_asked_deinit. */
enum err event_ask(struct call *c, enum right right, struct event_asked *out,
                   bool *refused) MUST_CHECK;
void event_asked_deinit(struct event_asked *a);
/* Does the right reach this event? */
bool event_may(const struct call *c, const struct event_asked *a, enum right right);
/* The invitation of this person among one's own; NULL: none. */
const struct event_invite *event_mine(const struct event_asked *a, struct user_id user);
/* *refused: g is none of NONE, and answered. */
enum err event_gate_refuse(struct call *c, enum event_gate g, bool *refused) MUST_CHECK;
/* Is this an active adult of the centre or of one of its schools? */
enum err event_is_adult(const struct call *c, struct org_id centre, struct user_id user,
                        bool *out) MUST_CHECK;
/* The person's centre, for EVENT_KEEP. */
enum err event_centre(struct call *c, struct org *out, bool *refused) MUST_CHECK;

/* ---- answers ------------------------------------------------------------------------------ */

/* Audits and answers with the event as it is now; ETag. action NULL: nothing is audited. */
enum err event_done(struct call *c, int status, int64_t id, const char *action,
                    const char *after) MUST_CHECK;
/* What a list shows: EventBrief. */
enum err event_brief_json(const struct call *c, const struct event *e,
                          const struct event_invites *mine, json_t **out) MUST_CHECK;
enum err event_json(const struct call *c, const struct event_asked *a, json_t **out) MUST_CHECK;
/* {text, decisions, signatures, addenda}, parts of Event (event_minutes_json.c). */
enum err event_minutes_json(const struct call *c, const struct event *e, bool sees,
                            json_t *event) MUST_CHECK;

struct event_counts {
    int invited, children, yes, maybe, no, silent, present, late, absent, unmarked;
    int adults_there; /* present or late */
};
struct event_counts event_count(const struct event_invites *l);
/* The least number of adults; 0: none is asked. Of closed minutes as it was then. */
int event_needed(const struct event *e, const struct event_counts *n, const struct event_policy *p);

/* ---- letters ------------------------------------------------------------------------------ */

/* One letter to the person, for a child to each guardian with full rights. what: "invited",
 * "moved", "cancelled", "withdrawn". Each event and change is told once. */
enum err event_tell(struct call *c, const struct event *e, const struct event_invite *i,
                    const char *what) MUST_CHECK;
/* To everybody who is invited. */
enum err event_tell_all(struct call *c, const struct event *e, const char *what) MUST_CHECK;

/* ---- bodies ------------------------------------------------------------------------------- */

struct event_when {
    int64_t start_ms, end_ms;
    int64_t answer_by_ms; /* 0: not said */
};
/* kind, title, about, chair, secretary, agenda. */
void event_read_what(struct json_view *v, struct event *e, struct event_agenda *agenda);
/* place, date, time, minutes, pick, answer_by as instants of tz. */
void event_read_when(struct json_view *v, struct event *e, struct event_when *out);
/* The last local day for answers as an instant, at most the beginning; 0: not said. */
int64_t event_read_answer_by(struct json_view *v, const char *tz, int64_t start_ms);
int event_agenda_minutes(const struct event_agenda *a);
/* Everybody named is an adult of the centre. *refused: answered, bad_field. */
enum err event_check_people(struct call *c, const struct event *e, const struct event_agenda *a,
                            bool *refused) MUST_CHECK;

#endif
