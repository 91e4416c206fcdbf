/* SPDX-License-Identifier: Apache-2.0
 *
 * The moves of a month report that need no drawing: the mentor writes and
 * sends it, the centre returns it or opens a correction. Desk thread.
 */
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/month_move.h"

enum right month_move_right(enum flow_move move)
{
    switch (move) {
    case FLOW_EDIT:
    case FLOW_SUBMIT:
        return RIGHT_REPORT_EDIT;
    case FLOW_RETURN:
    case FLOW_ACCEPT:
    case FLOW_CORRECT:
        return RIGHT_REPORT_DECIDE;
    case FLOW_ACKNOWLEDGE:
    case FLOW_MOVE_COUNT:
        break;
    }
    return RIGHT_REPORT_ACKNOWLEDGE;
}

enum err month_move_open(struct call *c, enum flow_move move, struct month *m, bool *refused)
{
    bool may = false;
    enum err err = month_open(c, c->word, m, refused);

    if (err || *refused)
        return err;
    err = month_may(c, &m->key, month_move_right(move), &may);
    *refused = !err && !may;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    return err ? err : call_match(c, m->newest.rev, refused);
}

/* What stands in the report, if the move asks for it. A report that contradicts itself is one
 * whose totals do not hold. */
static enum err content_of(const struct call *c, const struct month *m, enum flow_move move,
                           struct flow_content *out)
{
    struct month_report r;
    enum err err;

    *out = (struct flow_content){ .totals_hold = true };
    if (move != FLOW_SUBMIT && move != FLOW_ACCEPT)
        return ERR_OK;
    err = month_load(c, m, "", &r);
    out->totals_hold = err != ERR_DB;
    if (err)
        return err == ERR_DB ? ERR_OK : err;
    err = month_content(c, m, &r, out);
    month_report_deinit(&r);
    return err;
}

enum flow_actor month_move_actor(enum flow_move move)
{
    enum right right = month_move_right(move);

    if (right == RIGHT_REPORT_EDIT)
        return FLOW_BY_MENTOR;
    return right == RIGHT_REPORT_DECIDE ? FLOW_BY_COORDINATOR : FLOW_BY_SCHOOL;
}

enum err month_move_decide(struct call *c, const struct month *m, enum flow_move move, bool note,
                           enum flow_row *next, bool *refused)
{
    struct flow_ask ask = { move, month_move_actor(move), note, m->own };
    struct flow_content content;
    enum flow_verdict v;
    enum err err = content_of(c, m, move, &content);

    if (err)
        return err;
    v = flow_decide(&m->facts, &content, &ask, c->now.unix_ms, next);
    *refused = v != FLOW_MAY_OK;
    return *refused ? call_refuse_gate(c, flow_verdict_name(v)) : ERR_OK;
}

enum err month_move_note(struct call *c, const struct month *m, enum doc_step_kind step,
                         const char *note, const char *action)
{
    enum err err = doc_step_add(c->db, m->newest.ref, step, note, c->now.unix_ms, c->user.id);

    return err ? err : call_audit(c, action, "month_report", m->newest.ref.id, "", "");
}

/* ---- writing -------------------------------------------------------------------------------- */

/* Texts of the mentor; "" for none. */
static enum err body_texts(struct json_view *v, struct report_texts *t)
{
    const char *empty = body_text(v, "empty_reason", sizeof t->empty_reason - 1, 200);
    const char *progress = body_text(v, "progress", REPORT_TEXT_MAX, 2000);
    const char *difficulties = body_text(v, "difficulties", REPORT_TEXT_MAX, 2000);
    const char *next = body_text(v, "next_month", REPORT_TEXT_MAX, 2000);
    enum err err = json_view_end(v);

    if (!err && !(str_copy(t->empty_reason, sizeof t->empty_reason, empty) &&
                  str_copy(t->progress, sizeof t->progress, progress) &&
                  str_copy(t->difficulties, sizeof t->difficulties, difficulties) &&
                  str_copy(t->next_month, sizeof t->next_month, next)))
        err = ERR_INVAL;
    return err;
}

static enum err save_texts(struct call *c, const struct month *m, struct report_texts *t)
{
    struct doc_row row;
    enum err err;

    if (body_texts(&c->in, t))
        return call_refuse_field(c, &c->in);
    t->rev = m->newest.rev;
    err = report_texts_save(c->db, &m->key, t, c->now.unix_ms, c->user.id);
    if (err == ERR_STATE)
        return call_refuse(c, REFUSE_STALE);
    if (!err)
        err = report_row_load(c->db, &m->key, 0, &row);
    if (!err)
        err = call_audit(c, "report.write", "month_report", row.ref.id, "", "");
    return err ? err : month_answer_now(c, 200, &m->key);
}

