/* SPDX-License-Identifier: Apache-2.0
 *
 * See archive_write.h. First every report is looked at (state, totals), then
 * the summary is made, then the files one by one as the archive is written: no
 * more than one document is in memory.
 */
#include "server/api/archive_write.h"

#include <jansson.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/render/archive.h"
#include "server/render/pdf.h"
#include "server/store/delivery.h"
#include "server/store/org.h"
#include "server/tables/read.h"

struct item {
    struct report_key key;
    struct doc_ref accepted; /* id 0: none */
    char file[120];
};

/* The three formats of an accepted report; a draft has the first. */
static const char *const formats[] = { "pdf", "xlsx", "csv" };
#define FORMATS (sizeof formats / sizeof formats[0])

struct making {
    struct db *db;                 /* borrowed */
    const struct archive_asked *a; /* borrowed */
    struct report_head_list heads; /* owned */
    struct item *items;            /* owned; as many as heads */
    struct archive_line *lines;    /* owned; names are those of heads */
    int64_t done;
};

static void making_deinit(struct making *m)
{
    report_head_list_free(&m->heads);
    mem_free(m->items);
    mem_free(m->lines);
}

/* One more step of two per report. */
static enum err step(struct making *m)
{
    m->done++;
    if (m->a->stop && m->a->stop(m->a->ctx, m->done, 2 * (int64_t)m->heads.n))
        return ERR_STATE;
    return ERR_OK;
}

/* ---- looking ---------------------------------------------------------------------------- */

static enum err flow_of(struct making *m, const struct report_key *key, const struct doc_row *row,
                        struct flow_facts *f)
{
    struct delivery copy;
    struct org school;
    int64_t from;
    enum err e = org_load(m->db, key->school, &school);

    *f = (struct flow_facts){ .row = row->row };
    if (!e)
        e = report_month_bounds(school.tz, key->year, key->month, &from, &f->period_end_ms);
    f->due_ms = f->period_end_ms;
    if (e || !row->rev)
        return e;
    e = delivery_load(m->db, row->ref, &copy);
    f->sent = !e && copy.sent_ms;
    f->acknowledged = !e && copy.ack_ms;
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

/* The newest accepted version; 0: none. */
static enum err find_accepted(struct making *m, const struct report_key *key,
                              const struct doc_row *newest, struct doc_ref *ref, int *version)
{
    enum err e = ERR_OK;

    *version = 0;
    for (int v = newest->rev ? newest->version : 0; !e && v > 0 && !*version; v--) {
        struct doc_row row;

        e = report_row_load(m->db, key, v, &row);
        if (!e && row.row == FLOW_ROW_ACCEPTED) {
            *ref = row.ref;
            *version = v;
        }
    }
    return e;
}

static int count_in(const json_t *totals, const char *name)
{
    return (int)json_integer_value(json_object_get(totals, name));
}

/* As they stand in the body that was accepted. */
static enum err frozen_totals(struct making *m, struct doc_ref ref, struct report_totals *t)
{
    const json_t *totals;
    struct frozen f;
    json_t *body;
    enum err e = frozen_load(m->db, ref, "json", &f);

    if (e)
        return e;
    body = json_loadb((const char *)f.bytes, f.len, 0, NULL);
    mem_free(f.bytes);
    totals = json_object_get(body, "totals");
    if (!totals) {
        json_decref(body);
        return ERR_DB;
    }
    *t = (struct report_totals){ .planned = count_in(totals, "planned"),
                                 .held = count_in(totals, "held"),
                                 .partial = count_in(totals, "partial"),
                                 .not_held = count_in(totals, "not_held"),
                                 .cancelled = count_in(totals, "cancelled") };
    t->contact_ms = json_integer_value(json_object_get(totals, "contact_ms"));
    json_decref(body);
    return ERR_OK;
}

static enum err draft_totals(struct making *m, const struct report_key *key,
                             struct report_totals *t)
{
    struct month_report r;
    enum err e = report_load(m->db, key, m->a->now_ms, &r);

    if (e)
        return e;
    *t = r.totals;
    month_report_deinit(&r);
    return ERR_OK;
}

static enum err look(struct making *m, size_t i)
{
    const struct report_head *h = &m->heads.items[i];
    struct archive_line *line = &m->lines[i];
    struct item *item = &m->items[i];
    struct doc_row newest;
    struct flow_facts f;
    int accepted = 0;
    enum err e = report_row_load(m->db, &h->key, 0, &newest);

