/* SPDX-License-Identifier: Apache-2.0
 *
 * Weekly series: into a draft of the schedule, listed while they have lessons
 * ahead, ended from a day on. Every occurrence is a lesson that all rules judge
 * (version.c); what is named here are the ones that a series alone can have:
 * no such wall time, cut where R14 ends, and a zone that has moved. Desk thread.
 */
#include "server/store/series.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/conflict.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/store/child.h"
#include "server/store/mentor.h"
#include "server/store/timetable.h"
#include "server/store/version.h"

#define LEAVE_OUT_MAX 100
#define SHIFTS_MAX 50

/* A body of SeriesNew; text borrowed from it. */
struct wanted_series {
    char subject[81];
    int64_t subject_id;
    struct mentor mentor;
    struct lesson_plan plan;
    char tz[ZONE_NAME_MAX];
    char rule[SERIES_RULE_MAX + 1];
    int64_t leave_out[LEAVE_OUT_MAX];
    struct series series;
};

static json_t *date_json(int64_t day)
{
    char text[16];
    int y, m, d;

    date_from_days(day, &y, &m, &d);
    return str_format(text, sizeof text, "%04d-%02d-%02d", y, m, d) ? json_string(text) : NULL;
}

/* ---- reading ---------------------------------------------------------------------------- */

static int64_t body_day(struct json_view *v, const char *name)
{
    const char *text = json_get_str(v, name, 10);
    int y, m, d;

    if (v->fault != JSON_FAULT_NONE)
        return 0;
    if (!body_date(text, &y, &m, &d)) {
        json_view_blame(v, JSON_FAULT_MALFORMED, name);
        return 0;
    }
    return date_to_days(y, m, d);
}

/* Weekdays as RFC 5545 has them, each once. */
static void read_weekdays(struct json_view *v, struct strbuf *rule)
{
    static const char *const days[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };
    const json_t *list = json_get_array(v, "weekdays", 7);
    unsigned seen = 0;

    for (size_t i = 0; v->fault == JSON_FAULT_NONE && i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        json_int_t day = json_integer_value(item); /* 0 for what is no number */

        if (day < 1 || day > 7 || seen >> day & 1u) {
            json_view_blame(v, JSON_FAULT_RANGE, "weekdays");
            return;
        }
        seen |= 1u << day;
        strbuf_printf(rule, "%s%s", i ? "," : ";BYDAY=", days[day - 1]);
    }
    if (v->fault == JSON_FAULT_NONE && seen == 0)
        json_view_blame(v, JSON_FAULT_RANGE, "weekdays");
}

static void read_leave_out(struct json_view *v, struct wanted_series *w)
{
    const json_t *list = json_opt_array(v, "leave_out", LEAVE_OUT_MAX);

    for (size_t i = 0; v->fault == JSON_FAULT_NONE && i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        int y, m, d;

        if (!text || !body_date(text, &y, &m, &d))
            json_view_blame(v, JSON_FAULT_MALFORMED, "leave_out");
        else
            w->leave_out[w->series.exceptions_n++] = date_to_days(y, m, d);
    }
    w->series.exceptions = w->leave_out;
}

/* Wall times, rule and end. */
static enum err read_times(struct json_view *v, struct wanted_series *w)
{
    static const char *const picks[] = { "earlier", "later" };
    struct strbuf rule;
    int64_t until;
    int clock, y, m, d, every;
    bool ok;

    strbuf_init(&rule);
    w->series.first_day = body_day(v, "date");
    clock = body_clock(v, "time");
    w->series.hour = clock / 60;
    w->series.minute = clock % 60;
    w->series.minutes = (int)json_get_int(v, "minutes", 1, 480);
    if (json_has(v, "pick"))
        w->series.which = json_get_word(v, "pick", picks, 2) == 0 ? WHICH_FIRST : WHICH_SECOND;
    every = (int)json_opt_int(v, "every", 1, SERIES_INTERVAL_MAX, 1);
    until = body_day(v, "until");
    if (v->fault == JSON_FAULT_NONE &&
        (until < w->series.first_day || until > w->series.first_day + 400))
        json_view_blame(v, JSON_FAULT_RANGE, "until");
    date_from_days(until, &y, &m, &d);
    strbuf_printf(&rule, "FREQ=WEEKLY;INTERVAL=%d;WKST=MO", every);
    read_weekdays(v, &rule);
    strbuf_printf(&rule, ";UNTIL=%04d%02d%02d", y, m, d);
    read_leave_out(v, w);
    ok = strbuf_ok(&rule) && str_copy(w->rule, sizeof w->rule, rule.s);
    strbuf_deinit(&rule);
    w->series.rule = w->rule;
    w->series.last_day = INT64_MAX;
    return ok ? ERR_OK : ERR_NOMEM;
}

