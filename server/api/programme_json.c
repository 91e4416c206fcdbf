/* SPDX-License-Identifier: Apache-2.0
 *
 * A child's programme as it is judged for the person that asks, and as JSON;
 * see programme.h. Desk thread.
 */
#include "server/api/programme.h"

#include "server/api/person.h"
#include "server/domain/day.h"

/* ---- judging ------------------------------------------------------------------------------ */

enum err programme_judge(const struct call *c, const struct pupil *p,
                         const struct child_programme *cp, struct judged *out)
{
    struct programme_facts f = {
        .days = cp->days, .lines = cp->lines, .lines_n = cp->lines_n, .today = p->today
    };
    enum err err = child_programme_stands(c->db, p->child.id, &f.replaces);

    if (!err)
        err = programme_limits_of(c->db, p->child.id, p->child.grade, &cp->days, &p->rules,
                                  &out->limits);
    if (err)
        return err;
    out->n = programme_check(&f, &out->limits, &p->policy, out->faults, PROGRAMME_FAULTS_MAX);
    if (out->n > PROGRAMME_FAULTS_MAX)
        out->n = PROGRAMME_FAULTS_MAX;
    return ERR_OK;
}

static bool undecided(const struct child_programme *cp)
{
    return cp->state == PROGRAMME_DRAFT || cp->state == PROGRAMME_PROPOSED ||
           cp->state == PROGRAMME_RETURNED;
}

/* The role in which the person may make the move, by the table of rights; NONE: in none. */
static enum err role_for(const struct call *c, const struct pupil *p, enum programme_move m,
                         enum role *out)
{
    bool decides = m == PROGRAMME_MOVE_APPROVE || m == PROGRAMME_MOVE_RETURN, may = false;
    enum err err =
        pupil_may(c, decides ? RIGHT_PROGRAMME_DECIDE : RIGHT_PROGRAMME_PROPOSE, &p->child, &may);

    *out = may ? call_role(c) : ROLE_NONE;
    return err;
}

enum err programme_ask(const struct call *c, const struct pupil *p,
                       const struct child_programme *cp, enum programme_move m, bool reason,
                       size_t faults, enum programme_state *next, enum programme_verdict *out)
{
    struct programme_wish w = { .move = m, .reason = reason, .faults = faults };
    enum err err = role_for(c, p, m, &w.role);

    if (!err)
        err = child_programme_author(c->db, cp->id, c->user.id, &w.author);
    if (!err)
        *out = programme_decide(cp->state, &w, next);
    return err;
}

/* ---- JSON --------------------------------------------------------------------------------- */

json_t *programme_faults_json(const struct judged *j)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < j->n; i++) {
        const struct programme_fault *f = &j->faults[i];

        if (json_push(array,
                      json_pack("{s:s,s:o,s:I,s:I}", "fault", programme_fault_name(f->kind), "line",
                                f->line < 0 ? json_null() : json_integer(f->line), "limit",
                                (json_int_t)f->limit, "value", (json_int_t)f->value))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *lines_json(const struct pupil *p, const struct child_programme *cp)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < cp->lines_n; i++) {
        const struct programme_line *l = &cp->lines[i];

        if (json_push(array, json_pack("{s:s,s:o,s:i,s:i,s:i}", "subject",
                                       pupil_subject_code(&p->subjects, l->subject), "programme",
                                       l->catalogue ? json_integer(l->catalogue) : json_null(),
                                       "week_minutes", l->week_minutes, "year_minutes",
                                       l->year_minutes, "lesson_minutes", l->lesson_minutes))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

json_t *programme_day_json(int64_t day)
{
    char text[DAY_TEXT_BYTES] = "";

    if (day != INT64_MAX)
        day_write(day, text);
    return json_text_or_null(text);
}

/* {by, at}, or null. */
static enum err act_json(const struct call *c, struct user_id by, int64_t at_ms, json_t **out)
{
    json_t *person = NULL;
    enum err err = by.v ? person_json(c, by, &person) : ERR_OK;

    if (err)
        return err;
    *out = by.v ? json_pack("{s:o,s:I}", "by", person, "at", (json_int_t)at_ms) : json_null();
    return *out ? ERR_OK : ERR_NOMEM;
}

/* The moves that would be granted now, but for a reason that is still to be given. */
static enum err moves_json(const struct call *c, const struct pupil *p,
                           const struct child_programme *cp, size_t faults, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (int m = 0; !err && m < PROGRAMME_MOVE_COUNT; m++) {
        enum programme_state next;
        enum programme_verdict v = PROGRAMME_VERDICT_NOT_ALLOWED;

        err = programme_ask(c, p, cp, (enum programme_move)m, true, faults, &next, &v);
        if (!err && v == PROGRAMME_VERDICT_OK)
            err = json_push(array, json_string(programme_move_name((enum programme_move)m)));
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

enum err programme_version_json(const struct call *c, const struct pupil *p,
                                const struct child_programme *cp, json_t **out)
{
    json_t *proposed = NULL, *decided = NULL, *moves = NULL;
    struct judged j = { .n = 0 };
    enum err err = undecided(cp) ? programme_judge(c, p, cp, &j) : ERR_OK;

    if (!err)
        err = act_json(c, cp->proposed_by, cp->proposed_ms, &proposed);
    if (!err)
        err = act_json(c, cp->decided_by, cp->decided_ms, &decided);
    if (!err)
        err = moves_json(c, p, cp, j.n, &moves);
    if (!err) {
        *out = json_pack(
            "{s:I,s:i,s:I,s:s,s:o,s:o,s:o,s:s,s:b,s:O,s:O,s:o,s:o,s:O}", "id", (json_int_t)cp->id,
            "number", cp->version, "version", (json_int_t)cp->rev, "state",
            programme_state_name(cp->state), "from", programme_day_json(cp->days.first), "to",
            programme_day_json(cp->days.last), "until", programme_day_json(cp->until), "reason",
            cp->reason, "carried", (int)cp->carried, "proposed", proposed, "decided", decided,
            "lines", lines_json(p, cp), "faults", programme_faults_json(&j), "may", moves);
        err = *out ? ERR_OK : ERR_NOMEM;
    }
    json_decref(proposed);
    json_decref(decided);
    json_decref(moves);
    return err;
}
