/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines and lessons of a plan: what stays, what may move, what is approved and
 * not given yet, and who may teach it. See plan_inside.h.
 */
#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/hiring.h"
#include "server/store/plan_inside.h"

#define COST_KNOWN 0 /* taught the child lately */
#define COST_SUBJECT 1
#define COST_LEAD 2

static bool has_child(const struct booked_lesson *l, struct user_id child)
{
    for (int i = 0; i < l->children_n; i++)
        if (user_id_eq(l->children[i], child))
            return true;
    return false;
}

static enum err may_teach(const struct builder *b, const struct child_work *w,
                          struct mentor_id mentor, int64_t subject, bool *out)
{
    const struct teach_question asked = {
        .hired = true, .child = true, .consents = true, .subject = subject
    };
    const struct teach_who who = { mentor, w->row->school, w->row->child };
    int64_t begin = b->from_ms > b->q->now_ms ? b->from_ms : b->q->now_ms;
    struct teach_verdict v;
    enum err err = teach_ask(b->db, &who, &asked, begin, &v);

    *out = !err && v.failed == 0;
    if (!err && *out) {
        err = teach_ask(b->db, &who, &asked, b->to_ms - MS_PER_DAY, &v);
        *out = !err && v.failed == 0;
    }
    return err;
}

/* Who may teach the line; owned by b->in. */
static enum err candidates_of(struct builder *b, const struct child_work *w, int64_t subject,
                              const struct plan_candidate **out, int *n)
{
    struct assigned_rows rows = { 0 };
    struct plan_candidate *list, **place;
    enum err err = assigned_rows_load(b->db, w->row->child, subject, b->from_ms, b->to_ms, &rows);

    *n = 0;
    if (err || rows.n == 0)
        return err;
    place = ADD(b->in->candidates);
    list = place ? mem_zalloc(rows.n, sizeof *list) : NULL;
    if (place)
        *place = list;
    if (!list)
        err = ERR_NOMEM;
    for (size_t i = 0; !err && i < rows.n; i++) {
        const struct assigned_row *r = &rows.items[i];
        struct mentor_box *m = NULL;
        bool may = false;

        err = may_teach(b, w, r->mentor, subject, &may);
        if (!err && may)
            err = facts_mentor(b, r->mentor, &m);
        if (!err && may && facts_job(m, w->row->school) >= 0)
            list[(*n)++] =
                (struct plan_candidate){ facts_job(m, w->row->school), r->recent ? COST_KNOWN
                                                                       : r->lead ? COST_LEAD
                                                                                 : COST_SUBJECT };
    }
    mem_free(rows.items);
    *out = list;
    return err;
}

static enum err add_line(struct builder *b, const struct child_work *w, int64_t subject,
                         const struct plan_candidate *candidates, int n, int chosen, int *index)
{
    struct plan_line *l = ADD(b->in->lines);

    if (!l)
        return ERR_NOMEM;
    *index = (int)b->in->lines.n - 1;
    *l = (struct plan_line){ .id = *index + 1,
                             .child = w->index,
                             .subject = (int)subject,
                             .candidates = candidates,
                             .candidates_n = n,
                             .chosen = chosen };
    return ERR_OK;
}

static enum err add_lesson(struct builder *b, const struct child_work *w,
                           const struct plan_lesson *l, struct lesson_id was)
{
    struct plan_lesson *p = ADD(b->in->lessons);
    struct plan_of_lesson *of;

    if (!p || !facts_grow((void **)&b->f->of, b->f->of_n, sizeof *of))
        return ERR_NOMEM;
    *p = *l;
    p->id = (int64_t)b->in->lessons.n;
    b->f->of[b->f->of_n++] = (struct plan_of_lesson){
        .child = w->row->child, .subject = b->in->lines.items[l->line].subject, .was = was
    };
    return ERR_OK;
}

/* Who gives the fixed lessons of the child: their own mentors are blocked by them already. */
static enum err pseudo_for(struct builder *b, struct child_work *w,
                           const struct plan_candidate **out)
{
    struct plan_mentor *m;
    struct plan_employment *e;
    struct plan_candidate *c, **place;

    if (w->pseudo >= 0) {
        *out = b->in->candidates.items[w->pseudo];
        return ERR_OK;
    }
    m = ADD(b->in->mentors);
    e = ADD(b->in->employments);
    place = ADD(b->in->candidates);
    c = place ? mem_zalloc(1, sizeof *c) : NULL;
    if (place)
        *place = c;
    if (!m || !e || !c)
        return ERR_NOMEM;
    *m = (struct plan_mentor){ .days = &w->clock->days };
    *e = (struct plan_employment){ .mentor = (int)b->in->mentors.n - 1 };
    *c = (struct plan_candidate){ .employment = (int)b->in->employments.n - 1 };
    w->pseudo = (int)b->in->candidates.n - 1;
    *out = c;
    return ERR_OK;
}

static enum err add_fixed(struct builder *b, struct child_work *w, const struct booked_lesson *l,
                          int from, int to)
{
    const struct plan_candidate *c;
    struct plan_lesson lesson = { .published = from, .pinned = true };
    enum err err = pseudo_for(b, w, &c);

    lesson.length = to - from > PLAN_LENGTH_MAX ? PLAN_LENGTH_MAX : to - from;
    if (!err)
        err = add_line(b, w, l->subject, c, 1, 0, &lesson.line);
    if (!err)
        err = add_lesson(b, w, &lesson, l->id);
    b->f->fixed += !err;
    return err;
}

