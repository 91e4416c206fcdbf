/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers, refusals, query parameters and the question "may this person?",
 * shared by all endpoints. Desk thread.
 */
#include "server/api/call.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/store/audit.h"
#include "server/store/child.h"
#include "server/store/org.h"

static const struct {
    int status;
    const char *name;
} refusals[] = {
#define X(code, status, name) [REFUSE_##code] = { status, name },
    REFUSAL_LIST(X)
#undef X
};

static void drop_answer(struct call *c)
{
    json_decref(c->json);
    c->json = NULL;
    mem_free(c->raw);
    c->raw = NULL;
    c->raw_len = 0;
    c->type[0] = '\0';
    c->etag[0] = '\0';
    c->location[0] = '\0';
}

void call_init(struct call *c, struct api_ctx *ctx, const struct desk_http *http)
{
    *c = (struct call){ .ctx = ctx, .db = ctx->db, .http = http, .now = ctx->now, .status = 500 };
    if (ctx->desk)
        c->seats = desk_board(ctx->desk, &c->seats_n, &c->seats_at_ms);
    if (ctx->session.valid) {
        c->user = ctx->session.user;
        c->grants = ctx->session.grants;
    }
}

enum err call_load_user(struct call *c, struct user_id id)
{
    enum err err = user_load(c->db, id, &c->user);

    return err ? err : grant_list(c->db, id, c->now.unix_ms, &c->grants);
}

enum err call_reply(const struct call *c, struct desk_reply *reply)
{
    char *text = NULL;

    if (c->json) {
        text = json_dumps(c->json, JSON_COMPACT);
        if (!text)
            return ERR_NOMEM;
        api_reply(reply, c->status, "application/json", text, strlen(text));
        free(text);
    } else {
        api_reply(reply, c->status, c->raw ? c->type : "", c->raw, c->raw_len);
    }
    if (c->etag[0])
        api_header(reply, "ETag", c->etag);
    if (c->location[0])
        api_header(reply, "Location", c->location);
    return ERR_OK;
}

void call_deinit(struct call *c)
{
    drop_answer(c);
    json_decref(c->body);
    c->body = NULL;
}

enum err call_answer(struct call *c, int status, json_t *json)
{
    if (!json)
        return ERR_NOMEM;
    json_decref(c->json);
    c->json = json;
    c->status = status;
    return ERR_OK;
}

void call_answer_raw(struct call *c, const char *type, char *bytes, size_t len)
{
    drop_answer(c);
    c->status = 200;
    c->raw = bytes;
    c->raw_len = len;
    if (!str_copy(c->type, sizeof c->type, type))
        c->type[0] = '\0';
}

enum err call_refuse(struct call *c, enum refusal r)
{
    drop_answer(c);
    return call_answer(c, refusals[r].status,
                       json_pack("{s:{s:s}}", "error", "code", refusals[r].name));
}

enum err call_refuse_word(struct call *c, const char *field, const char *fault)
{
    drop_answer(c);
    return call_answer(c, refusals[REFUSE_BAD_FIELD].status,
                       json_pack("{s:{s:s,s:s,s:s}}", "error", "code", "bad_field", "field", field,
                                 "fault", fault));
}

enum err call_refuse_gate(struct call *c, const char *gate)
{
    drop_answer(c);
    return call_answer(c, refusals[REFUSE_GATE].status,
                       json_pack("{s:{s:s,s:s}}", "error", "code", "gate", "gate", gate));
}

static enum err refuse_field(struct call *c, const char *field, enum json_fault fault)
{
    return call_refuse_word(c, field, json_fault_name(fault));
}

enum err call_refuse_field(struct call *c, const struct json_view *v)
{
    /* The name of an unknown field came from outside and may be cut within a character. */
    bool ok = str_utf8_ok(v->field, strlen(v->field));

    return refuse_field(c, ok ? v->field : "?", v->fault);
}

enum err call_refuse_query(struct call *c, const char *name, enum json_fault fault)
{
    return refuse_field(c, name, fault);
}

static int hex_digit(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    if (ch >= 'a' && ch <= 'f')
        return ch - 'a' + 10;
    if (ch >= 'A' && ch <= 'F')
        return ch - 'A' + 10;
    return -1;
}

