/* SPDX-License-Identifier: Apache-2.0
 *
 * Mark sheets: the list, one on screen, as CSV, spreadsheet and PDF. Made from
 * lessons and marks when asked until the centre has accepted it; from then on
 * everybody gets the frozen bytes. Desk thread.
 */
#include "server/api/sheet.h"

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/month_json.h"
#include "server/api/person.h"
#include "server/domain/day.h"
#include "server/render/sheet.h"
#include "server/store/mentor.h"
#include "server/store/org.h"

/* Id of nobody, where 0 would mean "all". */
#define NO_MENTOR (-1)
/* The list goes back over one school year. */
#define DAYS_BACK 366

/* What is asked for in the path, and the version to show. */
static enum err asked(struct call *c, struct sheet_view *v, struct month_shown *shown,
                      bool *refused)
{
    enum err err = sheet_open(c, c->word, v, refused);

    return err || *refused ? err : sheet_shown(c, v, shown, refused);
}

enum err sheet_get(struct call *c)
{
    struct sheet_view v;
    struct month_shown shown;
    bool refused = false;
    enum err err = asked(c, &v, &shown, &refused);

    return err || refused ? err : sheet_answer(c, 200, &v, &shown);
}

/* ---- files ---------------------------------------------------------------------------------- */

const struct sheet_format_name sheet_formats[SHEET_FORMATS] = {
    [SHEET_PDF] = { "pdf", "application/pdf" },
    [SHEET_CSV] = { "csv", "text/csv; charset=utf-8" },
    [SHEET_XLSX] = { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
};

enum err sheet_draw(const struct mark_sheet *s, const struct labels *labels,
                    enum sheet_format format, struct sheet_file *out)
{
    struct pdf pdf;
    enum err err;

    if (format == SHEET_CSV)
        return sheet_csv(s, labels, &out->bytes, &out->len);
    if (format == SHEET_XLSX)
        return sheet_xlsx(s, labels, &out->bytes, &out->len);
    err = pdf_mark_sheet(s, labels, &pdf);
    if (!err)
        *out = (struct sheet_file){ pdf.bytes, pdf.len };
    return err;
}

struct drawing {
    struct mark_sheet sheet; /* owned */
    const struct labels *labels;
    struct user_id reader;
    enum sheet_format format;
    struct sheet_file file; /* owned */
    enum err err;
};

static void drawing_free(void *arg)
{
    struct drawing *d = arg;

    mark_sheet_deinit(&d->sheet);
    mem_free(d->file.bytes);
    mem_free(d);
}

/* Worker thread. */
static void draw(void *arg)
{
    struct drawing *d = arg;

    d->err = sheet_draw(&d->sheet, d->labels, d->format, &d->file);
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
        api_reply(reply, 200, sheet_formats[d->format].type, (const char *)d->file.bytes,
                  d->file.len);
        return API_DONE;
    }
    call_init(&c, ctx, &ctx->request->u.http);
    answer = refuse_now(&c, d->err ? REFUSE_INTERNAL : REFUSE_NO_LOGIN, reply); /* signed out */
    call_deinit(&c);
    return answer;
}

static enum err frozen_file(const struct call *c, const struct month_shown *shown,
                            enum sheet_format format, struct desk_reply *reply)
{
    struct frozen f;
    enum err err = frozen_load(c->db, shown->row.ref, sheet_formats[format].name, &f);

    if (err)
        return err;
    api_reply(reply, 200, sheet_formats[format].type, (const char *)f.bytes, f.len);
    mem_free(f.bytes);
    return ERR_OK;
}

static enum api_answer defer_file(struct call *c, const struct sheet_view *v,
                                  enum sheet_format format, struct desk_reply *reply)
{
    struct drawing *d = mem_zalloc(1, sizeof *d);
    enum err err = d ? sheet_view_load(c, v, c->user.locale, &d->sheet) : ERR_NOMEM;

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

static enum api_answer file_get(struct call *c, enum sheet_format format, struct desk_reply *reply)
{
    struct sheet_view v;
    struct month_shown shown;
    bool refused = false;
    enum err err = asked(c, &v, &shown, &refused);