enum err facts_fixed(struct builder *b, struct child_work *w)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && w->t && i < w->t->booked.n; i++) {
        const struct booked_lesson *l = &w->t->booked.items[i];
        int from, to;

        if (facts_stands(l) && !facts_may_move(b, l->id) && has_child(l, w->t->children[0].id) &&
            slots_touched(&b->f->line, l->start_ms, l->end_ms, &from, &to))
            err = add_fixed(b, w, l, from, to);
    }
    return err;
}

/* Minutes of the subject that the timetable gives in the week and that stay; make-ups are those of
 * another week. */
static int minutes_given(const struct builder *b, const struct child_work *w, int64_t subject)
{
    int64_t sum = 0;

    for (size_t i = 0; w->t && i < w->t->booked.n; i++) {
        const struct booked_lesson *l = &w->t->booked.items[i];
        int from, to;

        if (facts_stands(l) && !l->make_up && l->subject == subject && !facts_may_move(b, l->id) &&
            has_child(l, w->t->children[0].id) &&
            slots_touched(&b->f->line, l->start_ms, l->end_ms, &from, &to) &&
            w->school_clock->days.of[from] >= 1 && w->school_clock->days.of[from] <= 7)
            sum += l->end_ms - l->start_ms;
    }
    return (int)((sum + MS_PER_MIN - 1) / MS_PER_MIN);
}

/* R16 by the year: minutes that are left of it; what may move is given in either place. */
static int left_of_year(const struct child_work *w, int64_t subject, int64_t monday)
{
    const struct child_facts *c = &w->t->children[0];
    int64_t given = 0;
    size_t i = 0;

    while (i < c->lines_n && !(c->lines[i].subject == subject && c->lines[i].days.last >= monday &&
                               c->lines[i].days.first <= monday + 6))
        i++;
    if (i == c->lines_n)
        return 0;
    for (size_t k = 0; k < w->t->booked.n; k++) {
        const struct booked_lesson *l = &w->t->booked.items[k];

        if (facts_stands(l) && !l->lost && l->subject == subject && has_child(l, c->id))
            given += l->end_ms - l->start_ms;
    }
    return (int)(c->lines[i].year_minutes - (c->lines[i].year_other_ms + given) / MS_PER_MIN);
}

static int chosen_of(const struct builder *b, const struct plan_candidate *c, int n,
                     struct mentor_id mentor)
{
    for (int i = 0; i < n; i++) {
        int m = b->in->employments.items[c[i].employment].mentor;

        if (b->in->mentors.items[m].id == mentor.v)
            return i;
    }
    return -1;
}

/* Published lessons of the line that may move: one line for each mentor who has some. Returns
 * their minutes. */
static enum err movable_lessons(struct builder *b, const struct child_work *w,
                                const struct line_row *r, const struct plan_candidate *c, int n,
                                int *minutes)
{
    const struct movable_rows *rows = &b->in->movable;
    enum err err = ERR_OK;

    *minutes = 0;
    for (size_t i = 0; !err && i < rows->n; i++) {
        const struct movable_row *m = &rows->items[i];
        struct plan_lesson l = { .line = -1 };
        int chosen, to;

        if (!child_id_eq(m->child, w->row->child) || m->subject != r->subject)
            continue;
        chosen = chosen_of(b, c, n, m->mentor);
        for (size_t k = 0; k < b->in->lines.n; k++) {
            const struct plan_line *line = &b->in->lines.items[k];

            if (line->child == w->index && line->subject == r->subject && line->candidates == c &&
                line->chosen == chosen)
                l.line = (int)k;
        }
        if (l.line < 0)
            err = add_line(b, w, r->subject, c, n, chosen, &l.line);
        (void)slots_touched(&b->f->line, m->start_ms, m->end_ms, &l.published, &to);
        l.length = to - l.published;
        if (!err)
            err = add_lesson(b, w, &l, m->id);
        *minutes += (int)((m->end_ms - m->start_ms) / MS_PER_MIN);
    }
    return err;
}

static enum err refuse(struct builder *b, const struct child_work *w, const struct line_row *r,
                       enum plan_rule rule)
{
    if (!facts_grow((void **)&b->f->refused, b->f->refused_n, sizeof *b->f->refused))
        return ERR_NOMEM;
    b->f->refused[b->f->refused_n++] =
        (struct plan_refused){ w->row->child, r->subject, r->lesson_minutes, rule };
    return ERR_OK;
}

enum err facts_line(struct builder *b, const struct child_work *w, const struct line_row *r)
{
    const struct plan_candidate *c = NULL;
    int n = 0, moved = 0, line = -1, left, longest = r->lesson_minutes;
    enum err err = candidates_of(b, w, r->subject, &c, &n);

    if (w->t && w->box->open.lesson_minutes < longest)
        longest = w->box->open.lesson_minutes;
    longest -= longest % PLAN_SLOT_MINUTES;
    if (!err)
        err = movable_lessons(b, w, r, c, n, &moved);
    left = r->week_minutes - minutes_given(b, w, r->subject) - moved;
    if (w->t && left_of_year(w, r->subject, b->q->monday) < left)
        left = left_of_year(w, r->subject, b->q->monday);
    if (err || left < b->policy.min_minutes)
        return err;
    if (longest < b->policy.min_minutes)
        return refuse(b, w, r, PLAN_LENGTH);
    if (left >= longest)
        err = add_line(b, w, r->subject, c, n, -1, &line);
    for (; !err && left >= longest; left -= longest)
        err = add_lesson(b, w,
                         &(struct plan_lesson){
                             .line = line, .length = longest / PLAN_SLOT_MINUTES, .published = -1 },
                         (struct lesson_id){ 0 });
    return err;
}