/* application/x-www-form-urlencoded, of one value. False on a broken escape, a NUL or bad UTF-8. */
static bool decode(const char *s, size_t len, char *out, size_t cap, enum json_fault *fault)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        char ch = s[i] == '+' ? ' ' : s[i];

        if (ch == '%') {
            int hi = len - i > 2 ? hex_digit(s[i + 1]) : -1;
            int lo = hi >= 0 ? hex_digit(s[i + 2]) : -1;

            if (hi < 0 || lo < 0) {
                *fault = JSON_FAULT_MALFORMED;
                return false;
            }
            ch = (char)(hi << 4 | lo);
            i += 2;
        }
        if (ch == '\0') {
            *fault = JSON_FAULT_MALFORMED;
            return false;
        }
        if (n + 1 >= cap) {
            *fault = JSON_FAULT_TOO_LONG;
            return false;
        }
        out[n++] = ch;
    }
    out[n] = '\0';
    if (!str_utf8_ok(out, n)) {
        *fault = JSON_FAULT_MALFORMED;
        return false;
    }
    return true;
}

bool call_query(const struct call *c, const char *name, char *out, size_t cap,
                enum json_fault *fault)
{
    size_t name_len = strlen(name);
    const char *value = NULL;
    size_t value_len = 0;

    *fault = JSON_FAULT_NONE;
    for (const char *p = c->http->query; p && *p;) {
        size_t len = strcspn(p, "&");

        if (len > name_len && strncmp(p, name, name_len) == 0 && p[name_len] == '=') {
            if (value) {
                *fault = JSON_FAULT_UNKNOWN;
                return false;
            }
            value = p + name_len + 1;
            value_len = len - name_len - 1;
        }
        p += len;
        p += *p == '&';
    }
    return value && decode(value, value_len, out, cap, fault);
}

static enum err page_number(struct call *c, const char *name, int64_t min, int64_t max,
                            int64_t fallback, size_t *out, bool *refused)
{
    char text[24];
    enum json_fault fault;
    int64_t v = fallback;

    if (*refused)
        return ERR_OK;
    if (call_query(c, name, text, sizeof text, &fault)) {
        if (str_to_i64(text, min, max, &v) != ERR_OK)
            fault = JSON_FAULT_RANGE;
    }
    if (fault != JSON_FAULT_NONE) {
        *refused = true;
        return call_refuse_query(c, name, fault);
    }
    *out = (size_t)v;
    return ERR_OK;
}

enum err call_page(struct call *c, struct page *out, bool *refused)
{
    enum err err;

    *refused = false;
    err = page_number(c, "limit", 1, CALL_PAGE_MAX, CALL_PAGE_DEFAULT, &out->limit, refused);
    if (!err)
        err = page_number(c, "cursor", 0, 1000000, 0, &out->first, refused);
    return err;
}

static enum err fill_day(const char *tz, int year, int month, int day, struct day_range *out)
{
    struct day_range r = { .year = year, .month = month };
    int64_t next = date_to_days(year, month, day) + 1;
    int ny, nm, nd;
    enum err err;

    date_from_days(next, &ny, &nm, &nd);
    err = zone_day_start(tz, year, month, day, &r.from_ms);
    if (!err)
        err = zone_day_start(tz, ny, nm, nd, &r.to_ms);
    if (!err && !str_format(r.text, sizeof r.text, "%04d-%02d-%02d", year, month, day))
        err = ERR_INVAL;
    if (!err)
        *out = r;
    return err;
}

enum err call_day_at(const char *tz, int64_t at_ms, struct day_range *out)
{
    struct local_time t;
    enum err err = zone_local(tz, at_ms, &t);

    return err ? err : fill_day(tz, t.year, t.month, t.day, out);
}

enum err call_day(struct call *c, const char *tz, struct day_range *out, bool *refused)
{
    char text[11];
    enum json_fault fault;
    int year, month, day;
    bool given = call_query(c, "date", text, sizeof text, &fault);

    *refused = fault != JSON_FAULT_NONE;
    if (*refused)
        return call_refuse_query(c, "date", fault);
    if (!given)
        return call_day_at(tz, c->now.unix_ms, out);
    *refused = !body_date(text, &year, &month, &day);
    if (*refused)
        return call_refuse_query(c, "date", JSON_FAULT_MALFORMED);
    return fill_day(tz, year, month, day, out);
}

