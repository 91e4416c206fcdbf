/* SPDX-License-Identifier: Apache-2.0
 *
 * The timesheet of a month: a mentor's own, a coordinator's of the centre; on
 * screen, as CSV and as a spreadsheet that a worker draws. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/render/timesheet.h"
#include "server/store/mentor.h"
#include "server/store/org.h"
#include "server/store/timesheet.h"

/* What the person may see of the month. *refused: answered already. */
static enum err load(struct call *c, const char *locale, struct timesheet *out, bool *by_quarters,
                     bool *refused)
{
    struct timesheet_filter f = { .locale = locale };
    struct grant g = { 0 };
    struct mentor m;
    struct day_range month;
    enum json_fault fault;
    char view[12] = "days";
    enum scope scope = call_scope(c, RIGHT_TIMESHEET_VIEW, &g);
    enum err err = ERR_OK;

    *refused = scope != SCOPE_OWN && scope != SCOPE_OWN_CENTRE;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    (void)call_query(c, "view", view, sizeof view, &fault);
    *by_quarters = strcmp(view, "quarters") == 0;
    if (fault == JSON_FAULT_NONE && !*by_quarters && strcmp(view, "days") != 0)
        fault = JSON_FAULT_RANGE;
    *refused = fault != JSON_FAULT_NONE;
    if (*refused)
        return call_refuse_query(c, "view", fault);
    f.centre = g.org;
    if (scope == SCOPE_OWN) {
        err = mentor_by_user(c->db, c->user.id, &m);
        *refused = err == ERR_NOTFOUND;
        if (*refused)
            return call_refuse(c, REFUSE_NOT_FOUND);
        f.mentor = m.id;
        f.centre = m.centre;
    }
    if (!err)
        err = call_month(c, c->user.tz, &month, refused);
    if (err || *refused)
        return err;
    f.year = month.year;
    f.month = month.month;
    return timesheet_load(c->db, &f, out);
}

static json_t *days_json(const struct timesheet *t, const struct timesheet_row *r)
{
    json_t *days = json_array();

    for (int i = 0; days && i < t->last_day; i++) {
        if (json_array_append_new(days, json_integer(r->quarters[i])) != 0) {
            json_decref(days);
            return NULL;
        }
    }
    return days;
}

static enum err row_json(const struct call *c, const struct timesheet *t,
                         const struct timesheet_row *r, json_t **out)
{
    struct mentor m;
    json_t *mentor = NULL, *school = NULL;
    enum err err = mentor_load(c->db, r->of->mentor, &m);

    if (!err)
        err = person_json(c, m.user, &mentor);
    if (!err)
        err = school_json(c, r->of->school, &school);
    if (err) {
        json_decref(mentor);
        return err;
    }
    *out = json_pack("{s:o,s:o,s:o,s:i,s:i,s:i,s:i,s:i}", "mentor", mentor, "school", school,
                     "days", days_json(t, r), "credit_quarters", r->total_quarters,
                     "substitute_quarters", r->substitute_quarters, "days_worked", r->days,
                     "lessons", r->lessons, "open", r->open);
    return *out ? ERR_OK : ERR_NOMEM;
}

static json_t *lesson_json(const struct timesheet *t, const struct timesheet_row *r,
                           const struct timesheet_entry *e)
{
    struct local_time at;

    if (zone_local(e->tz, e->start_ms, &at))
        return NULL;
    return json_pack("{s:i,s:i,s:s,s:I,s:I,s:s,s:o,s:i,s:b}", "row", (int)(r - t->rows), "day",
                     at.day, "tz", e->tz, "start", (json_int_t)e->start_ms, "end",
                     (json_int_t)e->end_ms, "subject", e->subject, "quarters",
                     e->computed ? json_integer(timesheet_quarter_hours(e->contact_ms))
                                 : json_null(),
                     "credit_quarters", e->credit_quarters, "substitute", (int)e->substitute);
}

/* Every entry stands behind its row's first one. */
static enum err lessons_json(const struct timesheet *t, json_t *out)
{
    size_t row = 0;
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < t->entries_n; i++) {
        while (row + 1 < t->rows_n && t->rows[row + 1].of <= &t->entries[i])
            row++;
        err = json_push(out, lesson_json(t, &t->rows[row], &t->entries[i]));
    }
    return err;
}

