/* SPDX-License-Identifier: Apache-2.0
 *
 * Which report, seen by whom, in which version; see month.h. Desk thread.
 */
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/month.h"
#include "server/api/owed.h"
#include "server/store/child.h"
#include "server/store/mentor.h"
#include "server/store/org.h"
#include "server/store/seat.h"

/* "12-40-3-2026-11" */
static bool parse_id(const char *text, int64_t ids[3], int *year, int *month)
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
    return body_month(text, year, month);
}

enum err month_may(const struct call *c, const struct report_key *key, enum right right, bool *out)
{
    *out = false;
    for (size_t i = 0; i < c->grants.n && !*out; i++) {
        struct relation to = { 0 };
        enum err err = relation_report(c->db, &c->grants.items[i], key->mentor, key->child,
                                       key->school, c->now.unix_ms, &to);

        if (err)
            return err;
        *out = access_may(c->grants.items[i].role, right, to);
    }
    return ERR_OK;
}

/* A report of people who never met has no lesson and no assignment: there is none. */
static enum err exists(const struct call *c, const struct report_key *key, bool *out)
{
    struct report_filter f = { .mentor = key->mentor,
                               .child = key->child,
                               .school = key->school,
                               .year = key->year,
                               .month = key->month,
                               .empty_too = true };
    struct report_head_list l = { 0 };
    enum err err = report_list(c->db, &f, &l);

    *out = l.n > 0;
    report_head_list_free(&l);
    return err;
}

enum err month_of_key(const struct call *c, const struct report_key *key, struct month *out)
{
    struct month m = { .key = *key };
    struct org school;
    int64_t from;
    enum err err = org_load(c->db, key->school, &school);

    if (!err)
        err = report_row_load(c->db, key, 0, &m.newest);
    if (!err)
        err = policy_report(c->db, school.parent, c->now.unix_ms, &m.policy);
    if (!err)
        err = report_month_bounds(school.tz, key->year, key->month, &from, &m.facts.period_end_ms);
    if (!err)
        err = report_due_ms(c, key, &m.facts.due_ms);
    if (!err && m.newest.rev) {
        err = delivery_load(c->db, m.newest.ref, &m.copy);
        m.has_copy = err == ERR_OK;
        if (err == ERR_NOTFOUND)
            err = ERR_OK;
    }
    if (err)
        return err;
    m.facts.row = m.newest.row;
    m.facts.sent = m.has_copy && m.copy.sent_ms;
    m.facts.acknowledged = m.has_copy && m.copy.ack_ms;
    *out = m;
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

enum err month_open(struct call *c, const char *id, struct month *out, bool *refused)
{
    struct report_key key = { 0 };
    int64_t ids[3];
    struct mentor mentor;
    struct child child;
    bool may = false;
    enum err err;

    *refused = true;
    if (!parse_id(id, ids, &key.year, &key.month))
        return call_refuse(c, REFUSE_NOT_FOUND);
    err = mentor_by_user(c->db, (struct user_id){ ids[0] }, &mentor);
    if (!err)
        err = child_by_user(c->db, (struct user_id){ ids[1] }, &child);
    if (!err) {
        key.mentor = mentor.id;
        key.child = child.id;
        key.school.v = ids[2];
        err = month_may(c, &key, RIGHT_REPORT_VIEW, &may);
    }
    if (!err && may)
        err = exists(c, &key, &may);
    if (!err && may)
        err = month_of_key(c, &key, out);
    if (!err && may)
        err = sides(c, out);
    if (err && err != ERR_NOTFOUND)
        return err;
    if (err || !may)
        return call_refuse(c, REFUSE_NOT_FOUND);
    *refused = false;
    return ERR_OK;
}

enum err month_sent(const struct call *c, const struct month *m, struct doc_row *row,
                    struct delivery *copy)
{
    for (int v = m->newest.rev ? m->newest.version : 0; v > 0; v--) {
        enum err err = report_row_load(c->db, &m->key, v, row);

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
    int64_t v = 0;

    if (call_query(c, "version", text, sizeof text, &fault) && str_to_i64(text, 1, 1000, &v))
        fault = JSON_FAULT_RANGE;
    *out = (int)v;
    *refused = fault != JSON_FAULT_NONE;
    return *refused ? call_refuse_query(c, "version", fault) : ERR_OK;
}

/* A school: a version that it has and has opened. */
static enum err shown_to_school(struct call *c, const struct month *m, int version,
                                struct month_shown *out, bool *refused)
{
    struct delivery copy;
    enum err err = version ? report_row_load(c->db, &m->key, version, &out->row)
                           : month_sent(c, m, &out->row, &copy);

