/* SPDX-License-Identifier: Apache-2.0
 *
 * Acceptance: a worker draws the files, then everything is written at once:
 * the state, the frozen bytes, the copy for the school, the locks. Killed in
 * between, nothing of it is there. If the report changed while it was drawn,
 * nothing is accepted. Desk thread; draw on a worker.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/month_move.h"
#include "server/render/csv.h"
#include "server/render/pdf.h"
#include "server/render/xlsx.h"

struct accepting {
    struct report_key key;
    struct doc_row row; /* that is accepted */
    struct user_id by;
    char locale[9];             /* of the frozen files: the language of whoever accepts */
    struct month_report report; /* owned; subjects by name */
    char *body;                 /* owned; canonical JSON */
    struct pdf pdf;             /* owned */
    char *csv;                  /* owned */
    size_t csv_len;
    uint8_t *xlsx; /* owned */
    size_t xlsx_len;
    enum err err;
};

static void accepting_free(void *arg)
{
    struct accepting *a = arg;

    month_report_deinit(&a->report);
    pdf_deinit(&a->pdf);
    free(a->body);
    mem_free(a->csv);
    mem_free(a->xlsx);
    mem_free(a);
}

static enum err draw_csv(struct accepting *a, const struct labels *labels)
{
    struct strbuf b;
    enum err err;

    strbuf_init(&b);
    err = csv_month_report(&a->report, labels, &b);
    a->csv_len = b.len;
    if (!err)
        err = strbuf_take(&b, &a->csv);
    strbuf_deinit(&b);
    return err;
}

/* Worker thread. */
static void draw(void *arg)
{
    struct accepting *a = arg;
    const struct labels *labels = labels_for(a->locale);

    a->err = pdf_month_report(&a->report, labels, &a->pdf);
    if (!a->err)
        a->err = draw_csv(a, labels);
    if (!a->err)
        a->err = xlsx_month_report(&a->report, labels, &a->xlsx, &a->xlsx_len);
}

/* The body in its canonical form: sorted keys, no blanks. */
static enum err body_text_of(const struct call *c, const struct month *m, char **out)
{
    struct month_report r;
    json_t *before = NULL, *body = NULL;
    enum err err = month_load(c, m, "", &r);

    if (err)
        return err;
    err = month_body_before(c, m, &before);
    if (!err)
        err = month_body_json(c, m, &r, before, &body);
    if (!err) {
        *out = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
        err = *out ? ERR_OK : ERR_NOMEM;
    }
    json_decref(before);
    json_decref(body);
    month_report_deinit(&r);
    return err;
}

/* The same content? When and at which head of the register it was made is none of it. */
static bool same_content(const char *a, const char *b)
{
    json_t *x = json_loads(a, 0, NULL), *y = json_loads(b, 0, NULL);
    bool same;

    json_object_del(x, "printed_at");
    json_object_del(y, "printed_at");
    json_object_del(x, "log_hash");
    json_object_del(y, "log_hash");
    same = x && y && json_equal(x, y);
    json_decref(x);
    json_decref(y);
    return same;
}

static enum err freeze(struct call *c, const struct accepting *a)
{
    struct doc_ref ref = a->row.ref;
    int64_t now = c->now.unix_ms;
    enum err err = frozen_add(c->db, ref, "json", a->locale, a->body, strlen(a->body), now, NULL);

    if (!err)
        err = frozen_add(c->db, ref, "pdf", a->locale, a->pdf.bytes, a->pdf.len, now, NULL);
    if (!err)
        err = frozen_add(c->db, ref, "csv", a->locale, a->csv, a->csv_len, now, NULL);
    return err ? err : frozen_add(c->db, ref, "xlsx", a->locale, a->xlsx, a->xlsx_len, now, NULL);
}

static enum err write_all(struct call *c, const struct accepting *a, const struct month *m,
                          enum flow_row next)
{
    int sent = 0;
    enum err err = freeze(c, a);

    if (!err)
        err = doc_set_row(c->db, &a->row, next, c->now.unix_ms);
    if (!err)
        err = month_move_note(c, m, DOC_STEP_ACCEPTED, NULL, "report.accept");
    if (!err)
        err = delivery_queue(c->db, &a->row, a->key.school, c->now.unix_ms);
    for (size_t i = 0; !err && i < a->report.lines_n; i++)
        err = month_lock_lesson(c, a->report.lines[i].lesson, true);
    if (!err)
        err = delivery_send(c->db, c->now.unix_ms, 1, &sent);
    return err;
}

