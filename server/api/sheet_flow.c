/* SPDX-License-Identifier: Apache-2.0
 *
 * The moves of a mark sheet that need no drawing: the mentor sets the marks
 * and sends it, the centre returns it or opens a correction. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/mark.h"
#include "server/api/month_move.h"
#include "server/api/sheet.h"

#define SUBJECTS_MAX 64

enum err sheet_move_open(struct call *c, enum flow_move move, struct sheet_view *v, bool *refused)
{
    bool may = false;
    enum err err = sheet_open(c, c->word, v, refused);

    if (err || *refused)
        return err;
    err = month_may(c, &v->way.key, month_move_right(move), &may);
    *refused = !err && !may;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    return err ? err : call_match(c, v->way.newest.rev, refused);
}

const char *sheet_holds(const struct sheet_view *v, const struct mark_sheet *s,
                        const struct flow_ask *ask, int64_t now_ms, enum flow_row *next, int *line)
{
    struct flow_content content = flow_content_of_sheet(s);
    enum flow_verdict verdict = flow_decide(&v->way.facts, &content, ask, now_ms, next);
    enum mark_verdict mark;

    *line = content.first_line;
    if (verdict != FLOW_MAY_OK)
        return sheet_verdict_name(verdict);
    mark = mark_sheet_check(s, &v->policy, line);
    return mark_verdict_name(mark);
}

enum err sheet_move_decide(struct call *c, const struct sheet_view *v, enum flow_move move,
                           bool note, enum flow_row *next, bool *refused)
{
    static const struct flow_content whole = { .totals_hold = true };
    struct flow_ask ask = { move, month_move_actor(move), note, v->way.own };
    struct mark_sheet s;
    const char *gate;
    int line;
    enum err err;

    if (move == FLOW_SUBMIT || move == FLOW_ACCEPT) {
        err = sheet_view_load(c, v, "", &s);
        if (err)
            return err;
        gate = sheet_holds(v, &s, &ask, c->now.unix_ms, next, &line);
        mark_sheet_deinit(&s);
    } else {
        gate = sheet_verdict_name(flow_decide(&v->way.facts, &whole, &ask, c->now.unix_ms, next));
    }
    *refused = strcmp(gate, "ok") != 0;
    return *refused ? call_refuse_gate(c, gate) : ERR_OK;
}

enum err sheet_move_note(struct call *c, const struct sheet_view *v, enum doc_step_kind step,
                         const char *note, const char *action)
{
    enum err err = doc_step_add(c->db, v->way.newest.ref, step, note, c->now.unix_ms, c->user.id);

    return err ? err : call_audit(c, action, "mark_sheet", v->way.newest.ref.id, "", "");
}

/* The sheet's row, begun if there is none. */
static enum err have_row(struct call *c, struct sheet_view *v)
{
    enum err err = ERR_OK;

    if (v->way.newest.rev)
        return ERR_OK;
    err = sheet_row_make(c->db, &v->key, c->now.unix_ms, c->user.id);
    return err ? err : sheet_row_load(c->db, &v->key, 0, &v->way.newest);
}

/* ---- marks ---------------------------------------------------------------------------------- */

struct asked {
    struct sheet_set marks[SUBJECTS_MAX];
    size_t n;
    enum mark_verdict fault; /* of the first mark that may not be set */
};

/* One mark of the body: { subject, mark, reason }. False: v is blamed. */
static bool read_mark(struct json_view *item, const struct mark_sheet *s,
                      const struct marks_policy *p, struct asked *a)
{
    const char *code = json_get_str(item, "subject", 80);
    const char *word = json_get_str(item, "mark", 16);
    const char *reason = body_opt_name(item, "reason", MARK_REASON_MAX, 200);
    const struct sheet_subject *l;
    enum mark_value value = MARK_NONE;

    if (item->fault == JSON_FAULT_NONE && !mark_value_parse(word, &value))
        json_view_blame(item, JSON_FAULT_RANGE, "mark");
    if (json_view_end(item))
        return false;
    l = mark_sheet_find(s, code);
    if (!l && a->fault == MARK_MAY_OK)
        a->fault = MARK_MAY_NO_SUBJECT;
    for (size_t i = 0; l && i < a->n; i++)
        if (a->marks[i].subject == l->subject)
            json_view_blame(item, JSON_FAULT_RANGE, "subject");
    if (item->fault != JSON_FAULT_NONE)
        return false;
    if (a->fault == MARK_MAY_OK)
        a->fault = sheet_subject_check(s, l, p, value, mark_reason_given(reason));
    if (l)
        a->marks[a->n++] =
            (struct sheet_set){ l->subject, value, mark_reason_given(reason) ? reason : "" };
    return true;
}

