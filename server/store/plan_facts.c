/* SPDX-License-Identifier: Apache-2.0
 *
 * See plan_facts.h. Child by child, in the order of their numbers: its openings,
 * what is fixed for it, its lines with their candidates, its lessons. Mentors
 * are gathered when the first line asks for them.
 */
#include "server/store/plan_facts.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/org.h"
#include "server/store/plan_inside.h"

bool facts_grow(void **items, size_t n, size_t size)
{
    void *grown = store_grow(*items, n, size);

    if (grown) {
        *items = grown;
        memset((char *)grown + n * size, 0, size);
    }
    return grown != NULL;
}

enum err facts_clock(struct builder *b, const char *tz, const struct slot_clock **out)
{
    struct zone_clock *z;
    enum err err;

    for (size_t i = 0; i < b->in->clocks.n; i++)
        if (strcmp(b->in->clocks.items[i].tz, tz) == 0) {
            *out = b->in->clocks.items[i].clock;
            return ERR_OK;
        }
    z = ADD(b->in->clocks);
    if (!z)
        return ERR_NOMEM;
    z->clock = mem_zalloc(1, sizeof *z->clock);
    if (!z->clock)
        return ERR_NOMEM;
    *out = z->clock;
    err = slot_clock_read(z->clock, tz, &b->f->line);
    if (!err && !str_copy(z->tz, sizeof z->tz, tz))
        err = ERR_DB;
    return err == ERR_NOTFOUND ? ERR_DB : err; /* a zone in a row that nobody knows */
}

int facts_slots_up(int minutes)
{
    return (minutes + PLAN_SLOT_MINUTES - 1) / PLAN_SLOT_MINUTES;
}

bool facts_may_move(const struct builder *b, struct lesson_id id)
{
    for (size_t i = 0; i < b->in->movable.n; i++)
        if (lesson_id_eq(b->in->movable.items[i].id, id))
            return true;
    return false;
}

bool facts_stands(const struct booked_lesson *l)
{
    return l->state != LESSON_CANCELLED && l->state != LESSON_RESCHEDULED &&
           l->state != LESSON_PLANNED;
}

enum err facts_timetable(const struct builder *b, struct mentor_id mentor,
                         const struct child_id *child, struct timetable **out)
{
    struct timetable_query q = { .centre = b->q->centre,
                                 .mentor = mentor,
                                 .at_ms = b->from_ms + (b->to_ms - b->from_ms) / 2,
                                 .now_ms = b->q->now_ms,
                                 .from_ms = b->from_ms,
                                 .to_ms = b->to_ms };

    if (child) {
        q.children[0] = *child;
        q.children_n = 1;
    }
    return timetable_open(b->db, &q, out);
}

/* ---- weekly times ----------------------------------------------------------------------- */

/* The slots of rows of a kind that hold on their day; *any: there is such a row in the week. */
struct slot_set facts_times(const struct hours_list *rows, enum hours_kind kind,
                            const struct slot_clock *clock, bool *any)
{
    struct slot_set s = { 0 };

    *any = false;
    for (int t = 0; t < PLAN_SLOTS; t++) {
        int64_t day = clock->monday + clock->days.of[t] - 1;

        for (size_t i = 0; i < rows->n; i++) {
            const struct hours_row *r = &rows->items[i];

            if (r->kind != kind || day < r->days.first || day > r->days.last)
                continue;
            *any = true;
            /* Free time must hold all of the slot, any other takes what it touches. */
            if (r->span.weekday == date_weekday(day) &&
                (kind == HOURS_FREE ? clock->minute[t] >= r->span.from_minute &&
                                          clock->minute[t] + PLAN_SLOT_MINUTES <= r->span.to_minute
                                    : clock->minute[t] + PLAN_SLOT_MINUTES > r->span.from_minute &&
                                          clock->minute[t] < r->span.to_minute))
                slot_add(&s, t);
        }
    }
    return s;
}

static void slots_drop(struct slot_set *s, const struct slot_set *what)
{
    for (int i = 0; i < PLAN_WORDS; i++)
        s->w[i] &= ~what->w[i];
}

static enum err own_times(struct builder *b, const struct child_work *w)
{
    struct hours_list rows;
    struct slot_set s;
    bool any;
    enum err err = hours_of_child(b->db, w->row->child, &rows);

