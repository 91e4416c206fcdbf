/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /imports, and the empty list to fill in. The file is read on a worker;
 * the desk judges and writes in one go. See import.h.
 */
#include "server/api/import.h"

#include <openssl/evp.h>
#include <string.h>

#include "common/base/mem.h"
#include "server/api/endpoints.h"
#include "server/api/repeat.h"
#include "server/render/csv.h"
#include "server/store/org.h"
#include "server/tables/read.h"

#define COLUMNS_MAX 60 /* of a file; those that are needed are fewer */

/* ---- reading: any thread ------------------------------------------------------------------- */

void import_deinit(struct import *i)
{
    roster_deinit(&i->roster);
    for (int f = 0; f < ONEROSTER_READ_COUNT; f++)
        table_deinit(&i->tables[f]);
}

static void count_rows(struct import *i)
{
    for (int f = 0; f < ONEROSTER_READ_COUNT; f++) {
        const struct table *t = &i->tables[f];

        if (f == ONEROSTER_MANIFEST && i->kind == ROSTER_ONEROSTER)
            continue;
        for (size_t row = 1; row < t->rows; row++)
            i->rows += !table_row_empty(t, row);
    }
}

static enum err read_member(struct import *i, struct pack *p, enum oneroster_file f,
                            const struct table_limits *limits)
{
    const char *name = oneroster_file_name(f);
    uint8_t *bytes;
    size_t len;
    enum err e = pack_read(p, name, limits->inflated, &bytes, &len);

    table_init(&i->tables[f], name);
    if (e == ERR_NOMEM)
        return e;
    if (e) {
        table_blame(&i->faults,
                    e == ERR_NOTFOUND ? TABLE_NO_MEMBER
                    : e == ERR_STATE  ? TABLE_TOO_LARGE
                                      : TABLE_NO_TABLE,
                    name, 0, NULL);
        return ERR_OK;
    }
    e = table_read_csv(bytes, len, limits, &i->tables[f], &i->faults);
    mem_free(bytes);
    return e;
}

static enum err read_members(struct import *i, struct pack *p, const struct table_limits *limits)
{
    bool there[ONEROSTER_READ_COUNT] = { false };
    enum err e = read_member(i, p, ONEROSTER_MANIFEST, limits);

    if (!e && i->faults.n == 0)
        oneroster_manifest(&i->tables[ONEROSTER_MANIFEST], there, &i->faults);
    for (int f = ONEROSTER_ORGS; !e && f < ONEROSTER_READ_COUNT; f++) {
        if (there[f])
            e = read_member(i, p, (enum oneroster_file)f, limits);
    }
    return e;
}

static enum err read_archive(struct import *i, const uint8_t *bytes, size_t len,
                             const struct table_limits *limits)
{
    struct pack *p;
    enum err e = pack_open(&p, bytes, len);

    if (e == ERR_PARSE)
        table_blame(&i->faults, TABLE_NO_TABLE, NULL, 0, NULL);
    if (e)
        return e == ERR_PARSE ? ERR_OK : e;
    e = read_members(i, p, limits);
    pack_close(p);
    return !e && i->faults.n == 0 ? oneroster_read(i->tables, &i->roster, &i->faults) : e;
}

enum err import_read(struct import *i, enum roster_kind kind, const uint8_t *bytes, size_t len,
                     const struct roster_policy *policy)
{
    const struct table_limits limits = { .rows = (size_t)policy->rows_max,
                                         .columns = COLUMNS_MAX,
                                         .cell_bytes = (size_t)policy->cell_bytes,
                                         .inflated = (size_t)policy->unpacked_kib * 1024 };
    enum err e;

    i->kind = kind;
    if (kind == ROSTER_ONEROSTER) {
        e = read_archive(i, bytes, len, &limits);
    } else {
        e = table_read(bytes, len, &limits, &i->tables[0], &i->faults);
        if (!e)
            e = roster_read(kind, &i->tables[0], &i->roster, &i->faults);
    }
    count_rows(i);
    return e;
}