static enum err read_marks(struct call *c, const struct mark_sheet *s, const struct marks_policy *p,
                           struct asked *a, bool *refused)
{
    const json_t *list = json_get_array(&c->in, "marks", SUBJECTS_MAX);

    *refused = json_view_end(&c->in) != ERR_OK;
    if (*refused)
        return call_refuse_field(c, &c->in);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct json_view item = json_view_on(json_array_get(list, i));

        *refused = !json_is_object(item.object);
        if (*refused)
            return call_refuse_word(c, "marks", "type");
        *refused = !read_mark(&item, s, p, a);
        if (*refused)
            return call_refuse_field(c, &item);
    }
    *refused = a->fault != MARK_MAY_OK;
    return *refused ? call_refuse_gate(c, mark_verdict_name(a->fault)) : ERR_OK;
}

static enum err save_marks(struct call *c, struct sheet_view *v, struct asked *a)
{
    struct mark_sheet s;
    bool refused = false;
    enum err err = sheet_view_load(c, v, "", &s);

    if (err)
        return err;
    err = read_marks(c, &s, &v->policy, a, &refused);
    mark_sheet_deinit(&s);
    if (!err && !refused)
        err = have_row(c, v);
    if (err || refused)
        return err;
    err = sheet_marks_save(c->db, &v->way.newest, a->marks, a->n, c->now.unix_ms);
    if (err == ERR_STATE)
        return call_refuse(c, REFUSE_STALE);
    if (!err)
        err = call_audit(c, "sheet.marks", "mark_sheet", v->way.newest.ref.id, "", "");
    return err ? err : sheet_answer_now(c, 200, v->id);
}

enum err sheet_marks_put(struct call *c)
{
    struct sheet_view v;
    struct asked *a;
    enum flow_row next;
    bool refused = false;
    enum err err = sheet_move_open(c, FLOW_EDIT, &v, &refused);

    if (!err && !refused)
        err = sheet_move_decide(c, &v, FLOW_EDIT, false, &next, &refused);
    if (err || refused)
        return err;
    a = mem_zalloc(1, sizeof *a);
    err = a ? save_marks(c, &v, a) : ERR_NOMEM;
    mem_free(a);
    return err;
}

enum err sheet_submit_post(struct call *c)
{
    struct sheet_view v;
    enum flow_row next;
    bool refused = false;
    enum err err = sheet_move_open(c, FLOW_SUBMIT, &v, &refused);

    if (!err && !refused)
        err = sheet_move_decide(c, &v, FLOW_SUBMIT, false, &next, &refused);
    if (!err && !refused)
        err = have_row(c, &v);
    if (err || refused)
        return err;
    err = doc_set_row(c->db, &v.way.newest, next, c->now.unix_ms);
    if (!err)
        err = sheet_move_note(c, &v, DOC_STEP_SUBMITTED, NULL, "sheet.submit");
    return err ? err : sheet_answer_now(c, 200, v.id);
}

/* ---- the centre's word ---------------------------------------------------------------------- */

/* Opens the move and reads its note. NULL in *note: answered already. */
static enum err with_note(struct call *c, enum flow_move move, struct sheet_view *v,
                          const char **note, enum flow_row *next)
{
    bool refused = false;
    enum err err = sheet_move_open(c, move, v, &refused);

    *note = NULL;
    if (err || refused)
        return err;
    *note = body_text(&c->in, "note", (size_t)DOC_NOTE_MAX * 4, DOC_NOTE_MAX);
    if (json_view_end(&c->in)) {
        *note = NULL;
        return call_refuse_field(c, &c->in);
    }
    err = sheet_move_decide(c, v, move, **note != '\0', next, &refused);
    if (refused)
        *note = NULL;
    return err;
}

enum err sheet_return_post(struct call *c)
{
    struct sheet_view v;
    const char *note;
    enum flow_row next;
    enum err err = with_note(c, FLOW_RETURN, &v, &note, &next);

    if (err || !note)
        return err;
    err = doc_set_row(c->db, &v.way.newest, next, c->now.unix_ms);
    if (!err)
        err = sheet_move_note(c, &v, DOC_STEP_RETURNED, note, "sheet.return");
    return err ? err : sheet_answer_now(c, 200, v.id);
}

enum err sheet_correct_post(struct call *c)
{
    struct sheet_view v;
    const char *note;
    enum flow_row next;
    enum err err = with_note(c, FLOW_CORRECT, &v, &note, &next);

    if (err || !note)
        return err;
    err = sheet_row_correct(c->db, &v.way.newest, c->now.unix_ms, c->user.id);
    if (!err)
        err = sheet_move_note(c, &v, DOC_STEP_CORRECTED, note, "sheet.correct");
    return err ? err : sheet_answer_now(c, 201, v.id);
}
