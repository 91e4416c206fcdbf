/* SPDX-License-Identifier: Apache-2.0
 *
 * Dated settings of a centre. A key without a row has the default of the rule
 * it belongs to; a row that cannot be read as its rule wants is an error, not
 * a default.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/org.h"
#include "server/store/plan_facts.h"

enum err policy_int(struct db *db, struct org_id org, const char *key, int64_t at_ms, int64_t min,
                    int64_t max, int64_t fallback, int64_t *out)
{
    struct query q = query_on(db, "SELECT value FROM policy WHERE org = $1 AND key = $2 "
                                  "AND from_ms <= $3 AND (to_ms IS NULL OR to_ms > $3) "
                                  "ORDER BY from_ms DESC LIMIT 1");
    char text[32] = "";
    bool any;
    enum err e;

    query_int(&q, org.v);
    query_text(&q, key);
    query_int(&q, at_ms);
    any = query_row(&q);
    if (any)
        row_text(&q, text, sizeof text);
    e = query_end(&q);
    if (e)
        return e;
    if (!any) {
        *out = fallback;
        return ERR_OK;
    }
    return str_to_i64(text, min, max, out) ? ERR_DB : ERR_OK;
}

enum err policy_set(struct db *db, struct org_id org, const char *key, const char *value,
                    int64_t from_ms, const char *source, int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "UPDATE policy SET to_ms = $3 WHERE org = $1 AND key = $2 "
                                  "AND from_ms < $3 AND (to_ms IS NULL OR to_ms > $3)");
    enum err e;

    query_int(&q, org.v);
    query_text(&q, key);
    query_int(&q, from_ms);
    e = query_run(&q);
    if (e)
        return e;
    q = query_on(db, "INSERT INTO policy (org, key, value, from_ms, source, created_ms, "
                     "created_by) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                     "ON CONFLICT (org, key, from_ms) DO UPDATE SET value = excluded.value, "
                     "source = excluded.source");
    query_int(&q, org.v);
    query_text(&q, key);
    query_text(&q, value);
    query_int(&q, from_ms);
    query_text(&q, source ? source : "");
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return query_run(&q);
}

enum err policy_list(struct db *db, struct org_id org, int64_t at_ms, struct policy_list *out)
{
    struct query q = query_on(db, "SELECT key, value, source, from_ms FROM policy "
                                  "WHERE org = $1 AND from_ms <= $2 "
                                  "AND (to_ms IS NULL OR to_ms > $2) ORDER BY key");
    struct policy_list l = { 0 };
    struct policy_row *item;
    enum err e;

    query_int(&q, org.v);
    query_int(&q, at_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        row_text(&q, item->key, sizeof item->key);
        row_text(&q, item->value, sizeof item->value);
        row_text(&q, item->source, sizeof item->source);
        item->from_ms = row_int(&q);
    }
    e = query_end(&q);
    if (e)
        policy_list_free(&l);
    else
        *out = l;
    return e;
}

void policy_list_free(struct policy_list *l)
{
    mem_free(l->items);
    *l = (struct policy_list){ 0 };
}

/* One setting of a group; the first error sticks. */
struct reader_of {
    struct db *db;
    struct org_id org;
    int64_t at_ms;
    enum err err;
};

static int64_t setting(struct reader_of *r, const char *key, int64_t min, int64_t max,
                       int64_t fallback)
{
    int64_t v = fallback;

    if (!r->err)
        r->err = policy_int(r->db, r->org, key, r->at_ms, min, max, fallback, &v);
    return v;
}

enum err policy_attendance(struct db *db, struct org_id org, int64_t at_ms,
                           struct attendance_policy *out)
{
    struct reader_of r = { .db = db, .org = org, .at_ms = at_ms };
    struct attendance_policy p = attendance_policy_default();

