/* SPDX-License-Identifier: Apache-2.0
 *
 * The centre's figures: a table by school, mentor, subject or month, its CSV,
 * and the rows behind each number. A coordinator asks for the centre, a school
 * officer for the own school's children, a mentor for the own lessons. A worker
 * reads, through a connection of its own: nobody else waits for a year of
 * lessons. Desk thread; gather on a worker.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/figures.h"
#include "server/store/mentor.h"
#include "server/store/org.h"

static void asking_free(void *arg)
{
    struct figures_asked *a = arg;

    figures_list_free(&a->list);
    figures_items_free(&a->items);
    mem_free(a);
}

/* Worker thread. */
static void gather(void *arg)
{
    struct figures_asked *a = arg;
    struct db *reader = NULL;

    a->err = db_open(&reader, a->path, DB_READER);
    if (!a->err && a->as == AS_ROWS)
        a->err =
            figures_rows(reader, &a->query, a->figure, a->page.first, a->page.limit, &a->items);
    else if (!a->err)
        a->err = figures_load(reader, &a->query, &a->list);
    db_close(reader);
}

/* ---- what is asked for ------------------------------------------------------------------ */

static enum err bad(struct call *c, const char *name, enum json_fault fault, bool *refused)
{
    *refused = true;
    return call_refuse_query(c, name, fault);
}

/* "from" and "to", both months inclusive; absent: the running month, and the same as from. */
static enum err read_months(struct call *c, struct figures_query *q, bool *refused)
{
    enum json_fault fault, other;
    struct local_time now;
    char from[8], to[8];
    int year, month;
    bool has_from = call_query(c, "from", from, sizeof from, &fault);
    bool has_to = call_query(c, "to", to, sizeof to, &other);
    enum err err = zone_local(c->user.tz, c->now.unix_ms, &now);

    if (err)
        return err;
    q->year = now.year;
    q->month = now.month;
    if (fault || (has_from && !body_month(from, &q->year, &q->month)))
        return bad(c, "from", fault ? fault : JSON_FAULT_MALFORMED, refused);
    year = q->year;
    month = q->month;
    if (other || (has_to && !body_month(to, &year, &month)))
        return bad(c, "to", other ? other : JSON_FAULT_MALFORMED, refused);
    q->months = (year - q->year) * 12 + month - q->month + 1;
    if (q->months < 1 || q->months > FIGURES_MONTHS_MAX)
        return bad(c, "to", JSON_FAULT_RANGE, refused);
    return ERR_OK;
}

static enum err read_by(struct call *c, struct figures_query *q, bool *refused)
{
    enum json_fault fault;
    char word[16];

    q->by = FIGURES_BY_SCHOOL;
    if (call_query(c, "by", word, sizeof word, &fault) && !figures_by_parse(word, &q->by))
        fault = JSON_FAULT_RANGE;
    return fault ? bad(c, "by", fault, refused) : ERR_OK;
}

/* A number in the query, 0 if absent. */
static enum err read_id(struct call *c, const char *name, int64_t *out, bool *refused)
{
    enum json_fault fault;
    char text[20];

    *out = 0;
    if (call_query(c, name, text, sizeof text, &fault) &&
        str_to_i64(text, 1, BODY_ID_MAX, out) != ERR_OK)
        fault = JSON_FAULT_RANGE;
    return fault ? bad(c, name, fault, refused) : ERR_OK;
}

static enum err not_there(struct call *c, bool *refused)
{
    *refused = true;
    return call_refuse(c, REFUSE_NOT_FOUND);
}

/* A school of the own centre; an officer's own. */
static enum err read_school(struct call *c, struct figures_query *q, bool *refused)
{
    struct org_id own = q->school;
    struct org school;
    int64_t id;
    enum err err = read_id(c, "school", &id, refused);

    if (err || *refused || !id)
        return err;
    if (own.v && own.v != id)
        return not_there(c, refused);
    q->school.v = id;
    err = org_load(c->db, q->school, &school);
    if (err == ERR_NOTFOUND ||
        (!err && (school.type != ORG_SCHOOL || !org_id_eq(school.parent, q->centre))))
        return not_there(c, refused);
    return err;
}

/* A mentor of the own centre, by the user's id; a mentor's own. */
static enum err read_mentor(struct call *c, struct figures_query *q, bool *refused)
{
    struct mentor_id own = q->mentor;
    struct mentor m;
    int64_t user;
    enum err err = read_id(c, "mentor", &user, refused);

