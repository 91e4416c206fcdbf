/* SPDX-License-Identifier: Apache-2.0
 *
 * Strips, provisional folds and chip facts; see presence.h. Desk thread.
 */
#include "server/api/presence.h"

#include <stdlib.h>

#include "common/base/mem.h"
#include "server/api/person.h"
#include "server/store/attendance.h"
#include "server/store/home.h"
#include "server/store/org.h"

/* The rooms' last word counts for this long; after it the presence rows do (seen every 5 s). */
#define SEATS_FRESH_MS INT64_C(15000)

static bool seats_fresh(const struct call *c)
{
    return c->seats && c->now.unix_ms - c->seats_at_ms <= SEATS_FRESH_MS;
}

static enum err fold(const struct call *c, const struct lesson *l, const struct session_list *s,
                     struct attendance_result *out)
{
    struct attendance_input in = { .start_ms = l->facts.start_ms,
                                   .end_ms = l->facts.end_ms,
                                   .mentor = l->facts.mentor,
                                   .children = l->facts.children,
                                   .children_n = (size_t)l->facts.children_n };
    struct join_attempt_list tries = { 0 };
    struct outage_list outages = { 0 };
    struct presence *rows = mem_zalloc(s->n + 1, sizeof *rows);
    struct join_try *asked = NULL;
    enum err err = rows ? ERR_OK : ERR_NOMEM;

    if (!err)
        err = policy_attendance(c->db, l->org, l->facts.start_ms, &in.policy);
    if (!err)
        err = join_attempt_list(c->db, l->facts.id, (struct org_id){ 0 }, 0, 1000, &tries);
    if (!err)
        err = outage_list(c->db, l->facts.start_ms, l->facts.end_ms, &outages);
    if (!err) {
        asked = mem_zalloc(tries.n + 1, sizeof *asked);
        err = asked ? ERR_OK : ERR_NOMEM;
    }
    for (size_t i = 0; !err && i < s->n; i++)
        rows[i] = (struct presence){ s->items[i].user, s->items[i].join_ms, s->items[i].leave_ms,
                                     s->items[i].cause };
    for (size_t i = 0; !err && i < tries.n; i++)
        asked[i] = (struct join_try){ tries.items[i].user, tries.items[i].at_ms };
    if (!err) {
        in.presences = rows;
        in.presences_n = s->n;
        in.tries = asked;
        in.tries_n = tries.n;
        in.outages = outages.items;
        in.outages_n = outages.n;
        err = attendance_compute(&in, out);
    }
    mem_free(rows);
    mem_free(asked);
    join_attempt_list_free(&tries);
    outage_list_free(&outages);
    return err;
}

enum err presence_load(const struct call *c, const struct lesson *l, struct presence_sheet *out)
{
    struct presence_sheet p = { 0 };
    enum err err = session_list(c->db, l->facts.id, &p.sessions);

    if (!err)
        err = fold(c, l, &p.sessions, &p.folded);
    for (size_t i = 0; !err && seats_fresh(c) && i < c->seats_n && !p.seat; i++) {
        if (lesson_id_eq(c->seats[i].lesson, l->facts.id))
            p.seat = &c->seats[i];
    }
    if (err)
        presence_deinit(&p);
    else
        *out = p;
    return err;
}

void presence_deinit(struct presence_sheet *p)
{
    session_list_free(&p->sessions);
    attendance_deinit(&p->folded);
}

static void now_by_rooms(const struct call *c, const struct lesson *l, struct chip_facts *f)
{
    for (size_t i = 0; i < c->seats_n; i++) {
        const struct desk_board_seat *s = &c->seats[i];

        if (!lesson_id_eq(s->lesson, l->facts.id) || !s->present)
            continue;
        f->mentor_in = f->mentor_in || s->seat == SEAT_MENTOR;
        f->child_in = f->child_in || s->seat == SEAT_CHILD;
        f->resting = f->resting || (s->seat == SEAT_CHILD && s->resting);
        f->weak =
            f->weak || s->loss_permille >= CHIP_WEAK_PERMILLE || s->rtt_ms >= CHIP_WEAK_RTT_MS;
    }
}

static enum err now_by_rows(const struct call *c, const struct lesson *l, struct chip_facts *f)
{
    struct session_list s = { 0 };
    enum err err = session_list(c->db, l->facts.id, &s);

    for (size_t i = 0; !err && i < s.n; i++) {
        bool in = s.items[i].cause == LEAVE_STILL_IN;

        f->mentor_in = f->mentor_in || (in && s.items[i].seat == SEAT_MENTOR);
        f->child_in = f->child_in || (in && s.items[i].seat == SEAT_CHILD);
    }
    session_list_free(&s);
    return err;
}

enum err presence_chip(const struct call *c, const struct lesson *l, struct chip_facts *out)
{
    struct chip_facts f = { .state = l->facts.state,
                            .opens_ms = lesson_opens_ms(&l->facts),
                            .start_ms = l->facts.start_ms,
                            .end_ms = l->facts.end_ms,
                            .closes_ms = lesson_closes_ms(&l->facts) };
    int64_t now = c->now.unix_ms;
    enum err err = ERR_OK;

