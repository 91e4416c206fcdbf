/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole month of the centre as one file: ask for it, see how far it is, stop
 * it, take the file. For who decides about the reports; another centre's does
 * not exist. Desk thread.
 */
#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/file_out.h"
#include "server/api/person.h"
#include "server/store/archive.h"
#include "server/store/org.h"

static bool over(const struct archive *a)
{
    return a->state != ARCHIVE_QUEUED && a->state != ARCHIVE_RUNNING;
}

static json_t *progress_json(const struct call *c, const struct archive *a)
{
    int64_t done = 0, total = 0;
    int64_t ms = a->ended_ms && a->begun_ms ? a->ended_ms - a->begun_ms : 0;
    int64_t percent = a->state == ARCHIVE_DONE ? 100 : 0;

    if (!over(a) && desk_archive_told(c->ctx->desk, a->id, &done, &total, &ms) && total > 0)
        percent = done * 100 / total;
    return json_pack("{s:I,s:I}", "percent", (json_int_t)percent, "ms", (json_int_t)ms);
}

/* null unless there is a file. */
static enum err file_json(struct call *c, const struct archive *a, json_t **out)
{
    struct archive_policy p;
    enum err err = policy_archive(c->db, a->org, c->now.unix_ms, &p);

    if (err)
        return err;
    *out = a->name[0] ? json_pack("{s:I,s:I}", "bytes", (json_int_t)a->bytes, "until",
                                  (json_int_t)(a->ended_ms + p.keep_days * MS_PER_DAY))
                      : json_null();
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err archive_json(struct call *c, const struct archive *a, json_t **out)
{
    json_t *by = NULL, *file = NULL;
    char month[8];
    enum err err = person_json(c, a->asked_by, &by);

    if (!err && !str_format(month, sizeof month, "%04d-%02d", a->year, a->month))
        err = ERR_DB;
    if (!err)
        err = file_json(c, a, &file);
    if (err) {
        json_decref(by);
        return err;
    }
    *out =
        json_pack("{s:I,s:s,s:s,s:s,s:o,s:I,s:o,s:o,s:o,s:I,s:I,s:I,s:o,s:b}", "id",
                  (json_int_t)a->id, "month", month, "state", archive_state_name(a->state), "cause",
                  archive_cause_name(a->cause), "asked_by", by, "asked_at", (json_int_t)a->asked_ms,
                  "begun_at", json_time_or_null(a->begun_ms, 0), "ended_at",
                  json_time_or_null(a->ended_ms, 0), "progress", progress_json(c, a), "reports",
                  (json_int_t)a->reports, "accepted", (json_int_t)a->accepted, "waiting",
                  (json_int_t)a->waiting, "file", file, "swept", (int)(a->swept_ms != 0));
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err answer(struct call *c, int status, int64_t id)
{
    struct archive a;
    json_t *json = NULL;
    enum err err = archive_load(c->db, id, &a);

    if (!err)
        err = archive_json(c, &a, &json);
    return err ? err : call_answer(c, status, json);
}

static enum err centre_of(struct call *c, struct org *out, bool *refused)
{
    struct grant grant;

    *refused = call_scope(c, RIGHT_REPORT_DECIDE, &grant) != SCOPE_OWN_CENTRE;
    return *refused ? call_refuse(c, REFUSE_NOT_ALLOWED) : org_load(c->db, grant.org, out);
}

/* A month that has begun at the centre. */
static bool month_of(const struct call *c, const struct org *centre, const char *text,
                     struct archive *a)
{
    struct local_time now;

    return body_month(text, &a->year, &a->month) &&
           zone_local(centre->tz, c->now.unix_ms, &now) == ERR_OK &&
           a->year * 12 + a->month <= now.year * 12 + now.month;
}

enum err archive_post(struct call *c)
{
    struct archive a = { .asked_by = c->user.id, .asked_ms = c->now.unix_ms };
    struct org centre;
    const char *month;
    int64_t id;
    bool refused;
    enum err err = centre_of(c, &centre, &refused);

    if (err || refused)
        return err;
    a.org = centre.id;
    month = json_get_str(&c->in, "month", 7);
    if (c->in.fault == JSON_FAULT_NONE && !month_of(c, &centre, month, &a))
        json_view_blame(&c->in, JSON_FAULT_RANGE, "month");
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    if (!str_copy(a.locale, sizeof a.locale, c->user.locale))
        return ERR_INVAL;
    err = archive_add(c->db, &a, &id);
    if (err == ERR_STATE) /* one at a time */
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!err)
        err = call_audit(c, "archive.ask", "report_archive", id, "", month);
    if (err)
        return err;
    desk_archive_ask(c->ctx->desk);
    if (!str_format(c->location, sizeof c->location, API_PREFIX "/report-archives/%lld",
                    (long long)id))
        return ERR_INVAL;
    return answer(c, 202, id);
}

static enum err open_one(struct call *c, struct archive *out, bool *refused)
{
    struct org centre;
    enum err err = centre_of(c, &centre, refused);

