/* SPDX-License-Identifier: Apache-2.0
 *
 * Refusing what does not fit on the timetable; see conflict.h. Desk thread.
 */
#include "server/api/conflict.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/hiring_json.h"
#include "server/api/lesson_json.h"
#include "server/api/person.h"
#include "server/store/child.h"
#include "server/store/hiring.h"
#include "server/store/org.h"
#include "server/store/timetable.h"

#define VIOLATIONS_MAX 64
#define SLOTS_MAX 6
#define SLOT_DAYS CONFLICT_SLOT_DAYS

static enum err refuse_conflicts(struct call *c, json_t *conflicts, json_t *slots)
{
    json_t *body;
    enum err err = call_refuse(c, REFUSE_CONFLICT); /* status, and a clean answer */

    if (err) {
        json_decref(conflicts);
        json_decref(slots);
        return err;
    }
    body = json_pack("{s:{s:s,s:o,s:o}}", "error", "code", "conflict", "conflicts", conflicts,
                     "free_slots", slots);
    return call_answer(c, 409, body);
}

static json_t *int_or_null(bool there, int64_t v)
{
    return there ? json_integer(v) : json_null();
}

/* What limit and value of a rule mean stands at SCHEDULE_RULE_LIST; here only whether a person is
 * told them. Instants and days are, too: the page knows each rule by its name. */
static bool has_limit(enum schedule_rule r)
{
    switch (r) {
    case RULE_ORDER:
    case RULE_SKIPPED_TIME:
    case RULE_DOUBLED_TIME:
    case RULE_UNKNOWN_ZONE:
    case RULE_CHILD_OVERLAP:
    case RULE_SECTION_OVERLAP:
    case RULE_TREATMENT_OVERLAP:
    case RULE_MENTOR_OVERLAP:
    case RULE_ALLOWED_HOURS:
    case RULE_REST_DAY:
    case RULE_HOLIDAY:
    case RULE_SCHOOL_HOURS:
    case RULE_MENTOR_HOURS:
    case RULE_NO_LINE:
        return false;
    default:
        return true;
    }
}

static bool has_value(enum schedule_rule r)
{
    return r != RULE_ORDER && r != RULE_DOUBLED_TIME && r != RULE_UNKNOWN_ZONE;
}

/* Takes this_lesson, other and who over. */
static json_t *pack_conflict(const struct violation *v, json_t *this_lesson, json_t *other,
                             json_t *who)
{
    json_t *choices = v->rule == RULE_DOUBLED_TIME
                          ? json_pack("[I,I]", (json_int_t)v->limit, (json_int_t)v->value)
                          : json_array();

    return json_pack("{s:s,s:i,s:o,s:o,s:o,s:o,s:o,s:o}", "rule", schedule_rule_name(v->rule),
                     "number", schedule_rule_number(v->rule), "limit",
                     int_or_null(has_limit(v->rule), v->limit), "value",
                     int_or_null(has_value(v->rule), v->value), "this", this_lesson, "other", other,
                     "who", who, "choices", choices);
}

enum err conflict_when(struct call *c, struct wanted *w, const struct body_when *when,
                       bool *refused)
{
    struct violation v = { 0 };
    int64_t start;
    enum schedule_rule rule = schedule_local(w->tz, &when->local, when->which, &start, &v);
    json_t *list;
    enum err err;

    *refused = rule != RULE_NONE;
    if (!*refused) {
        w->start_ms = start;
        w->end_ms = start + when->minutes * MS_PER_MIN;
        return ERR_OK;
    }
    list = json_array();
    err = list ? json_push(list, pack_conflict(&v, json_null(), json_null(), json_null()))
               : ERR_NOMEM;
    if (err) {
        json_decref(list);
        return err;
    }
    return refuse_conflicts(c, list, json_array());
}

/* The lesson that was asked for, as LessonBrief. */
static enum err wanted_json(const struct call *c, const struct wanted *w, json_t **out)
{
    json_t *children = json_array(), *mentor = NULL;
    enum err err = children ? person_json(c, w->mentor.user, &mentor) : ERR_NOMEM;

