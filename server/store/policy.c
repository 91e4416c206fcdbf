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

enum err policy_schedule(struct db *db, struct org_id org, int64_t at_ms,
                         struct schedule_policy *out)
{
    struct reader_of r = { .db = db, .org = org, .at_ms = at_ms };
    struct schedule_policy p = schedule_policy_default();

    p.min_minutes = (int)setting(&r, "lesson.min_min", 1, 240, p.min_minutes);
    p.max_minutes = (int)setting(&r, "lesson.max_min", 1, 240, p.max_minutes);
    p.turn_round_minutes = (int)setting(&r, "lesson.turn_round_min", 0, 120, p.turn_round_minutes);
    p.break_minutes = (int)setting(&r, "lesson.break_min", 0, 120, p.break_minutes);
    p.day_from_minute = (int)setting(&r, "day.from_minute", 0, 1440, p.day_from_minute);
    p.day_to_minute = (int)setting(&r, "day.to_minute", 0, 1440, p.day_to_minute);
    p.per_day = (int)setting(&r, "day.lessons", 1, 24, p.per_day);
    p.rest_weekdays = (unsigned)setting(&r, "day.rest_weekdays", 0, 254, p.rest_weekdays);
    if (!r.err)
        *out = p;
    return r.err;
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

/* SanPiN 1.2.3685-21, minutes of screen in one lesson by grade (DOMAIN 2.1, R6). */
enum err policy_screen_limit(struct db *db, struct org_id org, int64_t at_ms, int grade,
                             int64_t *out)
{
    static const struct {
        int last_grade;
        const char *key;
        int minutes;
    } bands[] = {
        { 2, "screen.lesson_min.grade_1_2", 20 },
        { 4, "screen.lesson_min.grade_3_4", 25 },
        { 9, "screen.lesson_min.grade_5_9", 30 },
        { 11, "screen.lesson_min.grade_10_11", 35 },
    };
    struct reader_of r = { .db = db, .org = org, .at_ms = at_ms };
    size_t i = 0;

    while (i + 1 < sizeof bands / sizeof bands[0] && grade > bands[i].last_grade)
        i++;
    *out = MS_PER_MIN * setting(&r, bands[i].key, 1, 240, bands[i].minutes);
    return r.err;
}