enum err report_texts_put(struct call *c)
{
    struct month m;
    struct report_texts *t;
    enum flow_row next;
    bool refused = false;
    enum err err = month_move_open(c, FLOW_EDIT, &m, &refused);

    if (!err && !refused)
        err = month_move_decide(c, &m, FLOW_EDIT, false, &next, &refused);
    if (err || refused)
        return err;
    t = mem_zalloc(1, sizeof *t);
    err = t ? save_texts(c, &m, t) : ERR_NOMEM;
    mem_free(t);
    return err;
}

enum err report_submit_post(struct call *c)
{
    struct month m;
    enum flow_row next;
    bool refused = false;
    enum err err = month_move_open(c, FLOW_SUBMIT, &m, &refused);

    if (!err && !refused)
        err = month_move_decide(c, &m, FLOW_SUBMIT, false, &next, &refused);
    if (err || refused)
        return err;
    if (!m.newest.rev)
        err = report_row_make(c->db, &m.key, c->now.unix_ms, c->user.id);
    if (!err && !m.newest.rev)
        err = report_row_load(c->db, &m.key, 0, &m.newest);
    if (!err)
        err = doc_set_row(c->db, &m.newest, next, c->now.unix_ms);
    if (!err)
        err = month_move_note(c, &m, DOC_STEP_SUBMITTED, NULL, "report.submit");
    return err ? err : month_answer_now(c, 200, &m.key);
}

/* ---- the centre's word ---------------------------------------------------------------------- */

static const char *body_note_of(struct json_view *v)
{
    const char *note = body_text(v, "note", (size_t)DOC_NOTE_MAX * 4, DOC_NOTE_MAX);

    return json_view_end(v) ? NULL : note;
}

/* Opens the move and reads its note. NULL in *note: answered already. */
static enum err with_note(struct call *c, enum flow_move move, struct month *m, const char **note,
                          enum flow_row *next)
{
    bool refused = false;
    enum err err = month_move_open(c, move, m, &refused);

    *note = NULL;
    if (err || refused)
        return err;
    *note = body_note_of(&c->in);
    if (!*note)
        return call_refuse_field(c, &c->in);
    err = month_move_decide(c, m, move, **note != '\0', next, &refused);
    if (refused)
        *note = NULL;
    return err;
}

enum err report_return_post(struct call *c)
{
    struct month m;
    const char *note;
    enum flow_row next;
    enum err err = with_note(c, FLOW_RETURN, &m, &note, &next);

    if (err || !note)
        return err;
    err = doc_set_row(c->db, &m.newest, next, c->now.unix_ms);
    if (!err)
        err = month_move_note(c, &m, DOC_STEP_RETURNED, note, "report.return");
    return err ? err : month_answer_now(c, 200, &m.key);
}

/* The lessons of the report can be amended again. */
static enum err unlock(struct call *c, const struct month *m)
{
    struct month_report r;
    enum err err = month_load(c, m, "", &r);

    if (err)
        return err;
    for (size_t i = 0; !err && i < r.lines_n; i++)
        err = month_lock_lesson(c, r.lines[i].lesson, false);
    month_report_deinit(&r);
    return err;
}

enum err report_correct_post(struct call *c)
{
    struct month m;
    const char *note;
    enum flow_row next;
    enum err err = with_note(c, FLOW_CORRECT, &m, &note, &next);

    if (err || !note)
        return err;
    err = report_row_correct(c->db, &m.newest, c->now.unix_ms, c->user.id);
    if (!err)
        err = month_move_note(c, &m, DOC_STEP_CORRECTED, note, "report.correct");
    if (!err)
        err = unlock(c, &m);
    return err ? err : month_answer_now(c, 201, &m.key);
}

enum err month_lock_lesson(struct call *c, struct lesson_id lesson, bool lock)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    enum err err = l ? lesson_load(c->db, lesson, l) : ERR_NOMEM;

    if (!err && l->facts.children_n == 1) {
        enum lesson_state from = lock ? LESSON_CONFIRMED : LESSON_LOCKED;
        enum lesson_state to = lock ? LESSON_LOCKED : LESSON_COMPUTED;

        if (l->facts.state == from)
            err = lesson_set_state(c->db, lesson, to, c->now.unix_ms);
    }
    mem_free(l);
    return err;
}
