/* SPDX-License-Identifier: Apache-2.0
 *
 * Month reports: the list, one on screen, as CSV and as PDF. Made from the
 * register when asked; a report whose totals do not follow from its lines is
 * refused, never shown. Desk thread.
 */
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/month_json.h"
#include "server/api/owed.h"
#include "server/api/person.h"
#include "server/render/csv.h"
#include "server/render/pdf.h"
#include "server/store/child.h"
#include "server/store/home.h"
#include "server/store/mentor.h"
#include "server/store/org.h"
#include "server/store/report.h"
#include "server/store/seat.h"

/* Id of nobody, where 0 would mean "all". */
#define NO_MENTOR (-1)

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

static enum err may_report(const struct call *c, const struct report_key *key, bool *out)
{
    *out = false;
    for (size_t i = 0; i < c->grants.n && !*out; i++) {
        struct relation to = { 0 };
        enum err err = relation_report(c->db, &c->grants.items[i], key->mentor, key->child,
                                       key->school, c->now.unix_ms, &to);

        if (err)
            return err;
        *out = access_may(c->grants.items[i].role, RIGHT_REPORT_VIEW, to);
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
                               .month = key->month };
    struct report_head_list l = { 0 };
    enum err err = report_list(c->db, &f, &l);

    *out = l.n > 0;
    report_head_list_free(&l);
    return err;
}

/* The report in the path, if the person may see it. */
static enum err report_key_of(struct call *c, struct report_key *out, bool *refused)
{
    struct report_key key = { 0 };
    int64_t ids[3];
    struct mentor m;
    struct child child;
    bool may = false;
    enum err err;

    *refused = true;
    if (!parse_id(c->word, ids, &key.year, &key.month))
        return call_refuse(c, REFUSE_NOT_FOUND);
    err = mentor_by_user(c->db, (struct user_id){ ids[0] }, &m);
    if (!err)
        err = child_by_user(c->db, (struct user_id){ ids[1] }, &child);
    if (!err) {
        key.mentor = m.id;
        key.child = child.id;
        key.school.v = ids[2];
        err = may_report(c, &key, &may);
    }
    if (!err && may)
        err = exists(c, &key, &may);
    if (err && err != ERR_NOTFOUND)
        return err;
    if (err || !may)
        return call_refuse(c, REFUSE_NOT_FOUND);
    *out = key;
    *refused = false;
    return ERR_OK;
}

/* Loads and checks; the subjects by their names in the locale, by their codes if it is "". ERR_DB:
 * the report contradicts itself. */
static enum err load_checked(const struct call *c, const struct report_key *key, const char *locale,
                             struct month_report *out)
{
    struct report_key named = *key;
    int line = 0;
    enum report_fault fault;
    enum err err = str_copy(named.locale, sizeof named.locale, locale)
                       ? report_load(c->db, &named, c->now.unix_ms, out)
                       : ERR_INVAL;

    if (err)
        return err;
    fault = month_report_check(out, &line);
    if (fault == REPORT_FINE)
        return ERR_OK;
    log_error("report.refused", "fault=%d line=%d mentor=%lld child=%lld month=%04d-%02d",
              (int)fault, line, (long long)key->mentor.v, (long long)key->child.v, key->year,
              key->month);
    month_report_deinit(out);
    return ERR_DB;
}

static enum err with_report(struct call *c, const char *locale,
                            enum err (*run)(struct call *c, const struct report_key *key,
                                            const struct month_report *r))
{
    struct month_report r;
    struct report_key key;
    bool refused = false;
    enum err err = report_key_of(c, &key, &refused);

    if (err || refused)
        return err;
    err = load_checked(c, &key, locale, &r);
    if (err == ERR_DB)
        return call_refuse(c, REFUSE_INTERNAL);
    if (err)
        return err;
    err = run(c, &key, &r);
    month_report_deinit(&r);
    return err;
}

static enum err answer_json(struct call *c, const struct report_key *key,
                            const struct month_report *r)
{
    json_t *json = NULL;
    enum err err = month_report_json(c, key, r, &json);

    return err ? err : call_answer(c, 200, json);
}

static enum err answer_csv(struct call *c, const struct report_key *key,
                           const struct month_report *r)
{
    struct strbuf b;
    char *text = NULL;
    size_t len;
    enum err err;

    (void)key;
    strbuf_init(&b);
    err = csv_month_report(r, labels_for(c->user.locale), &b);
    len = b.len;
    if (!err)
        err = strbuf_take(&b, &text);
    strbuf_deinit(&b);
    if (!err)
        call_answer_raw(c, "text/csv; charset=utf-8", text, len);
    return err;
}

enum err report_get(struct call *c)
{
    return with_report(c, "", answer_json);
}

enum err report_csv_get(struct call *c)
{
    return with_report(c, c->user.locale, answer_csv);
}

/* ---- drawing is a worker's: it takes tens of milliseconds --------------------------------------
 */

