/* SPDX-License-Identifier: Apache-2.0
 *
 * The make-up of a missed lesson: the free times that are proposed for the
 * same child, mentor and subject, why there is none, and making it. All hard
 * rules of the timetable and all gates hold for what is proposed, and are asked
 * again when it is made. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/conflict.h"
#include "server/api/endpoints.h"
#include "server/api/hiring_json.h"
#include "server/api/lesson_json.h"
#include "server/api/noshow.h"
#include "server/api/person.h"
#include "server/domain/day.h"
#include "server/store/noshow.h"
#include "server/store/timetable.h"

#define OBSTACLES_MAX 6
#define STEP_MS (5 * MS_PER_MIN)

/* A search with what it stands on. */
struct plan {
    struct wanted wanted;
    struct timetable *t; /* owned */
    struct booked_lesson lesson;
    struct make_up_search search;
};

static void plan_close(struct plan *p)
{
    timetable_close(p->t);
}

static enum err wanted_for(const struct call *c, const struct lesson *l, struct wanted *w)
{
    struct mentor mentor;
    enum err err = mentor_load(c->db, l->mentor, &mentor);

    if (!err)
        err = wanted_of(l, &mentor, w);
    w->id = (struct lesson_id){ 0 };
    w->make_up = true;
    w->lost = l->facts.id;
    return err;
}

/* The weeks from now to the last day, whole ones. */
static enum err open_facts(const struct call *c, const struct lesson *l, int64_t days,
                           struct plan *p)
{
    int64_t now = c->now.unix_ms;
    struct timetable_query q = { .centre = l->org,
                                 .mentor = l->mentor,
                                 .children_n = p->wanted.children_n,
                                 .at_ms = now,
                                 .now_ms = now,
                                 .from_ms = now - 8 * MS_PER_DAY,
                                 .to_ms = now + (days + 9) * MS_PER_DAY };
    enum err err;

    memcpy(q.children, p->wanted.children, sizeof q.children);
    err = timetable_open(c->db, &q, &p->t);
    if (err)
        return err;
    if (p->wanted.introduction)
        timetable_no_lines(p->t);
    timetable_lost(p->t, l->facts.id);
    return ERR_OK;
}

/* p is the caller's to close, also after an error. */
static enum err plan_open(const struct call *c, const struct lesson *l,
                          const struct noshow_sheet *s, struct plan *p)
{
    int64_t last = s->day + s->policy.days;
    struct local_time usual;
    enum err err = wanted_for(c, l, &p->wanted);

    if (!err)
        err = open_facts(c, l, last > s->today ? last - s->today : 0, p);
    if (!err)
        err = zone_local(l->tz, l->facts.start_ms, &usual);
    if (err)
        return err;
    p->lesson = timetable_plan(p->t, (struct lesson_id){ 0 }, l->subject_id, l->facts.start_ms,
                               l->facts.end_ms);
    p->lesson.make_up = true;
    p->search = (struct make_up_search){
        .query = { .mentor = p->wanted.mentor.user,
                   .children_n = p->wanted.children_n,
                   .duration_ms = schedule_fitting(&p->lesson, &p->t->facts),
                   .now_ms = c->now.unix_ms,
                   .step_ms = STEP_MS,
                   .tz = p->wanted.tz,
                   .facts = &p->t->facts,
                   .lesson = &p->lesson },
        .first_day = s->today,
        .last_day = last,
        .minute = usual.hour * 60 + usual.minute,
    };
    memcpy(p->search.query.children, p->wanted.users, sizeof p->search.query.children);
    return ERR_OK;
}

/* R4 at a start; the mentor of the search is a substitute where the lesson's was. */
static enum err gates_at(struct call *c, const struct lesson *l, struct plan *p, int64_t start_ms,
                         struct teach_verdict *out)
{
    p->wanted.start_ms = start_ms;
    p->wanted.end_ms = start_ms + p->search.query.duration_ms;
    return conflict_ask(c, &p->wanted, !mentor_id_eq(l->mentor, l->planned_mentor), out);
}

/* Free times for which the gates hold, too; what fails for the last of the others into *failed. */
static enum err push_slots(struct call *c, const struct lesson *l, struct plan *p, int shown,
                           json_t *slots, struct teach_verdict *failed)
{
    int64_t starts[MAKE_UP_DAYS_MAX + 1];
    size_t n = make_up_slots(&p->search, p->t->booked.items, p->t->booked.n, &p->t->policy, starts,
                             sizeof starts / sizeof starts[0]);
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < n && json_array_size(slots) < (size_t)shown; i++) {
        struct teach_verdict v;

        err = gates_at(c, l, p, starts[i], &v);
        if (err)
            return err;
        if (v.failed) {
            *failed = v;
            continue;
        }
        err = json_push(slots, json_pack("{s:I,s:I}", "start", (json_int_t)starts[i], "end",
                                         (json_int_t)p->wanted.end_ms));
    }
    return err;
}

static enum err push_obstacles(const struct plan *p, json_t *list)
{
    struct make_up_obstacle found[OBSTACLES_MAX];
    size_t n = make_up_obstacles(&p->search, found, OBSTACLES_MAX);
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < n; i++)
        err = json_push(list, json_pack("{s:s,s:i,s:i}", "rule", schedule_rule_name(found[i].rule),
                                        "number", schedule_rule_number(found[i].rule), "days",
                                        found[i].days));
    return err;
}

