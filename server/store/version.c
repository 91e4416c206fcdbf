/* SPDX-License-Identifier: Apache-2.0
 *
 * See version.h.
 */
#include "server/store/version.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/child.h"
#include "server/store/draft.h"
#include "server/store/hiring.h"
#include "server/store/webhook.h"

#define OF_A_LESSON 64 /* violations kept of one lesson */

static const char *const state_names[] = {
#define X(code, name) [VERSION_##code] = name,
    VERSION_STATE_LIST(X)
#undef X
};

const char *version_state_name(enum version_state s)
{
    return state_names[s];
}

static void row_state(struct query *q, enum version_state *out)
{
    char name[16];

    row_text(q, name, sizeof name);
    for (size_t i = 0; i < sizeof state_names / sizeof state_names[0]; i++)
        if (strcmp(state_names[i], name) == 0) {
            *out = (enum version_state)i;
            return;
        }
    query_blame(q);
}

enum err version_load(struct db *db, int64_t id, struct version *out)
{
    struct query q =
        query_on(db, "SELECT v.id, v.org, v.no, v.state, (SELECT count(*) FROM lesson l "
                     "WHERE l.version = v.id AND l.state = 'planned') "
                     "FROM schedule_version v WHERE v.id = $1");

    query_int(&q, id);
    if (query_row(&q)) {
        out->id = row_int(&q);
        out->org.v = row_int(&q);
        out->no = row_int(&q);
        row_state(&q, &out->state);
        out->planned = row_int(&q);
    }
    return query_end_found(&q);
}

enum err version_draft(struct db *db, struct org_id org, int64_t now_ms, struct user_id by,
                       struct version *out)
{
    struct query q = query_on(db, "INSERT INTO schedule_version (org, no, state, created_ms, "
                                  "created_by) SELECT $1, COALESCE(max(no), 0) + 1, 'draft', $2, "
                                  "$3 FROM schedule_version WHERE org = $1 RETURNING id");
    int64_t id = 0;
    enum err err;

    query_int(&q, org.v);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    if (query_row(&q))
        id = row_int(&q);
    err = query_end_found(&q);
    return err ? err : version_load(db, id, out);
}

static enum err set_state(struct db *db, int64_t id, enum version_state to)
{
    struct query q = query_on(db, "UPDATE schedule_version SET state = $2 WHERE id = $1");

    query_int(&q, id);
    query_text(&q, version_state_name(to));
    return query_run(&q);
}

/* A draft, also one that was validated. ERR_STATE: anything else. */
static enum err load_draft(struct db *db, int64_t id, struct version *out)
{
    enum err err = version_load(db, id, out);

    if (!err && out->state != VERSION_DRAFT && out->state != VERSION_VALIDATED)
        err = ERR_STATE;
    return err;
}

enum err version_add(struct db *db, int64_t id, const struct lesson_plan *plan, int64_t now_ms,
                     struct user_id by, struct lesson_id *out)
{
    struct lesson_plan planned = *plan;
    struct version v;
    enum err err = load_draft(db, id, &v);

    if (!err && !org_id_eq(v.org, plan->org))
        err = ERR_INVAL;
    if (!err)
        err = set_state(db, id, VERSION_DRAFT);
    planned.state = LESSON_PLANNED;
    return err ? err : lesson_add_to(db, &planned, id, now_ms, by, out);
}

/* ---- series ----------------------------------------------------------------------------- */

static bool date_text(int64_t day, char *out, size_t cap)
{
    int y, m, d;

    date_from_days(day, &y, &m, &d);
    return str_format(out, cap, "%04d-%02d-%02d", y, m, d);
}

static enum err insert_series(struct db *db, const struct lesson_plan *plan, const struct series *s,
                              int64_t now_ms, struct user_id by, int64_t *out)
{
    struct query q = query_on(
        db, "INSERT INTO series (org, subject, mentor, tz, rule, first_date, hour, minute, "
            "minutes, created_ms, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
            "$10, $11) RETURNING id");
    char first[16];
    enum err err;

    if (!date_text(s->first_day, first, sizeof first))
        query_blame(&q);
    query_int(&q, plan->org.v);
    query_int(&q, plan->subject_id);
    query_int(&q, plan->mentor.v);
    query_text(&q, s->tz);
    query_text(&q, s->rule);
    query_text(&q, first);
    query_int(&q, s->hour);
    query_int(&q, s->minute);
    query_int(&q, s->minutes);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    if (query_row(&q))
        *out = row_int(&q);
    err = query_end_found(&q);
    for (int i = 0; !err && i < plan->children_n; i++) {
        q = query_on(db, "INSERT INTO series_child (series, child) VALUES ($1, $2)");
        query_int(&q, *out);
        query_int(&q, plan->children[i].v);
        err = query_run(&q);
    }
    return err;
}