    if (err)
        return err;
    s = facts_times(&rows, HOURS_FREE, w->clock, &any);
    if (any)
        slot_and(&w->box->open.window, &s);
    s = facts_times(&rows, HOURS_TREATMENT, w->clock, &any);
    slots_drop(&w->box->open.blocks, &s);
    s = facts_times(&rows, HOURS_REST, w->clock, &any);
    slots_drop(&w->box->open.rest, &s);
    hours_list_free(&rows);
    return ERR_OK;
}

/* ---- children --------------------------------------------------------------------------- */

/* The child as the planner sees it; without a mentor in the centre nothing can be placed, so
 * nothing is known of it but its days. */
static enum err add_child(struct builder *b, struct child_work *w)
{
    struct plan_child *c = ADD(b->in->children);
    struct child_openings *o = &w->box->open;
    const struct plan_layer layers[] = {
        { PLAN_PAST, &o->future },   { PLAN_WINDOW, &o->window }, { PLAN_REST, &o->rest },
        { PLAN_BLOCKS, &o->blocks }, { PLAN_SCHOOL, &o->school }, { PLAN_VALIDITY, &o->validity },
    };
    enum err err = c ? ERR_OK : ERR_NOMEM;

    if (err)
        return err;
    w->index = (int)b->in->children.n - 1;
    *c = (struct plan_child){ .id = w->row->child.v, .days = &w->clock->days, .per_day = 1 };
    if (!w->t)
        return ERR_OK;
    child_openings_of(&w->t->children[0], w->t->facts.schools_n ? &w->t->schools[0] : NULL,
                      w->clock, w->school_clock, &b->policy, &b->f->line, b->q->now_ms, o);
    slots_keep_days(&o->validity, w->school_clock, w->row->days);
    memcpy(w->box->layers, layers, sizeof layers);
    c->layers = w->box->layers;
    c->layers_n = (int)(sizeof layers / sizeof layers[0]);
    c->gap = facts_slots_up(b->policy.online_break_minutes);
    c->per_day = o->per_day > 0 ? o->per_day : 1;
    c->week_slots = o->week_minutes / PLAN_SLOT_MINUTES;
    c->long_break = facts_slots_up(b->policy.long_break_minutes);
    return own_times(b, w);
}

static enum err child_lines(struct builder *b, struct child_work *w)
{
    struct line_rows rows = { 0 };
    enum err err = line_rows_load(b->db, w->row->id, &rows);

    for (size_t i = 0; !err && i < rows.n; i++)
        err = facts_line(b, w, &rows.items[i]);
    mem_free(rows.items);
    return err;
}

static enum err gather_child(struct builder *b, const struct programme_row *row)
{
    struct child_work w = { .row = row, .pseudo = -1 };
    struct child_box **place = ADD(b->in->child_boxes);
    enum err err;

    w.box = place ? mem_zalloc(1, sizeof *w.box) : NULL;
    if (place)
        *place = w.box;
    if (!w.box)
        return ERR_NOMEM;
    err = facts_clock(b, row->tz, &w.clock);
    if (!err)
        err = facts_clock(b, row->school_tz, &w.school_clock);
    if (!err && b->any.v)
        err = facts_timetable(b, b->any, &row->child, &w.t);
    if (!err)
        err = add_child(b, &w);
    if (!err)
        err = facts_fixed(b, &w);
    if (!err)
        err = child_lines(b, &w);
    timetable_close(w.t);
    return err;
}

/* ---- all of it -------------------------------------------------------------------------- */

static enum err any_mentor(struct builder *b)
{
    struct query q = query_on(b->db, "SELECT min(id) FROM mentor WHERE centre = $1");

    query_int(&q, b->q->centre.v);
    if (query_row(&q))
        b->any.v = row_int(&q);
    return query_end(&q);
}

static bool planned_for(const struct programme_rows *rows, struct child_id child)
{
    for (size_t i = 0; i < rows->n; i++)
        if (child_id_eq(rows->items[i].child, child))
            return true;
    return false;
}

/* What lies off the grid or within the notice of R19 stays, and so does what no programme of the
 * week has. */