    for (int i = 0; !err && i < w->children_n; i++) {
        json_t *child = NULL;

        err = person_json(c, w->users[i], &child);
        if (!err)
            err = json_push(children, child);
    }
    if (err) {
        json_decref(children);
        json_decref(mentor);
        return err;
    }
    *out = json_pack("{s:o,s:s,s:I,s:I,s:s,s:o,s:o}", "id", json_time_or_null(w->id.v, 0),
                     "subject", w->subject, "start", (json_int_t)w->start_ms, "end",
                     (json_int_t)w->end_ms, "tz", w->tz, "mentor", mentor, "children", children);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err other_json(const struct call *c, struct lesson_id id, json_t **out)
{
    struct lesson *l;
    bool sees = false;
    enum err err;

    *out = json_null();
    if (!id.v)
        return ERR_OK;
    l = mem_zalloc(1, sizeof *l);
    err = l ? lesson_load(c->db, id, l) : ERR_NOMEM;
    if (!err)
        err = call_may_lesson(c, RIGHT_LESSON_VIEW, l, &sees);
    if (!err && sees)
        err = lesson_brief_json(c, l, out);
    mem_free(l);
    return err;
}

static enum err violation_json(const struct call *c, const struct wanted *w,
                               const struct violation *v, json_t *list)
{
    json_t *this_lesson = NULL, *other = NULL, *who = NULL;
    enum err err = wanted_json(c, w, &this_lesson);

    if (!err)
        err = other_json(c, v->other, &other);
    if (!err)
        err = person_or_null(c, v->who, &who);
    if (err) {
        json_decref(this_lesson);
        json_decref(other);
        return err;
    }
    return json_push(list, pack_conflict(v, this_lesson, other, who));
}

enum err conflict_list(const struct call *c, const struct violation *v, size_t n, bool hard,
                       json_t **out)
{
    json_t *list = json_array();
    enum err err = list ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < n; i++) {
        json_t *this_lesson = NULL, *other = NULL, *who = NULL;

        if (v[i].hard != hard)
            continue;
        err = other_json(c, v[i].lesson, &this_lesson);
        if (!err)
            err = other_json(c, v[i].other, &other);
        if (!err)
            err = person_or_null(c, v[i].who, &who);
        if (!err)
            err = json_push(list, pack_conflict(&v[i], this_lesson, other, who));
        else {
            json_decref(this_lesson);
            json_decref(other);
        }
    }
    if (err)
        json_decref(list);
    else
        *out = list;
    return err;
}

enum err conflict_slots(const struct wanted *w, const struct timetable *t,
                        const struct booked_lesson *plan, json_t **out)
{
    const struct schedule_policy *policy = t->facts.policy;
    int64_t now = t->facts.now_ms;
    struct slot_query q = { .ignore = w->id,
                            .mentor = w->mentor.user,
                            .children_n = w->children_n,
                            .duration_ms = w->end_ms - w->start_ms,
                            .from_ms = w->start_ms > now ? w->start_ms : now,
                            .now_ms = now,
                            .step_ms = 5 * MS_PER_MIN,
                            .days = SLOT_DAYS,
                            .tz = w->tz,
                            .facts = &t->facts,
                            .lesson = plan };
    int64_t starts[SLOTS_MAX];
    size_t n;
    json_t *slots = json_array();
    enum err err = slots ? ERR_OK : ERR_NOMEM;

    memcpy(q.children, w->users, sizeof q.children);
    q.duration_ms = schedule_fitting(plan, &t->facts);
    n = schedule_free_slots(&q, t->booked.items, t->booked.n, policy, starts, SLOTS_MAX);
    for (size_t i = 0; !err && i < n; i++)
        err = json_push(slots, json_pack("{s:I,s:I}", "start", (json_int_t)starts[i], "end",
                                         (json_int_t)(starts[i] + q.duration_ms)));
    if (err)
        json_decref(slots);
    else
        *out = slots;
    return err;
}

/* The weeks around the lesson and all days that free times are looked for on. */
static enum err facts_of(struct call *c, const struct wanted *w, struct timetable **out)
{
    int64_t now = c->now.unix_ms;
    int64_t early = w->start_ms < now ? w->start_ms : now;
    int64_t late = w->start_ms > now ? w->start_ms : now;
    struct timetable_query q = { .centre = w->org,
                                 .mentor = w->mentor.id,
                                 .children_n = w->children_n,
                                 .at_ms = w->start_ms,
                                 .now_ms = now,
                                 .from_ms = early - 8 * MS_PER_DAY,
                                 .to_ms = late + (SLOT_DAYS + 9) * MS_PER_DAY };

    memcpy(q.children, w->children, sizeof q.children);
    return timetable_open(c->db, &q, out);
}

static enum err refuse_violations(struct call *c, const struct wanted *w, const struct timetable *t,
                                  const struct booked_lesson *plan, const struct violation *v,
                                  size_t n)
{
    json_t *list = json_array(), *slots = NULL;
    enum err err = list ? conflict_slots(w, t, plan, &slots) : ERR_NOMEM;

    for (size_t i = 0; !err && i < n && i < VIOLATIONS_MAX; i++)
        if (v[i].hard)
            err = violation_json(c, w, &v[i], list);
    if (!err)
        return refuse_conflicts(c, list, slots);
    json_decref(list);
    json_decref(slots);
    return err;
}

/* All violations of the wish, into found; *t is the caller's to close, also after an error. */
static enum err judge(struct call *c, const struct wanted *w, struct timetable **t,
                      struct booked_lesson *plan, struct violation found[VIOLATIONS_MAX], size_t *n)
{
    struct subject subject = { 0 };
    enum err err = facts_of(c, w, t);

