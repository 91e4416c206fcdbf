/* SPDX-License-Identifier: Apache-2.0
 *
 * The schools' returns of numbers (DOMAIN 16): what a school declares for a
 * month beside what it has referred in it. The centre sees every school, also
 * those that have not declared. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/intake.h"
#include "server/api/intake_body.h"
#include "server/api/person.h"
#include "server/store/need_return.h"

/* A month at a school. */
struct month_at {
    struct org school;
    struct intake_policy policy;
    char period[8];
    int year, month;
    int64_t today;    /* at the school */
    int64_t received; /* referrals first submitted in it */
};

static enum err month_load(const struct call *c, struct org_id school, const char *period, int year,
                           int month, struct month_at *out)
{
    struct month_at m = { .year = year, .month = month };
    int64_t from, to;
    enum err err = org_load(c->db, school, &m.school);

    if (!err)
        err = policy_intake(c->db, m.school.parent, c->now.unix_ms, &m.policy);
    if (!err)
        err = day_in_zone(m.school.tz, c->now.unix_ms, &m.today);
    if (!err)
        err = report_month_bounds(m.school.tz, year, month, &from, &to);
    if (!err)
        err = need_received(c->db, school, from, to, &m.received);
    if (!err && !str_copy(m.period, sizeof m.period, period))
        err = ERR_INVAL;
    if (!err)
        *out = m;
    return err;
}

static bool is_open(const struct month_at *m)
{
    enum need_verdict v =
        need_return_check(m->received, m->received, m->year, m->month, m->today, &m->policy);

    return v == NEED_OK;
}

/* r NULL: the school has declared nothing. */
static enum err line_json(const struct call *c, const struct month_at *m,
                          const struct need_return *r, json_t **out)
{
    json_t *school = NULL;
    enum err err = school_json(c, m->school.id, &school);

    if (err)
        return err;
    *out = json_pack(
        "{s:o,s:o,s:o,s:s,s:o,s:I,s:o,s:b,s:o}", "id", r ? json_integer(r->id) : json_null(),
        "version", r ? json_integer(r->rev) : json_null(), "school", school, "period", m->period,
        "declared", r ? json_integer(r->count) : json_null(), "received", (json_int_t)m->received,
        "difference", r ? json_integer(r->count - m->received) : json_null(), "open",
        (int)is_open(m), "changed", r ? json_integer(r->changed_ms) : json_null());
    return *out ? ERR_OK : ERR_NOMEM;
}

/* ---- reading ------------------------------------------------------------------------------ */

static enum err school_line(const struct call *c, struct org_id school, const struct day_range *of,
                            json_t *items)
{
    struct need_return_filter f = { .school = school, .period = of->text, .max = 1 };
    struct need_return_list l = { 0 };
    struct month_at m;
    json_t *line = NULL;
    enum err err = month_load(c, school, of->text, of->year, of->month, &m);

    if (!err)
        err = need_return_list(c->db, &f, &l);
    if (!err)
        err = line_json(c, &m, l.n ? &l.items[0] : NULL, &line);
    if (!err)
        err = json_push(items, line);
    need_return_list_free(&l);
    return err;
}

static enum err centre_lines(const struct call *c, struct org_id centre, const struct page *page,
                             const struct day_range *of, json_t *items, bool *more)
{
    const enum org_type school = ORG_SCHOOL;
    struct org_list l = { 0 };
    size_t seen = 0;
    enum err err = org_list(c->db, &school, &l);

    for (size_t i = 0; !err && i < l.n && !*more; i++) {
        if (!org_id_eq(l.items[i].parent, centre) || seen++ < page->first)
            continue;
        if (json_array_size(items) == page->limit)
            *more = true;
        else
            err = school_line(c, l.items[i].id, of, items);
    }
    org_list_free(&l);
    return err;
}

enum err need_returns_get(struct call *c)
{
    struct grant g = { 0 };
    enum scope scope = call_scope(c, RIGHT_NEED_RETURN_VIEW, &g);
    struct page page;
    struct day_range of;
    bool refused = false, more = false;
    json_t *items;
    enum err err;