static enum err name_occurrence(struct db *db, struct lesson_id id, int64_t series, int64_t day)
{
    struct query q = query_on(db, "UPDATE lesson SET series = $2, series_date = $3 WHERE id = $1");
    char date[16];

    if (!date_text(day, date, sizeof date))
        query_blame(&q);
    query_int(&q, id.v);
    query_int(&q, series);
    query_text(&q, date);
    return query_run(&q);
}

enum err version_add_series(struct db *db, int64_t id, const struct lesson_plan *plan,
                            const struct series *series, int64_t now_ms, struct user_id by,
                            int64_t *out_series, struct series_sum *sum)
{
    struct occurrence *days = mem_zalloc(SERIES_OCCURRENCES_MAX, sizeof *days);
    struct lesson_plan one = *plan;
    struct series_sum total = { 0 };
    int64_t row = 0;
    enum err err = days ? series_expand(series, days, SERIES_OCCURRENCES_MAX, &total) : ERR_NOMEM;

    if (!err)
        err = insert_series(db, plan, series, now_ms, by, &row);
    one.tz = series->tz;
    for (size_t i = 0; !err && i < total.n; i++) {
        struct lesson_id lesson;

        if (days[i].rule != RULE_NONE)
            continue;
        one.start_ms = days[i].start_ms;
        one.end_ms = days[i].end_ms;
        err = version_add(db, id, &one, now_ms, by, &lesson);
        if (!err)
            err = name_occurrence(db, lesson, row, days[i].day);
    }
    mem_free(days);
    if (!err) {
        *out_series = row;
        *sum = total;
    }
    return err;
}

/* ---- judging ---------------------------------------------------------------------------- */

struct planned {
    struct lesson_id id;
    int64_t start_ms, end_ms, subject;
    struct mentor_id mentor;
    bool make_up, introduction;
};
struct planned_list {
    struct planned *items;
    size_t n;
};

#define PLANNED_COLUMNS                                                                            \
    "id, start_ms, end_ms, subject, mentor, make_up_of IS NOT NULL, kind = 'introduction'"

static void row_planned(struct query *q, struct planned *p)
{
    p->id.v = row_int(q);
    p->start_ms = row_int(q);
    p->end_ms = row_int(q);
    p->subject = row_int(q);
    p->mentor.v = row_int(q);
    p->make_up = row_bool(q);
    p->introduction = row_bool(q);
}

/* series 0: of any, or none. */
static enum err list_planned(struct db *db, int64_t version, int64_t series,
                             struct planned_list *out)
{
    struct query q = query_on(db, "SELECT " PLANNED_COLUMNS " FROM lesson "
                                  "WHERE version = $1 AND state = 'planned' "
                                  "AND ($2 = 0 OR series = $2) ORDER BY start_ms, id");
    struct planned *p;

    query_int(&q, version);
    query_int(&q, series);
    while (QUERY_NEXT(&q, out, p))
        row_planned(&q, p);
    return query_end(&q);
}

static enum err load_planned(struct db *db, int64_t version, struct lesson_id id,
                             struct planned *out)
{
    struct query q = query_on(db, "SELECT " PLANNED_COLUMNS " FROM lesson "
                                  "WHERE version = $1 AND id = $2 AND state = 'planned'");

    query_int(&q, version);
    query_int(&q, id.v);
    if (query_row(&q))
        row_planned(&q, out);
    return query_end_found(&q);
}

static enum err children_of(struct db *db, struct lesson_id id, struct timetable_query *tq)
{
    struct query q =
        query_on(db, "SELECT child FROM lesson_child WHERE lesson = $1 ORDER BY child");

    query_int(&q, id.v);
    while (tq->children_n < LESSON_CHILDREN_MAX && query_row(&q))
        tq->children[tq->children_n++].v = row_int(&q);
    return query_end(&q);
}