    if (err || *refused)
        return err;
    err = archive_load(c->db, c->id, out);
    *refused = err == ERR_NOTFOUND || (!err && !org_id_eq(out->org, centre.id));
    return *refused ? call_refuse(c, REFUSE_NOT_FOUND) : err;
}

enum err archive_get(struct call *c)
{
    struct archive a;
    bool refused;
    enum err err = open_one(c, &a, &refused);

    return err || refused ? err : answer(c, 200, a.id);
}

enum err archive_stop_post(struct call *c)
{
    struct archive a;
    bool refused;
    enum err err = open_one(c, &a, &refused);

    if (err || refused)
        return err;
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    if (over(&a))
        return call_refuse(c, REFUSE_NOT_NOW);
    if (a.state == ARCHIVE_QUEUED)
        err = archive_close(c->db, a.id, ARCHIVE_STOPPED, ARCHIVE_CAUSE_ASKED, c->now.unix_ms);
    else
        (void)desk_archive_stop(c->ctx->desk, a.id); /* or it is just over */
    if (!err)
        err = call_audit(c, "archive.stop", "report_archive", a.id, "", "");
    return err ? err : answer(c, 202, a.id);
}

/* The newest of the month first. */
enum err archives_get(struct call *c)
{
    struct archive_list l = { 0 };
    json_t *list = json_array();
    struct day_range month;
    struct org centre;
    bool refused;
    enum err err = list ? centre_of(c, &centre, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = call_month(c, centre.tz, &month, &refused);
    if (err || refused) {
        json_decref(list);
        return err;
    }
    err = archive_list(c->db, centre.id, month.year, month.month, &l);
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *one = NULL;

        err = archive_json(c, &l.items[i], &one);
        if (!err)
            err = json_push(list, one);
    }
    archive_list_free(&l);
    if (err) {
        json_decref(list);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o}", "archives", list));
}

static enum err wish_of(struct call *c, struct file_wish *wish, bool *refused)
{
    struct archive a;
    enum err err = open_one(c, &a, refused);

    if (err || *refused)
        return err;
    *refused = !a.name[0];
    if (*refused) /* it comes yet; or it was stopped, broken off, or its days are over */
        return call_refuse(c, over(&a) ? REFUSE_NOT_FOUND : REFUSE_NOT_NOW);
    *wish = (struct file_wish){ .bytes = a.bytes,
                                .type = UPLOAD_ZIP,
                                .action = "archive.read",
                                .entity = "report_archive",
                                .id = a.id };
    memcpy(wish->sha256, a.sha256, sizeof wish->sha256);
    return str_copy(wish->file, sizeof wish->file, a.name) &&
                   str_format(wish->saved_as, sizeof wish->saved_as, "reports-%04d-%02d", a.year,
                              a.month)
               ? ERR_OK
               : ERR_INVAL;
}

enum api_answer archive_file_get(struct call *c, struct desk_reply *reply)
{
    struct file_wish wish;
    bool refused;
    enum err err = wish_of(c, &wish, &refused);

    if (!err && !refused)
        return file_out(c, &wish, reply);
    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}