static enum err answer(struct call *c, const struct timesheet *t)
{
    json_t *rows = json_array(), *lessons = json_array();
    char month[8];
    enum err err = rows && lessons ? ERR_OK : ERR_NOMEM;

    if (!err && !str_format(month, sizeof month, "%04d-%02d", t->year, t->month))
        err = ERR_INVAL;
    for (size_t i = 0; !err && i < t->rows_n; i++) {
        json_t *row = NULL;

        err = row_json(c, t, &t->rows[i], &row);
        if (!err)
            err = json_push(rows, row);
    }
    if (!err)
        err = lessons_json(t, lessons);
    if (err) {
        json_decref(rows);
        json_decref(lessons);
        return err;
    }
    return call_answer(c, 200,
                       json_pack("{s:s,s:i,s:o,s:o}", "month", month, "last_day", t->last_day,
                                 "rows", rows, "lessons", lessons));
}

enum err timesheet_get(struct call *c)
{
    struct timesheet t = { 0 };
    bool by_quarters, refused = false;
    enum err err = load(c, "", &t, &by_quarters, &refused);

    if (!err && !refused)
        err = answer(c, &t);
    timesheet_deinit(&t);
    return err;
}

/* ---- files ---------------------------------------------------------------------------------- */

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

struct drawing {
    struct timesheet sheet; /* owned */
    bool by_quarters, xlsx;
    const struct labels *labels;
    int64_t made_ms;
    struct user_id reader;
    uint8_t *bytes; /* owned */
    size_t len;
    enum err err;
};

static void drawing_free(void *arg)
{
    struct drawing *d = arg;

    timesheet_deinit(&d->sheet);
    mem_free(d->bytes);
    mem_free(d);
}

/* Worker thread. */
static void draw(void *arg)
{
    struct drawing *d = arg;

    d->err = d->xlsx ? timesheet_xlsx(&d->sheet, d->by_quarters, d->labels, d->made_ms, &d->bytes,
                                      &d->len)
                     : timesheet_csv(&d->sheet, d->by_quarters, d->labels, &d->bytes, &d->len);
}

static enum api_answer refuse_now(struct call *c, enum refusal r, struct desk_reply *reply)
{
    enum err err = call_refuse(c, r);

    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}

static enum api_answer drawn(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    const struct drawing *d = arg;
    enum api_answer done;
    struct call c;

    if (ctx->session.valid && user_id_eq(ctx->session.user.id, d->reader) && !d->err) {
        api_reply(reply, 200, d->xlsx ? XLSX_TYPE : "text/csv; charset=utf-8",
                  (const char *)d->bytes, d->len);
        return API_DONE;
    }
    call_init(&c, ctx, &ctx->request->u.http);
    done = refuse_now(&c, d->err ? REFUSE_INTERNAL : REFUSE_NO_LOGIN, reply);
    call_deinit(&c);
    return done;
}

static enum api_answer file_get(struct call *c, bool xlsx, struct desk_reply *reply)
{
    struct drawing *d = mem_zalloc(1, sizeof *d);
    bool refused = false;
    enum err err = d ? load(c, c->user.locale, &d->sheet, &d->by_quarters, &refused) : ERR_NOMEM;

    if (err || refused) {
        if (d)
            drawing_free(d);
        if (!err)
            err = call_reply(c, reply);
        return err ? API_FAILED : API_DONE;
    }
    d->xlsx = xlsx;
    d->labels = labels_for(c->user.locale);
    d->made_ms = c->now.unix_ms;
    d->reader = c->user.id;
    err = api_defer(c->ctx, draw, drawn, d, drawing_free);
    if (err == ERR_AGAIN)
        return refuse_now(c, REFUSE_TOO_MANY, reply);
    return err ? API_FAILED : API_LATER;
}

enum api_answer timesheet_csv_get(struct call *c, struct desk_reply *reply)
{
    return file_get(c, false, reply);
}

enum api_answer timesheet_xlsx_get(struct call *c, struct desk_reply *reply)
{
    return file_get(c, true, reply);
}
