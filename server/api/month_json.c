/* SPDX-License-Identifier: Apache-2.0
 *
 * Month reports as JSON; see month_json.h. Desk thread.
 */
#include "server/api/month_json.h"

#include <string.h>

#include "common/base/str.h"
#include "server/api/owed.h"
#include "server/api/person.h"
#include "server/store/child.h"
#include "server/store/home.h"

json_t *page_next(size_t end, size_t n)
{
    char cursor[24];

    if (end >= n || !str_format(cursor, sizeof cursor, "%zu", end))
        return json_null();
    return json_string(cursor);
}

/* "timeout, server_restart" to an array of codes. */
static json_t *causes_json(const char *text)
{
    json_t *array = json_array();

    while (array && text && *text) {
        size_t len = strcspn(text, ", ");

        if (len && json_array_append_new(array, json_stringn(text, len)) != 0) {
            json_decref(array);
            return NULL;
        }
        text += len;
        text += strspn(text, ", ");
    }
    return array;
}

static json_t *line_contact(const struct report_line *l)
{
    return json_pack(
        "{s:o,s:o,s:I,s:i,s:I,s:I,s:I,s:i,s:I,s:o,s:I,s:I,s:i,s:b}", "first",
        json_time_or_null(l->first_contact_ms, 0), "last", json_time_or_null(l->last_contact_ms, 0),
        "contact_ms", (json_int_t)l->contact_ms, "percent_tenths", l->percent_tenths, "late_ms",
        (json_int_t)l->late_ms, "early_ms", (json_int_t)l->early_ms, "mentor_late_ms",
        (json_int_t)l->mentor_late_ms, "gaps", l->gaps, "gaps_ms", (json_int_t)l->gaps_ms,
        "gap_causes", causes_json(l->gaps_cause), "uncertain_ms", (json_int_t)l->uncertain_ms,
        "screen_ms", (json_int_t)l->screen_ms, "credit_quarters", l->credit_quarters, "waited",
        (int)l->waited);
}

static enum err line_json(const char *tz, const struct report_line *l, json_t **out)
{
    bool over = l->status == LINE_OVER;
    struct day_range day;
    json_t *json = line_contact(l);
    enum err err = json ? call_day_at(tz, l->start_ms, &day) : ERR_NOMEM;