enum err call_month(struct call *c, const char *tz, struct day_range *out, bool *refused)
{
    char text[8];
    enum json_fault fault;
    struct day_range r = { 0 };
    struct local_time t;
    bool given = call_query(c, "month", text, sizeof text, &fault);
    enum err err = zone_local(tz, c->now.unix_ms, &t);

    *refused = fault != JSON_FAULT_NONE || (given && !body_month(text, &r.year, &r.month));
    if (*refused)
        return call_refuse_query(c, "month", fault ? fault : JSON_FAULT_MALFORMED);
    if (!given) {
        r.year = t.year;
        r.month = t.month;
    }
    if (!err)
        err = report_month_bounds(tz, r.year, r.month, &r.from_ms, &r.to_ms);
    if (!err && !str_format(r.text, sizeof r.text, "%04d-%02d", r.year, r.month))
        err = ERR_INVAL;
    if (!err)
        *out = r;
    return err;
}

bool call_lesson_filter(const struct call *c, enum right right, int64_t from_ms, int64_t to_ms,
                        struct lesson_filter *out)
{
    struct grant g;
    enum scope scope = call_scope(c, right, &g);
    struct lesson_filter f = { .from_ms = from_ms, .to_ms = to_ms };

    switch (scope) {
    case SCOPE_OWN:
        f.user = c->user.id;
        break;
    case SCOPE_OWN_CHILDREN:
        f.guardian = c->user.id;
        break;
    case SCOPE_OWN_SCHOOL:
        f.school = g.org;
        break;
    case SCOPE_OWN_CENTRE:
        f.centre = g.org;
        break;
    case SCOPE_ALL:
        break;
    case SCOPE_NONE:
    case SCOPE_COUNT:
        return false;
    }
    *out = f;
    return true;
}

enum scope call_scope(const struct call *c, enum right right, struct grant *out)
{
    enum scope best = SCOPE_NONE;

    for (size_t i = 0; i < c->grants.n; i++) {
        enum scope scope = access_scope(c->grants.items[i].role, right);

        if (scope > best) {
            best = scope;
            *out = c->grants.items[i];
        }
    }
    return best;
}

/* Grants that a school or a centre bounds reach only that school or centre. */
static bool grant_reaches(const struct grant *g, enum right right, struct relation to,
                          bool same_school, bool same_centre)
{
    to.own_school = same_school;
    to.own_centre = same_centre;
    return access_may(g->role, right, to);
}

static bool own_in_role(const struct grant *g, bool as_mentor, bool as_child)
{
    return (g->role == ROLE_MENTOR && as_mentor) || (g->role == ROLE_CHILD && as_child);
}

/* Asked as if only these seats of it, from first on, were in it. */
static enum err may_seats(const struct call *c, enum right right, const struct lesson *l, int first,
                          int end, bool *out)
{
    bool is_mentor = user_id_eq(l->facts.mentor, c->user.id);
    bool is_child = false;

    for (int k = first; k < end; k++)
        is_child = is_child || user_id_eq(l->seats[k].user, c->user.id);
    *out = false;
    for (size_t i = 0; i < c->grants.n && !*out; i++) {
        const struct grant *g = &c->grants.items[i];
        struct relation to = { .own = own_in_role(g, is_mentor, is_child) };
        bool school = false;

        for (int k = first; k < end; k++) {
            bool kin = false;

            school = school || org_id_eq(l->seats[k].school, g->org);
            if (g->role == ROLE_GUARDIAN) {
                enum err err =
                    guardian_stands(c->db, c->user.id, l->seats[k].child, c->now.unix_ms, &kin);
                if (err)
                    return err;
            }
            to.own_child = to.own_child || kin;
        }
        *out = grant_reaches(g, right, to, school, org_id_eq(l->org, g->org));
    }
    return ERR_OK;
}

enum err call_may_lesson(const struct call *c, enum right right, const struct lesson *l, bool *out)
{
    return may_seats(c, right, l, 0, l->seats_n, out);
}

enum err call_may_child(const struct call *c, enum right right, const struct child *child,
                        bool own_mentor, bool *out)
{
    *out = false;
    for (size_t i = 0; i < c->grants.n && !*out; i++) {
        const struct grant *g = &c->grants.items[i];
        struct relation to = { .own = own_in_role(g, own_mentor,
                                                  user_id_eq(child->user, c->user.id)) };

        if (g->role == ROLE_GUARDIAN) {
            enum err err =
                guardian_stands(c->db, c->user.id, child->id, c->now.unix_ms, &to.own_child);
            if (err)
                return err;
        }
        *out = grant_reaches(g, right, to, org_id_eq(child->school, g->org),
                             org_id_eq(child->centre, g->org));
    }
    return ERR_OK;
}