/* R4 and R18's consents at the start of the lesson. */
static enum err write_gates(struct db *db, const struct planned *p, const struct timetable_query *q,
                            struct timetable *t, struct gate_span gates[LESSON_CHILDREN_MAX])
{
    const struct teach_question asked = { .hired = true,
                                          .child = true,
                                          .consents = true,
                                          .group = q->children_n > 1,
                                          .introduction = p->introduction,
                                          .subject = p->subject };
    enum err err = ERR_OK;

    for (int i = 0; !err && i < q->children_n; i++) {
        struct child_facts *c = &t->children[i];
        struct teach_verdict v;

        err = teach_ask(db, &(struct teach_who){ p->mentor, c->school, q->children[i] }, &asked,
                        p->start_ms, &v);
        if (err)
            return err;
        if (v.failed & TEACH_BIT(TEACH_GROUP_CONSENT))
            c->group_from_ms = c->group_to_ms = INT64_MIN;
        gates[i] =
            (struct gate_span){ INT64_MIN, INT64_MAX, v.failed & ~TEACH_BIT(TEACH_GROUP_CONSENT) };
        c->gates = &gates[i];
    }
    return ERR_OK;
}

/* The school's timetable goes first: a section that a lesson of it gets in the way of is fitted
 * anew (DOMAIN 47, 48), so it is a warning here and a clash once it is published. */
static void lessons_first(struct violation *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].rule == RULE_SECTION_OVERLAP || v[i].rule == RULE_SECTION_GAP)
            v[i].hard = false;
}

static enum err keep(struct version_report *r, const struct violation *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct violation *grown;

        r->hard += v[i].hard;
        if (r->n == VERSION_VIOLATIONS_MAX)
            continue;
        grown = store_grow(r->items, r->n, sizeof *r->items);
        if (!grown)
            return ERR_NOMEM;
        r->items = grown;
        r->items[r->n++] = v[i];
    }
    return ERR_OK;
}

/* R19: whoever publishes tells everybody; a reason is asked for then. */
static enum err write_change(struct db *db, struct lesson_id id, struct version_judged *out)
{
    out->change = (struct schedule_change){ .family_told = true, .all_told = true };
    out->t->facts.change = &out->change;
    return draft_was_start(db, id, &out->change.was_start_ms);
}

static enum err judge_one(struct db *db, const struct version *v, const struct planned *p,
                          int64_t now_ms, int64_t ahead_ms, struct version_judged *out,
                          struct version_report *report)
{
    struct timetable_query q = { .centre = v->org,
                                 .draft = v->id,
                                 .mentor = p->mentor,
                                 .at_ms = p->start_ms,
                                 .now_ms = now_ms,
                                 .from_ms = p->start_ms - 8 * MS_PER_DAY,
                                 .to_ms = p->end_ms + 8 * MS_PER_DAY + ahead_ms };
    struct violation found[OF_A_LESSON];
    enum err err = children_of(db, p->id, &q);
    size_t n;

    if (!err)
        err = timetable_open(db, &q, &out->t);
    if (!err)
        err = write_gates(db, p, &q, out->t, out->gates);
    if (!err)
        err = write_change(db, p->id, out);
    if (err)
        return err;
    out->plan = timetable_plan(out->t, p->id, p->subject, p->start_ms, p->end_ms);
    out->plan.make_up = p->make_up;
    if (p->introduction)
        timetable_no_lines(out->t);
    n = schedule_judge(&out->plan, &out->t->facts, found, OF_A_LESSON);
    n = n < OF_A_LESSON ? n : OF_A_LESSON;
    lessons_first(found, n);
    return keep(report, found, n);
}

void version_judged_close(struct version_judged *j)
{
    timetable_close(j->t);
    j->t = NULL;
}

static enum err judge_all(struct db *db, const struct version *v, int64_t series, int64_t now_ms,
                          struct version_report *out)
{
    struct planned_list planned = { 0 };
    struct version_report r = { 0 };
    enum err err = list_planned(db, v->id, series, &planned);

    for (size_t i = 0; !err && i < planned.n; i++) {
        struct version_judged j = { 0 };

        err = judge_one(db, v, &planned.items[i], now_ms, 0, &j, &r);
        version_judged_close(&j);
    }
    r.lessons = planned.n;
    mem_free(planned.items);
    if (err)
        version_report_free(&r);
    else
        *out = r;
    return err;
}