static enum err search(struct call *c, const struct lesson *l, const struct noshow_sheet *s,
                       json_t *slots, json_t *obstacles, json_t **gates)
{
    struct teach_verdict failed = { 0 };
    struct plan p = { 0 };
    enum err err = plan_open(c, l, s, &p);

    if (!err)
        err = push_slots(c, l, &p, s->policy.shown, slots, &failed);
    if (!err && json_array_size(slots) == 0 && !failed.failed)
        err = push_obstacles(&p, obstacles);
    plan_close(&p);
    if (!err && json_array_size(slots) == 0 && failed.failed) {
        *gates = gates_json(&failed, true);
        err = *gates ? ERR_OK : ERR_NOMEM;
    }
    return err;
}

enum err make_up_json(struct call *c, const struct lesson *l, const struct noshow_sheet *s,
                      json_t **out)
{
    enum make_up may = noshow_make_up(s, s->today);
    json_t *slots = json_array(), *obstacles = json_array(), *gates = NULL;
    enum err err = slots && obstacles ? ERR_OK : ERR_NOMEM;
    char until[DAY_TEXT_BYTES];

    if (!err && may == MAKE_UP_MAY)
        err = search(c, l, s, slots, obstacles, &gates);
    day_write(s->day + s->policy.days, until);
    if (!err) {
        *out = json_pack("{s:b,s:o,s:o,s:s,s:O,s:O,s:o}", "may", (int)(may == MAKE_UP_MAY),
                         "why_not", json_text_or_null(make_up_name(may)), "made",
                         lesson_ref_json(&s->made), "until", until, "slots", slots, "in_the_way",
                         obstacles, "gates", gates ? gates : json_array());
        err = *out ? ERR_OK : ERR_NOMEM;
    }
    json_decref(slots);
    json_decref(obstacles);
    return err;
}

/* ---- making it ------------------------------------------------------------------------------ */

static enum err add(struct call *c, const struct lesson *l, const struct wanted *w)
{
    struct lesson_plan plan = { .org = w->org,
                                .subject_id = l->subject_id,
                                .mentor = l->mentor,
                                .planned_mentor = l->planned_mentor,
                                .children_n = w->children_n,
                                .start_ms = w->start_ms,
                                .end_ms = w->end_ms,
                                .tz = w->tz,
                                .kind = l->kind,
                                .state = LESSON_SCHEDULED,
                                .make_up_of = l->facts.id };
    struct lesson_id id;
    char after[120];
    enum err err;

    memcpy(plan.children, w->children, sizeof plan.children);
    err = lesson_add(c->db, &plan, c->now.unix_ms, c->user.id, &id);
    if (err == ERR_STATE) /* a trigger of the database found what the rules did not */
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!err)
        err = noshow_lesson_touch(c->db, l->facts.id);
    if (!err && !str_format(after, sizeof after,
                            "{\"make_up_of\":%lld,\"start\":%lld,\"end\":%lld,\"mentor\":%lld}",
                            (long long)l->facts.id.v, (long long)w->start_ms, (long long)w->end_ms,
                            (long long)w->mentor.user.v))
        err = ERR_INVAL;
    if (!err)
        err = call_audit(c, "lesson.make_up", "lesson", id.v, "", after);
    if (err)
        return err;
    desk_push_lesson(c->ctx, id);
    err = lesson_answer(c, 201, id);
    if (!err &&
        !str_format(c->location, sizeof c->location, API_PREFIX "/lessons/%lld", (long long)id.v))
        err = ERR_INVAL;
    return err;
}

/* May it be, on the day of that start? */
static enum err check_day(struct call *c, const struct lesson *l, const struct noshow_sheet *s,
                          int64_t start_ms, bool *refused)
{
    enum make_up may;
    int64_t day;
    enum err err = day_in_zone(l->tz, start_ms, &day);

    if (err == ERR_INVAL) { /* a year beyond the zone's data */
        *refused = true;
        json_view_blame(&c->in, JSON_FAULT_RANGE, "start");
        return call_refuse_field(c, &c->in);
    }
    if (err)
        return err;
    may = noshow_make_up(s, day > s->today ? day : s->today);
    *refused = may != MAKE_UP_MAY;
    return *refused ? call_refuse_gate(c, make_up_name(may)) : ERR_OK;
}

static enum err make(struct call *c, const struct lesson *l)
{
    struct noshow_sheet s;
    struct plan p = { 0 };
    bool refused = false;
    int64_t start = json_get_int(&c->in, "start", 1, BODY_ID_MAX);
    enum err err;

    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = noshow_sheet_load(c, l, &s);
    if (!err)
        err = check_day(c, l, &s, start, &refused);
    if (!err && !refused)
        err = plan_open(c, l, &s, &p);
    p.wanted.start_ms = start;
    p.wanted.end_ms = start + p.search.query.duration_ms;
    if (!err && !refused)
        err = conflict_gates(c, &p.wanted, !mentor_id_eq(l->mentor, l->planned_mentor),
                             (struct mentor_id){ 0 }, &refused);
    if (!err && !refused)
        err = conflict_check(c, &p.wanted, &refused);
    if (!err && !refused)
        err = add(c, l, &p.wanted);
    plan_close(&p);
    return err;
}

enum err make_up_post(struct call *c)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? call_lesson(c, RIGHT_LESSON_CREATE, l, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = call_match(c, l->rev, &refused);
    if (!err && !refused)
        err = make(c, l);
    mem_free(l);
    return err;
}
