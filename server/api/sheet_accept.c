/* SPDX-License-Identifier: Apache-2.0
 *
 * Acceptance of a mark sheet, as that of a month report (month_accept.c): a
 * worker draws the files, then state, frozen bytes and the copy for the school
 * are written at once. If the sheet changed meanwhile, nothing is accepted.
 * Desk thread; draw on a worker.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/sheet.h"

struct accepting {
    struct sheet_key key;
    struct doc_row row; /* that is accepted */
    struct user_id by;
    char id[REPORT_ID_CHARS];
    char locale[9];          /* of the frozen files: the language of whoever accepts */
    struct mark_sheet sheet; /* owned; subjects by name */
    char *body;              /* owned; canonical JSON */
    struct sheet_file files[SHEET_FORMATS]; /* owned */
    enum err err;
};

static void accepting_free(void *arg)
{
    struct accepting *a = arg;

    mark_sheet_deinit(&a->sheet);
    free(a->body);
    for (int i = 0; i < SHEET_FORMATS; i++)
        mem_free(a->files[i].bytes);
    mem_free(a);
}

/* Worker thread. */
static void draw(void *arg)
{
    struct accepting *a = arg;
    const struct labels *labels = labels_for(a->locale);

    for (int i = 0; !a->err && i < SHEET_FORMATS; i++)
        a->err = sheet_draw(&a->sheet, labels, (enum sheet_format)i, &a->files[i]);
}

/* The body in its canonical form: sorted keys, no blanks. */
static enum err body_text_of(const struct call *c, const struct sheet_view *v, char **out)
{
    struct mark_sheet s;
    json_t *body = NULL;
    enum err err = sheet_view_load(c, v, "", &s);

    if (err)
        return err;
    err = sheet_body_json(c, v, &s, &body);
    if (!err) {
        *out = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
        err = *out ? ERR_OK : ERR_NOMEM;
    }
    json_decref(body);
    mark_sheet_deinit(&s);
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

static enum err write_all(struct call *c, const struct accepting *a, const struct sheet_view *v,
                          enum flow_row next)
{
    int64_t now = c->now.unix_ms;
    int sent = 0;
    enum err err =
        frozen_add(c->db, a->row.ref, "json", a->locale, a->body, strlen(a->body), now, NULL);

    for (int i = 0; !err && i < SHEET_FORMATS; i++)
        err = frozen_add(c->db, a->row.ref, sheet_formats[i].name, a->locale, a->files[i].bytes,
                         a->files[i].len, now, NULL);
    if (!err)
        err = doc_set_row(c->db, &a->row, next, now);
    if (!err)
        err = sheet_move_note(c, v, DOC_STEP_ACCEPTED, NULL, "sheet.accept");
    if (!err)
        err = delivery_queue(c->db, &a->row, a->key.school, now);
    return err ? err : delivery_send(c->db, now, 1, &sent);
}

/* The person, the version and the content may have changed while the files were drawn. */
static enum err accept_now(struct call *c, const struct accepting *a)
{
    struct sheet_view v;
    enum flow_row next;
    bool may = false, refused = false, same;
    char *body = NULL;
    enum err err = sheet_of_key(c, &a->key, &v);

    if (!err)
        err = month_may(c, &v.way.key, RIGHT_REPORT_DECIDE, &may);
    if (!err && !may)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (!err && v.way.newest.rev != a->row.rev)
        return call_refuse(c, REFUSE_STALE);
    if (!err) /* own: asked before the files were drawn; whose sheet it is does not change */
        err = sheet_move_decide(c, &v, FLOW_ACCEPT, false, &next, &refused);
    if (!err && !refused)
        err = body_text_of(c, &v, &body);
    if (err || refused)
        return err;
    same = same_content(a->body, body);
    free(body);
    if (!same)
        return call_refuse_gate(c, sheet_verdict_name(FLOW_MAY_CHANGED));
    err = write_all(c, a, &v, next);
    return err ? err : sheet_answer_now(c, 200, a->id);
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
        log_error("sheet.draw", "error=%s", err_name(a->err));
    call_deinit(&c);
    return answer;
}

static enum err fill(struct call *c, const struct sheet_view *v, struct accepting *a)
{
    enum err err = sheet_view_load(c, v, c->user.locale, &a->sheet);

    a->key = v->key;
    a->row = v->way.newest;
    a->by = c->user.id;
    if (!err)
        err = report_text(&a->sheet.signs[SIGN_COORDINATOR].name, c->user.name);
    a->sheet.signs[SIGN_COORDINATOR].at_ms = c->now.unix_ms;
    if (!err && !(str_copy(a->locale, sizeof a->locale, c->user.locale) &&
                  str_copy(a->id, sizeof a->id, v->id)))
        err = ERR_INVAL;
    return err ? err : body_text_of(c, v, &a->body);
}

enum api_answer sheet_accept_post(struct call *c, struct desk_reply *reply)
{
    struct sheet_view v;
    struct accepting *a = NULL;
    enum flow_row next;
    bool refused = false;
    enum err err = sheet_move_open(c, FLOW_ACCEPT, &v, &refused);

    if (!err && !refused)
        err = sheet_move_decide(c, &v, FLOW_ACCEPT, false, &next, &refused);
    if (err || refused)
        return answered(c, err, reply);
    a = mem_zalloc(1, sizeof *a);
    err = a ? fill(c, &v, a) : ERR_NOMEM;
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
