/* SPDX-License-Identifier: Apache-2.0
 *
 * Once a minute for some of the mentors: whose month reports or mark sheets are
 * due soon, or late, is told so by mail: one letter for all of a month's
 * reports and one for all sheets of a term, at each of the moments that policy
 * sets (domain/report_flow). Desk thread.
 */
#include "common/base/str.h"
#include "server/api/desk_internal.h"
#include "server/api/notify.h"
#include "server/api/owed.h"
#include "server/api/sheet.h"
#include "server/domain/day.h"
#include "server/domain/report_flow.h"
#include "server/store/delivery.h"
#include "server/store/home.h"
#include "server/store/mentor.h"

#define MENTORS_A_MINUTE 20 /* all of a large centre in less than half an hour */
#define TERM_BACK_DAYS 60   /* whoever has not sent a sheet by then was reminded three times */

struct reminding {
    enum flow_reminder what; /* the most urgent of all */
    int64_t due_ms;          /* of that one */
};

static void weigh(struct reminding *r, const struct flow_facts *f, const struct report_policy *p,
                  int64_t now_ms)
{
    enum flow_reminder what = flow_reminder(f, p, now_ms);

    if (what > r->what)
        *r = (struct reminding){ .what = what, .due_ms = f->due_ms };
}

static enum err look_at(struct desk *d, const struct report_key *key, struct reminding *out)
{
    struct flow_facts f = { 0 };
    struct report_policy p;
    char state[16];
    int version;
    enum err e = report_state(d->db, key, state, &version);

    if (!e && !flow_row_parse(state, &f.row))
        e = ERR_PARSE;
    if (!e)
        e = report_times(d->db, key, d->now.unix_ms, &p, &f);
    if (!e)
        weigh(out, &f, &p, d->now.unix_ms);
    return e;
}

static enum err look_at_sheet(struct desk *d, const struct sheet_head *h, struct reminding *out)
{
    struct flow_facts f = { 0 };
    struct doc_row newest;
    struct marks_policy marks;
    struct report_policy p;
    enum err e = sheet_row_load(d->db, &h->key, 0, &newest);

    if (!e)
        e = sheet_times(d->db, &h->key, d->now.unix_ms, &marks, &p, &f);
    if (e)
        return e;
    f.row = newest.row;
    if (newest.rev || marks_due(&marks, h->grade, h->key.kind))
        weigh(out, &f, &p, d->now.unix_ms);
    return ERR_OK;
}

/* period: of what the letter speaks; a second one of the same words about it is none. */
static enum err tell(struct desk *d, const struct mentor *m, enum notify_kind kind,
                     const char *path, const char *period, const struct reminding *r)
{
    struct notify_args said = { .when_ms =
                                    r->due_ms - 1 /* the day, not the midnight behind it */ };
    char key[64];

    if (r->what == REMINDER_NONE)
        return ERR_OK;
    said.path = path;
    said.what = flow_reminder_name(r->what);
    if (!str_format(key, sizeof key, "%lld:%s:%s", (long long)m->id.v, period, said.what))
        return ERR_INVAL;
    return notify(d->db, m->user, kind, key, &said, d->now.unix_ms);
}

static enum err remind_of_sheets(struct desk *d, const struct mentor *m)
{
    struct sheet_filter f = { .mentor = m->id };
    struct sheet_head_list l = { 0 };
    struct reminding r = { .what = REMINDER_NONE };
    char due[24];
    enum err e = day_in_zone(m->tz, d->now.unix_ms, &f.last_day);

    f.first_day = f.last_day - TERM_BACK_DAYS;
    if (!e)
        e = sheet_list(d->db, &f, &l);
    for (size_t i = 0; !e && i < l.n; i++)
        if (l.items[i].key.last_day <= f.last_day)
            e = look_at_sheet(d, &l.items[i], &r);
    sheet_head_list_free(&l);
    if (!e && !str_format(due, sizeof due, "%lld", (long long)(r.due_ms / MS_PER_DAY)))
        e = ERR_INVAL;
    return e ? e : tell(d, m, NOTIFY_SHEET_DUE, "/sheets", due, &r);
}

static enum err remind(struct desk *d, const struct mentor *m)
{
    struct report_filter f = { .mentor = m->id, .empty_too = true };
    struct report_head_list heads = { 0 };
    struct reminding r = { .what = REMINDER_NONE };
    struct local_time t;
    char month[24];
    enum err e = zone_local(m->tz, d->now.unix_ms, &t);

    f.year = t.month == 1 ? t.year - 1 : t.year;
    f.month = t.month == 1 ? 12 : t.month - 1;
    if (!e)
        e = report_list(d->db, &f, &heads);
    for (size_t i = 0; !e && i < heads.n; i++)
        e = look_at(d, &heads.items[i].key, &r);
    report_head_list_free(&heads);
    if (!e && !str_format(month, sizeof month, "%04d-%02d", f.year, f.month))
        e = ERR_INVAL;
    if (!e)
        e = tell(d, m, NOTIFY_REPORT_DUE, "/reports", month, &r);
    return e ? e : remind_of_sheets(d, m);
}

static enum err some(struct desk *d)
{
    enum err e = ERR_OK;

    for (int i = 0; !e && i < MENTORS_A_MINUTE; i++) {
        struct mentor m;

        e = mentor_after(d->db, d->reminded, &m);
        if (e == ERR_NOTFOUND) {
            d->reminded = (struct mentor_id){ 0 }; /* all over again at the next minute */
            return ERR_OK;
        }
        if (!e) {
            d->reminded = m.id;
            e = remind(d, &m);
        }
    }
    return e;
}

/* In a savepoint of its own, as desk_do_noshow. */
enum err desk_do_reminders(struct desk *d)
{
    enum err e = db_savepoint(d->db);

    if (e)
        return e;
    e = some(d);
    if (!e)
        return db_release(d->db);
    db_undo(d->db);
    if (!db_in_transaction(d->db))
        return e;
    if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
        log_error("desk.reminders", "error=%s", err_name(e));
    return ERR_OK;
}