    item->key = h->key;
    if (!e && !str_copy(item->key.locale, sizeof item->key.locale, m->a->locale))
        e = ERR_INVAL;
    if (!e)
        e = flow_of(m, &h->key, &newest, &f);
    if (!e)
        e = find_accepted(m, &h->key, &newest, &item->accepted, &accepted);
    if (e)
        return e;
    *line = (struct archive_line){
        .school = h->school, .mentor = h->mentor, .child = h->child, .file = item->file
    };
    line->entry = archive_entry_of(&f, newest.version, accepted, m->a->now_ms);
    if (!str_format(
            item->file, sizeof item->file, "%s/%04d-%02d-mentor%lld-child%lld-school%lld-v%d",
            accepted ? "accepted" : "drafts", h->key.year, h->key.month, (long long)h->key.mentor.v,
            (long long)h->key.child.v, (long long)h->key.school.v, line->entry.version))
        return ERR_INVAL;
    return accepted ? frozen_totals(m, item->accepted, &line->totals)
                    : draft_totals(m, &item->key, &line->totals);
}

/* ---- writing ---------------------------------------------------------------------------- */

static enum err make_draft(struct making *m, size_t i, uint8_t **bytes, size_t *len)
{
    struct month_report r;
    struct pdf pdf;
    enum err e = report_load(m->db, &m->items[i].key, m->a->now_ms, &r);

    if (e)
        return e;
    r.draft = true;
    r.version = m->lines[i].entry.version;
    e = pdf_month_report(&r, labels_for(m->a->locale), &pdf);
    month_report_deinit(&r);
    if (e)
        return e;
    *bytes = mem_zalloc(pdf.len, 1);
    if (*bytes) {
        memcpy(*bytes, pdf.bytes, pdf.len);
        *len = pdf.len;
    }
    pdf_deinit(&pdf);
    return *bytes ? ERR_OK : ERR_NOMEM;
}

static enum err make_document(void *arg, size_t at, uint8_t **bytes, size_t *len)
{
    struct making *m = arg;
    size_t i = at / FORMATS, format = at % FORMATS;
    struct frozen f;
    enum err e = format == 0 ? step(m) : ERR_OK;

    if (e)
        return e;
    if (!m->items[i].accepted.id)
        return make_draft(m, i, bytes, len);
    e = frozen_load(m->db, m->items[i].accepted, formats[format], &f);
    if (e)
        return e;
    *bytes = f.bytes;
    *len = f.len;
    return ERR_OK;
}

static enum err add_documents(struct making *m, struct pack_out *p)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < m->heads.n; i++) {
        size_t n = m->items[i].accepted.id ? FORMATS : 1;

        for (size_t f = 0; !e && f < n; f++) {
            char name[130];

            e = str_format(name, sizeof name, "%s.%s", m->items[i].file, formats[f])
                    ? pack_add_made(p, name, make_document, m, i * FORMATS + f)
                    : ERR_INVAL;
        }
    }
    return e;
}

struct sheets {
    uint8_t *summary, *missing, *book; /* owned */
    size_t summary_len, missing_len, book_len;
};

static void sheets_deinit(struct sheets *s)
{
    mem_free(s->summary);
    mem_free(s->missing);
    mem_free(s->book);
}

static enum err make_sheets(const struct making *m, struct sheets *s)
{
    size_t n = m->heads.n;
    const char *lang = m->a->locale;
    enum err e = archive_csv(m->lines, n, false, lang, &s->summary, &s->summary_len);

    if (!e)
        e = archive_csv(m->lines, n, true, lang, &s->missing, &s->missing_len);
    return e ? e : archive_xlsx(m->lines, n, lang, m->a->now_ms, &s->book, &s->book_len);
}

static enum err write_pack(struct making *m, const struct sheets *s, const char *path)
{
    struct pack_out *p;
    enum err e = pack_new_file(&p, path);

    if (e)
        return e;
    e = pack_add(p, "summary.csv", s->summary, s->summary_len);
    if (!e)
        e = pack_add(p, "summary.xlsx", s->book, s->book_len);
    if (!e)
        e = pack_add(p, "missing.csv", s->missing, s->missing_len);
    if (!e)
        e = add_documents(m, p);
    if (!e)
        return pack_write(p);
    pack_drop(p);
    return e;
}

static enum err look_at_all(struct making *m)
{
    struct report_filter f = {
        .centre = m->a->centre, .year = m->a->year, .month = m->a->month, .empty_too = true
    };
    enum err e = report_list(m->db, &f, &m->heads);

    if (e)
        return e;
    m->items = mem_zalloc(m->heads.n + 1, sizeof m->items[0]);
    m->lines = mem_zalloc(m->heads.n + 1, sizeof m->lines[0]);
    if (!m->items || !m->lines)
        e = ERR_NOMEM;
    for (size_t i = 0; !e && i < m->heads.n; i++) {
        e = look(m, i);
        if (!e)
            e = step(m);
    }
    return e;
}

enum err archive_write(struct db *reader, const struct archive_asked *a, const char *path,
                       struct archive_made *out)
{
    struct making m = { .db = reader, .a = a };
    struct sheets s = { 0 };
    enum err e = look_at_all(&m);

    if (!e)
        e = make_sheets(&m, &s);
    if (!e)
        e = write_pack(&m, &s, path);
    *out = (struct archive_made){ .reports = (int64_t)m.heads.n };
    for (size_t i = 0; !e && i < m.heads.n; i++) {
        out->accepted += m.lines[i].entry.frozen;
        out->waiting += m.lines[i].entry.act != ARCHIVE_ACT_NONE;
    }
    sheets_deinit(&s);
    making_deinit(&m);
    return e;
}
