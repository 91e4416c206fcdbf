/* SPDX-License-Identifier: Apache-2.0
 *
 * Which mark sheet, seen by whom, in which version; see sheet.h. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/sheet.h"
#include "server/domain/day.h"
#include "server/store/child.h"
#include "server/store/mentor.h"
#include "server/store/org.h"

/* Terms of a kind in a year: the figure that stands for it in an id. */
static const char kind_digits[MARKS_TERM_COUNT] = { '4', '2' };

enum err sheet_id_text(const struct call *c, const struct sheet_key *key, char *out, size_t cap)
{
    char first[DAY_TEXT_BYTES];
    struct mentor m;
    struct child child;
    enum err err = mentor_load(c->db, key->mentor, &m);

    if (!err)
        err = child_load(c->db, key->child, &child);
    if (err)
        return err;
    day_write(key->first_day, first);
    return str_format(out, cap, "%lld-%lld-%lld-%c-%s", (long long)m.user.v,
                      (long long)child.user.v, (long long)key->school.v, kind_digits[key->kind],
                      first)
               ? ERR_OK
               : ERR_INVAL;
}

/* "12-40-3-4-2026-09-01" */
static bool parse_id(const char *text, int64_t ids[3], struct sheet_key *key)
{
    for (int i = 0; i < 3; i++) {
        char number[20];
        size_t len = strcspn(text, "-");

        if (len == 0 || len >= sizeof number || text[len] != '-')
            return false;
        memcpy(number, text, len);
        number[len] = '\0';
        if (str_to_i64(number, 1, BODY_ID_MAX, &ids[i]))
            return false;
        text += len + 1;
    }
    key->kind = MARKS_QUARTER;
    while (key->kind < MARKS_TERM_COUNT && kind_digits[key->kind] != text[0])
        key->kind++;
    return key->kind < MARKS_TERM_COUNT && text[1] == '-' && day_parse(text + 2, &key->first_day);
}

enum err sheet_times(struct db *db, const struct sheet_key *key, int64_t now_ms,
                     struct marks_policy *marks, struct report_policy *report,
                     struct flow_facts *out)
{
    struct sheet_key until = *key;
    struct org school;
    int64_t from;
    enum err err = org_load(db, key->school, &school);

    if (!err)
        err = policy_marks(db, school.parent, now_ms, marks);
    if (!err)
        err = policy_report(db, school.parent, now_ms, report);
    if (!err)
        err = sheet_bounds(school.tz, key, &from, &out->period_end_ms);
    until.last_day += marks->due_days;
    return err ? err : sheet_bounds(school.tz, &until, &from, &out->due_ms);
}

enum err sheet_of_key(const struct call *c, const struct sheet_key *key, struct sheet_view *out)
{
    struct sheet_view v = { .key = *key };
    struct month *m = &v.way;
    enum err err = sheet_id_text(c, key, v.id, sizeof v.id);

    m->key =
        (struct report_key){ .mentor = key->mentor, .child = key->child, .school = key->school };
    if (!err)
        err = sheet_row_load(c->db, key, 0, &m->newest);
    if (!err)
        err = sheet_times(c->db, key, c->now.unix_ms, &v.policy, &m->policy, &m->facts);
    if (!err && m->newest.rev) {
        err = delivery_load(c->db, m->newest.ref, &m->copy);
        m->has_copy = err == ERR_OK;
        if (err == ERR_NOTFOUND)
            err = ERR_OK;
    }
    if (err)
        return err;
    m->facts.row = m->newest.row;
    m->facts.sent = m->has_copy && m->copy.sent_ms;
    m->facts.acknowledged = m->has_copy && m->copy.ack_ms;
    *out = v;
    return ERR_OK;
}

/* As what the person looks at it. */
static enum err sides(const struct call *c, struct month *m)
{
    struct mentor mentor;
    enum err err = month_may(c, &m->key, RIGHT_REPORT_EDIT, &m->mentors);

    if (!err)
        err = month_may(c, &m->key, RIGHT_REPORT_DECIDE, &m->centres);
    if (!err)
        err = month_may(c, &m->key, RIGHT_REPORT_ACKNOWLEDGE, &m->schools);
    if (!err)
        err = mentor_load(c->db, m->key.mentor, &mentor);
    if (!err)
        m->own = user_id_eq(mentor.user, c->user.id);
    return err;
}

/* A sheet that was begun is there; another one if the grade is marked then and they have met. */
static enum err exists(const struct call *c, const struct sheet_view *v, bool *out)
{
    struct sheet_filter f = { .mentor = v->key.mentor,
                              .child = v->key.child,
                              .school = v->key.school,
                              .first_day = v->key.last_day,
                              .last_day = v->key.first_day };
    struct sheet_head_list l = { 0 };
    enum err err;

    *out = v->way.newest.rev > 0;
    if (*out)
        return ERR_OK;
    err = sheet_list(c->db, &f, &l);
    for (size_t i = 0; !err && i < l.n; i++)
        *out |= l.items[i].key.kind == v->key.kind &&
                l.items[i].key.first_day == v->key.first_day &&
                marks_due(&v->policy, l.items[i].grade, v->key.kind);
    sheet_head_list_free(&l);
    return err;
}