enum err version_judge(struct db *db, const struct version *v, struct lesson_id id, int64_t now_ms,
                       int64_t ahead_ms, struct version_judged *judged, struct version_report *out)
{
    struct planned p;
    struct version_report r = { .lessons = 1 };
    enum err err = load_planned(db, v->id, id, &p);

    *judged = (struct version_judged){ 0 };
    if (!err)
        err = judge_one(db, v, &p, now_ms, ahead_ms, judged, &r);
    if (err) {
        version_judged_close(judged);
        version_report_free(&r);
    } else {
        *out = r;
    }
    return err;
}

enum err version_validate(struct db *db, int64_t id, int64_t now_ms, struct version_report *out)
{
    struct version_report r = { 0 };
    struct version v;
    enum err err = load_draft(db, id, &v);

    if (!err)
        err = judge_all(db, &v, 0, now_ms, &r);
    if (!err)
        err = set_state(db, id, r.hard ? VERSION_DRAFT : VERSION_VALIDATED);
    if (err)
        version_report_free(&r);
    else
        *out = r;
    return err;
}

enum err version_judge_series(struct db *db, int64_t id, int64_t series, int64_t now_ms,
                              struct version_report *out)
{
    struct version v;
    enum err err = load_draft(db, id, &v);

    return err ? err : judge_all(db, &v, series, now_ms, out);
}

/* The old version ends; what is not over yet goes over (only a published lesson lets people in);
 * the planned become scheduled, under the eyes of the triggers. */
static enum err take_over(struct db *db, const struct version *v, const char *reason,
                          int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE lesson SET version = $1 WHERE version = (SELECT id FROM "
                                  "schedule_version WHERE org = $2 AND state = 'published') "
                                  "AND state IN ('scheduled', 'needs_substitute', 'open', "
                                  "'running', 'interrupted')");
    enum err err;

    query_int(&q, v->id);
    query_int(&q, v->org.v);
    err = query_run(&q);
    if (err)
        return err;
    q = query_on(db, "UPDATE schedule_version SET state = 'superseded' "
                     "WHERE org = $1 AND state = 'published'");
    query_int(&q, v->org.v);
    err = query_run(&q);
    if (err)
        return err;
    q = query_on(db, "UPDATE schedule_version SET state = 'published', published_ms = $2 "
                     "WHERE id = $1");
    query_int(&q, v->id);
    query_int(&q, now_ms);
    err = query_run(&q);
    if (!err)
        err = draft_apply(db, v->id, reason, now_ms);
    if (err)
        return err;
    q = query_on(db, "UPDATE lesson SET state = 'scheduled', state_ms = $2, rev = rev + 1 "
                     "WHERE version = $1 AND state = 'planned'");
    query_int(&q, v->id);
    query_int(&q, now_ms);
    return query_run(&q);
}

static enum err tell_published(struct db *db, const struct version *v, int64_t now_ms)
{
    const struct webhook_event told = { .kind = WEBHOOK_SCHEDULE_PUBLISHED,
                                        .at_ms = now_ms,
                                        .version = v->id };

    return webhook_tell(db, v->org, &told, now_ms);
}

enum err version_publish(struct db *db, int64_t id, int64_t now_ms, bool *published,
                         struct version_report *out)
{
    return version_publish_for(db, id, "", now_ms, published, out);
}

enum err version_publish_for(struct db *db, int64_t id, const char *reason, int64_t now_ms,
                             bool *published, struct version_report *out)
{
    struct version_report r = { 0 };
    struct version v;
    enum err err = version_load(db, id, &v);

    if (!err && v.state != VERSION_VALIDATED)
        err = ERR_STATE;
    if (!err)
        err = judge_all(db, &v, 0, now_ms, &r);
    if (!err)
        err = r.hard ? set_state(db, id, VERSION_DRAFT) : take_over(db, &v, reason, now_ms);
    if (!err && !r.hard)
        err = clash_recheck(db, v.org, id, now_ms, &r.clashes);
    if (!err && !r.hard)
        err = tell_published(db, &v, now_ms);
    if (err) {
        version_report_free(&r);
        return err;
    }
    *published = r.hard == 0;
    *out = r;
    return ERR_OK;
}

void version_report_free(struct version_report *r)
{
    mem_free(r->items);
    *r = (struct version_report){ 0 };
}
