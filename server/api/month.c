/* SPDX-License-Identifier: Apache-2.0
 *
 * Month reports: the list, one on screen, as CSV, spreadsheet and PDF. Made
 * from the register when asked until the centre has accepted it; from then on
 * everybody gets the frozen bytes. A report whose totals do not follow from
 * its lines is refused, never shown. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/month.h"
#include "server/api/month_json.h"
#include "server/api/person.h"
#include "server/render/csv.h"
#include "server/render/pdf.h"
#include "server/render/xlsx.h"
#include "server/store/mentor.h"

/* Id of nobody, where 0 would mean "all". */
#define NO_MENTOR (-1)

/* What is asked for in the path, and the version to show. */
static enum err asked(struct call *c, struct month *m, struct month_shown *shown, bool *refused)
{
    enum err err = month_open(c, c->word, m, refused);

    return err || *refused ? err : month_shown(c, m, shown, refused);
}

enum err report_get(struct call *c)
{
    struct month m;
    struct month_shown shown;
    bool refused = false;
    enum err err = asked(c, &m, &shown, &refused);

    return err || refused ? err : month_answer(c, 200, &m, &shown);
}

/* ---- files: the frozen ones as they are, others are drawn by a worker --------------------------
 */

enum format { FORMAT_CSV, FORMAT_XLSX, FORMAT_PDF };