/* ---- who -------------------------------------------------------------------------------- */

/* The mentor and subject, if the person may choose them; else the field is to blame. */
static enum err read_mentor(struct call *c, struct wanted_series *w)
{
    int64_t user = json_get_int(&c->in, "mentor", 1, BODY_ID_MAX);
    const char *code = json_get_str(&c->in, "subject", sizeof w->subject - 1);
    struct subject subject;
    enum err err;

    if (c->in.fault != JSON_FAULT_NONE)
        return ERR_OK;
    err = mentor_by_user(c->db, (struct user_id){ user }, &w->mentor);
    if (err == ERR_NOTFOUND || (!err && !org_id_eq(w->mentor.centre, w->plan.org))) {
        json_view_blame(&c->in, JSON_FAULT_RANGE, "mentor");
        return ERR_OK;
    }
    if (!err)
        err = subject_by_code(c->db, code, &subject);
    if (err == ERR_NOTFOUND) {
        json_view_blame(&c->in, JSON_FAULT_RANGE, "subject");
        return ERR_OK;
    }
    w->plan.subject_id = subject.id;
    w->plan.mentor = w->mentor.id;
    return err;
}

static enum err read_children(struct call *c, struct wanted_series *w)
{
    const json_t *list = json_get_array(&c->in, "children", LESSON_CHILDREN_MAX);
    size_t n = json_array_size(list);
    enum err err = ERR_OK;

    if (c->in.fault == JSON_FAULT_NONE && n == 0)
        json_view_blame(&c->in, JSON_FAULT_RANGE, "children");
    for (size_t i = 0; !err && i < n && c->in.fault == JSON_FAULT_NONE; i++) {
        struct user_id user = { json_integer_value(json_array_get(list, i)) };
        struct child child = { 0 };
        bool may = false, twice = false;

        err = child_by_user(c->db, user, &child);
        if (!err)
            err = call_may_child(c, RIGHT_LESSON_CREATE, &child, false, &may);
        for (int k = 0; k < w->plan.children_n; k++)
            twice = twice || child_id_eq(w->plan.children[k], child.id);
        if (err == ERR_NOTFOUND || (!err && (!may || twice))) {
            json_view_blame(&c->in, JSON_FAULT_RANGE, "children");
            return ERR_OK;
        }
        if (!err && i == 0 && !str_copy(w->tz, sizeof w->tz, child.tz))
            err = ERR_DB;
        w->plan.children[w->plan.children_n++] = child.id;
    }
    w->series.tz = w->tz;
    return err;
}

/* R14: where what allows the series ends. */
static enum err read_validity(struct call *c, struct wanted_series *w)
{
    struct timetable_query q = { .centre = w->plan.org,
                                 .mentor = w->plan.mentor,
                                 .children_n = w->plan.children_n,
                                 .now_ms = c->now.unix_ms,
                                 .at_ms = w->series.first_day * MS_PER_DAY,
                                 .from_ms = w->series.first_day * MS_PER_DAY,
                                 .to_ms = (w->series.first_day + 1) * MS_PER_DAY };
    struct timetable *t = NULL;
    enum err err;

    memcpy(q.children, w->plan.children, sizeof q.children);
    err = timetable_open(c->db, &q, &t);
    if (!err)
        w->series.last_day = series_valid_until(&t->facts, w->plan.subject_id, w->series.first_day);
    timetable_close(t);
    return err;
}

/* *refused: answered already. */
static enum err read_series(struct call *c, struct wanted_series *w, bool *refused)
{
    enum err err = read_mentor(c, w);

    if (!err)
        err = read_children(c, w);
    if (!err)
        err = read_times(&c->in, w);
    if (err)
        return err;
    *refused = json_view_end(&c->in) != ERR_OK;
    if (*refused)
        return call_refuse_field(c, &c->in);
    return read_validity(c, w);
}

/* ---- JSON ------------------------------------------------------------------------------- */

