/* SPDX-License-Identifier: Apache-2.0
 *
 * Changing the timetable: create, move, cancel, substitute. Each answers with
 * the lesson as it now stands, writes an audit row and tells the lesson's
 * room. What does not fit is refused by the rules first and by the database
 * in any case. Desk thread.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/conflict.h"
#include "server/api/endpoints.h"
#include "server/api/lesson_json.h"
#include "server/domain/makeup.h"
#include "server/store/child.h"
#include "server/store/home.h"
#include "server/store/org.h"
#include "server/store/version.h"

/* The lesson as a short JSON text for the audit; never a name, never a reason. */
static enum err audit_text(const struct call *c, struct lesson_id id, char **out)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    enum err err = l ? lesson_load(c->db, id, l) : ERR_NOMEM;
    struct strbuf b;

    strbuf_init(&b);
    if (!err) {
        strbuf_printf(&b,
                      "{\"state\":\"%s\",\"start\":%lld,\"end\":%lld,\"mentor\":%lld,\"rev\":%lld}",
                      lesson_state_name(l->facts.state), (long long)l->facts.start_ms,
                      (long long)l->facts.end_ms, (long long)l->facts.mentor.v, (long long)l->rev);
        err = strbuf_take(&b, out);
    }
    strbuf_deinit(&b);
    mem_free(l);
    return err;
}

/* Audit, push, answer: the end of every change. before may be "". */
static enum err finish(struct call *c, int status, const char *action, const char *before,
                       struct lesson_id was, struct lesson_id id)
{
    char *after = NULL;
    enum err err = audit_text(c, id, &after);

    if (!err)
        err = call_audit(c, action, "lesson", id.v, before, after);
    mem_free(after);
    if (err)
        return err;
    desk_push_lesson(c->ctx, id);
    if (was.v && !lesson_id_eq(was, id))
        desk_push_lesson(c->ctx, was);
    return lesson_answer(c, status, id);
}

/* A trigger of the database found what the rules did not (it cannot, by their tests): the person
 * gets the same refusal, without the other lesson's name. */
static enum err refused_by_store(struct call *c, enum err err)
{
    if (err != ERR_STATE)
        return err;
    return call_refuse(c, REFUSE_NOT_NOW);
}

enum err wanted_of(const struct lesson *l, const struct mentor *m, struct wanted *w)
{
    *w = (struct wanted){ .id = l->facts.id,
                          .org = l->org,
                          .mentor = *m,
                          .children_n = l->seats_n,
                          .start_ms = l->facts.start_ms,
                          .end_ms = l->facts.end_ms,
                          .introduction = strcmp(l->kind, "introduction") == 0,
                          .make_up = l->make_up_of.v != 0,
                          .lost = l->make_up_of };
    for (int i = 0; i < l->seats_n; i++) {
        w->children[i] = l->seats[i].child;
        w->users[i] = l->seats[i].user;
    }
    return str_copy(w->subject, sizeof w->subject, l->subject) &&
                   str_copy(w->tz, sizeof w->tz, l->tz)
               ? ERR_OK
               : ERR_DB;
}

/* The mentor a form names, if the person may choose it. Otherwise bad_field: range. */
static enum err mentor_asked(struct call *c, struct user_id user, struct org_id centre,
                             struct mentor *out, bool *refused)
{
    enum err err = mentor_by_user(c->db, user, out);

    *refused = false;
    if (!err && org_id_eq(out->centre, centre))
        return ERR_OK;
    if (err && err != ERR_NOTFOUND)
        return err;
    *refused = true;
    json_view_blame(&c->in, JSON_FAULT_RANGE, "mentor");
    return call_refuse_field(c, &c->in);
}

static enum err children_asked(struct call *c, const struct body_lesson_new *b, struct wanted *w,
                               bool *refused)
{
    *refused = false;
    for (int i = 0; i < b->children_n; i++) {
        struct child child;
        bool may = false;
        enum err err = child_by_user(c->db, b->children[i], &child);

        if (!err)
            err = call_may_child(c, RIGHT_LESSON_CREATE, &child, false, &may);
        if (err && err != ERR_NOTFOUND)
            return err;
        if (err || !may || !org_id_eq(child.centre, w->org)) {
            *refused = true;
            json_view_blame(&c->in, JSON_FAULT_RANGE, "children");
            return call_refuse_field(c, &c->in);
        }
        w->children[i] = child.id;
        w->users[i] = child.user;
        w->children_n = i + 1;
        if (i == 0 && !str_copy(w->tz, sizeof w->tz, child.tz))
            return ERR_DB;
    }
    return ERR_OK;
}