static const struct {
    const char *name, *type;
} formats[] = {
    [FORMAT_CSV] = { "csv", "text/csv; charset=utf-8" },
    [FORMAT_XLSX] = { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    [FORMAT_PDF] = { "pdf", "application/pdf" },
};

struct drawing {
    struct month_report report; /* owned */
    const struct labels *labels;
    struct user_id reader;
    enum format format;
    struct pdf file; /* owned; of any format */
    enum err err;
};

static void drawing_free(void *arg)
{
    struct drawing *d = arg;

    month_report_deinit(&d->report);
    pdf_deinit(&d->file);
    mem_free(d);
}

static enum err draw_csv(struct drawing *d)
{
    struct strbuf b;
    char *text = NULL;
    enum err err;

    strbuf_init(&b);
    err = csv_month_report(&d->report, d->labels, &b);
    d->file.len = b.len;
    if (!err)
        err = strbuf_take(&b, &text);
    strbuf_deinit(&b);
    d->file.bytes = (uint8_t *)text;
    return err;
}

/* Worker thread. */
static void draw(void *arg)
{
    struct drawing *d = arg;

    switch (d->format) {
    case FORMAT_CSV:
        d->err = draw_csv(d);
        break;
    case FORMAT_XLSX:
        d->err = xlsx_month_report(&d->report, d->labels, &d->file.bytes, &d->file.len);
        break;
    case FORMAT_PDF:
        d->err = pdf_month_report(&d->report, d->labels, &d->file);
        break;
    }
}

static enum api_answer refuse_now(struct call *c, enum refusal r, struct desk_reply *reply)
{
    enum err err = call_refuse(c, r);

    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}

static enum api_answer drawn(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    const struct drawing *d = arg;
    enum api_answer answer;
    struct call c;

    if (ctx->session.valid && user_id_eq(ctx->session.user.id, d->reader) && !d->err) {
        api_reply(reply, 200, formats[d->format].type, (const char *)d->file.bytes, d->file.len);
        return API_DONE;
    }
    call_init(&c, ctx, &ctx->request->u.http);
    answer = refuse_now(&c, d->err ? REFUSE_INTERNAL : REFUSE_NO_LOGIN, reply); /* signed out */
    call_deinit(&c);
    return answer;
}

/* The frozen bytes. ERR_NOTFOUND: this format was not frozen. */
static enum err frozen_file(const struct call *c, const struct month_shown *shown,
                            enum format format, struct desk_reply *reply)
{
    struct frozen f;
    enum err err = frozen_load(c->db, shown->row.ref, formats[format].name, &f);

    if (err)
        return err;
    api_reply(reply, 200, formats[format].type, (const char *)f.bytes, f.len);
    mem_free(f.bytes);
    return ERR_OK;
}

static enum api_answer defer_file(struct call *c, const struct month *m, enum format format,
                                  struct desk_reply *reply)
{
    struct drawing *d = mem_zalloc(1, sizeof *d);
    enum err err = d ? month_load(c, m, c->user.locale, &d->report) : ERR_NOMEM;

    if (err) {
        mem_free(d);
        return err == ERR_DB ? refuse_now(c, REFUSE_INTERNAL, reply) : API_FAILED;
    }
    d->labels = labels_for(c->user.locale);
    d->reader = c->user.id;
    d->format = format;
    err = api_defer(c->ctx, draw, drawn, d, drawing_free);
    if (err == ERR_AGAIN)
        return refuse_now(c, REFUSE_TOO_MANY, reply);
    return err ? API_FAILED : API_LATER;
}

static enum api_answer file_get(struct call *c, enum format format, struct desk_reply *reply)
{
    struct month m;
    struct month_shown shown;
    bool refused = false;
    enum err err = asked(c, &m, &shown, &refused);

    if (!err && refused)
        return call_reply(c, reply) ? API_FAILED : API_DONE;
    if (!err && shown.frozen)
        err = frozen_file(c, &shown, format, reply);
    else if (!err)
        return defer_file(c, &m, format, reply);
    return err ? API_FAILED : API_DONE;
}

enum api_answer report_csv_get(struct call *c, struct desk_reply *reply)
{
    return file_get(c, FORMAT_CSV, reply);
}

enum api_answer report_xlsx_get(struct call *c, struct desk_reply *reply)
{
    return file_get(c, FORMAT_XLSX, reply);
}

enum api_answer report_pdf_get(struct call *c, struct desk_reply *reply)
{
    return file_get(c, FORMAT_PDF, reply);
}

/* ---- the list ------------------------------------------------------------------------------- */

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

/* Appends the item if the person may see it and it stands behind the first ones. A school sees what
 * it has. */
static enum err add_item(struct call *c, const struct report_head *head, struct page *page,
                         json_t *items, bool *more)
{
    struct month m;
    struct doc_row row;
    struct delivery copy;
    struct grant g;
    json_t *item = NULL;
    bool school = call_scope(c, RIGHT_REPORT_LIST, &g) == SCOPE_OWN_SCHOOL;
    enum err err = month_of_key(c, &head->key, &m);

    m.schools = school;
    if (!err && school) {
        err = month_sent(c, &m, &row, &copy);
        if (err)
            return err == ERR_NOTFOUND ? ERR_OK : err;
    }
    if (err)
        return err;
    if (page->first > 0) {
        page->first--;
        return ERR_OK;
    }
    *more = json_array_size(items) == page->limit;
    if (*more)
        return ERR_OK;
    err = month_item_json(c, &m, &item);
    return err ? err : json_push(items, item);
}

enum err reports_get(struct call *c)
{
    struct report_filter f = { 0 };
    struct report_head_list l = { 0 };
    struct day_range month;
    struct page page, left;
    bool any = false, refused = false, more = false;
    json_t *items = NULL;
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
    f.empty_too = c->now.unix_ms >= month.to_ms; /* before that, lessons may still come */
    left = page;
    items = json_array();
    err = items ? report_list(c->db, &f, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n && !more; i++)
        err = add_item(c, &l.items[i], &left, items, &more);
    if (!err)
        err = call_answer(
            c, 200,
            json_pack("{s:s,s:O,s:o}", "month", month.text, "items", items, "next",
                      page_next(page.first + page.limit, page.first + page.limit + (size_t)more)));
    json_decref(items);
    report_head_list_free(&l);
    return err == ERR_DB ? call_refuse(c, REFUSE_INTERNAL) : err;
}