enum err import_settle(struct import *i, struct db *db, const struct roster_into *into, bool apply,
                       struct roster_count *count, bool *applied)
{
    enum err e = roster_judge(db, into, &i->roster, &i->faults);

    memset(count, 0, sizeof *count);
    *applied = false;
    if (e || !apply || i->faults.n > 0)
        return e;
    e = roster_write(db, into, &i->roster, count);
    *applied = e == ERR_OK;
    return e;
}

/* ---- the endpoint -------------------------------------------------------------------------- */

struct bringing {
    struct import import;
    struct roster_policy policy;
    const uint8_t *bytes; /* borrowed: the request's, which outlives this */
    size_t len;
    uint8_t sha256[EVP_MAX_MD_SIZE];
    enum roster_kind kind;
    bool apply;
    struct user_id by;
    enum err err;
};

static void bringing_free(void *arg)
{
    struct bringing *b = arg;

    import_deinit(&b->import);
    mem_free(b);
}

/* Worker thread. */
static void read_file(void *arg)
{
    struct bringing *b = arg;

    if (!EVP_Digest(b->bytes, b->len, b->sha256, NULL, EVP_sha256(), NULL))
        b->err = ERR_NOMEM;
    else
        b->err = import_read(&b->import, b->kind, b->bytes, b->len, &b->policy);
}

