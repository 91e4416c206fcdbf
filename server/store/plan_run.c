/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs of the planner as rows, and a proposal as a draft. See planning.h.
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/store/draft.h"
#include "server/store/paper.h"
#include "server/store/planning.h"

#define RUN_COLUMNS                                                                                \
    "r.id, r.org, r.week, r.mode, r.seed, r.state, r.cause, r.asked_by, r.asked_ms, r.begun_ms, "  \
    "r.ended_ms, r.version, r.wanted, r.placed, r.bound, r.steps, r.kept, r.forced, r.moved, "     \
    "r.added, (SELECT count(*) FROM plan_left f WHERE f.run = r.id) "

static void read_words(struct query *q, struct plan_run *r)
{
    char word[16];

    row_text(q, word, sizeof word);
    if (!plan_mode_parse(word, &r->mode))
        query_blame(q);
    r->seed = row_int(q);
    row_text(q, word, sizeof word);
    if (!plan_state_parse(word, &r->state))
        query_blame(q);
    row_text(q, word, sizeof word);
    if (!plan_cause_parse(word, &r->cause))
        query_blame(q);
}

static void read_run(struct query *q, struct plan_run *r)
{
    *r = (struct plan_run){ .id = row_int(q) };
    r->org.v = row_int(q);
    r->monday = row_day(q);
    read_words(q, r);
    r->asked_by.v = row_int(q);
    r->asked_ms = row_int(q);
    r->begun_ms = row_int(q);
    r->ended_ms = row_int(q);
    r->version = row_int(q);
    r->figures.wanted = row_int(q);
    r->figures.placed = row_int(q);
    r->figures.bound = row_int(q);
    r->figures.steps = row_int(q);
    r->figures.kept = row_int(q);
    r->figures.forced = row_int(q);
    r->figures.moved = row_int(q);
    r->figures.added = row_int(q);
    r->left = row_int(q);
}

enum err plan_run_add(struct db *db, struct org_id org, int64_t monday, enum plan_mode mode,
                      int64_t seed, int64_t now_ms, struct user_id by, int64_t *out)
{
    struct query q = query_on(db, "INSERT INTO plan_run (org, week, mode, seed, state, asked_by, "
                                  "asked_ms) VALUES ($1, $2, $3, $4, 'queued', $5, $6) "
                                  "RETURNING id");

    query_int(&q, org.v);
    query_day(&q, monday);
    query_text(&q, plan_mode_name(mode));
    query_int(&q, seed);
    query_int(&q, by.v);
    query_int(&q, now_ms);
    return query_insert(&q, out);
}

enum err plan_run_load(struct db *db, int64_t id, struct plan_run *out)
{
    struct query q = query_on(db, "SELECT " RUN_COLUMNS "FROM plan_run r WHERE r.id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_run(&q, out);
    return query_end_found(&q);
}

enum err plan_run_list(struct db *db, struct org_id org, int64_t monday, struct plan_run_list *out)
{
    struct query q = query_on(db, "SELECT " RUN_COLUMNS "FROM plan_run r WHERE r.org = $1 "
                                  "AND ($2 IS NULL OR r.week = $2) ORDER BY r.id DESC LIMIT 20");
    struct plan_run_list l = { 0 };
    struct plan_run *r;
    enum err err;

    query_int(&q, org.v);
    query_day(&q, monday ? monday : DAY_NONE);
    while (QUERY_NEXT(&q, &l, r))
        read_run(&q, r);
    err = query_end(&q);
    if (err)
        plan_run_list_free(&l);
    else
        *out = l;
    return err;
}

void plan_run_list_free(struct plan_run_list *l)
{
    mem_free(l->items);
    *l = (struct plan_run_list){ 0 };
}

enum err plan_run_next(struct db *db, int64_t now_ms, struct plan_run *out)
{
    struct query q = query_on(db, "UPDATE plan_run SET state = 'running', begun_ms = $1 "
                                  "WHERE id = (SELECT min(id) FROM plan_run "
                                  "WHERE state = 'queued') RETURNING id");
    int64_t id = 0;
    enum err err;

    query_int(&q, now_ms);
    if (query_row(&q))
        id = row_int(&q);
    err = query_end_found(&q);
    return err ? err : plan_run_load(db, id, out);
}

enum err plan_run_close(struct db *db, int64_t id, enum plan_state state, enum plan_cause cause,
                        int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE plan_run SET state = $2, cause = $3, ended_ms = $4 "
                                  "WHERE id = $1");

    query_int(&q, id);
    query_text(&q, plan_state_name(state));
    query_text(&q, plan_cause_name(cause));
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err plan_runs_lost(struct db *db, int64_t now_ms, int64_t *n)
{
    struct query q = query_on(db, "UPDATE plan_run SET state = 'failed', cause = 'restart', "
                                  "ended_ms = $1 WHERE state IN ('queued', 'running')");
    enum err err;

    query_int(&q, now_ms);
    err = query_run(&q);
    *n = db_changes(db);
    return err;
}

/* ---- the proposal ----------------------------------------------------------------------- */

static enum err zone_of(struct db *db, struct child_id child, char *out, size_t cap)
{
    struct query q = query_on(db, "SELECT u.tz FROM child c JOIN \"user\" u ON u.id = c.user_id "
                                  "WHERE c.id = $1");