    p.held_percent = (int)setting(&r, "attendance.held_percent", 1, 100, p.held_percent);
    p.partial_percent = (int)setting(&r, "attendance.partial_percent", 1, 100, p.partial_percent);
    p.outage_percent = (int)setting(&r, "attendance.outage_percent", 1, 100, p.outage_percent);
    p.late_ms = MS_PER_MIN * setting(&r, "attendance.late_min", 0, 60, p.late_ms / MS_PER_MIN);
    p.mentor_wait_ms =
        MS_PER_MIN * setting(&r, "attendance.wait_min", 0, 60, p.mentor_wait_ms / MS_PER_MIN);
    p.credit_step_ms =
        MS_PER_MIN * setting(&r, "attendance.credit_min", 1, 60, p.credit_step_ms / MS_PER_MIN);
    if (!r.err)
        *out = p;
    return r.err;
}

/* The newest row of a key, as policy_int has it. */
static const struct policy_row *row_of(const struct policy_list *l, const char *key)
{
    const struct policy_row *row = NULL;

    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->items[i].key, key) == 0 && (!row || l->items[i].from_ms > row->from_ms))
            row = &l->items[i];
    return row;
}

/* One reading of all rows: the rules of the timetable have some fifty numbers. */
enum err policy_schedule(struct db *db, struct org_id org, int64_t at_ms,
                         struct schedule_policy *out)
{
    struct schedule_policy p = schedule_policy_default();
    struct policy_list rows;
    size_t n;
    const struct schedule_setting *settings = schedule_settings(&n);
    enum err err = policy_list(db, org, at_ms, &rows);

    if (err)
        return err;
    for (size_t i = 0; i < n && !err; i++) {
        const struct policy_row *row = row_of(&rows, settings[i].key);
        int64_t value = settings[i].fallback;

        if (row && str_to_i64(row->value, settings[i].min, settings[i].max, &value))
            err = ERR_DB;
        schedule_policy_put(&p, &settings[i], (int)value);
    }
    policy_list_free(&rows);
    if (!err)
        *out = p;
    return err;
}

enum err policy_hiring(struct db *db, struct org_id org, int64_t at_ms, struct hiring_policy *out)
{
    struct reader_of r = { .db = db, .org = org, .at_ms = at_ms };
    struct hiring_policy p = hiring_policy_default();

#define X(field, key, min, max, fallback, source) p.field = setting(&r, key, min, max, p.field);
    HIRING_SETTING_LIST(X)
#undef X
    if (!r.err)
        *out = p;
    return r.err;
}

enum err policy_plan(struct db *db, struct org_id org, int64_t at_ms, struct plan_policy *out)
{
    struct reader_of r = { .db = db, .org = org, .at_ms = at_ms };
    struct plan_policy p = plan_policy_default();

#define X(field, key, min, max, fallback, source) p.field = setting(&r, key, min, max, p.field);
    PLAN_SETTING_LIST(X)
#undef X
    if (!r.err)
        *out = p;
    return r.err;
}

enum err policy_roster(struct db *db, struct org_id org, int64_t at_ms, struct roster_policy *out)
{
    struct reader_of r = { .db = db, .org = org, .at_ms = at_ms };
    struct roster_policy p = roster_policy_default();

#define X(field, key, min, max, fallback, source) p.field = setting(&r, key, min, max, p.field);
    ROSTER_SETTING_LIST(X)
#undef X
    if (!r.err)
        *out = p;
    return r.err;
}

/* R6, on the way to the door of a lesson: no other setting may stand in it. A grade outside 1..11
 * has the norm of the nearest. */
enum err policy_screen_limit(struct db *db, struct org_id org, int64_t at_ms, int grade,
                             int64_t *out)
{
    int known = grade < 1 ? 1 : grade >= SCHEDULE_GRADES ? SCHEDULE_GRADES - 1 : grade;
    struct reader_of r = { .db = db, .org = org, .at_ms = at_ms };
    size_t n;
    const struct schedule_setting *s = schedule_settings(&n);

    while (s->offset != offsetof(struct schedule_policy, screen_lesson_minutes) ||
           known < s->first_grade || known > s->last_grade)
        s++; /* the table has a row for every grade */
    *out = MS_PER_MIN * setting(&r, s->key, s->min, s->max, s->fallback);
    return r.err;
}