    if (!err)
        err = subject_by_code(c->db, w->subject, &subject);
    if (err == ERR_NOTFOUND)
        err = ERR_OK; /* the form's own refusal */
    if (err)
        return err;
    if (w->introduction)
        timetable_no_lines(*t);
    if (w->lost.v)
        timetable_lost(*t, w->lost);
    *plan = timetable_plan(*t, w->id, subject.id, w->start_ms, w->end_ms);
    plan->make_up = w->make_up;
    *n = schedule_judge(plan, &(*t)->facts, found, VIOLATIONS_MAX);
    return ERR_OK;
}

enum err conflict_check(struct call *c, const struct wanted *w, bool *refused)
{
    struct violation found[VIOLATIONS_MAX];
    struct timetable *t = NULL;
    struct booked_lesson plan;
    size_t n = 0;
    enum err err = judge(c, w, &t, &plan, found, &n);

    *refused = false;
    if (err)
        return err;
    *refused = schedule_hard(found, n < VIOLATIONS_MAX ? n : VIOLATIONS_MAX) > 0;
    if (*refused)
        err = refuse_violations(c, w, t, &plan, found, n);
    timetable_close(t);
    return err;
}

/* v: NULL, or the verdict with every gate that fails. */
static enum err refuse_gate(struct call *c, const char *gate, const struct teach_verdict *v,
                            bool *refused)
{
    json_t *error;
    enum err err = call_refuse(c, REFUSE_GATE);

    *refused = true;
    if (err)
        return err;
    error = json_pack("{s:s,s:s}", "code", "gate", "gate", gate);
    if (error && v && json_object_set_new(error, "gates", gates_json(v, true))) {
        json_decref(error);
        error = NULL;
    }
    return error ? call_answer(c, 409, json_pack("{s:o}", "error", error)) : ERR_NOMEM;
}

/* Adds what fails for one child to what fails for the others. */
static void merge(struct teach_verdict *all, const struct teach_verdict *one)
{
    for (enum teach_gate g = 0; g < TEACH_GATE_COUNT; g++)
        if (one->failed & ~all->failed & TEACH_BIT(g))
            all->gates[g] = one->gates[g];
    all->failed |= one->failed;
}

/* Every gate for every child at the lesson's time. A subject that there is not is refused by name
 * elsewhere. */
enum err conflict_ask(struct call *c, const struct wanted *w, bool substitute,
                      struct teach_verdict *out)
{
    struct teach_question q = { .hired = true,
                                .child = true,
                                .consents = true,
                                .group = w->children_n > 1,
                                .substitute = substitute,
                                .introduction = w->introduction };
    struct subject subject;
    enum err err = subject_by_code(c->db, w->subject, &subject);

    if (err && err != ERR_NOTFOUND)
        return err;
    q.subject = err ? 0 : subject.id;
    *out = (struct teach_verdict){ 0 };
    err = ERR_OK;
    for (int i = 0; !err && i < w->children_n; i++) {
        struct teach_verdict one;
        struct child child;

        err = child_load(c->db, w->children[i], &child); /* at the school of today (item 26) */
        if (!err)
            err = teach_ask(c->db, &(struct teach_who){ w->mentor.id, child.school, child.id }, &q,
                            w->start_ms, &one);
        if (!err)
            merge(out, &one);
    }
    return err;
}

enum err conflict_gates(struct call *c, const struct wanted *w, bool substitute,
                        struct mentor_id absent, bool *refused)
{
    static const unsigned consents = TEACH_BIT(TEACH_CONSENT) | TEACH_BIT(TEACH_GROUP_CONSENT);
    struct teach_verdict v;
    enum err err;

    *refused = false;
    if (substitute && mentor_id_eq(w->mentor.id, absent))
        return refuse_gate(c, "same_mentor", NULL, refused);
    err = conflict_ask(c, w, substitute, &v);
    if (err || v.failed == 0)
        return err;
    return refuse_gate(c,
                       v.failed & ~consents                  ? "may_teach"
                       : v.failed & TEACH_BIT(TEACH_CONSENT) ? "consent"
                                                             : "group_consent",
                       &v, refused);
}

enum err conflict_look(struct call *c, const struct wanted *w, struct teach_verdict *gates,
                       enum schedule_rule *found, size_t cap, size_t *n)
{
    struct violation all[VIOLATIONS_MAX];
    struct timetable *t = NULL;
    struct booked_lesson plan;
    size_t all_n = 0;
    enum err err = conflict_ask(c, w, true, gates);

    *n = 0;
    if (err || gates->failed)
        return err;
    err = judge(c, w, &t, &plan, all, &all_n);
    for (size_t i = 0; !err && i < all_n && i < VIOLATIONS_MAX && *n < cap; i++)
        if (all[i].hard)
            found[(*n)++] = all[i].rule;
    timetable_close(t);
    return err;
}
