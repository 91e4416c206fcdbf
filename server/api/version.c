/* SPDX-License-Identifier: Apache-2.0
 *
 * Drafts of the schedule: make one, put lessons into it, have it judged,
 * publish it. Whoever may put a lesson on the timetable may do so; another
 * centre's version does not exist. Desk thread.
 */
#include "server/api/version.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/conflict.h"
#include "server/api/endpoints.h"
#include "server/store/draft.h"

json_t *version_json(const struct version *v)
{
    return json_pack("{s:I,s:I,s:s,s:I}", "id", (json_int_t)v->id, "number", (json_int_t)v->no,
                     "state", version_state_name(v->state), "planned", (json_int_t)v->planned);
}

enum err version_asked(struct call *c, int64_t id, struct version *out, bool *refused)
{
    struct grant grant;
    enum err err;

    *refused = true;
    if (call_scope(c, RIGHT_LESSON_CREATE, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = version_load(c->db, id, out);
    if (err == ERR_NOTFOUND || (!err && !org_id_eq(out->org, grant.org)))
        return call_refuse(c, REFUSE_NOT_FOUND);
    *refused = err != ERR_OK;
    return err;
}

/* The version in the path. */
static enum err open_version(struct call *c, struct version *out, bool *refused)
{
    return version_asked(c, c->id, out, refused);
}

bool version_is_draft(const struct version *v)
{
    return v->state == VERSION_DRAFT || v->state == VERSION_VALIDATED;
}

static enum err empty_body(struct call *c, bool *refused)
{
    *refused = json_view_end(&c->in) != ERR_OK;
    return *refused ? call_refuse_field(c, &c->in) : ERR_OK;
}

static enum err audit(struct call *c, const char *action, const struct version *v)
{
    return call_audit(c, action, "schedule_version", v->id, "", version_state_name(v->state));
}

enum err version_post(struct call *c)
{
    struct version v;
    struct grant grant;
    bool refused = false;
    enum err err;

    if (call_scope(c, RIGHT_LESSON_CREATE, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = empty_body(c, &refused);
    if (err || refused)
        return err;
    err = version_draft(c->db, grant.org, c->now.unix_ms, c->user.id, &v);
    if (!err)
        err = audit(c, "version.draft", &v);
    return err ? err : call_answer(c, 201, version_json(&v));
}

enum err version_get(struct call *c)
{
    struct version v;
    bool refused = false;
    enum err err = open_version(c, &v, &refused);

    return err || refused ? err : call_answer(c, 200, version_json(&v));
}

/* Judged: the version, how many lessons, and what the rules say. */
static enum err answer_report(struct call *c, const struct version *v,
                              const struct version_report *r)
{
    json_t *hard = NULL, *soft = NULL;
    enum err err = conflict_list(c, r->items, r->n, true, &hard);

    if (!err)
        err = conflict_list(c, r->items, r->n, false, &soft);
    if (err) {
        json_decref(hard);
        return err;
    }
    return call_answer(c, 200,
                       json_pack("{s:o,s:I,s:I,s:o,s:o}", "version", version_json(v), "lessons",
                                 (json_int_t)r->lessons, "hard", (json_int_t)r->hard, "conflicts",
                                 hard, "warnings", soft));
}

static enum err judged(struct call *c, const char *action, int64_t id, struct version_report *r)
{
    struct version v;
    enum err err = version_load(c->db, id, &v);

    if (!err)
        err = audit(c, action, &v);
    if (!err)
        err = answer_report(c, &v, r);
    version_report_free(r);
    return err;
}

enum err version_validate_post(struct call *c)
{
    struct version_report r;
    struct version v;
    bool refused = false;
    enum err err = open_version(c, &v, &refused);

    if (!err && !refused)
        err = empty_body(c, &refused);
    if (err || refused)
        return err;
    err = version_validate(c->db, v.id, c->now.unix_ms, &r);
    if (err == ERR_STATE)
        return call_refuse(c, REFUSE_NOT_NOW);
    return err ? err : judged(c, "version.validate", v.id, &r);
}

struct publish_asked {
    int64_t against;    /* the published version that the person has seen; -1: not said */
    const char *reason; /* NULL: none */
};

/* What stands against publishing but the rules: somebody was faster, or a late change has no
 * reason (R19). *refused: answered. */
static enum err publish_checked(struct call *c, const struct version *v,
                                const struct publish_asked *asked, bool *refused)
{
    int64_t current = 0, changed = 0;
    bool late = false;
    enum err err = version_current(c->db, v->org, &current);

    *refused = true;
    if (!err)
        err = draft_changed_since(c->db, v->id, &changed);
    if (!err && (changed > 0 || (asked->against >= 0 && asked->against != current)))
        return call_refuse(c, REFUSE_OUTDATED);
    if (!err && !asked->reason)
        err = draft_any_late(c, v, &late);
    if (!err && late) {
        json_view_blame(&c->in, JSON_FAULT_MISSING, "reason");
        return call_refuse_field(c, &c->in);
    }
    *refused = false;
    return err;
}

static enum err published(struct call *c, const struct version *v, const char *reason)
{
    struct draft_rows rows = { 0 };
    struct version_report r;
    bool done = false;
    enum err err = draft_list(c->db, v->id, 0, 0, &rows);

    if (!err)
        err = version_publish_for(c->db, v->id, reason, c->now.unix_ms, &done, &r);
    if (!err)
        err = judged(c, done ? "version.publish" : "version.return", v->id, &r);
    if (!err && done)
        err = draft_tell(c, &rows);
    mem_free(rows.items);
    return err;
}

enum err version_publish_post(struct call *c)
{
    struct publish_asked asked;
    struct version v;
    bool refused = false;
    enum err err = open_version(c, &v, &refused);

    if (err || refused)
        return err;
    asked.against = json_opt_int(&c->in, "against", 0, BODY_ID_MAX, -1);
    asked.reason = body_opt_name(&c->in, "reason", BODY_REASON_BYTES, 200);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    if (v.state != VERSION_VALIDATED)
        return call_refuse(c, REFUSE_NOT_NOW);
    err = publish_checked(c, &v, &asked, &refused);
    return err || refused ? err : published(c, &v, asked.reason ? asked.reason : "");
}

enum err version_lesson_post(struct call *c)
{
    struct version v;
    bool refused = false;
    enum err err = open_version(c, &v, &refused);

    if (err || refused)
        return err;
    if (!version_is_draft(&v))
        return call_refuse(c, REFUSE_NOT_NOW);
    return lesson_plan_into(c, v.id);
}