struct drawing {
    struct month_report report; /* owned */
    const struct labels *labels;
    struct user_id reader;
    struct pdf pdf; /* owned */
    enum err err;
};

static void drawing_free(void *arg)
{
    struct drawing *d = arg;

    month_report_deinit(&d->report);
    pdf_deinit(&d->pdf);
    mem_free(d);
}

/* Worker thread. */
static void draw(void *arg)
{
    struct drawing *d = arg;

    d->err = pdf_month_report(&d->report, d->labels, &d->pdf);
}

static enum api_answer drawn(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    const struct drawing *d = arg;
    struct call c;
    enum err err = ERR_OK;

    if (ctx->session.valid && user_id_eq(ctx->session.user.id, d->reader) && !d->err) {
        api_reply(reply, 200, "application/pdf", (const char *)d->pdf.bytes, d->pdf.len);
        return API_DONE;
    }
    call_init(&c, ctx, &ctx->request->u.http);
    err = call_refuse(&c, d->err ? REFUSE_INTERNAL : REFUSE_NO_LOGIN); /* signed out meanwhile */
    if (!err)
        err = call_reply(&c, reply);
    call_deinit(&c);
    return err ? API_FAILED : API_DONE;
}

static enum api_answer refuse_now(struct call *c, enum refusal r, struct desk_reply *reply)
{
    enum err err = call_refuse(c, r);

    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}

enum api_answer report_pdf_get(struct call *c, struct desk_reply *reply)
{
    struct report_key key;
    bool refused = false;
    struct drawing *d = NULL;
    enum err err = report_key_of(c, &key, &refused);

    if (!err && refused)
        return call_reply(c, reply) ? API_FAILED : API_DONE;
    if (!err) {
        d = mem_zalloc(1, sizeof *d);
        err = d ? load_checked(c, &key, c->user.locale, &d->report) : ERR_NOMEM;
    }
    if (err) {
        mem_free(d);
        return err == ERR_DB ? refuse_now(c, REFUSE_INTERNAL, reply) : API_FAILED;
    }
    d->labels = labels_for(c->user.locale);
    d->reader = c->user.id;
    err = api_defer(c->ctx, draw, drawn, d, drawing_free);
    if (err == ERR_AGAIN)
        return refuse_now(c, REFUSE_TOO_MANY, reply);
    return err ? API_FAILED : API_LATER;
}

/* What of the schedule's reports is within the reach of the person. False: nothing ever. */
static enum err filter_of(const struct call *c, struct report_filter *f, bool *any)
{
    struct grant g;
    struct mentor m;
    enum err err = ERR_OK;

    *any = true;
    switch (call_scope(c, RIGHT_REPORT_LIST, &g)) {
    case SCOPE_OWN:
        err = mentor_by_user(c->db, c->user.id, &m);
        f->mentor = err ? (struct mentor_id){ NO_MENTOR } : m.id;
        return err == ERR_NOTFOUND ? ERR_OK : err;
    case SCOPE_OWN_SCHOOL:
        f->school = g.org;
        return ERR_OK;
    case SCOPE_OWN_CENTRE:
        f->centre = g.org;
        return ERR_OK;
    case SCOPE_ALL:
        return ERR_OK;
    case SCOPE_OWN_CHILDREN:
    case SCOPE_NONE:
    case SCOPE_COUNT:
        break;
    }
    *any = false;
    return ERR_OK;
}

static enum err item_json(const struct call *c, const struct report_head *head, json_t **out)
{
    struct month_report r;
    enum err err = load_checked(c, &head->key, "", &r);

    if (err)
        return err;
    err = month_item_json(c, &head->key, &r, out);
    month_report_deinit(&r);
    return err;
}

enum err reports_get(struct call *c)
{
    struct report_filter f = { 0 };
    struct report_head_list l = { 0 };
    struct day_range month;
    struct page page;
    bool any = false, refused = false;
    json_t *items = NULL;
    size_t end;
    enum err err = filter_of(c, &f, &any);

    if (!err && !any)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (!err)
        err = call_month(c, c->user.tz, &month, &refused);
    if (!err && !refused)
        err = call_page(c, &page, &refused);
    if (err || refused)
        return err;
    f.year = month.year;
    f.month = month.month;
    items = json_array();
    err = items ? report_list(c->db, &f, &l) : ERR_NOMEM;
    end = page.first + page.limit < l.n ? page.first + page.limit : l.n;
    for (size_t i = page.first; !err && i < end; i++) {
        json_t *item = NULL;

        err = item_json(c, &l.items[i], &item);
        if (!err)
            err = json_push(items, item);
    }
    if (!err)
        err = call_answer(c, 200,
                          json_pack("{s:s,s:O,s:o}", "month", month.text, "items", items, "next",
                                    page_next(end, l.n)));
    json_decref(items);
    report_head_list_free(&l);
    return err == ERR_DB ? call_refuse(c, REFUSE_INTERNAL) : err;
}
