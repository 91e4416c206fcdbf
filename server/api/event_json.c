/* SPDX-License-Identifier: Apache-2.0
 *
 * Events as JSON. The list of who is invited, their answers and who came is
 * for those who keep the event or write its minutes; everybody else finds the
 * own invitation and numbers. Desk thread.
 */
#include "common/base/mem.h"
#include "server/api/event.h"
#include "server/api/person.h"

/* ---- invitations -------------------------------------------------------------------------- */

static enum err invite_json(const struct call *c, const struct event_invite *i, json_t **out)
{
    json_t *person = NULL, *by = NULL;
    enum err err = person_json(c, i->user, &person);

    if (!err)
        err = person_or_null(c, i->answered_by, &by);
    if (err) {
        json_decref(person);
        return err;
    }
    *out = json_pack("{s:o,s:s,s:s,s:b,s:o,s:s,s:o,s:o,s:o,s:s,s:b}", "person", person, "part",
                     event_part_name(i->part), "via", event_via_name(i->via), "child",
                     (int)i->seat.child, "exception", json_text_or_null(i->exception), "answer",
                     event_answer_name(i->seat.answer), "note", json_text_or_null(i->note),
                     "answered", json_time_or_null(i->answered_ms, 0), "answered_by", by, "mark",
                     event_mark_name(i->mark), "self",
                     (int)(i->marked_by.v && user_id_eq(i->marked_by, i->user)));
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err invites_json(const struct call *c, const struct event_invites *l, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < l->n; i++) {
        json_t *item = NULL;

        err = invite_json(c, &l->items[i], &item);
        if (!err)
            err = json_push(array, item);
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

/* ---- numbers ------------------------------------------------------------------------------ */

struct event_counts event_count(const struct event_invites *l)
{
    struct event_counts n = { 0 };

    for (size_t i = 0; i < l->n; i++) {
        const struct event_invite *v = &l->items[i];
        int *answers[EVENT_ANSWERS] = { &n.silent, &n.yes, &n.maybe, &n.no };
        int *marks[EVENT_MARKS] = { &n.unmarked, &n.present, &n.late, &n.absent };

        n.invited++;
        n.children += v->seat.child;
        ++*answers[v->seat.answer];
        ++*marks[v->mark];
        n.adults_there +=
            !v->seat.child && (v->mark == EVENT_MARK_PRESENT || v->mark == EVENT_MARK_LATE);
    }
    return n;
}

int event_needed(const struct event *e, const struct event_counts *n, const struct event_policy *p)
{
    return e->facts.minutes == EVENT_MINUTES_DRAFT
               ? event_quorum(e->kind, n->invited - n->children, p)
               : e->quorum_needed;
}

static json_t *counts_json(const struct event_counts *n)
{
    return json_pack("{s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i}", "invited", n->invited, "yes", n->yes,
                     "maybe", n->maybe, "no", n->no, "silent", n->silent, "present", n->present,
                     "late", n->late, "absent", n->absent, "unmarked", n->unmarked);
}

static json_t *quorum_json(const struct event *e, const struct event_counts *n,
                           const struct event_policy *p)
{
    int needed = event_needed(e, n, p);

    if (!needed)
        return json_null();
    return json_pack("{s:i,s:i,s:b}", "needed", needed, "present", n->adults_there, "holds",
                     n->adults_there >= needed);
}

/* ---- the event ---------------------------------------------------------------------------- */

enum err event_brief_json(const struct call *c, const struct event *e,
                          const struct event_invites *mine, json_t **out)
{
    json_t *list = NULL;
    enum err err = invites_json(c, mine, &list);

    if (err)
        return err;
    *out = json_pack("{s:I,s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:s,s:s,s:o}", "id", (json_int_t)e->id,
                     "kind", event_kind_name(e->kind), "title", e->title, "place", e->place, "tz",
                     e->tz, "start", (json_int_t)e->facts.start_ms, "end",
                     (json_int_t)e->facts.end_ms, "answer_by", (json_int_t)e->facts.answer_by_ms,
                     "state", e->facts.cancelled ? "cancelled" : "planned", "minutes",
                     event_minutes_name(e->facts.minutes), "mine", list);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err agenda_json(const struct call *c, const struct event *e, json_t **out)
{
    struct event_agenda *a = mem_zalloc(1, sizeof *a);
    json_t *array = json_array();
    enum err err = a && array ? event_agenda_load(c->db, e->id, a) : ERR_NOMEM;

    for (int i = 0; !err && i < a->n; i++) {
        json_t *speaker = NULL;

        err = person_or_null(c, a->items[i].speaker, &speaker);
        if (!err)
            err = json_push(array, json_pack("{s:s,s:o,s:o,s:i}", "title", a->items[i].title,
                                             "speaker", speaker, "speaker_name",
                                             json_text_or_null(a->items[i].speaker_name), "minutes",
                                             a->items[i].minutes));
    }
    mem_free(a);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err put_person(const struct call *c, json_t *event, const char *key, struct user_id id)
{
    json_t *person = NULL;
    enum err err = person_json(c, id, &person);

    return err ? err : json_put(event, key, person);
}

/* What this person can do with it now, so that no page has to guess. */
static json_t *may_json(const struct call *c, const struct event_asked *a)
{
    const struct event_facts *f = &a->event.facts;
    const struct event_invite *me = event_mine(a, c->user.id);
    int64_t now = c->now.unix_ms;
    enum event_mark mark;
    bool write = event_may(c, a, RIGHT_EVENT_WRITE), keep = event_may(c, a, RIGHT_EVENT_KEEP);

    return json_pack("{s:b,s:b,s:b,s:b,s:b}", "change", keep && !event_may_change(f, now), "write",
                     write && !event_may_write(f, now), "add", write && !event_may_add(f), "sign",
                     event_may(c, a, RIGHT_EVENT_SIGN) && f->minutes == EVENT_MINUTES_FROZEN,
                     "check_in",
                     me && me->mark == EVENT_MARK_NONE && event_may(c, a, RIGHT_EVENT_ANSWER) &&
                         !event_may_check_in(f, &me->seat, &a->policy, now, &mark));
}

static enum err put_people(const struct call *c, const struct event_asked *a, bool sees,
                           json_t *event)
{
    struct event_invites all = { 0 };
    const struct event_invites nobody = { 0 };
    struct event_counts n;
    json_t *list = NULL;
    enum err err = event_invites(c->db, a->event.id, &all);

    if (!err)
        err = invites_json(c, sees ? &all : &nobody, &list);
    n = event_count(&all);
    event_invites_free(&all);
    if (!err)
        err = json_put(event, "invites", list);
    if (!err)
        err = json_put(event, "counts", counts_json(&n));
    return err ? err : json_put(event, "quorum", quorum_json(&a->event, &n, &a->policy));
}

enum err event_json(const struct call *c, const struct event_asked *a, json_t **out)
{
    const struct event *e = &a->event;
    bool sees = event_may(c, a, RIGHT_EVENT_WRITE);
    json_t *event = NULL, *agenda = NULL;
    enum err err = event_brief_json(c, e, &a->mine, &event);

    if (!err)
        err = put_person(c, event, "chair", e->chair);
    if (!err)
        err = put_person(c, event, "secretary", e->secretary);
    if (!err)
        err = put_person(c, event, "organiser", e->created_by);
    if (!err)
        err = json_put(event, "about", json_text_or_null(e->about));
    if (!err)
        err = json_put(event, "reason", json_text_or_null(e->reason));
    if (!err)
        err = agenda_json(c, e, &agenda);
    if (!err)
        err = json_put(event, "agenda", agenda);
    if (!err)
        err = put_people(c, a, sees, event);
    if (!err)
        err = event_minutes_json(c, e, sees, event);
    if (!err)
        err = json_put(event, "may", may_json(c, a));
    if (err)
        json_decref(event);
    else
        *out = event;
    return err;
}