static enum err people_json(struct call *c, const struct series_row *s, json_t *children,
                            json_t **mentor)
{
    struct mentor m;
    enum err err = mentor_load(c->db, s->mentor, &m);

    if (!err)
        err = person_json(c, m.user, mentor);
    for (int i = 0; !err && i < s->children_n; i++) {
        struct child child;
        json_t *one = NULL;

        err = child_load(c->db, s->children[i], &child);
        if (!err)
            err = person_json(c, child.user, &one);
        if (!err)
            err = json_push(children, one);
    }
    return err;
}

/* Occurrences that no longer start when the series means them to (a zone has moved). */
static enum err shifts_json(struct call *c, const struct series_row *s, json_t *list)
{
    struct series_shift shifts[SHIFTS_MAX];
    size_t n = 0;
    enum err err = series_moved(c->db, s, c->now.unix_ms, shifts, SHIFTS_MAX, &n);

    for (size_t i = 0; !err && i < n && i < SHIFTS_MAX; i++)
        err = json_push(list, json_pack("{s:o,s:I,s:o}", "date", date_json(shifts[i].day), "was",
                                        (json_int_t)shifts[i].was_ms, "is",
                                        shifts[i].is_ms == SERIES_NO_INSTANT
                                            ? json_null()
                                            : json_integer(shifts[i].is_ms)));
    return err;
}

static enum err series_json(struct call *c, const struct series_row *s, json_t **out)
{
    json_t *children = json_array(), *shifts = json_array(), *mentor = NULL;
    char time[8];
    enum err err = children && shifts ? people_json(c, s, children, &mentor) : ERR_NOMEM;

    if (!err)
        err = shifts_json(c, s, shifts);
    if (!err && !str_format(time, sizeof time, "%02d:%02d", s->hour, s->minute))
        err = ERR_DB;
    if (err) {
        json_decref(children);
        json_decref(shifts);
        json_decref(mentor);
        return err;
    }
    *out = json_pack("{s:I,s:I,s:s,s:o,s:o,s:s,s:s,s:o,s:s,s:i,s:o,s:I,s:o,s:o,s:o}", "id",
                     (json_int_t)s->id, "rev", (json_int_t)s->rev, "subject", s->subject, "mentor",
                     mentor, "children", children, "tz", s->tz, "rule", s->rule, "first",
                     date_json(s->first_day), "time", time, "minutes", s->minutes, "ends_before",
                     s->end_day == INT64_MAX ? json_null() : date_json(s->end_day), "lessons",
                     (json_int_t)s->ahead, "next", json_time_or_null(s->next_ms, 0), "last",
                     json_time_or_null(s->last_ms, 0), "shifted", shifts);
    return *out ? ERR_OK : ERR_NOMEM;
}

/* Dates for which the wall clock has no such reading, or two. */
static enum err faults_json(const struct series *s, json_t *list)
{
    struct occurrence *days = mem_zalloc(SERIES_OCCURRENCES_MAX, sizeof *days);
    struct series_sum sum = { 0 };
    enum err err = days ? series_expand(s, days, SERIES_OCCURRENCES_MAX, &sum) : ERR_NOMEM;

    for (size_t i = 0; !err && i < sum.n; i++) {
        json_t *choices = json_array();

        if (days[i].rule == RULE_DOUBLED_TIME && choices) {
            err = json_push(choices, json_integer(days[i].choices[0]));
            if (!err)
                err = json_push(choices, json_integer(days[i].choices[1]));
        }
        if (!err && days[i].rule != RULE_NONE)
            err = json_push(list, json_pack("{s:o,s:s,s:O}", "date", date_json(days[i].day), "rule",
                                            schedule_rule_name(days[i].rule), "choices", choices));
        json_decref(choices);
    }
    mem_free(days);
    return err;
}

/* ---- endpoints -------------------------------------------------------------------------- */