/* A lesson that is made up for must be one the person sees, over, and of the same child. */
static enum err make_up_asked(struct call *c, struct lesson_id id, const struct wanted *w,
                              bool *refused)
{
    struct lesson_ref made = { 0 };
    struct lesson *l;
    bool may = false, same = false;
    enum err err;

    *refused = false;
    if (!id.v)
        return ERR_OK;
    l = mem_zalloc(1, sizeof *l);
    err = l ? lesson_load(c->db, id, l) : ERR_NOMEM;
    if (!err)
        err = call_may_lesson(c, RIGHT_LESSON_CREATE, l, &may);
    for (int i = 0; !err && i < l->seats_n; i++)
        same = same || child_id_eq(l->seats[i].child, w->children[0]);
    mem_free(l);
    if (err && err != ERR_NOTFOUND)
        return err;
    if (!err && may && same)
        err = lesson_made_up_by(c->db, id, &made);
    else
        err = ERR_NOTFOUND;
    *refused = err || made.id.v;
    if (made.id.v)
        return call_refuse_gate(c, make_up_name(MAKE_UP_MADE));
    if (err != ERR_NOTFOUND)
        return err;
    json_view_blame(&c->in, JSON_FAULT_RANGE, "make_up_of");
    return call_refuse_field(c, &c->in);
}

/* version 0: the timetable itself, else a draft. */
static enum err create_checked(struct call *c, const struct body_lesson_new *b,
                               const struct wanted *w, int64_t version)
{
    struct lesson_plan plan = { .org = w->org,
                                .mentor = w->mentor.id,
                                .children_n = w->children_n,
                                .start_ms = w->start_ms,
                                .end_ms = w->end_ms,
                                .tz = w->tz,
                                .kind = b->kind,
                                .state = LESSON_SCHEDULED,
                                .make_up_of = b->make_up_of };
    struct subject subject;
    struct lesson_id id;
    enum err err = subject_by_code(c->db, w->subject, &subject);

    if (err == ERR_NOTFOUND) {
        json_view_blame(&c->in, JSON_FAULT_RANGE, "subject");
        return call_refuse_field(c, &c->in);
    }
    if (err)
        return err;
    plan.subject_id = subject.id;
    memcpy(plan.children, w->children, sizeof plan.children);
    err = version ? version_add(c->db, version, &plan, c->now.unix_ms, c->user.id, &id)
                  : lesson_add(c->db, &plan, c->now.unix_ms, c->user.id, &id);
    if (err)
        return refused_by_store(c, err);
    err =
        finish(c, 201, version ? "lesson.plan" : "lesson.create", "", (struct lesson_id){ 0 }, id);
    /* A lesson of a draft cannot be asked for yet. */
    if (!err && !version &&
        !str_format(c->location, sizeof c->location, API_PREFIX "/lessons/%lld", (long long)id.v))
        err = ERR_INVAL;
    return err;
}

/* A lesson of a draft is judged when the whole draft is: what it misses may come in after it. */
static enum err create(struct call *c, int64_t version)
{
    struct body_lesson_new b;
    struct wanted w = { 0 };
    struct grant grant;
    bool refused = false;
    enum err err;