static json_t *faults_json(const struct table_faults *f)
{
    json_t *list = json_array();

    for (size_t i = 0; i < f->n && i < TABLE_FAULTS_KEPT; i++) {
        const struct table_fault_at *at = &f->items[i];

        if (json_array_append_new(list, json_pack("{s:s,s:I,s:s,s:s}", "file", at->member, "row",
                                                  (json_int_t)at->row, "column", at->column, "code",
                                                  table_fault_name(at->fault))) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *result_json(const struct bringing *b, const struct roster_count *n, bool applied)
{
    const struct import *i = &b->import;

    return json_pack("{s:s,s:b,s:I,s:I,s:o,s:{s:I,s:I,s:I,s:I,s:I,s:I},s:o}", "kind",
                     roster_kind_name(b->kind), "applied", applied, "rows", (json_int_t)i->rows,
                     "faults_total", (json_int_t)i->faults.n, "faults", faults_json(&i->faults),
                     "made", "schools", (json_int_t)n->schools, "children", (json_int_t)n->children,
                     "mentors", (json_int_t)n->mentors, "guardians", (json_int_t)n->guardians,
                     "assignments", (json_int_t)n->teachings, "lessons", (json_int_t)n->lessons,
                     "version", n->version ? json_integer((json_int_t)n->version) : json_null());
}

static enum err audit_import(struct call *c, const struct bringing *b, struct org_id centre)
{
    json_t *after = json_pack("{s:s,s:I}", "kind", roster_kind_name(b->kind), "rows",
                              (json_int_t)b->import.rows);
    char *text = after ? json_dumps(after, JSON_COMPACT) : NULL;
    enum err e = text ? call_audit(c, "import", "org", centre.v, "", text) : ERR_NOMEM;

    free(text);
    json_decref(after);
    return e;
}

static enum err settle(struct call *c, struct bringing *b)
{
    struct roster_into into = { .now_ms = c->now.unix_ms, .by = c->user.id };
    struct roster_count count;
    struct grant grant;
    bool applied;
    enum err e;

    if (call_scope(c, RIGHT_DATA_IMPORT, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    into.centre = grant.org;
    e = import_settle(&b->import, c->db, &into, b->apply, &count, &applied);
    if (e == ERR_STATE) /* somebody was quicker between the judging and the row */
        return call_refuse(c, REFUSE_CONFLICT);
    if (!e && applied)
        e = audit_import(c, b, grant.org);
    return e ? e : call_answer(c, 200, result_json(b, &count, applied));
}

static enum err take(struct call *c, struct bringing *b)
{
    bool repeated = false;
    enum err e = repeat_upload_answer(c, b->sha256, &repeated);

    if (!e && !repeated)
        e = b->err ? b->err : settle(c, b);
    return e || repeated ? e : repeat_upload_keep(c, b->sha256);
}

/* The worker is done; the person may have lost the right meanwhile. */
static enum api_answer was_read(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    struct bringing *b = arg;
    enum api_answer answer = API_FAILED;
    struct call c;
    enum err e;

    call_init(&c, ctx, &ctx->request->u.http);
    if (!ctx->session.valid || !user_id_eq(ctx->session.user.id, b->by))
        e = call_refuse(&c, REFUSE_NO_LOGIN);
    else
        e = take(&c, b);
    if (!e && call_reply(&c, reply) == ERR_OK)
        answer = API_DONE;
    call_deinit(&c);
    return answer;
}

static enum err asked_of(struct call *c, struct bringing *b, bool *refused)
{
    char kind[16], apply[6];
    enum json_fault fault = JSON_FAULT_NONE;

    *refused = true;
    if (!call_query(c, "kind", kind, sizeof kind, &fault))
        return call_refuse_query(c, "kind", fault ? fault : JSON_FAULT_MISSING);
    if (!roster_kind_parse(kind, &b->kind))
        return call_refuse_query(c, "kind", JSON_FAULT_RANGE);
    if (call_query(c, "apply", apply, sizeof apply, &fault)) {
        b->apply = strcmp(apply, "true") == 0;
        if (!b->apply && strcmp(apply, "false") != 0)
            return call_refuse_query(c, "apply", JSON_FAULT_MALFORMED);
    } else if (fault) {
        return call_refuse_query(c, "apply", fault);
    }
    *refused = false;
    return ERR_OK;
}

static enum err begin(struct call *c, struct bringing **out, bool *refused)
{
    struct bringing *b;
    struct grant grant;
    enum err e;

    *refused = true;
    if (call_scope(c, RIGHT_DATA_IMPORT, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    b = mem_zalloc(1, sizeof *b);
    if (!b)
        return ERR_NOMEM;
    e = asked_of(c, b, refused);
    if (!e && !*refused)
        e = policy_roster(c->db, grant.org, c->now.unix_ms, &b->policy);
    if (e || *refused) {
        mem_free(b);
        return e;
    }
    b->bytes = (const uint8_t *)c->http->body;
    b->len = c->http->body_len;
    b->by = c->user.id;
    *out = b;
    return ERR_OK;
}

enum api_answer imports_post(struct call *c, struct desk_reply *reply)
{
    struct bringing *b = NULL;
    bool refused = false;
    enum err e = begin(c, &b, &refused);

    if (!e && !refused) {
        e = api_defer(c->ctx, read_file, was_read, b, bringing_free);
        if (!e)
            return API_LATER;
        if (e == ERR_AGAIN)
            e = call_refuse(c, REFUSE_TOO_MANY);
    }
    if (!e)
        e = call_reply(c, reply);
    return e ? API_FAILED : API_DONE;
}

/* The names of the columns, as a list to be filled in with a spreadsheet. */
enum err import_template_get(struct call *c)
{
    char kind[16] = "";
    enum json_fault fault = JSON_FAULT_NONE;
    const struct roster_column *columns = NULL;
    struct strbuf text;
    struct csv csv = { .out = &text };
    struct grant grant;
    enum roster_kind k;
    size_t n = 0;
    char *raw;

    if (call_scope(c, RIGHT_DATA_IMPORT, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (call_query(c, "kind", kind, sizeof kind, &fault) && roster_kind_parse(kind, &k))
        columns = roster_columns(k, &n);
    if (!columns)
        return call_refuse_query(c, "kind",
                                 fault     ? fault
                                 : kind[0] ? JSON_FAULT_RANGE
                                           : JSON_FAULT_MISSING);
    strbuf_init(&text);
    strbuf_puts(&text, "\xEF\xBB\xBF"); /* so that spreadsheets take it for UTF-8 */
    for (size_t i = 0; i < n; i++)
        csv_plain(&csv, columns[i].name);
    csv_end_row(&csv);
    n = text.len;
    if (strbuf_take(&text, &raw) != ERR_OK)
        return ERR_NOMEM;
    call_answer_raw(c, "text/csv; charset=utf-8", raw, n);
    return ERR_OK;
}