    query_int(&q, child.v);
    if (query_row(&q))
        row_text(&q, out, cap);
    return query_end_found(&q);
}

static enum err replace(struct db *db, const struct plan_run *run, int64_t version,
                        struct lesson_id lesson, struct lesson_id was, int64_t now_ms)
{
    struct query q = query_on(db, "SELECT rev FROM lesson WHERE id = $1");
    int64_t rev = 0;
    enum err err;

    query_int(&q, was.v);
    if (query_row(&q))
        rev = row_int(&q);
    err = query_end_found(&q);
    return err ? err : draft_take(db, version, was, rev, lesson, now_ms, run->asked_by);
}

/* The draft is this transaction's own and new, so version_add's questions need not be asked for
 * each of its lessons. */
static enum err put_lessons(struct db *db, const struct plan_run *run, int64_t version,
                            const struct plan_outcome *o, int64_t now_ms)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < o->placed_n; i++) {
        const struct plan_placed *p = &o->placed[i];
        char tz[ZONE_NAME_MAX];
        struct lesson_plan plan = { .org = run->org,
                                    .subject_id = p->subject,
                                    .mentor = p->mentor,
                                    .children = { p->child },
                                    .children_n = 1,
                                    .start_ms = p->start_ms,
                                    .end_ms = p->end_ms,
                                    .tz = tz,
                                    .state = LESSON_PLANNED };
        struct lesson_id id;

        err = zone_of(db, p->child, tz, sizeof tz);
        if (!err)
            err = lesson_add_to(db, &plan, version, now_ms, run->asked_by, &id);
        if (!err && p->was.v)
            err = replace(db, run, version, id, p->was, now_ms);
    }
    return err;
}

static enum err put_left(struct db *db, int64_t run, const struct plan_outcome *o)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < o->left_n; i++) {
        const struct plan_left *l = &o->left[i];
        struct query q =
            query_on(db, "INSERT INTO plan_left (run, no, child, subject, mentor, lesson, minutes, "
                         "rule, would_fit, starts, lessons, places, of_mentor) VALUES ($1, $2, $3, "
                         "$4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");

        query_int(&q, run);
        query_int(&q, (int64_t)i + 1);
        query_int(&q, l->child.v);
        query_int(&q, l->subject);
        query_id_or_null(&q, l->mentor.v);
        query_id_or_null(&q, l->was.v);
        query_int(&q, l->minutes);
        query_text(&q, plan_rule_name(l->rule));
        query_text(&q, plan_rule_name(l->would_fit));
        query_int(&q, l->starts);
        query_int(&q, l->lessons);
        query_int(&q, l->places);
        query_int(&q, l->of_mentor);
        err = query_run(&q);
    }
    return err;
}

static enum err put_figures(struct db *db, int64_t id, const struct plan_figures *f,
                            enum plan_cause cause, int64_t version, int64_t now_ms)
{
    struct query q =
        query_on(db, "UPDATE plan_run SET state = $2, cause = $3, ended_ms = $4, version = $5, "
                     "wanted = $6, placed = $7, bound = $8, steps = $9, kept = $10, forced = $11, "
                     "moved = $12, added = $13 WHERE id = $1");

    query_int(&q, id);
    query_text(&q, plan_state_name(cause ? PLAN_STATE_STOPPED : PLAN_STATE_DONE));
    query_text(&q, plan_cause_name(cause));
    query_int(&q, now_ms);
    query_id_or_null(&q, version);
    query_int(&q, f->wanted);
    query_int(&q, f->placed);
    query_int(&q, f->bound);
    query_int(&q, f->steps);
    query_int(&q, f->kept);
    query_int(&q, f->forced);
    query_int(&q, f->moved);
    query_int(&q, f->added);
    return query_run(&q);
}

enum err plan_run_finish(struct db *db, int64_t id, const struct plan_outcome *o,
                         enum plan_cause cause, int64_t now_ms)
{
    struct version version = { 0 };
    struct plan_run run;
    enum err err = plan_run_load(db, id, &run);

    if (!err && run.state != PLAN_STATE_RUNNING)
        err = ERR_STATE;
    if (!err && o->placed_n > 0)
        err = version_draft(db, run.org, now_ms, run.asked_by, &version);
    if (!err)
        err = put_lessons(db, &run, version.id, o, now_ms);
    if (!err)
        err = put_left(db, id, o);
    return err ? err : put_figures(db, id, &o->figures, cause, version.id, now_ms);
}

enum err plan_left_list(struct db *db, int64_t run, struct plan_left *out, size_t cap, size_t *n)
{
    struct query q = query_on(db, "SELECT child, subject, mentor, lesson, minutes, rule, "
                                  "would_fit, starts, lessons, places, of_mentor FROM plan_left "
                                  "WHERE run = $1 ORDER BY no");

    query_int(&q, run);
    *n = 0;
    while (*n < cap && query_row(&q)) {
        struct plan_left *l = &out[(*n)++];
        char rule[32];

        *l = (struct plan_left){ .child = { row_int(&q) } };
        l->subject = row_int(&q);
        l->mentor.v = row_int(&q);
        l->was.v = row_int(&q);
        l->minutes = (int)row_int(&q);
        row_text(&q, rule, sizeof rule);
        if (!plan_rule_parse(rule, &l->rule))
            query_blame(&q);
        row_text(&q, rule, sizeof rule);
        if (!plan_rule_parse(rule, &l->would_fit))
            query_blame(&q);
        l->starts = (int)row_int(&q);
        l->lessons = (int)row_int(&q);
        l->places = (int)row_int(&q);
        l->of_mentor = row_bool(&q);
    }
    return query_end(&q);
}