    if (now >= f.opens_ms && now < f.closes_ms) {
        if (seats_fresh(c))
            now_by_rooms(c, l, &f);
        else
            err = now_by_rows(c, l, &f);
    }
    if (now >= f.end_ms) {
        f.computed = l->computed;
        f.outcome = l->outcome;
    }
    if (!err)
        *out = f;
    return err;
}

struct lane_part {
    int64_t from_ms, to_ms;
    enum leave_cause cause;
};

static int by_from(const void *a, const void *b)
{
    const struct lane_part *x = a, *y = b;

    return (x->from_ms > y->from_ms) - (x->from_ms < y->from_ms);
}

/* Joins overlapping connections of one person: two devices are one presence. */
static size_t union_of(struct lane_part *parts, size_t n)
{
    size_t out = 0;

    qsort(parts, n, sizeof *parts, by_from);
    for (size_t i = 0; i < n; i++) {
        if (out && parts[i].from_ms <= parts[out - 1].to_ms) {
            if (parts[i].to_ms >= parts[out - 1].to_ms) {
                parts[out - 1].to_ms = parts[i].to_ms;
                parts[out - 1].cause = parts[i].cause;
            }
        } else {
            parts[out++] = parts[i];
        }
    }
    return out;
}

static enum err lane(const struct presence_sheet *p, struct user_id who, json_t **out)
{
    struct lane_part *parts = mem_zalloc(p->sessions.n + 1, sizeof *parts);
    json_t *array = json_array();
    size_t n = 0;
    enum err err = parts && array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < p->sessions.n; i++) {
        const struct session *s = &p->sessions.items[i];

        if (user_id_eq(s->user, who))
            parts[n++] = (struct lane_part){ s->join_ms, s->leave_ms, s->cause };
    }
    n = err ? 0 : union_of(parts, n);
    for (size_t i = 0; !err && i < n; i++)
        err = json_push(array, json_pack("{s:I,s:I,s:s}", "from", (json_int_t)parts[i].from_ms,
                                         "to", (json_int_t)parts[i].to_ms, "cause",
                                         leave_cause_name(parts[i].cause)));
    mem_free(parts);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err outages_json(const struct call *c, const struct lesson *l, json_t **out)
{
    struct outage_list list = { 0 };
    json_t *array = json_array();
    enum err err =
        array ? outage_list(c->db, l->facts.start_ms, l->facts.end_ms, &list) : ERR_NOMEM;

    for (size_t i = 0; !err && i < list.n; i++)
        err = json_push(array, json_pack("{s:I,s:I}", "from", (json_int_t)list.items[i].from_ms,
                                         "to", (json_int_t)list.items[i].to_ms));
    outage_list_free(&list);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

enum err presence_strip(const struct call *c, const struct lesson *l,
                        const struct presence_sheet *p, struct user_id child, json_t **out)
{
    json_t *mentor = NULL, *lane_child = NULL, *outages = NULL, *strip;
    enum err err = lane(p, l->facts.mentor, &mentor);

    if (!err)
        err = lane(p, child, &lane_child);
    if (!err)
        err = outages_json(c, l, &outages);
    if (err) {
        json_decref(mentor);
        json_decref(lane_child);
        return err;
    }
    strip = json_pack("{s:I,s:I,s:o,s:o,s:o}", "start", (json_int_t)l->facts.start_ms, "end",
                      (json_int_t)l->facts.end_ms, "mentor", mentor, "child", lane_child, "outages",
                      outages);
    if (!strip)
        return ERR_NOMEM;
    *out = strip;
    return ERR_OK;
}

int64_t presence_rest_ms(const struct presence_sheet *p, struct user_id child)
{
    for (size_t i = p->sessions.n; i > 0; i--) {
        const struct session *s = &p->sessions.items[i - 1];

        if (user_id_eq(s->user, child))
            return s->cause == LEAVE_TIRED ? s->leave_ms : 0;
    }
    return 0;
}

enum err presence_visitors(const struct call *c, const struct presence_sheet *p, json_t *array)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < p->sessions.n; i++) {
        const struct session *s = &p->sessions.items[i];
        json_t *person = NULL;

        if (s->seat != SEAT_GUARDIAN && s->seat != SEAT_COORDINATOR)
            continue;
        err = person_json(c, s->user, &person);
        if (!err)
            err =
                json_push(array, json_pack("{s:o,s:s,s:I,s:I}", "person", person, "seat",
                                           seat_role_name(s->seat), "from", (json_int_t)s->join_ms,
                                           "to", (json_int_t)s->leave_ms));
    }
    return err;
}

json_t *presence_json(const struct person_attendance *at)
{
    return json_pack(
        "{s:I,s:o,s:o,s:I,s:I,s:I,s:i,s:I}", "presence_ms", (json_int_t)at->presence_ms, "first",
        json_time_or_null(at->first_ms, INT64_MIN), "last",
        at->first_ms == INT64_MIN ? json_null() : json_integer(at->last_ms), "late_ms",
        (json_int_t)at->late_ms, "early_ms", (json_int_t)at->early_ms, "overrun_ms",
        (json_int_t)at->overrun_ms, "gaps", at->gaps, "gaps_ms", (json_int_t)at->gaps_ms);
}
