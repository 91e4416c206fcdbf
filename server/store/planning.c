/* SPDX-License-Identifier: Apache-2.0
 *
 * From facts to an outcome: the search, and why what is left has no place. See
 * planning.h.
 */
#include "server/store/planning.h"

#include "common/base/mem.h"

#define PROOFS_MAX 64 /* each is a flow; those left first are asked for one */

struct search {
    const struct plan_asked *asked;
    const struct plan_facts *facts;
    struct plan *plan;
    struct plan_outcome *out;
    bool stopped;
};

/* Fixed lessons are there, not planned. */
static struct plan_figures figures_of(const struct plan_facts *f, const struct plan_progress *at)
{
    return (struct plan_figures){ .wanted = at->lessons - f->fixed + (int64_t)f->refused_n,
                                  .placed = at->placed - f->fixed,
                                  .bound = at->bound - f->fixed,
                                  .steps = at->steps };
}

static bool polled(void *ctx, const struct plan_progress *at)
{
    struct search *s = ctx;
    struct plan_figures figures = figures_of(s->facts, at);

    s->stopped = s->asked->stop(s->asked->ctx, &figures);
    return s->stopped;
}

static struct mentor_id mentor_of(const struct search *s, int line)
{
    const struct plan_problem *p = &s->facts->problem;
    int candidate = plan_candidate(s->plan, line);
    int employment;

    if (candidate < 0)
        return (struct mentor_id){ 0 };
    employment = p->lines[line].candidates[candidate].employment;
    return (struct mentor_id){ p->mentors[p->employments[employment].mentor].id };
}

/* A published lesson that keeps its place and mentor is no part of the proposal. */
static bool stays(const struct search *s, int lesson)
{
    const struct plan_lesson *l = &s->facts->problem.lessons[lesson];

    return l->pinned || (l->published >= 0 && l->published == plan_start(s->plan, lesson) &&
                         s->facts->problem.lines[l->line].chosen >= 0);
}

static void add_placed(struct search *s, int lesson)
{
    const struct plan_lesson *l = &s->facts->problem.lessons[lesson];
    const struct plan_of_lesson *of = &s->facts->of[lesson];
    int start = plan_start(s->plan, lesson);

    s->out->placed[s->out->placed_n++] =
        (struct plan_placed){ .child = of->child,
                              .mentor = mentor_of(s, l->line),
                              .subject = of->subject,
                              .start_ms = slot_ms(&s->facts->line, start),
                              .end_ms = slot_ms(&s->facts->line, start + l->length),
                              .was = of->was };
}

static void add_left(struct search *s, int lesson)
{
    const struct plan_lesson *l = &s->facts->problem.lessons[lesson];
    const struct plan_of_lesson *of = &s->facts->of[lesson];
    int candidate = plan_candidate(s->plan, l->line);
    struct plan_certificate proof;
    struct plan_why why;
    struct plan_left *left = &s->out->left[s->out->left_n++];

    plan_explain(s->plan, lesson, candidate < 0 ? 0 : candidate, &why);
    *left = (struct plan_left){ .child = of->child,
                                .subject = of->subject,
                                .mentor = mentor_of(s, l->line),
                                .was = of->was,
                                .minutes = l->length * PLAN_SLOT_MINUTES,
                                .rule = why.emptied_by,
                                .would_fit = why.would_fit,
                                .starts = why.would_fit_starts };
    if (candidate >= 0 && s->out->left_n <= PROOFS_MAX && plan_certify(s->plan, lesson, &proof)) {
        left->lessons = proof.lessons_n;
        left->places = proof.places;
        left->of_mentor = proof.of_mentor;
    }
}

static enum err collect(struct search *s)
{
    const struct plan_problem *p = &s->facts->problem;
    const struct plan_facts *f = s->facts;
    size_t room = (size_t)p->lessons_n + f->refused_n + 1;
    struct plan_progress at = plan_progress(s->plan);
    struct plan_changes c = plan_changes(s->plan);

    s->out->placed = mem_zalloc(room, sizeof *s->out->placed);
    s->out->left = mem_zalloc(room, sizeof *s->out->left);
    if (!s->out->placed || !s->out->left)
        return ERR_NOMEM;
    for (int i = 0; i < p->lessons_n; i++) {
        if (plan_start(s->plan, i) < 0)
            add_left(s, i);
        else if (!stays(s, i))
            add_placed(s, i);
    }
    for (size_t i = 0; i < f->refused_n; i++)
        s->out->left[s->out->left_n++] = (struct plan_left){ .child = f->refused[i].child,
                                                             .subject = f->refused[i].subject,
                                                             .minutes = f->refused[i].minutes,
                                                             .rule = f->refused[i].rule };
    s->out->figures = figures_of(f, &at);
    s->out->figures.kept = c.kept - f->fixed;
    s->out->figures.forced = c.forced;
    s->out->figures.moved = c.moved;
    s->out->figures.added = c.added;
    s->out->stopped = s->stopped;
    return ERR_OK;
}

static enum err search(struct search *s)
{
    struct plan_options o = plan_options_default();
    enum err err;

    o.seed = s->asked->seed;
    o.steps_per_lesson = s->asked->policy.steps_per_lesson;
    o.moves_per_rescue = (int)s->asked->policy.moves_per_rescue;
    if (s->asked->stop) {
        o.stop = polled;
        o.ctx = s;
    }
    err = plan_new(&s->plan, &s->facts->problem, &o);
    if (err)
        return err;
    if (s->asked->query.mode == PLAN_MODE_REPAIR)
        plan_repair(s->plan);
    else
        plan_week(s->plan);
    err = collect(s);
    plan_free(s->plan);
    return err;
}

enum err planning_search(struct db *reader, const struct plan_asked *asked,
                         struct plan_outcome *out)
{
    struct plan_outcome found = { 0 };
    struct plan_facts *facts = NULL;
    struct search s = { .asked = asked, .out = &found };
    enum err err = db_begin(reader);

    if (!err) {
        err = plan_facts_load(reader, &asked->query, &facts);
        db_rollback(reader); /* nothing was written */
    }
    s.facts = facts;
    if (!err)
        err = search(&s);
    plan_facts_free(facts);
    if (err)
        plan_outcome_free(&found);
    else
        *out = found;
    return err;
}

void plan_outcome_free(struct plan_outcome *o)
{
    mem_free(o->placed);
    mem_free(o->left);
    *o = (struct plan_outcome){ 0 };
}