enum err sheet_open(struct call *c, const char *id, struct sheet_view *out, bool *refused)
{
    struct sheet_key key = { 0 };
    struct report_key who = { 0 };
    int64_t ids[3];
    struct mentor mentor;
    struct child child;
    bool may = false;
    enum err err;

    *refused = true;
    if (!parse_id(id, ids, &key))
        return call_refuse(c, REFUSE_NOT_FOUND);
    err = mentor_by_user(c->db, (struct user_id){ ids[0] }, &mentor);
    if (!err)
        err = child_by_user(c->db, (struct user_id){ ids[1] }, &child);
    if (!err) {
        key.mentor = who.mentor = mentor.id;
        key.child = who.child = child.id;
        key.school.v = who.school.v = ids[2];
        err = month_may(c, &who, RIGHT_REPORT_VIEW, &may);
    }
    if (!err && may)
        err = sheet_key_days(c->db, &key);
    if (!err && may)
        err = sheet_of_key(c, &key, out);
    if (!err && may)
        err = exists(c, out, &may);
    if (!err && may)
        err = sides(c, &out->way);
    if (err && err != ERR_NOTFOUND)
        return err;
    if (err || !may)
        return call_refuse(c, REFUSE_NOT_FOUND);
    *refused = false;
    return ERR_OK;
}

/* ---- versions ------------------------------------------------------------------------------- */

enum err sheet_sent(const struct call *c, const struct sheet_view *v, struct doc_row *row,
                    struct delivery *copy)
{
    for (int n = v->way.newest.rev ? v->way.newest.version : 0; n > 0; n--) {
        enum err err = sheet_row_load(c->db, &v->key, n, row);

        if (!err)
            err = delivery_load(c->db, row->ref, copy);
        if (err && err != ERR_NOTFOUND)
            return err;
        if (!err && copy->sent_ms)
            return ERR_OK;
    }
    return ERR_NOTFOUND;
}

/* Number in the query, 0 for none. */
static enum err asked_version(struct call *c, int *out, bool *refused)
{
    char text[12];
    enum json_fault fault;
    int64_t n = 0;

    if (call_query(c, "version", text, sizeof text, &fault) && str_to_i64(text, 1, 1000, &n))
        fault = JSON_FAULT_RANGE;
    *out = (int)n;
    *refused = fault != JSON_FAULT_NONE;
    return *refused ? call_refuse_query(c, "version", fault) : ERR_OK;
}

/* A school: a version that it has and has opened. */
static enum err shown_to_school(struct call *c, const struct sheet_view *v, int version,
                                struct month_shown *out, bool *refused)
{
    struct delivery copy;
    enum err err = version ? sheet_row_load(c->db, &v->key, version, &out->row)
                           : sheet_sent(c, v, &out->row, &copy);

    if (!err && version)
        err = delivery_load(c->db, out->row.ref, &copy);
    *refused = err == ERR_NOTFOUND || (!err && (!copy.sent_ms || !copy.opened_ms));
    if (!err && copy.sent_ms && !copy.opened_ms)
        return call_refuse_gate(c, "sheet_unopened");
    return *refused ? call_refuse(c, REFUSE_NOT_FOUND) : err;
}

enum err sheet_shown(struct call *c, const struct sheet_view *v, struct month_shown *out,
                     bool *refused)
{
    const struct month *m = &v->way;
    int version = 0;
    enum err err = asked_version(c, &version, refused);

    if (err || *refused)
        return err;
    *out = (struct month_shown){ .row = m->newest };
    if (m->schools && !m->centres && !m->mentors)
        err = shown_to_school(c, v, version, out, refused);
    else if (version)
        err = sheet_row_load(c->db, &v->key, version, &out->row);
    if (err == ERR_NOTFOUND) {
        *refused = true;
        return call_refuse(c, REFUSE_NOT_FOUND);
    }
    out->frozen = out->row.row == FLOW_ROW_ACCEPTED; /* its bytes are written with the state */
    return err;
}

/* ---- content -------------------------------------------------------------------------------- */

/* Who signed the newest version so far, for the printed chain. */
static enum err sign(const struct call *c, const struct month *m, struct mark_sheet *s)
{
    struct doc_step_list l = { 0 };
    enum err err = m->newest.rev ? doc_step_list(c->db, m->newest.ref, &l) : ERR_OK;

    for (size_t i = 0; !err && i < l.n; i++) {
        enum sign n = l.items[i].step == DOC_STEP_SUBMITTED  ? SIGN_MENTOR
                      : l.items[i].step == DOC_STEP_ACCEPTED ? SIGN_COORDINATOR
                                                             : SIGN_COUNT;
        struct user who;

        if (n == SIGN_COUNT)
            continue;
        err = user_load(c->db, l.items[i].by, &who);
        if (!err)
            err = report_text(&s->signs[n].name, who.name);
        s->signs[n].at_ms = l.items[i].at_ms;
    }
    doc_step_list_free(&l);
    return err;
}

enum err sheet_view_load(const struct call *c, const struct sheet_view *v, const char *locale,
                         struct mark_sheet *out)
{
    struct sheet_key named = v->key;
    enum err err = str_copy(named.locale, sizeof named.locale, locale)
                       ? sheet_load(c->db, &named, &v->way.newest, &v->policy, c->now.unix_ms, out)
                       : ERR_INVAL;

    if (err)
        return err;
    err = sign(c, &v->way, out);
    if (err)
        mark_sheet_deinit(out);
    return err;
}