    if (call_scope(c, RIGHT_LESSON_CREATE, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (body_lesson_new(&c->in, &b))
        return call_refuse_field(c, &c->in);
    w.org = grant.org;
    w.introduction = b.kind && strcmp(b.kind, "introduction") == 0;
    w.make_up = b.make_up_of.v != 0;
    w.lost = b.make_up_of;
    if (!str_copy(w.subject, sizeof w.subject, b.subject))
        return ERR_INVAL;
    err = mentor_asked(c, b.mentor, w.org, &w.mentor, &refused);
    if (!err && !refused)
        err = children_asked(c, &b, &w, &refused);
    if (!err && !refused)
        err = make_up_asked(c, b.make_up_of, &w, &refused);
    if (!err && !refused)
        err = conflict_when(c, &w, &b.when, &refused);
    if (!err && !refused && !version)
        err = conflict_gates(c, &w, false, (struct mentor_id){ 0 }, &refused);
    if (!err && !refused && !version)
        err = conflict_check(c, &w, &refused);
    return err || refused ? err : create_checked(c, &b, &w, version);
}

enum err lesson_create(struct call *c)
{
    return create(c, 0);
}

enum err lesson_plan_into(struct call *c, int64_t version)
{
    return create(c, version);
}

/* The lesson in the path, if it may be changed by this right, its ETag matches and its door is
 * still closed. */
static enum err open_for_change(struct call *c, enum right right, struct lesson *l, bool *refused)
{
    enum err err = call_lesson(c, right, l, refused);

    if (err || *refused)
        return err;
    err = call_match(c, l->rev, refused);
    if (err || *refused)
        return err;
    *refused = !lesson_editable(&l->facts, c->now.unix_ms);
    return *refused ? call_refuse(c, REFUSE_NOT_NOW) : ERR_OK;
}

static enum err move_checked(struct call *c, const struct lesson *l, const struct wanted *w,
                             const char *reason)
{
    char *before = NULL;
    struct lesson_id id;
    enum err err = audit_text(c, l->facts.id, &before);

    if (!err)
        err = lesson_move(c->db, l->facts.id, w->start_ms, w->end_ms, reason, SIDE_CENTRE,
                          c->now.unix_ms, c->user.id, &id);
    if (err) {
        mem_free(before);
        return refused_by_store(c, err);
    }
    err = finish(c, 200, "lesson.move", before, l->facts.id, id);
    mem_free(before);
    return err;
}

static enum err move_loaded(struct call *c, const struct lesson *l)
{
    struct body_lesson_move b;
    struct mentor mentor;
    struct wanted w;
    bool refused = false;
    enum err err;

    if (body_lesson_move(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = mentor_load(c->db, l->mentor, &mentor);
    if (!err)
        err = wanted_of(l, &mentor, &w);
    if (!err)
        err = conflict_when(c, &w, &b.when, &refused);
    if (!err && !refused)
        err = conflict_gates(c, &w, !mentor_id_eq(l->mentor, l->planned_mentor),
                             (struct mentor_id){ 0 }, &refused);
    if (!err && !refused)
        err = conflict_check(c, &w, &refused);
    return err || refused ? err : move_checked(c, l, &w, b.reason);
}

/* Loads, runs on the lesson, frees. */
static enum err with_lesson(struct call *c, enum right right,
                            enum err (*run)(struct call *c, const struct lesson *l))
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? open_for_change(c, right, l, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = run(c, l);
    mem_free(l);
    return err;
}

enum err lesson_move_post(struct call *c)
{
    return with_lesson(c, RIGHT_LESSON_MOVE, move_loaded);
}

static enum err cancel_loaded(struct call *c, const struct lesson *l)
{
    struct body_lesson_cancel b;
    char *before = NULL;
    enum err err;

    if (body_lesson_cancel(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = audit_text(c, l->facts.id, &before);
    if (!err)
        err = lesson_cancel(c->db, l->facts.id, b.reason, b.side, c->now.unix_ms);
    if (!err)
        err = finish(c, 200, "lesson.cancel", before, l->facts.id, l->facts.id);
    else
        err = refused_by_store(c, err);
    mem_free(before);
    return err;
}

enum err lesson_cancel_post(struct call *c)
{
    return with_lesson(c, RIGHT_LESSON_CANCEL, cancel_loaded);
}

static enum err substitute_loaded(struct call *c, const struct lesson *l)
{
    struct body_lesson_substitute b;
    struct mentor mentor;
    struct wanted w;
    char *before = NULL;
    bool refused = false;
    enum err err;

    if (body_lesson_substitute(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = mentor_asked(c, b.mentor, l->org, &mentor, &refused);
    if (!err && !refused)
        err = wanted_of(l, &mentor, &w);
    if (!err && !refused)
        err = conflict_gates(c, &w, true, l->mentor, &refused);
    if (!err && !refused)
        err = conflict_check(c, &w, &refused);
    if (err || refused)
        return err;
    err = audit_text(c, l->facts.id, &before);
    if (!err)
        err = lesson_substitute(c->db, l->facts.id, mentor.id, b.reason, c->now.unix_ms);
    if (!err)
        err = finish(c, 200, "lesson.substitute", before, l->facts.id, l->facts.id);
    else
        err = refused_by_store(c, err);
    mem_free(before);
    return err;
}

enum err lesson_substitute_post(struct call *c)
{
    return with_lesson(c, RIGHT_LESSON_SUBSTITUTE, substitute_loaded);
}