    if (err || *refused || !user)
        return err;
    err = mentor_by_user(c->db, (struct user_id){ user }, &m);
    if (err == ERR_NOTFOUND ||
        (!err && (!org_id_eq(m.centre, q->centre) || (own.v && own.v != m.id.v))))
        return not_there(c, refused);
    q->mentor = m.id;
    return err;
}

static enum err read_subject(struct call *c, struct figures_query *q, bool *refused)
{
    enum json_fault fault;
    struct subject s;
    char code[81];
    enum err err;

    if (!call_query(c, "subject", code, sizeof code, &fault))
        return fault ? bad(c, "subject", fault, refused) : ERR_OK;
    err = subject_by_code(c->db, code, &s);
    if (err == ERR_NOTFOUND)
        return not_there(c, refused);
    q->subject = s.id;
    return err;
}

/* As far as the person may look. */
static enum err read_reach(struct call *c, struct figures_query *q, bool *refused)
{
    struct grant g = { 0 };
    struct mentor m;
    struct org school;
    enum err err = ERR_OK;

    switch (call_scope(c, RIGHT_FIGURES_VIEW, &g)) {
    case SCOPE_OWN_CENTRE:
        q->centre = g.org;
        return ERR_OK;
    case SCOPE_OWN_SCHOOL:
        err = org_load(c->db, g.org, &school);
        q->school = g.org;
        q->centre = school.parent;
        return err;
    case SCOPE_OWN:
        err = mentor_by_user(c->db, c->user.id, &m);
        if (err == ERR_NOTFOUND)
            return not_there(c, refused);
        q->mentor = m.id;
        q->centre = m.centre;
        return err;
    default:
        *refused = true;
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    }
}

static enum err read_query(struct call *c, struct figures_query *q, bool *refused)
{
    static enum err (*const parts[])(struct call *, struct figures_query *, bool *) = {
        read_reach, read_months, read_by, read_school, read_mentor, read_subject,
    };
    enum err err = ERR_OK;

    for (size_t i = 0; !err && !*refused && i < sizeof parts / sizeof parts[0]; i++)
        err = parts[i](c, q, refused);
    return err;
}

static enum err read_rows(struct call *c, struct figures_asked *a, bool *refused)
{
    enum json_fault fault;
    char word[24];

    if (!call_query(c, "figure", word, sizeof word, &fault) && !fault)
        fault = JSON_FAULT_MISSING;
    if (!fault && !figure_parse(word, &a->figure))
        fault = JSON_FAULT_RANGE;
    return fault ? bad(c, "figure", fault, refused) : call_page(c, &a->page, refused);
}

/* ---- endpoints -------------------------------------------------------------------------- */

static enum api_answer answered(struct call *c, enum err err, struct desk_reply *reply)
{
    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}

/* The worker is done; the person may have been signed out meanwhile. */
static enum api_answer gathered(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    const struct figures_asked *a = arg;
    enum api_answer done;
    struct call c;

    call_init(&c, ctx, &ctx->request->u.http);
    if (!ctx->session.valid || !user_id_eq(ctx->session.user.id, a->reader))
        done = answered(&c, call_refuse(&c, REFUSE_NO_LOGIN), reply);
    else if (a->err)
        done = answered(&c, call_refuse(&c, REFUSE_INTERNAL), reply);
    else
        done = answered(&c, figures_answer(&c, a), reply);
    call_deinit(&c);
    return done;
}

static enum api_answer ask(struct call *c, enum asked_as as, struct desk_reply *reply)
{
    struct figures_asked *a = mem_zalloc(1, sizeof *a);
    bool refused = false;
    enum err err;

    if (!a)
        return API_FAILED;
    a->as = as;
    a->reader = c->user.id;
    err = read_query(c, &a->query, &refused);
    if (!err && !refused && as == AS_ROWS)
        err = read_rows(c, a, &refused);
    if (!err && !refused && !str_copy(a->path, sizeof a->path, desk_database(c->ctx->desk)))
        err = ERR_INVAL;
    if (err || refused) {
        asking_free(a);
        return answered(c, err, reply);
    }
    err = api_defer(c->ctx, gather, gathered, a, asking_free);
    if (err == ERR_AGAIN)
        return answered(c, call_refuse(c, REFUSE_TOO_MANY), reply);
    return err ? API_FAILED : API_LATER;
}

enum api_answer figures_get(struct call *c, struct desk_reply *reply)
{
    return ask(c, AS_TABLE, reply);
}

enum api_answer figures_csv_get(struct call *c, struct desk_reply *reply)
{
    return ask(c, AS_CSV, reply);
}

enum api_answer figures_rows_get(struct call *c, struct desk_reply *reply)
{
    return ask(c, AS_ROWS, reply);
}