    if (!err && refused)
        return call_reply(c, reply) ? API_FAILED : API_DONE;
    if (!err && shown.frozen)
        err = frozen_file(c, &shown, format, reply);
    else if (!err)
        return defer_file(c, &v, format, reply);
    return err ? API_FAILED : API_DONE;
}

enum api_answer sheet_csv_get(struct call *c, struct desk_reply *reply)
{
    return file_get(c, SHEET_CSV, reply);
}

enum api_answer sheet_xlsx_get(struct call *c, struct desk_reply *reply)
{
    return file_get(c, SHEET_XLSX, reply);
}

enum api_answer sheet_pdf_get(struct call *c, struct desk_reply *reply)
{
    return file_get(c, SHEET_PDF, reply);
}

/* ---- the list ------------------------------------------------------------------------------- */

/* What is within the reach of the person. False: nothing ever. */
static enum err filter_of(const struct call *c, struct sheet_filter *f, bool *any)
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
        f->sent = true;
        return ERR_OK;
    case SCOPE_OWN_CENTRE:
        f->centre = g.org;
        return ERR_OK;
    default:
        break;
    }
    *any = false;
    return ERR_OK;
}

/* The policy of the head's centre; *of keeps whose the last one was. */
static enum err policy_for(const struct call *c, struct org_id school, struct org_id *of,
                           struct marks_policy *p)
{
    struct org o;
    enum err err;

    if (org_id_eq(school, *of))
        return ERR_OK;
    err = org_load(c->db, school, &o);
    *of = school;
    return err ? err : policy_marks(c->db, o.parent, c->now.unix_ms, p);
}

/* Leaves out the terms at whose end the grade is not marked, unless a sheet was begun: the child
 * may have been in another grade. */
static enum err keep_due(const struct call *c, struct sheet_head_list *l)
{
    struct org_id of = { 0 };
    struct marks_policy p;
    size_t n = 0;
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < l->n; i++) {
        struct doc_row row = { 0 };
        bool due;

        err = policy_for(c, l->items[i].key.school, &of, &p);
        due = !err && marks_due(&p, l->items[i].grade, l->items[i].key.kind);
        if (!err && !due)
            err = sheet_row_load(c->db, &l->items[i].key, 0, &row);
        if (!err && (due || row.rev))
            l->items[n++] = l->items[i];
    }
    l->n = n;
    return err;
}

static enum err page_of(struct call *c, const struct sheet_head_list *l, bool school,
                        const struct page *page, json_t *items)
{
    enum err err = ERR_OK;

    for (size_t i = page->first; !err && i < l->n && i < page->first + page->limit; i++) {
        struct sheet_view v;
        json_t *item = NULL;

        err = sheet_of_key(c, &l->items[i].key, &v);
        v.way.schools = school;
        if (!err)
            err = sheet_item_json(c, &v, &item);
        if (!err)
            err = json_push(items, item);
    }
    return err;
}

enum err sheets_get(struct call *c)
{
    struct sheet_filter f = { 0 };
    struct sheet_head_list l = { 0 };
    struct page page;
    bool any = false, refused = false;
    json_t *items;
    enum err err = filter_of(c, &f, &any);

    if (!err && !any)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (!err)
        err = call_page(c, &page, &refused);
    if (!err && !refused)
        err = day_in_zone(c->user.tz, c->now.unix_ms, &f.last_day);
    if (err || refused)
        return err;
    f.first_day = f.last_day - DAYS_BACK;
    items = json_array();
    err = items ? sheet_list(c->db, &f, &l) : ERR_NOMEM;
    if (!err && !f.sent)
        err = keep_due(c, &l);
    if (!err)
        err = page_of(c, &l, f.sent, &page, items);
    if (!err)
        err = call_answer(c, 200,
                          json_pack("{s:O,s:o}", "items", items, "next",
                                    page_next(page.first + page.limit, l.n)));
    json_decref(items);
    sheet_head_list_free(&l);
    return err == ERR_DB ? call_refuse(c, REFUSE_INTERNAL) : err;
}