    if (scope != SCOPE_OWN_SCHOOL && scope != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = call_page(c, &page, &refused);
    if (!err && !refused)
        err = call_month(c, c->user.tz, &of, &refused);
    if (err || refused)
        return err;
    items = json_array();
    if (!items)
        return ERR_NOMEM;
    err = scope == SCOPE_OWN_CENTRE ? centre_lines(c, g.org, &page, &of, items, &more)
          : page.first == 0         ? school_line(c, g.org, &of, items)
                                    : ERR_OK;
    if (err) {
        json_decref(items);
        return err;
    }
    return intake_page(c, items, &page, more);
}

/* ---- writing ------------------------------------------------------------------------------ */

static enum err check_count(struct call *c, const struct month_at *m, int64_t count, bool *refused)
{
    enum need_verdict v =
        need_return_check(count, m->received, m->year, m->month, m->today, &m->policy);

    *refused = v != NEED_OK;
    if (v == NEED_RANGE)
        return call_refuse_word(c, "count", "range");
    return *refused ? call_refuse_gate(c, need_verdict_name(v)) : ERR_OK;
}

/* Audit, ETag, the line as it is now. */
static enum err answer_return(struct call *c, int status, const struct month_at *m, int64_t id,
                              const char *action)
{
    struct need_return r;
    json_t *line = NULL;
    char after[24];
    enum err err = need_return_load(c->db, id, &r);

    if (!err && (!str_format(after, sizeof after, "%lld", (long long)r.count) ||
                 !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)r.rev)))
        err = ERR_INVAL;
    if (!err)
        err = call_audit(c, action, "need_return", id, "", after);
    if (!err)
        err = line_json(c, m, &r, &line);
    return err ? err : call_answer(c, status, line);
}

enum err need_return_post(struct call *c)
{
    struct body_need_new b;
    struct need_return r = { 0 };
    struct month_at m;
    struct grant g = { 0 };
    bool refused = false;
    int64_t id;
    enum err err;

    if (call_scope(c, RIGHT_NEED_RETURN_EDIT, &g) != SCOPE_OWN_SCHOOL)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (body_need_new(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = month_load(c, g.org, b.period, b.year, b.month, &m);
    if (!err)
        err = check_count(c, &m, b.count, &refused);
    if (err || refused)
        return err;
    r.school = g.org;
    r.count = b.count;
    memcpy(r.period, b.period, sizeof r.period);
    err = need_return_save(c->db, &r, c->now.unix_ms, c->user.id, &id);
    if (err == ERR_STATE)
        return call_refuse_gate(c, "returned_already");
    return err ? err : answer_return(c, 201, &m, id, "need_return.create");
}

static bool may_return(const struct call *c, enum right right, const struct org *school)
{
    for (size_t i = 0; i < c->grants.n; i++) {
        struct relation to = { .own_school = org_id_eq(c->grants.items[i].org, school->id),
                               .own_centre = org_id_eq(c->grants.items[i].org, school->parent) };

        if (access_may(c->grants.items[i].role, right, to))
            return true;
    }
    return false;
}

/* The return in the path with its month. */
static enum err asked_return(struct call *c, struct need_return *r, struct month_at *m,
                             bool *refused)
{
    int year, month;
    enum err err = need_return_load(c->db, c->id, r);

    *refused = true;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = body_month(r->period, &year, &month) ? ERR_OK : ERR_DB;
    if (!err)
        err = month_load(c, r->school, r->period, year, month, m);
    if (err)
        return err;
    if (!may_return(c, RIGHT_NEED_RETURN_VIEW, &m->school))
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!may_return(c, RIGHT_NEED_RETURN_EDIT, &m->school))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = false;
    return ERR_OK;
}

enum err need_return_put(struct call *c)
{
    struct need_return r;
    struct month_at m;
    bool refused = false;
    int64_t count = 0;
    enum err err = asked_return(c, &r, &m, &refused);

    if (!err && !refused)
        err = call_match(c, r.rev, &refused);
    if (err || refused)
        return err;
    if (body_need_count(&c->in, &count))
        return call_refuse_field(c, &c->in);
    err = check_count(c, &m, count, &refused);
    if (err || refused)
        return err;
    r.count = count;
    err = need_return_save(c->db, &r, c->now.unix_ms, c->user.id, &r.id);
    return err ? err : answer_return(c, 200, &m, r.id, "need_return.edit");
}