static enum err load_movable(struct builder *b, const struct programme_rows *children)
{
    struct movable_rows *rows = &b->in->movable;
    int64_t from = b->q->now_ms + b->policy.late_change_minutes * MS_PER_MIN;
    size_t kept = 0;
    enum err err;

    if (b->q->mode != PLAN_MODE_REPAIR)
        return ERR_OK;
    err = movable_rows_load(b->db, b->q->centre, b->from_ms > from ? b->from_ms : from, b->to_ms,
                            rows);
    for (size_t i = 0; !err && i < rows->n; i++) {
        int64_t start = rows->items[i].start_ms, length = rows->items[i].end_ms - start;

        if ((start - b->from_ms) % SLOT_MS == 0 && length % SLOT_MS == 0 &&
            length <= PLAN_LENGTH_MAX * SLOT_MS && rows->items[i].end_ms <= b->to_ms &&
            planned_for(children, rows->items[i].child))
            rows->items[kept++] = rows->items[i];
    }
    rows->n = kept;
    return err;
}

static void settle(struct plan_facts *f)
{
    const struct plan_facts_inside *in = f->inside;

    f->problem = (struct plan_problem){ .children = in->children.items,
                                        .mentors = in->mentors.items,
                                        .employments = in->employments.items,
                                        .lines = in->lines.items,
                                        .lessons = in->lessons.items,
                                        .children_n = (int)in->children.n,
                                        .mentors_n = (int)in->mentors.n,
                                        .employments_n = (int)in->employments.n,
                                        .lines_n = (int)in->lines.n,
                                        .lessons_n = (int)in->lessons.n };
}

static enum err gather(struct builder *b)
{
    struct programme_rows rows = { 0 };
    struct org centre;
    enum err err = org_load(b->db, b->q->centre, &centre);

    if (!err)
        err = week_line_of(centre.tz, b->q->monday, &b->f->line);
    b->from_ms = b->f->line.slot0_ms;
    b->to_ms = slot_ms(&b->f->line, PLAN_SLOTS);
    if (!err)
        err = policy_schedule(b->db, b->q->centre, b->from_ms + (b->to_ms - b->from_ms) / 2,
                              &b->policy);
    if (!err)
        err = any_mentor(b);
    if (!err)
        err = programme_rows_load(b->db, b->q->centre, b->q->monday, &rows);
    if (!err)
        err = load_movable(b, &rows);
    for (size_t i = 0; !err && i < rows.n; i++)
        err = gather_child(b, &rows.items[i]);
    mem_free(rows.items);
    settle(b->f);
    return err;
}

enum err plan_facts_load(struct db *db, const struct plan_query *q, struct plan_facts **out)
{
    struct plan_facts *f = mem_zalloc(1, sizeof *f);
    struct builder b = { .db = db, .q = q, .f = f };
    enum err err = ERR_NOMEM;

    if (f)
        f->inside = mem_zalloc(1, sizeof *f->inside);
    if (f && f->inside) {
        b.in = f->inside;
        err = gather(&b);
    }
    if (err)
        plan_facts_free(f);
    else
        *out = f;
    return err;
}

void plan_facts_free(struct plan_facts *f)
{
    struct plan_facts_inside *in = f ? f->inside : NULL;

    for (size_t i = 0; in && i < in->clocks.n; i++)
        mem_free(in->clocks.items[i].clock);
    for (size_t i = 0; in && i < in->child_boxes.n; i++)
        mem_free(in->child_boxes.items[i]);
    for (size_t i = 0; in && i < in->mentor_boxes.n; i++)
        mem_free(in->mentor_boxes.items[i]);
    for (size_t i = 0; in && i < in->candidates.n; i++)
        mem_free(in->candidates.items[i]);
    if (in) {
        mem_free(in->clocks.items);
        mem_free(in->child_boxes.items);
        mem_free(in->mentor_boxes.items);
        mem_free(in->candidates.items);
        mem_free(in->children.items);
        mem_free(in->mentors.items);
        mem_free(in->employments.items);
        mem_free(in->lines.items);
        mem_free(in->lessons.items);
        mem_free(in->movable.items);
    }
    if (f) {
        mem_free(f->of);
        mem_free(f->refused);
        mem_free(in);
    }
    mem_free(f);
}