/* The person, the version and the content may have changed while the files were drawn. */
static enum err accept_now(struct call *c, const struct accepting *a)
{
    struct month m;
    enum flow_row next;
    bool may = false, refused = false, same;
    char *body = NULL;
    enum err err = month_may(c, &a->key, RIGHT_REPORT_DECIDE, &may);

    if (!err && !may)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (!err)
        err = month_of_key(c, &a->key, &m);
    m.own = false; /* asked before the files were drawn; whose report it is does not change */
    if (!err && m.newest.rev != a->row.rev)
        return call_refuse(c, REFUSE_STALE);
    if (!err)
        err = month_move_decide(c, &m, FLOW_ACCEPT, false, &next, &refused);
    if (!err && !refused)
        err = body_text_of(c, &m, &body);
    if (err || refused)
        return err;
    same = same_content(a->body, body);
    free(body);
    if (!same)
        return call_refuse_gate(c, flow_verdict_name(FLOW_MAY_CHANGED));
    err = write_all(c, a, &m, next);
    return err ? err : month_answer_now(c, 200, &a->key);
}

static enum api_answer answered(struct call *c, enum err err, struct desk_reply *reply)
{
    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}

static enum api_answer drawn(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    const struct accepting *a = arg;
    enum api_answer answer;
    struct call c;

    call_init(&c, ctx, &ctx->request->u.http);
    if (!ctx->session.valid || !user_id_eq(ctx->session.user.id, a->by))
        answer = answered(&c, call_refuse(&c, REFUSE_NO_LOGIN), reply);
    else if (a->err)
        answer = answered(&c, call_refuse(&c, REFUSE_INTERNAL), reply);
    else
        answer = answered(&c, accept_now(&c, a), reply);
    if (a->err)
        log_error("report.draw", "error=%s", err_name(a->err));
    call_deinit(&c);
    return answer;
}

static enum err fill(struct call *c, const struct month *m, struct accepting *a)
{
    enum err err = month_load(c, m, c->user.locale, &a->report);

    a->key = m->key;
    a->row = m->newest;
    a->by = c->user.id;
    if (!err)
        err = report_text(&a->report.signs[SIGN_COORDINATOR].name, c->user.name);
    a->report.signs[SIGN_COORDINATOR].at_ms = c->now.unix_ms;
    if (!err && !str_copy(a->locale, sizeof a->locale, c->user.locale))
        err = ERR_INVAL;
    return err ? err : body_text_of(c, m, &a->body);
}

enum err month_accept_stored(struct call *c, const struct report_key *key)
{
    struct accepting *a = mem_zalloc(1, sizeof *a);
    struct month m;
    enum err err = a ? month_of_key(c, key, &m) : ERR_NOMEM;

    if (err || m.newest.row == FLOW_ROW_ACCEPTED) {
        if (a)
            accepting_free(a);
        return err;
    }
    if (!m.newest.rev)
        err = report_row_make(c->db, key, c->now.unix_ms, c->user.id);
    if (!err)
        err = month_of_key(c, key, &m);
    if (!err)
        err = fill(c, &m, a);
    if (!err) {
        draw(a);
        err = a->err;
    }
    if (!err)
        err = write_all(c, a, &m, FLOW_ROW_ACCEPTED);
    if (a)
        accepting_free(a);
    return err;
}

enum api_answer report_accept_post(struct call *c, struct desk_reply *reply)
{
    struct month m;
    struct accepting *a = NULL;
    enum flow_row next;
    bool refused = false;
    enum err err = month_move_open(c, FLOW_ACCEPT, &m, &refused);

    if (!err && !refused)
        err = month_move_decide(c, &m, FLOW_ACCEPT, false, &next, &refused);
    if (err || refused)
        return answered(c, err, reply);
    a = mem_zalloc(1, sizeof *a);
    err = a ? fill(c, &m, a) : ERR_NOMEM;
    if (err) {
        if (a)
            accepting_free(a);
        return API_FAILED;
    }
    err = api_defer(c->ctx, draw, drawn, a, accepting_free);
    if (err == ERR_AGAIN)
        return answered(c, call_refuse(c, REFUSE_TOO_MANY), reply);
    return err ? API_FAILED : API_LATER;
}