enum err call_sees_seat(const struct call *c, const struct lesson *l, int seat, bool *out)
{
    return may_seats(c, RIGHT_LESSON_VIEW, l, seat, seat + 1, out);
}

enum err call_lesson(struct call *c, enum right right, struct lesson *out, bool *refused)
{
    bool may_view = false, may = false;
    enum err err = lesson_load(c->db, (struct lesson_id){ c->id }, out);

    *refused = true;
    if (err == ERR_NOTFOUND || (!err && out->facts.gathering)) /* those have paths of their own */
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = call_may_lesson(c, RIGHT_LESSON_VIEW, out, &may_view);
    if (!err)
        err = call_may_lesson(c, right, out, &may);
    if (err)
        return err;
    if (!may_view || out->facts.state == LESSON_PLANNED)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!may)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = false;
    return ERR_OK;
}

enum err call_acknowledge_all(struct call *c, const char *name, size_t max,
                              enum err (*each)(struct call *c, const char *id, bool *refused))
{
    const json_t *list = json_get_array(&c->in, name, max);
    size_t n = json_array_size(list);
    bool refused = false;
    enum err err = ERR_OK;

    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    for (size_t i = 0; i < n; i++)
        if (!json_is_string(json_array_get(list, i)))
            return call_refuse_word(c, name, "type");
    if (n == 0)
        return call_refuse_word(c, name, "range");
    for (size_t i = 0; !err && !refused && i < n; i++)
        err = each(c, json_string_value(json_array_get(list, i)), &refused);
    if (err || refused)
        return err;
    return call_answer(c, 200, json_pack("{s:I}", "acknowledged", (json_int_t)n));
}

enum err call_match(struct call *c, int64_t rev, bool *refused)
{
    char now[24];

    *refused = true;
    if (!c->http->if_match || !c->http->if_match[0])
        return call_refuse(c, REFUSE_NEED_MATCH);
    if (!str_format(now, sizeof now, "\"v%lld\"", (long long)rev))
        return ERR_INVAL;
    if (strcmp(now, c->http->if_match) != 0)
        return call_refuse(c, REFUSE_STALE);
    *refused = false;
    return ERR_OK;
}

enum role call_role(const struct call *c)
{
    static const enum role order[] = { ROLE_COORDINATOR, ROLE_MENTOR, ROLE_SCHOOL_OFFICER,
                                       ROLE_GUARDIAN,    ROLE_CHILD,  ROLE_ADMIN };

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (grant_has(&c->grants, order[i], (struct org_id){ 0 }))
            return order[i];
    }
    return ROLE_NONE;
}

enum err call_centre(const struct call *c, struct org *out)
{
    const enum org_type centre = ORG_CENTRE;
    struct org_list all = { 0 };
    enum err err;

    for (size_t i = 0; i < c->grants.n; i++) {
        struct org o;

        err = org_load(c->db, c->grants.items[i].org, &o);
        if (!err && o.type != ORG_CENTRE && o.parent.v)
            err = org_load(c->db, o.parent, &o);
        if (err && err != ERR_NOTFOUND)
            return err;
        if (!err && o.type == ORG_CENTRE) {
            *out = o;
            return ERR_OK;
        }
    }
    err = org_list(c->db, &centre, &all);
    if (err)
        return err;
    if (all.n)
        *out = all.items[0];
    err = all.n ? ERR_OK : ERR_NOTFOUND;
    org_list_free(&all);
    return err;
}

bool call_demo(const struct call *c)
{
    struct org centre;
    int64_t demo = 0;

    if (call_centre(c, &centre) ||
        policy_int(c->db, centre.id, "demo", c->now.unix_ms, 0, 1, 0, &demo))
        return false;
    return demo == 1;
}

enum err call_audit(const struct call *c, const char *action, const char *entity, int64_t id,
                    const char *before, const char *after)
{
    return audit_add(c->db, c->now.unix_ms, c->user.id, action, entity, id, before, after);
}