static enum err answer_made(struct call *c, const struct wanted_series *w, int64_t version,
                            int64_t id, const struct series_sum *sum)
{
    json_t *hard = NULL, *soft = NULL, *faults = json_array(), *series = NULL;
    struct version_report r = { 0 };
    struct series_row row;
    enum err err =
        faults ? version_judge_series(c->db, version, id, c->now.unix_ms, &r) : ERR_NOMEM;

    if (!err)
        err = series_load(c->db, id, c->now.unix_ms, &row);
    if (!err)
        err = series_json(c, &row, &series);
    if (!err)
        err = faults_json(&w->series, faults);
    if (!err)
        err = conflict_list(c, r.items, r.n, true, &hard);
    if (!err)
        err = conflict_list(c, r.items, r.n, false, &soft);
    if (err) {
        json_decref(series);
        json_decref(faults);
        json_decref(hard);
        json_decref(soft);
    } else {
        err = call_answer(c, 201,
                          json_pack("{s:o,s:I,s:o,s:I,s:o,s:I,s:o,s:o}", "series", series, "cut",
                                    (json_int_t)sum->cut, "cut_from",
                                    sum->cut ? date_json(sum->cut_from) : json_null(), "planned",
                                    (json_int_t)(sum->n - sum->faults), "faults", faults, "hard",
                                    (json_int_t)r.hard, "conflicts", hard, "warnings", soft));
    }
    version_report_free(&r);
    return err;
}

static enum err make(struct call *c, struct wanted_series *w, int64_t version)
{
    struct series_sum sum = { 0 };
    int64_t id = 0;
    enum err err = version_add_series(c->db, version, &w->plan, &w->series, c->now.unix_ms,
                                      c->user.id, &id, &sum);

    /* Times and rule were read as their limits are, so this is their number. */
    if (err == ERR_PARSE || err == ERR_INVAL || (!err && sum.n == sum.faults))
        return call_refuse_word(c, sum.cut ? "date" : "until", "range");
    if (!err)
        err = call_audit(c, "series.create", "series", id, "", "");
    return err ? err : answer_made(c, w, version, id, &sum);
}

enum err series_post(struct call *c)
{
    struct wanted_series *w;
    struct version v;
    struct grant grant;
    bool refused = false;
    enum err err;

    if (call_scope(c, RIGHT_LESSON_CREATE, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = version_load(c->db, c->id, &v);
    if (err == ERR_NOTFOUND || (!err && !org_id_eq(v.org, grant.org)))
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err && v.state != VERSION_DRAFT && v.state != VERSION_VALIDATED)
        return call_refuse(c, REFUSE_NOT_NOW);
    w = mem_zalloc(1, sizeof *w);
    if (!w)
        return ERR_NOMEM;
    w->plan.org = grant.org;
    if (!err)
        err = read_series(c, w, &refused);
    if (!err && !refused)
        err = make(c, w, v.id);
    mem_free(w);
    return err;
}

enum err series_get(struct call *c)
{
    struct series_rows l = { 0 };
    struct grant grant;
    json_t *list;
    enum err err;

    if (call_scope(c, RIGHT_LESSON_CREATE, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    list = json_array();
    err = list ? series_list(c->db, grant.org, c->now.unix_ms, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *one = NULL;

        err = series_json(c, &l.items[i], &one);
        if (!err)
            err = json_push(list, one);
    }
    series_rows_free(&l);
    if (err) {
        json_decref(list);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o}", "series", list));
}

static enum err end_row(struct call *c, const struct series_row *row, int64_t from,
                        const char *reason)
{
    struct series_gone gone = { 0 };
    struct series_row after;
    json_t *json = NULL;
    enum err err = series_end(c->db, row, from, reason, c->now.unix_ms, &gone);

    if (!err)
        err = series_load(c->db, row->id, c->now.unix_ms, &after);
    if (!err)
        err = call_audit(c, "series.end", "series", row->id, "", "");
    if (!err)
        err = series_json(c, &after, &json);
    for (size_t i = 0; !err && i < gone.n; i++)
        desk_push_lesson(c->ctx, gone.items[i]);
    if (!err)
        err = call_answer(c, 200,
                          json_pack("{s:o,s:I,s:I}", "series", json, "cancelled",
                                    (json_int_t)gone.n, "unplanned", (json_int_t)gone.planned));
    mem_free(gone.items);
    return err;
}

enum err series_end_post(struct call *c)
{
    struct series_row row;
    struct grant grant;
    const char *reason;
    int64_t from;
    bool refused;
    enum err err;

    if (call_scope(c, RIGHT_LESSON_CANCEL, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = series_load(c->db, c->id, c->now.unix_ms, &row);
    if (err == ERR_NOTFOUND || (!err && !org_id_eq(row.org, grant.org)))
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = call_match(c, row.rev, &refused);
    if (err || refused)
        return err;
    from = body_day(&c->in, "from");
    reason = body_reason(&c->in);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    return end_row(c, &row, from, reason);
}
