/* SPDX-License-Identifier: Apache-2.0
 *
 * Reports and notes a mentor owes; see owed.h. Desk thread.
 */
#include "server/api/owed.h"

#include "common/base/str.h"
#include "server/api/lesson_json.h"
#include "server/api/person.h"
#include "server/store/child.h"
#include "server/store/delivery.h"
#include "server/store/home.h"
#include "server/store/mentor.h"
#include "server/store/org.h"

#define NOTES_BACK_DAYS 14

enum err report_id_text(const struct call *c, const struct report_key *key, char *out, size_t cap)
{
    struct mentor m;
    struct child child;
    enum err err = mentor_load(c->db, key->mentor, &m);

    if (!err)
        err = child_load(c->db, key->child, &child);
    if (err)
        return err;
    return str_format(out, cap, "%lld-%lld-%lld-%04d-%02d", (long long)m.user.v,
                      (long long)child.user.v, (long long)key->school.v, key->year, key->month)
               ? ERR_OK
               : ERR_INVAL;
}

enum err report_times(struct db *db, const struct report_key *key, int64_t now_ms,
                      struct report_policy *policy, struct flow_facts *out)
{
    struct org school;
    int year = key->month == 12 ? key->year + 1 : key->year;
    int month = key->month == 12 ? 1 : key->month + 1;
    int64_t start;
    enum err err = org_load(db, key->school, &school);

    if (!err)
        err = policy_report(db, school.parent, now_ms, policy);
    if (!err)
        err = zone_day_start(school.tz, year, month, 1, &out->period_end_ms);
    if (!err)
        err = zone_day_start(school.tz, year, month, policy->due_day, &start);
    if (!err)
        out->due_ms = start + MS_PER_DAY;
    return err;
}

enum err report_due_ms(const struct call *c, const struct report_key *key, int64_t *out)
{
    struct report_policy policy;
    struct flow_facts f;
    enum err err = report_times(c->db, key, c->now.unix_ms, &policy, &f);

    if (!err)
        *out = f.due_ms;
    return err;
}

static enum err one_report(const struct call *c, const struct report_head *h, json_t *array)
{
    char id[80], month[8], state[16];
    struct child child;
    json_t *person = NULL;
    int64_t due;
    int version;
    enum err err = report_state(c->db, &h->key, state, &version);

    if (err || state[0] == 's' || state[0] == 'a') /* sent, or accepted: nothing is owed */
        return err;
    err = report_due_ms(c, &h->key, &due);
    if (!err)
        err = report_id_text(c, &h->key, id, sizeof id);
    if (!err)
        err = child_load(c->db, h->key.child, &child);
    if (!err)
        err = person_json(c, child.user, &person);
    if (err)
        return err;
    if (!str_format(month, sizeof month, "%04d-%02d", h->key.year, h->key.month)) {
        json_decref(person);
        return ERR_INVAL;
    }
    return json_push(array,
                     json_pack("{s:s,s:o,s:s,s:I,s:b}", "id", id, "child", person, "month", month,
                               "due", (json_int_t)due, "overdue", (int)(c->now.unix_ms >= due)));
}

/* Reports of the month before this one. */
static enum err reports(const struct call *c, json_t *array)
{
    struct report_filter f = { 0 };
    struct report_head_list heads = { 0 };
    struct local_time t;
    struct mentor m;
    enum err err = mentor_by_user(c->db, c->user.id, &m);

    if (err == ERR_NOTFOUND)
        return ERR_OK;
    if (!err)
        err = zone_local(c->user.tz, c->now.unix_ms, &t);
    if (!err) {
        f.mentor = m.id;
        f.year = t.month == 1 ? t.year - 1 : t.year;
        f.month = t.month == 1 ? 12 : t.month - 1;
        f.empty_too = true;
        err = report_list(c->db, &f, &heads);
    }
    for (size_t i = 0; !err && i < heads.n; i++)
        err = one_report(c, &heads.items[i], array);
    report_head_list_free(&heads);
    return err;
}

static enum err notes(const struct call *c, json_t *array)
{
    struct lesson_filter f = { .user = c->user.id,
                               .from_ms = c->now.unix_ms - NOTES_BACK_DAYS * MS_PER_DAY,
                               .to_ms = c->now.unix_ms };
    struct lesson_list l = { 0 };
    enum err err = lesson_list(c->db, &f, &l);

    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *brief = NULL;
        bool due = false;

        if (!user_id_eq(l.items[i].facts.mentor, c->user.id))
            continue;
        err = lesson_note_due(c->db, l.items[i].facts.id, &due);
        if (!err && due)
            err = lesson_brief_json(c, &l.items[i], &brief);
        if (!err && due)
            err = json_push(array, brief);
    }
    lesson_list_free(&l);
    return err;
}

enum err owed_json(const struct call *c, bool mentor, json_t **out)
{
    json_t *r = json_array(), *n = json_array();
    enum err err = r && n ? ERR_OK : ERR_NOMEM;

    if (!err && mentor)
        err = reports(c, r);
    if (!err && mentor)
        err = notes(c, n);
    if (err) {
        json_decref(r);
        json_decref(n);
        return err;
    }
    *out = json_pack("{s:o,s:o}", "reports", r, "notes", n);
    return *out ? ERR_OK : ERR_NOMEM;
}
