/* SPDX-License-Identifier: Apache-2.0
 *
 * Once a minute for some of the mentors: whose month reports are due soon, or
 * late, is told so by mail: one letter for all of a month's reports, at each of
 * the moments that policy sets (domain/report_flow). Desk thread.
 */
#include "common/base/str.h"
#include "server/api/desk_internal.h"
#include "server/api/notify.h"
#include "server/api/owed.h"
#include "server/domain/report_flow.h"
#include "server/store/delivery.h"
#include "server/store/home.h"
#include "server/store/mentor.h"

#define MENTORS_A_MINUTE 20 /* all of a large centre in less than half an hour */

struct reminding {
    enum flow_reminder what; /* the most urgent of all reports */
    int64_t due_ms;          /* of that one */
};

static enum err look_at(struct desk *d, const struct report_key *key, struct reminding *out)
{
    struct flow_facts f = { 0 };
    struct report_policy p;
    enum flow_reminder what;
    char state[16];
    int version;
    enum err e = report_state(d->db, key, state, &version);

    if (!e && !flow_row_parse(state, &f.row))
        e = ERR_PARSE;
    if (!e)
        e = report_times(d->db, key, d->now.unix_ms, &p, &f);
    if (e)
        return e;
    what = flow_reminder(&f, &p, d->now.unix_ms);
    if (what > out->what) {
        out->what = what;
        out->due_ms = f.due_ms;
    }
    return ERR_OK;
}

static enum err remind(struct desk *d, const struct mentor *m)
{
    struct report_filter f = { .mentor = m->id, .empty_too = true };
    struct report_head_list heads = { 0 };
    struct reminding r = { .what = REMINDER_NONE };
    struct notify_args said = { .path = "/reports" };
    struct local_time t;
    char key[64];
    enum err e = zone_local(m->tz, d->now.unix_ms, &t);

    f.year = t.month == 1 ? t.year - 1 : t.year;
    f.month = t.month == 1 ? 12 : t.month - 1;
    if (!e)
        e = report_list(d->db, &f, &heads);
    for (size_t i = 0; !e && i < heads.n; i++)
        e = look_at(d, &heads.items[i].key, &r);
    report_head_list_free(&heads);
    if (e || r.what == REMINDER_NONE)
        return e;
    said.when_ms = r.due_ms - 1; /* the day itself, not the midnight behind it */
    said.what = flow_reminder_name(r.what);
    if (!str_format(key, sizeof key, "%lld:%04d-%02d:%s", (long long)m->id.v, f.year, f.month,
                    said.what))
        return ERR_INVAL;
    return notify(d->db, m->user, NOTIFY_REPORT_DUE, key, &said, d->now.unix_ms);
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