    if (!err && version)
        err = delivery_load(c->db, out->row.ref, &copy);
    *refused = err == ERR_NOTFOUND || (!err && (!copy.sent_ms || !copy.opened_ms));
    if (!err && copy.sent_ms && !copy.opened_ms)
        return call_refuse_gate(c, "report_unopened");
    return *refused ? call_refuse(c, REFUSE_NOT_FOUND) : err;
}

enum err month_shown(struct call *c, const struct month *m, struct month_shown *out, bool *refused)
{
    struct frozen f;
    int version = 0;
    enum err err = asked_version(c, &version, refused);

    if (err || *refused)
        return err;
    *out = (struct month_shown){ .row = m->newest };
    if (m->schools && !m->centres && !m->mentors)
        err = shown_to_school(c, m, version, out, refused);
    else if (version)
        err = report_row_load(c->db, &m->key, version, &out->row);
    if (err == ERR_NOTFOUND) {
        *refused = true;
        return call_refuse(c, REFUSE_NOT_FOUND);
    }
    if (err || *refused || !out->row.rev)
        return err;
    err = frozen_load(c->db, out->row.ref, "json", &f);
    out->frozen = err == ERR_OK;
    if (!err)
        mem_free(f.bytes);
    *refused = version && err == ERR_NOTFOUND && out->row.version != m->newest.version;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_FOUND);
    return err == ERR_NOTFOUND ? ERR_OK : err;
}

/* Who signed the newest version so far, for the printed chain. */
static enum err sign(const struct call *c, const struct month *m, struct month_report *r)
{
    struct doc_step_list l = { 0 };
    enum err err = m->newest.rev ? doc_step_list(c->db, m->newest.ref, &l) : ERR_OK;

    for (size_t i = 0; !err && i < l.n; i++) {
        enum sign s = l.items[i].step == DOC_STEP_SUBMITTED  ? SIGN_MENTOR
                      : l.items[i].step == DOC_STEP_ACCEPTED ? SIGN_COORDINATOR
                                                             : SIGN_COUNT;
        struct user who;

        if (s == SIGN_COUNT)
            continue;
        err = user_load(c->db, l.items[i].by, &who);
        if (!err)
            err = report_text(&r->signs[s].name, who.name);
        r->signs[s].at_ms = l.items[i].at_ms;
    }
    doc_step_list_free(&l);
    return err;
}

enum err month_load(const struct call *c, const struct month *m, const char *locale,
                    struct month_report *out)
{
    struct report_key named = m->key;
    int line = 0;
    enum report_fault fault;
    enum err err = str_copy(named.locale, sizeof named.locale, locale)
                       ? report_load(c->db, &named, c->now.unix_ms, out)
                       : ERR_INVAL;

    if (err)
        return err;
    out->version = m->newest.version;
    fault = month_report_check(out, &line);
    if (fault == REPORT_FINE) {
        err = sign(c, m, out);
        if (err)
            month_report_deinit(out);
        return err;
    }
    log_error("report.refused", "fault=%d line=%d mentor=%lld child=%lld month=%04d-%02d",
              (int)fault, line, (long long)m->key.mentor.v, (long long)m->key.child.v, m->key.year,
              m->key.month);
    month_report_deinit(out);
    return ERR_DB;
}

enum err month_content(const struct call *c, const struct month *m, const struct month_report *r,
                       struct flow_content *out)
{
    struct report_texts *t = mem_zalloc(1, sizeof *t);
    enum err err = t ? report_texts_load(c->db, &m->key, t) : ERR_NOMEM;

    if (!err)
        *out = flow_content_of(r, t->empty_reason[0] != '\0');
    mem_free(t);
    return err;
}