    if (!err &&
        json_object_update_new(
            json, json_pack("{s:i,s:I,s:s,s:I,s:I,s:s,s:o,s:s,s:o,s:o,s:o,s:o,s:o,s:b,s:o,"
                            "s:o,s:o,s:o,s:s}",
                            "no", l->no, "lesson", (json_int_t)l->lesson.v, "date", day.text,
                            "start", (json_int_t)l->start_ms, "end", (json_int_t)l->end_ms,
                            "status", line_status_name(l->status), "side",
                            l->status == LINE_CANCELLED && l->side != SIDE_NONE
                                ? json_string(side_name(l->side))
                                : json_null(),
                            "subject", l->subject ? l->subject : "", "topic",
                            json_text_or_null(l->topic), "homework", json_text_or_null(l->homework),
                            "mark", json_text_or_null(l->mark), "outcome",
                            over ? json_string(outcome_name(l->outcome)) : json_null(), "code",
                            over ? json_stringn(&l->code, 1) : json_null(), "amended",
                            (int)l->amended, "reason", json_text_or_null(l->reason), "document",
                            json_text_or_null(l->document_no), "make_up_of",
                            json_time_or_null(l->make_up_of.v, 0), "make_up_by",
                            json_time_or_null(l->make_up_by.v, 0), "family",
                            family_word_name(l->family))) != 0)
        err = ERR_NOMEM;
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

static json_t *by_outcome_json(const struct report_totals *t)
{
    json_t *json = json_object();

    for (int i = 0; json && i < OUTCOME_COUNT; i++) {
        if (json_object_set_new(json, outcome_name((enum outcome)i),
                                json_integer(t->by_outcome[i])) != 0) {
            json_decref(json);
            return NULL;
        }
    }
    return json;
}

static json_t *by_side_json(const struct report_totals *t)
{
    return json_pack("{s:i,s:i,s:i,s:i}", "child", t->cancelled_by[SIDE_CHILD], "mentor",
                     t->cancelled_by[SIDE_MENTOR], "school", t->cancelled_by[SIDE_SCHOOL], "centre",
                     t->cancelled_by[SIDE_CENTRE]);
}

static json_t *totals_json(const struct report_totals *t)
{
    return json_pack(
        "{s:i,s:i,s:i,s:i,s:i,s:o,s:i,s:o,s:i,s:i,s:i,s:I,s:I,s:i,s:i,s:i,s:i,s:i,s:i}", "planned",
        t->planned, "ahead", t->ahead, "held", t->held, "partial", t->partial, "not_held",
        t->not_held, "by_outcome", by_outcome_json(t), "cancelled", t->cancelled, "cancelled_by",
        by_side_json(t), "moved", t->moved, "make_ups_done", t->make_ups_done, "make_ups_owed",
        t->make_ups_owed, "contact_ms", (json_int_t)t->contact_ms, "screen_ms",
        (json_int_t)t->screen_ms, "credit_quarters", t->credit_quarters, "waited", t->waited,
        "late", t->late, "missed", t->missed, "missed_ill", t->missed_ill, "days_missed",
        t->days_missed);
}

/* What ReportItem and Report have in common. */
static enum err head_json(const struct call *c, const struct report_key *key,
                          const struct month_report *r, json_t **out)
{
    char id[80], month[8];
    struct child child;
    json_t *mentor = NULL, *person = NULL, *school = NULL;
    enum err err = report_id_text(c, key, id, sizeof id);

    if (!err)
        err = child_load(c->db, key->child, &child);
    if (!err && !str_format(month, sizeof month, "%04d-%02d", key->year, key->month))
        err = ERR_INVAL;
    if (!err)
        err = person_json(c, r->mentor_user, &mentor);
    if (!err)
        err = person_json(c, r->child_user, &person);
    if (!err)
        err = school_json(c, key->school, &school);
    if (err) {
        json_decref(mentor);
        json_decref(person);
        return err;
    }
    *out = json_pack("{s:s,s:s,s:s,s:o,s:o,s:i,s:o}", "id", id, "month", month, "tz", r->tz,
                     "mentor", mentor, "child", person, "grade", child.grade, "school", school);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err lines_json(const struct month_report *r, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < r->lines_n; i++) {
        json_t *line = NULL;

        err = line_json(r->tz, &r->lines[i], &line);
        if (!err)
            err = json_push(array, line);
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

enum err month_content_json(const struct call *c, const struct report_key *key,
                            const struct month_report *r, json_t **out)
{
    json_t *json = NULL, *lines = NULL;
    enum err err = head_json(c, key, r, &json);

    if (!err)
        err = lines_json(r, &lines);
    if (!err &&
        json_object_update_new(
            json,
            json_pack("{s:i,s:{s:o,s:o,s:o,s:o},s:s,s:s,s:i,s:s,s:i,s:s,s:I,s:O,s:o}", "version",
                      r->version, "texts", "empty_reason", json_text_or_null(r->empty_reason),
                      "progress", json_text_or_null(r->progress), "difficulties",
                      json_text_or_null(r->difficulties), "next_month",
                      json_text_or_null(r->next_month), "centre", r->centre ? r->centre : "",
                      "order_no", r->order_no ? r->order_no : "", "week_minutes",
                      r->hours_week_minutes, "register_no", r->register_no ? r->register_no : "",
                      "algo_version", r->algo_version, "log_hash", r->log_hash ? r->log_hash : "",
                      "printed_at", (json_int_t)r->printed_ms, "lines", lines, "totals",
                      totals_json(&r->totals))) != 0)
        err = ERR_NOMEM;
    json_decref(lines);
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}
