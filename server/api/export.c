/* SPDX-License-Identifier: Apache-2.0 */
#include "server/api/export.h"

#include "common/base/mem.h"
#include "server/api/endpoints.h"
#include "server/render/csv.h"
#include "server/store/roster_export.h"
#include "server/tables/read.h"

static enum err table_csv(const struct table *t, struct strbuf *out)
{
    struct csv csv = { .out = out };

    strbuf_init(out);
    for (size_t row = 0; row < t->rows; row++) {
        for (size_t i = 0; i < t->columns; i++)
            csv_text(&csv, table_cell(t, row, i));
        csv_end_row(&csv);
    }
    return strbuf_ok(out) ? ERR_OK : ERR_NOMEM;
}

static enum err pack_tables(const struct table *tables, struct strbuf *texts, uint8_t **bytes,
                            size_t *len)
{
    struct pack_out *p;
    enum err e = pack_new(&p);

    if (e)
        return e;
    for (int f = 0; !e && f < ONEROSTER_FILE_COUNT; f++) {
        e = table_csv(&tables[f], &texts[f]);
        if (!e)
            e = pack_add(p, oneroster_file_name((enum oneroster_file)f), texts[f].s, texts[f].len);
    }
    if (!e)
        return pack_take(p, bytes, len);
    pack_drop(p);
    return e;
}

enum err export_oneroster(struct db *db, struct org_id centre, int64_t at_ms, uint8_t **bytes,
                          size_t *len)
{
    struct table tables[ONEROSTER_FILE_COUNT];
    struct strbuf texts[ONEROSTER_FILE_COUNT] = { 0 };
    enum err e = roster_export(db, centre, at_ms, tables);

    if (!e)
        e = pack_tables(tables, texts, bytes, len);
    for (int f = 0; f < ONEROSTER_FILE_COUNT; f++) {
        table_deinit(&tables[f]);
        strbuf_deinit(&texts[f]);
    }
    return e;
}

enum err export_oneroster_get(struct call *c)
{
    struct grant grant;
    uint8_t *bytes;
    size_t len;
    enum err e;

    if (call_scope(c, RIGHT_DATA_EXPORT, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    e = export_oneroster(c->db, grant.org, c->now.unix_ms, &bytes, &len);
    if (!e)
        call_answer_raw(c, "application/zip", (char *)bytes, len);
    return e;
}
